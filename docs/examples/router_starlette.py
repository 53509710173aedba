"""drystone-router inside a Starlette application: Starlette does the rest.

Run it with `uvicorn router_starlette:app`.
"""

from collections.abc import Awaitable, Callable

from drystone_router import MethodNotAllowed, NotFound, Router
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

Endpoint = Callable[[Request], Awaitable[Response]]

router: Router[Endpoint] = Router()


async def show(request: Request) -> Response:
    return JSONResponse(request.path_params)


async def me(request: Request) -> Response:
    return PlainTextResponse(f"you, beside {router.url_for('user', id=7)}")


router.add_route("/users/{id:int}", show, name="user")
router.add_route("/users/me", me)
router.add_route("/files/{path:path}", show, ("GET", "PUT"))
router.add_route("/notes/{title}", show)


async def routed(scope: Scope, receive: Receive, send: Send) -> None:
    """An ASGI application: matches the raw path, so that %2F stays inside a parameter."""
    request = Request(scope, receive, send)
    try:
        match = router.match(request.method, scope["raw_path"].decode("ascii"))
    except NotFound as error:
        raise HTTPException(404, error.reason) from None
    except MethodNotAllowed as error:
        raise HTTPException(405, headers={"Allow": ", ".join(error.allowed)}) from None
    scope["path_params"] = match.params
    response = await match.value(request)
    await response(scope, receive, send)


app = Starlette(routes=[Mount("/", app=routed)])
