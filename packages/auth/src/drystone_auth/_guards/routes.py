"""One guard per path, and none forgotten: what no rule names is refused."""

from collections.abc import Mapping
from typing import Any

from drystone_auth._principal import Principal

from .guard import Denial, Guard
from .rules import nobody


class RouteGuards:
    """Chooses the guard for a path.

    A rule that ends in "/" is for everything below it, any other for exactly that path; the
    longest one that fits wins. "" is the root page alone, "/" is everything:
    `RouteGuards({"": anyone, "/login": anyone, "/notes/": authenticated})`.

    Frameworks serve the same page with and without the last slash. So where no rule names
    "/admin" but one names "/admin/", that guard counts too, and so the other way round: it adds
    to what another rule gives, and opens nothing.

    Args:
        rules: path -> guard.
        default: for every path that no rule names.
    """

    def __init__(self, rules: Mapping[str, Guard], *, default: Guard = nobody) -> None:
        for path in rules:
            if path and not path.startswith("/"):
                raise ValueError(f"the rule {path!r} must begin with /")
        self._exact = {path or "/": rules[path] for path in rules if not path or path[-1] != "/"}
        below = [(path, guard) for path, guard in rules.items() if path.endswith("/")]
        self._below = sorted(below, key=lambda rule: len(rule[0]), reverse=True)
        self._default = default
        for path, guard in rules.items():
            twin = path[:-1] if path.endswith("/") else f"{path}/"
            if twin and twin not in rules and path:
                self._add(twin, guard)

    def _add(self, path: str, guard: Guard) -> None:
        found = self._rule_for(path)
        if found is not nobody:
            self._exact[path] = found & guard

    def guard_for(self, path: str, raw_path: str | None = None) -> Guard:
        """Return the guard of a path; one that could be read in two ways is refused to everybody.

        A dot segment, an empty segment, a backslash, a NUL, or in the raw path an encoded slash
        may mean another path to what stands behind, so no rule is taken for it.

        Args:
            path: decoded.
            raw_path: as it was sent, where it is known.
        """
        if _is_ambiguous(path) or (raw_path is not None and _hides_a_slash(raw_path)):
            return _AMBIGUOUS
        return self._rule_for(path)

    def _rule_for(self, path: str) -> Guard:
        if path in self._exact:
            return self._exact[path]
        return next(
            (guard for prefix, guard in self._below if path.startswith(prefix)), self._default
        )


class _Ambiguous(Guard):
    async def denial(self, principal: Principal | None, request: Any) -> Denial | None:
        return Denial("the path can be read in two ways")


_AMBIGUOUS = _Ambiguous()


def _is_ambiguous(path: str) -> bool:
    if "//" in path or "\\" in path or "\x00" in path:
        return True
    return "/." in path and any(segment in {".", ".."} for segment in path.split("/"))


def _hides_a_slash(raw_path: str) -> bool:
    folded = raw_path.lower()
    return "%2f" in folded or "%5c" in folded
