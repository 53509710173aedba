"""Several schemes as one."""

from dataclasses import replace

from drystone_auth._errors import AuthError, Unauthorized
from drystone_auth._interfaces import Request, Scheme
from drystone_auth._principal import Principal


class FirstOf:
    """The first scheme that finds its credentials decides, for good or ill.

    Wrong credentials are refused even if a later scheme's would hold: nobody should act as one
    principal while believing to be another.

    Args:
        schemes: in order; put those that must be sent on purpose before cookies.
    """

    def __init__(self, *schemes: Scheme) -> None:
        self._schemes = schemes
        self.challenges = tuple(text for scheme in schemes for text in scheme.challenges)

    async def authenticate(self, request: Request) -> Principal | None:
        """Return the principal of the first scheme that applies, None when none does.

        Raises:
            AuthError: that scheme refused; a 401 carries the others' challenges too
                (RFC 9110 section 11.6.1).
        """
        for scheme in self._schemes:
            try:
                principal = await scheme.authenticate(request)
            except AuthError as error:
                if error.status != 401:
                    raise
                others = (other for other in self._schemes if other is not scheme)
                error.challenges += tuple(text for o in others for text in o.challenges)
                raise
            if principal is not None:
                return principal
        return None


class AllOf:
    """Every scheme must find its credentials, and they must hold: a service's key and a user's
    session, for example.

    The principal is the first scheme's; the others' stand in its `attributes["others"]`.
    """

    def __init__(self, *schemes: Scheme) -> None:
        if not schemes:
            raise ValueError("AllOf needs a scheme: all of none would let everybody in")
        self._schemes = schemes
        self.challenges = tuple(text for scheme in schemes for text in scheme.challenges)

    async def authenticate(self, request: Request) -> Principal | None:
        """Return the principal, None when the request has nothing for any of the schemes.

        Raises:
            Unauthorized: some of the credentials are missing; challenges for those.
            AuthError: a scheme refused.
        """
        found = [(scheme, await scheme.authenticate(request)) for scheme in self._schemes]
        principals = [principal for _, principal in found if principal is not None]
        if not principals:
            return None
        if len(principals) < len(found):
            missing = [text for s, principal in found if principal is None for text in s.challenges]
            raise Unauthorized("not all of the required credentials came", challenges=missing)
        first, *others = principals
        return replace(first, attributes={**first.attributes, "others": tuple(others)})
