"""The account: devices that are signed in, the password, API keys."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from drystone_auth import AccessToken, SessionRecord

from notes.forms import LABEL_MAX
from notes.users import WRITE

from .accounts import new_password
from .html import Markup, html
from .layout import field, moment, page, problem

OVERVIEW = """<h1 class="unseen">Your account</h1>
<section class="card" aria-labelledby="devices">
<h2 id="devices">Signed-in devices</h2>
<ul class="rows">{sessions}</ul>
{end_others}
</section>
<section class="card" aria-labelledby="keys">
<h2 id="keys">API keys</h2>
<p class="hint">A key lets a program read, or also write, your notes.</p>
{keys}
<div class="actions"><a class="button" href="/account/keys">New key</a></div>
</section>
<section class="card" aria-labelledby="password">
<h2 id="password">Password</h2>
<p class="hint">A new password signs out every other device.</p>
<div class="actions"><a class="button" href="/account/password">Change the password</a></div>
</section>
<p class="aside"><a href="/account/delete">Delete the account</a></p>"""
SESSION = """<li>
<div><strong>{device}</strong>{here}
<p class="meta">Signed in {began}{place}, last used {used}</p></div>
{end}
</li>"""
END = """<form method="post" action="{action}">
<button class="quiet">{verb}<span class="unseen"> {what}</span></button>
</form>"""
END_OTHERS = Markup("""<form method="post" action="/account/sessions/end-others" class="actions">
<button class="quiet">Sign out all other devices</button>
</form>""")
KEY = """<li>
<div><strong>{label}</strong> <span class="badge">{scope}</span>
<p class="meta">Made {made}, {used}</p></div>
{end}
</li>"""
FORM = """<section class="card">
<h1>{heading}</h1>
{problem}<form method="post" action="{action}" class="stack">
{fields}
<div class="actions"><button>{verb}</button><a class="plain" href="/account">Cancel</a></div>
</form>
</section>"""
DELETE = Markup("""<section class="card">
<h1>Delete the account</h1>
<p>Your notes, their files and your keys go with it. This cannot be undone.</p>
<form method="post" action="/account/delete" class="actions">
<button class="dangerous">Delete everything</button><a class="plain" href="/account">Cancel</a>
</form>
</section>""")
MAY_WRITE = Markup("""<label class="check">
<input type="checkbox" name="write" value="yes"> It may also write, change and delete notes
</label>""")
KEY_MADE = """<section class="card stack">
<h1>The key “{label}”</h1>
<p>Copy it now: it is not stored here, and cannot be shown again.</p>
<p><code class="secret">{key}</code></p>
<p class="hint">Send it in each request:</p>
<pre><code>curl -H "Authorization: Bearer {key}" {address}/api/notes</code></pre>
<div class="actions"><a class="button" href="/account">Done</a></div>
</section>"""
BROWSERS = (
    ("Firefox/", "Firefox"), ("Edg/", "Edge"), ("OPR/", "Opera"), ("Chrome/", "Chrome"),
    ("Safari/", "Safari"), ("curl/", "curl"),
)  # fmt: skip
SYSTEMS = (
    ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
    ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def overview(
    user: str,
    *,
    sessions: Sequence[SessionRecord],
    current: str | None,
    keys: Sequence[AccessToken],
    message: str | None = None,
) -> Markup:
    """Everything about the account on one page."""
    body = html(
        OVERVIEW,
        sessions=[_session(each, here=each.handle == current) for each in sessions],
        end_others=END_OTHERS if len(sessions) > 1 else None,
        keys=html('<ul class="rows">{keys}</ul>', keys=map(_key, keys)) if keys else None,
    )
    return page("Your account", body, user=user, at="/account", message=message, narrow=True)


def password(user: str, error: str | None = None) -> Markup:
    """The form for a new password."""
    body = html(
        FORM,
        heading="Change the password",
        problem=problem("The password was not changed." if error else None),
        action="/account/password",
        fields=new_password("New password", error=error),
        verb="Change the password",
    )
    return page("Change the password", body, user=user, at="/account", narrow=True)


def new_key(user: str, label: str = "", errors: Mapping[str, str] | None = None) -> Markup:
    """The form for a new API key."""
    errors = errors or {}
    rules = html('required maxlength="{max}" autocomplete="off"', max=LABEL_MAX)
    hint = "What it is for, so that you know it again."
    body = html(
        FORM,
        heading="New API key",
        problem=problem("The key was not made." if errors else None),
        action="/account/keys",
        fields=[
            field("Name", "label", label, error=errors.get("label"), hint=hint, attributes=rules),
            MAY_WRITE,
        ],
        verb="Make the key",
    )
    return page("New API key", body, user=user, at="/account", narrow=True)


def delete(user: str) -> Markup:
    """The last question before everything is gone."""
    return page("Delete the account", DELETE, user=user, at="/account", narrow=True)


def key_made(user: str, label: str, key: str, address: str) -> Markup:
    """The new key, shown once, with how to use it at this address of the service."""
    body = html(KEY_MADE, label=label, key=key, address=address)
    return page("The key is made", body, user=user, at="/account", narrow=True)


def device(user_agent: str) -> str:
    """A browser's name for itself in words: "Chrome on Linux"."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "Unknown browser")
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    return f"{browser} on {system}" if system else browser


def _session(session: SessionRecord, *, here: bool) -> Markup:
    name = device(session.user_agent)
    action = f"/account/sessions/{session.handle}/end"
    return html(
        SESSION,
        device=name,
        here=Markup(' <span class="badge">this device</span>') if here else None,
        began=_moment(session.created_at),
        used=_moment(session.last_seen_at),
        place=f" from {session.address}" if session.address else None,
        end=None if here else html(END, action=action, verb="Sign out", what=name),
    )


def _key(key: AccessToken) -> Markup:
    used = html("last used {when}", when=_moment(key.last_used_at)) if key.last_used_at else None
    action = f"/account/keys/{key.handle}/end"
    return html(
        KEY,
        label=key.label,
        scope="reads and writes" if WRITE in key.scopes else "reads",
        made=_moment(key.created_at),
        used=used or "never used",
        end=html(END, action=action, verb="Revoke", what=key.label),
    )


def _moment(seconds: float) -> Markup:
    return moment(datetime.fromtimestamp(seconds, UTC))
