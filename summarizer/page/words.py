"""Every word of the interface, in English and Arabic: `en.json` and `ar.json` beside this file.

What the pipeline itself says (messages of warnings and errors) is English. The Arabic
interface puts a sentence of its own before it, by the code of the warning.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

LANGUAGES: Mapping[str, str] = {"en": "ltr", "ar": "rtl"}  # with the direction of each
Words = Mapping[str, str]


@cache
def words(language: str) -> Words:
    """The words of a language of `LANGUAGES`, by key."""
    found: dict[str, str] = json.loads(asset(f"{language}.json"))
    return found


def asset(name: str) -> str:
    """The text of a file of this package."""
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
