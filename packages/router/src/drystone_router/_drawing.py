"""The routes of a router drawn as a tree, one level per segment."""

from collections.abc import Iterable, Iterator

from drystone_router._methods import label
from drystone_router._route import Route, T

_Tree = dict[str, "_Branch"]


class _Branch:
    def __init__(self) -> None:
        self.notes: list[str] = []
        self.tree: _Tree = {}


def draw(routes: Iterable[Route[T]]) -> str:
    """The tree as text, its branches sorted as text."""
    top: _Tree = {}
    for route in routes:
        tree = top
        branch = _Branch()
        for step in _steps(route):
            branch = tree.setdefault(step, _Branch())
            tree = branch.tree
        name = f" as {route.name}" if route.name is not None else ""
        branch.notes.append(f"{label(route.methods)}{name}")
    return "\n".join(_lines(top, ""))


def _steps(route: Route[T]) -> list[str]:
    """`/users/{id?}` => "/users", "/{id?}", after the host where there is one."""
    host = [] if route.host is None else [f"//{route.host}"]
    return [*host, *(f"/{segment}" for segment in _split(route.pattern)[1:])] or [""]


def _split(pattern: str) -> list[str]:
    """At its slashes, save those inside a parameter's regular expression."""
    parts = [""]
    depth = 0
    for character in pattern:
        depth += {"{": 1, "}": -1}.get(character, 0)
        if character == "/" and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def _lines(tree: _Tree, indent: str) -> Iterator[str]:
    last = len(tree) - 1
    for index, (step, branch) in enumerate(sorted(tree.items())):
        corner, more = ("└── ", "    ") if index == last else ("├── ", "│   ")
        notes = f"  [{'; '.join(sorted(branch.notes))}]" if branch.notes else ""
        yield f"{indent}{corner}{step}{notes}"
        yield from _lines(branch.tree, indent + more)
