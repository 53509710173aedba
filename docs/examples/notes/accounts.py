"""Signing up, in and out, and confirming who one is."""

from drystone import Group, Request, Response, html, redirect
from drystone_auth import PasswordRejected, TooManyAttempts, WrongPassword

from .forms import check_name
from .identity import in_person, tell, told, user_name, visitor
from .pages import accounts as pages
from .services import Services
from .users import NameTaken
from .web import go_on

accounts = Group()


@accounts.get("/")
async def welcome(request: Request[Services]) -> Response:
    """The start: the notes, or a word of welcome."""
    return redirect("/notes") if visitor(request) else html(pages.welcome())


@accounts.get("/sign-up")
async def show_sign_up(request: Request[Services]) -> Response:
    """The form for a new account."""
    if visitor(request):
        return redirect("/notes")
    return html(pages.sign_up(message=told(request)))


@accounts.post("/sign-up")
async def sign_up(request: Request[Services]) -> Response:
    """Make an account, and sign in with it."""
    services, form = request.app.state, await request.form()
    name, errors = check_name(form.text("name"))
    try:
        password_hash = await services.passwords.hash(form.text("password"))
        if not errors:
            user = await services.users.add(name, password_hash)
            await begin_session(request, str(user.id))
            tell(request, f"Welcome, {user.name}!")
            return redirect("/notes")
    except PasswordRejected as rejected:
        errors["password"] = str(rejected)
    except NameTaken:
        errors["name"] = "Somebody has this name already."
    return html(pages.sign_up(name, errors), 422)


@accounts.get("/sign-in")
async def show_sign_in(request: Request[Services]) -> Response:
    """The form for who has an account."""
    following = request.query.get("next") or ""
    if visitor(request):
        return go_on(following)
    return html(pages.sign_in(message=told(request), following=following))


@accounts.post("/sign-in")
async def sign_in(request: Request[Services]) -> Response:
    """Check name and password, and begin a session."""
    form = await request.form()
    name, following = form.text("name"), form.text("next")
    try:
        principal = await request.app.state.login.check(
            name, form.text("password"), address=address(request)
        )
    except (WrongPassword, TooManyAttempts) as error:
        page = pages.sign_in(name, error=reason(error), following=following)
        return html(page, status(error), error.headers)
    await begin_session(request, principal.id, remember=form.text("remember") == "yes")
    return go_on(following)


@accounts.post("/sign-out")
async def sign_out(request: Request[Services]) -> Response:
    """End the session."""
    state, principal = request.app.state, request.principal
    await state.sessions.logout(request.session)
    if principal is not None:
        state.feed.changed(int(principal.id))  # what shows the notes elsewhere has to look again
    return redirect("/sign-in")


@accounts.get("/confirm", guards=[in_person])
async def show_confirm(request: Request[Services]) -> Response:
    """Ask for the password once more, before something that a stolen session must not do."""
    following = request.query.get("next") or ""
    return html(pages.confirm(user_name(request), following=following))


@accounts.post("/confirm", guards=[in_person])
async def confirm(request: Request[Services]) -> Response:
    """Check the password of who is signed in, and go on."""
    services, session, form = request.app.state, request.session, await request.form()
    name, following = user_name(request), form.text("next")
    try:
        await services.login.check(
            name, form.text("password"), address=address(request), session=session
        )
    except (WrongPassword, TooManyAttempts) as error:
        page = pages.confirm(name, error=reason(error), following=following)
        return html(page, status(error), error.headers)
    await services.sessions.reauthenticated(session)
    return go_on(following)


async def begin_session(
    request: Request[Services], user_id: str, *, remember: bool = False
) -> None:
    """Make the session this user's, under a new id."""
    await request.app.state.sessions.login(
        request.session,
        user_id,
        remember=remember,
        user_agent=request.headers.get("user-agent") or "",
        address=address(request),
    )


def address(request: Request[Services]) -> str:
    """Where the request comes from."""
    return request.client.host if request.client else ""


def status(error: WrongPassword | TooManyAttempts) -> int:
    """A wrong password is a form with a mistake: a 401 would have to offer a challenge."""
    return 429 if isinstance(error, TooManyAttempts) else 422


def reason(error: WrongPassword | TooManyAttempts) -> str:
    """What the form says."""
    if isinstance(error, TooManyAttempts):
        return f"Too many attempts. Try again in {error.retry_after} seconds."
    return str(error)
