"""Another application under a prefix: one of ours, or any ASGI application.

Its lifespan runs inside ours. It sees the rest of the path as its whole path and the prefix as
``root_path``, so that the addresses it builds lead back to it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from copy import copy
from typing import TYPE_CHECKING, Any

from ._asgi_mount import MountedASGI
from ._handlers import NativeApplication
from ._request import Request
from ._response import Response

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from ._layer import Layer


class Mount:
    """An application under a prefix.

    Args:
        app: a drystone `App`, or an ASGI callable.
        group: the group that it is mounted in.
        prefix: relative to the group.

    Attributes:
        native: the application, where it takes our requests.
    """

    def __init__(self, app: Any, group: Layer, prefix: str) -> None:
        self.app = app
        self.native = app if isinstance(app, NativeApplication) else None
        self._group = group
        self._prefix = prefix
        self._respond: Callable[[Request[Any]], Awaitable[Response | None]]
        self.lifespan: Callable[[], AbstractAsyncContextManager[Any]]
        if isinstance(app, NativeApplication):
            self._respond = app.handle
            self.lifespan = lambda: _running(app)
        else:
            foreign = MountedASGI(app)
            self._respond = foreign.handle
            self.lifespan = foreign.lifespan

    @property
    def full_prefix(self) -> str:
        """The prefix with those of the groups around."""
        return self._group.full_prefix + self._prefix

    async def handle(self, request: Request[Any], **path: Any) -> Response | None:
        """Pass a request on, its path divided between us and the application."""
        taken, rest = split_path(request.raw_path, self.full_prefix.count("/"))
        view = _view(request, rest, request.root_path + taken)
        try:
            return await self._respond(view)
        finally:
            _share(view, request)


# What an application sees in its own way. A stream and the work after a response still ask for
# it when the request has long passed the mount, so each application has a request of its own.
_OWN = frozenset(("app", "raw_path", "root_path", "path_params", "is_followed", "receive"))


def _view(request: Request[Any], raw_path: str, root_path: str) -> Request[Any]:
    request.after = request.after or []  # the same lists: a stream may add to them at any time
    request.cleanups = request.cleanups or []
    view = copy(request)
    view.raw_path = raw_path
    view.root_path = root_path
    view.is_followed = True
    if request.content_length != 0:

        async def receive() -> bytes:
            piece = await request.receive()
            view.trailers = request.trailers  # set by the parser when the body ends
            return piece

        view.receive = receive
    return view


def _share(view: Request[Any], request: Request[Any]) -> None:
    """Let those outside know what was found out inside: the body, the session, work to be done."""
    for name, value in vars(view).items():
        if name not in _OWN:
            setattr(request, name, value)


@asynccontextmanager
async def _running(app: NativeApplication) -> AsyncIterator[None]:
    await app.startup()
    try:
        yield
    finally:
        await app.shutdown()


def split_path(raw_path: str, depth: int) -> tuple[str, str]:
    """Divide a raw path behind so many segments.

    >>> split_path("/a/b/c%2Fd", 2)
    ('/a/b', '/c%2Fd')
    >>> split_path("/a", 1)
    ('/a', '/')
    """
    end = 0
    for _ in range(depth):
        end = raw_path.find("/", end + 1)
        if end < 0:
            return raw_path, "/"
    return raw_path[:end], raw_path[end:]
