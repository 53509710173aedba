"""One's account: where one is signed in, the password, the API keys."""

from drystone import Group, HTTPError, Request, Response, html, redirect
from drystone_auth import PasswordRejected

from .forms import check_label
from .identity import in_person, in_person_lately, owner, tell, told, user_id, user_name
from .pages import account as pages
from .services import Services
from .users import READ, WRITE

account_pages = Group("/account", guards=[in_person])


@account_pages.get("")
async def show(request: Request[Services]) -> Response:
    """The overview."""
    return html(await overview(request, message=told(request)))


@account_pages.post("/sessions/{handle}/end")
async def end_session(request: Request[Services], handle: str) -> Response:
    """Sign out another device."""
    user = user_id(request)
    if not await request.app.state.sessions.revoke(user, handle):
        raise HTTPError(404, "There is no such session")
    request.app.state.feed.changed(owner(request))  # its open pages have to look again
    tell(request, "That device is signed out.")
    return redirect("/account")


@account_pages.post("/sessions/end-others")
async def end_other_sessions(request: Request[Services]) -> Response:
    """Sign out every device but this one."""
    await request.app.state.sessions.revoke_others(request.session)
    request.app.state.feed.changed(owner(request))
    tell(request, "All other devices are signed out.")
    return redirect("/account")


@account_pages.get("/password", guards=[in_person_lately])
async def show_password(request: Request[Services]) -> Response:
    """The form for a new password."""
    return html(pages.password(user_name(request)))


@account_pages.post("/password", guards=[in_person_lately])
async def change_password(request: Request[Services]) -> Response:
    """Replace the password, and sign out every other device: one of them may be a thief's."""
    services, session = request.app.state, request.session
    try:
        new_hash = await services.passwords.hash((await request.form()).text("password"))
    except PasswordRejected as rejected:
        return html(pages.password(user_name(request), error=str(rejected)), 422)
    await services.users.set_password_hash(user_id(request), new_hash)
    await services.sessions.rotate(session)
    await services.sessions.revoke_others(session)
    services.feed.changed(owner(request))
    tell(request, "The password is changed, and all other devices are signed out.")
    return redirect("/account")


@account_pages.get("/keys", guards=[in_person_lately])
async def show_new_key(request: Request[Services]) -> Response:
    """The form for a new API key."""
    return html(pages.new_key(user_name(request)))


@account_pages.post("/keys", guards=[in_person_lately])
async def make_key(request: Request[Services]) -> Response:
    """Make an API key, and show it this once.

    No redirect here: to show the key on the next page, it would have to be stored.
    """
    form = await request.form()
    label, errors = check_label(form.text("label"))
    if errors:
        return html(pages.new_key(user_name(request), label, errors), 422)
    key, _ = await request.app.state.tokens.issue(
        user_id(request),
        label=label,
        scopes={READ, WRITE} if form.text("write") == "yes" else {READ},
    )
    return html(pages.key_made(user_name(request), label, key, address(request)))


@account_pages.post("/keys/{handle}/end")
async def end_key(request: Request[Services], handle: str) -> Response:
    """Take an API key back."""
    if not await request.app.state.tokens.revoke(user_id(request), handle):
        raise HTTPError(404, "There is no such key")
    tell(request, "The key is revoked.")
    return redirect("/account")


@account_pages.get("/delete", guards=[in_person_lately])
async def show_delete(request: Request[Services]) -> Response:
    """Ask once more."""
    return html(pages.delete(user_name(request)))


@account_pages.post("/delete", guards=[in_person_lately])
async def delete(request: Request[Services]) -> Response:
    """Delete the account with everything in it."""
    await request.app.state.delete_user(user_id(request))
    await request.app.state.sessions.logout(request.session)
    tell(request, "The account is deleted.")
    return redirect("/sign-up")


def address(request: Request[Services]) -> str:
    """How the browser calls this service; where a proxy ends TLS, the request does not know."""
    secure = request.is_secure or request.app.state.https
    return f"{'https' if secure else 'http'}://{request.host}"


async def overview(request: Request[Services], message: str | None = None) -> str:
    """The page with everything."""
    services, user = request.app.state, user_id(request)
    return pages.overview(
        user_name(request),
        sessions=await services.sessions.active(user),
        current=request.session.handle,
        keys=await services.tokens.active(user),
        message=message,
    )
