"""A connection from a proxy: its client is who the proxy says."""

from __future__ import annotations

from ._connection import HTTPConnection
from ._interfaces import Parser, R
from ._settings import Settings


class ProxiedConnection(HTTPConnection[R]):
    """An `HTTPConnection` whose `client` and `scheme` are those that trusted proxies tell.

    They are found when asked for, once for each request.
    """

    __slots__ = ("_found",)

    def __init__(self, settings: Settings[R], parser: Parser[R]) -> None:
        super().__init__(settings, parser)
        self._found: tuple[tuple[str, int] | None, str] | None = None

    @property
    def client(self) -> tuple[str, int] | None:
        """Address and port of the client; the port is 0 where the proxy does not tell it."""
        return self._find()[0]

    @property
    def scheme(self) -> str:
        """``"https"`` where the client spoke TLS to the proxy, else ``"http"``."""
        return self._find()[1]

    def _find(self) -> tuple[tuple[str, int] | None, str]:
        peer, scheme, proxies = super().client, super().scheme, self._settings.proxies
        if proxies is None or self.request is None:
            return peer, scheme
        if self._found is None:
            self._found = proxies.find_client(peer, scheme, self.request.headers)
        return self._found

    def _begin(self, request: R) -> None:
        self._found = None
        super()._begin(request)
