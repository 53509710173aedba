"""A router that maps a method and a path to any value, and knows nothing of HTTP objects."""

__version__ = "0.1.0"
