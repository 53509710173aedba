"""Assertions of the store contracts: they hold under `python -O` too."""


def expect(condition: bool, promise: str) -> None:
    """Raise an AssertionError that names the promise unless the condition holds."""
    if not condition:
        raise AssertionError(f"broken: {promise}")


def expect_same(actual: object, expected: object, promise: str) -> None:
    """Raise an AssertionError that names the promise unless both are equal."""
    if actual != expected:
        raise AssertionError(f"broken: {promise}: expected {expected!r}, got {actual!r}")
