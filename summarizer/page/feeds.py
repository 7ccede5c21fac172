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
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock

from summarizer.errors import InputError, JournalError, MujazError, ServingError, TooLargeError
from summarizer.feed import Item, Journal, Options, run_feed
from summarizer.page.desk import bug
from summarizer.render import flat

KEPT_DAYS = 7
MOST_RUNS = 5  # waiting and working, of all visitors
MOST_FILES, MOST_BYTES = 2_000, 100_000_000  # of a zip, unpacked
ARTICLES = (".txt", ".html", ".htm")
OUTPUTS = ("briefs.jsonl", "briefs.html", "briefs.rss", "briefs.zip")  # the zip: Markdown files


@dataclass(frozen=True, slots=True)
class Run:
    """What is to be seen of a run.

    Attributes:
        items: What its journal knows of every entry, in the feed's order.
        is_active: Whether it works or waits for its turn.
        files: Which of `OUTPUTS` are there.
        problem: Why it ended early, or None.
    """

    items: tuple[Item, ...] = ()
    is_active: bool = False
    files: tuple[str, ...] = ()
    problem: MujazError | None = None

    @property
    def waiting(self) -> int:
        """Items that are neither done nor failed."""
        return sum(item.state == "waiting" for item in self.items)


class Feeds:
    """The runs, one at a time; the others wait.

    Args:
        folder: Where to keep them; what is older than `KEPT_DAYS` is deleted now.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = Lock()
        self._active: dict[str, tuple[str, Event]] = {}  # name → user, what stops it
        self._problems: dict[str, MujazError] = {}
        self._turns = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mujaz-feed")
        for old in folder.glob("*/") if folder.exists() else ():
            if time.time() - old.stat().st_mtime > KEPT_DAYS * 86400:
                shutil.rmtree(old, ignore_errors=True)

    def begin(self, user: str, upload: Path, engine: str, length: str) -> str:
        """Take a file over and brief all of it, after the runs before it.

        Returns:
            The name of the run.

        Raises:
            InputError: It is a zip that we don't unpack.
            ServingError: There are too many runs, or the user has one already.
        """
        name = secrets.token_urlsafe(18)
        place = self.folder / name
        place.mkdir(parents=True, mode=0o700)
        try:
            source = _taken(upload, place)
            asked = {"source": source.name, "engine": engine, "length": length}
            (place / "run.json").write_text(json.dumps(asked), encoding="utf-8")
            self.go_on(user, name)
        except MujazError:
            shutil.rmtree(place)
            raise
        return name

    def go_on(self, user: str, name: str) -> None:
        """Start a run, or go on with one that was stopped.

        Raises:
            InputError: There is no such run.
            ServingError: As `begin`.
        """
        place = self._place(name)
        with self._lock:
            if name in self._active:
                return
            if any(user == other for other, _ in self._active.values()):
                raise ServingError("You have a feed here already.", hint="Wait, or stop it.")
            if len(self._active) >= MOST_RUNS:
                raise ServingError(f"{MOST_RUNS} feeds are waiting here.", hint="Try again later.")
            stop = Event()
            self._active[name] = user, stop
        self._problems.pop(name, None)
        self._turns.submit(self._work, name, place, stop)

    def stop(self, name: str) -> None:
        """End a run after what is in hand; it can be gone on with."""
        active = self._active.get(name)
        if active:
            active[1].set()

    def see(self, name: str) -> Run:
        """How far a run is; raises InputError if there is none of that name."""
        place = self._place(name)
        is_active = name in self._active  # looked at first: what ends meanwhile is seen next time
        items: tuple[Item, ...] = ()
        if (place / "run.journal").exists():
            try:
                with Journal(place / "run.journal") as journal:
                    items = tuple(journal.items(results=True))
            except JournalError:
                if not is_active:  # else it is just being made
                    raise
        files = tuple(file for file in OUTPUTS if (place / file).exists())
        return Run(items, is_active, files, self._problems.get(name))

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

    def _work(self, name: str, place: Path, stop: Event) -> None:
        asked = json.loads((place / "run.json").read_text(encoding="utf-8"))
        outputs = [place / file for file in ("briefs.jsonl", "briefs.html", "briefs.rss")]
        try:
            run_feed(
                place / asked["source"],
                place / "run.journal",
                [*outputs, place / "briefs"],
                Options(engine=asked["engine"], length=asked["length"]),
                stop=stop.is_set,
            )
            shutil.make_archive(str(place / "briefs"), "zip", place / "briefs")
        except MujazError as problem:
            self._problems[name] = problem
        except Exception as error:  # the page must say that the run has ended
            self._problems[name] = bug(error)
        finally:
            with self._lock:
                self._active.pop(name, None)


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
    with zipfile.ZipFile(archive) as packed:
        members = [m for m in packed.infolist() if m.filename.lower().endswith(ARTICLES)]
        if not members:
            raise InputError(
                "There is no article in this zip.", hint=f"Articles end in {', '.join(ARTICLES)}."
            )
        if len(members) > MOST_FILES or sum(m.file_size for m in members) > MOST_BYTES:
            raise TooLargeError(
                f"This zip has more than {MOST_FILES:,} articles, or {MOST_BYTES:,} bytes.",
                hint="Make several of it.",
            )
        for number, member in enumerate(members, 1):
            try:
                data = packed.read(member)  # never more than the size that it states
            except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
                raise InputError("This zip is damaged, or has a password.") from error
            name = flat(Path(member.filename).name)[-60:].replace("/", "_")
            (folder / f"{number:05}-{name}").write_bytes(data)
    return folder
