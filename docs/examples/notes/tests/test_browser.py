"""The demo in headless Chromium: by mouse, by keyboard, without scripts, and under attack."""

import os
import re
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from .conftest import PASSWORD, numbers, serving

pytest.importorskip("playwright.sync_api", reason="needs the dependency group 'browser'")

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

expect.set_options(timeout=15_000)  # milliseconds
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium"),
]
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
SIZES = {"wide": (1200, 800), "phone": (390, 844), "smallest": (320, 640)}

Open = Callable[..., Page]


@pytest.fixture(scope="module")  # its event loop must end before other modules' tests
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, service: str) -> Iterator[Open]:
    """Opens a page in a browser context of its own, and fails the test if a page complained."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(path: str = "/", **options: object) -> Page:
        context = browser.new_context(base_url=service, **options)  # type: ignore[arg-type]
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console", lambda m: complaints.append(m.text) if "policy" in m.text.lower() else None
        )
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def sign_up(page: Page, name: str | None = None) -> str:
    name = name or f"browser-{next(numbers)}"
    page.goto("/sign-up")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("status")).to_have_text(f"Welcome, {name}!")
    return name


def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Your notes")).to_be_visible()


def write(page: Page, title: str, text: str = "") -> None:
    page.get_by_label("Title").fill(title)
    page.get_by_label("Text").fill(text)
    page.get_by_role("button", name="Save note").click()
    expect(page.get_by_role("status")).to_have_text("The note is saved.")


def see(page: Page, titles: list[str]) -> None:
    """The list shows these notes, or will in a moment."""
    notes = page.locator("#notes h3")
    if titles:
        expect(notes).to_have_text(titles)
    else:
        expect(page.get_by_text("No notes yet")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_person_writes_searches_edits_and_deletes(open_page: Open, scripts: bool) -> None:
    page = open_page("/", java_script_enabled=scripts)
    page.get_by_role("main").get_by_role("link", name="Sign up").click()
    name = sign_up(page)
    expect(page.get_by_text("No notes yet")).to_be_visible()
    write(page, "Rye bread", "sour dough")
    write(page, "Books", "to return")
    see(page, ["Books", "Rye bread"])

    page.get_by_label("Search your notes").fill("dough")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", name="Search results")).to_be_visible()
    see(page, ["Rye bread"])
    expect(page.locator("mark")).to_have_text("dough")

    page.get_by_role("link", name="Rye bread").click()
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Title").fill("Rye bread with seeds")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rye bread with seeds")

    page.get_by_text("Delete", exact=True).click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_role("status")).to_have_text("“Rye bread with seeds” is deleted.")
    see(page, ["Books"])

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.goto("/notes")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")

    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill("something else")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_have_text("The name or the password is wrong.")
    expect(page.get_by_label("Name")).to_have_value(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    see(page, ["Books"])


def test_two_people_see_their_own_notes_only(open_page: Open) -> None:
    ada, bob = open_page(), open_page()
    sign_up(ada)
    sign_up(bob)
    write(ada, "Ada's diary")
    write(bob, "Bob's diary")
    see(ada, ["Ada's diary"])
    see(bob, ["Bob's diary"])
    address = ada.get_by_role("link", name="Ada's diary").get_attribute("href")
    assert address is not None
    answer = bob.goto(address)
    assert answer is not None
    assert answer.status == 404
    expect(bob.get_by_role("heading", level=1)).to_have_text("There is nothing here")


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the control of this name has the focus, and check that one can see it."""
    for _ in range(40):
        page.keyboard.press("Tab")
        focus = page.evaluate(
            """() => {
                const at = document.activeElement, style = getComputedStyle(at);
                const after = getComputedStyle(at, "::after");
                const widths = [style.outlineWidth, after.outlineWidth].map(parseFloat);
                return {
                    name: at.labels?.[0]?.textContent.trim() ?? at.textContent.trim(),
                    outline: Math.max(...widths),
                };
            }"""
        )
        if focus["name"] == name:
            assert focus["outline"] >= 2, f"the focus on {name} cannot be seen"
            return
    raise AssertionError(f"Tab does not reach {name}")


def test_everything_works_by_keyboard(open_page: Open) -> None:
    page = open_page("/sign-up")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    tab_to(page, "Name")
    page.keyboard.type(f"browser-{next(numbers)}")
    tab_to(page, "Password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Welcome")
    page.wait_for_load_state()  # from here on, the script listens to keys

    tab_to(page, "Title")
    page.keyboard.type("By keyboard")
    tab_to(page, "Text")
    page.keyboard.type("one line")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_have_text("The note is saved.")
    page.wait_for_load_state()

    page.keyboard.press("/")
    expect(page.get_by_label("Search your notes")).to_be_focused()
    page.keyboard.type("line")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Search results")).to_be_visible()

    tab_to(page, "By keyboard")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("By keyboard")
    tab_to(page, "Delete")
    page.keyboard.press("Enter")
    tab_to(page, "Delete for good")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No notes yet")).to_be_visible()
    tab_to(page, "Sign out")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_sessions_password_and_a_fresh_login(
    open_page: Open, an_hour_later: Callable[[], None]
) -> None:
    here, there = open_page(), open_page("/sign-in")
    name = sign_up(here)
    there.get_by_label("Name").fill(name)
    there.get_by_label("Password").fill(PASSWORD)
    there.get_by_label("Stay signed in on this device").check()
    there.get_by_role("button", name="Sign in").click()
    expect(there.get_by_role("heading", name="Your notes")).to_be_visible()

    here.get_by_role("link", name=name).click()
    devices = here.get_by_role("region", name="Signed-in devices").get_by_role("listitem")
    expect(devices).to_have_count(2)
    here.get_by_role("button", name="Sign out Chrome on Linux").click()
    expect(here.get_by_role("status")).to_have_text("That device is signed out.")
    expect(devices).to_have_count(1)
    there.reload()
    expect(there.get_by_role("heading", level=1)).to_have_text("Sign in")

    an_hour_later()
    here.get_by_role("link", name="Change the password").click()
    expect(here.get_by_role("heading", level=1)).to_have_text("Confirm it is you")
    here.get_by_label("Password").fill(PASSWORD)
    here.get_by_role("button", name="Confirm it is you").click()
    here.get_by_label("New password").fill("another horse battery")
    here.get_by_role("button", name="Change the password").click()
    expect(here.get_by_role("status")).to_contain_text("The password is changed")

    here.get_by_role("button", name="Sign out", exact=True).click()
    here.get_by_label("Name").fill(name)
    here.get_by_label("Password").fill("another horse battery")
    here.get_by_role("button", name="Sign in").click()
    expect(here.get_by_role("heading", name="Your notes")).to_be_visible()


def test_a_key_is_made_shown_once_used_and_revoked(open_page: Open, service: str) -> None:
    page = open_page()
    sign_up(page)
    write(page, "For the script")
    page.goto("/account")
    page.get_by_role("link", name="New key").click()
    page.get_by_label("Name").fill("backup")
    page.get_by_role("button", name="Make the key").click()
    key = page.locator(".secret").text_content()
    with httpx.Client(headers={"authorization": f"Bearer {key}"}) as script:
        (note,) = script.get(f"{service}/api/notes").json()["notes"]
        assert note["title"] == "For the script"
        page.get_by_role("link", name="Done").click()
        expect(page.get_by_text("last used")).to_have_count(2)
        page.get_by_role("button", name="Revoke backup").click()
        expect(page.get_by_role("status")).to_have_text("The key is revoked.")
        assert script.get(f"{service}/api/notes").status_code == 401


def test_an_open_list_stays_fresh(open_page: Open) -> None:
    page = open_page()
    sign_up(page)
    other = page.context.new_page()
    other.goto("/notes")
    expect(other.get_by_text("No notes yet")).to_be_visible()
    write(page, "Bread", "flour")
    see(other, ["Bread"])
    other.get_by_role("link", name="Bread").focus()
    tabs = [page.context.new_page() for _ in range(7)]
    for tab in tabs:  # more than the connections that a browser has for one server
        tab.goto("/notes")
    write(page, "Cake")
    for tab in tabs:
        see(tab, ["Cake", "Bread"])
    see(other, ["Cake", "Bread"])
    expect(other.get_by_role("link", name="Bread")).to_be_focused()
    expect(other.locator("#notes time").first).to_have_attribute("title", re.compile("UTC$"))
    for closed in [other, *tabs[1:]]:
        closed.close()
    write(page, "Salt")
    see(tabs[0], ["Salt", "Cake", "Bread"])


def test_an_open_list_outlives_the_server(browser: Browser, tmp_path: Path) -> None:
    database = tmp_path / "notes.sqlite3"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    context = browser.new_context()
    page, other = context.new_page(), context.new_page()
    with serving(database, "--port", port) as address:
        page.goto(address)
        page.get_by_role("main").get_by_role("link", name="Sign up").click()
        page.get_by_label("Name").fill("ada")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign up").click()
        write(page, "Before")
        other.goto(f"{address}/notes")
        see(other, ["Before"])
    with serving(database, "--port", port):
        write(page, "After")
        see(other, ["After", "Before"])
    context.close()


def test_signing_out_closes_every_window(open_page: Open) -> None:
    page, elsewhere = open_page(), open_page("/sign-in")
    name = sign_up(page)
    sign_in(elsewhere, name)
    other = page.context.new_page()
    other.goto("/notes")
    page.get_by_role("button", name="Sign out").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(elsewhere.get_by_role("heading", name="Your notes")).to_be_visible()
    sign_in(page, name)
    elsewhere.get_by_label("Text").fill("a thought")
    page.get_by_role("link", name=name).click()
    page.get_by_role("button", name="Sign out all other devices").click()
    expect(elsewhere.get_by_role("alert")).to_contain_text("You are signed out.")
    expect(elsewhere.get_by_label("Text")).to_have_value("a thought")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_files_are_added_shown_and_removed(open_page: Open, tmp_path: Path, scripts: bool) -> None:
    page = open_page("/", java_script_enabled=scripts)
    sign_up(page)
    picture, text = tmp_path / "wall.png", tmp_path / "list.txt"
    page.screenshot(path=picture)
    text.write_text("flour, salt")
    write(page, "Bread")
    page.get_by_role("link", name="Bread").click()
    page.get_by_label("Add files").set_input_files([picture, text])
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("The files are added.")
    expect(page.get_by_role("listitem")).to_have_count(2)
    image = page.get_by_role("listitem").locator("img")
    if scripts:
        image.evaluate("image => image.decode()")  # fails for what is no picture
    with page.expect_download() as download:
        page.get_by_role("link", name="list.txt").click()
    assert download.value.path().read_text() == "flour, salt"
    assert download.value.suggested_filename == "list.txt"
    page.get_by_role("button", name="Remove wall.png").click()
    expect(page.get_by_role("status")).to_have_text("“wall.png” is removed.")
    expect(page.get_by_role("listitem")).to_have_count(1)


def test_an_upload_shows_its_progress(open_page: Open, tmp_path: Path) -> None:
    page = open_page()
    sign_up(page)
    write(page, "Bread")
    page.get_by_role("link", name="Bread").click()
    expect(page.get_by_label("Add files")).to_be_visible()
    page.wait_for_load_state()  # from here on, the script takes care of the form
    large = tmp_path / "large.bin"
    large.write_bytes(bytes(6_000_000))
    network = page.context.new_cdp_session(page)
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 3e6}
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", slow)
    page.evaluate(
        """() => {
            window.seen = [];
            const look = () => {
                const progress = document.querySelector("progress");
                if (progress) window.seen.push(progress.value);
                requestAnimationFrame(look);
            };
            look();
        }"""
    )
    page.get_by_label("Add files").set_input_files(large)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("The file is added.")
    seen = page.evaluate("window.seen")
    assert seen == sorted(seen)
    assert any(0 < value < 1 for value in seen), "the bar never stood between its ends"
    expect(page.get_by_text("6.0 MB")).to_be_visible()


def test_a_file_too_large_is_refused_before_it_is_sent(open_page: Open, tmp_path: Path) -> None:
    page = open_page()
    sign_up(page)
    write(page, "Bread")
    page.get_by_role("link", name="Bread").click()
    expect(page.get_by_label("Add files")).to_be_visible()
    page.wait_for_load_state()  # from here on, the script takes care of the form
    large = tmp_path / "large.bin"
    large.write_bytes(bytes(20 * 2**20 + 1))
    page.get_by_label("Add files").set_input_files(large)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("alert")).to_have_text("“large.bin” is too large.")
    together = [tmp_path / f"{number}.bin" for number in range(3)]
    for path in together:
        path.write_bytes(bytes(15 * 2**20))
    page.get_by_label("Add files").set_input_files(together)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("alert")).to_have_text("The files are too large together.")
    small = tmp_path / "small.bin"
    small.write_bytes(b"x")
    page.get_by_label("Add files").set_input_files(small)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("The file is added.")
    page.context.set_offline(True)
    page.get_by_label("Add files").set_input_files(small)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("alert")).to_have_text("The files could not be sent. Try again.")
    expect(page.get_by_role("status")).to_have_count(0)  # that was the file before


def test_a_phone_shows_what_was_found_first(open_page: Open) -> None:
    page = open_page(viewport={"width": 390, "height": 844})
    sign_up(page)
    write(page, "Bread")
    page.get_by_label("Search your notes").fill("bread")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", name="Search results")).to_be_in_viewport()
    expect(page.get_by_role("link", name="Bread")).to_be_in_viewport()
    expect(page.get_by_label("Title")).to_be_hidden()
    page.get_by_role("navigation").get_by_role("link", name="Notes").click()
    expect(page.get_by_label("Title")).to_be_visible()


def test_a_note_cannot_run_a_script(open_page: Open) -> None:
    page = open_page()
    sign_up(page)
    attack = "<img src=x onerror='window.taken = true'><script>window.taken = true</script>"
    write(page, "Attack", attack)
    page.get_by_role("link", name="Attack").click()
    expect(page.get_by_text(attack)).to_be_visible()
    assert page.evaluate("window.taken") is None


def test_another_sites_page_cannot_write(open_page: Open, service: str) -> None:
    page = open_page()
    sign_up(page)
    form = f"""<form method="post" action="{service}/notes">
        <input name="title" value="planted"><button>Win a prize</button></form>"""
    page.route(
        "http://evil.example/", lambda route: route.fulfill(body=form, content_type="text/html")
    )
    page.goto("http://evil.example/")
    page.get_by_role("button", name="Win a prize").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("That is not allowed")
    page.goto(f"{service}/notes")
    see(page, [])


@pytest.mark.skipif(
    shutil.which("openssl") is None, reason="needs openssl: apt-get install openssl"
)
def test_over_tls_the_cookie_is_bound_to_the_host(browser: Browser, tmp_path: Path) -> None:
    key, certificate = str(tmp_path / "key.pem"), str(tmp_path / "certificate.pem")
    make = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "1",
        "-subj",
        "/CN=127.0.0.1",
    ]
    subprocess.run([*make, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    tls = ["--tls-cert", certificate, "--tls-key", key]
    with serving(tmp_path / "notes.sqlite3", *tls, NOTES_HTTPS="1") as address:
        assert address.startswith("https://")
        context = browser.new_context(base_url=address, ignore_https_errors=True)
        page = context.new_page()
        sign_up(page)
        other = context.new_page()
        other.goto("/notes")
        write(page, "Over TLS")
        see(other, ["Over TLS"])
        (cookie,) = context.cookies()
        assert cookie["name"].startswith("__Host-")
        assert cookie["secure"]
        assert cookie["httpOnly"]
        context.close()


def test_a_wrong_form_is_told_at_its_field(open_page: Open) -> None:
    page = open_page()
    sign_up(page)
    page.get_by_label("Title").fill("   ")
    page.get_by_label("Text").fill("not to be lost")
    page.get_by_role("button", name="Save note").click()
    expect(page.get_by_role("alert")).to_have_text("The note was not saved.")
    expect(page.get_by_label("Title")).to_have_accessible_description("Give the note a title.")
    expect(page.get_by_label("Text")).to_have_value("not to be lost")
    other = page.context.new_page()
    other.goto("/notes")
    write(other, "From another window")
    see(other, ["From another window"])
    see(page, ["From another window"])
    expect(page.get_by_role("alert")).to_have_text("The note was not saved.")
    expect(page.get_by_label("Text")).to_have_value("not to be lost")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_the_pages_fit_and_can_be_read(
    open_page: Open, tmp_path: Path, scheme: str, size: str
) -> None:
    folder = Path(os.environ.get("NOTES_SCREENSHOTS", tmp_path))
    width, height = SIZES[size]
    page = open_page("/", color_scheme=scheme, viewport={"width": width, "height": height})
    for path in ("/", "/sign-in", "/sign-up"):
        check_page(page, path, folder / f"{path.strip('/') or 'welcome'}-{size}-{scheme}.png")
    sign_up(page)
    check_page(page, "/notes", folder / f"empty-{size}-{scheme}.png")
    write(page, "Rye bread", "600 g rye flour, 450 ml warm water, 12 g salt. " * 12)
    write(page, "A" + "very" * 25 + "longword", "x" * 300)
    for path in ("/notes", "/notes?q=rye", "/notes?q=zebra", "/nowhere"):
        name = path.strip("/").replace("?q=", "-")
        check_page(page, path, folder / f"{name}-{size}-{scheme}.png")
    page.goto("/notes?q=rye")
    page.get_by_role("link", name="Rye bread").click()
    for name in ("empty", "welcome"):
        picture = folder / f"{name}-{size}-{scheme}.png"
        page.get_by_label("Add files").set_input_files(picture)
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.get_by_role("link", name=picture.name)).to_be_visible()
    check_page(page, page.url, folder / f"note-{size}-{scheme}.png")
    check_page(page, f"{page.url}/edit", folder / f"edit-{size}-{scheme}.png")
    for path in ("/account", "/account/password", "/account/keys", "/account/delete", "/confirm"):
        check_page(page, path, folder / f"{path.rpartition('/')[2]}-{size}-{scheme}.png")
    page.goto("/account/keys")
    page.get_by_label("Name").fill("backup")
    page.get_by_role("button", name="Make the key").click()
    check_page(page, page.url, folder / f"key-{size}-{scheme}.png")


def check_page(page: Page, path: str, picture: Path) -> None:
    """Nothing sticks out to the right, all text stands out (WCAG AA: 4.5), axe finds no fault."""
    if page.url != path:
        page.goto(path)
    page.screenshot(path=picture, full_page=True)
    assert page.evaluate(OVERHANG) <= 0, path
    assert page.evaluate(WEAKEST_CONTRAST) >= 4.5, path
    if "-wide-" in picture.name:
        faults = Axe().run(page).response["violations"]
        assert [(fault["id"], fault["nodes"][0]["html"]) for fault in faults] == [], path


OVERHANG = "document.documentElement.scrollWidth - innerWidth"
# The least contrast between a text and the ground that it stands on.
WEAKEST_CONTRAST = """() => {
    const parse = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number);
    const channel = (c) => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
    const ground = (element) => {
        for (let at = element; at; at = at.parentElement) {
            const color = parse(getComputedStyle(at).backgroundColor);
            if (color.length === 3 || color[3] === 1) return color;
        }
        return [255, 255, 255];
    };
    let weakest = 21;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
        const [a, b] = [light(parse(getComputedStyle(element).color)), light(ground(element))];
        weakest = Math.min(weakest, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
    }
    return weakest;
}"""
