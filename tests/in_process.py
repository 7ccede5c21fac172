"""A pool of workers that starts no process, for tests of what comes out of a feed."""

from __future__ import annotations

from collections.abc import Sequence

from summarizer.feed.journal import Task
from summarizer.feed.pool import Finished
from summarizer.feed.work import Options, Worker


class Here:
    """As `Processes`, in the driver's own process."""

    def __init__(self, options: Options, tell: object = None) -> None:
        self.worker, self.window, self.tasks = Worker(options), options.window, list[Task]()

    def wants(self) -> int:
        return 0 if self.tasks else self.window

    def give(self, tasks: Sequence[Task]) -> None:
        self.tasks = list(tasks)

    def finished(self, timeout: float) -> Finished:
        found = Finished(self.worker(self.tasks) if self.tasks else [])
        self.tasks = []
        return found

    def close(self) -> None:
        pass
