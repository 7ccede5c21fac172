"""The user's glossary: Arabic names and terms with the English that they want."""

from __future__ import annotations

from pathlib import Path

from summarizer.arabic import ARABIC_LETTER, normalise
from summarizer.errors import InputError


def read_glossary(path: str | Path) -> dict[str, str]:
    """Read a file as `parse_glossary` says.

    Raises:
        InputError: The file can't be read, or is not a glossary.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise InputError(f"Glossary {path} cannot be read: {reason}.") from error
    return parse_glossary(text, f"Glossary {path}")


def parse_glossary(text: str, name: str = "The glossary") -> dict[str, str]:
    """Read lines `Arabic TAB English`; blank lines and `#` lines are skipped.

    Where a line has no tab, an equals sign stands for it: a text box takes no tab.

    Args:
        text: The lines.
        name: What to call them in messages.

    Raises:
        InputError: A line has neither, or Arabic as its English, or an entry stands twice with
            different English; the message names the line.
    """
    entries: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        before, _sign, after = line.partition("\t" if "\t" in line else "=")
        arabic, english = normalise(before), after.strip()
        if not (arabic and english) or ARABIC_LETTER.search(english):
            raise InputError(
                f"{name}, line {number}: not Arabic, then a tab or an equals sign, then English.",
                hint="One entry a line, such as: سيرغي لافروف = Sergey Lavrov",
            )
        if entries.setdefault(arabic, english) != english:
            raise InputError(
                f'{name}, line {number}: this name already stands for "{entries[arabic]}".',
                hint="Keep one of the two lines.",
            )
    return entries
