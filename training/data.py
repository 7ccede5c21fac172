"""Pairs of a folder, filtered, glossed, tokenised and put into batches.

    python -m training.data --data DIR --held-out FILE...

says what the filter keeps and drops, and fails if a sentence of a held-out file, or a
near copy of one, is left. The form of an example is the one of the engine, exactly:

    <bos>Arabic: {source}
    Words: {gloss}
    English: {target}<eos>

with newlines before "English:" that make the prompt a multiple of eight tokens.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from summarizer.engines import build, tokenizer
from summarizer.engines.embedded import Encoder, prompt
from summarizer.engines.gloss import Glosser, shown
from summarizer.engines.lexicon import Lexicon

PAD, EOS = tokenizer.PAD_ID, tokenizer.EOS_ID
VALIDATION_FILE, VALIDATION_PAIRS = "floresdev", 200
MAX_TOKENS = 400  # Gemma 3 270M slides its window after 512


class Pair(NamedTuple):
    """A sentence and its translation, with the name of the file they are from."""

    arabic: str
    english: str
    file: str


@dataclass(frozen=True)
class Share:
    """How much of a file is used.

    Attributes:
        weight: In what share of the passes over the data each pair is seen, 0 to 1.
        min_words: Pairs with fewer English words than this are left out.
    """

    weight: float = 0.5
    min_words: int = 1


SHARES = {  # what is like news weighs most; small talk least
    "pud": Share(1.0),
    "tico": Share(1.0),
    "floresdev": Share(1.0),
    "news": Share(1.0),
    "newswire": Share(1.0),
    "broad": Share(1.0),
    "prose": Share(1.0),
    "tatoeba": Share(0.4, min_words=8),
}


def share_of(file: str) -> Share:
    """The share of a file, by its name without folder and ending."""
    return SHARES.get(file, Share())


# --- reading ------------------------------------------------------------------------


def read_file(path: Path) -> list[Pair]:
    """The pairs of a ``.tsv`` or ``.tsv.gz`` file: Arabic, tab, English.

    A first line with the names ``ar`` and ``en`` says where else the two columns are.
    """
    name = path.name.split(".")[0]
    rows = [line.split("\t") for line in _lines(path)]
    arabic, english = 0, 1
    if rows and {"ar", "en"} <= set(rows[0]):
        header = rows.pop(0)
        arabic, english = header.index("ar"), header.index("en")
    width = max(arabic, english)
    return [Pair(r[arabic].strip(), r[english].strip(), name) for r in rows if len(r) > width]


def read_folder(*folders: Path) -> tuple[list[Pair], list[Pair]]:
    """All pairs of the folders' ``*.tsv`` and ``*.tsv.gz``: (for training, for validation).

    The last 200 of FLORES dev are for validation and for nothing else; where FLORES dev is
    not among the files, the last 200 of all or a tenth, whichever is less. Ends the
    program with status 2 where there are not even ten pairs.
    """
    training: list[Pair] = []
    validation: list[Pair] = []
    files = (path for folder in folders for path in folder.glob("*.tsv*"))
    for path in sorted(files, key=lambda path: path.name):
        pairs = read_file(path)
        if path.name.startswith(f"{VALIDATION_FILE}."):
            pairs, validation = pairs[:-VALIDATION_PAIRS], pairs[-VALIDATION_PAIRS:]
        training += pairs
    if not validation:
        few = min(VALIDATION_PAIRS, len(training) // 10)
        training, validation = training[: len(training) - few], training[len(training) - few :]
    if not validation:
        where = " or ".join(map(str, folders))
        print(
            f"No *.tsv or *.tsv.gz with ten pairs (Arabic, tab, English) in {where}.",
            file=sys.stderr,
        )
        raise SystemExit(2)
    return training, validation


def _lines(path: Path) -> list[str]:
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    return [line for line in text.split("\n") if line]


# --- held-out text ------------------------------------------------------------------

NGRAM = 4  # words
NEAR_COPY = 0.5  # of a sentence's n-grams found in one held-out sentence


class HeldOut:
    """Finds sentences that are in held-out text, or nearly.

    A sentence is a near copy if its words are the same (case, punctuation and vowel
    signs apart), or if half of its word 4-grams stand in one held-out sentence.
    """

    def __init__(self, sentences: Iterable[str]) -> None:
        self._whole: set[tuple[str, ...]] = set()
        self._where: dict[tuple[str, ...], set[int]] = defaultdict(set)
        for number, sentence in enumerate(sentences):
            words = _words(sentence)
            self._whole.add(words)
            for ngram in _ngrams(words):
                self._where[ngram].add(number)

    @classmethod
    def of_files(cls, paths: Iterable[Path], more: Iterable[Pair] = ()) -> HeldOut:
        """Every text in ``.tsv``, ``.tsv.gz`` and ``.jsonl`` files, and in `more`."""
        sentences = [text for pair in more for text in pair[:2]]
        for path in paths:
            for line in _lines(path):
                fields = json.loads(line).values() if path.suffix == ".jsonl" else line.split("\t")
                sentences += [field for field in fields if isinstance(field, str)]
        return cls(sentences)

    def has(self, sentence: str) -> bool:
        """Whether `sentence`, or a near copy, is held out."""
        words = _words(sentence)
        if words in self._whole:
            return True
        ngrams = _ngrams(words)
        found = Counter(number for ngram in ngrams for number in self._where.get(ngram, ()))
        return bool(found) and max(found.values()) >= NEAR_COPY * len(ngrams)


def _words(sentence: str) -> tuple[str, ...]:
    decomposed = unicodedata.normalize("NFKD", sentence.casefold().replace("\u0640", ""))
    return tuple(re.findall(r"\w+", re.sub(r"[\u0300-\u036f\u064b-\u065f\u0670]", "", decomposed)))


def _ngrams(words: Sequence[str]) -> set[tuple[str, ...]]:
    return {tuple(words[i : i + NGRAM]) for i in range(len(words) - NGRAM + 1)}


# --- filtering ----------------------------------------------------------------------


def fault(pair: Pair) -> str | None:
    """Why a pair is not worth learning from, in a word or two; None if it is."""
    arabic, english = len(pair.arabic.split()), len(pair.english.split())
    if not arabic or not english or max(arabic, english) > 120:
        return "length"
    if english < share_of(pair.file).min_words:
        return "too short"
    if not 0.3 <= (arabic + 1) / (english + 1) <= 2.5:
        return "ratio"
    if _share_of_script(pair.arabic, "ARABIC") < 0.5:
        return "script"
    if _share_of_script(pair.english, "LATIN") < 0.9:
        return "script"
    return "untranslated" if pair.arabic == pair.english else None


def _share_of_script(text: str, script: str) -> float:
    letters = [c for c in text if c.isalpha()]
    named = sum(unicodedata.name(c, "").startswith(script) for c in letters)
    return named / max(1, len(letters))


def keep(pairs: Iterable[Pair], held_out: HeldOut) -> tuple[list[Pair], Counter[tuple[str, str]]]:
    """The pairs to train on, and how many were dropped for each (file, reason)."""
    kept: list[Pair] = []
    dropped: Counter[tuple[str, str]] = Counter()
    seen: set[tuple[str, ...]] = set()
    for pair in pairs:
        words = _words(pair.arabic)
        reason = fault(pair)
        if reason is None and words in seen:
            reason = "duplicate"
        if reason is None and (held_out.has(pair.arabic) or held_out.has(pair.english)):
            reason = "held out"
        if reason:
            dropped[pair.file, reason] += 1
        else:
            kept.append(pair)
            seen.add(words)
    return kept, dropped


# --- examples -----------------------------------------------------------------------


class Example(NamedTuple):
    """Token ids of a prompt and of the target after it (with ``<eos>``)."""

    prompt: list[int]
    target: list[int]
    weight: float = 1.0


def make_example(pair: Pair, gloss: str, encoder: Encoder) -> Example:
    """The tokens of one pair, the prompt as the engine makes it."""
    before = prompt(encoder, pair.arabic, gloss)
    target = [*encoder.encode(f" {pair.english}"), EOS]
    return Example(before, target, share_of(pair.file).weight)


def make_examples(pairs: Iterable[Pair], files: build.ModelFiles | None = None) -> list[Example]:
    """The examples of all pairs, by the lexicon and tokenizer of the built model, or `files`."""
    files = files or build.ensure_model()
    gloss, encoder = Glosser(Lexicon(files.lexicon)).gloss, tokenizer.load(files.tokenizer)
    seen = (pair._replace(arabic=shown(pair.arabic)) for pair in pairs)
    return [make_example(pair, gloss(pair.arabic), encoder) for pair in seen]


def length(example: Example) -> int:
    """Tokens of an example, prompt and target."""
    return len(example.prompt) + len(example.target)


def batches(examples: Sequence[Example], max_tokens: int) -> Iterator[list[Example]]:
    """Neighbours in length together, at most `max_tokens` a batch, padding counted."""
    batch: list[Example] = []
    for example in sorted(examples, key=length):
        if batch and (len(batch) + 1) * length(example) > max_tokens:
            yield batch
            batch = []
        batch.append(example)
    if batch:
        yield batch


def pass_over(
    examples: Sequence[Example], number: int, max_tokens: int, seed: int
) -> list[list[Example]]:
    """The batches of pass `number` (from 0) in a random order that `seed` alone decides.

    An example of weight 0.5 is in every other pass, one of weight 1 in every one.
    """
    offset = random.Random(seed)  # noqa: S311 - the same in every pass
    chosen = []
    for example in examples:
        start = offset.random()
        if int(start + (number + 1) * example.weight) > int(start + number * example.weight):
            chosen.append(example)
    order = random.Random(f"{seed}/{number}")  # noqa: S311
    order.shuffle(chosen)  # so that equal lengths meet others each time
    made = list(batches(chosen, max_tokens))
    order.shuffle(made)
    return made


# --- the check, as a command --------------------------------------------------------


def report(kept: Sequence[Pair], dropped: Counter[tuple[str, str]]) -> str:
    """A line for each file: pairs kept, and dropped for what."""
    lines = []
    for file, count in sorted(Counter(pair.file for pair in kept).items()):
        why = ", ".join(f"{n} {why}" for (name, why), n in sorted(dropped.items()) if name == file)
        weight = share_of(file).weight
        lines.append(f"{file:10} {count:6,} kept, weight {weight:g}; dropped: {why or 'none'}")
    return "\n".join(lines)


def main() -> None:
    """Print what the filter does to a folder; list the held-out sentences found in it."""
    parser = argparse.ArgumentParser(description="What of a folder of pairs is trained on.")
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="folders of pairs")
    parser.add_argument("--held-out", type=Path, nargs="*", default=[], help="files never to see")
    args = parser.parse_args()
    training, validation = read_folder(*args.data)
    held_out = HeldOut.of_files(args.held_out, validation)
    kept, dropped = keep(training, held_out)
    print(report(kept, dropped))
    for pair in training:
        if held_out.has(pair.arabic) or held_out.has(pair.english):
            print(f"held out ({pair.file}): {pair.english}")
    print(f"{len(kept):,} pairs to train on, {len(validation)} to validate with")


if __name__ == "__main__":
    main()
