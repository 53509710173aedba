"""The compiled table: what `match` looks into. It never changes once it is built.

A path is looked up by what a route has fixed. The routes are put together by arrangement, that is,
how many segments they have and which of these are literal: `/repos/{owner}/{repo}/issues/{number}`
has 5 with 1 and 4 literal, and stands under "issues" in the dictionary of that arrangement under
"repos". So a lookup costs one dictionary access for each arrangement that its first segment and its
length leave, however many routes there are.

The arrangements are tried with those first that are literal further to the left. A pattern that is
more specific than another is literal wherever that one is, so it is tried before it.

A path of n segments is split once, each arrangement is tried at most once, and each takes one key
of at most n segments: the time is linear in the length of the path, whatever it contains.
"""

from typing import Generic

from drystone_router._arrangement import Arrangement, Found
from drystone_router._index import Entry
from drystone_router._methods import answered
from drystone_router._path import PathError, read_path
from drystone_router._route import T


class Table(Generic[T]):
    """The routes of one host (or of those without one), ready to be matched.

    Attributes:
        methods: all that its routes name, and HEAD where one names GET.
        searches: from the first segment, and a default, to the searches by number of places.
        others: that default.
    """

    __slots__ = ("_encoded", "methods", "others", "searches")

    def __init__(self, entries: list[Entry[T]], *, encoded: bool) -> None:
        self._encoded = encoded
        self.methods = sorted({m for e in entries for m in answered(e.route.methods)})
        arrangement: Arrangement[T] = Arrangement()
        for entry in entries:
            arrangement.add(entry)
        searches, self.others = arrangement.searches()
        self.searches = searches.get

    def find(self, method: str, path: str) -> Found[T]:
        """The match; False where patterns may match with other methods; None where none can."""
        try:
            segments = ["", *read_path(path, encoded=self._encoded).segments]
        except PathError:
            return None
        if len(segments) < len(self.others) and path:
            return self.searches(segments[1], self.others)[len(segments)](method, segments)
        return self.find_uncommon(method, segments)

    def find_uncommon(self, method: str, segments: list[str]) -> Found[T]:
        """The same for the empty path, and for one longer than any pattern without a rest."""
        if len(segments) == 1:
            return self.others[1](method, segments)
        return self.searches(segments[1], self.others)[-1](method, segments)
