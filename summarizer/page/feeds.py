"""Feeds that visitors gave: each in a folder of its own, found again by its name.

The name is the key: whoever has it sees the run, nobody can guess it. A run goes on when its
visitor leaves; after a restart of the server it can be gone on with.
"""

from __future__ import annotations

import json
import secrets
import shutil
import time
import zipfile
import zlib
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock, Thread

from summarizer.errors import InputError, JournalError, MujazError, ServingError, TooLargeError
from summarizer.feed import Item, Journal, Options, run_feed
from summarizer.feed.readers import kind_of
from summarizer.page.desk import problem_of
from summarizer.render import flat

KEPT_DAYS = 7
SWEEP_SECONDS = 3600
MOST_RUNS = 5  # waiting and working, of all visitors
WINDOW = 8  # articles in hand: a visitor who waits, or has pressed Stop, must see something happen
MOST_FILES, MOST_BYTES = 2_000, 100_000_000  # of a zip, unpacked
ARTICLES = (".txt", ".html", ".htm")
OUTPUTS = (  # the zip: Markdown files
    "briefs.jsonl", "briefs.html", "briefs.rss", "briefs.atom", "briefs.zip"
)  # fmt: skip
# What `zipfile` raises on what is no good zip: RuntimeError asks for a password, ValueError says
# that a name or a place in the file makes no sense.
_DAMAGES = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Run:
    """What is to be seen of a run.

    Attributes:
        items: What its journal knows of every entry, in the feed's order.
        is_active: Whether it works or waits for its turn.
        is_stopping: Whether it was asked to stop and still has articles in hand.
        files: Which of `OUTPUTS` are there.
        problem: Why it ended early, or None.
    """

    items: tuple[Item, ...] = ()
    is_active: bool = False
    files: tuple[str, ...] = ()
    problem: MujazError | None = None
    is_stopping: bool = False

    @property
    def waiting(self) -> int:
        """Items that are neither done nor failed."""
        return sum(item.state == "waiting" for item in self.items)


@dataclass(eq=False, slots=True)
class _Turn:
    """An active run: whose it is, what stops it, and, once it waits, its place in the row."""

    user: str
    stop: Event = field(default_factory=Event)
    work: Future[None] | None = None


class Feeds:
    """The runs, one at a time; the others wait.

    Args:
        folder: Where to keep them; what is older than `KEPT_DAYS` is deleted, now and every hour.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = Lock()
        self._active: dict[str, _Turn] = {}
        self._problems: dict[str, MujazError] = {}
        self._turns = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mujaz-feed")
        self.sweep()
        Thread(target=self._sweep_for_ever, daemon=True, name="mujaz-sweep").start()

    def sweep(self) -> None:
        """Delete what is older than `KEPT_DAYS`, unless it works or waits."""
        before = time.time() - KEPT_DAYS * 86400
        with self._lock:  # so that nobody goes on with a run while it is deleted
            for place in self.folder.glob("*/") if self.folder.exists() else ():
                if place.name not in self._active and place.stat().st_mtime < before:
                    shutil.rmtree(place, ignore_errors=True)
                    self._problems.pop(place.name, None)

    def begin(self, user: str, upload: Path, engine: str, length: str) -> str:
        """Take a file over and brief all of it, after the runs before it.

        Returns:
            The name of the run.

        Raises:
            InputError: It is a zip that we don't unpack.
            ServingError: There are too many runs, or the user has one already.
        """
        self.sweep()
        name = secrets.token_urlsafe(18)
        place = self.folder / name
        with self._lock:  # before the upload is unpacked, which may take long and much room
            turn = self._enter(user, name)
        try:
            place.mkdir(parents=True, mode=0o700)
            source = _taken(upload, place)
            _kind(source, upload.name)
            asked = {"source": source.name, "engine": engine, "length": length}
            (place / "run.json").write_text(json.dumps(asked), encoding="utf-8")
            turn.work = self._turns.submit(self._work, name, place, turn.stop)
        except BaseException:
            self._leave(name)
            shutil.rmtree(place, ignore_errors=True)
            raise
        return name

    def go_on(self, user: str, name: str) -> None:
        """Go on with a run that was stopped; one that is active does so anyway.

        Raises:
            InputError: There is no such run.
            ServingError: As `begin`.
        """
        with self._lock:
            place = self._place(name)
            if name not in self._active:
                turn = self._enter(user, name)
                self._problems.pop(name, None)
                turn.work = self._turns.submit(self._work, name, place, turn.stop)

    def stop(self, name: str) -> None:
        """End a run after what is in hand; it can be gone on with."""
        with self._lock:
            turn = self._active.get(name)
            if turn:
                turn.stop.set()
                if turn.work and turn.work.cancel():  # it waits: its visitor is free at once
                    del self._active[name]

    def see(self, name: str) -> Run:
        """How far a run is; raises InputError if there is none of that name."""
        place = self._place(name)
        turn = self._active.get(name)
        is_active = turn is not None  # looked at first: what ends meanwhile is seen next time
        items: tuple[Item, ...] = ()
        if (place / "run.journal").exists():
            try:
                with Journal(place / "run.journal") as journal:
                    items = tuple(journal.items(results=True))
            except JournalError:
                if not is_active:  # else it is just being made
                    raise
        files = tuple(file for file in OUTPUTS if (place / file).exists())
        is_stopping = turn is not None and turn.stop.is_set()
        return Run(items, is_active, files, self._problems.get(name), is_stopping)

    def file(self, name: str, file: str) -> Path:
        """Where an output is; raises InputError if there is none."""
        path = self._place(name) / file
        if file not in OUTPUTS or not path.is_file():
            raise InputError("There is no such file.")
        return path

    def _place(self, name: str) -> Path:
        known = {path.name for path in self.folder.glob("*/")} if self.folder.exists() else set()
        if name not in known:
            raise InputError(
                "There is no such run here.", hint=f"Runs are kept for {KEPT_DAYS} days."
            )
        return self.folder / name

    def _enter(self, user: str, name: str) -> _Turn:
        """Take a turn for a run, with the lock held; raises ServingError if there is none."""
        if any(user == other.user for other in self._active.values()):
            raise ServingError("You have a feed here already.", hint="Wait, or stop it.")
        if len(self._active) >= MOST_RUNS:
            raise ServingError(
                f"There are {MOST_RUNS} feeds here, waiting or working.", hint="Try again later."
            )
        turn = self._active[name] = _Turn(user)
        return turn

    def _leave(self, name: str) -> None:
        with self._lock:
            self._active.pop(name, None)

    def _sweep_for_ever(self) -> None:
        while True:
            time.sleep(SWEEP_SECONDS)
            with suppress(OSError):  # what can't be looked at now is looked at in an hour
                self.sweep()

    def _work(self, name: str, place: Path, stop: Event) -> None:
        outputs = [place / file for file in OUTPUTS if not file.endswith(".zip")]
        try:
            asked = json.loads((place / "run.json").read_text(encoding="utf-8"))
            source = place / asked["source"]
            kind = _kind(source, source.name)
            run_feed(
                source,
                place / "run.journal",
                [*outputs, place / "briefs"],
                Options(kind=kind, engine=asked["engine"], length=asked["length"], window=WINDOW),
                stop=stop.is_set,
            )
            shutil.make_archive(str(place / "briefs"), "zip", place / "briefs")
        except Exception as error:  # the page must say that the run has ended
            self._problems[name] = problem_of(error)
        finally:
            self._leave(name)


def _kind(source: Path, name: str) -> str:
    """How to read an upload; raises InputError, in the same words, if it is nothing or a list.

    A list names files of the server, which are not the visitor's to read. Whether a name is that
    of a file decides what is a list, so what it was taken for is not said either.
    """
    try:
        kind = kind_of(source)
    except InputError:
        kind = "list"
    if kind == "list":
        raise InputError(
            f"{flat(name)} is no feed that this page reads.",
            hint="It reads RSS, Atom, JSON Feed, JSON lines, CSV, and a zip of .txt and .html "
            "files. A single article: the tab Brief.",
        )
    return kind


def _taken(upload: Path, place: Path) -> Path:
    """The upload, moved; a zip, unpacked to a folder of articles."""
    if zipfile.is_zipfile(upload):
        try:
            return _unpacked(upload, place / "articles")
        finally:
            upload.unlink(missing_ok=True)
    source = place / f"feed{upload.suffix.lower()}"
    shutil.move(upload, source)
    return source


def _unpacked(archive: Path, folder: Path) -> Path:
    """The articles of a zip, under names of ours: none of its own is trusted."""
    folder.mkdir()
    for number, (name, data) in enumerate(_articles(archive), 1):
        (folder / f"{number:05}-{name}").write_bytes(data)
    return folder


def _articles(archive: Path) -> Iterator[tuple[str, bytes]]:
    """Name and content of every article in a zip."""
    try:
        with zipfile.ZipFile(archive) as packed:
            for member in _chosen(packed.infolist()):
                name = flat(Path(member.filename).name)[-60:].replace("/", "_")
                yield name, _content(packed, member)
    except _DAMAGES as error:
        raise InputError(
            f"{flat(archive.name)} can't be unpacked: it is damaged, has a password, "
            "or was packed in a rare way.",
            hint="Pack it again, without a password.",
        ) from error


def _chosen(members: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """Those that are articles; raises InputError if there is none, or too much."""
    chosen = [m for m in members if m.filename.lower().endswith(ARTICLES)]
    if not chosen:
        raise InputError(
            "There is no article in this zip.", hint=f"Articles end in {', '.join(ARTICLES)}."
        )
    if len(chosen) > MOST_FILES or sum(m.file_size for m in chosen) > MOST_BYTES:
        raise TooLargeError(
            f"This zip has more than {MOST_FILES:,} articles, or {MOST_BYTES:,} bytes.",
            hint="Make several of it.",
        )
    return chosen


def _content(packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """What a member holds, and never more than the size that it states."""
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotImplementedError  # the others are unpacked whole, before their size is looked at
    with packed.open(member) as file:
        return file.read(member.file_size)  # read() would unpack whole, too
