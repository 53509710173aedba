"""One request from the front of a buffer, in one call or in as many as it takes."""

from ._limits import DEFAULT, Limits
from ._request import Request
from ._request_parser import RequestParser


def parse_into(
    request: Request, buffer: bytearray, limits: Limits = DEFAULT, *, eof: bool = False
) -> None:
    """Fills ``request``, body included, from the front of ``buffer``.

    What was consumed is deleted from the buffer. While the request is unfinished that is all of
    it: call again, with the same request and a buffer of what has arrived since. Once
    ``request.finished``, the buffer holds what follows the request. The cost is linear in the
    bytes, in however many calls they come.

    Args:
        request: a fresh `Request`, or the unfinished one of the call before.
        buffer: the bytes.
        limits: how large the parts of a request may be; those of the first call count.
        eof: whether nothing will arrive any more; an unfinished request is an error then.

    Raises:
        ParseError: if the bytes are no request; its offset counts from the request's first byte.
        RuntimeError: if the request is finished already.
    """
    if request.finished:
        raise RuntimeError("this request is finished: give a new Request for the next one")
    reading = request._reading
    if reading is None:
        reading = request._reading = _Reading(request, limits)
    parser = reading.parser
    parser.feed(bytes(buffer))
    buffer.clear()
    if eof:
        parser.feed_eof()
    if reading.read():
        request.body = b"".join(reading.pieces)
        request.finished = True
        request._reading = None
        buffer += parser.release()


class _Reading:
    """An unfinished request: its parser, and the pieces of its body so far."""

    def __init__(self, request: Request, limits: Limits):
        self.parser = RequestParser(lambda: request, limits)
        self.pieces: list[bytes] = []
        self._begun = False

    def read(self) -> bool:
        """Reads on; whether that came to the request's end."""
        if not self._begun:
            self._begun = self.parser.next_request() is not None
        if self._begun:
            while piece := self.parser.next_body():
                self.pieces.append(piece)
            return piece is not None
        return False
