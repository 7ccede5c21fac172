"""What training added, at three bits a weight: what is lost, and that nothing else is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from summarizer.engines import difference


def matrix(rows: int, columns: int, seed: int, spread: float = 0.01) -> torch.Tensor:
    made = torch.randn(rows, columns, generator=torch.Generator().manual_seed(seed))
    return spread * made


def test_a_fifth_of_a_normal_difference_is_lost(tmp_path: Path) -> None:
    made = matrix(64, 640, 1)
    difference.write({"x": made}, tmp_path)
    lost = (difference.read(tmp_path)["x"] - made).norm() / made.norm()
    assert lost == pytest.approx(0.03454**0.5, rel=0.02)  # Max 1960, table I, eight levels


def test_a_weight_takes_three_bits(tmp_path: Path) -> None:
    difference.write({"x": matrix(128, 1024, 1)}, tmp_path)
    size = (tmp_path / difference.FILE).stat().st_size
    assert size < 128 * 1024 * 3 / 8 + 128 * 4 + 300


@given(st.integers(1, 5), st.integers(1, 4), st.floats(1e-6, 1e3), st.integers(0, 99))
def test_every_weight_is_near_and_no_sign_changes(
    rows: int, eights: int, spread: float, seed: int
) -> None:
    made = matrix(rows, 8 * eights, seed, spread).numpy()
    codes, scale = difference._pack(made)
    back = difference._unpack(codes, scale)
    assert np.array_equal(np.sign(back), np.sign(made))
    outermost = np.abs(made) > 2 * scale  # these may be any size
    assert (np.abs(back - made) <= 0.5 * scale)[~outermost].all()


def test_what_is_learned_on_is_not_rounded_away(tmp_path: Path) -> None:
    difference.write({"x": matrix(64, 640, 1)}, tmp_path / "start")
    start = difference.read(tmp_path / "start", dither=True)["x"]
    learned = matrix(64, 640, 2, spread=0.001)  # a tenth
    difference.write({"x": start + learned}, tmp_path / "end")
    found = difference.read(tmp_path / "end")["x"] - difference.read(tmp_path / "start")["x"]
    assert float((found * learned).sum() / learned.square().sum()) == pytest.approx(1, abs=0.1)


def test_dither_is_written_as_it_was(tmp_path: Path) -> None:
    difference.write({"x": matrix(64, 640, 1)}, tmp_path)
    plain, dithered = (difference.read(tmp_path, dither=dither)["x"] for dither in (False, True))
    assert torch.equal(dithered, difference.read(tmp_path, dither=True)["x"])
    assert (dithered - plain).norm() / plain.norm() == pytest.approx(0.2, abs=0.03)
    difference.write({"x": dithered}, tmp_path)
    assert (difference.read(tmp_path)["x"] - plain).norm() < 0.15 * plain.norm()


def test_zeros_stay_zeros(tmp_path: Path) -> None:
    difference.write({"x": torch.zeros(3, 8), "y": matrix(2, 8, 1)}, tmp_path)
    assert difference.read(tmp_path)["x"].abs().max() < 1e-9


def test_only_what_was_trained_is_added(tmp_path: Path) -> None:
    net = torch.nn.Sequential(torch.nn.Linear(8, 4), torch.nn.Linear(4, 2))
    before = {name: weight.detach().clone() for name, weight in net.named_parameters()}
    difference.add(net, {"0.weight": torch.ones(4, 8)})
    for name, weight in net.named_parameters():
        assert torch.equal(weight, before[name] + (name == "0.weight"))


def test_a_model_without_these_weights_is_refused() -> None:
    with pytest.raises(KeyError, match="other"):
        difference.add(torch.nn.Linear(8, 4), {"other": torch.ones(4, 8)})
