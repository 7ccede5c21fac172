"""The texts that are sent to chat models: `prompts/NAME.md`, loaded by name.

A prompt is Markdown with front matter: its purpose, version, variables, which of these are
data (text of others, which may try to command the model), and the JSON Schema of the answer.
A file of the same name in the folder `MUJAZ_PROMPTS` comes first.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from summarizer.errors import EngineError, UsageError

NAMES = ("brief", "translate", "headline", "judge", "judge-pair", "judge-fact")
FOLDER = Path(__file__).parents[1] / "prompts"
_VARIABLE = re.compile(r"\{\{(\w+)\}\}")


class ReplyMismatch(ValueError):
    """A reply is not what a prompt asks for; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A text to send.

    Attributes:
        name: Its file's name without the ending.
        purpose: One line.
        version: Raised when its text changes.
        variables: What has to be filled in, and what each means.
        data: Those of the variables that are text of others.
        output: JSON Schema of the answer.
        body: The text, with {{name}} where a variable goes.
        sha256: Of the file.
    """

    name: str
    purpose: str
    version: int
    variables: Mapping[str, str]
    data: tuple[str, ...]
    output: Mapping[str, Any]
    body: str
    sha256: str

    def fill(self, **values: object) -> str:
        """The text to send; data stands between marks that cannot occur in it.

        Raises:
            UsageError: A variable is missing or unknown.
        """
        if set(values) != set(self.variables):
            wrong = sorted(set(values) ^ set(self.variables))
            raise UsageError(f"The prompt {self.name!r} takes {', '.join(self.variables)}; "
                             f"not right: {', '.join(wrong)}.")  # fmt: skip
        text = {name: str(value) for name, value in values.items()}
        # The mark is a hash of what is inside: no text can hold the mark of itself.
        for name in self.data:
            mark = hashlib.sha256(f"{name} {text[name]}".encode()).hexdigest()[:12]
            text[name] = f"<data {mark}>\n{text[name]}\n</data {mark}>"
        return _VARIABLE.sub(lambda found: text[found[1]], self.body)

    def read(self, reply: str) -> dict[str, Any]:
        """The JSON object of a reply, which may stand in a fence or after some words.

        Raises:
            ReplyMismatch: There is none, or it does not fit the schema.
        """
        import jsonschema

        found = _object_in(reply)
        if found is None:
            raise ReplyMismatch("there is no JSON object in it")
        try:
            jsonschema.validate(found, dict(self.output))
        except jsonschema.ValidationError as error:
            where = "/".join(map(str, error.absolute_path)) or "the object"
            raise ReplyMismatch(f"{where}: {error.message[:200]}") from error
        return found


def load(name: str) -> Prompt:
    """The prompt of that name: the user's, else ours.

    Raises:
        EngineError: There is none, or its front matter is not right.
    """
    own = os.environ.get("MUJAZ_PROMPTS")
    folders = [*([Path(own)] if own else []), _ours()]
    for folder in folders:
        file = folder / f"{name}.md"
        if file.is_file():
            return _read(file, file.read_text(encoding="utf-8"))
    raise EngineError(
        f"There is no prompt {name}.md in {folders[0]}.", hint=f"Prompts: {', '.join(NAMES)}."
    )


@cache
def _ours() -> Path:
    """`prompts/` of a clone, or as it was installed."""
    if (FOLDER / "brief.md").is_file():
        return FOLDER
    import mujaz_prompts

    return Path(next(iter(mujaz_prompts.__path__)))


def _read(file: Path, text: str) -> Prompt:
    import yaml

    parts = re.match(r"---\n(.*?)\n---\n(.*)", text, re.DOTALL)
    try:
        if not parts:
            raise ValueError("it does not begin with front matter between two lines of ---")
        head = yaml.safe_load(parts[1])
        body = parts[2].strip()
        prompt = Prompt(
            file.stem,
            str(head["purpose"]),
            int(head["version"]),
            dict(head["variables"]),
            tuple(head["data"]),
            dict(head["output"]),
            body,
            hashlib.sha256(text.encode()).hexdigest(),
        )
        used = set(_VARIABLE.findall(body))
        if used != set(prompt.variables) or not used >= set(prompt.data):
            raise ValueError(f"its text uses {sorted(used)}")
    except (yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise EngineError(
            f"The prompt {file} cannot be used: {error}.",
            hint="Its front matter has purpose, version, variables, data and output; "
            "prompts/brief.md is an example.",
        ) from error
    return prompt


def _object_in(reply: str) -> dict[str, Any] | None:
    """The first JSON object in a text."""
    decoder = json.JSONDecoder()
    for start in (found.start() for found in re.finditer(r"\{", reply)):
        try:
            value, _end = decoder.raw_decode(reply, start)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            return value
    return None
