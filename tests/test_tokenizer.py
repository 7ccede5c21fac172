"""The trimmed tokenizer says what the full one says, wherever it has the words."""

from __future__ import annotations

import gzip
import random
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from summarizer.engines import build, tokenizer
from summarizer.engines.tokenizer import Vocabulary, merge_closure

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
SAMPLE = 4000  # lines of each folder

TEXTS = [
    "أعلنت وزارة الصحة اليوم أن عدد المصابين ارتفع إلى 120 شخصا.",
    "The ministry said that 1,250 people (35%) had been moved — “for now”.",
    "Arabic: قال  مسؤول\nWords: say | official\nEnglish: An official said",
    "وَقَالَ مُحَمَّدٌ: «لا»، ثم سكت… ٣٫٥٪ 🙂 \u200f\ufeff\t",
    "",
]


@pytest.fixture(scope="session")
def full() -> Vocabulary:
    return build.read_base_vocabulary()


@pytest.fixture(scope="session")
def full_tokenizer(full: Vocabulary) -> Any:
    return tokenizer.load(full.to_sentencepiece())


@pytest.fixture(scope="session")
def kept() -> list[int]:
    return tokenizer.read_kept_tokens()


@pytest.fixture(scope="session")
def trimmed() -> Any:
    return tokenizer.load(build.ensure_model().tokenizer)


def lines_of(folder: Path) -> Iterator[str]:
    """The texts in a folder's files: each column of a table, each line of anything else."""
    for file in sorted(folder.glob("*")):
        if file.name.endswith(".tsv.gz"):
            with gzip.open(file, "rt", encoding="utf-8") as rows:
                yield from (text for row in rows for text in row.rstrip("\n").split("\t"))
        elif file.suffix in {".tsv", ".txt"}:
            for row in file.read_text(encoding="utf-8").splitlines():
                yield from row.split("\t")


@cache
def sample_of(folder: Path) -> list[str]:
    texts = sorted(set(lines_of(folder)))
    return random.Random(1).sample(texts, min(SAMPLE, len(texts)))


def differing(texts: list[str], full_tokenizer: Any, trimmed: Any, kept: list[int]) -> list[str]:
    """The texts that the two tokenizers cut differently."""
    wanted = full_tokenizer.encode(texts)
    found = [[kept[i] for i in ids] for ids in trimmed.encode(texts)]
    return [text for text, a, b in zip(texts, wanted, found, strict=True) if a != b]


# --- the kept vocabulary ------------------------------------------------------------


def test_the_built_tokenizer_is_the_kept_part_of_the_base(
    full: Vocabulary, kept: list[int]
) -> None:
    built = build.ensure_model().tokenizer
    assert full.keep(kept).to_sentencepiece() == built.read_bytes()


def test_the_kept_tokens_are_sorted_distinct_and_have_all_that_is_special(
    full: Vocabulary, kept: list[int]
) -> None:
    assert kept == sorted(set(kept))
    assert kept[:4] == [0, 1, 2, 3]  # <pad> <eos> <bos> <unk> keep their places
    special = [full.pieces[i] for i in kept[1:4]]
    assert special == [tokenizer.EOS, tokenizer.BOS, tokenizer.UNK]
    byte_ids = {i for i, kind in enumerate(full.types) if kind == 6}
    assert len(byte_ids) == 256
    assert byte_ids <= set(kept)


def test_the_kept_tokens_are_closed_under_merging(full: Vocabulary, kept: list[int]) -> None:
    assert merge_closure(full, kept) == kept


@pytest.mark.parametrize("text", TEXTS)
def test_nothing_is_lost_or_added(text: str, trimmed: Any) -> None:
    assert trimmed.decode(trimmed.encode(text)) == text


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_survives(text: str) -> None:
    made = _trimmed()
    assert made.decode(made.encode(text)) == text.replace("▁", " ")


@cache
def _trimmed() -> Any:
    return tokenizer.load(build.ensure_model().tokenizer)


# --- the same pieces as the full one ------------------------------------------------


def test_our_texts_are_cut_alike(full_tokenizer: Any, trimmed: Any, kept: list[int]) -> None:
    assert not differing(TEXTS[:3], full_tokenizer, trimmed, kept)


# What the vocabulary was chosen on must be cut alike, whole; see `training/vocabulary.py`.
@pytest.mark.parametrize(
    "folder",
    [SHARED / "seeds", SHARED / "train"],
    ids=["shared-seeds", "train"],
)
def test_known_texts_are_cut_alike(
    folder: Path, full_tokenizer: Any, trimmed: Any, kept: list[int]
) -> None:
    if not folder.is_dir():
        pytest.skip(f"no {folder}")
    texts = sample_of(folder)
    assert texts
    assert not differing(texts, full_tokenizer, trimmed, kept)


@pytest.mark.parametrize("folder", [ROOT / "seeds", SHARED / "eval"], ids=["seeds", "eval"])
def test_unknown_texts_are_cut_alike_but_for_the_tokens_that_are_not_kept(
    folder: Path, full: Vocabulary, full_tokenizer: Any, trimmed: Any, kept: list[int]
) -> None:
    """Rare English names fall apart into more pieces; no Arabic does."""
    if not folder.is_dir():
        pytest.skip(f"no {folder}")
    texts, known = sample_of(folder), set(kept)
    cut = dict(zip(texts, full_tokenizer.encode(texts), strict=True))
    whole = [text for text in texts if known.issuperset(cut[text])]
    assert len(whole) > 0.75 * len(texts)
    assert not differing(whole, full_tokenizer, trimmed, kept)
    tokens = [i for ids in cut.values() for i in ids]
    lacking = [i for i in tokens if i not in known]
    assert len(lacking) < 0.015 * len(tokens)
    assert not [full.pieces[i] for i in lacking if re.search("[\u0621-\u064a]", full.pieces[i])]


# --- merge_closure ------------------------------------------------------------------

# Small and by hand: "abc" comes about as a + bc, never as ab + c.
TOY = Vocabulary(
    ["<pad>", "<eos>", "<bos>", "<unk>", "a", "b", "c", "ab", "bc", "abc", "abcabc"],
    [0.0, 0.0, 0.0, 0.0, -10.0, -11.0, -12.0, -2.0, -1.0, -3.0, -4.0],
    [3, 3, 3, 3, 1, 1, 1, 1, 1, 1, 1],
)


@pytest.mark.parametrize(
    ("wanted", "closure"),
    [
        ([], []),
        ([4], [4]),
        ([7], [4, 5, 7]),
        ([9], [4, 5, 6, 8, 9]),
        ([10], [4, 5, 6, 8, 9, 10]),
        ([0, 3], [0, 3]),
    ],
)
def test_the_closure_has_the_way_and_no_more(wanted: list[int], closure: list[int]) -> None:
    assert merge_closure(TOY, wanted) == closure


ALPHABET = "".join(sorted(set("".join(TEXTS) + "ابتثجحخدذرزسشصضطظعغفقكلمنهوي abcdefghijklmnop")))


@given(
    texts=st.lists(
        st.one_of(st.sampled_from(TEXTS), st.text(alphabet=ALPHABET, max_size=40)), max_size=4
    )
)
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_a_vocabulary_closed_over_a_text_cuts_it_like_the_full_one(
    texts: list[str], full: Vocabulary, full_tokenizer: Any
) -> None:
    used = [i for ids in full_tokenizer.encode(texts) for i in ids]
    always = [0, 1, 2, 3, *(i for i, kind in enumerate(full.types) if kind == 6)]
    closed = merge_closure(full, [*always, *used])
    assert closed == sorted(closed)
    assert {*always, *used} <= set(closed)
    assert merge_closure(full, closed) == closed
    small = tokenizer.load(full.keep(closed).to_sentencepiece())
    assert not differing(texts, full_tokenizer, small, closed)
