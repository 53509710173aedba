"""The page a person sees when something is not there, not allowed or broken."""

from .html import Markup, html
from .layout import page

TEXTS = {
    400: ("That request made no sense", "Something in it was not as it should be."),
    403: ("That is not allowed", "The request came from another site, or is not yours to make."),
    404: (
        "There is nothing here",
        "The page or the note does not exist, or belongs to somebody else.",
    ),
    405: ("That does not work here", "The page exists, but not for this kind of request."),
    413: ("That is too much", "What was sent is larger than this service takes."),
    429: ("Too many attempts", "Wait a little, then try again."),
    500: (
        "Something went wrong",
        "It is our fault, and it has been written down. Try again in a moment.",
    ),
}
BODY = """<section class="card lost">
<p class="status">{status}</p>
<h1>{title}</h1>
<p>{text}</p>
<div class="actions"><a class="button" href="/">Go to the start</a></div>
</section>"""


def error(status: int, *, user: str | None = None) -> Markup:
    """The page for an error of this status."""
    title, text = TEXTS.get(status, TEXTS[500 if status >= 500 else 400])
    return page(title, html(BODY, status=status, title=title, text=text), user=user, narrow=True)
