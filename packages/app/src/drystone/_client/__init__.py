"""The client for tests: it talks to an application in memory, through the real connection."""

from .client import Client
from .memory import MemoryTransport
from .response import ClientResponse

__all__ = ["Client", "ClientResponse", "MemoryTransport"]
