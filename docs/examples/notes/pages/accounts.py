"""The way in: the welcome page, sign-up and sign-in."""

from collections.abc import Mapping

from ..forms import NAME_MAX, PASSWORD_MAX, PASSWORD_MIN
from .html import Markup, html
from .layout import field, page, problem

WELCOME = Markup("""<section class="welcome">
<h1>Notes that stay yours</h1>
<p>Write something down, find it again by a word, and read it from a script. Nobody else sees it.</p>
<div class="actions"><a class="button" href="/sign-up">Sign up</a><a class="plain" href="/sign-in">Sign in</a></div>
</section>""")
CARD = """<section class="card">
<h1>{heading}</h1>
{problem}<form method="post" action="{action}" class="stack">
{fields}
<div class="actions"><button>{heading}</button></div>
</form>
</section>
<p class="aside">{aside}</p>"""


def welcome() -> Markup:
    """What a stranger sees first."""
    return page("Welcome", WELCOME, at="/")


def sign_up(name: str = "", errors: Mapping[str, str] | None = None) -> Markup:
    """The form for a new account."""
    errors = errors or {}
    name_field = field(
        "Name", "name", name, error=errors.get("name"), hint=f"Up to {NAME_MAX} letters, digits, dots or dashes.",
        attributes=html('required maxlength="{max}" autocomplete="username" autocapitalize="none" spellcheck="false"', max=NAME_MAX),
    )  # fmt: skip
    password_field = field(
        "Password", "password", kind="password", error=errors.get("password"), hint=f"At least {PASSWORD_MIN} characters; a short sentence is good.",
        attributes=html('required minlength="{min}" maxlength="{max}" autocomplete="new-password"', min=PASSWORD_MIN, max=PASSWORD_MAX),
    )  # fmt: skip
    body = html(
        CARD,
        heading="Sign up",
        action="/sign-up",
        problem=problem("The account was not made." if errors else None),
        fields=[name_field, password_field],
        aside=html('You have an account? <a href="/sign-in">Sign in</a>'),
    )
    return page("Sign up", body, at="/sign-up", narrow=True)


def sign_in(
    name: str = "", *, error: str | None = None, message: str | None = None, following: str = ""
) -> Markup:
    """The form of who has an account; ``following`` is the page to go on to."""
    name_field = field(
        "Name", "name", name,
        attributes=html('required maxlength="{max}" autocomplete="username" autocapitalize="none" spellcheck="false"', max=NAME_MAX),
    )  # fmt: skip
    password_field = field(
        "Password", "password", kind="password",
        attributes=html('required maxlength="{max}" autocomplete="current-password"', max=PASSWORD_MAX),
    )  # fmt: skip
    remember = html(
        '<label class="check"><input type="checkbox" name="remember" value="yes"> Stay signed in on this device</label>'
    )
    next_field = (
        html('<input type="hidden" name="next" value="{next}">', next=following)
        if following
        else Markup()
    )
    body = html(
        CARD,
        heading="Sign in",
        action="/sign-in",
        problem=problem(error),
        fields=[name_field, password_field, remember, next_field],
        aside=html('New here? <a href="/sign-up">Sign up</a>'),
    )
    return page("Sign in", body, at="/sign-in", message=message, narrow=True)
