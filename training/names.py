"""Whether the tables of names are right, seen by the pairs.

    python -m training.names --data DIR...

looks every name of `summarizer.names.TABLES` up in the Arabic of the pairs and asks whether the
English has it, as the check of names does; and which names of the English the check would call
invented, though a person wrote it. What stands at the top of either list wants another form, a
mark, or to go.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from summarizer.names import arabic_names, invented_names, missing_names
from training.data import Pair, read_folder


@dataclass
class Seen:
    """What the pairs have of the tables.

    Attributes:
        pairs: That were read.
        demanded: How often a name stood in the Arabic whose English is asked for, by its
            first English form.
        missing: How often the English lacked it.
        invented: How often a word of the English was called invented.
    """

    pairs: int = 0
    demanded: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    invented: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        names, lost, false = (sum(c.values()) for c in (self.demanded, self.missing, self.invented))
        share = 1 - lost / names if names else 1.0
        worst = (f"{n:4} of {self.demanded[w]:4}  {w}" for w, n in self.missing.most_common(20))
        words = (f"{n:4}          {w}" for w, n in self.invented.most_common(20))
        return "\n".join(
            [
                f"{self.pairs:,} pairs: {names:,} names of the tables, {len(self.demanded):,} of "
                f"them different; the English has {share:.1%}. {false:,} words called invented.",
                "Most often missing:",
                *worst,
                "Most often called invented:",
                *words,
            ]
        )


def look(pairs: Iterable[Pair]) -> Seen:
    """Both checks on what people translated."""
    seen = Seen()
    for pair in pairs:
        seen.pairs += 1
        listed = [m for m in arabic_names(pair.arabic, {}) if m.english and not m.soft]
        seen.demanded.update(m.english[0] for m in listed)
        missing = missing_names(pair.arabic, pair.english, {})
        seen.missing.update(m.english[0] for m in missing if m.english)
        seen.invented.update(name.text for name in invented_names(pair.arabic, pair.english, {}))
    return seen


def main() -> None:
    """Print what was seen."""
    parser = argparse.ArgumentParser(description="Look the tables of names up in pairs.")
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="folders of pairs")
    print(look(read_folder(*parser.parse_args().data)[0]))


if __name__ == "__main__":
    main()
