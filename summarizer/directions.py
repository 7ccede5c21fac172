"""Whether the English has the directions of the Arabic: "northern Syria" for شمال غرب سوريا.

Only where the Arabic says where something lies: a direction before a noun (شمال سوريا, جنوب
العاصمة), or two together. الشرق الأوسط, الأطلسي and the like are names, which have their own check.
Of 72,000 human translations with 600 such directions 9 lack one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from summarizer.arabic import fold_letters
from summarizer.warning import MujazWarning, Span

_LETTERS = {"شمال": "north", "جنوب": "south", "شرق": "east", "غرب": "west"}
_NAMES = "ال(?:اطلسي|اوسط|متجمد|صحراء|صحرا)"
_BEFORE = "(?<![\\w])(?<!القطب )(?<!القطبيه )[وف]?(?:بال|لل|ال|[بل])?"
_TOGETHER = re.compile(f"{_BEFORE}(شمال|جنوب)(?:ي|يه)? (?:ال)?(شرق|غرب)(?:ي|يه)?(?!\\w)")
_ALONE = re.compile(
    f"(?<!\\w)[وف]?[بل]?(شمال|جنوب|شرق|غرب)ي?(?= (?!{_NAMES})(?!(?:ال)?(?:شرق|غرب))[^\\W\\d]{{3,}})"
)
_ENGLISH = re.compile(r"\b(north|south|east|west)|(?<=north|south)-?(east|west)", re.IGNORECASE)


def misdirected(source: str, hypothesis: str) -> Iterator[MujazWarning]:
    """A doubt for each direction of the Arabic that the English lacks.

    Args:
        source: Arabic text.
        hypothesis: Its English translation.
    """
    arabic = fold_letters(source)
    told = {(match[1] or match[2]).lower(): match for match in _ENGLISH.finditer(hypothesis)}
    both = [*_TOGETHER.finditer(arabic)]
    asked = [*both, *(one for one in _ALONE.finditer(arabic) if not _within(one, both))]
    known = {_LETTERS[part] for match in asked for part in match.groups()}
    other = next((told[letter] for letter in told if letter not in known), None)
    for match in sorted(asked, key=lambda match: match.start()):
        wanted = [_LETTERS[part] for part in match.groups()]
        if all(letter in told for letter in wanted):
            continue
        half = next((told[letter] for letter in wanted if letter in told), None)
        found = half or other
        english = f'only "{half[0]}"' if half else "does not"
        message = f'The Arabic sentence says "{"".join(wanted)}"; the English {english}'
        message += f' (it says "{other[0]}")' if other and not half else ""
        span = Span(*found.span()) if found else None
        yield MujazWarning("direction", f"{message}.", "warning", span, Span(*match.span()))


def _within(one: re.Match[str], others: list[re.Match[str]]) -> bool:
    return any(other.start() <= one.start() < other.end() for other in others)
