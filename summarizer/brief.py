"""The pipeline: the one file that knows the order of things.

read → choose (in Arabic) → translate what was chosen → check → put together. Choosing
before translating makes a brief cheap and gives every English sentence its evidence.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import groupby
from typing import TypeVar

from summarizer import embeddings, engines
from summarizer.alignment import aligned
from summarizer.arabic import ARABIC_LETTER, split_clauses
from summarizer.article import Article, Sentence, read_text
from summarizer.checks import check
from summarizer.engines.base import Engine, Hypothesis, Progress, Writer, settings_hash
from summarizer.errors import InputError, ReplyError, UsageError
from summarizer.injection import command_in
from summarizer.result import Brief, EngineRef, Evidence, Line, SourceRef, Translation
from summarizer.salience import Chooser, salient
from summarizer.spelling import spelled_alike
from summarizer.warning import MujazWarning

__all__ = [
    "CODES",
    "LENGTHS",
    "Limit",
    "limit_of",
    "summarize",
    "summarize_all",
    "translate",
    "translate_all",
]

CODES: Mapping[str, str] = {  # every warning of this module
    "command": "the article seems to speak to a language model",
    "engine": "what the engine has to say about itself: model, licence, what it can't do",
    "headline-foreign": "the article's headline is in another language and was left out",
    "headline-made": "the article has no headline; a sentence of it stands in",
    "left-out": "a chosen sentence was too long in English for the limit",
    "long-article": "only the first part of a very long article was considered",
    "not-arabic-left-out": "sentences in another language were not considered",
    "part": "the Arabic of a line is a clause of a longer sentence",
    "over-limit": "no sentence is short enough for the limit",
    "spelling": "a name is, or was, spelled otherwise in another line",
    "sentence-cut": "a very long sentence was cut at clauses to choose from",
    "short-article": "the article has too few sentences for the length asked for",
}


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a brief may be.

    Attributes:
        name: As the brief says it.
        words: English words in its sentences, at most; of headlines only a sentence that stands
            in for one is counted.
        sentences: Sentences, at most.
    """

    name: str
    words: int
    sentences: int


LENGTHS: Mapping[str, Limit] = {
    "headline": Limit("headline", 0, 0),
    "brief": Limit("brief", 80, 4),
    "detailed": Limit("detailed", 200, 10),
}
LEAST_SENTENCES = 2  # of a brief, if the article has them and they fit
ENGLISH_WORDS = 1.35  # for each Arabic word (median of 2,100 human translations: 1.33)
LONGEST_UNIT, LONGEST_UNIT_CHARS = 60, 250  # words, and characters of what these are cut into
STREAMED = 2  # segments at a time where each line is wanted as soon as it is made
CONSIDERED = 80  # sentences to choose from; each costs an embedding
_ARABIC_LETTER, _LETTER = re.compile("[\u0621-\u064a]"), re.compile(r"[^\W\d_]")


def limit_of(length: str, words: int | None = None) -> Limit:
    """The limit that goes by this name, or that of `words` English words.

    Raises:
        UsageError: There is no such length, or `words` is less than 1.
    """
    if words is not None:
        if type(words) is not int:
            raise UsageError(f"The number of words has to be a whole number, not {words!r}.")
        if words < 1:
            raise UsageError(
                f"A brief of {words} words is none.", hint="Use --length headline for no sentences."
            )
        return Limit(f"{words} words", words, words)
    try:
        return LENGTHS[length]
    except KeyError:
        raise UsageError(
            f"There is no length {length!r}.", hint=f"Lengths: {', '.join(LENGTHS)}."
        ) from None


# --- the two products ---------------------------------------------------------------


def summarize(
    source: str | Article,
    *,
    length: str = "brief",
    words: int | None = None,
    engine: str | Engine = "embedded",
    fast: bool = False,
    glossary: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    on_line: OnLine | None = None,
    choose: Chooser | None = None,
) -> Brief:
    """Make a brief of an article: an English headline and a few sentences, with evidence.

    Args:
        source: The article, or its text (plain or HTML).
        length: "headline", "brief" (80 words at most) or "detailed" (200).
        words: At most so many English words instead.
        engine: A name in `engines.ENGINES`, or an engine of your own.
        fast: Speed before quality; for engines given by name.
        glossary: Arabic → English for names and terms; for engines given by name.
        progress: Told (what is being done, units done, units in all). To stop, raise from it.
        on_line: Told each line as soon as it is made, the headline first, best sentences
            next. The brief has them in the article's order and may leave one out.
        choose: Choose the sentences in this way instead of the engine's.

    Raises:
        InputError: The text is empty, not Arabic, too large, …; the message says what.
        EngineError: The engine is unknown or cannot run.
        UsageError: `length` or `words` is not possible.
    """
    limit = limit_of(length, words)
    setup = _Setup.of(engine, fast, glossary, progress, on_line, choose)
    return _only(_run([_brief(setup, source, limit)], setup))


def translate(
    source: str | Article,
    *,
    engine: str | Engine = "embedded",
    fast: bool = False,
    glossary: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    on_line: OnLine | None = None,
) -> Translation:
    """Translate a whole article, paragraph by paragraph; nothing of it is left out.

    Args and errors are those of `summarize`.
    """
    setup = _Setup.of(engine, fast, glossary, progress, on_line)
    return _only(_run([_translation(setup, source)], setup))


def summarize_all(
    sources: Sequence[str | Article],
    *,
    length: str = "brief",
    words: int | None = None,
    engine: str | Engine = "embedded",
    fast: bool = False,
    threads: int = 0,
    glossary: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> list[Brief | Refusal]:
    """The briefs of many articles, the same as one by one, but faster.

    The segments of all of them go to the engine together, which then finds more that fit
    into one batch. Where an article has no brief, its error stands in the list.

    Args are those of `summarize`, and `threads`: how many cores to use, 0 for all; for
    engines given by name.

    Raises:
        EngineError: The engine is unknown or cannot run.
        UsageError: `length` or `words` is not possible.
    """
    limit = limit_of(length, words)
    setup = _Setup.of(engine, fast, glossary, progress, threads=threads)
    return _run([_brief(setup, source, limit) for source in sources], setup)


def translate_all(
    sources: Sequence[str | Article],
    *,
    engine: str | Engine = "embedded",
    fast: bool = False,
    threads: int = 0,
    glossary: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> list[Translation | Refusal]:
    """The translations of many articles; as `summarize_all`."""
    setup = _Setup.of(engine, fast, glossary, progress, threads=threads)
    return _run([_translation(setup, source) for source in sources], setup)


def _brief(setup: _Setup, source: str | Article, limit: Limit) -> Making[Brief]:
    job = setup.job(source)
    if isinstance(setup.engine, Writer):
        headline, lines, warnings = _written(job, setup.engine, limit)
    else:
        with job.timed("choosing"):
            plan = _plan(job, limit)
        headline, lines, too_long = yield from _write(job, plan, limit)
        headline, *lines = _told_as_parts([headline, *lines], job.article)
        headline, *lines = setup.spelled_alike([headline, *lines])
        warnings = (*plan.warnings, *_of_length(plan, lines, too_long, limit))
    return Brief(
        top=headline,
        sentences=tuple(lines),
        length=limit.name,
        language="ar",
        engine=job.setup.engine_ref,
        source=job.source_ref,
        warnings=(*job.article.warnings, *setup.notes, *warnings),
        removed=job.removed,
        timing=job.timing,
    )


def _translation(setup: _Setup, source: str | Article) -> Making[Translation]:
    job = setup.job(source)
    sentences = job.article.sentences()
    title = _of_title(job.article)
    lines = yield job, [*([title] if title else []), *map(_of_sentence, sentences)]
    lines = setup.spelled_alike(lines)
    top = lines.pop(0) if title else None
    paragraphs: list[list[Line]] = [[] for _ in job.article.paragraphs]
    for sentence, line in zip(sentences, lines, strict=True):
        paragraphs[sentence.paragraph].append(line)
    return Translation(
        top=top,
        paragraphs=tuple(map(tuple, paragraphs)),
        language="ar",
        engine=job.setup.engine_ref,
        source=job.source_ref,
        warnings=(*job.article.warnings, *setup.notes),
        removed=job.removed,
        timing=job.timing,
    )


# --- articles under way -------------------------------------------------------------

T = TypeVar("T", Brief, Translation)
Refusal = InputError | ReplyError
"""What concerns one article alone: the others of a call go on."""
OnLine = Callable[[Line], None]
Making = Generator[tuple["_Job", list[Evidence]], list[Line], T]
"""Makes T of an article: asks for the lines of some evidence, as often as it needs."""


def _run(makings: Sequence[Making[T]], setup: _Setup) -> list[T | Refusal]:
    """Advance all of them together; what they ask for in a round is one call of the engine."""
    results: dict[int, T | Refusal] = {}
    asked: dict[int, tuple[_Job, list[Evidence]]] = {}

    def advance(number: int, lines: list[Line] | None) -> None:
        making = makings[number]
        try:
            asked[number] = next(making) if lines is None else making.send(lines)
        except StopIteration as end:
            results[number] = end.value
        except (InputError, ReplyError) as error:
            results[number] = error

    for number in range(len(makings)):
        advance(number, None)
    while asked:
        answered, asked = asked, {}
        lines, seconds = setup.lines([piece for _, some in answered.values() for piece in some])
        for number, (job, pieces) in answered.items():
            own, lines = lines[: len(pieces)], lines[len(pieces) :]
            job.spent(seconds, len(pieces))
            advance(number, own)
    return [results[number] for number in range(len(makings))]


def _only(results: Sequence[T | Refusal]) -> T:
    (result,) = results
    if isinstance(result, Refusal):
        raise result
    return result


@dataclass
class _Setup:
    """What the articles of one call have in common."""

    engine: Engine
    choose: Chooser
    glossary: Mapping[str, str]
    progress: Progress | None
    on_line: OnLine | None
    ready: bool = False

    @classmethod
    def of(
        cls,
        engine: str | Engine,
        fast: bool,
        glossary: Mapping[str, str] | None,
        progress: Progress | None,
        on_line: OnLine | None = None,
        chooser: Chooser | None = None,
        threads: int = 0,
    ) -> _Setup:
        if not all(isinstance(part, str) for pair in (glossary or {}).items() for part in pair):
            raise UsageError("A glossary maps Arabic text to English text.")
        choose: Chooser = salient
        if isinstance(engine, str):
            choose = engines.entry(engine).choose
            engine = loaded(engine, fast, tuple(sorted((glossary or {}).items())), threads)
        return cls(engine, chooser or choose, glossary or {}, progress, on_line)

    def job(self, source: str | Article) -> _Job:
        """Read the article, then load the engine if this is the first one that can be read."""
        if not isinstance(source, str | Article):
            raise InputError(
                f"An article is text or an Article, not {type(source).__name__}.",
                hint="For bytes use read_bytes, for files read_file.",
            )
        begun = time.perf_counter()
        job = _Job(source if isinstance(source, Article) else read_text(source), self)
        job.timing["reading"] = time.perf_counter() - begun
        with job.timed("loading"):
            if not self.ready:
                self.engine.prepare(self.progress)
                embeddings.prepare(self.progress)
                self.ready = True
        return job

    def lines(self, evidence: Sequence[Evidence]) -> tuple[list[Line], dict[str, float]]:
        """A checked line for each piece of evidence, and the mean seconds for one."""
        size = STREAMED if self.on_line else max(1, len(evidence))
        made: list[Line] = []
        seconds = {"translating": 0.0, "checking": 0.0}
        for start in range(0, len(evidence), size):
            pieces = evidence[start : start + size]
            begun = time.perf_counter()
            tell = self._progress_of(start, len(evidence)) if self.on_line else self.progress
            hypotheses = self.engine.translate([piece.text for piece in pieces], tell)
            translated = time.perf_counter()
            lines = self._checked(pieces, hypotheses)
            seconds["translating"] += translated - begun
            seconds["checking"] += time.perf_counter() - translated
            made += lines
            if self.on_line:
                for line in lines:
                    self.on_line(line)
        return made, {what: spent / len(evidence) for what, spent in seconds.items()}

    def _progress_of(self, start: int, total: int) -> Progress | None:
        """Progress that counts what earlier calls of the engine have done."""
        tell = self.progress
        return tell and (lambda what, done, _total: tell(what, start + done, total))

    def _checked(self, pieces: Sequence[Evidence], hypotheses: Sequence[Hypothesis]) -> list[Line]:
        measured = _with_similarity([piece.text for piece in pieces], hypotheses)
        return [
            Line(h.text, (piece,), h.similarity, self._doubts(piece.text, h), h.translated)
            for piece, h in zip(pieces, measured, strict=True)
        ]

    def _doubts(self, source: str, hypothesis: Hypothesis) -> tuple[MujazWarning, ...]:
        if hypothesis.text == source and not ARABIC_LETTER.search(source):
            return hypothesis.warnings  # English that stands as it was: held against nothing
        return (
            *hypothesis.warnings,
            *self.check(source, hypothesis.text, hypothesis.similarity),
        )

    def check(self, source: str, text: str, similarity: float | None) -> list[MujazWarning]:
        """Every doubt of the checks."""
        return check(
            source,
            text,
            similarity=similarity,
            glossary=self.glossary,
            is_known_word=self.engine.is_known_word,
        )

    def spelled_alike(self, lines: Sequence[Line]) -> list[Line]:
        """The lines with one spelling for one name."""
        return spelled_alike(lines, self.glossary, self.engine.is_known_word)

    @property
    def notes(self) -> list[MujazWarning]:
        """What the engine has to say about itself, if it has."""
        notes = getattr(self.engine, "notes", ())
        return [MujazWarning("engine", note, "note") for note in notes]

    @property
    def engine_ref(self) -> EngineRef:
        engine = self.engine
        return EngineRef(engine.name, engine.revision, settings_hash(engine.settings))


@dataclass
class _Job:
    """An article, and how long everything took."""

    article: Article
    setup: _Setup
    timing: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timed(self, what: str) -> Iterator[None]:
        """Add the seconds inside to `timing[what]`."""
        begun = time.perf_counter()
        yield
        self.spent({what: time.perf_counter() - begun})

    def spent(self, seconds: Mapping[str, float], times: int = 1) -> None:
        """Add to the timing so many times these seconds."""
        for what, some in seconds.items():
            self.timing[what] = self.timing.get(what, 0.0) + some * times

    @property
    def source_ref(self) -> SourceRef:
        article, source = self.article, self.article.source
        return SourceRef(
            source.id,
            source.url,
            source.name,
            article.title,
            article.byline,
            article.published,
            source.sha256,
        )

    @property
    def removed(self) -> dict[str, int]:
        return dict(Counter(part.reason for part in self.article.removed))


@lru_cache(maxsize=4)
def loaded(name: str, fast: bool, glossary: tuple[tuple[str, str], ...], threads: int) -> Engine:
    """An engine that stays loaded: the second brief of a process does not wait for it."""
    return engines.load(name, engines.Options(fast, dict(glossary), threads))


def _with_similarity(sources: Sequence[str], found: Sequence[Hypothesis]) -> list[Hypothesis]:
    """Measure the similarity where the engine did not."""
    from summarizer.embeddings import similarities

    todo = [n for n, h in enumerate(found) if h.translated and h.similarity is None]
    if not todo:
        return list(found)
    measured = similarities([sources[n] for n in todo], [found[n].text for n in todo])
    made = list(found)
    for number, similarity in zip(todo, measured, strict=True):
        made[number] = replace(made[number], similarity=similarity)
    return made


# --- choosing -----------------------------------------------------------------------


@dataclass(frozen=True)
class _Plan:
    """What the brief will be made of.

    Attributes:
        headline: The evidence of the headline.
        ranked: The sentences that may be used, best first.
        warnings: Doubts that came up on the way.
    """

    headline: Evidence
    ranked: tuple[Sentence, ...]
    warnings: tuple[MujazWarning, ...]

    @property
    def stands_in(self) -> bool:
        """Whether a sentence is the headline, for the article has none."""
        return self.headline.of == "text"


def _plan(job: _Job, limit: Limit) -> _Plan:
    title, usable, warnings = _usable(job.article)
    if (beyond := len(usable) - CONSIDERED) > 0:
        usable = usable[:CONSIDERED]
        message = f"The brief is of the first {CONSIDERED} sentences; {beyond} more follow."
        warnings.append(MujazWarning("long-article", message))
    if title and not limit.sentences:
        return _Plan(title, (), tuple(warnings))
    order = job.setup.choose(job.article.title, [sentence.text for sentence in usable])
    ranked = [usable[number] for number in order]
    if title:
        same = [s for s in ranked if s.text.rstrip(".") == title.text.rstrip(".")]
        ranked = [sentence for sentence in ranked if sentence not in same]
        return _Plan(title, tuple(ranked), tuple(warnings))
    message = "The article has no Arabic headline; its chief sentence stands in for one."
    warnings.append(MujazWarning("headline-made", message, "note"))
    return _Plan(_of_sentence(ranked[0]), tuple(ranked[1:]), tuple(warnings))


def _usable(article: Article) -> tuple[Evidence | None, list[Sentence], list[MujazWarning]]:
    """The headline and the sentences that are Arabic, and what is to be said about the rest."""
    warnings = []
    everything, cut = _units(article)
    if cut:
        message = f"{_count(cut, 'very long sentence')} cut at clauses to choose from."
        warnings.append(MujazWarning("sentence-cut", message, "note"))
    usable = [sentence for sentence in everything if _is_arabic(sentence.text)] or [*everything]
    if foreign := len(everything) - len(usable):
        message = f"{_count(foreign, 'sentence')} not in Arabic and not considered."
        warnings.append(MujazWarning("not-arabic-left-out", message, "note"))
    title = _of_title(article)
    if title and not _is_arabic(title.text):
        message = f"The headline is not in Arabic and was left out: {title.text}"
        warnings.append(MujazWarning("headline-foreign", message))
        title = None
    return title, usable, warnings


def _count(number: int, one: str) -> str:
    return f"1 {one} was" if number == 1 else f"{number} {one}s were"


def _units(article: Article) -> tuple[list[Sentence], int]:
    """The sentences to choose from, and how many were too long and cut at clauses for it."""
    units: list[Sentence] = []
    cut = 0
    for sentence in article.sentences():
        if len(sentence.text.split()) <= LONGEST_UNIT:
            units.append(sentence)
            continue
        cut += 1
        start = sentence.start
        for piece in split_clauses(sentence.text, LONGEST_UNIT_CHARS):
            text = piece.rstrip()
            units.append(Sentence(text, start, start + len(text), sentence.paragraph))
            start += len(piece)
    return units, cut


def _is_arabic(text: str) -> bool:
    """Whether half of the letters are Arabic."""
    return 2 * len(_ARABIC_LETTER.findall(text)) >= len(_LETTER.findall(text)) > 0


def _told_as_parts(lines: Sequence[Line], article: Article) -> Iterator[Line]:
    """The lines, with a doubt where the Arabic is a clause: what it says may hang on the rest."""
    bounds = {(sentence.start, sentence.end) for sentence in article.sentences()}
    doubt = MujazWarning("part", "This is a part of a longer sentence, which was cut at a clause.")
    for line in lines:
        piece = line.evidence[0]
        whole = piece.of == "title" or (piece.start, piece.end) in bounds
        yield line if whole else replace(line, warnings=(*line.warnings, doubt))


def _of_title(article: Article) -> Evidence | None:
    return Evidence(article.title, 0, len(article.title), "title") if article.title else None


def _of_sentence(sentence: Sentence) -> Evidence:
    return Evidence(sentence.text, sentence.start, sentence.end)


# --- an engine that writes ----------------------------------------------------------


def _written(
    job: _Job, engine: Writer, limit: Limit
) -> tuple[Line, list[Line], tuple[MujazWarning, ...]]:
    """Let the engine write, look for the evidence of every sentence, keep those that fit.

    Returns:
        The headline, the sentences in the engine's order, and doubts about the whole.
    """
    setup = job.setup
    title, usable, warnings = _usable(job.article)
    for text in (job.article.title, *(sentence.text for sentence in job.article.sentences())):
        if said := command_in(text):
            message = f'The article seems to speak to a language model: "{said}".'
            warnings.append(MujazWarning("command", message))
            break
    with job.timed("writing"):
        paragraphs = [
            " ".join(sentence.text for sentence in some)
            for _, some in groupby(usable, key=lambda sentence: sentence.paragraph)
        ]
        name = title.text if title else ""
        draft = engine.write(name, paragraphs, limit.words, limit.sentences, setup.progress)
    with job.timed("checking"):
        pieces = [*([title] if title else []), *map(_of_sentence, usable)]
        said_first = draft.sentences if limit.sentences else ()
        headline, *lines = aligned([draft.headline, *said_first], pieces, setup.check)
        best_first = [lines[at] for at in salient(headline.text, [line.text for line in lines])]
        chosen = _keep(best_first, limit.words)[: limit.sentences]
        kept = [line for line in lines if line in chosen]
    warnings += draft.warnings
    if limit.sentences and not kept:
        message = f"The engine wrote no sentence that fits into {limit.words} words of English."
        warnings.append(MujazWarning("over-limit", message, "serious"))
    elif dropped := len(lines) - len(kept):
        message = f"{_count(dropped, 'written sentence')} left out: too many or too long."
        warnings.append(MujazWarning("left-out", message, "note"))
    for line in (headline, *kept):
        if setup.on_line:
            setup.on_line(line)
    return headline, kept, tuple(warnings)


# --- writing to a limit -------------------------------------------------------------


def _write(
    job: _Job, plan: _Plan, limit: Limit
) -> Generator[tuple[_Job, list[Evidence]], list[Line], tuple[Line, list[Line], int]]:
    """Translate the headline and as many of the best sentences as the limit has room for.

    How long the English will be is estimated first; what turns out too long for the limit
    is left out, never cut, and the next best that fit are tried in its place, or until there
    are two. A sentence that stands in for a headline counts.

    Returns:
        The headline, the sentences in the article's order, and how many were left out.
    """
    room = limit.words - _english_words(plan.headline) * plan.stands_in
    chosen = fitting(plan.ranked, room, limit.sentences)
    if not chosen and limit.sentences and plan.ranked:  # a short limit: the shortest may fit
        chosen = [min(plan.ranked, key=lambda s: (len(s.text.split()), s.start))]
    headline, *lines = yield job, [plan.headline, *map(_of_sentence, chosen)]
    tried = list(chosen)
    words = limit.words - _words(headline) * plan.stands_in
    kept = _keep(lines, words)
    while len(kept) < limit.sentences and (len(kept) < LEAST_SENTENCES or len(kept) < len(tried)):
        left = [sentence for sentence in plan.ranked if sentence not in tried]
        room = words - sum(map(_words, kept))
        more = fitting(left, room, min(2, limit.sentences - len(kept)))
        if not more:
            break
        tried += more
        lines = [*kept, *(yield job, [_of_sentence(sentence) for sentence in more])]
        kept = _keep(lines, words)
    in_order = sorted(kept, key=lambda line: line.evidence[0].start)
    return headline, in_order, len(tried) - len(kept)


def fitting(ranked: Sequence[Sentence], words: int, count: int) -> list[Sentence]:
    """The best sentences that, as far as one can tell, fit into `words` English words."""
    chosen: list[Sentence] = []
    for sentence in ranked:
        size = _english_words(sentence)
        if len(chosen) < count and size <= words:
            chosen.append(sentence)
            words -= size
    return chosen


def _english_words(arabic: Sentence | Evidence) -> int:
    """About how many words it will have in English."""
    return round(len(arabic.text.split()) * ENGLISH_WORDS)


def _keep(lines: Sequence[Line], words: int) -> list[Line]:
    """The lines, best first, that fit."""
    kept: list[Line] = []
    for line in lines:
        if sum(map(_words, kept)) + _words(line) <= words:
            kept.append(line)
    return kept


def _words(line: Line) -> int:
    return len(line.text.split())


def _of_length(
    plan: _Plan, lines: Sequence[Line], too_long: int, limit: Limit
) -> Iterator[MujazWarning]:
    if not limit.sentences:
        return
    if not lines and plan.ranked and plan.stands_in:
        message = "The sentence that stands in for a headline leaves no room for others."
        yield MujazWarning("over-limit", message)
    elif not lines and plan.ranked:
        message = f"No sentence of the article fits into {limit.words} words of English."
        yield MujazWarning("over-limit", message, "serious")
    elif too_long:
        message = f"{_count(too_long, 'chosen sentence')} left out: in English too long to fit."
        yield MujazWarning("left-out", message, "note")
    elif len(plan.ranked) < LEAST_SENTENCES:
        message = "The article is hardly longer than its headline."
        yield MujazWarning("short-article", message, "note")
