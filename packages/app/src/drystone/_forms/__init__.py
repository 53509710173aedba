"""Forms: what one holds, how much of it is taken, and how it is read."""

from .data import FormData, FormLimits
from .uploads import UploadFile, files_wanted, is_left_empty

__all__ = ["FormData", "FormLimits", "UploadFile", "files_wanted", "is_left_empty"]
