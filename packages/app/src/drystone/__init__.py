"""An async web framework made of parts that stand alone."""

from ._app import App
from ._conditional import conditional, is_not_modified
from ._cors import cors
from ._errors import ClientDisconnected, HTTPError, ValidationError
from ._files import file
from ._forms import FormData, FormLimits
from ._group import Group
from ._handlers import Guard, Handler, Middleware
from ._headers import ResponseHeaders
from ._multidict import MultiDict, QueryParams
from ._parameters import Body, Cookie, Form, Header, Query
from ._providers import Depends
from ._redirect import redirect
from ._request import Request
from ._response import Response, html, json, stream, text
from ._signature import SignatureError
from ._sse import Event, event_stream
from ._state import Key, State
from ._static import static
from ._uploads import UploadFile

__version__ = "0.1.0"

__all__ = [
    "App",
    "Body",
    "ClientDisconnected",
    "Cookie",
    "Depends",
    "Event",
    "Form",
    "FormData",
    "FormLimits",
    "Group",
    "Guard",
    "HTTPError",
    "Handler",
    "Header",
    "Key",
    "Middleware",
    "MultiDict",
    "Query",
    "QueryParams",
    "Request",
    "Response",
    "ResponseHeaders",
    "SignatureError",
    "State",
    "UploadFile",
    "ValidationError",
    "conditional",
    "cors",
    "event_stream",
    "file",
    "html",
    "is_not_modified",
    "json",
    "redirect",
    "static",
    "stream",
    "text",
]
