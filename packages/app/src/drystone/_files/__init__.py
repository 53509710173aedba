"""Files as responses: validators, ranges, names, and whole folders."""

from .folders import static
from .serving import file

__all__ = ["file", "static"]
