"""Batches in int8 against sentence by sentence in float32: `python -m bench.seq2seq`.

A Marian model of the usual size (6+6 layers, 512, 32,000 pieces) with random weights, so no
download: how fast it is does not depend on what it says. Both sides are asked for the same
number of tokens for the same real sentences; the ratio is taken in one run, in turn.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

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


def measure(segments: int, alone: int, limit: int, beam: int, rounds: int) -> dict[str, Any]:
    """Tokens a second of both, and the median ratio."""
    from summarizer.engines import hub
    from summarizer.engines.seq2seq import Seq2Seq
    from tests.tiny_models import PAIRS

    texts = [arabic for arabic, _ in PAIRS][:segments]
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["MUJAZ_CACHE"] = f"{scratch}/cache"
        make(Path(scratch) / "model")
        stored = hub.find(f"{scratch}/model")
        ours, plain = Seq2Seq(stored), Seq2Seq(stored, portable=True)

        def batched() -> int:
            return _tokens(ours, texts, beam, limit)

        def one_by_one() -> int:
            return sum(_tokens(plain, [text], beam, limit) for text in texts[:alone])

        _tokens(ours, texts[:2], beam, 4), _tokens(plain, texts[:1], beam, 4)  # loads
        pairs = [(rate(batched), rate(one_by_one)) for _ in range(rounds)]
        what = [ours.backend.what, plain.backend.what]
    return {
        "int8_batched_tokens_per_s": [round(fast, 1) for fast, _ in pairs],
        "float32_alone_tokens_per_s": [round(slow, 1) for _, slow in pairs],
        "ratio": round(median(fast / slow for fast, slow in pairs), 2),
        "target": TARGET,
        "segments": segments,
        "alone": alone,
        "tokens_each": limit,
        "beam": beam,
        "what": what,
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
    parser.add_argument("--segments", type=int, default=128)
    parser.add_argument("--alone", type=int, default=6, help="segments one by one")
    parser.add_argument("--limit", type=int, default=40, help="tokens of each")
    parser.add_argument("--beam", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    print(json.dumps(measure(**vars(parser.parse_args())), indent=1))


if __name__ == "__main__":
    main()
