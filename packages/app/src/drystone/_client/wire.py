"""Reading one response from the stream of a connection, through the parser's client side."""

from __future__ import annotations

import asyncio

from drystone_parser import Response, ResponseParser


class WireReader:
    """Reads one response.

    Args:
        stream: what the server writes.
        method: of the request, as the answer to HEAD has no body.
    """

    def __init__(self, stream: asyncio.StreamReader, method: str) -> None:
        self._stream = stream
        self._method = method
        self._parser = ResponseParser(Response)
        self.complete = False
        self.interim: list[Response] = []

    async def read_head(self) -> Response:
        """Read the head of the final response; interim ones (1xx) are kept in ``interim``.

        Raises:
            ConnectionResetError: the connection ended before there was a response.
        """
        while True:
            response = self._parser.next_response(self._method)
            if response is None:
                await self._read_more("without a response")
            elif 100 <= response.status < 200 and response.status != 101:
                self._parser.next_body()
                self.interim.append(response)
            else:
                return response

    async def read_piece(self) -> bytes:
        """The next piece of the body; empty at its end."""
        while not self.complete:
            piece = self._parser.next_body()
            if piece:
                return piece
            if piece is None:
                await self._read_more("within its response; the log says why")
            else:
                self.complete = True
        return b""

    async def _read_more(self, where: str) -> None:
        if self._stream.at_eof():
            raise ConnectionResetError(f"The server closed the connection {where}")
        data = await self._stream.read(65536)
        if data:
            self._parser.feed(data)
        else:
            self._parser.feed_eof()
