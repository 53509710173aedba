"""Testing an application: an asynchronous client in memory, over the real wire format."""

from ._client import Client, ClientResponse, MemoryTransport

__all__ = ["Client", "ClientResponse", "MemoryTransport"]
