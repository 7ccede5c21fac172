"""Tiny models for tests: every architecture, random weights, tokenizers trained on our texts.

They have the files, the names and the special tokens of the real ones, and no sense.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sentencepiece
import torch
import transformers
from safetensors.torch import load_file, save_file

from summarizer.engines.seq2seq import quiet

ROOT = Path(__file__).parents[1]
PAIRS = [
    tuple(line.split("\t")[:2])
    for line in (ROOT / "training" / "data" / "news.tsv").read_text("utf-8").splitlines()
    if "\t" in line
]
SIZE = {
    "d_model": 32,
    "encoder_layers": 2,
    "decoder_layers": 2,
    "encoder_attention_heads": 2,
    "decoder_attention_heads": 2,
    "encoder_ffn_dim": 64,
    "decoder_ffn_dim": 64,
    "init_std": 0.4,  # large, or every source would get the same answer
}


def pieces(folder: Path, name: str, **options: Any) -> Path:
    """A sentencepiece model of 1,000 pieces, trained on our sentence pairs."""
    text = folder.parent / "text.txt"
    if not text.exists():
        text.write_text("\n".join(side for pair in PAIRS for side in pair), encoding="utf-8")
    file = folder / name
    sentencepiece.SentencePieceTrainer.train(
        input=str(text),
        model_prefix=str(file.with_suffix("")),
        vocab_size=1000,
        minloglevel=2,
        **options,
    )
    file.with_suffix(".vocab").unlink()
    made = file.with_suffix(".model")
    return made if made == file else made.rename(file)


def _write(folder: Path, name: str, content: object) -> None:
    (folder / name).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def _save(model: Any, folder: Path) -> None:
    with quiet():
        model.eval().save_pretrained(folder)


def marian_tokenizer(folder: Path) -> dict[str, int]:
    """The files of a Marian tokenizer; its vocabulary ends with <pad>, as the real one does."""
    folder.mkdir(exist_ok=True)
    file = pieces(folder, "source.spm", unk_id=1, eos_id=0, bos_id=-1, pad_id=-1)
    shutil.copy(file, folder / "target.spm")
    loaded = sentencepiece.SentencePieceProcessor(str(file))
    names = {loaded.id_to_piece(i): i for i in range(len(loaded))}
    names["<pad>"] = len(names)
    _write(folder, "vocab.json", names)
    _write(folder, "tokenizer_config.json", {"tokenizer_class": "MarianTokenizer"})
    return names


def marian_model(rows: int, **size: Any) -> Any:
    """A Marian model of the real one's settings."""
    config = transformers.MarianConfig(
        vocab_size=rows,
        decoder_vocab_size=rows,
        pad_token_id=rows - 1,
        decoder_start_token_id=rows - 1,
        eos_token_id=0,
        forced_eos_token_id=None,
        scale_embedding=True,
        max_position_embeddings=512,
        activation_function="swish",
        **{**SIZE, **size},
    )
    model = transformers.MarianMTModel(config)
    model.generation_config.bad_words_ids = [[rows - 1]]
    return model


def marian(folder: Path) -> None:
    names = marian_tokenizer(folder)
    _save(marian_model(len(names)), folder)


def m2m100(folder: Path) -> None:
    file = pieces(folder, "sentencepiece.bpe.model")
    loaded = sentencepiece.SentencePieceProcessor(str(file))
    names = {"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3}
    for number in range(3, len(loaded)):
        names.setdefault(loaded.id_to_piece(number), len(names))
    _write(folder, "vocab.json", names)
    _write(folder, "tokenizer_config.json", {"tokenizer_class": "M2M100Tokenizer"})
    config = transformers.M2M100Config(vocab_size=len(names) + 100 + 8, **SIZE)
    _save(transformers.M2M100ForConditionalGeneration(config), folder)


def nllb(folder: Path) -> None:
    from transformers.models.nllb.tokenization_nllb import FAIRSEQ_LANGUAGE_CODES

    pieces(folder, "sentencepiece.bpe.model", model_type="bpe")
    with quiet():
        tokenizer = transformers.NllbTokenizer.from_pretrained(
            folder, extra_special_tokens=list(FAIRSEQ_LANGUAGE_CODES)
        )
        tokenizer.save_pretrained(folder)
    config = transformers.M2M100Config(vocab_size=len(tokenizer) + 2, **SIZE)
    _save(transformers.M2M100ForConditionalGeneration(config), folder)


def mbart(folder: Path, kind: str = "MBart50Tokenizer") -> None:
    pieces(folder, "sentencepiece.bpe.model")
    _write(folder, "tokenizer_config.json", {"tokenizer_class": kind})
    with quiet():
        rows = len(transformers.AutoTokenizer.from_pretrained(folder))
    config = transformers.MBartConfig(vocab_size=rows, decoder_start_token_id=2, **SIZE)
    _save(transformers.MBartForConditionalGeneration(config), folder)


def mbart25(folder: Path) -> None:
    """The older mBART, whose decoder begins with the language."""
    mbart(folder, "MBartTokenizer")


def _t5(
    folder: Path,
    kind: Callable[..., Any],
    config: Callable[..., Any],
    apart: str = "",
    **options: Any,
) -> None:
    """A T5; with `apart` its output has weights of its own, and its input goes by that name."""
    pieces(folder, "spiece.model", pad_id=0, eos_id=1, unk_id=2, bos_id=-1, **options)
    _write(folder, "tokenizer_config.json", {"tokenizer_class": "T5Tokenizer", "extra_ids": 0})
    with quiet():
        rows = len(transformers.AutoTokenizer.from_pretrained(folder))
    made = config(
        vocab_size=rows + 12,
        d_model=32,
        d_kv=16,
        d_ff=64,
        num_layers=2,
        num_heads=2,
        feed_forward_proj="gated-gelu",
        decoder_start_token_id=0,
        initializer_factor=8.0,
    )
    _save(kind(made), folder)
    if apart:
        weights = load_file(folder / "model.safetensors")
        shared = weights.pop("shared.weight")
        weights |= {apart: shared, "lm_head.weight": shared.flip(0).contiguous()}
        save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
        written = json.loads((folder / "config.json").read_text("utf-8"))
        written.pop("scale_decoder_outputs", None)
        _write(folder, "config.json", {**written, "tie_word_embeddings": False})


def t5(folder: Path) -> None:
    _t5(folder, transformers.T5ForConditionalGeneration, transformers.T5Config)


def madlad(folder: Path) -> None:
    """T5 with a token for each target language, and weights that go by the names of the real."""
    _t5(
        folder,
        transformers.T5ForConditionalGeneration,
        transformers.T5Config,
        "decoder.embed_tokens.weight",
        user_defined_symbols=["<2en>", "<2ar>"],
    )


def mt5(folder: Path) -> None:
    _t5(folder, transformers.MT5ForConditionalGeneration, transformers.MT5Config, "shared.weight")


def gpt2(folder: Path, template: str = "") -> None:
    """A chat model that knows no word: a byte-level tokenizer and a decoder."""
    from tokenizers import ByteLevelBPETokenizer

    trained = ByteLevelBPETokenizer()
    trained.train_from_iterator([side for pair in PAIRS for side in pair], vocab_size=600)
    with quiet():
        tokenizer = transformers.PreTrainedTokenizerFast(
            tokenizer_object=trained._tokenizer, eos_token="<eos>", pad_token="<eos>"
        )
        tokenizer.chat_template = template or None
        tokenizer.save_pretrained(folder)
    config = transformers.GPT2Config(
        vocab_size=len(tokenizer),
        n_embd=32,
        n_layer=2,
        n_head=2,
        n_positions=4096,
        eos_token_id=tokenizer.eos_token_id,
        bos_token_id=tokenizer.eos_token_id,
    )
    _save(transformers.GPT2LMHeadModel(config), folder)


MAKERS: dict[str, Callable[[Path], None]] = {
    "marian": marian,
    "m2m100": m2m100,
    "nllb": nllb,
    "mbart": mbart,
    "mbart25": mbart25,
    "t5": t5,
    "madlad": madlad,
    "mt5": mt5,
}


def make(kind: str, folder: Path) -> Path:
    """A tiny model of that kind in a new folder."""
    torch.manual_seed(0)
    folder.mkdir(parents=True)
    (MAKERS.get(kind) or globals()[kind])(folder)
    return folder
