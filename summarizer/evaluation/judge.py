"""A model's opinion, where one is asked for: which of two briefs is better, and is a fact said.

Off by default. Any engine with `complete(prompt) -> str` will do (`instruct`, an endpoint). Each
pair is judged twice, the second time in the other order; an opinion that turns with the order
is none (Wang et al. 2023, "Large Language Models are not Fair Evaluators").
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from summarizer import prompts
from summarizer.engines.base import settings_hash
from summarizer.errors import EngineError, InputError, OutputError
from summarizer.evaluation.data import Dataset, Item
from summarizer.evaluation.facts import Agreement, agreement_of
from summarizer.evaluation.metrics import Prediction
from summarizer.evaluation.stats import sign_test

__all__ = ["Judge", "Verdicts", "judge_facts", "judge_of", "judge_pairs", "known_verdicts"]

Complete = Callable[[str], str]
KINDS = ("first", "second", "neither", "turned", "unusable")


@dataclass(frozen=True, slots=True)
class Judge:
    """Who decides: what answers a prompt, and name, revision and settings of its engine."""

    complete: Complete
    by: str


def judge_of(name: str) -> Judge:
    """An engine as judge; raises EngineError where it answers no prompts."""
    from summarizer import engines

    engine = engines.load(name)
    complete = getattr(engine, "complete", None)
    if complete is None:
        raise EngineError(
            f"{name} cannot judge: it answers no questions.",
            hint="Name a chat model: instruct:FILE.gguf, openai:MODEL, …; see `mujaz models`.",
        )
    engine.prepare()
    return Judge(complete, f"{engine.name} {engine.revision} {settings_hash(engine.settings)}")


@dataclass(frozen=True, slots=True)
class Verdicts:
    """How often each was better; `turned`: the opinion changed with the order; `unusable`: no
    answer could be read."""

    first: int
    second: int
    neither: int
    turned: int
    unusable: int

    @property
    def p(self) -> float:
        """Of a sign test: two-sided, of those decided; what is undecided says nothing."""
        return sign_test(self.first, self.second)


def judge_pairs(
    dataset: Dataset,
    one: Mapping[str, Prediction],
    other: Mapping[str, Prediction],
    judge: Judge,
    out: Path,
) -> Verdicts:
    """Which of two systems' briefs are better, article by article; a line each in `out`.

    What is in `out` already is not asked again, if judge, prompt and texts are the same.

    Raises:
        InputError: `out` is there and has something else in it.
        OutputError: It can't be written.
    """
    known = known_verdicts(out)
    prompt = prompts.load("judge-pair").sha256
    counts: Counter[str] = Counter()
    with out.open("a", encoding="utf-8") as file:
        for item in dataset.items:
            texts = [_shown(one[item.id]), _shown(other[item.id])]
            parts = [item.id, item.article_hash, *texts, judge.by, prompt]
            key = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
            if key not in known:
                known[key] = _verdict(item, texts, judge.complete)
                row = {"id": item.id, "key": key, "by": judge.by, "verdict": known[key]}
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
                file.flush()
            counts[known[key]] += 1
    return Verdicts(*(counts[kind] for kind in KINDS))


def known_verdicts(out: Path) -> dict[str, str]:
    """Verdicts of an earlier run; a last line that is cut off is asked again.

    Raises:
        InputError: `out` is there and has something else in it.
        OutputError: It can't be written.
    """
    try:
        with out.open("a+b") as file:  # made if it isn't there: that it can't be is told now
            file.seek(0)
            *lines, half = file.read().split(b"\n")
    except OSError as error:
        raise OutputError(
            f"{out} cannot be written: {error.strerror}.",
            hint="Name a file in a folder that is there.",
        ) from error
    try:
        known = {row["key"]: row["verdict"] for row in map(json.loads, lines)}
        other = set(known.values()) - set(KINDS) or not half.startswith(_START[: len(half)])
    except (ValueError, KeyError, TypeError):
        other = True
    if other:
        raise InputError(
            f"{out} is not a file of verdicts.", hint="Name another, or one that isn't there."
        )
    if half:
        out.write_bytes(b"".join(line + b"\n" for line in lines))
    return known


_START = b'{"id": '


def _shown(prediction: Prediction) -> str:
    return "\n".join(filter(None, (prediction.headline, *prediction.sentences))) or "(nothing)"


def _verdict(item: Item, texts: Sequence[str], complete: Complete) -> str:
    article = f"{item.title}\n\n{item.text}"
    straight = _ask("judge-pair", complete, article=article, first=texts[0], second=texts[1])
    turned = _ask("judge-pair", complete, article=article, first=texts[1], second=texts[0])
    if straight is None or turned is None:
        return "unusable"
    back = {"first": "second", "second": "first", "neither": "neither"}[turned["better"]]
    return str(straight["better"]) if straight["better"] == back else "turned"


def judge_facts(pairs: Sequence[Mapping[str, Any]], judge: Judge) -> tuple[Agreement | None, int]:
    """How a model's decisions on judged pairs agree with ours, and how many it left open."""
    answers = [
        _ask("judge-fact", judge.complete, fact=pair["fact"], text=pair["hypothesis"])
        for pair in pairs
    ]
    decided = [
        (pair, answer["says"]) for pair, answer in zip(pairs, answers, strict=True) if answer
    ]
    return (agreement_of(decided) if decided else None), len(pairs) - len(decided)


def _ask(name: str, complete: Complete, **values: str) -> dict[str, Any] | None:
    """The answer, or None where it is not in the form asked for."""
    prompt = prompts.load(name)
    try:
        return prompt.read(complete(prompt.fill(**values)))
    except prompts.ReplyMismatch:
        return None
