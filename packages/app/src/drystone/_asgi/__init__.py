"""An application as an ASGI 3 callable: scopes become requests, responses messages."""
