"""Write the words that `summarizer.mending` cuts by: those of our own Arabic, commonest first.

    python -m training.common

Words of more than 13 letters are left out (few are, and many of those have run together), so are
those seen once, and those of two letters seen fewer than 100 times: they are mostly ends of others.
"""

from __future__ import annotations

import gzip
from collections import Counter
from pathlib import Path

from summarizer.arabic import normalise
from summarizer.mending import LONGEST, RUN, WORDS
from training.data import read_file

SEEN = {2: 100}  # least times, by letters; 2 for others


def main() -> None:
    """Count, and write the file."""
    pairs = [
        pair for file in sorted(Path("training/data").glob("*.tsv")) for pair in read_file(file)
    ]
    counts = Counter(word for pair in pairs for word in RUN.findall(normalise(pair.arabic)))
    kept = [word for word, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
            if 2 <= len(word) <= LONGEST and n >= SEEN.get(len(word), 2)]  # fmt: skip
    WORDS.write_bytes(gzip.compress("\n".join(kept).encode(), mtime=0))
    print(f"{len(kept):,} words in {WORDS}")


if __name__ == "__main__":
    main()
