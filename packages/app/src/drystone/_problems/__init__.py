"""An exception becomes a response: by a function of yours, as Problem Details, as a page."""

from .answer import answer_error, answering, catching
from .catch import ErrorHandlers
from .log import log_error
from .problem import server_problem

__all__ = [
    "ErrorHandlers",
    "answer_error",
    "answering",
    "catching",
    "log_error",
    "server_problem",
]
