"""The demo over real sockets: as a person, as a program, as an attacker."""

import contextlib
import re
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import PASSWORD, Visitor, serving

Make = Callable[..., Visitor]
FORM = {"content-type": "application/x-www-form-urlencoded"}
SCRIPT = "<script>alert('x')</script>"


# A person


def test_a_stranger_is_welcomed_and_sent_to_sign_in(visitor: Make) -> None:
    stranger = visitor()
    assert "Notes that stay yours" in stranger.get("/").text
    page = stranger.get("/notes")
    assert (page.status_code, page.url.path) == (200, "/sign-in")


def test_signing_up_in_and_out(visitor: Make) -> None:
    ada = visitor().sign_up()
    page = ada.get("/")
    assert page.url.path == "/notes"
    assert f">{ada.name}</a>" in page.text
    assert ada.post("/sign-out").url.path == "/sign-in"
    assert ada.get("/notes").url.path == "/sign-in"
    assert ada.sign_in().url.path == "/notes"


def test_a_message_is_told_once(ada: Visitor) -> None:
    page = ada.post("/notes", data={"title": "Bread", "text": "flour"})
    assert "The note is saved." in page.text
    assert "The note is saved." not in ada.get("/notes").text


def test_writing_reading_changing_and_deleting_a_note(ada: Visitor) -> None:
    answer = ada.post("/notes", data={"title": "Bread", "text": "flour"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/notes")
    page = ada.get("/notes").text
    note = re.findall(r'href="(/notes/\d+)"', page)[0]
    assert "flour" in ada.get(note).text
    assert ">\nflour</textarea>" in ada.get(f"{note}/edit").text
    changed = ada.post(note, data={"title": "Cake", "text": "one\r\ntwo"})
    assert changed.url.path == note
    assert "The changes are saved." in changed.text
    assert "one\ntwo" in changed.text
    deleted = ada.post(f"{note}/delete")
    assert deleted.url.path == "/notes"
    assert "“Cake” is deleted." in deleted.text
    assert ada.get(note).status_code == 404


def test_searching(ada: Visitor) -> None:
    ada.write("Rye bread", "sour dough")
    ada.write("Wheat bread", "yeast")
    found = ada.get("/notes", params={"q": "bread dough"}).text
    assert "Rye <mark>bread</mark>" in found
    assert "Wheat" not in found
    assert "Nothing found" in ada.get("/notes", params={"q": "zebra"}).text


def test_a_long_list_has_pages(ada: Visitor) -> None:
    for number in range(52):
        ada.write(f"note {number}.")
    first = ada.get("/notes").text
    assert ">note 51.<" in first
    assert ">note 1.<" not in first
    older = re.findall(r'href="(/notes\?before=\d+)"', first)[0]
    last = ada.get(older).text
    assert ">note 1.<" in last
    assert "Older notes" not in last
    for nonsense in ("x", "9" * 5000, "-1.5"):
        assert ada.get(f"/notes?before={nonsense}").status_code == 422
    assert ada.get(f"/notes?before={'9' * 25}").status_code == 200


@pytest.mark.parametrize("path", ["/notes", "/notes/{id}"])
def test_a_form_with_a_mistake_comes_back_as_it_was(ada: Visitor, path: str) -> None:
    path = path.format(id=ada.write("Bread"))
    page = ada.post(path, data={"title": "  ", "text": "do not lose this"})
    assert page.status_code == 422
    assert "Give the note a title." in page.text
    assert "do not lose this</textarea>" in page.text


def test_a_note_too_long_is_refused(ada: Visitor) -> None:
    page = ada.post("/notes", data={"title": "t" * 121, "text": "x" * 20_001})
    assert page.status_code == 422
    assert "these are 121." in page.text
    assert "these are 20,001." in page.text


@pytest.mark.parametrize(
    ("name", "password", "text"),
    [
        ("", PASSWORD, "with a letter or a digit first"),
        ("a b", PASSWORD, "with a letter or a digit first"),
        ("<b>", PASSWORD, "with a letter or a digit first"),
        ("x" * 41, PASSWORD, "at most 40 characters"),
        ("short-password", "123456789", "at least 10 characters"),
        ("common-password", "Password123", "anybody guesses"),
    ],
)
def test_signing_up_says_what_is_wrong(visitor: Make, name: str, password: str, text: str) -> None:
    page = visitor().post("/sign-up", data={"name": name, "password": password})
    assert page.status_code == 422
    assert text in page.text
    assert password not in page.text


def test_a_name_is_taken_however_it_is_written(visitor: Make) -> None:
    ada = visitor().sign_up()
    page = visitor().post("/sign-up", data={"name": ada.name.upper(), "password": PASSWORD})
    assert page.status_code == 422
    assert "Somebody has this name already." in page.text


def test_who_was_signed_out_while_writing_is_told(visitor: Make) -> None:
    page = visitor().post("/notes", data={"title": "A long text"})
    assert page.url.path == "/sign-in"
    assert "You were signed out." in page.text
    assert "You were signed out." not in visitor().get("/notes").text


def test_signing_in_leads_to_the_page_that_was_asked_for(visitor: Make) -> None:
    ada = visitor().sign_up()
    ada.post("/sign-out")
    assert ada.sign_in(next="/notes?q=bread").url.query == b"q=bread"


@pytest.mark.parametrize(
    "place", ["//evil.example", "https://evil.example", "/\\evil.example", "x"]
)
def test_signing_in_leads_nowhere_else(visitor: Make, place: str) -> None:
    ada = visitor().sign_up()
    ada.post("/sign-out")
    form = {"name": ada.name, "password": PASSWORD, "next": place}
    answer = ada.post("/sign-in", data=form, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/notes")


# A program


def test_the_api_stores_finds_changes_and_deletes(ada: Visitor) -> None:
    answer = ada.post("/api/notes", json={"title": " Bread ", "text": "flour"})
    assert answer.status_code == 201
    note = answer.json()
    assert set(note) == {"id", "title", "text", "created", "changed"}
    assert note["title"] == "Bread"
    place = answer.headers["location"]
    assert ada.get(place).json() == note
    assert ada.get("/api/notes", params={"q": "flour"}).json() == {"notes": [note], "next": None}
    changed = ada.put(place, json={"title": "Cake"}).json()
    assert (changed["title"], changed["text"]) == ("Cake", "")
    assert ada.get("/api/notes", params={"q": "flour"}).json()["notes"] == []
    assert ada.delete(place).status_code == 204
    assert ada.get(place).status_code == 404


def test_the_apis_pages_link_to_each_other(ada: Visitor) -> None:
    for number in range(51):
        ada.write(f"note & {number}")
    first = ada.get("/api/notes", params={"q": "note &"}).json()
    second = ada.get(first["next"]).json()
    assert (len(first["notes"]), len(second["notes"]), second["next"]) == (50, 1, None)


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({}, "/title"),
        ({"title": ""}, "/title"),
        ({"title": "  "}, "/title"),
        ({"title": 5}, "/title"),
        ({"title": "t", "text": None}, "/text"),
        ({"title": "t" * 121}, "/title"),
        ({"title": "t", "unknown": 1}, "unknown"),
        ([], ""),
    ],
)
def test_a_wrong_value_is_422_with_its_place(ada: Visitor, body: object, place: str) -> None:
    answer = ada.post("/api/notes", json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    (error,) = answer.json()["errors"]
    assert place in error["pointer"] + error["detail"]


def test_half_a_character_is_refused(ada: Visitor) -> None:
    for body in (rb'{"title": "\ud800"}', b'{"title": "\xff"}'):
        answer = ada.post("/api/notes", content=body, headers={"content-type": "application/json"})
        assert 400 <= answer.status_code < 500
    assert ada.get("/api/notes?q=%ff%ed%a0%80").status_code == 200
    assert ada.post("/notes", content=b"title=%ff", headers=FORM).status_code == 200
    assert ada.get("/notes?q=" + "word+" * 3000).status_code == 200
    assert ada.head("/notes/events").status_code == 200


def test_what_is_no_json_is_refused(ada: Visitor) -> None:
    answer = ada.post("/api/notes", content=b"{", headers={"content-type": "application/json"})
    assert 400 <= answer.status_code < 500
    assert ada.get("/api/notes", params={"before": "x"}).status_code == 422


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("POST", ""), ("DELETE", "/1")])
def test_the_api_tells_a_stranger_how_to_sign_in(visitor: Make, method: str, path: str) -> None:
    answer = visitor().request(method, f"/api/notes{path}")
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert "www-authenticate" in answer.headers


@pytest.mark.parametrize("note", ["0", "999999999", "9" * 19, "9" * 40, "x", "1.5", "-1"])
def test_a_note_that_is_not_there_is_404(ada: Visitor, note: str) -> None:
    for path in (f"/api/notes/{note}", f"/notes/{note}"):
        assert ada.get(path).status_code == 404, path


def test_an_error_is_a_page_for_a_person_and_json_for_a_program(ada: Visitor) -> None:
    page = ada.get("/nowhere")
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "There is nothing here" in page.text
    assert f">{ada.name}</a>" in page.text
    problem = ada.get("/nowhere", headers={"accept": "*/*"})
    assert (problem.status_code, problem.json()["status"]) == (404, 404)
    refused = ada.put("/notes")
    assert refused.status_code == 405
    assert {"GET", "HEAD", "POST"} <= set(refused.headers["allow"].split(", "))
    assert "That does not work here" in refused.text


def test_files_are_added_sent_and_removed(ada: Visitor) -> None:
    note = f"/notes/{ada.write('Bread')}"
    picture, text = b"\x89PNG" + bytes(range(256)) * 9000, "grüße".encode()
    page = ada.post(
        f"{note}/files",
        files=[
            ("file", ("../../oven.png", picture, "image/png")),
            ("file", ("Grüße.html", text, "text/html")),
        ],
    )
    assert "The files are added." in page.text
    first, second = re.findall(rf'href="({note}/files/\d+)" download', page.text)
    answer = ada.get(first)
    assert answer.content == picture
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-disposition"] == 'attachment; filename="oven.png"'
    part = ada.get(first, headers={"range": "bytes=4-7"})
    assert (part.status_code, part.content) == (206, bytes(range(4)))
    fresh = ada.get(first, headers={"if-none-match": answer.headers["etag"]})
    assert fresh.status_code == 304
    answer = ada.get(second)
    assert answer.content == text
    assert answer.headers["content-type"] == "application/octet-stream"
    assert "filename*=UTF-8''Gr%C3%BC%C3%9Fe.html" in answer.headers["content-disposition"]
    assert "“oven.png” is removed." in ada.post(f"{first}/delete").text
    assert ada.get(first).status_code == 404


def test_a_notes_files_go_with_it(ada: Visitor, database: Path) -> None:
    folder = database.with_name("notes.sqlite3-files")
    before = set(folder.iterdir())
    for method, path in (("POST", "/notes/{}/delete"), ("DELETE", "/api/notes/{}")):
        note = ada.write("Bread")
        ada.post(f"/notes/{note}/files", files={"file": ("a.txt", b"text")})
        assert len(set(folder.iterdir()) - before) == 1
        ada.request(method, path.format(note))
        assert set(folder.iterdir()) == before


def test_nothing_chosen_or_too_many_or_too_large(ada: Visitor) -> None:
    note = ada.write("Bread")
    page = ada.post(f"/notes/{note}/files", files={"file": ("", b"")})
    assert page.status_code == 422
    assert "Choose a file first." in page.text
    many = [("file", (f"{number}.txt", b"x")) for number in range(11)]  # twice is too many
    assert ada.post(f"/notes/{note}/files", files=many).status_code == 200
    page = ada.post(f"/notes/{note}/files", files=many)
    assert page.status_code == 422
    assert "A note holds 20 files at most." in page.text
    for large in ([20 * 2**20 + 1], [15 * 2**20] * 3):
        files = [("file", ("large.bin", bytes(size))) for size in large]
        page = ada.post(f"/notes/{note}/files", files=files)
        assert page.status_code == 413
        assert "That is too much" in page.text
    biggest = {"file": ("biggest.bin", bytes(20 * 2**20))}
    assert "21.0 MB" in ada.post(f"/notes/{note}/files", files=biggest).text


def test_an_open_list_hears_of_changes(ada: Visitor, visitor: Make) -> None:
    revision = re.findall(r'data-revision="([\w-]+)"', ada.get("/notes").text)
    window = visitor(ada.name)  # the same person in another window
    window.cookies.update(ada.cookies)
    with ada.stream("GET", "/notes/events") as answer:
        assert answer.headers["content-type"] == "text/event-stream"
        events = (line.removeprefix("data: ") for line in answer.iter_lines() if line)
        assert [next(events)] == revision
        visitor().sign_up().write("somebody else's")
        note = window.write("Bread")
        first = next(events)
        assert [first] != revision
        window.post(f"/notes/{note}/delete")
        assert next(events) != first
    assert 'href="/notes/' not in ada.get("/notes/list").text
    assert visitor().get("/notes/events").url.path == "/sign-in"


# An attacker


def test_a_wrong_password_and_an_unknown_name_read_the_same(visitor: Make) -> None:
    ada = visitor().sign_up()
    ada.post("/sign-out")
    nobody = visitor()
    wrong, unknown = ada.sign_in("not this one at all"), nobody.sign_in()
    assert wrong.status_code == unknown.status_code == 422
    assert "The name or the password is wrong." in wrong.text
    assert wrong.text.replace(ada.name, "NAME") == unknown.text.replace(nobody.name, "NAME")
    assert ada.get("/notes").url.path == "/sign-in"


def test_nobody_reaches_a_foreign_note(ada: Visitor, visitor: Make) -> None:
    note, bob = ada.write("Diary", "secret"), visitor().sign_up()
    form = {"title": "mine", "text": ""}
    assert bob.get(f"/notes/{note}").status_code == 404
    assert bob.get(f"/notes/{note}/edit").status_code == 404
    assert bob.post(f"/notes/{note}", data=form).status_code == 404
    assert bob.post(f"/notes/{note}", data={"title": ""}).status_code == 404
    assert bob.post(f"/notes/{note}/delete").status_code == 404
    assert bob.post(f"/notes/{note}/files", files={"file": ("a", b"b")}).status_code == 404
    assert bob.get(f"/notes/{note}/files/1").status_code == 404
    assert bob.post(f"/notes/{note}/files/1/delete").status_code == 404
    assert bob.get(f"/api/notes/{note}").status_code == 404
    assert bob.put(f"/api/notes/{note}", json=form).status_code == 404
    assert bob.delete(f"/api/notes/{note}").status_code == 404
    assert "Diary" not in bob.get("/notes", params={"q": "secret"}).text
    assert bob.get("/api/notes").json()["notes"] == []
    assert ada.get(f"/api/notes/{note}").json()["text"] == "secret"


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site", "origin": "https://evil.example"},
        {"sec-fetch-site": "same-site", "origin": "http://other.localhost"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
    ],
)
def test_another_sites_form_is_refused(ada: Visitor, headers: dict[str, str]) -> None:
    note = ada.write("Diary")
    for path in ("/notes", f"/notes/{note}/delete", "/sign-out", "/sign-in", "/sign-up"):
        page = ada.post(path, data={"title": "planted"}, headers=headers)
        assert page.status_code == 403, path
        assert "That is not allowed" in page.text
        assert "default-src 'none'" in page.headers["content-security-policy"]
    assert ada.delete(f"/api/notes/{note}", headers=headers).status_code == 403
    assert "planted" not in ada.get("/notes").text
    assert ada.get(f"/notes/{note}").status_code == 200


def test_our_own_form_passes(ada: Visitor) -> None:
    origin = str(ada.base_url).rstrip("/")
    for headers in ({"sec-fetch-site": "same-origin", "origin": origin}, {"origin": origin}, {}):
        assert ada.post("/notes", data={"title": "mine"}, headers=headers).status_code == 200


def test_text_stays_text(ada: Visitor) -> None:
    note = ada.write(SCRIPT, SCRIPT)
    places = ("/notes", "/notes?q=script", f"/notes/{note}", f"/notes/{note}/edit")
    for path in (*places, f"/notes?q={SCRIPT}"):
        page = ada.get(path).text
        assert "alert(" in page, path
        assert "<script>" not in page, path
    assert "<script>" not in ada.post(f"/notes/{note}/delete").text


def test_every_answer_carries_the_security_headers(ada: Visitor, visitor: Make) -> None:
    answers = [
        visitor().get("/"), visitor().get("/sign-in"), ada.get("/notes"), ada.get("/nowhere"),
        ada.get("/api/notes"), ada.get("/static/notes.js"), ada.put("/notes"),
    ]  # fmt: skip
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
    assert ada.get("/notes").headers["cache-control"] == "no-store"


def test_the_session_cookie_is_out_of_reach_and_changes_at_login(visitor: Make) -> None:
    ada = visitor().sign_up()
    before = dict(ada.cookies)
    ada.post("/sign-out")
    assert dict(ada.cookies) == {}
    answer = ada.post(
        "/sign-in", data={"name": ada.name, "password": PASSWORD}, follow_redirects=False
    )
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert dict(ada.cookies) != before
    thief = visitor()
    thief.cookies.update(before)
    assert thief.get("/notes").url.path == "/sign-in"


def test_staying_signed_in_is_a_choice(visitor: Make) -> None:
    ada = visitor().sign_up()
    for remember, expected in (("", False), ("yes", True)):
        form = {"name": ada.name, "password": PASSWORD, "remember": remember}
        answer = ada.post("/sign-in", data=form, follow_redirects=False)
        assert ("Max-Age" in answer.headers["set-cookie"]) is expected


def test_static_files_are_validated_and_nothing_else_is_served(visitor: Make) -> None:
    anyone = visitor()
    style = anyone.get("/static/style.css")
    assert style.headers["content-type"] == "text/css; charset=utf-8"
    validator = {"if-none-match": style.headers["etag"]}
    again = anyone.get("/static/style.css", headers=validator)
    assert (again.status_code, again.content) == (304, b"")
    for path in ("..%2Fapp.py", "%2e%2e/app.py", "app.py", "", "style.css%00"):
        assert anyone.get(f"/static/{path}").status_code == 404, path


def test_guessing_passwords_is_slowed_down(visitor: Make) -> None:
    ada = visitor().sign_up()
    guesser = visitor(ada.name.upper())
    answers = [guesser.sign_in(f"wrong guess {number}") for number in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert "Too many attempts" in answers[-1].text
    assert ada.get("/notes").url.path == "/notes"


# The account


def handles(page: str, kind: str) -> list[str]:
    return re.findall(rf"/account/{kind}/([\w-]{{10,}})/end", page)


def test_another_device_is_listed_and_signed_out(visitor: Make) -> None:
    here = visitor().sign_up()
    there = visitor(here.name)
    there.headers["user-agent"] = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"
    there.sign_in()
    page = here.get("/account").text
    assert "Firefox on Linux" in page
    assert page.count("this device") == 1
    (handle,) = handles(page, "sessions")
    assert "That device is signed out." in here.post(f"/account/sessions/{handle}/end").text
    assert there.get("/notes").url.path == "/sign-in"
    assert here.get("/notes").url.path == "/notes"
    assert here.post(f"/account/sessions/{handle}/end").status_code == 404


def test_nobody_ends_a_foreign_session(ada: Visitor, visitor: Make) -> None:
    visitor(ada.name).sign_in()
    (handle,) = handles(ada.get("/account").text, "sessions")
    bob = visitor().sign_up()
    assert bob.post(f"/account/sessions/{handle}/end").status_code == 404
    assert handles(ada.get("/account").text, "sessions") == [handle]


def test_all_other_devices_are_signed_out_at_once(visitor: Make) -> None:
    here = visitor().sign_up()
    others = [visitor(here.name), visitor(here.name)]
    for other in others:
        other.sign_in()
    here.post("/account/sessions/end-others")
    assert [other.get("/notes").url.path for other in others] == ["/sign-in"] * 2
    assert here.get("/notes").url.path == "/notes"


def test_changing_the_password(visitor: Make) -> None:
    here = visitor().sign_up()
    there = visitor(here.name)
    there.sign_in()
    before = dict(here.cookies)
    refused = here.post("/account/password", data={"password": "short"})
    assert refused.status_code == 422
    assert "Use at least 10 characters." in refused.text
    page = here.post("/account/password", data={"password": "another horse battery"})
    assert page.url.path == "/account"
    assert "all other devices are signed out" in page.text
    assert dict(here.cookies) != before
    assert there.get("/notes").url.path == "/sign-in"
    assert there.sign_in(PASSWORD).status_code == 422
    assert there.sign_in("another horse battery").url.path == "/notes"


def test_deleting_the_account_takes_everything_with_it(visitor: Make, database: Path) -> None:
    ada, other = visitor().sign_up(), visitor()
    folder = database.with_name("notes.sqlite3-files")
    before = set(folder.iterdir())
    note, key = ada.write("Bread", "flour"), make_key(ada)
    ada.post(f"/notes/{note}/files", files={"file": ("a.txt", b"text")})
    elsewhere = visitor(ada.name)
    elsewhere.sign_in()
    assert "Delete everything" in ada.get("/account/delete").text
    page = ada.post("/account/delete")
    assert page.url.path == "/sign-up"
    assert "The account is deleted." in page.text
    assert set(folder.iterdir()) == before
    assert other.get("/api/notes", headers=key).status_code == 401
    assert elsewhere.get("/notes").url.path == "/sign-in"
    assert ada.sign_in().status_code == 422
    assert visitor(ada.name).sign_up().get("/api/notes?q=bread").json()["notes"] == []


@pytest.mark.parametrize("path", ["/account/password", "/account/keys", "/account/delete"])
def test_an_old_login_has_to_be_confirmed(
    ada: Visitor, an_hour_later: Callable[[], None], path: str
) -> None:
    an_hour_later()
    page = ada.get(path)
    assert (page.url.path, page.url.params["next"]) == ("/confirm", path)
    assert ada.post(path, data={"password": "a thief's password"}).url.path == "/confirm"
    assert ada.post("/confirm", data={"password": "wrong", "next": path}).status_code == 422
    assert ada.post("/confirm", data={"password": PASSWORD, "next": path}).url.path == path


def make_key(owner: Visitor, **form: str) -> dict[str, str]:
    page = owner.post("/account/keys", data={"label": "script", **form})
    (key,) = re.findall(r'<code class="secret">([\w-]+)</code>', page.text)
    return {"authorization": f"Bearer {key}"}


def test_a_key_reads_and_where_allowed_writes(ada: Visitor, visitor: Make) -> None:
    note, script = ada.write("Bread"), visitor()
    reads, writes = make_key(ada), make_key(ada, write="yes")
    found = script.get("/api/notes", headers=reads).json()["notes"]
    assert [each["id"] for each in found] == [note]
    refused = script.post("/api/notes", json={"title": "Cake"}, headers=reads)
    assert refused.status_code == 403
    assert 'error="insufficient_scope"' in refused.headers["www-authenticate"]
    assert script.delete(f"/api/notes/{note}", headers=reads).status_code == 403
    assert script.post("/api/notes", json={"title": "Cake"}, headers=writes).status_code == 201
    assert script.get("/notes", headers=writes).status_code == 403


def test_a_revoked_key_is_worth_nothing(ada: Visitor, visitor: Make) -> None:
    key, script = make_key(ada), visitor()
    (handle,) = handles(ada.get("/account").text, "keys")
    assert visitor().sign_up().post(f"/account/keys/{handle}/end").status_code == 404
    assert script.get("/api/notes", headers=key).status_code == 200
    assert "The key is revoked." in ada.post(f"/account/keys/{handle}/end").text
    refused = script.get("/api/notes", headers=key)
    assert refused.status_code == 401
    assert 'error="invalid_token"' in refused.headers["www-authenticate"]


def test_a_wrong_key_is_refused_even_with_a_session(ada: Visitor) -> None:
    answer = ada.get("/api/notes", headers={"authorization": "Bearer nonsense"})
    assert answer.status_code == 401


@pytest.mark.parametrize("label", ["", "  ", "x" * 61])
def test_a_key_needs_a_name(ada: Visitor, label: str) -> None:
    page = ada.post("/account/keys", data={"label": label})
    assert page.status_code == 422
    assert "The key was not made." in page.text


# The service


def test_what_was_written_outlives_a_restart(tmp_path: Path) -> None:
    database = tmp_path / "kept.sqlite3"
    costly = {"NOTES_ARGON2": ""}  # as people have it
    with serving(database, **costly) as address, Visitor(address, "ada") as ada:
        note = ada.sign_up().write("Bread", "flour")
        cookies = dict(ada.cookies)
    with serving(database) as address, Visitor(address, "ada") as ada:
        ada.cookies.update(cookies)
        assert "flour" in ada.get(f"/notes/{note}").text
    assert database.stat().st_mode & 0o077 == 0
    with sqlite3.connect(database) as db:
        (stored,) = db.execute("SELECT password_hash FROM users").fetchone()
    db.close()
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    content = b"".join(
        path.read_bytes() for path in tmp_path.glob("kept.sqlite3*") if path.is_file()
    )
    for secret in (PASSWORD, *cookies.values()):
        assert secret.encode() not in content


def test_a_failure_is_logged_and_shows_nothing_of_the_inside(tmp_path: Path) -> None:
    database = tmp_path / "notes.sqlite3"
    with serving(database) as address, Visitor(address, "ada") as ada:
        ada.sign_up()
        with sqlite3.connect(database) as db:
            db.execute("DROP TABLE notes")
        db.close()
        page = ada.get("/notes")
        problem = ada.get("/api/notes")
        assert (page.status_code, problem.status_code) == (500, 500)
        assert "Something went wrong" in page.text
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert problem.json()["title"] == "Internal Server Error"
        assert "sqlite" not in page.text + problem.text
        assert ada.get("/account").status_code == 200
    log = (tmp_path / "server.log").read_text()
    assert "no such table: notes" in log
    assert PASSWORD not in log


def test_it_stops_while_a_list_is_followed(tmp_path: Path) -> None:
    service = serving(tmp_path / "notes.sqlite3", "--linger", "0.2")
    with contextlib.ExitStack() as after, service as address:
        ada = after.enter_context(Visitor(address, "ada")).sign_up()
        answer = after.enter_context(ada.stream("GET", "/notes/events"))
        lines = answer.iter_lines()
        assert next(lines).startswith("data: ")
        began = time.monotonic()
    assert time.monotonic() - began < 10  # the server waits a little for who does not hang up


def test_a_cost_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    service = serving(tmp_path / "notes.sqlite3", NOTES_ARGON2="cheap")
    with pytest.raises(AssertionError, match="write it like m=65536,t=3,p=4"), service:
        pass


def test_behind_https_the_cookie_is_bound_to_the_host(tmp_path: Path) -> None:
    with (
        serving(tmp_path / "notes.sqlite3", NOTES_HTTPS="1") as address,
        Visitor(address, "ada") as ada,
    ):
        answer = ada.post(
            "/sign-up", data={"name": "ada", "password": PASSWORD}, follow_redirects=False
        )
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-")
    assert "Secure" in cookie
