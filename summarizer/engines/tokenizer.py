"""Gemma's tokenizer over the tokens that we keep, as a sentencepiece model.

Gemma 3 has 262,144 tokens, most of them for languages that we neither read nor
write. The embedded model keeps some 76,000. Byte-pair merges in sentencepiece are
implied by the vocabulary (any two neighbours whose concatenation is a piece merge,
best score first), so a trimmed vocabulary tokenises exactly like the full one, on
text whose tokens are kept, as long as every intermediate piece on the way to a kept
token is kept too: `merge_closure`.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import sentencepiece as spm
from sentencepiece import sentencepiece_model_pb2

spm_proto: Any = sentencepiece_model_pb2  # made at run time: it has no types

BOS, EOS, UNK = "<bos>", "<eos>", "<unk>"
PAD_ID, EOS_ID, BOS_ID, UNK_ID = range(4)
KEPT_TOKENS = Path(__file__).parent / "data" / "kept_tokens.txt.gz"


@dataclass(frozen=True)
class Vocabulary:
    """Pieces with their scores and types, in the order of their ids.

    Types are sentencepiece's own (1 normal, 2 unknown, 3 control, 4 user defined,
    6 byte); GGUF files use the same numbers.
    """

    pieces: Sequence[str]
    scores: Sequence[float]
    types: Sequence[int]

    def keep(self, ids: Iterable[int]) -> Vocabulary:
        """The vocabulary of these ids alone, renumbered in the order given."""
        ids = list(ids)
        return Vocabulary(
            [self.pieces[i] for i in ids],
            [self.scores[i] for i in ids],
            [self.types[i] for i in ids],
        )

    def to_sentencepiece(self) -> bytes:
        """Serialise as a sentencepiece BPE model that neither adds nor removes spaces."""
        model = spm_proto.ModelProto()
        trainer, normalizer = model.trainer_spec, model.normalizer_spec
        trainer.model_type = spm_proto.TrainerSpec.BPE
        trainer.vocab_size = len(self.pieces)
        trainer.byte_fallback = True
        trainer.pad_id, trainer.eos_id = PAD_ID, EOS_ID
        trainer.bos_id, trainer.unk_id = BOS_ID, UNK_ID
        normalizer.name = "identity"
        normalizer.add_dummy_prefix = False
        normalizer.remove_extra_whitespaces = False
        normalizer.escape_whitespaces = True
        unknown = spm_proto.ModelProto.SentencePiece.UNKNOWN
        for piece, score, kind in zip(self.pieces, self.scores, self.types, strict=True):
            # GGUF marks <unk> as a control token; sentencepiece insists on its own type.
            model.pieces.add(piece=piece, score=score, type=unknown if piece == UNK else kind)
        return bytes(model.SerializeToString())


def load(model: bytes | Path) -> spm.SentencePieceProcessor:
    """Open a serialised model, or the file that holds one."""
    if isinstance(model, Path):
        return spm.SentencePieceProcessor(model_file=str(model))
    return spm.SentencePieceProcessor(model_proto=model)


def read_kept_tokens(path: Path = KEPT_TOKENS) -> list[int]:
    """The ids of the full vocabulary that the embedded model keeps, ascending."""
    with gzip.open(path, "rt", encoding="ascii") as lines:
        return [int(line) for line in lines]


def merge_closure(vocabulary: Vocabulary, ids: Iterable[int]) -> list[int]:
    """Add every piece that byte-pair merging passes through on its way to `ids`."""
    rank = {piece: i for i, piece in enumerate(vocabulary.pieces) if vocabulary.types[i] == 1}
    closed = set(ids)
    for i in list(closed):
        if vocabulary.types[i] == 1:
            closed.update(rank[part] for part in _merge_path(vocabulary, rank, i))
    return sorted(closed)


def _merge_path(vocabulary: Vocabulary, rank: dict[str, int], i: int) -> list[str]:
    parts, path = list(vocabulary.pieces[i]), []
    path += [part for part in parts if part in rank]
    while len(parts) > 1:
        candidates = [
            (vocabulary.scores[rank[pair]], -at, pair)
            for at, pair in enumerate(a + b for a, b in pairwise(parts))
            if pair in rank
        ]
        if not candidates:
            break
        _, at, pair = max(candidates)
        parts[-at : -at + 2] = [pair]
        path.append(pair)
    return path
