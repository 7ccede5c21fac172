"""Whether the English has the directions of the Arabic: "northern Syria" for شمال غرب سوريا.

Only where the Arabic says where something lies: a direction before a noun (شمال سوريا, جنوب
العاصمة), or two together. الشرق الأوسط, الأطلسي and the like are names, which have their own check.
Of 72,467 human translations 566 have such directions, and 7 of these lack one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from summarizer.arabic import fold_letters
from summarizer.warning import MujazWarning, Span

_LETTERS = {"شمال": "north", "جنوب": "south", "شرق": "east", "غرب": "west"}
_SHORT = {"n": "north", "s": "south", "e": "east", "w": "west", "orient": "east"}
_OPPOSITE = {"north": "south", "south": "north", "east": "west", "west": "east"}
_NAMES = "ال(?:اطلسي|اوسط|متجمد|صحراء|صحرا)"
# شمال شرق, الشمال الشرقي, الشمالية الشرقية; but جنوب الشرقية is the south of a province.
_TOGETHER = re.compile(
    r"(?<!\w)(?<!القطب )(?<!القطبيه )[وف]?(?:بال|لل|ال|[بل])?(شمال|جنوب)"
    r"(?:ي?[ -](?:ال)?(شرق|غرب)ي?|يه (?:ال)?(شرق|غرب)يه)(?!\w)"
)
_ALONE = re.compile(
    r"(?<!\w)[وف]?[بل]?(شمال|جنوب|شرق|غرب)ي?"
    rf"(?= (?!{_NAMES})(?!(?:ال)?(?:شرق|غرب))[^\W\d]{{3,}})"
)
_ENGLISH = re.compile(
    r"\b(?:(north|south)(?:[ -]?(east|west))?|(east|west|orient(?=al)))"
    r"(?:al|ern(?:most|ers?)?|wards?|erly)?s?\b"
    r"|\b(?-i:([NS])([EW]))\b",
    re.IGNORECASE,
)


def misdirected(source: str, hypothesis: str) -> Iterator[MujazWarning]:
    """A doubt for each direction of the Arabic that the English lacks.

    Args:
        source: Arabic text.
        hypothesis: Its English translation.
    """
    arabic = fold_letters(source)
    told = [(_parts(match), match) for match in _ENGLISH.finditer(hypothesis)]
    both = [*_TOGETHER.finditer(arabic)]
    asked = [*both, *(one for one in _ALONE.finditer(arabic) if not _within(one, both))]
    known = {_LETTERS[part] for match in asked for part in match.groups() if part}
    for match in sorted(asked, key=lambda match: match.start()):
        wanted = {_LETTERS[part] for part in match.groups() if part}
        apart = {part for parts, _ in told if len(parts) == 1 for part in parts}
        if wanted <= apart or any(wanted <= parts for parts, _ in told):
            continue
        if any(wanted == {_OPPOSITE[part]} for part in apart - known):
            continue  # that is for `opposites`
        near = [found for parts, found in told if parts & wanted]
        near += [found for parts, found in told if not parts & known]
        message = f'The Arabic sentence says "{"".join(sorted(wanted, key=_north_first))}"; '
        message += f'the English says "{near[0][0]}".' if near else "the English does not."
        span = Span(*near[0].span()) if near else None
        yield MujazWarning("direction", message, "warning", span, Span(*match.span()))


def _parts(match: re.Match[str]) -> set[str]:
    """north and east for "north-eastern", "Northeast", "NE"."""
    return {_SHORT.get(part.lower(), part.lower()) for part in match.groups() if part}


def _north_first(part: str) -> int:
    return ("north", "south", "east", "west").index(part)


def _within(one: re.Match[str], others: list[re.Match[str]]) -> bool:
    return any(other.start() <= one.start() < other.end() for other in others)
