"""System × set → predictions, one JSONL file a system, one line an item, in the set's order.

A line has all that a figure is traced back to: hashes of the article, of the engine
(revision, settings) and of the code that chooses and writes; the brief with its evidence and
warnings; seconds and memory. Running again makes only what is missing or out of date.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from summarizer import (
    alignment,
    arabic,
    article,
    brief,
    checks,
    embeddings,
    engines,
    furniture,
    injection,
    mending,
    salience,
    spelling,
)
from summarizer.article import Article, read_text
from summarizer.brief import limit_of, summarize
from summarizer.embeddings import similarities
from summarizer.engines import e5
from summarizer.engines.base import Engine, Writer, settings_hash
from summarizer.errors import InputError, UsageError
from summarizer.evaluation import ablations, systems
from summarizer.evaluation.ablations import ABLATIONS
from summarizer.evaluation.data import Dataset, Item
from summarizer.evaluation.formats import make_folder
from summarizer.evaluation.systems import Kept, Loader, System, chooser_of, code_hash, tokens_used
from summarizer.files import write_whole
from summarizer.result import Brief, Line

__all__ = ["Made", "predict"]

SCHEMA = 1
TOGETHER = 64  # segments that an engine is given at once; what it says of each is then known
Tell = Callable[[str, int, int], None]

_LOADED: set[tuple[str, str]] = set()
"""Engines of this process: its peak memory is one engine's only while there is one."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a run did: the file, lines made, lines kept from before, what is to be said."""

    path: Path
    made: int
    kept: int
    notes: tuple[str, ...]


def predict(
    dataset: Dataset,
    system: System,
    path: Path,
    *,
    cache: Path,
    length: str = "brief",
    load: Loader = engines.load,
    progress: Tell | None = None,
) -> Made:
    """Write the predictions of a system on a set to `path`; go on from what is there.

    An article that can't be read is a line that says so, and counts as an empty brief.

    Args:
        dataset: What on.
        system: By what.
        path: The JSONL file.
        cache: Where translations are kept, for all systems.
        length: "brief" or "detailed".
        load: Makes an engine by its name.
        progress: Told (system, items done, items in all).

    Raises:
        EngineError: The engine can't run.
        InputError: What is in `cache` is not translations.
        OutputError: Nothing can be written to `path` or `cache`.
        UsageError: The system makes no sense on this set.
    """
    if dataset.segments and (system.choice not in ("brief", *systems.ALONE)):
        raise UsageError(
            f"{dataset.name} is segments: there is nothing for {system.name} to choose."
        )
    make_folder(path.parent)
    engine = Kept(_load(system, load), cache) if system.engine else None
    if engine:
        _LOADED.add((engine.name, settings_hash(engine.settings)))
        engine.prepare()
    stamp = _stamp(system, engine, length)
    old, notes = _read_old(path)
    everything = (*dataset.items, *dataset.rest)
    kept = {i.id: old[i.id] for i in everything if _is_same(old.get(i.id), i, system, stamp)}
    reused = sum(item.id in kept for item in dataset.items)
    if outdated := len(old) - len(kept):
        notes.append(
            f"{outdated} lines were of another article, engine or code, and are gone; "
            "what of them is asked for is made anew."
        )
    _write(path, list(kept.values()))
    with path.open("a", encoding="utf-8") as file:
        for number, item in enumerate(dataset.items):
            if progress:
                progress(system.name, number, len(dataset.items))
            if engine and dataset.segments and number % TOGETHER == 0:
                engine.translate([i.text for i in dataset.items[number : number + TOGETHER]
                                  if i.id not in kept])  # fmt: skip
            if item.id not in kept:
                made = _prediction(item, system, engine, length, dataset.segments)
                row = {**stamp, "dataset": dataset.name, **made}
                kept[item.id] = row
                file.write(_line(row))
                file.flush()
    _write(path, [kept[item.id] for item in everything if item.id in kept])
    return Made(path, len(dataset.items) - reused, reused, tuple(notes))


def _load(system: System, load: Loader) -> Engine:
    if system.ablation:
        return ABLATIONS[system.ablation]()
    return load(system.engine, engines.Options(fast=system.fast))


def _stamp(system: System, engine: Kept | None, length: str) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "system": system.name,
        "engine": engine.name if engine else "",
        "revision": engine.revision if engine else "",
        "settings": settings_hash(engine.settings) if engine else "",
        "code": _code(),
        "length": length,
    }


@cache
def _code() -> str:
    """A hash of the code that reads, chooses, checks and writes; engines have their own."""
    reading = (arabic, article, furniture, mending, salience, spelling, embeddings, e5)
    modules = (*reading, alignment, injection, brief, systems, ablations)
    files = [Path(str(m.__file__)) for m in (*modules, sys.modules[__name__])]
    return code_hash([*files, mending.WORDS, *checks.FILES])


def _made_of(item: Item, system: System) -> dict[str, str]:
    """Hashes of what a prediction depends on; for an oracle that is the answer, too."""
    answer = {"answer": item.answer_hash} if system.knows_the_answer else {}
    return {"article": item.article_hash, **answer}


def _is_same(row: dict[str, Any] | None, item: Item, system: System, stamp: dict[str, Any]) -> bool:
    wanted = {**stamp, **_made_of(item, system)}
    return row is not None and all(row.get(key) == value for key, value in wanted.items())


# --- one item -----------------------------------------------------------------------


def _prediction(
    item: Item, system: System, engine: Kept | None, length: str, segments: bool
) -> dict[str, Any]:
    row: dict[str, Any] = {"id": item.id, **_made_of(item, system), "error": None}
    top: Line | None = None
    lines: Sequence[Line] = ()
    warnings, choosing = [], 0.0
    if engine:
        engine.count_anew()
        try:
            if segments:
                lines = [_segment(item.text, engine)]
            else:
                source = read_text(item.text or item.title, title=item.title if item.text else "",
                                   id=item.id, name=item.id)  # fmt: skip
                made, aside = _brief(source, item, system, engine, length)
                top, lines = made.top, made.sentences
                warnings = [{"code": w.code, "severity": w.severity} for w in made.warnings]
                spent = ("choosing", "checking", *(["writing"] if _writes(system, engine) else []))
                choosing = sum(made.timing.get(what, 0.0) for what in spent) - aside
        except InputError as error:
            row["error"] = error.message
    return {
        **row,
        "headline": top.text if top else "",
        "sentences": [line.text for line in lines],
        "lines": [_detail(line) for line in ((top, *lines) if top else lines)],
        "warnings": warnings,
        "seconds": round((engine.seconds if engine else 0.0) + choosing, 4),
        "tokens": engine.tokens if engine else None,
        "peak_mb": _peak_mb() if engine and engine.fresh and len(_LOADED) == 1 else None,
    }


def _brief(
    source: Article, item: Item, system: System, engine: Kept, length: str
) -> tuple[Brief, float]:
    """The brief, and the seconds of its choosing that went into translating."""
    if system.choice == "headline":
        return summarize(source, length="headline", engine=engine), 0.0

    if _writes(system, engine):  # it reads the whole article; there is nothing to keep
        before = tokens_used(engine.inner)
        made = summarize(source, length=length, engine=engine.inner)
        used = tokens_used(engine.inner)
        engine.tokens = None if used is None else used - (before or 0)
        engine.fresh += 1
        return made, 0.0
    aside = 0.0

    def english(sentences: Sequence[str]) -> list[str]:
        nonlocal aside
        begun = time.perf_counter()
        made = engine.translate(sentences)
        aside += time.perf_counter() - begun
        return [hypothesis.text for hypothesis in made]

    made = summarize(
        source,
        length=length,
        words=10_000 if system.first else None,  # exactly N sentences, however long
        engine=engine,
        choose=chooser_of(system, item, limit_of(length), english),
    )
    return made, aside


def _writes(system: System, engine: Kept) -> bool:
    return system.choice == "brief" and isinstance(engine.inner, Writer)


def _segment(text: str, engine: Kept) -> Line:
    """A segment is translated as it stands: nothing is cleaned away or split."""
    from summarizer.result import Evidence

    hypothesis = engine.translate([text])[0]
    near = hypothesis.similarity
    if near is None and hypothesis.translated:
        near = similarities([text], [hypothesis.text])[0]
    doubts = checks.check(
        text, hypothesis.text, similarity=near, is_known_word=engine.is_known_word
    )
    evidence = Evidence(text, 0, len(text))
    return Line(hypothesis.text, (evidence,), near, (*hypothesis.warnings, *doubts),
                hypothesis.translated)  # fmt: skip


def _detail(line: Line) -> dict[str, Any]:
    return {
        "text": line.text,
        "evidence": line.source,
        "similarity": line.similarity,
        "translated": line.translated,
        "warnings": [{"code": w.code, "severity": w.severity} for w in line.warnings],
    }


def _peak_mb() -> float | None:
    """Peak memory of this process so far, in MB (10⁶ bytes)."""
    if os.name != "posix":
        return None
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1e6 if sys.platform == "darwin" else 1e3), 1)


# --- files --------------------------------------------------------------------------


def _read_old(path: Path) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """The lines of an earlier run; a last one that is cut off is left out, and said."""
    if not path.is_file():
        return {}, []
    rows, notes = {}, []
    # As bytes: those don't split at U+2028, and a line may be cut off within a character.
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        try:
            row = json.loads(line)
            rows[str(row["id"])] = row
        except (ValueError, KeyError, TypeError):
            notes.append(f"{path}: line {number} is not whole; its item is made anew.")
    return rows, notes


def _line(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"


def _write(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    write_whole(path, "".join(map(_line, rows)))
