"""The shortest guarded Drystone route; the README shows what follows this line."""

from drystone import App
from drystone.auth import authentication
from drystone_auth import Authenticator, Sessions, SQLiteStore, authenticated

sessions = Sessions(SQLiteStore("auth.db").sessions)
app = App(middleware=[authentication(Authenticator(sessions=sessions))])


@app.get("/notes", guards=[authenticated])
async def notes(request):
    return f"the notes of {request.principal.id}"
