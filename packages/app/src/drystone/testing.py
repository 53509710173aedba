"""Testing an application: an asynchronous client in memory, over the real wire format."""

from ._client import Client
from ._client_response import ClientResponse
from ._memory import MemoryTransport

__all__ = ["Client", "ClientResponse", "MemoryTransport"]
