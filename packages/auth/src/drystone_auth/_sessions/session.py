"""The session as a handler holds it: a mapping of names to JSON values."""

import json
from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any

from drystone_auth._text import check_text

from .record import SessionRecord


class Session(MutableMapping[str, Any]):
    """One visitor's data, kept on the server.

    Values are JSON; a value is decoded when it is read, and written back only if it then differs,
    so a list that was appended to is noticed. Nothing here is awaited: `Sessions` loads and
    commits.
    """

    __slots__ = ("_cookie", "_ended", "_removed", "_stored", "_values", "record")

    def __init__(
        self, record: SessionRecord | None = None, stored: Mapping[str, str] | None = None
    ) -> None:
        self.record = record
        self._stored: Mapping[str, str] = stored if stored is not None else {}
        self._values: dict[str, Any] = {}
        self._removed: set[str] = set()
        self._cookie: str | None = None  # a new id that the browser does not have yet
        self._ended = False

    @property
    def user_id(self) -> str | None:
        """Who is logged in, None for a visitor."""
        return self.record.user_id if self.record is not None else None

    @property
    def handle(self) -> str | None:
        """Names this session in lists and logs; None until it is stored."""
        return self.record.handle if self.record is not None else None

    @property
    def changes(self) -> dict[str, str | None]:
        """The new JSON text, None where removed, of each name that differs from the store."""
        if not self._values and not self._removed:
            return {}
        changes: dict[str, str | None] = dict.fromkeys(self._removed & self._stored.keys())
        for name, value in self._values.items():
            text = _encode(name, value)
            if self._stored.get(name) != text:
                changes[name] = text
        return changes

    def __getitem__(self, name: str) -> Any:
        if name in self._values:
            return self._values[name]
        if name in self._removed:
            raise KeyError(name)
        value = self._values[name] = json.loads(self._stored[name])
        return value

    def __setitem__(self, name: str, value: Any) -> None:
        if not isinstance(name, str):
            raise TypeError(f"a session's names are str, not {type(name).__name__}")
        check_text(name)  # fails here, where the mistake is, rather than at the end
        _encode(name, value)
        self._values[name] = value
        self._removed.discard(name)

    def __delitem__(self, name: str) -> None:
        if name not in self:
            raise KeyError(name)
        self._values.pop(name, None)
        self._removed.add(name)

    def __contains__(self, name: object) -> bool:
        return name in self._values or (name in self._stored and name not in self._removed)

    def __iter__(self) -> Iterator[str]:
        yield from (name for name in self._stored if name not in self._removed)
        yield from (name for name in self._values if name not in self._stored)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        """The names only: values may be anybody's secrets."""
        return f"<Session {self.handle or 'unsaved'} user={self.user_id!r} names={list(self)}>"

    def _saved(self, changes: Mapping[str, str | None]) -> None:
        """Take what was just written as what is stored."""
        stored = {**self._stored, **changes}
        self._stored = {name: text for name, text in stored.items() if text is not None}
        self._removed.clear()

    def _become(self, record: SessionRecord, cookie: str) -> None:
        self.record = record
        self._cookie = cookie
        self._ended = False

    def _forget(self) -> None:
        """Drop everything: record, data, and what was not yet saved."""
        self.record = None
        self._stored = {}
        self._values.clear()
        self._removed.clear()
        self._cookie = None


def _encode(name: str, value: object) -> str:
    try:
        return json.dumps(value, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError) as error:
        # The value itself stays out of the message.
        raise TypeError(f"session[{name!r}] cannot be stored as JSON: {error}") from None
