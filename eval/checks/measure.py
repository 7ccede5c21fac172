"""How well the checks find wrong translations: `python -m eval.checks.measure`.

Runs `summarizer.checks.check` over `pairs.jsonl`, prints a table, and writes
`report.json` and the table of the README. Tune on the dev half only: of the test half
nobody should look at more than its totals.

With `--translations FILE...` (pairs that people translated, see `training.data.read_file`) it
prints how many of them the checks doubt: nearly all of that is false alarms.
"""

from __future__ import annotations

import argparse
import json
import math
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from summarizer.checks import check
from summarizer.embeddings import similarities
from summarizer.warning import MujazWarning
from training.data import read_file

HERE = Path(__file__).parent
PAIRS = HERE / "pairs.jsonl"
CODES = (
    "number", "name", "direction", "negation", "untranslated", "repetition", "length", "similarity",
)  # fmt: skip
HALVES = ("dev", "test")
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


@dataclass(frozen=True)
class Judged:
    """A pair with what is wrong with it and what the checks said."""

    half: str
    wrong: frozenset[str]
    warnings: tuple[MujazWarning, ...]

    @property
    def found(self) -> frozenset[str]:
        """Codes of the warnings; notes are for information and claim nothing."""
        return frozenset(w.code for w in self.warnings if w.severity != "note")

    @property
    def serious(self) -> bool:
        return any(w.severity == "serious" for w in self.warnings)


def judge(pairs: Sequence[Mapping[str, Any]]) -> list[Judged]:
    """Check every pair; an error of "meaning" is one for "similarity"."""
    near = similarities([p["source"] for p in pairs], [p["hypothesis"] for p in pairs])
    knows = dictionary()
    return [
        Judged(
            pair["half"],
            frozenset(e["code"].replace("meaning", "similarity") for e in pair["errors"]),
            tuple(
                check(
                    pair["source"],
                    pair["hypothesis"],
                    similarity=similarity,
                    is_known_word=knows,
                )
            ),
        )
        for pair, similarity in zip(pairs, near, strict=True)
    ]


def dictionary() -> Callable[[str], bool] | None:
    """The Buckwalter lexicon's `knows`, indexed anew; None where it is not installed."""
    try:
        from summarizer.engines.lexicon import Lexicon, build_index

        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "lexicon.sqlite"
            build_index(path)
            return Lexicon(path).knows  # the open file outlives its folder
    except (ImportError, FileNotFoundError):
        return None


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 % Wilson interval of a share; (0, 1) of nothing."""
    if of == 0:
        return 0.0, 1.0
    z, share = 1.96, hits / of
    middle = share + z * z / (2 * of)
    spread = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return (middle - spread) / (1 + z * z / of), (middle + spread) / (1 + z * z / of)


def share(hits: int, of: int) -> dict[str, Any]:
    """A share with its counts and interval, as it goes into the report."""
    low, high = wilson(hits, of)
    return {
        "hits": hits,
        "of": of,
        "share": round(hits / of, 3) if of else None,
        "low": round(low, 3),
        "high": round(high, 3),
    }


def measure(judged: list[Judged]) -> dict[str, Any]:
    """Precision, recall and F1 by code, and the false alarms on right pairs."""
    codes = {}
    for code in CODES:
        wrong = sum(code in j.wrong for j in judged)
        found = sum(code in j.found for j in judged)
        both = sum(code in j.wrong and code in j.found for j in judged)
        codes[code] = {
            "precision": share(both, found),
            "recall": share(both, wrong),
            "f1": round(2 * both / (wrong + found), 3) if wrong + found else None,
        }
    right = [j for j in judged if not j.wrong]
    bad = [j for j in judged if j.wrong]
    return {
        "pairs": len(judged),
        "codes": codes,
        "wrong_with_any_warning": share(sum(bool(j.found) for j in bad), len(bad)),
        "right_with_any_warning": share(sum(bool(j.found) for j in right), len(right)),
        "right_with_a_serious_one": share(sum(j.serious for j in right), len(right)),
    }


def alarms(file: Path) -> str:
    """How many pairs of a file of right translations the checks doubt, a line for each code."""
    pairs = [
        {"half": "", "source": pair.arabic, "hypothesis": pair.english, "errors": ()}
        for pair in read_file(file)
    ]
    judged = judge(pairs)
    lines = [f"{file.name}, {len(judged):,} pairs"]
    lines.append(f"  any warning   {_cell(share(sum(bool(j.found) for j in judged), len(judged)))}")
    lines.append(f"  a serious one {_cell(share(sum(j.serious for j in judged), len(judged)))}")
    found = Counter(code for j in judged for code in j.found)
    return "\n".join([*lines, *(f"  {code:13} {number:,}" for code, number in found.most_common())])


def table(report: dict[str, Any]) -> str:
    """A report as Markdown: shares with their counts and 95 % intervals."""
    rows = ["| code | precision | recall | F1 |", "| --- | --- | --- | --- |"]
    for code, row in report["codes"].items():
        f1 = "–" if row["f1"] is None else f"{row['f1']:.2f}"
        rows.append(f"| {code} | {_cell(row['precision'])} | {_cell(row['recall'])} | {f1} |")
    return "\n".join(
        [
            *rows,
            "",
            f"- wrong pairs with any warning: {_cell(report['wrong_with_any_warning'])}",
            f"- right pairs with any warning: {_cell(report['right_with_any_warning'])}",
            f"- right pairs with a serious one: {_cell(report['right_with_a_serious_one'])}",
        ]
    )


def _cell(part: dict[str, Any]) -> str:
    if not part["of"]:
        return "–"
    interval = f"{part['low']:.2f}–{part['high']:.2f}"
    return f"{part['share']:.2f} ({part['hits']}/{part['of']}; {interval})"


def write(report: dict[str, Any]) -> None:
    """Write `report.json`, and the tables between the marks of the README."""
    text = json.dumps(report, indent=1, ensure_ascii=False) + "\n"
    (HERE / "report.json").write_text(text, encoding="utf-8")
    readme = HERE / "README.md"
    before, rest = readme.read_text(encoding="utf-8").split(BEGIN)
    tables = "\n\n".join(f"### {half}\n\n{table(part)}" for half, part in report.items())
    readme.write_text(f"{before}{BEGIN}\n{tables}\n{END}{rest.split(END)[1]}", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the checks on eval/checks/pairs.jsonl")
    parser.add_argument("--half", choices=[*HALVES, "all"], default="all")
    parser.add_argument("--translations", nargs="+", type=Path, metavar="FILE")
    args = parser.parse_args()
    for file in args.translations or ():
        print(alarms(file), flush=True)
    if args.translations:
        return
    half = args.half
    judged = judge([json.loads(line) for line in PAIRS.open(encoding="utf-8")])
    wanted = HALVES if half == "all" else (half,)
    report = {name: measure([j for j in judged if j.half == name]) for name in wanted}
    for name, part in report.items():
        print(f"{name}\n{table(part)}\n")
    if half == "all":
        write(report)


if __name__ == "__main__":
    main()
