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

from summarizer.names import KnownWord, arabic_names, sounds_like
from summarizer.numbers import bare, clitic_forms
from summarizer.result import Line
from summarizer.warning import MujazWarning, Span

__all__ = ["spelled_alike"]

_ARABIC = re.compile("[\u0621-\u0652\u0670\u0671]+")
_CAPITALISED = re.compile(r"(?<![\w.])[A-Z][^\W\d_]{2,}(?![\w.]\w)")
ALIKE = 0.7  # two spellings of a name, 0 to 1; Riyadh and Riad are 0.8, Saied and Saeed 0.8


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

    The spelling is that of our table of persons, else the one that stands in most lines.

    Args:
        lines: Of one article, with their evidence.
        glossary: English forms that the user wants, by Arabic form; these names stay.
        is_known_word: Whether a dictionary knows an Arabic word.
    """
    changes: dict[int, dict[Span, tuple[str, bool]]] = defaultdict(dict)
    for name, listed in _names(lines, glossary, is_known_word).items():
        places = [place for n, line in enumerate(lines) if (place := _place(name, n, line))]
        spelling, is_sure = (listed, True) if listed else _commonest(places)
        for place in places:
            alike = Indel.normalized_similarity(place.spelling.lower(), spelling.lower())
            if place.spelling != spelling and alike >= ALIKE:
                changes[place.line].setdefault(place.span, (spelling, is_sure))
    return [_changed(line, changes[n]) if n in changes else line for n, line in enumerate(lines)]


def _commonest(places: Sequence[_Place]) -> tuple[str, bool]:
    """The spelling in most lines, or the first of several, and whether it is in most."""
    ranked = Counter(place.spelling for place in places).most_common(2)
    if not ranked:
        return "", False
    return ranked[0][0], len(ranked) == 1 or ranked[0][1] > ranked[1][1]


def _names(
    lines: Sequence[Line], glossary: Mapping[str, str], is_known_word: KnownWord | None
) -> dict[str, str]:
    """The bare words of persons' and unknown names, each with its English if that is listed."""
    found: dict[str, str] = {}
    theirs = {bare(word) for term in glossary for word in term.split()}
    for line in lines:
        for mention in arabic_names(line.source, glossary, is_known_word):
            if mention.why in ("place", "glossary") or mention.soft:
                continue
            english = mention.english[0].split() if mention.english else []
            for word in map(bare, mention.text.split()):
                name = word.removeprefix(mention.clitics) if english else word
                heard = [one for one in english if sounds_like(one, name)]
                found[name] = heard[0] if len(heard) == 1 else found.get(name, "")
    return {name: listed for name, listed in found.items() if name not in theirs}


def _place(name: str, number: int, line: Line) -> _Place | None:
    """Where the one word stands that can only be this name; None if there is no such word."""
    arabic = [bare(word) for word in _ARABIC.findall(line.source)]
    if not line.translated or sum(_is(name, word) for word in arabic) != 1:
        return None
    heard = [found for found in _CAPITALISED.finditer(line.text) if sounds_like(found[0], name)]
    if len(heard) != 1:
        return None
    others = (word for word in arabic if not _is(name, word))
    if any(sounds_like(heard[0][0], word) for word in others):
        return None
    return _Place(number, Span(*heard[0].span()), heard[0][0])


def _is(name: str, word: str) -> bool:
    return any(form == name for form, _ in clitic_forms(word))


def _changed(line: Line, changes: Mapping[Span, tuple[str, bool]]) -> Line:
    """The line with other spellings, and what was changed or differs; spans move with the text."""
    sure = {span: spelling for span, (spelling, is_sure) in changes.items() if is_sure}
    text = line.text
    for span, spelling in sorted(sure.items(), reverse=True):
        text = text[: span.start] + spelling + text[span.end :]

    def moved(span: Span) -> Span:
        return Span(*(
            at + sum(len(s) - (old.end - old.start) for old, s in sure.items() if old.end <= at)
            for at in span
        ))  # fmt: skip

    def warnings() -> Iterator[MujazWarning]:
        for warning in line.warnings:
            yield replace(warning, span=moved(warning.span)) if warning.span else warning
        for span, (spelling, is_sure) in sorted(changes.items()):
            was = line.text[span.start : span.end]
            message = f'"{was}" and "{spelling}", in another line, are one name in Arabic.'
            if is_sure:
                message = f'The translation spelled "{spelling}" as "{was}" here.'
            yield MujazWarning("spelling", message, "note", moved(span))

    return replace(line, text=text, warnings=tuple(warnings()))
