"""One spelling for one name in a brief: not "Saied" in one sentence and "Saeed" in the next.

Sentences are translated one by one, so a model that spells by ear spells a name anew in each. A
name is known by its Arabic: a word that `names` takes for one in some line, wherever it stands in
the others. Its English is the only capitalised word of a line that sounds like it. Where nothing
says which spelling is right, both stay, and it is said that they are one name.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import Indel

from summarizer.names import KnownWord, NameMention, arabic_names, is_a_persons_name, sounds_like
from summarizer.numbers import bare
from summarizer.result import Line
from summarizer.warning import MujazWarning, Span

__all__ = ["spelled_alike"]

_ARABIC = re.compile("[\u0621-\u0652\u0670\u0671]+")
_APOSTROPHE = "['’ʼ]"
_CAPITALISED = re.compile(
    rf"(?<![\w.])(?<!\w{_APOSTROPHE})[A-Z][^\W\d_]+(?:{_APOSTROPHE}(?!s\b)[^\W\d_]+)*"
)
_CLITICS = re.compile("[وف]?[بلك]?")
ALIKE = 0.7  # two spellings of a name, 0 to 1; Riyadh and Riad are 0.8, Saied and Saeed 0.8


@dataclass(frozen=True)
class _Word:
    """A bare Arabic word of a line, and whether it is (part of) a name."""

    bare: str
    of_name: bool


@dataclass(frozen=True)
class _Place:
    """Where a line has a name, and how it spells it."""

    line: int
    span: Span
    spelling: str


def spelled_alike(
    lines: Sequence[Line], glossary: Mapping[str, str], is_known_word: KnownWord | None
) -> list[Line]:
    """The lines with each name spelled in one way, and a note where it wasn't.

    The spelling is that of our table of persons, else, for Arab names, the one in most lines.

    Args:
        lines: Of one article, with their evidence.
        glossary: English forms that the user wants, by Arabic form; these names stay.
        is_known_word: Whether a dictionary knows an Arabic word.
    """
    names: dict[str, set[str]] = defaultdict(set)
    words: list[list[_Word]] = []
    where: dict[str, set[int]] = defaultdict(set)
    for number, line in enumerate(lines):
        mentions = _mentions(line, glossary, is_known_word)
        for mention in mentions:
            name, spelling = _surname(mention)
            names[name] |= {spelling} - {""}
        words.append(_words(line.source, mentions))
        for word in words[-1]:
            for form in _forms(word.bare):
                where[form].add(number)
    for term in glossary:
        for own in term.split():
            names.pop(bare(own), None)
    changes: dict[int, dict[Span, tuple[str, bool]]] = defaultdict(dict)
    for name, listed in names.items():
        if len(listed) > 1:  # two persons of one surname, each with a spelling
            continue
        found = (_place(name, n, lines[n], words[n]) for n in sorted(where[name]))
        places = [place for place in found if place]
        spelling, is_sure = (min(listed), True) if listed else _commonest(name, places)
        for place in places:
            alike = Indel.normalized_similarity(place.spelling.lower(), spelling.lower())
            if place.spelling != spelling and alike >= ALIKE:
                changes[place.line].setdefault(place.span, (spelling, is_sure))
    return [_changed(line, changes[n]) if n in changes else line for n, line in enumerate(lines)]


def _commonest(name: str, places: Sequence[_Place]) -> tuple[str, bool]:
    """The spelling in most lines, or the first of several, and whether it may be taken.

    It may be if it is in most, and the name an Arab one, which has no one right spelling.
    "Kavanaugh" has: that a model says "Kavan" twice makes it no better.
    """
    ranked = Counter(place.spelling for place in places).most_common(2)
    if not ranked:
        return "", False
    is_most = len(ranked) == 1 or ranked[0][1] > ranked[1][1]
    return ranked[0][0], is_most and is_a_persons_name(name)


# --- the Arabic ---------------------------------------------------------------------


def _mentions(
    line: Line, glossary: Mapping[str, str], is_known_word: KnownWord | None
) -> list[NameMention]:
    """Persons' and unknown names."""
    found = arabic_names(line.source, glossary, is_known_word)
    return [one for one in found if one.why not in ("place", "glossary") and not one.soft]


def _surname(mention: NameMention) -> tuple[str, str]:
    """The last word of a name, bare, and its English if that is listed.

    First names are many persons'.
    """
    name = bare(mention.text.split()[-1])
    if " " not in mention.text:
        name = name.removeprefix(mention.clitics)
    listed = _CAPITALISED.findall(mention.english[0]) if mention.english else []
    return name, listed[-1] if listed and sounds_like(listed[-1], name) else ""


def _words(source: str, mentions: Sequence[NameMention]) -> list[_Word]:
    spans = [mention.span for mention in mentions]
    return [
        _Word(bare(found[0]), any(span.start <= found.start() < span.end for span in spans))
        for found in _ARABIC.finditer(source)
    ]


def _forms(word: str) -> set[str]:
    """The word, and what is left without و ف ب ل ك; حسن and الحسن are two names."""
    before = _CLITICS.match(word)
    cut = {word[at:] for at in range(before.end() + 1 if before else 1) if len(word) - at > 2}
    return cut | {f"ال{form[2:]}" for form in cut if form.startswith("لل")}


# --- the English --------------------------------------------------------------------


def _place(name: str, number: int, line: Line, words: Sequence[_Word]) -> _Place | None:
    """Where the one word stands that can only be this name; None if there is no such word."""
    at = [n for n, word in enumerate(words) if name in _forms(word.bare)]
    if not line.translated or len(at) != 1:
        return None
    if any(word.of_name for word in words[at[0] + 1 : at[0] + 2]):  # a first name
        return None
    heard = [
        found
        for found in _CAPITALISED.finditer(line.text)
        if len(found[0]) > 2 and sounds_like(found[0], name)
    ]
    others = [word.bare for word in words if name not in _forms(word.bare)]
    if len(heard) != 1 or any(sounds_like(heard[0][0], word) for word in others):
        return None
    return _Place(number, Span(*heard[0].span()), heard[0][0])


def _changed(line: Line, changes: Mapping[Span, tuple[str, bool]]) -> Line:
    """The line with other spellings, and what was changed or differs; spans move with the text."""
    sure = {span: spelling for span, (spelling, is_sure) in changes.items() if is_sure}
    text = line.text
    for span, spelling in sorted(sure.items(), reverse=True):
        text = text[: span.start] + spelling + text[span.end :]

    def moved(at: int) -> int:
        """Where a place is now; within a changed word it is the word's end."""
        for old, spelling in sorted(sure.items(), reverse=True):
            if old.start < at:
                at = max(at, old.end) + len(spelling) - (old.end - old.start)
        return at

    def warnings() -> Iterator[MujazWarning]:
        for warning in line.warnings:
            span = warning.span
            if span is None:
                yield warning
            elif warning.code != "name" or not any(old.start < span.end and span.start < old.end
                                                   for old in sure):  # fmt: skip
                yield replace(warning, span=Span(moved(span.start), moved(span.end)))
        for span, (spelling, is_sure) in sorted(changes.items()):
            was = line.text[span.start : span.end]
            message = f'"{was}" and "{spelling}", in another line, are one name in Arabic.'
            if is_sure:
                message = f'The translation spelled "{spelling}" as "{was}" here.'
            yield MujazWarning(
                "spelling", message, "note", Span(moved(span.start), moved(span.end))
            )

    return replace(line, text=text, warnings=tuple(warnings()))
