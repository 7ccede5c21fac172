"""Whether our evaluation set is sound: `mujaz eval lint`, or `python -m eval.lint`.

An error is a broken rule of `eval/data/README.md`; a doubt is something for a person to look
at, since numbers and names are read by rules that can be wrong.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from summarizer.errors import InputError
from summarizer.evaluation.data import HALVES, Forms, Item, read_item
from summarizer.files import write_whole
from summarizer.names import arabic_names
from summarizer.numbers import arabic_quantities, compare_quantities, english_quantities

__all__ = ["KINDS", "Finding", "lint", "lint_item", "write_checksums"]

KINDS = (
    "politics", "conflict", "economy", "sports", "science", "health", "crime", "culture",
    "weather", "opinion",
)  # fmt: skip
NOISES, STYLES = ("clean", "feed"), ("agency", "desk")
WORDS = range(250, 701)  # Arabic words of a body
SENTENCES, MOST_WORDS = range(2, 5), 80  # of a reference, in English
FACTS, WEIGHTS = range(6, 11), (1, 2, 3)
ALIKE = 0.08  # share of word 4-grams that two articles may have in common
_ARABIC = re.compile("[\u0621-\u064a\u0660-\u0669]")
_ID = re.compile(rf"(?:{'|'.join(KINDS)})-0[1-6]")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong (`error`) or doubtful (`doubt`) in a file of the set."""

    where: str
    message: str
    severity: Literal["error", "doubt"] = "error"

    def __str__(self) -> str:
        return f"{self.severity}: {self.where}: {self.message}"


def lint(folder: Path) -> list[Finding]:
    """Every finding in the halves of a set that are there, and in the set as a whole.

    Raises:
        InputError: There is no half in `folder`.
    """
    halves = [half for half in HALVES if (folder / half).is_dir()]
    if not halves:
        raise InputError(f"{folder} has neither dev nor test in it.", hint="Name eval/data.")
    findings: list[Finding] = []
    items: dict[Path, Item] = {}
    for file in [file for half in halves for file in sorted((folder / half).iterdir())]:
        try:
            if file.suffix != ".json":
                raise InputError(f"{file} is not an article: every file is ID.json.")
            items[file] = read_item(file)
        except InputError as error:
            findings.append(Finding(_place(file), error.message))
    for file, item in items.items():
        findings += [Finding(_place(file), f.message, f.severity) for f in lint_item(item)]
        findings += _of_place(file, item)
    findings += _of_set({_place(file): item for file, item in items.items()})
    for half in halves:
        findings += _of_checksums(folder / half)
    return findings


def _place(file: Path) -> str:
    return f"{file.parent.name}/{file.name}"


def lint_item(item: Item) -> list[Finding]:
    """Every finding in one article; `where` is its id."""
    rules: Sequence[Callable[[Item], Iterator[str]]]
    rules = (_form, _references, _facts, _numbers, _names)
    doubts = (_uncovered, _said_in_references)
    return [
        *(Finding(item.id, message) for rule in rules for message in rule(item)),
        *(Finding(item.id, message, "doubt") for rule in doubts for message in rule(item)),
    ]


# --- one article --------------------------------------------------------------------


def _form(item: Item) -> Iterator[str]:
    if not _ID.fullmatch(item.id):
        yield f'the id "{item.id}" is not KIND-01 to KIND-06 with one of our kinds'
    if item.kind not in KINDS or not item.id.startswith(f"{item.kind}-"):
        yield f'the kind "{item.kind}" is unknown or not that of the id'
    if item.noise not in NOISES:
        yield f'the noise "{item.noise}" is none of {", ".join(NOISES)}'
    if not _ARABIC.search(item.title) or "\n" in item.title:
        yield "the title is not one line of Arabic"
    if item.words not in WORDS:
        yield f"{item.words} Arabic words; {WORDS.start} to {WORDS.stop - 1} are wanted"
    for number, paragraph in enumerate(item.paragraphs):
        if not _ARABIC.search(paragraph) or "\n" in paragraph or paragraph != paragraph.strip():
            yield f"paragraphs[{number}] is not one stripped line of Arabic"
    for text, count in Counter(item.paragraphs).items():
        if count > 1:
            yield f"a paragraph stands there {count} times: {text[:40]}…"


def _references(item: Item) -> Iterator[str]:
    styles = tuple(sorted(reference.style for reference in item.references))
    if styles != STYLES:
        yield f"the references are {', '.join(styles) or 'none'}; {', '.join(STYLES)} are wanted"
    for reference in item.references:
        name, words = reference.style, len(" ".join(reference.sentences).split())
        if len(reference.sentences) not in SENTENCES:
            yield f"{name}: {len(reference.sentences)} sentences; 2 to 4 are wanted"
        if words > MOST_WORDS:
            yield f"{name}: {words} words; {MOST_WORDS} are allowed"
        for text in (reference.headline, *reference.sentences):
            yield from (f"{name}: {problem}" for problem in _not_english(text))
        for sentence in reference.sentences:
            if not sentence.endswith((".", "!", "?", '."', ".”")):
                yield f"{name}: a sentence without its full stop: {sentence[-40:]}"
    sentences = Counter(s for reference in item.references for s in reference.sentences)
    yield from (f"two references share a sentence: {s}" for s, n in sentences.items() if n > 1)


def _not_english(text: str) -> Iterator[str]:
    if not text.strip() or text != text.strip():
        yield f'empty, or with space around it: "{text}"'
    if _ARABIC.search(text):
        yield f"Arabic in the English: {text}"


def _facts(item: Item) -> Iterator[str]:
    if len(item.facts) not in FACTS:
        yield f"{len(item.facts)} facts; {FACTS.start} to {FACTS.stop - 1} are wanted"
    if not any(fact.weight == max(WEIGHTS) for fact in item.facts):
        yield "no fact has weight 3: something must be in a brief"
    for number, fact in enumerate(item.facts):
        where = f"facts[{number}]"
        if fact.weight not in WEIGHTS:
            yield f"{where}: weight {fact.weight} is none of 1, 2, 3"
        if not fact.evidence or not any(fact.evidence in p for p in item.paragraphs):
            yield f"{where}: the evidence stands in no paragraph: {fact.evidence[:60]}…"
        yield from (f"{where}: {problem}" for problem in _not_english(fact.text))
        if said := _invented_figures(item, fact.text):
            yield f"{where}: not in the source: {', '.join(said)}"
    texts = Counter(fact.text for fact in item.facts)
    yield from (f"a fact stands there twice: {text}" for text, n in texts.items() if n > 1)


def _numbers(item: Item) -> Iterator[str]:
    yield from _accepted(item, "numbers", item.numbers)


def _names(item: Item) -> Iterator[str]:
    if not item.names:
        yield "no names: every article has some"
    yield from _accepted(item, "names", item.names)


def _accepted(item: Item, key: str, listed: Sequence[Forms]) -> Iterator[str]:
    everything = f"{item.title}\n{item.text}"
    for forms in listed:
        if not forms.source.strip() or forms.source not in everything:
            yield f'{key}: "{forms.source}" does not stand in the source'
        if not forms.accepted:
            yield f'{key}: "{forms.source}" has no accepted form'
        for form in forms.accepted:
            yield from (f'{key}: "{forms.source}": {problem}' for problem in _not_english(form))
    sources = Counter(forms.source for forms in listed)
    yield from (f'{key}: "{source}" stands there twice' for source, n in sources.items() if n > 1)


# --- what rules can only suspect ----------------------------------------------------


def _uncovered(item: Item) -> Iterator[str]:
    """Numbers and places of the text that no entry has; entries whose English is another."""
    text = f"{item.title}\n{item.text}"
    inside = _places_of(text, item.numbers)
    for quantity in arabic_quantities(text):
        span = range(quantity.span.start, quantity.span.end)
        if not quantity.soft and quantity.kind != "weekday" and not inside.intersection(span):
            yield f'numbers: no entry for "{quantity.text}"'
    for forms in item.numbers:
        for form in forms.accepted:
            dual = form in ("2", "two") and not arabic_quantities(forms.source)
            if not dual and _invented(forms.source, form):
                yield f'numbers: is "{form}" the same as "{forms.source}"?'
    inside = _places_of(text, item.names)
    for name in arabic_names(text, {}):
        span = range(name.span.start, name.span.end)
        adjective = any(form.endswith(_ADJECTIVES) for form in name.english)
        if name.why == "place" and not (name.soft or adjective or inside.intersection(span)):
            yield f'names: no entry for "{name.text}" ({name.english[0]})'


_ADJECTIVES = ("an", "ese", "ish", "i", "ic", "ch", "ans")


def _places_of(text: str, listed: Sequence[Forms]) -> set[int]:
    """The characters of `text` that an entry stands for."""
    return {
        at
        for forms in listed
        if forms.source
        for found in re.finditer(re.escape(forms.source), text)
        for at in range(*found.span())
    }


def _said_in_references(item: Item) -> Iterator[str]:
    """Figures and names of a reference that the source and the accepted forms don't have."""
    for reference in item.references:
        said = " ".join((reference.headline, *reference.sentences))
        for figure in _invented_figures(item, said):
            yield f'{reference.style}: "{figure}" is a number that the source does not have'
    known = _known_names(item)
    for reference in item.references:
        for text in (reference.headline, *reference.sentences):
            for name in re.findall(r"(?<=\w[\s,;(-])[A-Z][^\W\d_]+", text):
                if _folded(name) not in known and not english_quantities(name):
                    yield f'{reference.style}: "{name}" is a name that the source lacks'


def _known_names(item: Item) -> set[str]:
    """Words with a capital that a reference may use: accepted forms, places of the source."""
    places = (name.english for name in arabic_names(f"{item.title}\n{item.text}", {}))
    accepted = (forms.accepted for forms in (*item.names, *item.numbers))
    forms = [form for group in (*places, *accepted) for form in group]
    return {_folded(word) for form in forms for word in re.findall(r"[^\W\d_]+", form)}


def _folded(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode()
    return plain.lower().removesuffix("s")


def _invented_figures(item: Item, english: str) -> list[str]:
    """Quantities of an English text that neither the source nor an accepted form has."""
    source = f"{item.title}\n{item.text}"
    accepted = [form.lower() for forms in item.numbers for form in forms.accepted]
    return [
        text
        for text in _invented(source, english)
        if not any(re.search(rf"(?<!\w){re.escape(text.lower())}(?!\w)", form) for form in accepted)
    ]


def _invented(source: str, english: str) -> list[str]:
    """Quantities that only the English has; "5m" may be metres or millions."""
    spelt = _SHORT_SCALE.sub(lambda m: f" {_SCALES[m[0]]}", english)
    found = (
        [q.text for q, problem in compare_quantities(source, text) if problem == "invented"]
        for text in (english, spelt)
    )
    return min(found, key=len)


_SCALES = {"m": "million", "bn": "billion", "tn": "trillion"}
_SHORT_SCALE = re.compile(r"(?<=\d)(?:m|bn|tn)\b")


# --- the set ------------------------------------------------------------------------


def _of_place(file: Path, item: Item) -> Iterator[Finding]:
    if file.stem != item.id:
        yield Finding(_place(file), f'the id is "{item.id}"')
    half = "dev" if item.id.endswith(("-01", "-02", "-03")) else "test"
    if file.parent.name != half:
        yield Finding(_place(file), f"this number belongs to {half}")


def _of_set(items: dict[str, Item]) -> Iterator[Finding]:
    grams = {place: _grams(item.text) for place, item in items.items()}
    places = sorted(items)
    for number, one in enumerate(places):
        for other in places[number + 1 :]:
            shared = len(grams[one] & grams[other]) / max(1, len(grams[one] | grams[other]))
            if shared > ALIKE:
                yield Finding(one, f"{shared:.0%} of its phrases are those of {other}")
    titles: dict[str, str] = {}
    for place in places:
        if items[place].title in titles:
            yield Finding(place, f"the title of {titles[items[place].title]}")
        titles.setdefault(items[place].title, place)


def _grams(text: str) -> set[tuple[str, ...]]:
    words = text.split()
    return set(zip(words, words[1:], words[2:], words[3:], strict=False))


# --- checksums ----------------------------------------------------------------------


def _checksum_file(half: Path) -> Path:
    return half.with_name(f"{half.name}.sha256")


def _checksums(half: Path) -> str:
    """In the form of `sha256sum`, so that `sha256sum -c` beside the halves checks them too."""
    return "".join(
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {half.name}/{file.name}\n"
        for file in sorted(half.glob("*.json"))
    )


def write_checksums(folder: Path) -> list[Path]:
    """Write `dev.sha256` and `test.sha256` beside the halves; returns their paths.

    Raises:
        OutputError: One can't be written.
    """
    written = []
    for half in (folder / name for name in HALVES if (folder / name).is_dir()):
        write_whole(_checksum_file(half), _checksums(half))
        written.append(_checksum_file(half))
    return written


def _of_checksums(half: Path) -> Iterator[Finding]:
    file = _checksum_file(half)
    if not file.exists():
        yield Finding(
            file.name, "no checksums yet: --write-checksums, once the set is done", "doubt"
        )
        return
    wanted, found = (
        set(t.splitlines()) for t in (file.read_text("utf-8", "replace"), _checksums(half))
    )
    for name in sorted({line.partition("  ")[2] or file.name for line in wanted ^ found}):
        yield Finding(name, f"differs from {file.name}: changed, added or removed since")
