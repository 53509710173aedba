"""The application: ``drystone run notes.app:app --app-dir docs/examples``."""

from functools import partial

from drystone import App, HTTPError
from drystone.auth import authentication
from drystone_auth import AuthError
from drystone_parser import Limits, RequestParser

from .account_pages import account_pages
from .accounts import accounts
from .api import api
from .files import UPLOAD_MAX
from .note_pages import note_pages
from .services import Services, Settings
from .static_files import static_files
from .store import NoteNotFound
from .web import show_error, show_failure, with_headers

services = Services(Settings.from_environment())
app: App[Services] = App(
    lifespan=services.running,
    # A body beyond the parser's limit gets a bare 413; up to it, the form's own limit a page.
    parser=partial(RequestParser, limits=Limits(body=2 * UPLOAD_MAX)),
    middleware=[with_headers, authentication(services.authenticator)],
)
for group in (accounts, account_pages, note_pages, api, static_files):
    app.include(group)
for kind in (HTTPError, AuthError, NoteNotFound):
    app.error_handler(kind)(show_error)
app.error_handler(Exception)(show_failure)
