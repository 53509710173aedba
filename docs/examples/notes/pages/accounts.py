"""The way in: the welcome page, sign-up and sign-in."""

from collections.abc import Mapping

from notes.forms import NAME_MAX, PASSWORD_MAX, PASSWORD_MIN

from .html import Markup, html
from .layout import field, page, problem

WELCOME = Markup("""<section class="welcome">
<h1>Notes that stay yours</h1>
<p>Write something down, find it again by a word, and read it from a script.
Nobody else sees it.</p>
<div class="actions">
<a class="button" href="/sign-up">Sign up</a>
<a class="plain" href="/sign-in">Sign in</a>
</div>
</section>""")
CARD = """<section class="card">
<h1>{heading}</h1>
{problem}<form method="post" action="{action}" class="stack">
{fields}
<div class="actions"><button>{heading}</button></div>
</form>
</section>
<p class="aside">{aside}</p>"""
REMEMBER = Markup("""<label class="check">
<input type="checkbox" name="remember" value="yes"> Stay signed in on this device
</label>""")
WHY_CONFIRM = "What comes next changes who can use your account, so type your password once more."
NAME_RULES = html(
    'required maxlength="{max}" autocomplete="username" autocapitalize="none" spellcheck="false"',
    max=NAME_MAX,
)


def welcome() -> Markup:
    """What a stranger sees first."""
    return page("Welcome", WELCOME, at="/")


def sign_up(
    name: str = "", errors: Mapping[str, str] | None = None, *, message: str | None = None
) -> Markup:
    """The form for a new account."""
    errors = errors or {}
    name_hint = f"Up to {NAME_MAX} letters, digits, dots or dashes."
    body = html(
        CARD,
        heading="Sign up",
        action="/sign-up",
        problem=problem("The account was not made." if errors else None),
        fields=[
            field(
                "Name",
                "name",
                name,
                error=errors.get("name"),
                hint=name_hint,
                attributes=NAME_RULES,
            ),
            new_password(error=errors.get("password")),
        ],
        aside=html('You have an account? <a href="/sign-in">Sign in</a>'),
    )
    return page("Sign up", body, at="/sign-up", message=message, narrow=True)


def sign_in(
    name: str = "", *, error: str | None = None, message: str | None = None, following: str = ""
) -> Markup:
    """The form of who has an account; ``following`` is the page to go on to."""
    body = html(
        CARD,
        heading="Sign in",
        action="/sign-in",
        problem=problem(error),
        fields=[
            field("Name", "name", name, attributes=NAME_RULES),
            current_password(),
            REMEMBER,
            _hidden(following),
        ],
        aside=html('New here? <a href="/sign-up">Sign up</a>'),
    )
    return page("Sign in", body, at="/sign-in", message=message, narrow=True)


def confirm(user: str, *, error: str | None = None, following: str = "") -> Markup:
    """The question for the password of who is signed in already."""
    body = html(
        CARD,
        heading="Confirm it is you",
        action="/confirm",
        problem=problem(error),
        fields=[
            html('<p class="hint">{text}</p>', text=WHY_CONFIRM),
            current_password(),
            _hidden(following),
        ],
        aside=html('<a href="/account">Not now</a>'),
    )
    return page("Confirm it is you", body, user=user, at="/account", narrow=True)


def _hidden(following: str) -> Markup | None:
    if not following:
        return None
    return html('<input type="hidden" name="next" value="{next}">', next=following)


def new_password(label: str = "Password", *, error: str | None = None) -> Markup:
    """The field for a password that is chosen now."""
    rules = html(
        'required minlength="{min}" maxlength="{max}" autocomplete="new-password"',
        min=PASSWORD_MIN,
        max=PASSWORD_MAX,
    )
    hint = f"At least {PASSWORD_MIN} characters; a short sentence is good."
    return field(label, "password", kind="password", error=error, hint=hint, attributes=rules)


def current_password() -> Markup:
    """The field for a password that exists."""
    rules = html('required maxlength="{max}" autocomplete="current-password"', max=PASSWORD_MAX)
    return field("Password", "password", kind="password", attributes=rules)
