"""Intervals and tests: right, seeded, paired, and fast."""

from __future__ import annotations

import random
import time
from functools import partial

import numpy as np
import pytest

from summarizer.evaluation.metrics import value_of
from summarizer.evaluation.stats import bootstrap, holm, interval, randomisation, sign_test

RATIO = partial(value_of, "fact_recall")


def table(values: np.ndarray) -> np.ndarray:
    return np.stack([values, np.ones(len(values))], axis=1)


def test_the_interval_is_that_of_theory() -> None:
    values = np.random.default_rng(1).normal(0.5, 0.1, 400)
    (sums,) = bootstrap([table(values)])
    low, high = interval(RATIO(sums))
    expected = 1.96 * 100 * values.std() / 20
    assert (high - low) / 2 == pytest.approx(expected, rel=0.05)
    assert low < 100 * values.mean() < high


def test_the_same_seed_gives_the_same_and_pairs_are_drawn_together() -> None:
    one = table(np.random.default_rng(1).random(50))
    first, shifted = bootstrap([one, one + np.array([0.1, 0])], 1000)
    again = bootstrap([one], 1000)[0]
    other = bootstrap([one], 1000, seed=1)[0]
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert np.allclose(RATIO(shifted) - RATIO(first), 10)  # no noise is left in the difference


def test_every_resample_has_as_many_articles() -> None:
    (sums,) = bootstrap([np.ones((37, 1))], 700)
    assert (sums == 37).all()


def test_randomisation_finds_a_difference_and_no_other() -> None:
    generator = np.random.default_rng(2)
    base = generator.random(60)
    better, noise = table(base + 0.1), table(base + generator.normal(0, 0.05, 60))
    assert randomisation(better, table(base), RATIO, 2000) < 0.001
    assert randomisation(noise, table(base), RATIO, 2000) > 0.05
    assert randomisation(table(base), table(base), RATIO) == 1.0


def test_under_the_null_p_is_uniform() -> None:
    generator = np.random.default_rng(3)
    found = []
    for _ in range(200):
        one, other = generator.random((2, 20))
        found.append(randomisation(table(one), table(other), RATIO, 200))
    assert 0.01 < np.mean([p < 0.05 for p in found]) < 0.11


def test_sign_test_by_hand() -> None:
    assert [sign_test(*n) for n in ((0, 0), (3, 0), (1, 5), (4, 4))] == [1, 0.25, 7 / 32, 1]


def test_holm_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    adjusted = holm([0.01, float("nan"), 0.04])
    assert adjusted[0] == 0.02
    assert np.isnan(adjusted[1])


def test_a_value_that_is_undefined_has_no_interval() -> None:
    assert all(np.isnan(interval(np.full(10, np.nan))))


def test_a_shuffle_without_a_value_is_no_evidence() -> None:
    one, other = np.zeros((2, 6, 2))
    one[0], other[1] = (1, 1), (0.2, 1)  # half of the shuffles give both values to one of them
    assert randomisation(one, other, RATIO, 500) == 1


def naive(tables: list[list[list[float]]], resamples: int) -> list[list[float]]:
    """What one writes first: for each metric, draw articles and take the mean, again and again."""
    found = []
    for rows in tables:
        generator = random.Random(1)
        means = []
        for _ in range(resamples):
            drawn = [generator.choice(rows) for _ in rows]
            means.append(100 * sum(row[0] for row in drawn) / sum(row[1] for row in drawn))
        found.append(means)
    return found


def test_at_most_a_twentieth_of_the_naive_loop() -> None:
    """10,000 resamples, 1,000 articles, 5 metrics; the loop is timed on 200, and multiplied."""
    generator = np.random.default_rng(4)
    tables = [table(generator.random(1000)) for _ in range(5)]
    begun = time.process_time()
    loop = naive([t.tolist() for t in tables], 200)
    slow = (time.process_time() - begun) * 50
    begun = time.process_time()
    fast = [RATIO(sums) for sums in bootstrap(tables)]
    quick = time.process_time() - begun
    for one, other in zip(loop, fast, strict=True):  # they are the same thing
        assert np.std(one) == pytest.approx(np.std(other), rel=0.2)
    assert quick <= slow / 20, f"{quick:.2f} s against {slow:.2f} s"
