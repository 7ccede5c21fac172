"""Worker processes on this machine, each with a pipe to the driver.

The driver alone writes the journal. A worker that dies loses nothing: what it had in hand is
done again, each item alone, so that the one it died of is found.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any, Protocol

from summarizer.errors import EngineError, MujazError
from summarizer.feed.journal import Outcome, Task
from summarizer.feed.work import Options, Worker, one_thread

TELL_S = 0.2  # between two messages of progress
MOST_DEATHS = 5  # of workers, one after another with nothing done in between

Tell = Callable[[int], None]
"""Told how many segments were translated since it was told last."""


@dataclass(frozen=True, slots=True)
class Finished:
    """What came back from workers.

    Attributes:
        outcomes: Of items that are through.
        alone: Items whose worker died; each has to be done alone.
    """

    outcomes: list[Outcome] = field(default_factory=list)
    alone: list[int] = field(default_factory=list)


class Pool(Protocol):
    """Where windows are worked on."""

    def wants(self) -> int:
        """How many tasks can be given now; 0 while all are busy."""
        ...

    def give(self, tasks: Sequence[Task]) -> None:
        """Start on a window."""
        ...

    def finished(self, timeout: float) -> Finished:
        """What came back, waiting so many seconds at most; raises EngineError if nothing can."""
        ...

    def close(self) -> None:
        """End the workers."""
        ...


@dataclass
class _Process:
    """A worker process, and the tasks that it has in hand."""

    process: Any
    pipe: Connection
    tasks: list[Task] = field(default_factory=list)


class Processes:
    """Worker processes; see `Pool`.

    Args:
        options: Of the run; `workers` says how many processes.
        tell: Told about progress.
    """

    def __init__(self, options: Options, tell: Tell | None = None) -> None:
        self.options = options
        self._tell = tell or (lambda _segments: None)
        self._context = multiprocessing.get_context("spawn")
        self._deaths = 0
        self._workers = [self._start() for _ in range(options.workers or 1)]

    def _start(self) -> _Process:
        ours, theirs = self._context.Pipe()
        arguments = (theirs, self.options, self.options.workers is not None)
        process = self._context.Process(target=serve, args=arguments, daemon=True)
        process.start()
        theirs.close()
        return _Process(process, ours)

    def wants(self) -> int:
        """See `Pool`."""
        return self.options.window if any(not w.tasks for w in self._workers) else 0

    def give(self, tasks: Sequence[Task]) -> None:
        """See `Pool`."""
        worker = next(w for w in self._workers if not w.tasks)
        worker.tasks = list(tasks)
        with suppress(OSError):  # it has died; `finished` finds out
            worker.pipe.send(worker.tasks)

    def finished(self, timeout: float) -> Finished:
        """See `Pool`."""
        found = Finished()
        ready = wait([worker.pipe for worker in self._workers], timeout)
        for number, worker in enumerate(self._workers):
            if worker.pipe in ready:
                self._hear(number, worker, found)
        return found

    def _hear(self, number: int, worker: _Process, found: Finished) -> None:
        try:
            message = worker.pipe.recv()
        except (EOFError, OSError):
            self._workers[number] = self._replaced(worker, found)
            return
        if isinstance(message, int):
            self._tell(message)
        elif isinstance(message, MujazError):
            raise message
        else:
            self._deaths = 0
            found.outcomes.extend(message)
            worker.tasks = []

    def _replaced(self, dead: _Process, found: Finished) -> _Process:
        """A new worker for one that died; an item that it had in hand alone has failed."""
        dead.process.join(5)
        dead.pipe.close()
        self._deaths += 1
        code = dead.process.exitcode
        how = f"signal {-code}" if code and code < 0 else f"exit status {code}"
        if self._deaths >= MOST_DEATHS:
            raise EngineError(
                f"Worker processes keep dying ({how}).",
                hint="Is there enough memory? Fewer --workers or a smaller --window need less.",
            )
        if len(dead.tasks) == 1:
            message = f"The worker process died of it ({how})."
            found.outcomes.append(Outcome(dead.tasks[0].number, error=message))
        else:
            found.alone.extend(task.number for task in dead.tasks)
        return self._start()

    def close(self) -> None:
        """See `Pool`."""
        for worker in self._workers:
            worker.process.kill()
            worker.process.join()
            worker.pipe.close()


# --- in the worker process ----------------------------------------------------------


def serve(pipe: Connection, options: Options, single: bool) -> None:
    """Work on windows from the pipe until there are no more.

    Args:
        pipe: Takes lists of tasks, gives lists of outcomes, numbers of segments that were
            translated, or the error that makes all work impossible.
        options: Of the run.
        single: Whether to use one core only.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the driver's
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if single:
        one_thread()
    worker = Worker(options, 1 if single else 0)
    with suppress(EOFError, BrokenPipeError):
        try:
            worker.prepare()
        except MujazError as error:
            pipe.send(error)
            return
        while True:
            tasks = pipe.recv()
            pipe.send(worker(tasks, _teller(pipe)))


def _end_with_parent() -> None:
    """A driver that was killed leaves nobody to work for, and the next one wants the cores."""
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)


def _teller(pipe: Connection) -> Callable[[str, int, int], None]:
    """Progress of the engine as numbers of segments, a few times a second at most."""
    told = last = 0
    when = time.monotonic()

    def tell(what: str, done: int, _total: int) -> None:
        nonlocal told, last, when
        if what == "preparing" or done < last:  # a new call of the engine counts from 0
            told = 0
        last = done
        if done > told and time.monotonic() - when >= TELL_S:
            pipe.send(done - told)
            told, when = done, time.monotonic()

    return tell
