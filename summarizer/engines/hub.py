"""Models of others: where their files are, how they get there, and whether they are whole.

A model is a folder in the format of transformers. One from a hub lies in
`CACHE/models/OWNER--NAME`, put there by `pull` or by hand. Beside its files stands
`mujaz.json` with the SHA-256 of each (and the commit, if it was pulled), from which the
model's revision is made. What CTranslate2 makes of a model lies in `CACHE/ct2/`.

Weights are read from safetensors only: other formats can run code when they are loaded.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from summarizer.engines.cached import cache_folder, sha256
from summarizer.errors import EngineError, UsageError
from summarizer.files import write_whole

RECORD = "mujaz.json"
WANTED = (
    "*.json",
    "*.model",
    "*.spm",
    "*.txt",
    "*.safetensors",
    "*.jinja",
    "README.md",
    "LICENSE*",
)
CONVERSION = 2  # raised when the same model is converted otherwise (`seq2seq.convert`)
_ID = re.compile(r"(?:\w[\w.-]*/)?\w[\w.-]*")  # of a model on a hub


@dataclass(frozen=True, slots=True)
class Known:
    """A model that goes by a short name.

    Attributes:
        id: On the hub.
        revision: What is pulled: a commit, or a branch or pull request of the hub.
        commit: How its commit begins; "" if we have not seen it, then the first pull pins it.
        licence: Of the weights.
    """

    id: str
    revision: str
    commit: str
    licence: str


# `refs/pr/N` is the hub's own conversion of the same weights to safetensors.
KNOWN: dict[str, Known] = {
    "opus": Known("Helsinki-NLP/opus-mt-ar-en", "refs/pr/1", "0a22ca0f", "Apache-2.0"),
    "opus-big": Known("Helsinki-NLP/opus-mt-tc-big-ar-en", "refs/pr/3", "633b76a4", "CC BY 4.0"),
    "nllb": Known("facebook/nllb-200-distilled-600M", "refs/pr/39", "ba634f8", "CC BY-NC 4.0"),
    "nllb:1.3B": Known("facebook/nllb-200-distilled-1.3B", "refs/pr/5", "f9e6ff7", "CC BY-NC 4.0"),
    "nllb:3.3B": Known(
        "facebook/nllb-200-3.3B",
        "f046cc4ebd1ea4aa8015c3d48282a6299d9f3915",
        "f046cc4",
        "CC BY-NC 4.0",
    ),
    # Its main branch has a pickle only, and the number of the conversion we don't know.
    "m2m100": Known("facebook/m2m100_418M", "main", "", "MIT"),
    "madlad": Known(
        "google/madlad400-3b-mt",
        "fa184c675da0b5c9e1c8694fccd4e12e2d422094",
        "fa184c6",
        "Apache-2.0",
    ),
    "crosssum": Known(
        "csebuetnlp/mT5_m2o_english_crossSum",
        "c743df71b53502e0a24a7c8cac7e63cacf76b0cc",
        "c743df7",
        "none stated (the data it learned from: CC BY-NC-SA 4.0)",
    ),
}


@dataclass(frozen=True, slots=True)
class Stored:
    """A model that is here.

    Attributes:
        name: What it was asked for by.
        folder: Where its files are.
        files: SHA-256 of each file by its name.
        commit: The hub's, or "" if it was not pulled.
    """

    name: str
    folder: Path
    files: dict[str, str] = field(repr=False)
    commit: str = ""

    @property
    def revision(self) -> str:
        """The first 12 hex digits of a hash of the files that decide what it writes."""
        digest = hashlib.sha256()
        for name, digits in sorted(self.files.items()):
            if not name.startswith(("README", "LICENSE")):
                digest.update(f"{name} {digits}\n".encode())
        return digest.hexdigest()[:12]

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return folder_size(self.folder)

    @property
    def licence(self) -> str:
        """As we know it, or as the model's card says, or ""."""
        return licence_of(self.name)


def licence_of(name: str) -> str:
    """Of a model's weights, as we know it or as its card says if it is here; else ""."""
    if known(name).licence or not (_is_folder(name) or is_id(name)):
        return known(name).licence
    return _licence_of_card(place_of(name) / "README.md")


def known(name: str) -> Known:
    """What a name stands for: one of `KNOWN` or its id, else a hub id at its newest commit."""
    by_id = {one.id: one for one in KNOWN.values()}
    return KNOWN.get(name) or by_id.get(name) or Known(name, "main", "", "")


def is_id(name: str) -> bool:
    """Whether a hub could have a model of that name."""
    return bool(_ID.fullmatch(name))


def place_of(name: str) -> Path:
    """The folder of a model: `name` itself if it is one and not of `KNOWN`, else in the cache."""
    return Path(name) if _is_folder(name) else _cached(name)


def _is_folder(name: str) -> bool:
    # A folder that happens to be called like a model of ours is meant only as ./NAME.
    return bool(name) and name not in KNOWN and Path(name).is_dir()


def _cached(name: str) -> Path:
    """Where a hub's model is in the cache; raises EngineError if it is none's name."""
    if not is_id(known(name).id):
        raise EngineError(
            f"{name!r} is no folder, and no model of a hub has such a name.",
            hint="Name a model's folder, OWNER/NAME of a hub, or one of: " + ", ".join(KNOWN) + ".",
        )
    return cache_folder() / "models" / known(name).id.replace("/", "--")


def find(name: str, weights: str = "*.safetensors") -> Stored:
    """The model of that short name, hub id or folder.

    Raises:
        EngineError: It is not here, or has no weights that are safe to read; the message
            names the folder to put it in.
    """
    folder = place_of(name)
    if any(_unfinished(folder)):
        raise EngineError(
            f"The model {known(name).id} is not whole: its download into {folder} broke off.",
            hint=f"mujaz models pull {name} fetches the rest.",
        )
    if not (folder / "config.json").is_file():
        raise EngineError(
            f"The model {known(name).id} is not here: {folder} has no config.json.",
            hint=f"With a network: mujaz models pull {name}. Without: copy the model's files "
            f"({', '.join(WANTED[:5])}) into {folder}.",
        )
    if not any(folder.glob(weights)):
        raise EngineError(
            f"The model in {folder} has no {weights}; Mujaz reads no weights in other formats, "
            "because they can run code when they are loaded.",
            hint="Take the model's safetensors (on the hub often a pull request: "
            f"mujaz models pull {name} --revision refs/pr/N).",
        )
    return _stored(known(name).id, folder)


def _unfinished(folder: Path) -> Iterator[Path]:
    """What a killed download left; huggingface_hub never goes on with it."""
    return folder.glob(".cache/huggingface/download/**/*.incomplete")


def pull(name: str, revision: str | None = None) -> Stored:
    """Fetch a model from the hub, or the files that are missing since a download broke off.

    Without `revision` it is the commit that we know, else the one that was pulled before,
    else the newest. A mirror is honoured: huggingface_hub reads HF_ENDPOINT.

    Raises:
        EngineError: It can't be had, or is not the commit that we know.
    """
    import httpx2  # what huggingface_hub speaks HTTP with
    from huggingface_hub import HfApi, snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError

    if _is_folder(name):
        raise EngineError(
            f"{name} is a folder: there is nothing to pull.",
            hint=f"Use it: --engine {name}, or instruct:{name} if it is a chat model.",
        )
    wanted, folder = known(name), _cached(name)
    before = "" if wanted.commit else _read_record(folder).get("commit", "")
    asked = revision or before or wanted.revision
    try:
        commit = str(HfApi().model_info(wanted.id, revision=asked).sha)
        if wanted.commit and not revision and not commit.startswith(wanted.commit):
            raise EngineError(
                f"{wanted.id} is at commit {commit[:12]}; Mujaz knows {wanted.commit}.",
                hint=f"If you trust the new one: mujaz models pull {name} --revision {commit}.",
            )
        snapshot_download(wanted.id, revision=commit, local_dir=folder, allow_patterns=list(WANTED))
    except (HfHubHTTPError, HFValidationError, httpx2.HTTPError, OSError, ValueError) as error:
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise EngineError(
            f"{wanted.id} cannot be pulled: {first}",
            hint="Check the name and the network; HF_ENDPOINT names a mirror. Files that are "
            f"whole stay, the next try fetches the others. Or copy the files into {folder}.",
        ) from error
    for left in _unfinished(folder):
        left.unlink()
    _write_record(folder, commit=commit)
    return find(wanted.id)


def verify(name: str) -> list[str]:
    """The files of a model that are not what was pulled, or what was last used if it wasn't."""
    folder = place_of(name)
    record = _read_record(folder)
    used = {file: one["sha256"] for file, one in record.get("files", {}).items()}
    seen = record.get("pulled") or used
    names = {*seen, *(file.name for file in _model_files(folder))}
    return [
        name
        for name in sorted(names)
        if not (folder / name).is_file() or sha256(folder / name) != seen.get(name)
    ]


def remove(name: str) -> list[Path]:
    """Delete a model in the cache and what was made of it; of a folder elsewhere only that."""
    made = _converted_name(name if _is_folder(name) else known(name).id)
    own = [] if _is_folder(name) else [_cached(name)]
    some = (cache_folder() / "ct2").glob(f"{glob.escape(made)}-*/")
    gone = [one for one in own if one.is_dir()]
    gone += [one for one in some if re.fullmatch(r"-[0-9a-f]{12}", one.name[len(made) :])]
    if not gone:
        raise UsageError(
            f"{cache_folder()} has no model {name!r}, and nothing that was made of it.",
            hint="mujaz models list",
        )
    for one in gone:
        shutil.rmtree(one)
    return gone


def stored() -> Iterator[Stored]:
    """The models in the cache."""
    for folder in sorted((cache_folder() / "models").glob("*/")):
        if (folder / "config.json").is_file():
            yield _stored(folder.name.replace("--", "/", 1), folder)


def converted_folder(model: Stored) -> Path:
    """Where CTranslate2's form of a model is or will be."""
    from importlib.metadata import version

    key = f"{model.revision} ctranslate2=={version('ctranslate2')} {CONVERSION}"
    digest = hashlib.sha256(key.encode()).hexdigest()[:12]
    return cache_folder() / "ct2" / f"{_converted_name(model.name)}-{digest}"


def _converted_name(name: str) -> str:
    return name.strip("/").replace("/", "--")


def folder_size(folder: Path) -> int:
    """Bytes of all files in a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


# --- the record of a folder ---------------------------------------------------------


def _stored(name: str, folder: Path) -> Stored:
    record = _write_record(folder)
    sums = {name: str(one["sha256"]) for name, one in record["files"].items()}
    return Stored(name, folder, sums, str(record.get("commit", "")))


def _model_files(folder: Path) -> list[Path]:
    hidden = (RECORD, f".{RECORD}.")  # the second while another process writes the first
    return sorted(f for f in folder.iterdir() if f.is_file() and not f.name.startswith(hidden))


def _read_record(folder: Path) -> dict[str, Any]:
    try:
        record: dict[str, Any] = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        return record
    except (OSError, ValueError):
        return {}


def _write_record(folder: Path, commit: str = "") -> dict[str, Any]:
    """The hashes of a folder's files; only what changed since the last time is read.

    With a commit, what is there now is what was pulled.
    """
    old = _read_record(folder)
    files = {}
    for file in _model_files(folder):
        stat = file.stat()
        seen = old.get("files", {}).get(file.name, {})
        same = (seen.get("size"), seen.get("mtime_ns")) == (stat.st_size, stat.st_mtime_ns)
        digits = seen["sha256"] if same else sha256(file)
        files[file.name] = {"size": stat.st_size, "mtime_ns": stat.st_mtime_ns, "sha256": digits}
    record = {**old, "files": files}
    if commit:
        record["commit"] = commit
        record["pulled"] = {name: one["sha256"] for name, one in files.items()}
    if record != old and os.access(folder, os.W_OK):
        write_whole(folder / RECORD, json.dumps(record, indent=1))
    return record


def _licence_of_card(card: Path) -> str:
    """The `license:` line of a model card's front matter."""
    try:
        lines = card.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return ""
    for line in lines[1:] if lines[:1] == ["---"] else []:
        if line == "---":
            break
        if line.startswith("license:"):
            return line.partition(":")[2].strip().strip("'\"")
    return ""
