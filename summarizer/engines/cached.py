"""Folders of the cache that are made once: whole, by one process, or not there at all.

A folder's name carries a hash of everything that went in. It appears by one rename, and its
manifest has a checksum for each file: a broken or half-written one is seen and made again, and
a second process waits for the first.
"""

from __future__ import annotations

import errno
import glob
import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from summarizer.errors import ModelBuildError

MANIFEST = "manifest.json"
LOCK_TIMEOUT = 1800.0  # seconds to wait for another process that makes the same
KEPT_OLD = 1  # folders of other versions that stay: the latest one may be in use


def cache_folder() -> Path:
    """Where models of all kinds live: `MUJAZ_CACHE`, else the platform's cache folder."""
    if chosen := os.environ.get("MUJAZ_CACHE"):
        return Path(chosen)
    from platformdirs import user_cache_path

    return user_cache_path("mujaz")


def made_once(
    folder: Path, make: Callable[[Path], None], what: str, *, needed: int = 0, others: str = ""
) -> Path:
    """`folder`, made now if it is not there or not whole.

    Args:
        folder: In the cache.
        make: Makes the folder whose path it is given; the one around that is removed afterwards.
        what: What it is, for a message.
        needed: Bytes that must be free.
        others: A pattern of the names of other versions, of which but the latest is kept then.

    Raises:
        ModelBuildError: There is no room, it may not be written, or `make` met an OSError.
    """
    from filelock import FileLock, Timeout

    if is_whole(folder):
        return folder
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{folder}.lock", timeout=LOCK_TIMEOUT):
            if not is_whole(folder):  # another process may have made it meanwhile
                _make_atomically(folder, make, needed)
                if others:
                    with suppress(OSError):  # another process may be at it
                        _forget_old(folder, others)
    except Timeout as error:
        raise ModelBuildError(
            f"Another process has been building {what} in {folder.parent} for "
            f"{LOCK_TIMEOUT / 60:.0f} minutes.",
            hint="Wait for it, or end it and try again.",
        ) from error
    except (OSError, sqlite3.Error) as error:
        raise _disk_error(error, folder.parent, what, needed) from error
    return folder


def _make_atomically(folder: Path, make: Callable[[Path], None], needed: int) -> None:
    prefix = f".making-{folder.name}-"
    for leftover in folder.parent.glob(f"{glob.escape(prefix)}*"):
        shutil.rmtree(leftover)  # of a process that was killed: we hold the lock
    if shutil.disk_usage(folder.parent).free < needed:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=prefix) as scratch:
        made = Path(scratch) / "made"
        make(made)
        sums = {file.name: sha256(file) for file in sorted(made.iterdir())}
        (made / MANIFEST).write_text(json.dumps(sums, indent=1), encoding="utf-8")
        if folder.exists():  # broken, or we would not be here
            shutil.rmtree(folder)
        made.rename(folder)


def _forget_old(newest: Path, others: str) -> None:
    """Remove folders of earlier versions beside `newest`, by a pattern, but for the latest."""
    old = [other for other in newest.parent.glob(f"{others}/") if other != newest]
    old.sort(key=lambda other: other.stat().st_mtime, reverse=True)
    for other in old[KEPT_OLD:]:
        shutil.rmtree(other, ignore_errors=True)


def _disk_error(
    error: OSError | sqlite3.Error, folder: Path, what: str, needed: int
) -> ModelBuildError:
    number = getattr(error, "errno", None)
    if number in (errno.ENOSPC, errno.EDQUOT) or "disk is full" in str(error):
        there = next(one for one in (folder, *folder.parents) if one.is_dir())
        free = shutil.disk_usage(there).free // 1_000_000
        return ModelBuildError(
            f"No room to build {what} in {folder}: {free} MB are free"
            + (f", {needed // 1_000_000} MB are needed while building." if needed else "."),
            hint="Free some space, or set MUJAZ_CACHE to a folder on a larger disk.",
        )
    return ModelBuildError(
        f"Cannot build {what} in {folder}: {getattr(error, 'strerror', None) or error}.",
        hint="Set MUJAZ_CACHE to a folder that you may write to; "
        "if a package is named, run `make` or `pip install -r requirements.txt` again.",
    )


def is_whole(folder: Path) -> bool:
    """Whether all that the manifest lists is there, byte for byte."""
    try:
        sums = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return bool(sums) and all(sha256(folder / name) == sums[name] for name in sums)
    except (OSError, ValueError, TypeError):
        return False


def sha256(file: Path) -> str:
    """Of a file's bytes, in hex."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
