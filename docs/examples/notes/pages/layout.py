"""What every page shares: the frame, form fields, times."""

from datetime import datetime

from .html import Markup, html

FRAME = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title} · Drystone Notes</title>
<link rel="icon" href="/static/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/static/style.css">
<script src="/static/notes.js" type="module"></script>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="bar">
<a class="brand" href="/">
<img src="/static/icon.svg" alt="" width="28" height="28">
<span><span class="brand-maker">Drystone </span>Notes</span>
</a>
{navigation}
</header>
<main id="main" tabindex="-1"{main_class}>
{message}{body}
</main>
<footer class="foot">A demo of Drystone: five small packages, one wall.</footer>
</body>
</html>
"""
SIGNED_IN = """<nav aria-label="Main">
<a href="/notes"{notes_current}>Notes</a>
<a href="/account"{account_current}>{user}</a>
<form method="post" action="/sign-out"><button class="quiet">Sign out</button></form>
</nav>"""
SIGNED_OUT = """<nav aria-label="Main">
<a href="/sign-in"{sign_in_current}>Sign in</a>
<a class="button" href="/sign-up"{sign_up_current}>Sign up</a>
</nav>"""
FIELD = """<div class="field">
<label for="{name}">{label}</label>{hint}
{control}{error}
</div>"""
CURRENT = Markup(' aria-current="page"')


def page(
    title: str,
    body: Markup,
    *,
    user: str | None = None,
    at: str = "",
    message: str | None = None,
    narrow: bool = False,
) -> Markup:
    """A whole page.

    Args:
        title: What the tab says.
        body: The content.
        user: The name of who is signed in, None for a stranger.
        at: The path of the section that the page belongs to.
        message: What has just been done, told once.
        narrow: For a page that is one form or one text.
    """
    return html(
        FRAME,
        title=title,
        navigation=_navigation(user, at),
        main_class=Markup(' class="narrow"') if narrow else None,
        message=html('<p class="message" role="status">{text}</p>\n', text=message)
        if message
        else None,
        body=body,
    )


def _navigation(user: str | None, at: str) -> Markup:
    if user is None:
        return html(
            SIGNED_OUT,
            sign_in_current=CURRENT if at == "/sign-in" else None,
            sign_up_current=CURRENT if at == "/sign-up" else None,
        )
    return html(
        SIGNED_IN,
        user=user,
        notes_current=CURRENT if at == "/notes" else None,
        account_current=CURRENT if at == "/account" else None,
    )


def field(
    label: str,
    name: str,
    value: str = "",
    *,
    kind: str = "text",
    rows: int = 0,
    error: str | None = None,
    hint: str | None = None,
    attributes: Markup | None = None,
) -> Markup:
    """A labelled input, or a text area of ``rows`` rows, tied to its hint and its error."""
    notes = [f"{name}-{part}" for part, text in (("hint", hint), ("error", error)) if text]
    shared = html(
        'id="{name}" name="{name}"{described}{invalid} {attributes}',
        name=name,
        described=html(' aria-describedby="{ids}"', ids=" ".join(notes)) if notes else None,
        invalid=Markup(' aria-invalid="true"') if error else None,
        attributes=attributes,
    )
    if rows:
        # HTML drops a line feed after the tag; so one that the text begins with survives.
        template = '<textarea {shared} rows="{rows}">\n{value}</textarea>'
        control = html(template, shared=shared, rows=rows, value=value)
    else:
        control = html(
            '<input {shared} type="{kind}" value="{value}">', shared=shared, kind=kind, value=value
        )
    return html(
        FIELD,
        name=name,
        label=label,
        control=control,
        hint=html('<p class="hint" id="{id}">{text}</p>', id=f"{name}-hint", text=hint)
        if hint
        else None,
        error=html('\n<p class="error" id="{id}">{text}</p>', id=f"{name}-error", text=error)
        if error
        else None,
    )


def problem(text: str | None) -> Markup:
    """The line above a form that says that, and why, it was not accepted; nothing for None."""
    return html('<p class="problem" role="alert">{text}</p>', text=text) if text else Markup()


def moment(when: datetime) -> Markup:
    """A time; the script shows it in the reader's own zone and language."""
    return html(
        '<time datetime="{iso}">{text}</time>',
        iso=when.isoformat(timespec="seconds"),
        text=f"{when.day} {when:%B %Y, %H:%M} UTC",
    )
