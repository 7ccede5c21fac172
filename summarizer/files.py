"""Files that are whole or not there."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from pathlib import Path

from summarizer.errors import OutputError


def write_whole(path: Path, text: str) -> None:
    """Write a file of UTF-8 whole or not at all: a full disk or a kill leaves no half of one.

    Raises:
        OutputError: It can't be written; what was there before is still there.
    """
    # Two threads may write the same file: of replies that an engine could not use, say.
    unfinished = path.with_name(f".mujaz-{os.getpid()}-{threading.get_ident()}")
    try:
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink()
        raise OutputError(f"{path} cannot be written: {error.strerror}.") from error
