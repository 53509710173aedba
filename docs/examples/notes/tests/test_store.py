"""The stores on real SQLite files, with and without the full-text index."""

import asyncio
import os
import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notes import _database
from notes._database import Database
from notes.files import FileStore
from notes.store import NoteNotFound, NoteStore
from notes.users import NameTaken, UserStore

START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def has_fts5() -> bool:
    with sqlite3.connect(":memory:") as db:
        found = db.execute(
            "SELECT 1 FROM pragma_compile_options WHERE compile_options = 'ENABLE_FTS5'"
        ).fetchone()
    db.close()
    return found is not None


SEARCHES = [True, False] if has_fts5() else [False]


def clock() -> Iterator[datetime]:
    moment = START
    while True:
        yield moment
        moment += timedelta(minutes=1)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(tmp_path / "notes.sqlite3")
    await database.open()
    users = UserStore(database)
    await users.add("ada", "hash of ada")
    await users.add("bob", "hash of bob")
    yield database
    await database.close()


@pytest.fixture(params=SEARCHES, ids=lambda full_text: "index" if full_text else "like")
async def store(database: Database, request: pytest.FixtureRequest) -> NoteStore:
    ticks = clock()
    store = NoteStore(database, now=lambda: next(ticks), full_text=request.param)
    await store.open()
    return store


ADA, BOB = 1, 2


async def titles(store: NoteStore, query: str, owner: int = ADA) -> list[str]:
    return [note.title for note in (await store.find(owner, query)).notes]


async def test_a_note_comes_back_as_it_was_stored(store: NoteStore) -> None:
    note = await store.add(ADA, "Bread", "flour\nwater 'and' \"salt\" \N{BREAD}")
    assert note.created == note.changed == START
    assert await store.get(ADA, note.id) == note
    assert (await store.find(ADA)).notes == [note]


async def test_a_change_keeps_the_creation(store: NoteStore) -> None:
    note = await store.add(ADA, "Bread", "flour")
    changed = await store.change(ADA, note.id, "Cake", "sugar")
    assert (changed.title, changed.text, changed.created) == ("Cake", "sugar", START)
    assert changed.changed == START + timedelta(minutes=1)
    assert await store.get(ADA, note.id) == changed


async def test_a_deleted_note_is_gone_and_its_id_is_not_used_again(store: NoteStore) -> None:
    note = await store.add(ADA, "Bread", "")
    assert await store.delete(ADA, note.id) == note
    with pytest.raises(NoteNotFound):
        await store.get(ADA, note.id)
    assert (await store.add(ADA, "Cake", "")).id > note.id


async def test_nobody_reaches_another_users_note(store: NoteStore) -> None:
    note = await store.add(ADA, "Diary", "secret")
    for attempt in (
        store.get(BOB, note.id),
        store.change(BOB, note.id, "mine", "now"),
        store.delete(BOB, note.id),
        store.get(BOB, note.id + 1),
        store.get(ADA, 2**63),
    ):
        with pytest.raises(NoteNotFound, match="there is no such note"):
            await attempt
    assert await titles(store, "secret", BOB) == []
    assert (await store.find(BOB)).notes == []
    assert await store.get(ADA, note.id) == note


async def test_search_wants_every_word_in_title_or_text(store: NoteStore) -> None:
    await store.add(ADA, "Rye bread", "sour dough")
    await store.add(ADA, "Wheat bread", "yeast")
    assert await titles(store, "bread") == ["Wheat bread", "Rye bread"]
    assert await titles(store, "BREAD dough") == ["Rye bread"]
    assert await titles(store, "dou") == ["Rye bread"]
    assert await titles(store, "bread cheese") == []
    assert await titles(store, "  ") == ["Wheat bread", "Rye bread"]


async def test_search_follows_changes_and_deletions(store: NoteStore) -> None:
    note = await store.add(ADA, "Bread", "flour")
    await store.change(ADA, note.id, "Cake", "sugar")
    assert await titles(store, "flour") == []
    assert await titles(store, "sugar") == ["Cake"]
    await store.delete(ADA, note.id)
    assert await titles(store, "sugar") == []


@pytest.mark.parametrize(
    "query",
    [
        "100%",
        "50_50",
        'say "hi"',
        "a\\b",
        "NOT",
        "title:",
        "(",
        "*",
        "^x",
        "a OR",
        "-",
        "'",
        "+",
        "{a}",
    ],
)
async def test_a_querys_signs_are_only_text(store: NoteStore, query: str) -> None:
    await store.add(ADA, "Everything", f"before {query} after")
    await store.add(ADA, "Nothing", "unrelated")
    assert "Nothing" not in await titles(store, f"before {query}")
    assert await titles(store, f"{query} before") == ["Everything"]


async def test_a_query_of_very_many_words_is_answered(store: NoteStore) -> None:
    await store.add(ADA, "Bread", "")
    assert await titles(store, "bread " * 5000) == ["Bread"]
    assert await titles(store, "bread " * 19 + "flour " * 5000) == []


async def test_the_list_comes_in_pages(store: NoteStore) -> None:
    for number in range(5):
        await store.add(ADA, f"note {number}", "")
    first = await store.find(ADA, limit=2)
    second = await store.find(ADA, limit=2, before=first.before)
    third = await store.find(ADA, "note", limit=2, before=second.before)
    assert [[n.title for n in page.notes] for page in (first, second, third)] == [
        ["note 4", "note 3"], ["note 2", "note 1"], ["note 0"],
    ]  # fmt: skip
    assert third.before is None
    assert len((await store.find(ADA, before=2**64)).notes) == 5


async def test_an_exactly_full_page_is_the_last(store: NoteStore) -> None:
    for number in range(2):
        await store.add(ADA, f"note {number}", "")
    assert (await store.find(ADA, limit=2)).before is None


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(query=st.text(max_size=30))
def test_any_query_is_answered(query: str) -> None:
    async def search() -> None:
        database = Database(":memory:")
        await database.open()
        try:
            for full_text in SEARCHES:
                store = NoteStore(database, full_text=full_text)
                await store.open()
                await store.find(ADA, query)
        finally:
            await database.close()

    asyncio.run(search())


async def test_a_file_moves_between_machines_with_and_without_the_index(database: Database) -> None:
    store = NoteStore(database)
    for full_text in (*SEARCHES, *SEARCHES):
        store = NoteStore(database, full_text=full_text)
        await store.open()
        await store.add(ADA, f"index {full_text}", "written")
        assert (await titles(store, "written"))[0] == f"index {full_text}"
    assert len(await titles(store, "written")) == 2 * len(SEARCHES)


async def test_the_index_is_used_where_it_is_built_in(database: Database) -> None:
    store = NoteStore(database)
    await store.open()
    await store.add(ADA, "Café", "")
    assert await titles(store, "cafe") == (["Café"] if has_fts5() else [])


async def test_only_old_leftovers_are_cleared_away(database: Database, tmp_path: Path) -> None:
    notes, files = NoteStore(database), FileStore(database, tmp_path / "files")
    await files.open()
    note = await notes.add(ADA, "Bread", "")

    async def save(path: Path) -> None:
        path.write_bytes(b"text")

    await files.add(ADA, note.id, "kept.txt", 4, save)
    for name, age in (("old", 7200), ("young", 60)):
        (files.folder / name).touch()
        os.utime(files.folder / name, (time.time() - age, time.time() - age))
    (kept,) = await files.of(ADA, note.id)
    os.utime(files.folder / kept.stored, (0, 0))
    await files.open()
    assert {path.name for path in files.folder.iterdir()} == {kept.stored, "young"}


async def test_a_file_for_a_note_that_is_gone_leaves_nothing(
    database: Database, tmp_path: Path
) -> None:
    files = FileStore(database, tmp_path / "files")
    await files.open()

    async def save(path: Path) -> None:
        path.write_bytes(b"text")

    with pytest.raises(NoteNotFound):
        await files.add(ADA, 99, "lost.txt", 4, save)
    assert list(files.folder.iterdir()) == []


async def test_names_are_unique_however_they_are_written(database: Database) -> None:
    users = UserStore(database)
    for name in ("ada", "ADA", " Ada ", "\N{FULLWIDTH LATIN SMALL LETTER A}da"):
        with pytest.raises(NameTaken):
            await users.add(name, "hash")
    found = await users.named("aDa")
    assert found is not None
    assert (found.id, found.name) == (ADA, "ada")
    assert await users.named("nobody") is None
    assert await users.principal("99") is None
    assert await users.account("nobody") is None


async def test_a_password_hash_is_replaced_and_never_shown(database: Database) -> None:
    users = UserStore(database)
    await users.set_password_hash(str(ADA), "another")
    account = await users.account("ada")
    assert account is not None
    assert account.password_hash == "another"
    assert "another" not in repr(account) + repr(await users.named("ada"))
    assert await users.principal(str(ADA)) == account.principal


async def test_sqlite_runs_on_one_thread_that_is_not_the_loops(database: Database) -> None:
    threads = {await database.run(lambda db: threading.get_ident()) for _ in range(3)}
    assert len(threads) == 1
    assert threading.get_ident() not in threads


async def test_what_failed_is_rolled_back(database: Database) -> None:
    def fail(db: sqlite3.Connection) -> None:
        db.execute(
            "INSERT INTO users (name, name_key, password_hash, created) VALUES ('c', 'c', '', '')"
        )
        raise ValueError("changed its mind")

    with pytest.raises(ValueError, match="changed its mind"):
        await database.run(fail)
    assert await UserStore(database).named("c") is None


async def test_the_file_survives_and_migrations_run_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "notes.sqlite3"
    for _ in range(2):
        database = Database(path)
        await database.open()
        users = UserStore(database)
        if await users.named("ada") is None:
            await users.add("ada", "hash")
        await database.close()
    monkeypatch.setattr(
        _database, "MIGRATIONS", (*_database.MIGRATIONS, "ALTER TABLE users ADD COLUMN x")
    )
    database = Database(path)
    await database.open()
    columns = await database.run(lambda db: db.execute("SELECT * FROM users").fetchone().keys())
    assert "x" in columns
    await database.close()


async def test_using_it_out_of_order_says_what_to_do(tmp_path: Path) -> None:
    database = Database(tmp_path / "notes.sqlite3")
    with pytest.raises(RuntimeError, match=r"await database.open\(\) first"):
        await database.run(lambda db: None)
    await database.open()
    with pytest.raises(RuntimeError, match="open already"):
        await database.open()
    await database.close()
