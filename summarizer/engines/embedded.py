"""The default engine: Gemma 3 270M trained on by us, int8, reading source and gloss.

A segment is decoded by beam search (greedily if `fast`). Of the n-best the one is kept whose
meaning is nearest to the source (multilingual-e5-small), with the fewest doubts of the checks,
and likely in the eyes of the model.
"""

from __future__ import annotations

import hashlib
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, Protocol

from summarizer.arabic import ARABIC_LETTER, split_clauses
from summarizer.checks import check
from summarizer.engines import build, decoding, gloss, rerank, tokenizer
from summarizer.engines.base import Hypothesis, Progress
from summarizer.engines.gloss import Glosser
from summarizer.engines.lexicon import Lexicon
from summarizer.engines.rerank import Candidate
from summarizer.errors import EngineError
from summarizer.warning import MujazWarning

MAX_PROMPT = 260  # tokens of source and gloss; Gemma 3 270M slides its window after 512
PROMPT_STEP = 8  # tokens; prompts have so many, or twice as many, …
MAX_NEW_TOKENS = 150
# What hypotheses in hand at once and their prompts have together, for each core, or a prompt more.
# CTranslate2 keeps 150 kB a token and copies all of it for each new one: more is memory (4,000:
# 1.2 GB at the peak) and hardly any speed.
BATCH_TOKENS = 1_250
USUAL_TOKENS = 50  # of a hypothesis
BEAM = 4

_GLUED = re.compile(r"(?<=[a-z\d)”])([.?!])(?=[A-Z][a-z ])")


@dataclass
class EmbeddedEngine:
    """Translates with the built-in model.

    Args:
        fast: Greedy decoding; a wider search only where that gets stuck. A false number is
            flagged but not decoded again.
        glossary: Arabic → English for names and terms; shown to the model and checked.
        threads: Batches at once, one core each; 0 is as many as there are cores.
        name: As in the registry.
        model: Another built model than the one in the cache, to measure a training.
    """

    fast: bool = False
    glossary: Mapping[str, str] = field(default_factory=dict)
    threads: int = 0
    name: str = "embedded"
    model: build.ModelFiles | None = None

    @property
    def settings(self) -> dict[str, object]:
        """What decides the hypotheses, beside the model."""
        return {"fast": self.fast, "beam": BEAM, "glossary": dict(self.glossary)}

    @property
    def revision(self) -> str:
        """A hash of the built model and of the code that makes and picks hypotheses."""
        return _revision()

    def is_known_word(self, word: str) -> bool:
        """Whether the lexicon has a reading of an Arabic word."""
        return self._lexicon.knows(word)

    def prepare(self, progress: Progress | None = None) -> None:
        """Build the model if the cache lacks it, and load it.

        Raises:
            ModelBuildError: It can't be built; the message says why and what to do.
            EngineError: It can't be loaded.
        """
        self.model = self.model or build.ensure_model(progress)
        _ = self._generator

    def translate(
        self, segments: Sequence[str], progress: Progress | None = None
    ) -> list[Hypothesis]:
        """One hypothesis for each segment; see `Engine.translate`."""
        pieces = [
            self._pieces(segment) if ARABIC_LETTER.search(segment) else [] for segment in segments
        ]
        wanted = list(dict.fromkeys(piece for some in pieces for piece in some))
        found = dict(zip(wanted, self._translate(wanted, progress), strict=True))
        return [
            rerank.joined(segment, [found[piece] for piece in some])
            for segment, some in zip(segments, pieces, strict=True)
        ]

    # --- decoding -------------------------------------------------------------------

    def _translate(self, pieces: list[str], progress: Progress | None) -> list[Hypothesis]:
        """Decode, look for what is wrong, decode again what is, keep the best."""
        prompts = {piece: self._prompt(piece) for piece in pieces}
        candidates: dict[str, list[Candidate]] = {}
        self._decode(prompts, candidates, progress, beam=1 if self.fast else BEAM)
        bad = [p for p in pieces if all(self._is_bad(p, c) for c in candidates[p])]
        self._decode({p: prompts[p] for p in bad}, candidates, beam=2 * BEAM)
        stuck = {p: prompts[p] for p in bad if all(c.is_stuck for c in candidates[p])}
        # Only where nothing else helped: the penalty falls on the words of the prompt, too.
        self._decode(stuck, candidates, repetition_penalty=1.2)
        kept = self._best(candidates)
        decoding.give_back_memory()
        return [kept[piece] for piece in pieces]

    def _decode(
        self,
        prompts: Mapping[str, list[str]],
        candidates: dict[str, list[Candidate]],
        progress: Progress | None = None,
        *,
        beam: int = 1,
        repetition_penalty: float = 1.0,
    ) -> None:
        """Add the hypotheses of a search (width `beam`) for each prompt to `candidates`."""
        started: deque[tuple[list[str], list[Any]]] = deque()
        done = 0
        for batch in [*_batches(prompts, beam), None]:
            if batch:
                promised = self._start(
                    [prompts[piece] for piece in batch], beam, repetition_penalty
                )
                started.append((batch, promised))
            # A few batches ahead keep all cores busy; more would hide how far it is.
            while started and (batch is None or len(started) > 2 * self._cores):
                pieces, results = started.popleft()
                if progress:
                    progress("translating", done, len(prompts))
                for piece, result in zip(pieces, results, strict=True):
                    candidates.setdefault(piece, []).extend(self._read(decoding.wait(result), beam))
                done += len(pieces)
        if progress:
            progress("translating", done, len(prompts))

    def _start(self, prompts: list[list[str]], beam: int, repetition_penalty: float) -> list[Any]:
        """Hand a batch to the model; the results are promises, in order."""
        started: list[Any] = self._generator.generate_batch(
            prompts,
            asynchronous=True,
            beam_size=beam,
            num_hypotheses=beam,
            sampling_topk=1,
            max_length=MAX_NEW_TOKENS,
            include_prompt_in_result=False,
            end_token=tokenizer.EOS,
            return_scores=True,
            repetition_penalty=repetition_penalty,
            suppress_sequences=self._arabic_tokens,
        )
        return started

    def _read(self, result: Any, beam: int) -> Iterator[Candidate]:
        for ids, score in zip(result.sequences_ids, result.scores, strict=True):
            text = _tidy(self._tokenizer.decode(ids))
            # A search of width 1 gives the sum of log-probabilities, a wider one the mean.
            mean = score / max(1, len(ids)) if beam == 1 else score
            yield Candidate(text, mean, len(ids) < MAX_NEW_TOKENS)

    def _is_bad(self, source: str, candidate: Candidate) -> bool:
        """Whether it is worth decoding again: stuck, and unless `fast` with a false number."""
        if self.fast or candidate.is_stuck:
            return candidate.is_stuck
        return any(
            w.severity == "serious" and w.code in {"number", "length"}
            for w in self._check(source, candidate.text)
        )

    def _check(self, source: str, text: str, similarity: float | None = None) -> list[MujazWarning]:
        return check(
            source,
            text,
            similarity=similarity,
            glossary=self.glossary,
            is_known_word=self.is_known_word,
        )

    def _best(self, candidates: Mapping[str, list[Candidate]]) -> dict[str, Hypothesis]:
        """The candidate with the most points for each piece; of the same text the last counts."""
        distinct = {p: list({c.text: c for c in some}.values()) for p, some in candidates.items()}
        best = rerank.best(distinct, self.glossary, self.is_known_word)
        return {piece: rerank.hypothesis(piece, *kept) for piece, kept in best.items()}

    # --- the model's input ----------------------------------------------------------

    def _prompt(self, piece: str) -> list[str]:
        """The tokens of a prompt, as in training."""
        shown = self._shown(piece)
        return self._tokens(shown, self._glosser.gloss(shown))

    def _tokens(self, shown: str, words: str | None) -> list[str]:
        ids = prompt(self._tokenizer, shown, words)
        pieces: list[str] = self._tokenizer.id_to_piece(ids)
        return pieces

    def _shown(self, piece: str) -> str:
        """The Arabic half of the prompt."""
        return gloss.shown(piece, self.glossary)

    def _pieces(self, segment: str) -> list[str]:
        """The segment, or its clauses if it does not fit the model's window."""
        size = len(self._prompt(segment))
        if size <= MAX_PROMPT:
            return [segment]
        pieces = split_clauses(segment, max(20, len(segment) * MAX_PROMPT // size))
        stripped = (piece.strip() for piece in pieces)
        return [part for piece in stripped if piece for part in self._smaller(segment, piece)]

    def _smaller(self, whole: str, piece: str) -> list[str]:
        """Cut further where a piece is denser than the whole; a word alone is left as it is."""
        return self._pieces(piece) if piece != whole else [piece]

    @property
    def _cores(self) -> int:
        return self.threads or decoding.cores()

    # --- what is loaded -------------------------------------------------------------

    @cached_property
    def _files(self) -> build.ModelFiles:
        return self.model or build.ensure_model()

    @cached_property
    def _generator(self) -> Any:
        return _generator(self._files.folder, self._cores)

    @cached_property
    def _tokenizer(self) -> Any:
        return tokenizer.load(self._files.tokenizer)

    @cached_property
    def _arabic_tokens(self) -> list[list[str]]:
        """Every token with an Arabic letter: none may stand in the English."""
        pieces = (self._tokenizer.id_to_piece(i) for i in range(len(self._tokenizer)))
        return [[piece] for piece in pieces if ARABIC_LETTER.search(piece)]

    @cached_property
    def _lexicon(self) -> Lexicon:
        return Lexicon(self._files.lexicon)

    @cached_property
    def _glosser(self) -> Glosser:
        return Glosser(self._lexicon, self.glossary)


@lru_cache(maxsize=2)
def _generator(folder: Path, cores: int) -> Any:
    """The loaded model, 300 MB: engines with other glossaries share it."""
    import ctranslate2

    decoding.one_heap()
    try:
        # One thread a batch and several batches at once: faster here than the reverse.
        return ctranslate2.Generator(str(folder), inter_threads=cores, intra_threads=1)
    except RuntimeError as error:
        raise EngineError(
            f"The model in {folder} cannot be loaded: {error}.",
            hint="Remove that folder; it is made again.",
        ) from error


class Encoder(Protocol):
    """What is needed of a `sentencepiece` processor."""

    def encode(self, text: str) -> list[int]:
        """The token ids of `text`."""
        ...


def prompt(encoder: Encoder, source: str, words: str | None) -> list[int]:
    """The ids of the model's input, 8 of them, or 16, 24, …; its parts are tokenised apart.

    Newlines before the last part fill it up. Only prompts of the same length are decoded
    together (`decoding.batches`), and so there are eight times as many of each.

    Args:
        encoder: The built model's tokenizer.
        source: The Arabic, as the model is shown it.
        words: The gloss; without one the model reads the Arabic alone.
    """
    body = source if words is None else f"{source}\nWords: {words}"
    before = [tokenizer.BOS_ID, *encoder.encode("Arabic: "), *encoder.encode(body)]
    last = encoder.encode("\nEnglish:")
    newlines = -(len(before) + len(last)) % PROMPT_STEP
    return [*before, *encoder.encode("\n") * newlines, *last]


def _tidy(text: str) -> str:
    """Single spaces, one after a sentence, and a capital at the beginning."""
    text = _GLUED.sub(r"\1 ", " ".join(text.split()))
    return text[:1].upper() + text[1:]


@cache
def _revision() -> str:
    code = Path(__file__).read_bytes()
    parts = f"{build.revision()} {gloss.revision()} {rerank.revision()}".encode()
    return hashlib.sha256(parts + code).hexdigest()[:12]


def _batches(prompts: Mapping[str, list[str]], beam: int) -> Iterator[list[str]]:
    """The keys of prompts that are decoded together."""
    pieces = list(prompts)
    lengths = [len(prompt) for prompt in prompts.values()]
    for batch in decoding.batches(lengths, lambda length: _together(length, beam)):
        yield [pieces[at] for at in batch]


def _together(length: int, beam: int) -> int:
    """How many prompts of so many tokens are decoded together."""
    hypotheses = BATCH_TOKENS // (length + USUAL_TOKENS)
    return max(1, -(-hypotheses // beam))
