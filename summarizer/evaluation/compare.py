"""Scores → a comparison: every figure with its interval, every difference with its test.

Written as JSONL, a figure a line, so that each figure of a report can name its line; the first
line says what was compared with what and how.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.errors import InputError
from summarizer.evaluation.metrics import METRICS, value_of
from summarizer.evaluation.score import Scores
from summarizer.evaluation.stats import (
    RESAMPLES,
    SEED,
    bootstrap,
    holm,
    interval,
    randomisation,
)
from summarizer.files import write_whole
from summarizer.warning import SEVERITIES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["check_comparable", "compare", "write_comparison"]

ALPHA = 0.05
FEW = 5  # fewer groups have no interval worth showing
SLOW = ("bleu", "ter")  # left out of strata, for time
UNTESTED = ("speed",)  # a machine's load is no sample of articles
Row = dict[str, Any]


def compare(
    scores: Sequence[Scores],
    baseline: str = "",
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> list[Row]:
    """Every figure of the scores, and the differences from one system.

    Args:
        scores: Of the same set; the figures of one system in each.
        baseline: The system that the others are compared with; the first if not given.
        resamples: Of the bootstrap and of the randomisation.
        seed: Of both.

    Raises:
        InputError: The scores are of different sets or versions of one, a system is there
            twice, they were scored by different code, or the baseline is not there.
    """
    check_comparable(scores)
    if baseline and baseline not in (names := [s.system for s in scores]):
        raise InputError(f"There are no scores of {baseline!r}; of {', '.join(names)}.")
    first = next((s for s in scores if s.system == baseline), scores[0])
    rows = [_about(scores, first, resamples, seed), *_figures(scores, first, resamples, seed)]
    rows += _strata(scores, resamples, seed)
    return [*rows, *_calibration(scores, resamples, seed), *_peaks(scores)]


def _about(scores: Sequence[Scores], first: Scores, resamples: int, seed: int) -> Row:
    return {
        "metric": "about",
        "system": first.system,
        "stratum": "",
        "dataset": first.head["dataset"],
        "version": first.head["version"],
        "resamples": resamples,
        "seed": seed,
        "scores": {s.system: s.sha256 for s in scores},
    }


def check_comparable(scores: Sequence[Scores]) -> None:
    """Refuse scores of different sets, versions, code or settings, or twice of one system."""
    if not scores:
        raise InputError("There are no scores to compare.", hint="Make some: `mujaz eval score`.")
    one = scores[0]
    for other in scores[1:]:
        for key in ("dataset", "version"):
            if other.head[key] != one.head[key]:
                raise InputError(
                    f"{other.path} is of {other.head['dataset']} {other.head['version']}, "
                    f"{one.path} of {one.head['dataset']} {one.head['version']}.",
                    hint="Score both on the same version of the set.",
                )
        if other.head["scored_by"] != one.head["scored_by"]:
            raise InputError(
                f"{other.path} was scored by other code or libraries than {one.path}.",
                hint="Score all again: `mujaz eval score`.",
            )
        ours, theirs = one.head["signatures"], other.head["signatures"]
        for name in ours.keys() & theirs.keys():
            if ours[name] != theirs[name]:
                raise InputError(
                    f"{METRICS[name].title} of {other.path} is {theirs[name]}, "
                    f"of {one.path} {ours[name]}.",
                    hint="Score both in the same way.",
                )
    names = [s.system for s in scores]
    if len(set(names)) < len(names):
        raise InputError(f"A system has two files of scores: {', '.join(sorted(names))}.")


def _figures(scores: Sequence[Scores], first: Scores, resamples: int, seed: int) -> Iterator[Row]:
    drawn = {s.system: _drawn(s, resamples, seed) for s in scores}
    for metric in METRICS:
        having = [s for s in scores if metric in s.metrics]
        testable = metric in first.metrics and metric not in UNTESTED
        tested = [s for s in having if s is not first and testable]
        tests = {
            s.system: randomisation(
                s.table(metric), first.table(metric), partial(value_of, metric), resamples, seed
            )
            for s in tested
        }
        adjusted = dict(zip(tests, holm(list(tests.values())), strict=True))
        for s in having:
            row = _figure(s, metric, s.table(metric), drawn[s.system][metric])
            if s.system in tests:
                apart = drawn[s.system][metric] - drawn[first.system][metric]
                row |= _difference(row, first, metric, apart)
                row |= {"p": _known(tests[s.system]), "p_holm": _known(adjusted[s.system])}
                row["verdict"] = _verdict(METRICS[metric].better, row)
            yield row


def _drawn(
    scores: Scores, resamples: int, seed: int, keep: Sequence[bool] | None = None
) -> dict[str, NDArray[np.float64]]:
    """The value of every metric on every resample: the same draws for all."""
    tables = [scores.table(metric, keep) for metric in scores.metrics]
    sums = bootstrap(tables, resamples, seed)
    return {m: value_of(m, rows) for m, rows in zip(scores.metrics, sums, strict=True)}


def _figure(
    scores: Scores, metric: str, table: NDArray[np.float64], drawn: NDArray[np.float64]
) -> Row:
    low, high, lost = _interval(drawn, len(table))
    return {
        "system": scores.system,
        "metric": metric,
        "stratum": "all",
        "value": _known(float(value_of(metric, table.sum(axis=0)[None])[0])),
        "low": _known(low),
        "high": _known(high),
        "lost": lost,
        "groups": len(table),
        "undefined": scores.head["undefined"].get(metric, 0),
        "from": f"scores/{scores.path.name}",
    }


def _difference(row: Row, first: Scores, metric: str, apart: NDArray[np.float64]) -> Row:
    base = float(value_of(metric, first.table(metric).sum(axis=0)[None])[0])
    low, high, lost = _interval(apart, row["groups"])
    value = row["value"]
    return {
        "versus": first.system,
        "difference": None if value is None else _known(value - base),
        "difference_low": _known(low),
        "difference_high": _known(high),
        "difference_lost": lost,
    }


def _interval(drawn: NDArray[np.float64], groups: int) -> tuple[float, float, int]:
    """The interval, and how many resamples it lacks: none of their articles had a value."""
    import numpy as np

    if groups < FEW:
        return math.nan, math.nan, 0
    return *interval(drawn), int(np.isnan(drawn).sum())


def _verdict(better: int, row: Row) -> str:
    """What a reader may say: "better", "worse", "differs" (neither is), "not shown to differ"."""
    if row["p_holm"] is None or row["difference"] is None or row["p_holm"] >= ALPHA:
        return "not shown to differ"
    if not better:
        return "differs"
    return "better" if row["difference"] * better > 0 else "worse"


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


# --- strata -------------------------------------------------------------------------


def _strata(scores: Sequence[Scores], resamples: int, seed: int) -> Iterator[Row]:
    """Every figure but those of `SLOW` by kind, noise and length."""
    names = sorted({pair for row in scores[0].rows for pair in row["strata"].items()})
    for key, value in names:
        keep = [row["strata"].get(key) == value for row in scores[0].rows]
        if all(keep):
            continue
        for s in scores:
            cheap = [m for m in s.metrics if m not in SLOW]
            tables = [s.table(metric, keep) for metric in cheap]
            few = len(tables[0]) < FEW
            sums = tables if few else bootstrap(tables, resamples, seed)
            for metric, table, drawn in zip(cheap, tables, sums, strict=True):
                row = _figure(s, metric, table, value_of(metric, drawn))
                undefined = sum(
                    r["stats"][metric] is None for r, k in zip(s.rows, keep, strict=True) if k
                )
                yield row | {"stratum": f"{key}: {value}", "undefined": undefined}


def _calibration(scores: Sequence[Scores], resamples: int, seed: int) -> Iterator[Row]:
    """Do our warnings point at what is wrong? Lines by their worst warning: the share of the
    facts in their evidence that the English says; without facts, chrF++ of the segments."""
    for s in scores:
        by_facts = "fact_recall" in s.metrics
        metric = "conveyed" if by_facts else "chrf"
        if not by_facts and not (s.head["segments"] and metric in s.metrics):
            continue
        for severity in ("", *SEVERITIES):
            lines = [[one for one in r["lines"] if one["severity"] == severity] for r in s.rows]
            table = _said(lines) if by_facts else _of_segments(s, lines)
            if not len(table):
                continue
            (drawn,) = bootstrap([table], resamples, seed)
            row = _figure(s, metric, table, value_of(metric, drawn))
            yield row | {
                "metric": "calibration",
                "stratum": f"worst warning: {severity or 'none'}",
                "of": metric,
                "lines": sum(map(len, lines)),
                "undefined": 0,
            }


def _said(lines: Sequence[Sequence[Mapping[str, int]]]) -> NDArray[np.float64]:
    """For each article that has such lines with facts: facts said, facts."""
    import numpy as np

    sums = [[sum(one[key] for one in some) for key in ("said", "facts")] for some in lines]
    return np.array([row for row in sums if row[1]], dtype=np.float64)


def _of_segments(scores: Scores, lines: Sequence[Sequence[object]]) -> NDArray[np.float64]:
    keep = [bool(some) and r["stats"]["chrf"] is not None
            for some, r in zip(lines, scores.rows, strict=True)]  # fmt: skip
    return scores.table("chrf", keep)


def _peaks(scores: Sequence[Scores]) -> Iterator[Row]:
    for s in scores:
        if s.head["peak_mb"] is not None:
            yield {
                "system": s.system,
                "metric": "peak_mb",
                "stratum": "all",
                "value": s.head["peak_mb"],
                "low": None,
                "high": None,
                "from": f"scores/{s.path.name}",
            }


def write_comparison(rows: Sequence[Mapping[str, Any]], path: Path) -> None:
    """A line a figure."""
    lines = (json.dumps(row, ensure_ascii=False, allow_nan=False) for row in rows)
    write_whole(path, "".join(f"{line}\n" for line in lines))
