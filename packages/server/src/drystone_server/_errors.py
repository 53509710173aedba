"""What can go wrong between a connection and its handler."""

from __future__ import annotations


class ClientDisconnected(ConnectionError):
    """The client left before the request was read or the response was sent."""


class RequestTimeout(Exception):
    """The client did not send its request in time (RFC 9110, 15.5.9)."""

    status = 408


class BodyTooLarge(Exception):
    """The body is longer than the handler will read (RFC 9110, 15.5.14)."""

    status = 413


class HandlerTimeout(Exception):
    """The handler did not answer in time."""

    status = 503


class ServerClosing(Exception):
    """The server stopped before the handler answered."""

    status = 503


class InvalidResponse(ValueError):
    """A handler made a response that cannot be sent as it is."""
