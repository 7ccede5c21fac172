"""The same work on a Ray cluster: Ray Data maps `Worker` over windows, one model an actor.

The driver hands over a stretch of items at a time and writes the journal as results come in. An
actor that dies is started again by Ray and its window done again; what the journal has is safe.
"""

from __future__ import annotations

import logging
import math
import queue
import threading
from collections.abc import Sequence
from typing import Any

from summarizer.errors import EngineError, MujazError
from summarizer.feed.entries import Entry
from summarizer.feed.journal import Outcome, Task
from summarizer.feed.pool import Finished
from summarizer.feed.work import Options, Worker

STRETCH = 16  # windows for each actor that Ray gets at once; then its pool starts anew


class RayPool:
    """A Ray cluster; see `pool.Pool`.

    Args:
        options: Of the run; `ray` is the address, `workers` the number of actors (default 2).

    Raises:
        EngineError: Ray is not installed, or there is no cluster at the address.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self.actors = options.workers or 2
        self._came: queue.Queue[Outcome | Exception | None] = queue.Queue()
        self._busy = False
        try:
            import ray
        except ImportError as error:
            raise EngineError(
                "Ray is not installed.", hint="pip install 'mujaz[ray]', or leave out --ray."
            ) from error
        local = options.ray == "local"
        try:
            ray.init(
                address=None if local else options.ray,
                num_cpus=self.actors if local else None,
                include_dashboard=False if local else None,
                ignore_reinit_error=True,
                log_to_driver=False,
                logging_level=logging.ERROR,
            )
        except (ConnectionError, RuntimeError, ValueError) as error:
            raise EngineError(
                f"There is no Ray cluster at {options.ray}: {error}",
                hint="Start one (ray start --head), or use --ray local.",
            ) from error

    def wants(self) -> int:
        """See `Pool`."""
        return 0 if self._busy else self.options.window * self.actors * STRETCH

    def give(self, tasks: Sequence[Task]) -> None:
        """See `Pool`."""
        self._busy = True
        threading.Thread(target=self._map, args=(list(tasks),), daemon=True).start()

    def _map(self, tasks: Sequence[Task]) -> None:
        try:
            for outcome in map_tasks(tasks, self.options, self.actors):
                self._came.put(outcome)
            self._came.put(None)
        except Exception as error:  # raised in the driver
            self._came.put(error)

    def finished(self, timeout: float) -> Finished:
        """See `Pool`."""
        found = Finished()
        try:
            came = self._came.get(timeout=max(timeout, 0.001))
            while True:
                self._take(came, found)
                came = self._came.get_nowait()
        except queue.Empty:
            return found

    def _take(self, came: Outcome | Exception | None, found: Finished) -> None:
        if came is None:
            self._busy = False
        elif isinstance(came, Outcome):
            found.outcomes.append(came)
        else:
            raise EngineError(
                f"The work on the Ray cluster failed: {_reason(came)}",
                hint="What was done is in the journal; the same command goes on.",
            ) from came

    def close(self) -> None:
        """See `Pool`."""
        import ray

        if self.options.ray == "local":
            ray.shutdown()


def map_tasks(tasks: Sequence[Task], options: Options, actors: int) -> Any:
    """Yield the outcomes of tasks as they come, in any order."""
    import ray

    ray.data.DataContext.get_current().enable_progress_bars = False
    rows = [{"number": task.number, "entry": task.entry.to_json()} for task in tasks]
    blocks = math.ceil(len(rows) / options.window)
    mapped = ray.data.from_items(rows, override_num_blocks=blocks).map_batches(
        RayWorker,
        fn_constructor_args=(options,),
        batch_size=options.window,
        concurrency=(1, actors),
        num_cpus=1,
        max_restarts=-1,
        max_task_retries=-1,
    )
    for row in mapped.iter_rows():
        yield Outcome(**{**row, "vector": row["vector"] or None})


class RayWorker:
    """`Worker` on batches as Ray Data has them: columns instead of rows."""

    def __init__(self, options: Options) -> None:
        self._worker = Worker(options, 1)
        self._worker.prepare()

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[Any]]:
        """The outcomes of a batch of tasks."""
        tasks = [
            Task(int(number), Entry.from_json(str(entry)))
            for number, entry in zip(batch["number"], batch["entry"], strict=True)
        ]
        outcomes = self._worker(tasks)
        columns: dict[str, list[Any]] = {
            name: [getattr(one, name) for one in outcomes] for name in Outcome.__slots__
        }
        columns["vector"] = [vector or b"" for vector in columns["vector"]]
        return columns


def _reason(error: BaseException) -> str:
    """The error of ours that is at the bottom of one of Ray's, else its last line."""
    cause: BaseException | None = error
    while cause:
        if isinstance(cause, MujazError):
            return cause.message
        cause = cause.__cause__ or getattr(cause, "cause", None)
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[-1][:300]
