"""Whether an English sentence says what its Arabic source says, as far as rules can tell.

`check` asks one question after the other, each a function here; numbers, names, negation and
opposites have files of their own. Every doubt becomes a `MujazWarning` in words for a reader who
knows no Arabic. The thresholds were set on the dev half of `eval/checks` and on human
translations (FLORES-200 dev, Arabic PUD); how good they are is measured by `eval.checks.measure`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

from summarizer import currencies, directions, names, negation, numbers, opposites
from summarizer.arabic import word_keys
from summarizer.currencies import invented_currencies
from summarizer.directions import misdirected
from summarizer.names import (
    KnownWord,
    NameMention,
    invented_names,
    missing_names,
    romanised,
)
from summarizer.negation import negated
from summarizer.numbers import (
    Quantity,
    bare,
    compare_quantities,
    in_english,
    repeated_quantities,
)
from summarizer.opposites import opposed
from summarizer.warning import MujazWarning, Severity, Span

CODES: Mapping[str, str] = MappingProxyType(
    {
        "number": "a number, date or quantity was invented, changed or left out",
        "name": "a name was invented, changed or left out, or the glossary was not followed",
        "direction": "a direction (north, south-west) was lost or changed",
        "negation": "a 'not' was lost or added, or the English says the opposite",
        "untranslated": "Arabic words were left in the English",
        "repetition": "the English repeats itself",
        "length": "the English is empty, or too short or too long for its source",
        "similarity": "the English does not seem to mean what the source means",
        "echo": "pieces of a prompt or of markup stand in the English",
        "instruction": "the English looks like an answer to a command hidden in the text",
    }
)

# Cosine of multilingual-e5-small (`embeddings`), passage with passage. Of 300 human translations
# 1 % are under 0.823; of unrelated pairs 1 % are over 0.811.
SIMILARITY_SERIOUS, SIMILARITY_DOUBTFUL = 0.80, 0.825
# English characters for each Arabic one. Of 1,997 human translations 99 % lie in 0.69–1.81;
# headlines and a brief's sentences are freer.
SHORTEST, LONGEST = 0.55, 2.3
ALWAYS_LONG_ENOUGH = 40  # characters of grace: all of them above, a quarter below
UNTRANSLATED_SERIOUS = 0.2  # share of the letters
LOOPS = {1: 4, 2: 3, 3: 3, 4: 3}  # words in the unit: times in a row; twice for longer ones
LONGEST_LOOP = 100  # words in the unit
PHRASES = ((4, 2), (3, 3))  # so many words, so many of them with a meaning: said twice is a doubt
_LINKING = frozenset(
    """
    about after all also and any are been before being but can could did does during for from had
    has have her him his how into its may more most nor not one other our out over said says she
    should some than that the their them then there these they this those through two under was
    were what when where which while who will with would you
    """.split()  # noqa: SIM905
)
# "Candidates and candidates"; but "again and again", "higher and higher" are set phrases.
_SET = re.compile(
    "again|less|over|[a-z]+er|more|(?:day|year|dozen|hundred|thousand|million)s", re.IGNORECASE
)
_TWINS = re.compile(r"(?<![\w'’-])(\w[\w-]{3,}+) (?:and|or) \1\b(?![-'’])", re.IGNORECASE)

# For those who hash the code that a result depends on.
FILES = (
    Path(__file__),
    Path(str(currencies.__file__)),
    Path(str(directions.__file__)),
    Path(str(negation.__file__)),
    Path(str(opposites.__file__)),
    *names.FILES,
    *numbers.FILES,
)

_PENALTY: Mapping[Severity, float] = MappingProxyType({"note": 0.1, "warning": 1.0, "serious": 3.0})
_NO_GLOSSARY: Mapping[str, str] = MappingProxyType({})


def check(
    source: str,
    hypothesis: str,
    *,
    similarity: float | None = None,
    glossary: Mapping[str, str] = _NO_GLOSSARY,
    is_known_word: KnownWord | None = None,
) -> list[MujazWarning]:
    """Every doubt about one translated segment, in a fixed order of questions.

    Args:
        source: The Arabic segment.
        hypothesis: Our English for it.
        similarity: Their cosine (`embeddings.similarities`), if the caller has it.
        glossary: The user's English for Arabic names; it has to be followed to the letter.
        is_known_word: Whether a dictionary knows an Arabic word (`Lexicon.knows`).
    """
    found = [*_untranslated(hypothesis), *_repetition(source, hypothesis)]
    length = list(_length(source, hypothesis))
    found += [*length, *_obeyed(source, hypothesis)]
    too_short = any(w.span is None for w in length)
    details = [
        *_numbers(source, hypothesis),
        *invented_currencies(source, hypothesis),
        *_names(source, hypothesis, glossary, is_known_word),
        *_reversed(source, hypothesis),
        *misdirected(source, hypothesis),
    ]
    # What is missing from half a sentence needs no list; the length says it.
    found += [w for w in details if w.span is not None or not too_short]
    if similarity is not None and not length:
        found += _similarity(similarity, hypothesis)
    distinct: dict[tuple[str, Span | None], MujazWarning] = {}
    for warning in found:  # a place named twice in the Arabic is one doubt
        distinct.setdefault((warning.message, warning.span), warning)
    return list(distinct.values())


def penalty(warnings: list[MujazWarning]) -> float:
    """How bad a hypothesis is, for re-ranking: 0.1 a note, 1 a warning, 3 a serious one."""
    return sum(_PENALTY[warning.severity] for warning in warnings)


# --- numbers ------------------------------------------------------------------------


def _numbers(source: str, hypothesis: str) -> Iterator[MujazWarning]:
    compared = compare_quantities(source, hypothesis)
    missing = [q for q, problem in compared if problem == "missing"]
    for quantity, problem in compared:
        said = in_english(quantity)
        if problem == "missing":
            message = f"The Arabic sentence has {said}; the English does not."
            yield MujazWarning("number", message, "warning", None, quantity.span)
            continue
        message = f'The English says "{quantity.text}"; the Arabic sentence has no such number'
        instead = [q for q in missing if _group(q) == _group(quantity)]
        if instead:
            message += f" (it has {', '.join(in_english(q) for q in instead)})"
        source_span = instead[0].span if len(instead) == 1 else None
        yield MujazWarning("number", message + ".", "serious", quantity.span, source_span)
    for quantity, told, asked in repeated_quantities(source, hypothesis):
        message = (
            f'The English says "{in_english(quantity)}" {_times(told)}, the Arabic {_times(asked)}.'
        )
        yield MujazWarning("number", message, "warning", quantity.span)


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _group(quantity: Quantity) -> str:
    """What a number may have been mistaken for: a date for a date, a score for a score."""
    if quantity.kind in ("month", "weekday"):
        return "date"
    return quantity.kind if quantity.kind in ("part", "score") else "number"


# --- names --------------------------------------------------------------------------


def _names(
    source: str, hypothesis: str, glossary: Mapping[str, str], is_known_word: KnownWord | None
) -> Iterator[MujazWarning]:
    missing = missing_names(source, hypothesis, glossary, is_known_word)
    for invented in invented_names(source, hypothesis, glossary, is_known_word):
        message = f'The English names "{invented.text}"; nothing in the Arabic sentence'
        yield MujazWarning(
            "name", f"{message} sounds or reads like that.", "warning", invented.span
        )
    for mention in missing:
        yield _missing_name(mention)


def _missing_name(mention: NameMention) -> MujazWarning:
    if mention.why == "glossary":
        message = f'Your glossary wants "{mention.english[0]}" here; the English does not say it.'
        return MujazWarning("name", message, "serious", None, mention.span)
    if mention.why == "place":
        message = f'The Arabic sentence names "{mention.english[0]}"; the English does not.'
        return MujazWarning("name", message, "warning", None, mention.span)
    likely = romanised(bare(mention.text))
    if mention.why == "title":
        message = f'The Arabic sentence names someone like "{likely}"; the English does not.'
        return MujazWarning("name", message, "warning", None, mention.span)
    message = (
        f'A word of the Arabic sentence that is in no dictionary, perhaps the name "{likely}",'
        " has nothing like it in the English."
    )
    return MujazWarning("name", message, "note", None, mention.span)


# --- negations and opposites --------------------------------------------------------


def _reversed(source: str, hypothesis: str) -> list[MujazWarning]:
    """Doubts about what is denied, stopped or turned round; beside a serious one no milder."""
    found = [*opposed(source, hypothesis), *negated(source, hypothesis)]
    serious = [warning for warning in found if warning.severity == "serious"]
    return serious or found


# --- the form of the English --------------------------------------------------------

_ARABIC_RUN = re.compile(
    "[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]+(?: +[\u0600-\u06ff]+)*"
)


def _untranslated(hypothesis: str) -> Iterator[MujazWarning]:
    runs = list(_ARABIC_RUN.finditer(hypothesis))
    if not runs:
        return
    letters = sum(letter.isalpha() for letter in hypothesis)
    share = sum(len(run.group()) for run in runs) / max(1, letters)
    severity: Severity = "serious" if share > UNTRANSLATED_SERIOUS else "warning"
    for run in runs:
        message = f'"{run.group()}" was left in Arabic.'
        yield MujazWarning("untranslated", message, severity, Span(*run.span()))


def is_repetitive(text: str) -> Span | None:
    """Where a text goes round in circles: a unit of words said again and again in a row.

    Args:
        text: English (or any text with spaces between words).

    Returns:
        The span of the first loop, from its first word to its last, or None.
    """
    letters = re.search(r"([^\W\d]{1,6}?)\1{5,}", text)
    if letters:
        return Span(*letters.span())
    words = list(re.finditer(r"\w+(?:['’-]\w+)*", text))
    said = [word.group().lower() for word in words]
    for size in range(1, min(LONGEST_LOOP, len(said) // 2) + 1):
        if loop := _loop(said, size, LOOPS.get(size, 2)):
            return Span(words[loop[0]].start(), words[loop[-1]].end())
    return None


def _loop(said: Sequence[str], size: int, times: int) -> range | None:
    """Where a unit of `size` words first stands so many times in a row, or more."""
    same = 0  # words up to here that are those `size` before
    for at in range(size, len(said) + 1):
        if at < len(said) and said[at] == said[at - size]:
            same += 1
            continue
        if same >= (times - 1) * size:
            start = at - same - size
            return range(start, start + size + same // size * size)
        same = 0
    return None


def _repetition(source: str, hypothesis: str) -> Iterator[MujazWarning]:
    loop = is_repetitive(hypothesis)
    if loop and not is_repetitive(source):
        message = "The English says the same words over and over; the translation got stuck."
        yield MujazWarning("repetition", message, "serious", loop)
        return
    twins = None if _doubles(source) else next(filter(_is_fault, _TWINS.finditer(hypothesis)), None)
    again = Span(*twins.span()) if twins else None
    again = again or (None if _arabic_repeats(source) else _said_again(hypothesis))
    if again:
        phrase = twins[1] if twins else hypothesis[again.start : again.end]
        message = f'The English says "{phrase}" twice; the Arabic does not.'
        yield MujazWarning("repetition", message, "warning", again)
        return
    words = re.findall(r"\w+", hypothesis.lower())
    fours = Counter(zip(words, words[1:], words[2:], words[3:], strict=False))
    for phrase, times in fours.most_common(1):
        if times >= 3:  # more than enough, whatever the Arabic does
            message = f'The English says "{" ".join(phrase)}" {times} times.'
            yield MujazWarning("repetition", message, "warning")


def _said_again(text: str) -> Span | None:
    """The second time that a phrase without a comma or stop in it is said."""
    words = list(re.finditer(r"\w+(?:['’-]\w+)*|[^\w\s]", text))
    said = [word.group().lower() for word in words]
    for size, meant in PHRASES:
        first: dict[tuple[str, ...], int] = {}
        for start in range(len(said) - size + 1):
            phrase = tuple(said[start : start + size])
            if not all(word[0].isalnum() for word in phrase) or sum(map(_means, phrase)) < meant:
                continue
            if first.setdefault(phrase, start) + size <= start:
                return Span(words[start].start(), words[start + size - 1].end())
    return None


def _is_fault(twins: re.Match[str]) -> bool:
    return _means(twins[1].lower()) and not _SET.fullmatch(twins[1])


def _doubles(source: str) -> bool:
    """Whether an Arabic word stands twice with no more than one between: أجيال وأجيال."""
    words = word_keys(source)
    return any(a in near for a, *near in zip(words, words[1:], [*words[2:], ""], strict=False))


def _means(word: str) -> bool:
    return len(word) > 2 and word not in _LINKING and not word[0].isdigit()


def _arabic_repeats(text: str) -> bool:
    """Whether two words stand beside each other twice, whatever is written together with them."""
    words = word_keys(text)
    return len(set(pairwise(words))) < len(words) - 1


def _length(source: str, hypothesis: str) -> Iterator[MujazWarning]:
    arabic, english = len(source.strip()), len(hypothesis.strip())
    if not english:
        if arabic:
            yield MujazWarning("length", "There is no English for this sentence.", "serious")
    elif english < SHORTEST * arabic - ALWAYS_LONG_ENOUGH / 4:
        message = "The English is much shorter than the Arabic: part of the sentence is missing."
        yield MujazWarning("length", message, "serious" if english < arabic / 3 else "warning")
    elif english > LONGEST * arabic + ALWAYS_LONG_ENOUGH:
        message = "The English is much longer than the Arabic: something was added."
        yield MujazWarning("length", message, "serious", Span(0, len(hypothesis)))


def _similarity(similarity: float, hypothesis: str) -> Iterator[MujazWarning]:
    span = Span(0, len(hypothesis))
    if similarity < SIMILARITY_SERIOUS:
        message = "The English seems to be about something else than the Arabic sentence."
        yield MujazWarning("similarity", message, "serious", span)
    elif similarity < SIMILARITY_DOUBTFUL:
        message = "The English may not mean what the Arabic sentence means."
        yield MujazWarning("similarity", message, "warning", span)


# --- prompts and commands -----------------------------------------------------------

_ECHO = re.compile(
    r"(?:^|\n)\s*(?:Arabic|English|Words|Gloss|Source|Translation|Summary|Output|User|Assistant)\s*:"
    r"|<\|?/?[A-Za-z_]+[^<>\n]{0,40}>|</?[a-z]+>|\[/?INST\]|^\s*```|start_of_turn|end_of_turn"
    r"|^(?:Sure|Certainly)[,!]|\bhere is (?:the|a) (?:translation|summary)",
    re.IGNORECASE,
)
_COMMANDS = (  # what an injected command makes a model say, and the Arabic that would explain it
    (r"\bHACKED\b|\bPWNED\b", "اختراق|اختر[اق]|مخترق|قرصن"),
    (r"\bignore (?:all |any )?(?:the )?(?:previous|prior|above) instructions\b", "تجاهل"),
    (r"\bsystem prompt\b", "التعليمات|موجه النظام|الاوامر"),
    (r"\bas an ai(?: language)? model\b|\bi(?:'m| am) an ai\b", "ذكاء|الذكاء"),
    (r"\bi (?:cannot|can't|am unable to) (?:help|assist|comply|translate)\b", "استطيع|يمكنني"),
)


def _obeyed(source: str, hypothesis: str) -> Iterator[MujazWarning]:
    echo = _ECHO.search(hypothesis)
    if echo and echo.group().strip().lower() not in source.lower():
        message = f'"{echo.group().strip()}" belongs to a prompt or to markup, not to the news.'
        yield MujazWarning("echo", message, "warning", Span(*echo.span()))
    for english, arabic in _COMMANDS:
        said = re.search(english, hypothesis, re.IGNORECASE)
        if said and not re.search(arabic, bare(source)):
            message = f'"{said.group()}" looks like obedience to a command, not like a translation.'
            yield MujazWarning("instruction", message, "serious", Span(*said.span()))
