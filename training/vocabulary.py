"""Choose the tokens that the embedded model keeps: `python -m training.vocabulary DATA...`.

Kept: the special, byte and white-space tokens; every token of Arabic letters, digits
and punctuation alone; every ASCII token among the first 80,000; every token that the
training text uses (at the start of a line and inside one); and what byte-pair merging
passes through on its way to any of these. Writes `summarizer/engines/data/kept_tokens.txt.gz`,
a list of ids: no text.
"""

from __future__ import annotations

import argparse
import gzip
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from summarizer.engines.build import read_base_vocabulary
from summarizer.engines.tokenizer import KEPT_TOKENS, Vocabulary, load, merge_closure

COMMON = 80_000
SPECIAL = range(4)


def training_lines(files: list[Path]) -> Iterator[str]:
    """Every text in `*.tsv.gz` (columns) and `*.conllu.gz` (word forms) files."""
    for file in files:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for line in lines:
                fields = line.rstrip("\n").split("\t")
                yield from fields[1:2] if ".conllu" in file.name else fields


def is_readable(piece: str) -> bool:
    """Whether a piece is Arabic letters, digits, punctuation or spaces only."""
    return all(c == "▁" or "؀" <= c <= "ۿ" or unicodedata.category(c)[0] in "NPSZ" for c in piece)


def choose(vocabulary: Vocabulary, lines: Iterator[str]) -> list[int]:
    """The ids to keep, ascending, closed under merging."""
    keep = set(SPECIAL)
    for i, (piece, kind) in enumerate(zip(vocabulary.pieces, vocabulary.types, strict=True)):
        common = i < COMMON and piece.replace("▁", "").isascii()
        ordinary = kind == 1 and (common or is_readable(piece))
        if ordinary or kind == 6 or (kind == 4 and piece.replace("▁", " ").isspace()):
            keep.add(i)
    tokenizer = load(vocabulary.to_sentencepiece())
    for line in lines:
        keep.update(tokenizer.encode(line))
        keep.update(tokenizer.encode(" " + line))
    return merge_closure(vocabulary, keep)


def main() -> None:
    """Read the files named, write the list of ids."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", nargs="+", type=Path)
    vocabulary = read_base_vocabulary()
    ids = choose(vocabulary, training_lines(parser.parse_args().data))
    listing = "".join(f"{i}\n" for i in ids).encode("ascii")
    KEPT_TOKENS.write_bytes(gzip.compress(listing, mtime=0))
    print(f"kept {len(ids):,} of {len(vocabulary.pieces):,} tokens")


if __name__ == "__main__":
    main()
