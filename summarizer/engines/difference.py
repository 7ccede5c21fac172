"""What training added to the weights of the base model, at three bits a weight.

A weight's difference from the base is one of eight levels times its row's scale: the
levels that are best for a normal distribution (Max, "Quantizing for Minimum Distortion",
IRE Transactions on Information Theory 6:1, 1960), the scale that is best for these levels.
Differences are small beside the weights, so that so few bits cost next to nothing (Liu et
al., "BitDelta", NeurIPS 2024; measured for ours in training/EXPERIMENTS.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor

FILE = "difference.safetensors"
BITS = 3
_LEVELS = np.array([-2.1519, -1.3439, -0.7560, -0.2451, 0.2451, 0.7560, 1.3439, 2.1519])
_EDGES = (_LEVELS[1:] + _LEVELS[:-1]) / 2
_ENDS = 2 * _LEVELS[[0, -1]] - _EDGES[[0, -1]]
_CELLS = np.stack([[_ENDS[0], *_EDGES], [*_EDGES, _ENDS[1]]])  # lowest and highest of each level
_PLACES = np.arange(BITS)[::-1]
_TINY = 1e-12  # a row of zeros has a scale, too
_CODES, _SCALE = ".codes", ".scale"

Array = np.ndarray[Any, Any]


def write(differences: Mapping[str, Tensor], folder: Path) -> None:
    """Save matrices, by the names of the weights that they are added to, in `folder`.

    Their columns are a multiple of eight.
    """
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    packed = {}
    for name, matrix in differences.items():
        packed[name + _CODES], packed[name + _SCALE] = _pack(matrix.float().cpu().numpy())
    save_file(packed, folder / FILE)


def read(folder: Path, dither: bool = False) -> dict[str, Tensor]:
    """The matrices that `write` saved, by the names of their weights.

    With `dither`, to train on from them, each value is drawn from all that would have been
    written as its level (always the same ones): what is learned from there, be it little, would
    else be rounded back to the level it began at.

    Raises FileNotFoundError if there are none.
    """
    import torch
    from safetensors.numpy import load_file

    packed = load_file(folder / FILE)
    names = [key.removesuffix(_CODES) for key in packed if key.endswith(_CODES)]
    random = np.random.default_rng(1) if dither else None
    return {
        name: torch.from_numpy(_unpack(packed[name + _CODES], packed[name + _SCALE], random))
        for name in names
    }


def add(model: Any, differences: Mapping[str, Tensor]) -> None:
    """Add matrices to the weights of `model` that have their names, in place."""
    weights = dict(model.named_parameters())
    for name, matrix in differences.items():
        weights[name].data += matrix.to(weights[name])


def _pack(matrix: Array) -> tuple[Array, Array]:
    """(a row of codes, eight in three bytes, and the scale) for each row of a matrix."""
    scale = np.sqrt(np.square(matrix).mean(1, keepdims=True)) + _TINY
    for _ in range(3):  # the best codes for the scale, the best scale for the codes
        codes = np.searchsorted(_EDGES, matrix / scale)
        near = _LEVELS[codes]
        scale = (matrix * near).sum(1, keepdims=True) / np.square(near).sum(1, keepdims=True)
        scale += _TINY
    bits = (codes[..., None] >> _PLACES & 1).astype(np.uint8)
    return np.packbits(bits.reshape(len(matrix), -1), axis=1), scale.astype(np.float32)


def _unpack(codes: Array, scale: Array, random: np.random.Generator | None = None) -> Array:
    """The matrix that `_pack` has packed, nearly."""
    bits = np.unpackbits(codes, axis=1).reshape(len(codes), -1, BITS)
    which = bits @ (1 << _PLACES)
    near: Array = _LEVELS[which] if random is None else random.uniform(*_CELLS[:, which])
    return (near * scale).astype(np.float32)
