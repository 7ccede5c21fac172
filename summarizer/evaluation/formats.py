"""The sets that others use, read into the same `Item`. Nothing is ever downloaded.

Each entry of `FORMATS` says its layout and where to get the set; `docs/evaluation.md` shows
the layouts again and `tests/eval_fixtures` has a tiny example of each.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

from summarizer.article import MAX_BYTES
from summarizer.errors import InputError, OutputError, UsageError
from summarizer.evaluation.data import Dataset, Item, Reference, read_half

__all__ = [
    "FORMATS",
    "Format",
    "in_other_letters",
    "make_folder",
    "no_constants",
    "read_dataset",
    "read_jsonl",
]


@dataclass(frozen=True, slots=True)
class Format:
    """A layout of a set.

    Attributes:
        layout: What is where, for a person.
        get: Where the set comes from.
        read: Makes the items of a file or folder.
        segments: Whether an item is one segment to translate, not an article.
    """

    layout: str
    get: str
    read: Reader
    segments: bool = False


Notes = list[str]
Reader = Callable[[Path, Notes], Iterator[Item]]
"""Yields the items and notes for a person what of the file it left out."""


def read_dataset(path: Path, form: str = "") -> Dataset:
    """Read a set; its format is found from the path and its first lines unless it is given.

    Raises:
        InputError: The set is missing, empty, not in its layout, has an id twice, or a
            reference that is not English.
        UsageError: There is no such format, or it can't be told.
    """
    if form and form not in FORMATS:
        raise UsageError(f"There is no format {form!r}.", hint=f"Formats: {', '.join(FORMATS)}.")
    if not path.exists():
        get = FORMATS[form].get if form else "With --format NAME this says where to get that set."
        raise InputError(f"{path} does not exist.", hint=get)
    form = form or _format_of(path)
    notes: Notes = []
    items = tuple(FORMATS[form].read(path, notes))
    _check(items, path)
    notes += _doubts(items)
    name = f"mujaz-{path.name}" if form == "own" else path.stem
    return Dataset(name, items, FORMATS[form].segments, tuple(notes))


def _format_of(path: Path) -> str:
    if path.is_dir():
        return _format_of_folder(path)
    if path.suffix in (".tsv", ".csv"):
        return {".tsv": "parallel", ".csv": "csv"}[path.suffix]
    if path.suffix == ".jsonl":
        keys = set(next((row.keys() for _, row in read_jsonl(path)), ()))
        for form, needed in _KEYS.items():
            if needed <= keys:
                return form
        return "jsonl"
    if path.with_suffix(".en").is_file():
        return "lines"
    raise UsageError(
        f"What {path} is cannot be told from its name.",
        hint=f"Say so with --format; formats: {', '.join(FORMATS)}.",
    )


def _format_of_folder(path: Path) -> str:
    if (path / "gv_crowd.json").exists() or (path / "gv_snippet.json").exists():
        raise UsageError(f"{path} is Global Voices.", hint="Say --format gv-crowd or gv-snippet.")
    if (path / "SourceTexts").is_dir():
        return "multiling"
    return "own" if any(path.glob("*.json")) or not any(path.glob("*.jsonl")) else "jsonl"


_KEYS: Mapping[str, set[str]] = {
    "wikilingua": {"gem_id", "source", "target"},
    "crosssum": {"summary", "text"},
}


def _check(items: Sequence[Item], path: Path) -> None:
    if not items:
        raise InputError(f"{path} has no items in it.")
    seen: set[str] = set()
    for item in items:
        if item.id in seen:
            raise InputError(f'{path} has the id "{item.id}" twice.')
        seen.add(item.id)
        for reference in item.references:
            text = f"{reference.headline} {reference.text}"
            if in_other_letters(text):
                raise InputError(
                    f'The reference of "{item.id}" in {path} is not English: {text.strip()[:60]}',
                    hint="A set for Arabic to English is needed (of XL-Sum: CrossSum's pairs).",
                )


def in_other_letters(text: str) -> bool:
    """Whether most of the letters are not Latin ones: it is no English. A word won't do to
    count by: a Chinese sentence is one."""
    letters = [character for character in text if character.isalpha()]
    other = sum(not (c.isascii() or unicodedata.name(c, "").startswith("LATIN")) for c in letters)
    return 2 * other > len(letters)


_ENGLISH = frozenset(
    """the of and to for with from that this by were had has it its not at are have will his her
    their they he she but who which be been than""".split()  # noqa: SIM905
)
_OTHER = frozenset(  # French, Spanish, German, Italian, Portuguese, Turkish, Indonesian
    """le les la des du de et est une un dans que qui pour sur au aux ce il el los las y en por se
    su lo una der das und ist von mit den dem ein eine zu im auf nicht di che gli della e o os uma
    do da em ve bir bu için ile yang dan dari untuk dengan""".split()  # noqa: SIM905
)
_LEAST_ENGLISH = 0.06  # of the words; 0.11 in 1,300 words of headlines, 0.22 and more in prose
_ENOUGH_WORDS = 30


def _doubts(items: Sequence[Item]) -> Notes:
    """Articles without a text, and references that seem not to be English."""
    bare = [item.id for item in items if not item.text.strip()]
    spoken = [(item.id, _words(f"{r.headline} {' '.join(r.sentences)}"))
              for item in items for r in item.references]  # fmt: skip
    foreign = [id for id, words in spoken if _is_other(words)]
    counted = {
        "articles have no text; the headline, if any, stands in": bare,
        "references have more common words of another language than of English": foreign,
    }
    notes = [f"{len(ids)} {what}; see {ids[0]}." for what, ids in counted.items() if ids]
    everything = [word for _, words in spoken for word in words]
    common = sum(word in _ENGLISH for word in everything)
    if len(everything) >= _ENOUGH_WORDS and common < _LEAST_ENGLISH * len(everything):
        share = f"{common} of {len(everything)} words of the references are common English ones"
        notes.append(f"Only {share}: are they English?")
    return notes


def _is_other(words: Sequence[str]) -> bool:
    """More common words of other languages than of English, and than names bring ("de", "la")."""
    other, english = (sum(word in known for word in words) for known in (_OTHER, _ENGLISH))
    return other > max(1, english, len(words) / 7)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.lower())


# --- files --------------------------------------------------------------------------


def no_constants(constant: str) -> NoReturn:
    """For `json.loads(parse_constant=…)`: NaN and infinities are no figures."""
    raise ValueError(f"{constant} is not a number")


def make_folder(folder: Path) -> None:
    """Make the folder of what is to be written, before the work for it; raises OutputError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"The folder {folder} cannot be made: {error.strerror}.",
            hint="Name one that is there or can be made.",
        ) from error


def _read(path: Path) -> str:
    """The text of a file, its line ends as "\\n"; raises InputError."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise InputError(f"{path} is not UTF-8.", hint="Save it as UTF-8.") from error


def _lines_of(path: Path) -> list[str]:
    """Not by `splitlines`: a line may have U+2028 or a form feed in it."""
    return _read(path).removesuffix("\n").split("\n")


def read_jsonl(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Line number and object of every line; raises InputError, naming the line."""
    lines = _read(path).split("\n")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line, parse_constant=no_constants)
        except ValueError as error:
            last = number == len(lines)
            what = "is cut off in the middle" if last else f"is not JSON ({error})"
            raise InputError(f"{path}: line {number} {what}.") from error
        if not isinstance(row, dict):
            raise InputError(f"{path}: line {number} is not a JSON object.")
        yield number, row


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read as JSON: {error}.") from error


def _text(row: Mapping[str, Any], keys: str, where: str, default: str | None = None) -> str:
    """The first of some keys that is there, as text."""
    for key in keys.split():
        if isinstance(row.get(key), str):
            return str(row[key])
    if default is None:
        raise InputError(f"{where} lacks {keys.replace(' ', ' or ')}, a text.")
    return default


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _references(texts: Sequence[str]) -> tuple[Reference, ...]:
    return tuple(Reference("", _paragraphs(text)) for text in texts if text.strip())


# --- one reader for each ------------------------------------------------------------


def _own(path: Path, _notes: Notes) -> Iterator[Item]:
    yield from read_half(path).items


def _crosssum(path: Path, _notes: Notes) -> Iterator[Item]:
    for number, row in read_jsonl(path):
        where = f"{path}: line {number}"
        yield Item(
            id=_text(row, "id target_url source_url url", where, f"{path.stem}:{number}"),
            title="",  # CrossSum's is that of the English page
            paragraphs=_paragraphs(_text(row, "text", where)),
            references=_references([_text(row, "summary", where)]),
        )


def _wikilingua(path: Path, notes: Notes) -> Iterator[Item]:
    others = 0
    for number, row in read_jsonl(path):
        where = f"{path}: line {number}"
        if row.get("source_language", "ar") != "ar" or row.get("target_language", "en") != "en":
            others += 1
            continue
        yield Item(
            id=_text(row, "gem_id", where),
            title="",
            paragraphs=_paragraphs(_text(row, "source", where)),
            references=_references([_text(row, "target", where)]),
            kind="how-to",
        )
    if others:
        notes.append(f"{others} rows of {path.name} are of other pairs of languages.")


def _global_voices(file: str) -> Reader:
    def read(path: Path, notes: Notes) -> Iterator[Item]:
        rows = _read_json(path / file)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise InputError(f"{path / file} is no list of articles.")
        if others := sum("ar" not in row.get("other_languages", {}) for row in rows):
            notes.append(f"{others} articles of {file} are not there in Arabic.")
        for row in rows:
            arabic = row.get("other_languages", {}).get("ar")
            if not arabic:
                continue
            where = f'{path / file}: "{row.get("title")}"'
            source = path / "normalized" / "ar" / f"{arabic}.md"
            if not source.is_file():
                raise InputError(f"{where} has no Arabic text: {source} does not exist.")
            yield Item(
                id=_text(row, "title", where),
                title="",
                paragraphs=_paragraphs(_read(source)),
                references=_references([_text(row, "summary", where)]),
            )

    return read


def _multiling(path: Path, _notes: Notes) -> Iterator[Item]:
    """Topics of several documents each; the English model summaries of the same topics."""
    topics: dict[str, list[Path]] = {}
    for file in sorted((path / "SourceTexts").glob("M*.arabic")):
        topics.setdefault(file.name[:4], []).append(file)
    for topic, files in topics.items():
        models = sorted((path / "ModelSummaries" / "English").glob(f"{topic}*"))
        yield Item(
            id=topic,
            title="",
            paragraphs=tuple(line for file in files for line in _paragraphs(_read(file))),
            references=_references([_read(model) for model in models]),
        )


def _jsonl(path: Path, _notes: Notes) -> Iterator[Item]:
    whole = path.is_dir()
    for file in sorted(path.glob("*.jsonl")) if whole else [path]:
        for number, row in read_jsonl(file):
            item = _plain(row, f"{file}: line {number}", f"{file.stem}:{number}")
            yield replace(item, kind=file.stem) if whole else item


def _csv(path: Path, _notes: Notes) -> Iterator[Item]:
    csv.field_size_limit(MAX_BYTES)  # else 131,072 characters; an article may be longer
    number = 0
    try:
        for number, row in enumerate(csv.DictReader(io.StringIO(_read(path))), 1):
            where = f"{path}: row {number}"
            if any(cell.strip() for cell in row.get(None, ())):
                raise InputError(
                    f"{where} has more cells than the table has columns.",
                    hint="A text with a comma in it has to be quoted.",
                )
            yield _plain(row, where, f"{path.stem}:{number}")
    except csv.Error as error:
        raise InputError(
            f"{path}: row {number + 1} is no row of a table: {error}.",
            hint="Perhaps a quotation mark is not closed.",
        ) from error


def _plain(row: Mapping[str, Any], where: str, name: str) -> Item:
    references = row.get("references", row.get("reference", row.get("reference_en", [])))
    texts = [references] if isinstance(references, str) else references
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise InputError(f"{where}: the reference has to be a text or a list of texts.")
    # A list that is one brief, sentence by sentence, says so; else each text is a reference.
    kind = str(row.get("reference_kind", ""))
    made = _references(["\n".join(texts)] if kind else texts)
    title = _text(row, "title", where, "")
    if "headline" in kind:  # the headline is to be made from the body
        title, made = "", tuple(Reference(" ".join(texts), ()) for _ in made)
    text = _text(row, "text source_ar source article", where)
    return Item(
        id=_text(row, "id", where, name),
        title=title,
        paragraphs=_paragraphs(text),
        references=made,
        kind=_text(row, "kind category", where, ""),
    )


def _parallel(path: Path, _notes: Notes) -> Iterator[Item]:
    """A header, then document, Arabic, English; or no header and two columns."""
    rows = [line.split("\t") for line in _lines_of(path) if line]
    header = rows[0] if rows and {"ar", "en"} <= set(rows[0]) else None
    columns = header or ["doc", "ar", "en"][-len(rows[0]) if rows else 0 :]
    for number, row in enumerate(rows[1:] if header else rows, 1):
        if len(row) != len(columns):
            raise InputError(
                f"{path}: row {number} has {len(row)} columns, not {len(columns)}.",
                hint="Columns: document, Arabic, English; or Arabic, English.",
            )
        found = dict(zip(columns, row, strict=True))
        yield _segment(path.stem, number, found["ar"], found["en"], found.get("doc", ""))


def _lines(path: Path, _notes: Notes) -> Iterator[Item]:
    """Arabic a line a segment; beside it the same name with .en, and .docs for documents."""
    arabic, english = map(_lines_of, (path, path.with_suffix(".en")))
    documents = path.with_suffix(".docs")
    groups = _lines_of(documents) if documents.exists() else [""] * len(arabic)
    if not len(arabic) == len(english) == len(groups):
        raise InputError(f"{path} and its translation have not the same number of lines.")
    for number, (source, reference, group) in enumerate(
        zip(arabic, english, groups, strict=True), 1
    ):
        yield _segment(path.stem, number, source, reference, group)


def _segment(name: str, number: int, arabic: str, english: str, document: str) -> Item:
    if not arabic.strip() or not english.strip():
        raise InputError(
            f"{name}: row {number} lacks its Arabic or its English.", hint="Leave such rows out."
        )
    return Item(
        id=f"{name}:{number}",
        title="",
        paragraphs=(arabic.strip(),),
        references=(Reference("", (english.strip(),)),),
        # A document with a number for each line is no document: FLORES.
        group=document if document and not re.fullmatch(r"\d+", document) else "",
    )


FORMATS: Mapping[str, Format] = {
    "own": Format(
        "a folder of KIND-NN.json, see eval/data/README.md",
        "It is in the repository: eval/data/dev and eval/data/test.",
        _own,
    ),
    "crosssum": Format(
        'JSONL: "text" (Arabic), "summary" (English), "source_url", "target_url"; XL-Sum\'s keys',
        "CrossSum (CC BY-NC-SA 4.0): https://github.com/csebuetnlp/CrossSum, english-arabic.",
        _crosssum,
    ),
    "wikilingua": Format(
        'JSONL: "gem_id", "source", "target", "source_language", "target_language"',
        "WikiLingua of GEM (CC BY-NC-SA 3.0): https://huggingface.co/datasets/GEM/wiki_lingua, ar.",
        _wikilingua,
    ),
    "gv-crowd": Format(
        "a folder: gv_crowd.json (title, summary, other_languages.ar), normalized/ar/TITLE.md",
        "Global Voices (Nguyen and Daumé, 2019): ask at https://forms.gle/gpkJDT6RJWHM1Ztz9.",
        _global_voices("gv_crowd.json"),
    ),
    "gv-snippet": Format(
        "as gv-crowd, with gv_snippet.json",
        "Global Voices (Nguyen and Daumé, 2019): ask at https://forms.gle/gpkJDT6RJWHM1Ztz9.",
        _global_voices("gv_snippet.json"),
    ),
    "multiling": Format(
        "a folder: SourceTexts/M0000.arabic …, ModelSummaries/English/M000.A.250 …",
        "MultiLing 2011 pilot: http://multiling.iit.demokritos.gr (password on request).",
        _multiling,
    ),
    "jsonl": Format(
        '"text" (or "source_ar"), and if there "id", "title", "reference" (text or list), "kind"; '
        "or a folder of such files, each a kind",
        "Your own.",
        _jsonl,
    ),
    "csv": Format("the keys of jsonl as columns", "Your own.", _csv),
    "parallel": Format(
        "TSV with a header: doc, ar, en; or two columns without: Arabic, English",
        "FLORES-200: https://github.com/facebookresearch/flores; "
        "NTREX-128: https://github.com/MicrosoftTranslator/NTREX.",
        _parallel,
        segments=True,
    ),
    "lines": Format(
        "NAME.ar and NAME.en, a line a segment, and if there NAME.docs: WMT's pairs",
        "`sacrebleu -t SET -l ar-en --echo src ref`.",
        _lines,
        segments=True,
    ),
}
