"""Intervals and tests over articles, by resampling; everything in one multiplication.

A resample is a row of counts: how often each article (each group of segments) was drawn. The
sums of a metric over all resamples are then one matrix product. The same draws serve all
metrics and systems, so differences are paired.

Bootstrap: Efron and Tibshirani 1993; for translation Koehn 2004. Approximate randomisation:
Noreen 1989; for translation Riezler and Maxwell 2005. Correction: Holm 1979.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import comb, isnan
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["RESAMPLES", "SEED", "bootstrap", "holm", "interval", "randomisation", "sign_test"]

RESAMPLES, SEED = 10_000, 20_260
CHUNK = 500  # resamples at once: the counts of 1,000 articles then fit into the cache

Values = Callable[["NDArray[np.float64]"], "NDArray[np.float64]"]
"""Sums, a row for each resample, to a value for each."""


def bootstrap(
    tables: Sequence[NDArray[np.float64]], resamples: int = RESAMPLES, seed: int = SEED
) -> list[NDArray[np.float64]]:
    """The sums of each table over the same resamples of its rows.

    Args:
        tables: A row for each article, a column for each statistic; as many rows in each.
        resamples: How many.
        seed: The same seed gives the same draws for the same number of rows.

    Returns:
        For each table its sums, a row for each resample.
    """
    import numpy as np

    rows = len(tables[0])
    # Several resamples' articles in one range of integers: one count makes all their rows.
    together = np.concatenate(tables, axis=1)
    sums = np.empty((resamples, together.shape[1]))
    generator = np.random.default_rng(seed)
    for start in range(0, resamples, CHUNK):
        size = min(CHUNK, resamples - start)
        drawn = generator.integers(0, rows, (size, rows), dtype=np.int32)
        drawn += rows * np.arange(size, dtype=np.int32)[:, None]
        counts = np.bincount(drawn.ravel(), minlength=size * rows).reshape(size, rows)
        sums[start : start + size] = counts.astype(np.float64) @ together
    ends = np.cumsum([table.shape[1] for table in tables])[:-1]
    return list(np.split(sums, ends, axis=1))


def interval(values: NDArray[np.float64], share: float = 0.95) -> tuple[float, float]:
    """The percentile interval of the resampled values that are defined.

    (NaN, NaN) where none is. How many are not is for the caller to say.
    """
    import numpy as np

    known = values[~np.isnan(values)]
    if not len(known):
        return float("nan"), float("nan")
    tail = 50 * (1 - share)
    low, high = np.percentile(known, [tail, 100 - tail])
    return float(low), float(high)


def randomisation(
    one: NDArray[np.float64],
    other: NDArray[np.float64],
    value: Values,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> float:
    """Two-sided p of the difference of two systems, by swapping them article by article.

    ``(1 + number of shuffles with at least the observed difference) / (1 + shuffles)``;
    NaN where a value is undefined. A shuffle that leaves a system without a value counts
    as at least as far: nothing is found to differ because of it.
    """
    import numpy as np

    if np.array_equal(one, other):
        return 1.0
    total = (one + other).sum(axis=0)
    observed = abs(float(_difference(one.sum(axis=0)[None], total, value)[0]))
    if np.isnan(observed):
        return float("nan")
    as_far = 0
    for swaps in _swaps(len(one), resamples, seed):
        shuffled = one.sum(axis=0) + swaps @ (other - one)
        apart = np.abs(_difference(shuffled, total, value))
        as_far += int((~(apart < observed - 1e-12)).sum())
    return (1 + as_far) / (1 + resamples)


def _difference(
    sums: NDArray[np.float64], total: NDArray[np.float64], value: Values
) -> NDArray[np.float64]:
    return value(sums) - value(total - sums)


def _swaps(rows: int, resamples: int, seed: int) -> Iterator[NDArray[np.float64]]:
    import numpy as np

    generator = np.random.default_rng(seed)
    for start in range(0, resamples, CHUNK):
        size = min(CHUNK, resamples - start)
        yield generator.integers(0, 2, (size, rows), dtype=np.int8).astype(np.float64)


def sign_test(one: int, other: int) -> float:
    """Two-sided p of so many wins on each side, if both were equally likely (Arbuthnot 1710)."""
    rounds = one + other
    at_most = sum(comb(rounds, wins) for wins in range(min(one, other) + 1))
    return min(1.0, 2 * at_most / (1 << rounds))


def holm(values: Sequence[float]) -> list[float]:
    """Adjusted p-values for a family of tests; an undefined one stays so and is not counted."""
    known = [n for n, p in enumerate(values) if not isnan(p)]
    adjusted, largest = list(values), 0.0
    for rank, n in enumerate(sorted(known, key=lambda n: values[n])):
        largest = max(largest, min(1.0, (len(known) - rank) * values[n]))
        adjusted[n] = largest
    return adjusted
