"""Batches in int8 against sentence by sentence in float32: `python -m bench.seq2seq`.

A Marian model of the usual size (6+6 layers, 512, 32,000 pieces) with random weights, so no
download: how fast it is does not depend on what it says. Both sides write the same number of
tokens for real sentences, with the cores they are given; the ratio is taken in one run, in turn.

How many segments there are decides the ratio. Only segments of the same length form a batch
(or a translation could depend on its neighbours), so a few segments are decoded nearly alone,
where int8 is all that is gained, and only hundreds at once, as a feed has them, fill batches.
The target is for the largest number; the smaller ones are measured to show it.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from summarizer.engines.decoding import cores  # noqa: E402

ROWS = 32_000  # pieces of the vocabulary; OPUS-MT has up to 63,000
TARGET = 8.0


def make(folder: Path) -> None:
    """The model, with the tokenizer of the tests and rows for the pieces that it lacks."""
    import torch

    from tests import tiny_models

    torch.manual_seed(0)
    names = tiny_models.marian_tokenizer(folder)
    del names["<pad>"]
    names |= {f"unused{number}": number for number in range(len(names), ROWS - 1)}
    names["<pad>"] = ROWS - 1
    tiny_models._write(folder, "vocab.json", names)
    model = tiny_models.marian_model(
        ROWS,
        d_model=512,
        encoder_layers=6,
        decoder_layers=6,
        encoder_attention_heads=8,
        decoder_attention_heads=8,
        encoder_ffn_dim=2048,
        decoder_ffn_dim=2048,
        init_std=0.02,
    )
    tiny_models._save(model, folder)


def rate(work: Callable[[], int]) -> float:
    """Tokens a second."""
    begun = time.perf_counter()
    tokens = work()
    return tokens / (time.perf_counter() - begun)


def measure(
    segments: Sequence[int], alone: int, limit: int, beam: int, rounds: int
) -> dict[str, Any]:
    """Tokens a second of both, and the median ratio for each number of segments."""
    from summarizer.engines import hub
    from summarizer.engines.seq2seq import Seq2Seq
    from tests.tiny_models import PAIRS

    texts = [arabic for arabic, _ in PAIRS][: max(segments)]
    if len(texts) < max(segments):
        raise SystemExit(f"There are only {len(texts)} sentences for --segments.")
    spread = texts[:: len(texts) // alone][:alone]  # of all lengths, as the batches are
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["MUJAZ_CACHE"] = f"{scratch}/cache"
        make(Path(scratch) / "model")
        stored = hub.find(f"{scratch}/model")
        ours, plain = Seq2Seq(stored), Seq2Seq(stored, portable=True)

        def batched(count: int) -> float:
            return rate(lambda: _tokens(ours, texts[:count], beam, limit))

        def one_by_one() -> float:
            return rate(lambda: sum(_tokens(plain, [text], beam, limit) for text in spread))

        _tokens(ours, texts[:2], beam, 4), _tokens(plain, texts[:1], beam, 4)  # loads
        fast: dict[int, list[float]] = {count: [] for count in segments}
        slow = []
        for _ in range(rounds):
            slow.append(one_by_one())
            for count in segments:
                fast[count].append(batched(count))
        what = [ours.backend.what, plain.backend.what]
    ratios = {
        count: round(median(one / other for one, other in zip(some, slow, strict=True)), 2)
        for count, some in fast.items()
    }
    return {
        "int8_batched_tokens_per_s": {n: [round(r, 1) for r in some] for n, some in fast.items()},
        "float32_alone_tokens_per_s": [round(r, 1) for r in slow],
        "ratio_by_segments": ratios,
        "ratio": ratios[max(segments)],
        "target": TARGET,
        "alone": alone,
        "tokens_each": limit,
        "beam": beam,
        "what": what,
        "cores": cores(),
        "load_average": round(os.getloadavg()[0], 2),
    }


def _tokens(model: Any, texts: list[str], beam: int, limit: int) -> int:
    """Translate and count the tokens of the best hypotheses."""
    sources = [model.encode(text) for text in texts]
    found = model.backend.decode(sources, beam=beam, no_repeat=0, limit=limit)
    return sum(len(some[0][0]) for some in found)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.seq2seq", description=__doc__)
    parser.add_argument("--segments", type=int, nargs="+", default=[8, 64, 512])
    parser.add_argument("--alone", type=int, default=8, help="segments one by one")
    parser.add_argument("--limit", type=int, default=24, help="tokens of each")
    parser.add_argument("--beam", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    print(json.dumps(measure(**vars(parser.parse_args())), indent=1))


if __name__ == "__main__":
    main()
