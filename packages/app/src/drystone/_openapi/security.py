"""Security schemes, as far as the application shows them: by the challenges of authenticators.

A guard says that someone has to be recognised; the middleware around it, by which schemes.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from drystone._layer import Layer
from drystone._marks import authenticator_of
from drystone._route import Route

_CHALLENGE = re.compile(r"(?P<scheme>[\w-]+)(?P<parameters>.*)", re.DOTALL)
_PARAMETER = re.compile(r'([\w-]+)="((?:[^"\\]|\\.)*)"')


class SecuritySchemes:
    """The security schemes of one document.

    Args:
        declared: scheme objects by name, for what cannot be seen.
    """

    def __init__(self, declared: Mapping[str, Mapping[str, Any]]) -> None:
        self._declared = dict(declared)
        self.components: dict[str, Any] = dict(declared)

    def requirement(
        self, route: Route, around: Sequence[Layer], said: Sequence[str] | None
    ) -> list[dict[str, list[str]]]:
        """The schemes of which one has to be used; empty where none is needed.

        Args:
            route: what is guarded.
            around: the layers around it, those of applications it is mounted in included.
            said: names that were given by hand; None where none were.

        Raises:
            ValueError: no scheme has such a name.
        """
        if said is not None:
            for name in said:
                if name not in self._declared:
                    raise ValueError(
                        f"Doc(security=...) of {route.full_path} names {name!r}: describe it by "
                        "OpenAPI(security={name: scheme object})"
                    )
            return [{name: []} for name in said]
        if not is_guarded(route, around):
            return []
        middleware = (*route.middleware, *(each for layer in around for each in layer.middleware))
        names = [
            self._name_for(_scheme(challenge))
            for authenticator in filter(None, map(authenticator_of, middleware))
            for challenge in authenticator.challenges
        ]
        return [{name: []} for name in dict.fromkeys(names or self._declared)]

    def _name_for(self, scheme: dict[str, Any]) -> str:
        for name, known in self.components.items():
            if known == scheme:
                return name
        kind = "api_key" if scheme.get("in") == "header" else scheme.get("scheme", "cookie")
        name, number = kind, 2
        while name in self.components:
            name, number = f"{kind}{number}", number + 1
        self.components[name] = scheme
        return name


def is_guarded(route: Route, around: Iterable[Layer]) -> bool:
    """Whether a guard of `drystone_auth` stands before a route; what others want, they know."""
    if "drystone_auth" not in sys.modules:  # whoever has a guard has imported it
        return False
    from drystone_auth import Guard, anyone

    guards = (*route.guards, *(guard for layer in around for guard in layer.guards))
    return any(isinstance(guard, Guard) and guard is not anyone for guard in guards)


def _scheme(challenge: str) -> dict[str, Any]:
    """The scheme object of a challenge (RFC 9110, 11.6.1)."""
    found = _CHALLENGE.fullmatch(challenge)
    kind = found["scheme"].lower() if found else challenge
    parameters = dict(_PARAMETER.findall(found["parameters"])) if found else {}
    if kind == "apikey":
        return {"type": "apiKey", "in": "header", "name": parameters.get("name", "X-API-Key")}
    if kind == "cookie":
        return {"type": "apiKey", "in": "cookie", "name": parameters.get("cookie-name", "session")}
    return {"type": "http", "scheme": kind}
