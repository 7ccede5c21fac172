"""Who may work when. One job at a time, in the order they came, few for each user.

A job runs in a thread of its own; what it tells is handed over in batches. It ends when it is
done, stopped, over its time, or when nobody has listened to it for a while, as after a reload.
"""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from queue import Empty, SimpleQueue
from threading import Condition, Event, Thread
from typing import Any

from summarizer.engines.base import Progress
from summarizer.errors import MujazError, ServingError
from summarizer.result import Line

__all__ = ["Desk", "Doing", "Done", "Made", "Stopped", "Told", "Waiting"]

log = logging.getLogger(__name__)

PER_USER = 3  # jobs of one user, waiting and working
WAITING = 20  # jobs of all users
UNHEARD = 15.0  # seconds after which a job that nobody listens to ends
TICK = 1.0  # seconds after which something is told, if only how long it has been
SHORTER = "Ask for a shorter brief, or give a shorter article."
BATCH = 0.15  # seconds in which what is told is put together


class Stopped(Exception):
    """The job was stopped, or nobody was left to hear of it."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """So many jobs come first."""

    before: int


@dataclass(frozen=True, slots=True)
class Doing:
    """What is being done, and how far it is; said again every second."""

    what: str
    done: int
    total: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Made:
    """A line, as soon as it is made."""

    line: Line


@dataclass(frozen=True, slots=True)
class Done:
    """The result; nothing is told after it."""

    result: Any


Told = Waiting | Doing | Made | Done
Work = Callable[[Progress, Callable[[Line], None]], Any]
"""What a job does, given `progress` and `on_line`; either raises to end it."""


@dataclass(eq=False)
class _Job:
    user: str
    session: str
    work: Work
    told: SimpleQueue[Told | BaseException] = field(default_factory=SimpleQueue)
    stop: Event = field(default_factory=Event)
    heard: float = field(default_factory=time.monotonic)
    began: float = 0.0

    def on_progress(self, what: str, done: int, total: int) -> None:
        self.go_on()
        self.told.put(Doing(what, done, total, self.seconds))

    def on_line(self, line: Line) -> None:
        self.told.put(Made(line))
        self.go_on()

    def go_on(self) -> None:
        if self.stop.is_set() or self.is_unheard:
            raise Stopped

    @property
    def is_unheard(self) -> bool:
        return time.monotonic() - self.heard > UNHEARD

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began


class Desk:
    """Where jobs queue up.

    Args:
        timeout: Seconds that a job may work, waiting not counted.
        per_user: Jobs that a user may have, waiting and working.
        waiting: Jobs that all users may have.
    """

    # One at a time: an engine uses all cores, and its libraries are not all made for two threads.
    def __init__(
        self, timeout: float = 300.0, per_user: int = PER_USER, waiting: int = WAITING
    ) -> None:
        self.timeout, self.per_user, self.waiting = timeout, per_user, waiting
        self._jobs: list[_Job] = []  # the first one works, or is about to
        self._changed = Condition()

    def run(self, user: str, session: str, work: Work, hint: str = SHORTER) -> Iterator[list[Told]]:
        """Do some work as soon as it is its turn; yields what it tells, at least every second.

        Args:
            user: Whose job it is, for the limit.
            session: Whose job it is, for `stop`.
            work: What to do.
            hint: The way out if it takes too long.

        Raises:
            ServingError: There are too many jobs, or this one took too long.
            Stopped: It was stopped.
            MujazError: As the work raises it. What else it raises is logged, without any
                message, since that may quote the article.
        """
        job = self._enter(_Job(user, session, work))
        try:
            while before := self._before(job):
                yield [Waiting(before)]
            job.began = time.monotonic()
            Thread(target=self._work, args=(job,), daemon=True, name="mujaz-job").start()
            yield from self._listen(job, hint)
        finally:
            job.stop.set()
            if not job.began:
                self._leave(job)

    def stop(self, session: str) -> None:
        """End what this session has asked for; unknown sessions have nothing to end."""
        with self._changed:
            for job in self._jobs:
                if job.session == session:
                    job.stop.set()
                    job.told.put(Stopped())
            self._changed.notify_all()

    @property
    def load(self) -> int:
        """How many jobs there are, waiting and working."""
        return len(self._jobs)

    def _enter(self, job: _Job) -> _Job:
        with self._changed:
            self._forget_unheard()
            if sum(other.user == job.user for other in self._jobs) >= self.per_user:
                raise ServingError(
                    f"You are at your limit here, which is {self.per_user} at once.",
                    hint="Wait until one is done, or stop one.",
                )
            if len(self._jobs) >= self.waiting:
                raise ServingError(
                    f"{len(self._jobs)} requests are waiting here.", hint="Try again in a while."
                )
            self._jobs.append(job)
        return job

    def _before(self, job: _Job) -> int:
        """How many jobs come first; waits up to a second for their number to change."""
        with self._changed:
            if self._jobs[:1] != [job]:
                self._changed.wait(TICK)
            if job.stop.is_set() or job not in self._jobs:
                raise Stopped
            job.heard = time.monotonic()
            self._forget_unheard()
            return self._jobs.index(job)

    def _forget_unheard(self) -> None:
        """Drop waiting jobs that nobody waits for; one that works notices itself."""
        self._jobs = [job for job in self._jobs if job.began or not job.is_unheard]

    def _leave(self, job: _Job) -> None:
        with self._changed:
            if job in self._jobs:
                self._jobs.remove(job)
            self._changed.notify_all()

    def _work(self, job: _Job) -> None:
        try:
            job.told.put(Done(job.work(job.on_progress, job.on_line)))
        except BaseException as error:  # whatever it is, who listens must hear of it
            job.told.put(error if isinstance(error, Stopped) else problem_of(error))
        finally:
            self._leave(job)

    def _listen(self, job: _Job, hint: str) -> Iterator[list[Told]]:
        doing = Doing("starting", 0, 0, 0.0)
        yield [doing]
        while True:
            told = _batch(job)
            is_done = bool(told) and isinstance(told[-1], Done)
            if job.seconds > self.timeout and not is_done:
                raise ServingError(
                    f"This took longer than {self.timeout:g} seconds and was stopped.",
                    hint=hint,
                )
            doing = next((t for t in reversed(told) if isinstance(t, Doing)), doing)
            yield told or [replace(doing, seconds=job.seconds)]
            if is_done:
                return


def problem_of(error: BaseException) -> MujazError:
    """What a visitor is told of an error: its own words if they are meant for people.

    Else it is a bug of ours: its type and place are logged, its text may be private.
    """
    if isinstance(error, MujazError):
        return error
    where = traceback.extract_tb(error.__traceback__)[-1]
    log.error("%s at %s:%s", type(error).__name__, where.filename, where.lineno)
    return MujazError(
        "Something went wrong here; it is in the log of the server.",
        hint="Try again, or another article.",
    )


def _batch(job: _Job) -> list[Told]:
    """What is told within `BATCH` seconds of the first, which may take a second to come."""
    told: list[Told] = []
    until = time.monotonic() + TICK
    while True:
        job.heard = time.monotonic()
        try:
            item = job.told.get(timeout=max(0.001, until - job.heard))
        except Empty:
            return told
        if isinstance(item, BaseException):
            if told:  # these first
                job.told.put(item)
                return told
            raise item
        if not told:
            until = time.monotonic() + BATCH
        told.append(item)
        if isinstance(item, Done):
            return told
