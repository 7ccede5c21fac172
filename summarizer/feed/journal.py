"""The journal of a feed: one SQLite file that says what is done, what failed and what waits.

One row an item. Everything that happens is one transaction, so a run that is killed has done
what the journal says and nothing else. One run at a time; others may read meanwhile (WAL).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from filelock import FileLock, Timeout

from summarizer.errors import JournalError
from summarizer.feed.entries import Entry

APPLICATION_ID, VERSION = 0x4D756A7A, 2  # "Mujz"
BUSY_S = 10.0  # how long another program may hold the database before we give up

State = Literal["waiting", "done", "failed"]
STATES: tuple[State, ...] = ("waiting", "done", "failed")

_SCHEMA = """
CREATE TABLE item (
    number    INTEGER PRIMARY KEY,  -- in the order of first sight; never changes
    key       TEXT NOT NULL UNIQUE, -- the entry's id
    content   TEXT NOT NULL,        -- sha256 of what the brief is made of
    settings  TEXT NOT NULL,        -- hash of engine, revision and settings
    state     TEXT NOT NULL,        -- waiting, done, failed
    attempts  INTEGER NOT NULL DEFAULT 0,
    error     TEXT NOT NULL DEFAULT '',
    hint      TEXT NOT NULL DEFAULT '',
    title     TEXT NOT NULL,
    url       TEXT,
    outlet    TEXT NOT NULL,
    published TEXT,                 -- ISO 8601
    entry     TEXT NOT NULL,        -- the Entry as JSON; without its text once it is done
    result    TEXT,                 -- {"brief": …, "translation": …}
    vector    BLOB,                 -- embedding of headline and beginning, float32
    run       INTEGER NOT NULL,     -- in which it was new or changed last
    changes   INTEGER NOT NULL DEFAULT 0,  -- how often it was made anew since it was new
    seen      INTEGER NOT NULL      -- the reading of the source that had it last
);
CREATE INDEX item_state ON item (state, number);
CREATE INDEX item_run ON item (run, state);
CREATE INDEX item_url ON item (url);
CREATE INDEX item_content ON item (content);
CREATE TABLE run (
    number    INTEGER PRIMARY KEY,
    source    TEXT NOT NULL,
    options   TEXT NOT NULL,
    finished  INTEGER NOT NULL DEFAULT 0  -- 1 once its outputs are written, -1 while what failed
                                          -- in it is done again
);
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
# What is out with a worker, or failed and has to wait; forgotten when this process ends.
_HAND = """CREATE TEMP TABLE hand (
    number INTEGER PRIMARY KEY, due REAL NOT NULL, alone INTEGER NOT NULL)"""


@dataclass(frozen=True, slots=True)
class Item:
    """What the journal knows of one entry.

    Attributes:
        number: Its place in the order of first sight, from 1.
        key: The entry's id; made unique where a feed uses one twice.
        state: "waiting", "done" or "failed".
        attempts: How often it was worked on.
        error: Why it failed, or "".
        hint: The way out, or "".
        title: As the feed has it.
        url: Of the article.
        outlet: Who published it.
        published: ISO 8601.
        run: The run in which it was new or changed last.
        changes: How often its content or its settings changed since.
        brief: The stable JSON form of its `Brief`, if it is done.
        translation: That of its full `Translation`, if that was asked for.
    """

    number: int
    key: str
    state: State
    attempts: int
    error: str
    hint: str
    title: str
    url: str | None
    outlet: str
    published: str | None
    run: int
    changes: int
    brief: dict[str, Any] | None = None
    translation: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """An item that is to be worked on."""

    number: int
    entry: Entry


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a task.

    Attributes:
        number: Of the item.
        result: {"brief": …, "translation": …} as JSON; "" where it failed.
        vector: For grouping; None where grouping is off.
        error: Why it failed.
        hint: The way out.
        passing: Whether it may go well another time.
        segments: Sentences and headlines that were translated.
    """

    number: int
    result: str = ""
    vector: bytes | None = None
    error: str = ""
    hint: str = ""
    passing: bool = False
    segments: int = 0


_COLUMNS = (
    "number, key, state, attempts, error, hint, title, url, outlet, published, run, changes, result"
)


class Journal:
    """An open journal; use it in a `with`.

    Args:
        path: The file; made if it is not there.
        write: Whether to take the lock of the one run that may write.

    Raises:
        JournalError: Another run has it, it is no journal, or it can't be read or written.
    """

    def __init__(self, path: str | Path, *, write: bool = False) -> None:
        self.path = Path(path)
        self._lock = FileLock(f"{self.path}.lock") if write else None
        self.reading = 0
        if not write and not self.path.is_file():
            raise JournalError(f"There is no journal {self.path}.", hint="mujaz feed makes one.")
        if self._lock:
            self._acquire(self._lock)
        try:
            with self._told():
                self._db = self._connect(write)
        except JournalError:
            self._release()
            raise

    def _acquire(self, lock: FileLock) -> None:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise JournalError(
                f"Another run is using the journal {self.path}.",
                hint="Wait until it ends, or name another journal (--journal).",
            ) from None
        except OSError as error:
            raise JournalError(
                f"The journal {self.path} cannot be written: {error.strerror}.",
                hint="Name another place (--journal).",
            ) from error

    def _connect(self, write: bool) -> sqlite3.Connection:
        if write:
            db = sqlite3.connect(self.path, timeout=BUSY_S, isolation_level=None)
        else:
            place = f"{self.path.absolute().as_uri()}?mode=ro"
            db = sqlite3.connect(place, uri=True, timeout=BUSY_S, isolation_level=None,
                                 check_same_thread=False)  # fmt: skip
        self._db = db
        found = db.execute("PRAGMA application_id").fetchone()[0]
        tables = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if found != APPLICATION_ID and (tables or not write):
            raise JournalError(f"{self.path} is no journal of Mujaz.", hint="Name another file.")
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if tables and version != VERSION:
            raise JournalError(
                f"{self.path} is a journal of version {version}; this Mujaz reads {VERSION}.",
                hint="Name another journal; everything is done again.",
            )
        if write:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            if not tables:
                db.executescript(
                    f"BEGIN; PRAGMA application_id = {APPLICATION_ID};"
                    f"PRAGMA user_version = {VERSION}; {_SCHEMA} COMMIT;"
                )
            db.execute("PRAGMA temp_store = MEMORY")
            db.execute(_HAND)
        return db

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of file and lock."""
        with suppress(sqlite3.Error):
            self._db.close()
        self._release()

    def _release(self) -> None:
        if self._lock:
            self._lock.release()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """SQLite's errors as ours."""
        try:
            yield
        except sqlite3.Error as error:
            said = str(error)
            hint = "Name another journal (--journal)."
            if "locked" in said or "busy" in said:
                said, hint = "another program has locked it", "Close that program and try again."
            elif "full" in said or "I/O" in said:
                said = f"the disk is full or fails ({said})"
                hint = "Make room; the same command goes on where this one stopped."
            elif "not a database" in said or "malformed" in said:
                said = "it is no journal, or damaged"
            raise JournalError(f"The journal {self.path} cannot be used: {said}.", hint=hint) from (
                error
            )

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._told():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # a full disk has rolled it back already
                    self._db.execute("ROLLBACK")
                raise

    def _query(self, sql: str, *values: object) -> Iterator[tuple[Any, ...]]:
        with self._told():
            yield from self._db.execute(sql, values)

    def _value(self, sql: str, *values: object) -> Any:
        row = next(self._query(sql, *values), None)
        return row[0] if row else None

    # --- runs -----------------------------------------------------------------------

    def begin(self, source: str, options: Mapping[str, object]) -> int:
        """The number of this run: the one that was not finished, else a new one."""
        asked = json.dumps(options, ensure_ascii=False, sort_keys=True)
        with self._transaction() as db:
            self.reading = 1 + int(self._value("SELECT max(seen) FROM item") or 0)
            number: int | None = self._value("SELECT max(number) FROM run WHERE finished < 1")
            if number is None:
                sql = "INSERT INTO run (source, options) VALUES (?, ?)"
                number = db.execute(sql, (source, asked)).lastrowid
            else:
                sql = "UPDATE run SET source = ?, options = ?, finished = 0 WHERE number = ?"
                db.execute(sql, (source, asked, number))
        assert number is not None
        return number

    def reopen(self, options: Mapping[str, object]) -> int:
        """The number of the last run, to go on with what its source had."""
        asked = json.dumps(options, ensure_ascii=False, sort_keys=True)
        with self._transaction() as db:
            self.reading = int(self._value("SELECT max(seen) FROM item") or 0)
            sql = (
                "UPDATE run SET options = ?, finished = -abs(finished)"
                " WHERE number = (SELECT max(number) FROM run) RETURNING number"
            )
            return int(db.execute(sql, (asked,)).fetchone()[0])

    def finish_run(self, number: int) -> None:
        """Its outputs are written."""
        with self._transaction() as db:
            db.execute("UPDATE run SET finished = 1 WHERE number = ?", (number,))

    def last_run(self) -> tuple[int, str, dict[str, Any], bool] | None:
        """Number, source, options and whether it was finished."""
        sql = "SELECT number, source, options, finished FROM run ORDER BY number DESC LIMIT 1"
        row = next(self._query(sql), None)
        return (row[0], row[1], json.loads(row[2]), row[3] == 1) if row else None

    def was_whole(self, number: int) -> bool:
        """Whether a run was finished once, before what failed in it was tried again."""
        return bool(self._value("SELECT finished FROM run WHERE number = ?", number))

    def fact(self, name: str) -> str:
        """What was remembered under this name, or ""."""
        return str(self._value("SELECT value FROM fact WHERE name = ?", name) or "")

    def remember(self, facts: Mapping[str, str]) -> None:
        """Remember some facts about the feed."""
        with self._transaction() as db:
            db.executemany("INSERT OR REPLACE INTO fact VALUES (?, ?)", list(facts.items()))

    # --- entries in -----------------------------------------------------------------

    def add(self, entries: Iterable[Entry], settings: str, run: int) -> list[str]:
        """Take entries in, in one transaction.

        Returns:
            For each what it is: "new", "known" (nothing to do), "changed", "again" (known, but
            under other settings), "moved" (known, under another id), "repeated" (the same id
            and content twice in one reading).
        """
        with self._transaction():
            return [self._add(entry, settings, run) for entry in entries]

    def _add(self, entry: Entry, settings: str, run: int) -> str:
        content = entry.content
        apart = _apart(entry, content)
        row = self._find(entry, apart, content)
        if row is None:
            self._insert(entry, content, settings, run)
            return "new"
        number, key, was, under, seen = row
        if seen == self.reading:
            return "repeated" if was == content else self._add(apart, settings, run)
        entry = apart if key == apart.id else entry
        what = "moved" if key != entry.id else "known"
        if was != content or under != settings:
            what = "changed" if was != content else "again"
            self._renew(number, entry, content, settings, run)
        self._db.execute("UPDATE item SET seen = ? WHERE number = ?", (self.reading, number))
        return what

    def _find(
        self, entry: Entry, apart: Entry, content: str
    ) -> tuple[int, str, str, str, int] | None:
        """The row of an entry: by id, else (ids do change) by address and words, else by words.

        Entries that share an id may come in any order, so first the one with the same words.
        """
        select = "SELECT number, key, content, settings, seen FROM item WHERE "
        tries: list[tuple[str, Sequence[object]]] = [
            ("key IN (?, ?) AND content = ?", [entry.id, apart.id, content]),
            ("key = ?", [entry.id]),
        ]
        if entry.url:
            where = "url = ? AND (content = ? OR title = ?) AND seen < ?"
            tries.append((where, [entry.url, content, entry.title, self.reading]))
        elif not entry.error:
            where = "content = ? AND url IS NULL AND seen < ?"
            tries.append((where, [content, self.reading]))
        for where, values in tries:
            if row := next(self._query(f"{select}{where} ORDER BY number", *values), None):
                return row[0], row[1], row[2], row[3], row[4]
        return None

    def _insert(self, entry: Entry, content: str, settings: str, run: int) -> None:
        self._db.execute(
            "INSERT INTO item (number, key, content, settings, state, error, title, url, outlet,"
            " published, entry, run, seen)"
            " VALUES ((SELECT ifnull(max(number), 0) + 1 FROM item), ?,?,?,?,?,?,?,?,?,?,?,?)",
            (entry.id, content, settings, *self._fields(entry), run, self.reading),
        )

    def _renew(self, number: int, entry: Entry, content: str, settings: str, run: int) -> None:
        self._db.execute(
            "UPDATE item SET content = ?, settings = ?, state = ?, error = ?, title = ?, url = ?,"
            " outlet = ?, published = ?, entry = ?, run = ?, changes = changes + 1,"
            " attempts = 0, hint = '', result = NULL, vector = NULL WHERE number = ?",
            (content, settings, *self._fields(entry), run, number),
        )

    def _fields(self, entry: Entry) -> tuple[object, ...]:
        """State, error, title, url, outlet, published, entry."""
        state = "failed" if entry.error else "waiting"
        return (state, entry.error, entry.title, entry.url, entry.outlet, entry.published,
                entry.to_json())  # fmt: skip

    # --- work out and in ------------------------------------------------------------

    def adopt(self, settings: str) -> None:
        """The source has been read: what waits from earlier runs is done as it is now asked."""
        with self._transaction() as db:
            db.execute("UPDATE item SET settings = ? WHERE state = 'waiting'", (settings,))

    def take(self, count: int, now: float, *, least: int, unseen: bool) -> list[Task]:
        """Up to `count` items that wait and are due; one alone where that was asked for.

        Args:
            count: At most so many.
            now: Only what is due by then.
            least: None if there are fewer, unless one has to be done alone.
            unseen: Also what the source did not have in this reading, or not yet.
        """
        sql = (
            "SELECT item.number, entry, ifnull(alone, 0) FROM item LEFT JOIN hand USING (number)"
            " WHERE state = 'waiting' AND ifnull(due, 0) <= ? AND (? OR seen = ?)"
            " ORDER BY ifnull(alone, 0) DESC, item.number LIMIT ?"
        )
        with self._transaction() as db:
            rows = db.execute(sql, (now, unseen, self.reading, count)).fetchall()
            if rows and rows[0][2]:
                rows = rows[:1]
            elif len(rows) < least:
                return []
            self._hold((row[0] for row in rows), float("inf"))
        return [Task(number, Entry.from_json(entry)) for number, entry, _ in rows]

    def put_back(self, numbers: Iterable[int], due: float, *, alone: bool = False) -> None:
        """Let items be taken again, not before a time."""
        with self._transaction():
            self._hold(numbers, due, alone)

    def _hold(self, numbers: Iterable[int], due: float, alone: bool = False) -> None:
        self._db.executemany(
            "INSERT OR REPLACE INTO hand VALUES (?, ?, ?)", [(n, due, alone) for n in numbers]
        )

    def record(self, outcomes: Sequence[Outcome], retries: int, due: float) -> list[Outcome]:
        """Write down what became of tasks, in one transaction.

        Args:
            outcomes: Of one window.
            retries: How often something is tried again that may go well another time.
            due: When it is, if it is.

        Returns:
            The outcomes that are final.
        """
        final = []
        with self._transaction() as db:
            for one in outcomes:
                sql = "UPDATE item SET attempts = attempts + 1 WHERE number = ? RETURNING attempts"
                attempts = db.execute(sql, (one.number,)).fetchone()[0]
                if one.error and one.passing and attempts <= retries:
                    self._hold([one.number], due)
                    continue
                final.append(one)
                self._settle(db, one)
        return final

    def _settle(self, db: sqlite3.Connection, one: Outcome) -> None:
        db.execute("DELETE FROM hand WHERE number = ?", (one.number,))
        if one.error:
            sql = "UPDATE item SET state = 'failed', error = ?, hint = ? WHERE number = ?"
            db.execute(sql, (one.error, one.hint, one.number))
            return
        sql = "SELECT entry FROM item WHERE number = ?"
        entry = Entry.from_json(db.execute(sql, (one.number,)).fetchone()[0])
        db.execute(
            "UPDATE item SET state = 'done', error = '', hint = '', result = ?, vector = ?,"
            " entry = ?, published = coalesce(published, ?) WHERE number = ?",
            (
                one.result,
                one.vector,
                replace(entry, text="").to_json(),
                json.loads(one.result)["brief"]["source"]["published"],  # found in the text
                one.number,
            ),
        )

    def retry_failed(self, run: int) -> int:
        """Let every failed item that was an entry at all wait again, in this run; how many."""
        with self._transaction() as db:
            sql = (
                "UPDATE item SET state = 'waiting', attempts = 0, error = '', hint = '', run = ?"
                " WHERE state = 'failed' AND json_extract(entry, '$.error') = ''"
            )
            return db.execute(sql, (run,)).rowcount

    # --- reading --------------------------------------------------------------------

    def oddities(self) -> dict[str, int]:
        """How many entries of this reading of the source had each warning, by code."""
        sql = (
            "SELECT json_extract(warning.value, '$.code'), count(*) FROM item,"
            " json_each(item.entry, '$.warnings') AS warning WHERE seen = ? GROUP BY 1 ORDER BY 1"
        )
        return dict(self._query(sql, self.reading))

    def any_waiting(self) -> bool:
        """Whether an item waits or is in hand."""
        return bool(self._value("SELECT EXISTS (SELECT 1 FROM item WHERE state = 'waiting')"))

    def counts(self, *, run: int | None = None) -> dict[State, int]:
        """How many items are in each state, in all or of one run."""
        where, values = ("", ()) if run is None else ("WHERE run = ?", (run,))
        sql = f"SELECT state, count(*) FROM item {where} GROUP BY state"  # noqa: S608
        found = {row[0]: row[1] for row in self._query(sql, *values)}
        return {state: found.get(state, 0) for state in STATES}

    def items(
        self,
        *,
        state: State | None = None,
        run: int | None = None,
        seen: int | None = None,
        results: bool = False,
    ) -> Iterator[Item]:
        """Items in the order of their numbers, one at a time.

        Args:
            state: Only those in this state.
            run: Only those that were new or changed in this run.
            seen: Only those that this reading of the source had.
            results: Whether to read the briefs, too.
        """
        columns = _COLUMNS if results else _COLUMNS.replace("result", "NULL")
        where = "(?1 IS NULL OR state = ?1) AND (?2 IS NULL OR run = ?2)"
        where += " AND (?3 IS NULL OR seen = ?3)"
        sql = f"SELECT {columns} FROM item WHERE {where} ORDER BY number"  # noqa: S608
        return map(_item, self._query(sql, state, run, seen))

    def item(self, number: int) -> Item:
        """One item with its brief."""
        sql = f"SELECT {_COLUMNS} FROM item WHERE number = ?"  # noqa: S608
        return _item(next(self._query(sql, number)))

    def vectors(self) -> Iterator[tuple[int, bytes]]:
        """Number and embedding of every item that has one."""
        rows = self._query(
            "SELECT number, vector FROM item WHERE state = 'done' AND vector IS NOT NULL"
            " ORDER BY number"
        )
        return ((row[0], row[1]) for row in rows)

    def content_of(self, number: int) -> str:
        """The hash of what the item's brief is made of; of a file wherever it lies."""
        sql = "SELECT ifnull(nullif(json_extract(entry, '$.file_sha256'), ''), content) FROM item"
        return str(self._value(f"{sql} WHERE number = ?", number))


def _apart(entry: Entry, content: str) -> Entry:
    """The entry under an id of its own, for where another one of the feed has the same."""
    message = "Another entry of the feed has the same id; this one got one of its own."
    other = replace(entry, id=f"{entry.id}#{content[:8]}")
    return other.but_warned("id-repeated", message)


def _item(row: Sequence[Any]) -> Item:
    result = json.loads(row[12]) if row[12] else {}
    known: dict[str, Any] = dict(zip(_COLUMNS.split(", ")[:-1], row, strict=False))
    return Item(**known, brief=result.get("brief"), translation=result.get("translation"))


def now() -> float:
    """Seconds, for when something is due."""
    return datetime.now(UTC).timestamp()


def journal_of(output: str | Path) -> Path:
    """Where the journal of an output is if nobody says: beside it, its name and `.journal`."""
    output = Path(output)
    return output.with_name(f"{output.stem if output.suffix else output.name}.journal")
