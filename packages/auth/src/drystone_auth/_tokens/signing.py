"""Values that the client may hold but not change: signed, dated, bound to a purpose."""

import hashlib
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from drystone_auth._errors import AuthError, MissingExtra
from drystone_auth._interfaces import Clock
from drystone_auth._secrets import check_keys
from drystone_auth._text import no_text

if TYPE_CHECKING:
    from itsdangerous import TimestampSigner, URLSafeTimedSerializer


class BadSignature(AuthError):
    """400: the value was not signed by us, for this purpose, in this time."""

    status = 400
    public = "This value is not valid any more."


class Signer:
    """Signs JSON values (HMAC-SHA-256). They are readable by whoever holds them.

    Needs the extra `signing`. A signed value works until it is too old, any number of times; for
    once only, use `OneTimeTokens`.

    Args:
        keys: secrets of at least 32 bytes; the first signs, all verify. To rotate, put a new one
            in front, and drop the last one when nothing it signed is still wanted.
        clock: seconds since the epoch.

    Raises:
        MissingExtra: itsdangerous is not installed.
        ValueError: no key, or one that is too short.
    """

    def __init__(self, keys: Sequence[bytes], *, clock: Clock = time.time) -> None:
        check_keys(keys, "Signer")
        self._keys = list(reversed(keys))  # itsdangerous signs with the last
        self._timed = _timed_signer(clock)

    def sign(self, purpose: str, value: Any) -> str:
        """Return the value, its time and a signature as one URL-safe string.

        Raises:
            MalformedText: 400, a text in the value holds a lone surrogate.
        """
        try:
            return self._serializer(purpose).dumps(value)
        except UnicodeEncodeError as error:
            raise no_text(error) from None

    def unsign(self, purpose: str, signed: str, *, max_age: float) -> Any:
        """Return the value.

        Args:
            purpose: what it was signed for.
            signed: what came back.
            max_age: seconds; required, as nothing should be good for ever.

        Raises:
            BadSignature: 400.
        """
        from itsdangerous import BadData

        try:
            return self._serializer(purpose).loads(signed, max_age=int(max_age))
        except (BadData, UnicodeEncodeError) as error:
            raise BadSignature(f"signed value for {purpose}: {type(error).__name__}") from None

    def _serializer(self, purpose: str) -> "URLSafeTimedSerializer":
        from itsdangerous import URLSafeTimedSerializer

        return URLSafeTimedSerializer(
            self._keys,
            salt=f"drystone-auth:{purpose}",
            signer=self._timed,
            signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
        )


def _timed_signer(clock: Clock) -> "type[TimestampSigner]":
    try:
        from itsdangerous import TimestampSigner
    except ImportError:
        raise MissingExtra("Signer", "signing") from None

    class ClockedSigner(TimestampSigner):
        def get_timestamp(self) -> int:
            return int(clock())

    return ClockedSigner
