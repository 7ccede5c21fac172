"""The work itself: a window of entries in, what became of each out.

The same function runs in a worker process (`pool`) and in a Ray actor (`cluster`). It never
raises: what goes wrong with an item is the item's outcome.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from summarizer import embeddings, engines
from summarizer.article import Article
from summarizer.brief import Refusal, limit_of, loaded, summarize_all, translate_all
from summarizer.engines.base import Progress, settings_hash
from summarizer.errors import BudgetError, EngineError, FetchError, InputError, MujazError
from summarizer.feed.journal import Outcome, Task
from summarizer.result import Brief, Translation

LEAD_CHARS = 200  # of the text, beside the headline, that are compared between outlets


@dataclass(frozen=True, slots=True)
class Options:
    """How a feed is run.

    Attributes:
        engine: A name in `engines.ENGINES`.
        fast: Speed before quality.
        length: Of a brief: "headline", "brief" or "detailed".
        words: At most so many English words instead.
        glossary: Arabic → English for names and terms.
        full: Whether to translate every article whole, too.
        pages: Whether the linked page may be fetched where an entry has no text.
        allow_url: Whether the feed itself may be a URL.
        kind: One of `readers.KINDS`; "" to tell by looking.
        workers: Processes, each with one thread; None is one process with all cores.
        window: Articles that go to the engine together.
        ray: Address of a Ray cluster, "auto", or "local" for one on this machine; None: no Ray.
        group: Whether copies of a story in several outlets become one entry.
        since: Leave out what was published before this ISO date.
        limit: At most so many entries of the feed.
        match: Only entries with one of these words; English ones are looked for in the briefs.
        only_new: Write only what is new or changed since the last finished run.
        retries: How often something that may pass (a fetch, an endpoint) is tried again.
        wait_s: Seconds before the first of these; each next wait is four times as long.
    """

    engine: str = "embedded"
    fast: bool = False
    length: str = "brief"
    words: int | None = None
    glossary: Mapping[str, str] = field(default_factory=dict)
    full: bool = False
    pages: bool = False
    allow_url: bool = False
    kind: str = ""
    workers: int | None = None
    window: int = 32
    ray: str | None = None
    group: bool = True
    since: str | None = None
    limit: int | None = None
    match: tuple[str, ...] = ()
    only_new: bool = False
    retries: int = 3
    wait_s: float = 1.0

    def settings(self) -> str:
        """The hash of everything that decides what a brief says; loads no model.

        Raises:
            EngineError: There is no such engine.
            UsageError: The length is not possible.
        """
        limit = limit_of(self.length, self.words)
        engine = engines.load(self.engine, engines.Options(self.fast, self.glossary))
        decides = [engine.name, engine.revision, engine.settings, asdict(limit), self.full,
                   dict(self.glossary), self.pages]  # fmt: skip
        return settings_hash({"feed": decides})


class Worker:
    """Briefs windows of entries; keeps its model between them.

    Args:
        options: Of the run.
        threads: Cores to use; 0 is all.
    """

    def __init__(self, options: Options, threads: int = 0) -> None:
        self.options = options
        self.threads = threads

    def prepare(self, progress: Progress | None = None) -> None:
        """Load the engine; raises EngineError if it can't run at all."""
        chosen = self.options
        names = tuple(sorted(chosen.glossary.items()))
        loaded(chosen.engine, chosen.fast, names, self.threads).prepare(progress)
        embeddings.prepare(progress)

    def __call__(self, tasks: Sequence[Task], progress: Progress | None = None) -> list[Outcome]:
        """What became of each, in order."""
        try:
            return self._together(tasks, progress)
        except Exception as error:  # whatever one item does to the engine, the others go on
            if len(tasks) > 1:
                return [self([task], progress)[0] for task in tasks]
            return [_failed(tasks[0].number, error)]

    def _together(self, tasks: Sequence[Task], progress: Progress | None) -> list[Outcome]:
        read = [self._read(task) for task in tasks]
        articles = {one.number: one.article for one in read if isinstance(one, _Read)}
        briefs, whole = self._results(articles, progress)
        made: dict[int, Outcome] = {one.number: one for one in read if isinstance(one, Outcome)}
        for number, brief in briefs.items():
            translation = whole.get(number)
            if isinstance(brief, Refusal):
                made[number] = _failed(number, brief)
            elif isinstance(translation, Refusal):
                made[number] = _failed(number, translation)
            else:
                made[number] = _done(number, brief, translation)
        done = [number for number, one in made.items() if not one.error]
        vectors = self._vectors([articles[number] for number in done])
        for number, vector in zip(done, vectors, strict=True):
            made[number] = _with_vector(made[number], vector)
        return [made[task.number] for task in tasks]

    def _read(self, task: Task) -> _Read | Outcome:
        try:
            return _Read(task.number, task.entry.article(pages=self.options.pages))
        except InputError as error:
            return _failed(task.number, error)

    def _results(
        self, articles: Mapping[int, Article], progress: Progress | None
    ) -> tuple[dict[int, Brief | Refusal], dict[int, Translation | Refusal]]:
        """The briefs, and where they are wanted the translations."""
        chosen, sources = self.options, list(articles.values())
        how: dict[str, Any] = {
            "engine": chosen.engine,
            "fast": chosen.fast,
            "threads": self.threads,
            "glossary": chosen.glossary,
            "progress": progress,
        }
        made = summarize_all(sources, length=chosen.length, words=chosen.words, **how)
        briefs = dict(zip(articles, made, strict=True))
        if not chosen.full:
            return briefs, {}
        return briefs, dict(zip(articles, translate_all(sources, **how), strict=True))

    def _vectors(self, articles: Sequence[Article]) -> list[bytes | None]:
        if not self.options.group or not articles:
            return [None] * len(articles)
        from summarizer.embeddings import embed

        rows = embed([f"{article.title}\n{article.text[:LEAD_CHARS]}" for article in articles])
        return [row.tobytes() for row in rows]


@dataclass(frozen=True, slots=True)
class _Read:
    """The article of a task."""

    number: int
    article: Article


def _done(number: int, brief: Brief, translation: Translation | None) -> Outcome:
    made = {"brief": brief.to_dict()}
    segments = len(brief.lines)
    if translation:
        made["translation"] = translation.to_dict()
        segments += len(translation.lines)
    for one in made.values():
        del one["timing"]  # the one thing in it that another run would not make the same
    return Outcome(number, json.dumps(made, ensure_ascii=False), segments=segments)


def _failed(number: int, error: Exception) -> Outcome:
    if isinstance(error, MujazError):
        return Outcome(number, error=error.message, hint=error.hint, passing=_may_pass(error))
    message = f"Something unforeseen: {type(error).__name__}: {error}"[:500]
    return Outcome(number, error=message, hint="This is a mistake in Mujaz; please report it.")


def _may_pass(error: MujazError) -> bool:
    """Whether the same item may go well another time: a server that is down, not a dead link."""
    if isinstance(error, FetchError):
        return error.passing
    return isinstance(error, EngineError) and not isinstance(error, BudgetError)


def _with_vector(outcome: Outcome, vector: bytes | None) -> Outcome:
    return Outcome(outcome.number, outcome.result, vector, segments=outcome.segments)


def one_thread() -> None:
    """Let this process and what it loads later use one core each."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
