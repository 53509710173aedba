"""What the application knows of itself as an OpenAPI document, and a page that shows it."""

from .group import OpenAPI, describe

__all__ = ["OpenAPI", "describe"]
