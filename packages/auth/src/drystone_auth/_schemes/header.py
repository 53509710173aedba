"""The grammar of `Authorization` and `WWW-Authenticate` (RFC 9110 section 11)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from drystone_auth._errors import MalformedCredentials

# RFC 9110 5.6.2 token; 11.2 token68, which has no comma, so two joined field lines never match.
_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_CREDENTIALS = re.compile(rf"({_WORD})(?: +(.*))?", re.ASCII)
_TOKEN68 = re.compile(r"[A-Za-z0-9._~+/-]+=*", re.ASCII)
_NAME = re.compile(_WORD, re.ASCII)
# What a quoted-string may hold, less the controls and bytes beyond ASCII that old agents garble.
_QUOTABLE = re.compile(r"[\x20-\x7e]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What an `Authorization` field holds: the scheme in lower case, and the rest unread."""

    scheme: str
    value: str = field(repr=False)

    @property
    def is_token68(self) -> bool:
        """Whether the value is a single token68, as Basic and Bearer need."""
        return _TOKEN68.fullmatch(self.value) is not None


def parse_authorization(value: str | None, challenges: Sequence[str] = ()) -> Credentials | None:
    """Split an `Authorization` value into scheme and the rest.

    Args:
        value: the field's value, None when the field is absent.
        challenges: for the refusal.

    Returns:
        The credentials; None when the field is absent.

    Raises:
        MalformedCredentials: it does not begin with a scheme (RFC 9110 section 11.4).
    """
    if value is None:
        return None
    found = _CREDENTIALS.fullmatch(value.strip(" \t"))
    if found is None:
        reason = "the Authorization field does not begin with a scheme"
        raise MalformedCredentials(reason, challenges=challenges)
    return Credentials(found[1].lower(), found[2] or "")


def build_challenge(scheme: str, **parameters: str | None) -> str:
    """Write one challenge for `WWW-Authenticate` (RFC 9110 section 11.6.1).

    Args:
        scheme: the scheme's name, as it should be shown.
        parameters: their values are quoted; None leaves one out.

    Raises:
        ValueError: a name is no token, or a value has control or non-ASCII characters, which
            could end the field line.
    """
    names = {name: text for name, text in parameters.items() if text is not None}
    for name in (scheme, *names):
        if _NAME.fullmatch(name) is None:
            raise ValueError(f"{name!r} is no token (RFC 9110 section 5.6.2)")
    for name, text in names.items():
        if _QUOTABLE.fullmatch(text) is None:
            raise ValueError(f"the challenge's {name} {text!r} must be printable ASCII")
    parts = ", ".join(f"{name}={_quote(text)}" for name, text in names.items())
    return f"{scheme} {parts}" if parts else scheme


def _quote(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
