"""What the command line does beside serving."""

from .import_string import ImportStringError, import_app

__all__ = ["ImportStringError", "import_app"]
