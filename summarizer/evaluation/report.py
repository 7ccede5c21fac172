"""A comparison → one self-contained HTML page and the same in Markdown.

Every figure names the line of `comparison.jsonl` that it is from; that line names the file of
scores, whose lines are the items. Plots are SVG by matplotlib, inside the page (`plots.py`).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from summarizer.errors import InputError
from summarizer.evaluation import plots
from summarizer.evaluation.compare import check_comparable
from summarizer.evaluation.formats import read_jsonl
from summarizer.evaluation.metrics import METRICS
from summarizer.evaluation.score import Scores
from summarizer.render import escape_markdown
from summarizer.warning import SEVERITIES

__all__ = ["report"]

Row = Mapping[str, Any]
Table = list[list[str]]

OWN = ("faithful", "numbers", "names", "serious")
HEADLINES = ("fact_recall", "chosen", "conveyed", "chrf", "rouge2", *OWN)
OF_SEGMENTS = ("chrf", "bleu", *OWN)
GROUPS: Mapping[str, tuple[str, ...]] = {
    "What the brief says of the article": ("fact_recall", "chosen", "conveyed", "fact_precision"),
    "Overlap with the references": (
        "chrf", "bleu", "ter", "rouge1", "rouge2", "rougeLsum", "bertscore", "comet", "length_ratio"
    ),
    "Is it what the Arabic says": ("faithful", "similarity", "numbers", "names", "serious"),
    "Form and cost": (
        "empty", "untranslated", "repetition", "compression", "speed", "tokens", "peak_mb"
    ),
}  # fmt: skip
WORDS: Mapping[str, str] = {
    "What the brief says of the article": "Fact recall is made of what was chosen and of how much "
    "of that the English conveys. A brief of fewer or more words is another task: read the "
    "length ratio beside it.",
    "Overlap with the references": "Longer text buys recall, shorter text buys TER: saying nothing "
    "has a TER of about 100.",
    "Is it what the Arabic says": "By our own checks; an engine that re-ranks by them is favoured.",
    "Form and cost": "Words a second depend on the machine and what else it did; not tested. "
    "Memory is of a process that had this engine alone and translated; else not known (–).",
}
BY_STRATUM = ("fact_recall", "chosen", "conveyed", "chrf", *OWN)
CHOICES: Mapping[str, str] = {  # of the design, by the system that lacks it
    "lead@{base}": "choosing by salience (instead: the first sentences)",
    "random@{base}": "choosing at all (instead: by lot)",
    "translated@{base}": "choosing before translating (instead: translate all, then choose)",
    "{base}:fast": "beam, re-ranking, second tries (instead: greedy decoding)",
    "{base}:likeliest": "re-ranking by similarity and checks (instead: the likeliest of the beam)",
    "{base}:glossless": "the gloss in the prompt (instead: the Arabic alone)",
    "{base}:as-written": "number words and names in English for the model (instead: as written)",
    "gloss": "the model (instead: the gloss alone)",
}
LONGER = 0.2  # difference of length ratios that is said beside a verdict
WORST = 5  # items that are shown
MARKS = {"better": "▲", "worse": "▼", "differs": "◆", "not shown to differ": "="}
REASONS = {"facts": "the set lists no facts", "references": "the set has no references"}


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, words under it, an SVG (or "") and a table (or none)."""

    heading: str
    words: str
    table: Table
    svg: str = ""


def report(scores: Sequence[Scores], comparison: Path, *, texts: bool = True) -> tuple[str, str]:
    """The page and the Markdown of a comparison.

    Args:
        scores: As they were compared.
        comparison: The file that `compare` wrote.
        texts: Show what the worst items say beside a reference; not for a set whose text may not
            be passed on.

    Raises:
        InputError: A file is missing, the comparison is of other scores than these, or these
            cannot be compared.
    """
    check_comparable(scores)
    rows = [{**row, "line": number} for number, row in read_jsonl(comparison)]
    if not rows or rows[0].get("metric") != "about":
        raise InputError(f"{comparison} is not a comparison.", hint=_AGAIN)
    about, *figures = rows
    if about["scores"] != {s.system: s.sha256 for s in scores}:
        raise InputError(f"{comparison} is of other scores than are there now.", hint=_AGAIN)
    told = _Told(sorted(scores, key=lambda s: s.system != about["system"]), about, figures, texts)
    blocks = [block for block in told.blocks() if block.table or block.svg]
    return _page(told, blocks), _markdown(told, blocks)


_AGAIN = "Run `mujaz eval compare` again."


# --- what it says -------------------------------------------------------------------


class _Told:
    """What is said of a comparison, block by block.

    Attributes:
        scores: Those of the baseline first.
        about: The first line of the comparison.
        rows: Its figures.
    """

    def __init__(
        self, scores: Sequence[Scores], about: Row, rows: Sequence[Row], texts: bool
    ) -> None:
        self.scores, self.about, self.rows, self.texts = scores, about, rows, texts
        self.base = str(about["system"])
        self.names = [s.system for s in scores]
        self.segments = bool(scores[0].head["segments"])
        self.all = {(r["system"], r["metric"]): r for r in rows if r["stratum"] == "all"}

    def blocks(self) -> Iterator[Block]:
        """Answers first, then figures, then where they come from."""
        yield Block("In short", "", self._short())
        yield Block("Who is better than whom", _differences_words(self.base), self._differences())
        yield Block("Does each choice of the design earn its place?", _CHOICES, self._choices())
        svg = plots.intervals(self._leading(), self.names, self.all)
        yield Block("Figures", _legend(self.base), [], svg)
        for heading, metrics in GROUPS.items():
            yield Block(heading, WORDS[heading], self._figures(metrics))
        yield from self._strata()
        yield from self._calibration()
        if any("fact_recall" in s.metrics for s in self.scores):
            words = "Each point is an article: longer briefs buy recall."
            yield Block("Length and quality", words, [], plots.scatter(self.scores))
        yield Block(f"Where {self.base} fails", *self._worst())
        yield Block("Left out and unusual", "", self._notes())
        yield Block("Not measured", "", self._unmeasured())
        yield Block("Where it comes from", _SOURCES, self._sources())
        yield Block("Metrics", "", self._definitions())

    def _having(self, metrics: Sequence[str]) -> list[str]:
        """Those of the metrics that some system has a value of."""
        valued = {r["metric"] for r in self.all.values() if r["value"] is not None}
        return [metric for metric in metrics if metric in valued]

    def _leading(self) -> list[str]:
        return self._having(OF_SEGMENTS if self.segments else HEADLINES)

    # --- answers --------------------------------------------------------------------

    def _short(self) -> Table:
        leading = self._leading()
        table = [["question", "answer"]]
        good = [f"{_title(m)} {_cell(self.all.get((self.base, m)))}" for m in leading]
        table.append([f"How good is {self.base}?", "; ".join(good)])
        for metric in leading[:1]:
            by = METRICS[metric].title
            tested = [row for n in self.names if "p" in (row := self.all.get((n, metric), {}))]
            for verdict, words in _VERDICTS.items():
                found = [f"{r['system']}{self._length(r)} #{r['line']}" for r in tested
                         if r["verdict"] == verdict]  # fmt: skip
                question = words.format(base=self.base, by=by)
                table += [[question, ", ".join(found)]] if found else []
            table += self._ends(metric)
        return table

    def _length(self, row: Row) -> str:
        """How long a system is beside the references, where that is far from the baseline."""
        both = [self.all.get((name, "length_ratio")) for name in (row["system"], self.base)]
        known = [one["value"] for one in both if one and one["value"] is not None]
        if len(known) < 2 or abs(known[0] - known[1]) < LONGER:
            return ""
        return f" ({known[0]:.2f} times as long as the references, {self.base} {known[1]:.2f})"

    def _ends(self, metric: str) -> Table:
        """The strata where the baseline does best and worst."""
        some = [r for r in self.rows if r["system"] == self.base and r["metric"] == metric
                and ":" in r["stratum"] and r["value"] is not None]  # fmt: skip
        if len(some) < 2:
            return []
        ranked = sorted(some, key=lambda r: (METRICS[metric].better or 1) * r["value"])
        ends = [f"{r['stratum']} ({r['groups']}): {_cell(r)}" for r in (*ranked[:2], *ranked[-2:])]
        return [
            [f"Where is {self.base} worst by {METRICS[metric].title}?", "; ".join(ends[:2])],
            [f"Where is it best by {METRICS[metric].title}?", "; ".join(ends[2:])],
        ]

    def _differences(self) -> Table:
        metrics = self._leading()
        others = [name for name in self.names if name != self.base]
        if not others:
            return []
        table = [[f"against {self.base}", *map(_title, metrics)]]
        for name in others:
            table.append([name, *(_difference(self.all.get((name, m))) for m in metrics)])
        return table

    def _choices(self) -> Table:
        metrics = self._leading()
        table = [["choice", "system without it", *map(_title, metrics)]]
        for pattern, what in CHOICES.items():
            name = pattern.format(base=self.base)
            if name in self.names and name != self.base:
                cells = (_difference(self.all.get((name, m)), -1) for m in metrics)
                table.append([what, name, *cells])
        return table if len(table) > 1 else []

    # --- figures --------------------------------------------------------------------

    def _figures(self, metrics: Sequence[str]) -> Table:
        there = self._having(metrics)
        if not there:
            return []
        return [
            ["", *map(_title, there)],
            *([name, *(_cell(self.all.get((name, m))) for m in there)] for name in self.names),
        ]

    def _strata(self) -> Iterator[Block]:
        rows = [r for r in self.rows if re.match("(kind|noise|length): ", r["stratum"])]
        at = {(r["stratum"], r["system"], r["metric"]): r for r in rows}
        strata = sorted({r["stratum"] for r in rows}, key=_place)
        metrics = [m for m in self._having(BY_STRATUM) if any(r["metric"] == m for r in rows)]
        if not strata or not metrics:
            return
        groups = {r["stratum"]: str(r["groups"]) for r in rows}
        own = [[s, groups[s], *(_cell(at.get((s, self.base, m))) for m in metrics)] for s in strata]
        words = (
            "By kind, noise and length. A stratum of fewer than 5 has no interval; so many strata "
            "are looked at that the lowest is lowest partly by chance."
        )
        svg = plots.strata([at[s, self.base, metrics[0]] for s in strata
                            if (s, self.base, metrics[0]) in at], _title(metrics[0]))  # fmt: skip
        head = ["stratum", "articles", *map(_title, metrics)]
        yield Block(f"Where {self.base} is good and where not", words, [head, *own], svg)
        first = metrics[0]
        every = [[s, *(_cell(at.get((s, n, first)), False) for n in self.names)] for s in strata]
        words = "The intervals, and all other metrics, are in comparison.jsonl."
        heading = f"{METRICS[first].title} of all systems, by stratum"
        yield Block(heading, words, [["stratum", *self.names], *every])

    def _calibration(self) -> Iterator[Block]:
        rows = [r for r in self.rows if r["metric"] == "calibration"]
        if not rows:
            return
        kinds = list(dict.fromkeys(r["stratum"] for r in rows))
        kinds = [k for k in _WORST if k in kinds]
        at = {(r["system"], r["stratum"]): r for r in rows}
        table = [["system", *(k.removeprefix("worst warning: ") for k in kinds)]]
        for name in self.names:
            cells = [_calibrated(at.get((name, kind))) for kind in kinds]
            table += [[name, *cells]] if any(cell != "–" for cell in cells) else []
        of_facts = rows[0]["of"] == "conveyed"
        what = (
            "of the facts in the Arabic behind a line, the share (%) that its English says"
            if of_facts else "chrF++ of the segments"
        )  # fmt: skip
        words = f"By the worst warning on a line: {what}. If warnings point at errors, this falls."
        own = [at[self.base, kind] for kind in kinds if (self.base, kind) in at]
        unit = "facts said, %" if of_facts else "chrF++"
        yield Block("Are our warnings right?", words, table, plots.calibration(own, unit))

    # --- single items, and where all is from -----------------------------------------

    def _worst(self) -> tuple[str, Table]:
        """The items on which the baseline is worst, to be read."""
        mine = self.scores[0]
        metric = next((m for m in ("fact_recall", "chrf", "similarity") if m in mine.metrics), "")
        known = [(row["values"].get(metric), n) for n, row in enumerate(mine.rows, 2)]
        lowest = sorted((value, n) for value, n in known if value is not None)[:WORST]
        if not lowest:
            return "", []
        table = [["item", _title(metric), "what it says", "a reference", "weight-3 facts missed"]]
        for value, n in lowest:
            row = mine.rows[n - 2]
            texts = (row["ours"], row["theirs"], "; ".join(row["missed"]))
            table.append([
                f"{row['id']} (scores/{mine.path.name}:{n})",
                _Figure(f"{value:.{_digits(metric)}f}"),
                *(texts if self.texts else ("", "", "")),
            ])  # fmt: skip
        words = f"The {len(lowest)} items with the lowest {METRICS[metric].title}."
        return words, _without_empty(table)

    def _notes(self) -> Table:
        notes = [[s.system, note] for s in self.scores for note in s.notes]
        fine = "Every item has a prediction; none is empty, doubled or of unknown version."
        return [["system", "note"], *(notes or [["all", fine]])]

    def _unmeasured(self) -> Table:
        measured = {metric for s in self.scores for metric in s.metrics}
        reasons = {**REASONS, "tokens": "no endpoint reported any", "speed": "no times are given"}
        table: dict[str, list[str]] = {}
        for metric, what in METRICS.items():
            if metric not in measured:
                asked = f"not asked for: mujaz eval score {what.asked}" if what.asked else ""
                why = asked or reasons.get(metric) or reasons.get(what.needs, "")
                table.setdefault(why, []).append(what.title)
        return [["metric", "why"], *([", ".join(titles), why] for why, titles in table.items())]

    def _sources(self) -> Table:
        table = [["system", "engine", "revision", "settings", "code", "predictions", "scores"]]
        for s in self.scores:
            made = s.head["made_by"]
            parts = [" / ".join(dict.fromkeys(str(one[key]) for one in made))
                     for key in ("engine", "revision", "settings", "code")]  # fmt: skip
            table.append([s.system, *(part or "–" for part in parts), s.head["predictions"],
                          f"scores/{s.path.name} {s.sha256}"])  # fmt: skip
        return table

    def _definitions(self) -> Table:
        signed = {name: text for s in self.scores for name, text in s.head["signatures"].items()}
        return [
            ["metric", "what", "signature"],
            *([METRICS[n].title, METRICS[n].what, signed[n]] for n in METRICS if n in signed),
        ]


# --- words and cells ----------------------------------------------------------------

_VERDICTS = {
    "better": "Better than {base} by {by}",
    "worse": "Worse than {base} by {by}",
    "differs": "Different from {base} by {by}",
    "not shown to differ": "Not shown to differ from {base} by {by}",
}
_WORST = [f"worst warning: {word}" for word in ("none", *SEVERITIES)]
_CHOICES = (
    "What is gained by having the choice, over the system that lacks it and is otherwise the same: "
    "▲ it helps, ▼ it harms, = not shown to do either."
)
_SOURCES = (
    "Hashes as in the files: revision and settings of the engine, code that chooses and writes, "
    "the files of predictions and scores."
)


def _differences_words(base: str) -> str:
    return (
        f"System minus {base}, in brackets the 95 % interval, p by approximate randomisation, "
        "corrected by Holm over the systems of one metric, not over metrics: ▲ better, ▼ worse, "
        "◆ differs where neither is better, = not shown to differ, which is not shown to be equal."
    )


def _legend(base: str) -> str:
    return (
        "In brackets the 95 % interval (bootstrap over articles, or documents of segments); marks "
        f"as above, against {base}. # is the line of comparison.jsonl. A metric that has no "
        "meaning for some items says on how many; – has none on all. A resample without any value "
        "is left out of the interval, and counted."
    )


def _place(stratum: str) -> tuple[int, int, str]:
    """Kind, noise, length; lengths upwards."""
    key, _, value = stratum.partition(": ")
    order = ("to", "over")
    word = value.split()[0]
    return ("kind", "noise", "length").index(key), (
        order.index(word) * 2 if key == "length" and word in order else 1
    ), value  # fmt: skip


def _title(metric: str) -> str:
    if metric not in METRICS:
        return "peak memory, MB"
    arrow = {1: " ↑", -1: " ↓", 0: ""}[METRICS[metric].better]
    unit = " %" if METRICS[metric].scale == 100 else ""
    return f"{METRICS[metric].title}{unit}{arrow}"


def _digits(metric: str) -> int:
    return {"similarity": 3, "bertscore": 3, "comet": 3, "length_ratio": 2}.get(metric, 1)


class _Figure(str):
    """A cell that is figures and their marks: in Markdown there is nothing to escape in it."""

    __slots__ = ()


def _cell(row: Row | None, whole: bool = True) -> str:
    """A figure with its interval, mark and line; alone with its line if not `whole`."""
    if row is None or row["value"] is None:
        return "–"
    digits = _digits(row["metric"])
    text = f"{row['value']:.{digits}f}"
    if whole and row["low"] is not None:
        text += f" ({row['low']:.{digits}f} to {row['high']:.{digits}f})"
    if whole and row.get("lost"):
        text += f", without {row['lost']} resamples"
    if whole and row.get("undefined"):
        text += f", undefined on {row['undefined']}"
    if whole and "verdict" in row:
        text += f" {MARKS[row['verdict']]}"
    return _Figure(f"{text} #{row['line']}")


def _difference(row: Row | None, sign: int = 1) -> str:
    """A difference from the baseline; with sign -1, of the baseline from the system."""
    if row is None or "verdict" not in row or row["difference"] is None:
        return "–"
    mark = MARKS[row["verdict"]]
    if sign < 0:
        mark = {"▲": "▼", "▼": "▲"}.get(mark, mark)
    digits = _digits(row["metric"])
    text = _signed(sign * row["difference"], digits)
    if row["difference_low"] is not None:
        ends = sorted(sign * row[end] for end in ("difference_low", "difference_high"))
        text += f" ({' to '.join(_signed(end, digits) for end in ends)})"
    if row.get("difference_lost"):
        text += f", without {row['difference_lost']} resamples"
    if row["p_holm"] is not None:
        text += " p < 0.001" if row["p_holm"] < 0.001 else f" p {row['p_holm']:.3f}"
    return _Figure(f"{text} {mark} #{row['line']}")


def _signed(value: float, digits: int) -> str:
    return f"{round(value, digits) + 0.0:+.{digits}f}"  # + 0.0: there is no -0.0


def _calibrated(row: Row | None) -> str:
    if row is None:
        return "–"
    return _Figure(f"{row['lines']} lines: {_cell(row)}")


def _without_empty(table: Table) -> Table:
    """The table without the columns in which no row has anything."""
    keep = [n for n in range(len(table[0])) if any(row[n] for row in table[1:])]
    return [[row[n] for n in keep] for row in table]


# --- the two forms ------------------------------------------------------------------

_STYLE = """body{font:15px/1.5 sans-serif;max-width:84rem;margin:2rem auto;padding:0 1rem}
h2{margin-top:2.2rem}p{max-width:60rem}svg{max-width:100%;height:auto}
table{border-collapse:collapse;font-size:13px;margin:1rem 0;display:block;overflow-x:auto}
td,th{border-bottom:1px solid #ddd;padding:.3rem .6rem;text-align:left;vertical-align:top}
th{background:#f3f3f3;white-space:nowrap}tr:hover td{background:#fafafa}
.range{color:#555}.line{color:#666;font-size:11px}.up{color:#0a6b2d}.down{color:#b00020}"""


def _heading(told: _Told) -> tuple[str, str]:
    head, about = told.scores[0].head, told.about
    what = "articles"
    if head["segments"]:
        what = f"segments in {len({row['group'] for row in told.scores[0].rows})} documents"
    return (
        f"Evaluation on {head['dataset']}",
        f"{head['items']} {what}, version {head['version']} of the set; "
        f"{len(told.scores)} systems, compared with {told.base}; {about['resamples']:,} resamples, "
        f"seed {about['seed']}.",
    )


def _page(told: _Told, blocks: Sequence[Block]) -> str:
    title, words = map(html.escape, _heading(told))
    parts = [
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>',
        f"<style>{_STYLE}</style></head><body><h1>{title}</h1><p>{words}</p>",
    ]
    for block in blocks:
        parts.append(f"<h2>{html.escape(block.heading)}</h2><p>{html.escape(block.words)}</p>")
        parts += [block.svg, _html_table(block.table)]
    return "\n".join([*parts, "</body></html>", ""])


def _html_table(table: Table) -> str:
    if not table:
        return ""
    head, *rows = table
    lines = ["<table><tr>" + "".join(f"<th>{html.escape(cell)}</th>" for cell in head) + "</tr>"]
    for row in rows:
        lines.append("<tr>" + "".join(f"<td>{_html_cell(cell)}</td>" for cell in row) + "</tr>")
    return "\n".join([*lines, "</table>"])


def _html_cell(cell: str) -> str:
    text = html.escape(cell).replace("\n", "<br>")
    text = re.sub(r"#(\d+)(?!\w|;)", r'<span class="line">#\1</span>', text)
    text = re.sub(r"(\([-+\d.]+ to [-+\d.]+\))", r'<span class="range">\1</span>', text)
    text = text.replace("▲", '<span class="up">▲</span>')
    return text.replace("▼", '<span class="down">▼</span>')


def _markdown(told: _Told, blocks: Sequence[Block]) -> str:
    title, words = map(escape_markdown, _heading(told))
    parts = [f"# {title}\n\n{words}\n"]
    for block in blocks:
        lines = []
        if block.table:
            head, *rows = ([_md_cell(cell) for cell in row] for row in block.table)
            lines = [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]
        under = f"{escape_markdown(block.words)}\n\n" if block.words else ""
        parts.append(f"## {escape_markdown(block.heading)}\n\n{under}" + "\n".join(lines))
    return "\n".join(f"{part}\n" for part in parts).replace("\n\n\n", "\n\n")


def _md_cell(cell: str) -> str:
    """Names and texts are others': nothing in them is Markdown or HTML."""
    lines = [cell] if isinstance(cell, _Figure) else map(escape_markdown, cell.splitlines())
    return "<br>".join(lines)
