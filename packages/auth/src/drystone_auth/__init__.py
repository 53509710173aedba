"""Authentication for any Python web framework: schemes, passwords, sessions, guards, throttling."""

__version__ = "0.1.0"
