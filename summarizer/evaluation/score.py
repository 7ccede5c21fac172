"""Predictions → scores: a header line, then a line of figures for each item, in JSONL.

No item is ever left out unseen: predictions that are missing, doubled, of another version
of the article, or of no article of the set are refused, or counted and said in the header.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard

from summarizer import arabic, checks, embeddings
from summarizer.engines import e5
from summarizer.errors import InputError
from summarizer.evaluation import data, facts, metrics, neural, systems
from summarizer.evaluation.data import Dataset, Item
from summarizer.evaluation.formats import in_other_letters, make_folder, read_jsonl
from summarizer.evaluation.metrics import (
    METRICS,
    Measured,
    Prediction,
    Said,
    measure,
    signature_of,
    value_of,
    worst_of,
)
from summarizer.evaluation.neural import Asked
from summarizer.evaluation.systems import code_hash
from summarizer.files import write_whole
from summarizer.warning import SEVERITIES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Scores", "read_predictions", "read_scores", "score"]

SCHEMA = 2
LENGTHS = ((350, "to 350 words"), (500, "351 to 500"), (math.inf, "over 500"))
MUST = 3  # weight of a fact that a brief must have
Lengths = Sequence[tuple[float, str]]
SEGMENT_LENGTHS = ((15, "to 15 words"), (30, "16 to 30"), (math.inf, "over 30"))


def score(
    dataset: Dataset,
    predictions: Path,
    out: Path,
    *,
    missing_as_empty: bool = False,
    asked: Sequence[Asked] = (),
) -> Scores:
    """Score a file of predictions and write the figures to `out`; what is there is kept.

    Args:
        dataset: What they are predictions of.
        predictions: JSONL; a line has `id`, and `sentences` and `headline`, or `text`.
        out: Written whole or not at all.
        missing_as_empty: Count an item without a prediction as an empty one.
        asked: Metrics by large models. What `out` has of them stays, whether asked for again or
            not, as long as set, predictions and our code are the same.

    Raises:
        InputError: The predictions do not fit the set; the message says which.
        OutputError: Nothing can be written to `out`.
    """
    found, notes, system = read_predictions(predictions, dataset, missing_as_empty)
    stamp = {
        "schema": SCHEMA,
        "system": system,
        "dataset": dataset.name,
        "version": dataset.version,
        "segments": dataset.segments,
        "items": len(dataset.items),
        "predictions": hashlib.sha256(predictions.read_bytes()).hexdigest()[:16],
        "made_by": _made_by(predictions),
        "scored_by": _scored_by(),
        "notes": [*dataset.notes, *notes],
    }
    kept = _kept(out, stamp)
    extra = dict(kept.head.get("neural", {})) if kept else {}
    wanted = [one for one in asked if extra.get(one.name, {}).get("key") != one.key]
    if kept and not wanted:
        return kept
    make_folder(out.parent)
    ordered = [found[item.id] for item in dataset.items]
    measured = measure(dataset.items, ordered)
    for name in extra:
        _fill(measured, name, [row["stats"][name] for row in kept.rows] if kept else [])
    for one in wanted:
        sums, said = one.measure(dataset, ordered, predictions.stem)
        _fill(measured, one.name, sums)
        extra[one.name] = {"signature": one.signature, "key": one.key, "notes": said}
    signatures = _signatures(dataset, measured)
    signatures |= {name: one["signature"] for name, one in extra.items() if name in signatures}
    head = {
        **stamp,
        "neural": extra,
        "signatures": signatures,
        "undefined": _undefined(measured),
        "peak_mb": max((p.peak_mb for p in ordered if p.peak_mb is not None), default=None),
    }
    lengths = SEGMENT_LENGTHS if dataset.segments else LENGTHS
    parts = zip(dataset.items, ordered, measured, strict=True)
    rows = [_row(item, ours, figures, lengths) for item, ours, figures in parts]
    lines = (json.dumps(row, ensure_ascii=False, allow_nan=False) for row in (head, *rows))
    write_whole(out, "".join(f"{line}\n" for line in lines))
    return read_scores(out)


def _fill(measured: Sequence[Measured], name: str, sums: Sequence[metrics.Stats | None]) -> None:
    for figures, some in zip(measured, sums, strict=True):
        figures.stats[name] = some


def _made_by(predictions: Path) -> list[dict[str, Any]]:
    """Engine, revision, settings and code that the lines say they are from; one, if all is well."""
    keys = ("engine", "revision", "settings", "code", "length")
    found = [{key: row.get(key, "") for key in keys} for _, row in read_jsonl(predictions)]
    return [made for n, made in enumerate(found) if made not in found[:n]]


@cache
def _scored_by() -> str:
    """A hash of the code and the versions of the libraries that decide the figures."""
    modules = (arabic, data, embeddings, facts, metrics, neural, systems)
    files = [*(Path(str(module.__file__)) for module in modules), *checks.FILES]
    libraries = "-".join(map(version, ("sacrebleu", "rouge-score")))
    return f"{code_hash([*files, Path(__file__)])} {e5.revision()} {libraries}"


def _kept(out: Path, stamp: Mapping[str, Any]) -> Scores | None:
    """Scores of an earlier run that would come out the same."""
    try:
        old = read_scores(out)
    except InputError:
        return None
    return old if all(old.head.get(key) == value for key, value in stamp.items()) else None


def _signatures(dataset: Dataset, measured: Sequence[Measured]) -> dict[str, str]:
    references = max((len(item.references) for item in dataset.items), default=0)
    return {
        name: signature_of(name, references)
        for name in METRICS
        if any(one.stats[name] is not None for one in measured)
    }


def _undefined(measured: Sequence[Measured]) -> dict[str, int]:
    """For each metric, on how many items it has no meaning."""
    counts = {name: sum(one.stats[name] is None for one in measured) for name in METRICS}
    return {name: count for name, count in counts.items() if count}


def _row(
    item: Item, prediction: Prediction, measured: Measured, lengths: Lengths
) -> dict[str, Any]:
    import numpy as np

    values = {
        name: float(value_of(name, np.array([stats]))[0])
        for name, stats in measured.stats.items()
        if stats is not None
    }
    return {
        "id": item.id,
        "group": item.group or item.id,
        "strata": _strata(item, lengths),
        "words": len(prediction.text.split()),
        "ours": "\n".join(filter(None, (prediction.headline, *prediction.sentences))),
        "theirs": item.references[0].text if item.references else "",
        "missed": [
            fact.text
            for fact, said in zip(item.facts, measured.said, strict=True)
            if fact.weight == MUST and not said
        ],
        "values": {k: None if math.isnan(v) else round(v, 6) for k, v in values.items()},
        "stats": measured.stats,
        "said": measured.said,
        "lines": measured.lines,
    }


def _strata(item: Item, lengths: Lengths) -> dict[str, str]:
    length = next(name for limit, name in lengths if item.words <= limit)
    strata = {"kind": item.kind, "noise": item.noise, "length": length}
    return {key: value for key, value in strata.items() if value}


# --- reading predictions ------------------------------------------------------------


def read_predictions(
    path: Path, dataset: Dataset, missing_as_empty: bool = False
) -> tuple[dict[str, Prediction], list[str], str]:
    """The predictions by id, what is to be said about them, and the system's name.

    Raises:
        InputError: A line is cut off, is no JSON or has NaN in it; an id is unknown, missing or
            there twice with different texts; an article is of another version.
    """
    items = {item.id: item for item in dataset.items}
    aside = {item.id for item in dataset.rest}
    found: dict[str, Prediction] = {}
    doubled = unstamped = failed = 0
    systems: set[str] = set()
    for number, row in read_jsonl(path):
        where = f"{path}: line {number}"
        prediction = _prediction(row, where)
        if prediction.id in aside:
            continue
        systems.add(str(row.get("system", path.stem)))
        if prediction.id not in items:
            raise InputError(
                f'{where}: "{prediction.id}" is not in {dataset.name}.',
                hint="Predictions are scored on the set that they were made for.",
            )
        item = items[prediction.id]
        now = {"article": item.article_hash, "answer": item.answer_hash}
        for key, value in now.items():
            if row.get(key, value) != value:
                raise InputError(
                    f'{where}: the {key} of "{prediction.id}" has changed since.',
                    hint="Run `mujaz eval predict` again: it makes anew only what has changed.",
                )
        unstamped += "article" not in row
        failed += bool(row.get("error"))
        if prediction.id in found:
            if _same_text(found[prediction.id], prediction):
                doubled += 1
                continue
            raise InputError(f'{where}: "{prediction.id}" is there twice, with different texts.')
        found[prediction.id] = prediction
    if len(systems) > 1:
        raise InputError(
            f"{path} has predictions of several systems: {', '.join(sorted(systems))}."
        )
    missing = [id for id in items if id not in found]
    if missing and not missing_as_empty:
        some = ", ".join(missing[:5]) + (", …" if len(missing) > 5 else "")
        raise InputError(
            f"{path} lacks {len(missing)} of {len(items)} items: {some}",
            hint="Make them, or count them as empty with --missing-as-empty.",
        )
    found.update((id, Prediction(id, "", (), ())) for id in missing)
    notes = [
        _counted(len(missing), "missing, counted as empty"),
        _counted(doubled, "there twice, counted once"),
        _counted(unstamped, "without a hash of the article: its version is not known"),
        _counted(failed, "failed, counted as empty"),
        _counted(sum(not p.text and not p.headline for p in found.values()), "empty"),
        _counted(sum(_is_foreign(p) for p in found.values()), "in Arabic or other foreign letters"),
    ]
    return found, [note for note in notes if note], (systems or {path.stem}).pop()


def _counted(number: int, what: str) -> str:
    return f"{number} predictions are {what}." if number > 1 else (
        f"1 prediction is {what}." if number else ""
    )  # fmt: skip


def _is_foreign(prediction: Prediction) -> bool:
    return in_other_letters(prediction.headline) or in_other_letters(prediction.text)


def _same_text(one: Prediction, other: Prediction) -> bool:
    return (one.headline, one.sentences) == (other.headline, other.sentences)


def _prediction(row: Mapping[str, Any], where: str) -> Prediction:
    id, headline, sentences = row.get("id"), row.get("headline", ""), row.get("sentences")
    if sentences is None and isinstance(row.get("text"), str):
        sentences = row["text"].splitlines()
    if not _is_text(id) or not _is_text(headline):
        raise InputError(f'{where} lacks "id", or it or "headline" is no text.')
    if not isinstance(sentences, list) or not all(map(_is_text, sentences)):
        raise InputError(f'{where} lacks "sentences", a list of texts, or "text".')
    for key in ("seconds", "tokens", "peak_mb"):
        if row.get(key) is not None and not _is_number(row[key], 0, 1e15):
            raise InputError(f'{where}: "{key}" is no number of at least 0.')
    try:
        lines = tuple(map(_said, row.get("lines", ())))
        severities = _severities(row.get("warnings", ())) | {line.severity for line in lines}
    except (TypeError, KeyError, ValueError) as error:
        raise InputError(
            f'{where}: "lines" or "warnings" are not as `mujaz eval predict` writes them.',
            hint="Leave them out: evidence is then looked for.",
        ) from error
    texts = [line.text for line in lines]
    if not lines:
        headline, sentences = headline.strip(), [s for s in sentences if s.strip()]
    elif texts != [headline, *sentences] and (headline or texts != sentences):
        raise InputError(
            f'{where}: "lines" are of other texts than "headline" and "sentences".',
            hint="Leave them out: evidence is then looked for.",
        )
    return Prediction(
        id,
        headline,
        tuple(sentences),
        lines,
        row.get("seconds"),
        row.get("tokens"),
        row.get("peak_mb"),
        "serious" in severities,
    )


def _is_text(value: object) -> TypeGuard[str]:
    """Half of a surrogate pair, which JSON can have, is no text: it can't be written again."""
    return isinstance(value, str) and not re.search("[\ud800-\udfff]", value)


def _is_number(value: object, least: float, most: float) -> bool:
    """JSON's 1e999 is infinite; to Python true is 1."""
    return isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most


def _said(line: Mapping[str, Any]) -> Said:
    text, evidence, near = line["text"], line["evidence"], line["similarity"]
    cosine = near is None or _is_number(near, -1.01, 1.01)  # as rounding leaves it
    if not (_is_text(text) and _is_text(evidence) and cosine):
        raise TypeError
    if not isinstance(line["translated"], bool):
        raise TypeError
    return Said(text, evidence, near, worst_of(_severities(line["warnings"])), line["translated"])


def _severities(warnings: Sequence[Mapping[str, Any]]) -> set[str]:
    found = {warning["severity"] for warning in warnings}
    if found - set(SEVERITIES):
        raise ValueError
    return found


# --- reading scores -----------------------------------------------------------------


@dataclass(frozen=True)
class Scores:
    """A file of scores.

    Attributes:
        path: Where it is.
        head: Its first line.
        rows: The others, an item each.
    """

    path: Path
    head: Mapping[str, Any]
    rows: tuple[Mapping[str, Any], ...]

    @property
    def system(self) -> str:
        """The system's name."""
        return str(self.head["system"])

    @property
    def notes(self) -> list[str]:
        """What was left out, cut, or counted as something."""
        asked = self.head.get("neural", {}).values()
        return [*self.head["notes"], *(note for one in asked for note in one["notes"])]

    @property
    def sha256(self) -> str:
        """Of the file: first 16 hex digits."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()[:16]

    @property
    def metrics(self) -> list[str]:
        """The metrics that are defined somewhere, in the order of `METRICS`."""
        return [name for name in METRICS if name in self.head["signatures"]]

    def table(self, metric: str, keep: Sequence[bool] | None = None) -> NDArray[np.float64]:
        """The sums of a metric, a row for each group of items; undefined items add nothing."""
        import numpy as np

        rows = [r for n, r in enumerate(self.rows) if keep is None or keep[n]]
        size = next(len(r["stats"][metric]) for r in self.rows if r["stats"][metric] is not None)
        groups: dict[str, int] = {}
        for row in rows:
            groups.setdefault(row["group"], len(groups))
        sums = np.zeros((len(groups), size))
        for row in rows:
            if row["stats"][metric] is not None:
                sums[groups[row["group"]]] += row["stats"][metric]
        return sums


def read_scores(path: Path) -> Scores:
    """Read a file of scores; raises InputError where it is not whole or of another version."""
    rows = [row for _, row in read_jsonl(path)]
    if not rows or "signatures" not in rows[0]:
        raise InputError(f"{path} is not a file of scores.", hint="Make it: `mujaz eval score`.")
    head, *items = rows
    if head.get("schema") != SCHEMA:
        raise InputError(f"{path} is of another version of Mujaz.", hint="Score again.")
    if len(items) != head["items"]:
        raise InputError(
            f"{path} has {len(items)} of its {head['items']} items.", hint="Score again."
        )
    return Scores(path, head, tuple(items))
