"""An async web framework made of parts that stand alone."""

__version__ = "0.1.0"
