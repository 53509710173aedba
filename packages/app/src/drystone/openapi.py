"""A description of the application, made of what it knows already (OpenAPI 3.1.1).

Nothing is published unless it is asked for::

    from drystone.openapi import OpenAPI

    app.include(OpenAPI(title="Notes", version="1.2.0"))  # GET /openapi.json and GET /docs
"""

from ._doc import Doc
from ._openapi import OpenAPI, describe

__all__ = ["Doc", "OpenAPI", "describe"]
