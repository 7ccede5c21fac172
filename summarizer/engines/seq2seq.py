"""Translation models of others: Marian, NLLB, M2M100, MADLAD, T5, mBART.

A model runs through CTranslate2 in int8 (converted once, into the cache) and, where it can't
be converted, through transformers. An n-best list is re-ranked as that of the embedded engine.
"""

from __future__ import annotations

import json
import logging
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from summarizer.arabic import ARABIC_LETTER, split_clauses
from summarizer.engines import cached, decoding, hub, rerank
from summarizer.engines.base import Hypothesis, Progress
from summarizer.engines.rerank import Candidate
from summarizer.errors import EngineError

MAX_SOURCE = 200  # tokens of a piece; sentence models lose the thread on longer ones
MAX_NEW_TOKENS = 256
BATCH_TOKENS = 1024  # in one batch, padding included
BEAM = 4
NO_REPEAT = 4  # words of a loop that a second search may not say again

# The token that asks for English, and what the tokenizer calls Arabic.
LANGUAGES = (("eng_Latn", "arb_Arab"), ("__en__", "ar"), ("en_XX", "ar_AR"))
PREFIXES = (("<2en>", "<2en> "), (">>eng<<", ">>eng<< "))  # token, text before the source
T5_PREFIX = "translate Arabic to English: "


class Backend(Protocol):
    """What runs a model.

    Attributes:
        what: "CTranslate2 int8 on cpu", for the person.
    """

    what: str

    def decode(
        self, sources: Sequence[list[int]], *, beam: int, no_repeat: int, limit: int
    ) -> Iterator[list[tuple[list[int], float]]]:
        """For each source, in order, its n-best: token ids and mean log-probability."""
        ...


@dataclass
class Seq2Seq:
    """A sequence-to-sequence model that is here, with its tokenizer.

    Args:
        model: Where it is.
        threads: Batches at once on a CPU; 0 is as many as there are cores.
        translates: Whether it wants to be told the languages.
        portable: Don't try CTranslate2.
    """

    model: hub.Stored
    threads: int = 0
    translates: bool = True
    portable: bool = False

    def generate(
        self,
        texts: Sequence[str],
        *,
        beam: int = BEAM,
        no_repeat: int = 0,
        limit: int = 0,
        progress: Callable[[int], None] | None = None,
    ) -> list[list[Candidate]]:
        """The n-best of each text, in the order of the texts; `limit` is in new tokens."""
        limit = limit or MAX_NEW_TOKENS
        sources = [self.encode(text) for text in texts]
        found: list[list[Candidate]] = []
        for some in self.backend.decode(sources, beam=beam, no_repeat=no_repeat, limit=limit):
            found.append([self._candidate(ids, score, limit) for ids, score in some])
            if progress:
                progress(len(found))
        return found

    def encode(self, text: str) -> list[int]:
        """The ids of a source with the marks of its model around it."""
        ids: list[int] = self.tokenizer(self.prefix + text).input_ids
        return ids

    @property
    def revision(self) -> str:
        """That of the model's files, and how they are run."""
        return f"{self.model.revision} {self.backend.what}"

    def prepare(self, progress: Progress | None = None) -> None:
        """Convert if need be, and load; raises EngineError if that can't be done."""
        if progress:
            progress("loading", 0, 1)
        _ = self.tokenizer, self.backend
        if progress:
            progress("loading", 1, 1)

    def notes(self, glossary: Mapping[str, str]) -> tuple[str, ...]:
        """Which model, how it runs, its licence; and that it can't be told a glossary."""
        licence = self.model.licence or "not stated"
        made = f"Made with {self.model.name}, {self.backend.what}; licence: {licence}."
        told = "This model cannot be told the glossary; the English is checked against it."
        return (made, told) if glossary else (made,)

    def _candidate(self, ids: list[int], score: float, limit: int) -> Candidate:
        words = [number for number in ids if number != self._target_id]
        text = self.tokenizer.decode(words, skip_special_tokens=True)
        return Candidate(" ".join(text.split()), score, len(ids) < limit)

    @cached_property
    def tokenizer(self) -> Any:
        """The model's own, set to Arabic."""
        from transformers import AutoTokenizer

        try:
            with quiet():
                made = AutoTokenizer.from_pretrained(
                    self.model.folder, local_files_only=True, trust_remote_code=False
                )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise unreadable(self.model, error) from error
        for target, source in LANGUAGES if self.translates else ():
            if _has(made, target):
                made.src_lang = source
        return made

    @cached_property
    def target(self) -> str | None:
        """The token that asks for English, if the model has one."""
        found = (target for target, _ in LANGUAGES if _has(self.tokenizer, target))
        return next(found, None) if self.translates else None

    @cached_property
    def _target_id(self) -> int | None:
        return self.tokenizer.convert_tokens_to_ids(self.target) if self.target else None

    @cached_property
    def prefix(self) -> str:
        """What stands before every source text."""
        if not self.translates:
            return ""
        for token, prefix in PREFIXES:
            if _has(self.tokenizer, token):
                return prefix
        return T5_PREFIX if self._type == "t5" else ""

    @cached_property
    def _type(self) -> str:
        from transformers import AutoConfig

        try:
            config = AutoConfig.from_pretrained(
                self.model.folder, local_files_only=True, trust_remote_code=False
            )
        except (OSError, ValueError, KeyError) as error:
            raise unreadable(self.model, error) from error
        return str(config.model_type)

    @cached_property
    def backend(self) -> Backend:
        """CTranslate2 where the model converts, else transformers."""
        if self.portable:
            return _Transformers(self)
        try:
            return _CTranslate2(self)
        except NotConvertible as reason:
            logging.getLogger("mujaz").info("%s: %s", self.model.name, reason)
            return _Transformers(self)


def _has(tokenizer: Any, token: str) -> bool:
    found = tokenizer.convert_tokens_to_ids(token)
    return found is not None and found != tokenizer.unk_token_id


def unreadable(model: hub.Stored, error: Exception) -> EngineError:
    """The error to raise where a model's files are not what they should be."""
    first = (str(error).strip() or type(error).__name__).splitlines()[0]
    return EngineError(
        f"The model in {model.folder} cannot be read: {first}",
        hint=f"Compare its files: mujaz models verify {model.name}.",
    )


@contextmanager
def quiet() -> Iterator[None]:
    """Without what transformers says while it loads; what we have to say, we say ourselves."""
    from transformers.utils import logging as transformers_logging

    chatter: Any = transformers_logging
    level = logging.getLogger("transformers").level
    shown = chatter.is_progress_bar_enabled()
    logging.getLogger("transformers").setLevel(logging.ERROR)
    chatter.disable_progress_bar()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.getLogger("transformers").setLevel(level)
        if shown:
            chatter.enable_progress_bar()


# --- CTranslate2 --------------------------------------------------------------------


class NotConvertible(Exception):
    """CTranslate2 has no form for this model."""


class _CTranslate2:
    """int8 on a CPU, int8 with float16 on a GPU."""

    def __init__(self, owner: Seq2Seq) -> None:
        import ctranslate2

        decoding.one_heap()
        folder = convert(owner.model)
        self._device = "cuda" if ctranslate2.get_cuda_device_count() else "cpu"
        kind = "int8_float16" if self._device == "cuda" else "int8"
        try:
            # One thread a batch and several batches at once: faster here than the reverse.
            self._translator = ctranslate2.Translator(
                str(folder),
                device=self._device,
                compute_type=kind if self._device == "cuda" else "default",  # as converted
                inter_threads=(owner.threads or decoding.cores()) if self._device == "cpu" else 1,
                intra_threads=1,
            )
        except RuntimeError as error:
            raise EngineError(
                f"The model in {folder} cannot be loaded: {error}.",
                hint="Remove that folder; it is made again.",
            ) from error
        rows = json.loads((folder / "shared_vocabulary.json").read_text(encoding="utf-8"))
        start = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self._names = token_names(owner.tokenizer, len(rows))
        self._ids = {name: number for number, name in enumerate(self._names)}
        starts = start.get("decoder_start_token") == owner.target
        self._target = None if starts else owner.target
        used = self._translator.compute_type.removesuffix("_float32")
        self.what = f"CTranslate2 {used} on {self._device}"

    def decode(
        self, sources: Sequence[list[int]], *, beam: int, no_repeat: int, limit: int
    ) -> Iterator[list[tuple[list[int], float]]]:
        """See `Backend`."""
        promised: dict[int, Any] = {}
        for batch in _batches(sources):
            started = self._start([sources[at] for at in batch], beam, no_repeat, limit)
            promised.update(zip(batch, started, strict=True))
        for at in range(len(sources)):
            result = decoding.wait(promised.pop(at))
            found = zip(result.hypotheses, result.scores, strict=True)
            yield [([self._ids[token] for token in some], score) for some, score in found]
        decoding.give_back_memory()

    def _start(
        self, sources: Sequence[list[int]], beam: int, no_repeat: int, limit: int
    ) -> list[Any]:
        """Hand a batch to the model; the results are promises, in order."""
        started: list[Any] = self._translator.translate_batch(
            [[self._names[number] for number in ids] for ids in sources],
            target_prefix=[[self._target]] * len(sources) if self._target else None,
            beam_size=beam,
            num_hypotheses=beam,
            no_repeat_ngram_size=no_repeat,
            max_input_length=0,  # it would cut a longer one without a word
            max_decoding_length=limit,
            return_scores=True,
            asynchronous=True,
        )
        return started


def convert(model: hub.Stored) -> Path:
    """The folder of the model in CTranslate2 int8, made now if the cache lacks it.

    Raises:
        NotConvertible: CTranslate2 knows no such model.
        EngineError: The model's files cannot be read.
        ModelBuildError: There is no room, or the cache may not be written.
    """
    folder = hub.converted_folder(model)
    return cached.made_once(folder, lambda made: _convert(model, made), f"{model.name} in int8")


def _convert(model: hub.Stored, made: Path, quantization: str = "int8") -> None:
    from ctranslate2.converters import TransformersConverter
    from safetensors import SafetensorError

    class Careful(TransformersConverter):  # type: ignore[misc]
        """Reads safetensors only, and gives CTranslate2 a name for every row of the model."""

        def load_model(self, kind: Any, folder: str, **options: Any) -> Any:
            loaded = kind.from_pretrained(
                folder, use_safetensors=True, local_files_only=True, **options
            )
            if loaded.config.model_type == "mbart":  # what transformers 5 no longer writes down
                loaded.config.normalize_before = loaded.config.normalize_embedding = True
            if loaded.config.model_type in ("t5", "mt5"):
                # CTranslate2 takes this for "scale the output", as it once meant; transformers 5
                # sets it always, and scaled logits make a beam search nearly blind.
                scales = getattr(loaded.config, "scale_decoder_outputs", False)
                loaded.config.tie_word_embeddings = scales
            self.loaded = loaded
            return loaded

        def load_tokenizer(self, kind: Any, folder: str, **options: Any) -> Any:
            tokenizer = kind.from_pretrained(folder, local_files_only=True, **options)
            rows = self.loaded.get_output_embeddings().weight.shape[0]
            names = {name: at for at, name in enumerate(token_names(tokenizer, rows))}
            tokenizer.get_vocab = lambda: names
            tokenizer.num_madeup_words = 0  # they have names already
            self.loaded.config.tokenizer_class = type(tokenizer).__name__
            return tokenizer

        def _load(self) -> Any:
            spec = super()._load()
            # mBART-50 names no beginning, and mBART-25 begins with the language.
            spec.config.bos_token = spec.config.bos_token or "<s>"
            spec.config.decoder_start_token = spec.config.decoder_start_token or "en_XX"
            return spec

    try:
        with quiet():
            Careful(str(model.folder)).convert(str(made), quantization=quantization)
    except SafetensorError as error:
        raise unreadable(model, error) from error
    except OSError as error:
        if error.errno is not None:  # the disk's; those of transformers have no number
            raise
        raise unreadable(model, error) from error
    # Also of a model that is broken: transformers, tried next, says so.
    except (ValueError, AttributeError, RuntimeError, KeyError, TypeError) as error:
        raise NotConvertible((str(error) or type(error).__name__).splitlines()[0]) from error


def token_names(tokenizer: Any, rows: int) -> list[str]:
    """A name for each row of a model's embeddings, none twice."""
    names: dict[str, None] = {}
    for number, found in enumerate(tokenizer.convert_ids_to_tokens(range(rows))):
        name = found if found is not None and found not in names else f"<row {number}>"
        names[name] = None
    return list(names)


# --- transformers -------------------------------------------------------------------


class _Transformers:
    """float32 on a CPU, bfloat16 on a GPU."""

    def __init__(self, owner: Seq2Seq) -> None:
        import torch
        from safetensors import SafetensorError
        from transformers import AutoModelForSeq2SeqLM

        self._device, dtype = torch_device()
        try:
            with quiet():
                model = AutoModelForSeq2SeqLM.from_pretrained(
                    owner.model.folder,
                    use_safetensors=True,
                    local_files_only=True,
                    trust_remote_code=False,
                    dtype=dtype,
                )
        except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
            raise unreadable(owner.model, error) from error
        self._model = model.to(self._device).eval()
        self._pad = owner.tokenizer.pad_token_id
        self._start = self._asked(owner)
        self.what = f"transformers {str(dtype).removeprefix('torch.')} on {self._device}"
        torch.manual_seed(0)

    def _asked(self, owner: Seq2Seq) -> dict[str, int]:
        """How the model is asked for English; mBART-25 begins with the language itself."""
        if not owner.target:
            return {}
        number = int(owner.tokenizer.convert_tokens_to_ids(owner.target))
        starts = type(owner.tokenizer).__name__ == "MBartTokenizer"
        return {"decoder_start_token_id" if starts else "forced_bos_token_id": number}

    def decode(
        self, sources: Sequence[list[int]], *, beam: int, no_repeat: int, limit: int
    ) -> Iterator[list[tuple[list[int], float]]]:
        """See `Backend`."""
        found: dict[int, list[tuple[list[int], float]]] = {}
        for batch in _batches(sources):
            some = self._batch([sources[at] for at in batch], beam, no_repeat, limit)
            found.update(zip(batch, some, strict=True))
        yield from (found[at] for at in range(len(sources)))

    def _batch(
        self, sources: list[list[int]], beam: int, no_repeat: int, limit: int
    ) -> list[list[tuple[list[int], float]]]:
        import torch

        longest = max(map(len, sources))
        rows = [ids + [self._pad] * (longest - len(ids)) for ids in sources]
        mask = [[1] * len(ids) + [0] * (longest - len(ids)) for ids in sources]
        with torch.inference_mode(), quiet():
            made = self._model.generate(
                input_ids=torch.tensor(rows, device=self._device),
                attention_mask=torch.tensor(mask, device=self._device),
                num_beams=beam,
                num_return_sequences=beam,
                do_sample=False,
                no_repeat_ngram_size=no_repeat,
                max_new_tokens=limit,
                return_dict_in_generate=True,
                output_scores=beam > 1,
                **self._start,
            )
        scores = made.sequences_scores.tolist() if beam > 1 else [0.0] * len(sources)
        ids = [[n for n in row[1:] if n != self._pad] for row in made.sequences.tolist()]
        pairs = list(zip(ids, scores, strict=True))
        return [pairs[at : at + beam] for at in range(0, len(pairs), beam)]


def torch_device() -> tuple[str, Any]:
    """Where a model of transformers runs, and in which type of number."""
    import torch

    return ("cuda", torch.bfloat16) if torch.cuda.is_available() else ("cpu", torch.float32)


def _batches(sources: Sequence[list[int]]) -> Iterator[list[int]]:
    """Numbers of sources that are decoded together."""
    return decoding.batches(list(map(len, sources)), lambda length: max(1, BATCH_TOKENS // length))


# --- the engine ---------------------------------------------------------------------


@dataclass
class Seq2SeqEngine:
    """Translates with a model of someone else.

    Args:
        model: Short name, hub id or folder.
        name: As in the registry.
        fast: Greedy; a second search only where that gets stuck.
        glossary: Arabic → English; such a model can't be told it, but hypotheses that follow
            it are preferred, and where none does a warning says so.
        threads: See `Seq2Seq`.
        portable: Don't try CTranslate2.
    """

    model: str
    name: str = "seq2seq"
    fast: bool = False
    glossary: Mapping[str, str] = field(default_factory=dict)
    threads: int = 0
    portable: bool = False
    is_known_word: None = None

    @property
    def settings(self) -> dict[str, object]:
        """What decides the hypotheses, beside the model."""
        return {"fast": self.fast, "beam": BEAM, "glossary": dict(self.glossary)}

    @property
    def revision(self) -> str:
        """That of the model's files, how they are run, and how hypotheses are picked."""
        return f"{self.seq2seq.revision} {rerank.revision()}"

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the result should know about the engine."""
        return self.seq2seq.notes(self.glossary)

    @cached_property
    def seq2seq(self) -> Seq2Seq:
        """The model, found now."""
        return Seq2Seq(hub.find(self.model), self.threads, portable=self.portable)

    def prepare(self, progress: Progress | None = None) -> None:
        """Find, convert if need be, and load; raises EngineError if that can't be done."""
        self.seq2seq.prepare(progress)

    def translate(
        self, segments: Sequence[str], progress: Progress | None = None
    ) -> list[Hypothesis]:
        """One hypothesis for each segment; see `Engine.translate`."""
        pieces = [
            self._pieces(segment) if ARABIC_LETTER.search(segment) else [] for segment in segments
        ]
        wanted = list(dict.fromkeys(piece for some in pieces for piece in some))
        found = self._translate(wanted, progress)
        return [
            rerank.joined(segment, [found[piece] for piece in some])
            for segment, some in zip(segments, pieces, strict=True)
        ]

    def _translate(self, pieces: list[str], progress: Progress | None) -> dict[str, Hypothesis]:
        tell = (lambda done: progress("translating", done, len(pieces))) if progress else None
        beam = 1 if self.fast else BEAM
        found = self.seq2seq.generate(pieces, beam=beam, progress=tell)
        candidates = dict(zip(pieces, found, strict=True))
        stuck = [p for p, some in candidates.items() if all(c.is_stuck for c in some)]
        again = self.seq2seq.generate(stuck, beam=BEAM, no_repeat=NO_REPEAT)
        for piece, more in zip(stuck, again, strict=True):
            candidates[piece] += more
        best = rerank.best(candidates, self.glossary)
        return {piece: rerank.hypothesis(piece, *kept) for piece, kept in best.items()}

    def _pieces(self, segment: str) -> list[str]:
        """The segment, or its clauses if it is too long for the model."""
        size = len(self.seq2seq.encode(segment))
        if size <= MAX_SOURCE:
            return [segment]
        parts = split_clauses(segment, max(20, len(segment) * MAX_SOURCE // size))
        texts = [part.strip() for part in parts if part.strip()]
        if len(texts) < 2:  # one word without end
            step = max(1, len(segment) // 2)
            texts = [segment[:step], segment[step:]]
        return [piece for text in texts for piece in self._pieces(text)]
