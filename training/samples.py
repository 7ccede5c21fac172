"""The Arabic lines of briefs, translated by several systems side by side, for a person to read.

    python -m training.samples --system ../shared/adapter embedded --out FILE.md seeds/*.txt

Systems are named as for `training.evaluate`. The lines are those that a brief rests on.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from summarizer.article import read_file
from summarizer.brief import summarize
from training.evaluate import system


def evidence(file: Path) -> list[str]:
    """The Arabic that the lines of a brief of this article rest on, the headline's first."""
    brief = summarize(read_file(file), engine="gloss")  # the choice does not wait for English
    return [line.source for line in brief.lines]


def page(files: list[Path], lines: list[list[str]], translated: dict[str, list[str]]) -> str:
    """Markdown: a heading for each article, an entry for each line, under it its English."""
    out = ["# The lines of our sample briefs, by several systems", ""]
    numbers = iter(range(sum(map(len, lines))))
    for file, some in zip(files, lines, strict=True):
        out += [f"## {file.name}", ""]
        for source in some:
            at = next(numbers)
            out += [f"- {source}", *(f"  - {name}: {t[at]}" for name, t in translated.items())]
        out.append("")
    return "\n".join(out)


def main() -> None:
    """Translate and write as the command line says."""
    parser = argparse.ArgumentParser(description="Lines of briefs by several systems.")
    add = parser.add_argument
    add("files", type=Path, nargs="+", help="articles")
    add("--system", nargs="+", required=True, help="see training.evaluate")
    add("--out", type=Path, required=True)
    args = parser.parse_args()
    lines = [evidence(file) for file in args.files]
    translated = {}
    for name in args.system:
        with system(name, []) as (translate, revision):
            translated[f"{name} ({revision})"] = translate([s for some in lines for s in some])
    args.out.write_text(page(args.files, lines, translated), encoding="utf-8")


if __name__ == "__main__":
    main()
