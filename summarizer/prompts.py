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
from itertools import islice
from pathlib import Path
from typing import Any

from summarizer.errors import EngineError, UsageError

NAMES = ("brief", "translate", "headline", "judge", "judge-pair", "judge-fact")
FOLDER = Path(__file__).parents[1] / "prompts"
BRACES = 200  # where an object is looked for; each may cost a look at the whole reply
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
            EngineError: The schema refers to something that isn't in it.
        """
        import jsonschema
        from referencing.exceptions import Unresolvable

        found = _object_in(reply)
        if found is None:
            raise ReplyMismatch("there is no JSON object in it")
        try:
            jsonschema.validate(found, dict(self.output))
        except jsonschema.ValidationError as error:
            where = "/".join(map(str, error.absolute_path)) or "the object"
            raise ReplyMismatch(f"{where}: {error.message[:200]}") from error
        except Unresolvable as error:
            raise EngineError(
                f"The output schema of the prompt {self.name} has a $ref that leads nowhere.",
                hint="Write out what it refers to; nothing is fetched.",
            ) from error
        return found


def load(name: str) -> Prompt:
    """The prompt of that name: the user's, else ours.

    Raises:
        EngineError: There is none, its front matter is not right, or the user's has not the
            variables or not the answer of ours.
    """
    ours = _read(_ours() / f"{name}.md")
    own = os.environ.get("MUJAZ_PROMPTS")
    if not own:
        return ours
    if not Path(own).is_dir():
        raise EngineError(
            f"There is no folder {own}, which MUJAZ_PROMPTS names.",
            hint=f"It may have any of these files: {', '.join(f'{name}.md' for name in NAMES)}.",
        )
    file = Path(own) / f"{name}.md"
    return _like(ours, _read(file), file) if file.is_file() else ours


def _like(ours: Prompt, own: Prompt, file: Path) -> Prompt:
    """The user's prompt, if the code that uses ours can use it."""
    wrong = []
    if set(own.variables) != set(ours.variables) or not set(own.data) >= set(ours.data):
        wrong.append(f"its variables are {', '.join(ours.variables)}; data: {', '.join(ours.data)}")
    for key in ours.output["required"]:
        kind, theirs = ours.output["properties"][key], own.output.get("properties", {}).get(key)
        if _shape(kind) != _shape(theirs) or key not in own.output.get("required", []):
            wrong.append(f"its answer has to have {key!r} as in ours")
    if wrong:
        raise EngineError(f"The prompt {file} cannot be used: {'; '.join(wrong)}.", hint=_HINT)
    return own


def _shape(schema: object) -> object:
    """What the code relies on in a value of that schema, which may be `true` alone."""
    if not isinstance(schema, dict):
        return None
    return schema.get("type"), schema.get("enum"), _shape(schema.get("items"))


_HINT = (
    "Its front matter has purpose, version, variables, data and output; prompts/brief.md is an "
    "example."
)


@cache
def _ours() -> Path:
    """`prompts/` of a clone, or as it was installed."""
    if (FOLDER / "brief.md").is_file():
        return FOLDER
    import mujaz_prompts

    return Path(next(iter(mujaz_prompts.__path__)))


def _read(file: Path) -> Prompt:
    import jsonschema
    import yaml

    try:
        text = file.read_text(encoding="utf-8")
        parts = re.match(r"---\n(.*?)\n---\n(.*)", text, re.DOTALL)
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
        jsonschema.validators.validator_for(prompt.output).check_schema(prompt.output)
    except jsonschema.SchemaError as error:
        said = f"its output is no JSON Schema: {error.message}"
        raise EngineError(f"The prompt {file} cannot be used: {said}.", hint=_HINT) from error
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise EngineError(f"The prompt {file} cannot be used: {error}.", hint=_HINT) from error
    return prompt


def _object_in(reply: str) -> dict[str, Any] | None:
    """The first JSON object in a text, if it is one of its first `BRACES` that open."""
    decoder = json.JSONDecoder()
    for start in (found.start() for found in islice(re.finditer(r"\{", reply), BRACES)):
        try:
            value, _end = decoder.raw_decode(reply, start)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            return value
    return None
