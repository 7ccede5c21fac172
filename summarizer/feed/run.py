"""A run: the source is read into the journal, windows go to workers, outputs are written.

The driver alone writes the journal. Reading is a thread, working is other processes, so that
reading, translating and writing overlap.
"""

from __future__ import annotations

import queue
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field, replace
from functools import cache, partial
from itertools import islice, takewhile
from pathlib import Path
from time import monotonic, sleep

from summarizer.arabic import match_key
from summarizer.article import Article
from summarizer.errors import InputError, UsageError
from summarizer.feed.entries import CODES, Entry, iso_date
from summarizer.feed.journal import Item, Journal, Outcome, now
from summarizer.feed.outputs import check_outputs, write_outputs
from summarizer.feed.pool import Pool, Processes
from summarizer.feed.readers import Source, open_source
from summarizer.feed.stories import is_english
from summarizer.feed.work import Options

READ_AHEAD = 500  # entries that the reader may be before the journal
CHUNK = 100  # entries that are taken in with one transaction
PAUSE_S = 1.0  # after which a source is thought to be pausing
POLL_S = 0.2  # how long the driver waits for workers before it looks up
READ_S = 0.01  # the same while the source is being read
TELL_S = 0.5  # between two messages of progress

Stop = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How far a run is.

    Attributes:
        done: Items of this run that have a brief.
        failed: Items of this run that have none.
        waiting: Items that wait or are in hand.
        reading: Whether the source is still being read.
        segments: Sentences and headlines translated by this process's workers.
        seconds: Since this process began.
        made: Items that this process brought to an end.
        retries: Attempts of this process that will be made again.
    """

    done: int
    failed: int
    waiting: int
    reading: bool
    segments: int
    seconds: float
    made: int
    retries: int

    @property
    def an_hour(self) -> float:
        """Items an hour."""
        return 3600 * self.made / self.seconds if self.seconds else 0.0

    @property
    def seconds_left(self) -> float | None:
        """An estimate; None while it can't be said."""
        if not self.made:
            return None
        return self.waiting * self.seconds / self.made


@dataclass(frozen=True)
class Report:
    """How a run ended.

    Attributes:
        run: Its number in the journal.
        done: Items of the run that have a brief.
        failed: Those that have none, with the reasons.
        earlier: Items that failed in an earlier run and were not tried again.
        waiting: Items that still wait; 0 unless it was stopped.
        made: Items that this process brought to an end: what was done before is not counted.
        read: What the entries of the source were, see `Journal.add`, and "left out" by filters.
        notes: What a person should know about the source and the outputs.
        stopped: Whether it was asked to stop before the end.
    """

    run: int
    done: int
    failed: tuple[Item, ...]
    earlier: int
    waiting: int
    made: int
    read: Mapping[str, int]
    notes: tuple[str, ...]
    stopped: bool


def run_feed(
    source: str | Path,
    journal: str | Path,
    outputs: Sequence[str | Path] = (),
    options: Options | None = None,
    *,
    progress: Callable[[Snapshot], None] | None = None,
    stop: Stop | None = None,
) -> Report:
    """Brief a whole feed, or go on with it.

    It starts processes; a script that calls it needs `if __name__ == "__main__":`.

    Args:
        source: A path, "-" for standard input, or a URL if `options` allow it.
        journal: The file that knows what is done; made if it is not there.
        outputs: Files and folders to write; their names say what they are.
        options: See `Options`.
        progress: Told a few times a second how far it is. It may raise to end at once, which
            loses only what is in hand.
        stop: Asked a few times a second; once it says yes, what is in hand is finished, the
            outputs are written, and the run can be gone on with later.

    Raises:
        InputError: The source is no feed that we read.
        EngineError: The engine can't run at all.
        JournalError: Another run is using the journal, or it can't be used.
        OutputError: An output can't be written; nothing that was done is lost.
        UsageError: Options don't fit together, or an output is the source or the journal.
    """
    options = _checked(options or Options())
    check_outputs([Path(output) for output in outputs], (source, journal))
    settings = options.settings()
    with Journal(journal, write=True) as opened:
        feed = _Feed(opened, str(source), options, settings)
        return _Driver(opened, options, progress, stop).run(feed, list(outputs))


def retry_failed(
    journal: str | Path,
    outputs: Sequence[str | Path] = (),
    options: Options | None = None,
    *,
    progress: Callable[[Snapshot], None] | None = None,
    stop: Stop | None = None,
) -> Report:
    """Do what failed again; arguments and errors as `run_feed`.

    Args:
        journal: Of an earlier run.
        outputs: To write anew.
        options: Default: those of the journal's last run.
        progress: As `run_feed`.
        stop: As `run_feed`.
    """
    Journal(journal).close()  # a name that was mistyped makes no new one
    with Journal(journal, write=True) as opened:
        last = opened.last_run()
        if last is None:
            raise InputError(f"{journal} has no run in it.", hint="Run mujaz feed first.")
        check_outputs([Path(output) for output in outputs], (last[1], journal))
        options = _checked(options or options_of(last[2]))
        whole = opened.was_whole(last[0])
        feed = _Feed(opened, last[1], options, options.settings(), retry=True, whole=whole)
        return _Driver(opened, options, progress, stop).run(feed, list(outputs))


def options_of(asked: Mapping[str, object]) -> Options:
    """The options that a journal says a run had."""
    known: dict[str, object] = {k: v for k, v in asked.items() if k in Options.__slots__}
    known["match"] = tuple(known.get("match") or ())  # type: ignore[arg-type]
    return Options(**known)  # type: ignore[arg-type]


def _checked(options: Options) -> Options:
    """The options in the form that the run works with."""
    for name in ("workers", "window", "limit"):
        value = getattr(options, name)
        if value is not None and value < 1:
            raise UsageError(f"--{name} {value} makes no sense.", hint="Use 1 or more.")
    words = [word for word in options.match if match_key(word)]
    if len({word.isascii() for word in words}) > 1:
        raise UsageError(
            "--match takes Arabic words or English ones, not both.",
            hint="Arabic ones are looked for in the source, English ones in the briefs.",
        )
    if options.since:
        since = iso_date(options.since)
        if not since:
            raise UsageError(f"--since {options.since} is no date.", hint="Write 2026-11-25.")
        options = replace(options, since=since)
    return replace(options, match=tuple(words))


# --- the source ---------------------------------------------------------------------


@dataclass
class _Feed:
    """The source of a run, read into the journal by and by.

    Attributes:
        journal: Open for writing.
        place: Path, "-" or URL.
        options: Of the run.
        settings: Their hash.
        retry: Nothing is read; what failed waits again.
        whole: Whether at the end all of the source is known.
        read: What the entries were.
        notes: About the source.
        exhausted: Whether everything has been read.
        read_at: When something was read last, by `monotonic`.
    """

    journal: Journal
    place: str
    options: Options
    settings: str
    retry: bool = False
    whole: bool = True
    read: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    exhausted: bool = False
    read_at: float = 0.0
    _facts: dict[str, str] = field(default_factory=dict)
    _source: Source | None = None
    _ahead: _Ahead | None = None
    _over: threading.Event = field(default_factory=threading.Event)

    def open(self, run: int) -> None:
        """Begin to read."""
        if self.retry:
            self.read["again"] = self.journal.retry_failed(run)
            self._end()
            return
        self._source = self._opened()
        if self._source:
            self._ahead = _Ahead(self._chosen(self._source), self._over)
        else:
            self._end()

    def take_in(self, run: int) -> None:
        """Take in what has been read by now; raises what reading raised."""
        if not self._ahead or self.exhausted:
            return
        entries, self.exhausted = self._ahead.get(CHUNK)
        if entries:
            self.read_at = monotonic()
            self.read.update(self.journal.add(entries, self.settings, run))
        if self.exhausted:
            self._end()

    def close(self) -> None:
        """The run is over: let the reader, which may be waiting for room, end."""
        self._over.set()

    @property
    def pausing(self) -> bool:
        """Whether nothing has come for a while: no use waiting for a whole window."""
        return self.exhausted or monotonic() - self.read_at > PAUSE_S

    def _end(self) -> None:
        """Everything is in the journal; only now may the server be told that we have it."""
        self.exhausted = True
        self.journal.adopt(self.settings)
        self.journal.remember(self._facts)
        if self._source:
            self.notes += self._source.notes
            odd = self.journal.oddities().items()
            self.notes += (f"{number:,} × {CODES[code]}" for code, number in odd)

    def _opened(self) -> Source | None:
        """The open source; None if a server says that it hasn't changed."""
        if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", self.place):
            return open_source(self.place, kind=self.options.kind)
        from summarizer.fetch import Validators, fetch_feed, shown

        if not self.options.allow_url:
            raise InputError(
                f"{shown(self.place)} is a URL, and fetching is off.",
                hint="Allow it (--allow-url), or save the feed and name the file.",
            )
        # What is known holds for these settings; with a filter the entries have to be seen.
        filtered = self.options.since or self.options.limit or self.options.match
        same = self.journal.fact("settings") == self.settings and not filtered
        known = Validators(*map(self.journal.fact, ("etag", "last_modified")))
        same = same and self.journal.fact("url") == self.place
        fetched, told = fetch_feed(self.place, known if same else Validators())
        if fetched is None:
            self.notes.append("The feed has not changed since it was fetched last.")
            return None
        # The next run has to see the feed whole, unless this one takes all of it in.
        self.journal.remember({"settings": ""})
        if not filtered:
            self._facts = {**told._asdict(), "settings": self.settings, "url": self.place}
        return open_source(fetched.final_url, kind=self.options.kind, data=fetched.data)

    def _chosen(self, source: Source) -> Iterator[Entry]:
        """What passes the filters, until the run is over; the rest is counted."""
        with closing(source.entries) as entries:
            wanted = takewhile(lambda _: not self._over.is_set(), entries)
            yield from islice(filter(self._passes, wanted), self.options.limit)

    def _passes(self, entry: Entry) -> bool:
        """Whether no filter leaves it out; what can't be read passes, fails and says why."""
        since, words = self.options.since, self.options.match
        words = () if is_english(words) else words  # English ones are looked for in the briefs
        said = cache(lambda: self._said(entry))  # read once, and only where a filter needs it
        try:
            early = bool(since and (entry.published or said().published or since) < since)
            missing = not early and bool(words) and not mentions(said(), words)
        except InputError:
            return True
        self.read["left out"] += early or missing
        return not (early or missing)

    def _said(self, entry: Entry) -> Entry | Article:
        """What has the date and the words: the file or the page, if the feed has no text."""
        pages = self.options.pages
        in_feed = entry.text or (entry.title and not pages)
        return entry if in_feed and not entry.error else entry.article(pages=pages)


def mentions(said: Entry | Article, words: Sequence[str]) -> bool:
    """Whether an Arabic word stands there, with or without its article and prefixes."""
    text = match_key(f"{said.title}\n{said.text}")
    keys = (re.escape(re.sub(r"^ال", "", match_key(word))) for word in words)
    return any(re.search(rf"\b[وف]?[بلكس]?(?:ال|لل|ل)?{key}\b", text) for key in keys)


class _Ahead:
    """Reads entries in a thread of its own, not too far ahead.

    Args:
        entries: They end soon after `over` is set.
        over: Set once nobody wants what is read any more.
    """

    def __init__(self, entries: Iterator[Entry], over: threading.Event) -> None:
        self._over = over
        self._queue: queue.Queue[Entry | BaseException | None] = queue.Queue(READ_AHEAD)
        threading.Thread(target=self._read, args=(entries,), daemon=True).start()

    def _read(self, entries: Iterator[Entry]) -> None:
        try:
            for entry in entries:
                self._put(entry)
            self._put(None)
        except BaseException as error:  # raised in the driver
            self._put(error)

    def _put(self, one: Entry | BaseException | None) -> None:
        """Wait for room, as long as somebody may make some."""
        while not self._over.is_set():
            with suppress(queue.Full):
                self._queue.put(one, timeout=POLL_S)
                return

    def get(self, most: int) -> tuple[list[Entry], bool]:
        """What has been read, without waiting; whether that was the end."""
        entries: list[Entry] = []
        while len(entries) < most:
            try:
                one = self._queue.get_nowait()
            except queue.Empty:
                break
            if one is None:
                return entries, True
            if isinstance(one, BaseException):
                raise one
            entries.append(one)
        return entries, False


# --- the driver ---------------------------------------------------------------------


class _Driver:
    """Brings items to workers and what became of them into the journal."""

    def __init__(
        self,
        journal: Journal,
        options: Options,
        progress: Callable[[Snapshot], None] | None,
        stop: Stop | None,
    ) -> None:
        self.journal = journal
        self.options = options
        self.progress = progress
        self.stop = stop or (lambda: False)
        self.begun = self.told = monotonic()
        self.segments = self.made = self.retries = self.hand = 0
        self.stopped = False

    def run(self, feed: _Feed, outputs: Sequence[str | Path]) -> Report:
        """All of it."""
        journal = self.journal
        begin = journal.reopen if feed.retry else partial(journal.begin, feed.place)
        run = begin(asdict(self.options))
        feed.open(run)
        self._work(feed, run)
        counts, own = journal.counts(), journal.counts(run=run)
        waiting = counts["waiting"]
        notes = write_outputs(journal, outputs, self.options, run=run, reading=journal.reading)
        if not waiting and feed.exhausted and feed.whole:
            journal.finish_run(run)
        return Report(
            run=run,
            done=own["done"],
            failed=tuple(journal.items(state="failed", run=run)),
            earlier=counts["failed"] - own["failed"],
            waiting=waiting,
            made=self.made,
            read=feed.read,
            notes=(*feed.notes, *notes),
            stopped=self.stopped,
        )

    def _work(self, feed: _Feed, run: int) -> None:
        pool: Pool | None = None
        try:
            while True:
                self.stopped = self.stopped or self.stop()
                if not self.stopped:
                    feed.take_in(run)
                waits = not self.stopped and self.journal.any_waiting()
                if not self.hand and not waits and (self.stopped or feed.exhausted):
                    break
                if waits:
                    pool = pool or self._pool()  # no model is loaded where nothing waits
                    self._hand_out(pool, feed)
                self._collect(pool, POLL_S if feed.exhausted or self.stopped else READ_S)
                self._tell(run, feed)
        finally:
            feed.close()
            if pool:
                pool.close()
        self._tell(run, feed, last=True)

    def _pool(self) -> Pool:
        if self.options.ray is None:
            return Processes(self.options, self._count)
        from summarizer.feed.cluster import RayPool

        return RayPool(self.options)

    def _count(self, segments: int) -> None:
        self.segments += segments

    def _hand_out(self, pool: Pool, feed: _Feed) -> None:
        """Give windows while somebody is idle; a small one only where more won't come soon."""
        while wanted := pool.wants():
            least = 1 if feed.pausing else min(wanted, self.options.window)
            tasks = self.journal.take(wanted, now(), least=least, unseen=feed.exhausted)
            if not tasks:
                break
            pool.give(tasks)
            self.hand += len(tasks)

    def _collect(self, pool: Pool | None, timeout: float) -> None:
        if pool is None:
            sleep(timeout)
            return
        found = pool.finished(timeout)
        if found.outcomes:
            self._record(found.outcomes)
        if found.alone:
            self.journal.put_back(found.alone, now(), alone=True)
        self.hand -= len(found.outcomes) + len(found.alone)

    def _record(self, outcomes: Sequence[Outcome]) -> None:
        # Every failure of an item waits four times as long as the one before it; they all
        # wait together, so the attempts of the first tell how long.
        attempts = self.journal.item(outcomes[0].number).attempts
        due = now() + self.options.wait_s * 4**attempts
        final = self.journal.record(outcomes, self.options.retries, due)
        self.made += len(final)
        self.retries += len(outcomes) - len(final)

    def _tell(self, run: int, feed: _Feed, *, last: bool = False) -> None:
        if not self.progress or (monotonic() - self.told < TELL_S and not last):
            return
        self.told = monotonic()
        counts = self.journal.counts(run=run)
        self.progress(
            Snapshot(
                done=counts["done"],
                failed=counts["failed"],
                waiting=self.journal.counts()["waiting"],
                reading=not feed.exhausted,
                segments=self.segments,
                seconds=monotonic() - self.begun,
                made=self.made,
                retries=self.retries,
            )
        )
