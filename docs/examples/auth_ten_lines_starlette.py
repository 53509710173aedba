"""The shortest guarded Starlette route; the README shows what follows this line."""

from drystone_auth import Authenticator, Sessions, SQLiteStore, authenticated
from drystone_auth.asgi import AuthMiddleware, guarded
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route


@guarded(authenticated)
async def notes(request):
    return PlainTextResponse(f"the notes of {request.user.id}")


sessions = Sessions(SQLiteStore("auth.db").sessions)
app = Starlette(routes=[Route("/notes", notes)])
app.add_middleware(AuthMiddleware, authenticator=Authenticator(sessions=sessions))
