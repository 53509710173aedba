"""The application: ``drystone run notes.app:app --app-dir docs/examples``."""

from drystone import App, HTTPError
from drystone.auth import authentication
from drystone_auth import AuthError

from .account_pages import account_pages
from .accounts import accounts
from .api import api
from .note_pages import note_pages
from .services import Services, Settings
from .static_files import static_files
from .store import NoteNotFound
from .web import show_error, show_failure, with_headers

services = Services(Settings.from_environment())
app: App[Services] = App(
    lifespan=services.running,
    middleware=[with_headers, authentication(services.authenticator)],
)
for group in (accounts, account_pages, note_pages, api, static_files):
    app.include(group)
for kind in (HTTPError, AuthError, NoteNotFound):
    app.error_handler(kind)(show_error)
app.error_handler(Exception)(show_failure)
