"""The gate: has a metric dropped below its pinned floor, by more than noise?

It is run by hand before a release, not in CI: floors pinned on one kind of CPU are not quite
those of another (CTranslate2's int8 rounds otherwise on Intel's AMX than on AMD's AVX2).

`gate.json` pins, for one system on one version of the set, the value of some metrics (the
floors) and each article's part in it. A metric fails if it is lower than its floor and the 95 %
interval of the difference, by paired bootstrap over articles, does not reach 0. An engine
that says the same as before differs by exactly 0, so what can fail is a change.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan, nan
from pathlib import Path
from typing import Any

from summarizer.errors import InputError, UsageError
from summarizer.evaluation.metrics import METRICS, value_of
from summarizer.evaluation.score import Scores
from summarizer.evaluation.stats import bootstrap, interval
from summarizer.files import write_whole

__all__ = ["GUARDED", "Checked", "check", "pin"]

GUARDED = ("fact_recall", "conveyed", "chosen", "rouge2", "chrf", "faithful", "numbers", "names")


@dataclass(frozen=True, slots=True)
class Checked:
    """One metric at the gate; `low` and `high` bound the difference from the floor."""

    metric: str
    floor: float
    value: float
    low: float
    high: float

    @property
    def failed(self) -> bool:
        """Whether it got worse, by more than noise; or can't be said, for want of values."""
        better = METRICS[self.metric].better
        return not (self.high >= 0 if better > 0 else self.low <= 0)

    def __str__(self) -> str:
        failed = "NaN" if isnan(self.low) else "WORSE"
        word = failed if self.failed else "ok"
        change = f"{self.value - self.floor:+.2f} ({self.low:+.2f} to {self.high:+.2f})"
        return f"{word:5} {self.metric:14} {self.value:7.2f}, floor {self.floor:7.2f}, {change}"


def pin(scores: Scores, path: Path, metrics: Sequence[str] = GUARDED) -> None:
    """Make the present figures the floors."""
    wanted = [metric for metric in metrics if metric in scores.metrics]
    pinned = {
        "system": scores.system,
        "dataset": scores.head["dataset"],
        "version": scores.head["version"],
        "scored_by": scores.head["scored_by"],
        "floors": {m: round(_value(m, scores), 4) for m in wanted},
        "tables": {m: scores.table(m).tolist() for m in wanted},
    }
    write_whole(path, json.dumps(pinned, ensure_ascii=False) + "\n")


def check(scores: Scores, path: Path) -> list[Checked]:
    """Compare with the floors.

    Raises:
        InputError: There are no floors, or they are of another version of the set, or were scored
            by other code or libraries.
        UsageError: They are of another system.
    """
    pinned = _read(path)
    for key in ("dataset", "version"):
        if scores.head[key] != pinned[key]:
            raise InputError(
                f"{path} was pinned on {pinned['dataset']} {pinned['version']}; {scores.path} is "
                f"of {scores.head['dataset']} {scores.head['version']}.",
                hint="After the set has changed, pin anew: `mujaz eval gate SCORES --pin`.",
            )
    if scores.head["scored_by"] != pinned["scored_by"]:
        raise InputError(
            f"{path} was pinned with figures by other code or libraries than {scores.path}.",
            hint="Score the system that was pinned again, and pin anew: `mujaz eval gate SCORES "
            "--pin`.",
        )
    if scores.system != pinned["system"]:
        raise UsageError(f"{path} guards {pinned['system']}; {scores.path} is {scores.system}.")
    if lost := [metric for metric in pinned["floors"] if metric not in scores.metrics]:
        raise InputError(f"{scores.path} lacks what {path} guards: {', '.join(lost)}.")
    return [_checked(metric, scores, pinned) for metric in pinned["floors"]]


def _read(path: Path) -> Mapping[str, Any]:
    try:
        pinned: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        _ = [pinned[key] for key in ("floors", "tables", "system", "version", "scored_by")]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{path} has no floors in it.", hint="Pin some: `mujaz eval gate SCORES --pin`."
        ) from error
    return pinned


def _value(metric: str, scores: Scores) -> float:
    return float(value_of(metric, scores.table(metric).sum(axis=0)[None])[0])


def _checked(metric: str, scores: Scores, pinned: Mapping[str, Any]) -> Checked:
    import numpy as np

    now, then = scores.table(metric), np.array(pinned["tables"][metric], dtype=np.float64)
    if now.shape != then.shape:
        raise InputError(f"The floor of {metric} was pinned with another version of the metric.")
    new, old = bootstrap([now, then])
    apart = value_of(metric, new) - value_of(metric, old)
    low, high = (nan, nan) if np.isnan(apart).any() else interval(apart)
    floor = float(value_of(metric, then.sum(axis=0)[None])[0])
    return Checked(metric, floor, _value(metric, scores), low, high)
