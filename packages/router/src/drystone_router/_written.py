"""Functions written out as source: what a loop would look up each time stands in the text."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any


@lru_cache(maxsize=4096)
def written(
    parameters: str, body: tuple[str, ...], arguments: tuple[str, ...]
) -> Callable[..., Callable[..., Any]]:
    """A maker of functions with this body: it takes the `arguments` that the body speaks of.

    Only fixed words and numbers may be in the text. What users wrote comes as an argument, so it
    cannot become code, and routes of one form share one compiled text.
    """
    lines = "".join(f"        {line}\n" for line in body)
    source = (
        f"def make({', '.join(arguments)}):\n"
        f"    def function({parameters}):\n{lines}"
        f"    return function\n"
    )
    namespace: dict[str, Any] = {}
    exec(compile(source, "<drystone_router>", "exec"), namespace)  # noqa: S102
    make: Callable[..., Callable[..., Any]] = namespace["make"]
    return make
