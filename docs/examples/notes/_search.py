"""Finding notes by words: with SQLite's full-text index where it was built in, else by LIKE.

Both find the notes that hold every word of the query. The index finds words by their beginning and
looks past accents ("cafe" finds "Café"); LIKE finds the letters anywhere.
"""

import sqlite3

WORDS = 20  # of a query that are looked for: SQLite refuses conditions of a thousand parts
INDEX = """
CREATE VIRTUAL TABLE IF NOT EXISTS notes_index USING fts5 (
    title, text, content='notes', content_rowid='id', tokenize='unicode61 remove_diacritics 2'
);
CREATE TRIGGER notes_index_insert AFTER INSERT ON notes BEGIN
    INSERT INTO notes_index (rowid, title, text) VALUES (new.id, new.title, new.text);
END;
CREATE TRIGGER notes_index_delete AFTER DELETE ON notes BEGIN
    INSERT INTO notes_index (notes_index, rowid, title, text)
    VALUES ('delete', old.id, old.title, old.text);
END;
CREATE TRIGGER notes_index_update AFTER UPDATE OF title, text ON notes BEGIN
    INSERT INTO notes_index (notes_index, rowid, title, text)
    VALUES ('delete', old.id, old.title, old.text);
    INSERT INTO notes_index (rowid, title, text) VALUES (new.id, new.title, new.text);
END;
INSERT INTO notes_index (notes_index) VALUES ('rebuild');
"""
NO_INDEX = """
DROP TRIGGER IF EXISTS notes_index_insert;
DROP TRIGGER IF EXISTS notes_index_delete;
DROP TRIGGER IF EXISTS notes_index_update;
"""


def has_full_text(connection: sqlite3.Connection) -> bool:
    """Whether this SQLite was built with FTS5."""
    query = "SELECT 1 FROM pragma_compile_options WHERE compile_options = 'ENABLE_FTS5'"
    return connection.execute(query).fetchone() is not None


def prepare(connection: sqlite3.Connection, *, full_text: bool) -> None:
    """Make the index, or leave none that goes stale: another machine may have written the file."""
    known = "SELECT 1 FROM sqlite_master WHERE name = 'notes_index_insert'"
    indexed = connection.execute(known).fetchone() is not None
    if indexed != full_text:
        connection.executescript(f"BEGIN IMMEDIATE; {INDEX if full_text else NO_INDEX}; COMMIT")


def condition(query: str, *, full_text: bool) -> tuple[str, list[str]]:
    """The SQL condition on ``notes`` for the words of ``query``, and its parameters."""
    words = query.replace("\0", " ").split()[:WORDS]  # for FTS5 a NUL ends the query
    if not words:
        return "1", []
    if full_text:
        # Quoted, a word is no operator and no column to FTS5. The star makes it a beginning.
        terms = " ".join('"' + word.replace('"', '""') + '"*' for word in words)
        return "id IN (SELECT rowid FROM notes_index WHERE notes_index MATCH ?)", [terms]
    contains = "(title || char(10) || text) LIKE ? ESCAPE '\\'"
    return " AND ".join([contains] * len(words)), [f"%{_literal(word)}%" for word in words]


def _literal(word: str) -> str:
    """``word`` with LIKE's own signs taken literally."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
