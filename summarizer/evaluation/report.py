"""A comparison → one self-contained HTML page and the same in Markdown.

Every figure names the line of `comparison.jsonl` that it is from; that line names the file of
scores, whose lines are the items. Plots are SVG by matplotlib, inside the page.
"""

from __future__ import annotations

import html
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from summarizer.errors import InputError
from summarizer.evaluation.formats import read_jsonl
from summarizer.evaluation.metrics import METRICS
from summarizer.evaluation.score import Scores

__all__ = ["report"]

Row = Mapping[str, Any]
HEADLINES = ("fact_recall", "conveyed", "chosen", "rouge2", "chrf", "bleu", "faithful", "numbers")
BY_STRATUM = ("fact_recall", "conveyed", "numbers", "names", "serious")
WORST = 5  # items of each system that are listed
MARKS = {"better": "▲", "worse": "▼", "differs": "◆", "not shown to differ": "="}


def report(scores: Sequence[Scores], comparison: Path) -> tuple[str, str]:
    """The page and the Markdown of a comparison.

    Args:
        scores: As they were compared.
        comparison: The file that `compare` wrote.

    Raises:
        InputError: A file is missing, or the comparison is of other systems than the scores.
    """
    rows = [{**row, "line": number} for number, row in read_jsonl(comparison)]
    missing = {str(row["system"]) for row in rows} - {s.system for s in scores}
    if missing or not rows:
        raise InputError(
            f"{comparison} is of other systems: {', '.join(sorted(missing)) or 'none'}.",
            hint="Run `mujaz eval compare` again.",
        )
    blocks = list(_blocks(scores, rows))
    return _page(scores, blocks), _markdown(scores, blocks)


# --- what it says -------------------------------------------------------------------

Table = list[list[str]]
Block = tuple[str, str, Table, str]
"""Heading, words under it, a table (or none), an SVG (or "")."""


def _blocks(scores: Sequence[Scores], rows: Sequence[Row]) -> Iterator[Block]:
    base = next((row["versus"] for row in rows if "versus" in row), scores[0].system)
    yield "All articles", _legend(base), _main(scores, rows), _intervals(scores, rows)
    kinds = {row["stratum"].split(":")[0] for row in rows if ":" in row["stratum"]}
    for kind in [k for k in ("kind", "noise", "length") if k in kinds]:
        some = [row for row in rows if row["stratum"].startswith(f"{kind}: ")]
        words = "Strata of fewer than 5 articles have no interval."
        yield f"By {kind}", words, _by_stratum(some), _bars(scores, some)
    if any(row["metric"] == "calibration" for row in rows):
        words = (
            "Of the facts in the Arabic behind a line, the share that its English says, by the "
            "worst warning on the line. If warnings point at errors, this falls."
        )
        some = [row for row in rows if row["metric"] == "calibration"]
        yield "Are our warnings right?", words, _calibration(some), _calibration_plot(some)
    if any("fact_recall" in s.metrics for s in scores):
        words = "Each point is an article: longer briefs buy recall."
        yield "Length and quality", words, [], _scatter(scores)
        words = "The articles with the lowest fact recall; the line is that of the system's scores."
        yield "Where it fails", words, _worst(scores), ""
    yield "Left out and unusual", "", _notes(scores), ""
    yield "Metrics", "", _definitions(scores), ""


def _legend(base: str) -> str:
    return (
        "In brackets the 95 % interval (bootstrap over articles). Against "
        f"{base}, by approximate randomisation with Holm's correction: ▲ better, ▼ worse, "
        "◆ differs where neither is better, = not shown to differ. # is the line of "
        "comparison.jsonl. A metric that is undefined on some articles says on how many."
    )


def _main(scores: Sequence[Scores], rows: Sequence[Row]) -> Table:
    everything = [row for row in rows if row["stratum"] == "all"]
    at = {(row["system"], row["metric"]): row for row in everything}
    metrics = [m for m in (*METRICS, "peak_mb") if any(row["metric"] == m for row in everything)]
    table = [["", *(s.system for s in scores)]]
    for metric in metrics:
        cells = [_cell(at.get((s.system, metric))) for s in scores]
        table.append([_title(metric), *cells])
    return table


def _title(metric: str) -> str:
    if metric not in METRICS:
        return "peak memory, MB"
    arrow = {1: " ↑", -1: " ↓", 0: ""}[METRICS[metric].better]
    unit = " %" if METRICS[metric].scale == 100 else ""
    return f"{METRICS[metric].title}{unit}{arrow}"


def _cell(row: Row | None) -> str:
    if row is None or row["value"] is None:
        return "–"
    digits = 3 if row["metric"] == "similarity" else 2 if abs(row["value"]) < 10 else 1
    text = f"{row['value']:.{digits}f}"
    if row["low"] is not None:
        text += f" ({row['low']:.{digits}f}–{row['high']:.{digits}f})"
    if row.get("undefined"):
        text += f", undefined on {row['undefined']}"
    if "verdict" in row:
        text += f" {MARKS[row['verdict']]}"
    return f"{text} #{row['line']}"


def _by_stratum(rows: Sequence[Row]) -> Table:
    metrics = [m for m in BY_STRATUM if any(row["metric"] == m for row in rows)]
    table = [["stratum", "articles", "system", *(map(_title, metrics))]]
    at = {(row["stratum"], row["system"], row["metric"]): row for row in rows}
    for stratum, system in dict.fromkeys((row["stratum"], row["system"]) for row in rows):
        cells = [_cell(at.get((stratum, system, metric))) for metric in metrics]
        count = next(r["groups"] for r in rows if r["stratum"] == stratum)
        table.append([stratum.split(": ")[1], str(count), system, *cells])
    return table


def _calibration(rows: Sequence[Row]) -> Table:
    return [
        ["system", "worst warning of the line", "lines", "facts behind them", "said, %"],
        *(
            [row["system"], row["stratum"].split(": ")[1], str(row["lines"]), str(row["facts"]),
             _cell(row)]
            for row in rows
        ),
    ]  # fmt: skip


def _worst(scores: Sequence[Scores]) -> Table:
    table = [["system", "article", "fact recall, %", "line"]]
    for s in scores:
        known = [(row["values"].get("fact_recall"), n) for n, row in enumerate(s.rows, 2)]
        lowest = sorted((value, n) for value, n in known if value is not None)[:WORST]
        table += [
            [s.system, s.rows[n - 2]["id"], f"{value:.1f}", f"scores/{s.path.name}:{n}"]
            for value, n in lowest
        ]
    return table


def _notes(scores: Sequence[Scores]) -> Table:
    notes = [[s.system, note] for s in scores for note in s.head["notes"]]
    return [["system", "note"], *(notes or [["all", "Every item has a prediction; none is empty, "
                                             "doubled or of unknown version."]])]  # fmt: skip


def _definitions(scores: Sequence[Scores]) -> Table:
    signed = {name: text for s in scores for name, text in s.head["signatures"].items()}
    return [
        ["metric", "what", "signature"],
        *([METRICS[n].title, METRICS[n].what, signed[n]] for n in METRICS if n in signed),
    ]


# --- plots --------------------------------------------------------------------------


def _svg(width: float, height: float, draw: Callable[[Any], None]) -> str:
    """An SVG by matplotlib: text stays text, and the same figures give the same bytes."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "mujaz", "font.size": 9}):
        figure = Figure(figsize=(width, height), layout="constrained")
        draw(figure)
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None})
    text = out.getvalue()
    return text[text.index("<svg") :]


def _intervals(scores: Sequence[Scores], rows: Sequence[Row]) -> str:
    at = {(r["system"], r["metric"]): r for r in rows if r["stratum"] == "all"}
    metrics = [m for m in HEADLINES if any((s.system, m) in at for s in scores)]
    names = [s.system for s in scores]

    def draw(figure: Any) -> None:
        for axes, metric in zip(_axes(figure, len(metrics)), metrics, strict=True):
            for place, name in enumerate(names):
                row = at.get((name, metric))
                if row is None or row["value"] is None:
                    continue
                axes.plot(row["value"], place, "o", color="black", markersize=4)
                if row["low"] is not None:
                    axes.plot([row["low"], row["high"]], [place, place], color="black")
            axes.set_yticks(range(len(names)), names)
            axes.invert_yaxis()
            axes.set_title(_title(metric), fontsize=9)

    return _svg(9, 0.5 + len(metrics) / 2 * (0.5 + 0.22 * len(names)), draw) if metrics else ""


def _axes(figure: Any, count: int) -> list[Any]:
    across = min(2, count)
    return [figure.add_subplot(-(-count // across), across, n + 1) for n in range(count)]


def _bars(scores: Sequence[Scores], rows: Sequence[Row]) -> str:
    known = [row for row in rows if row["value"] is not None]
    metric = next((m for m in BY_STRATUM if any(row["metric"] == m for row in known)), "")
    some = [row for row in known if row["metric"] == metric]
    strata = list(dict.fromkeys(row["stratum"] for row in some))
    names = [s.system for s in scores]

    def draw(figure: Any) -> None:
        axes, width = figure.add_subplot(), 0.8 / len(names)
        for n, name in enumerate(names):
            of = {row["stratum"]: row["value"] for row in some if row["system"] == name}
            there = [place for place, stratum in enumerate(strata) if stratum in of]
            axes.bar([p + n * width for p in there], [of[strata[p]] for p in there], width,
                     label=name)  # fmt: skip
        axes.set_xticks([p + 0.4 - width / 2 for p in range(len(strata))],
                        [stratum.split(": ")[1] for stratum in strata])  # fmt: skip
        axes.set_ylabel(_title(metric))
        figure.legend(loc="outside lower center", ncols=4, fontsize=8)

    return _svg(9, 3.4, draw) if some else ""


def _calibration_plot(rows: Sequence[Row]) -> str:
    order = [f"worst warning: {word}" for word in ("none", "note", "warning", "serious")]

    def draw(figure: Any) -> None:
        axes = figure.add_subplot()
        for name in dict.fromkeys(row["system"] for row in rows):
            of = {row["stratum"]: row["value"] for row in rows if row["system"] == name}
            there = [n for n, stratum in enumerate(order) if stratum in of]
            axes.plot(there, [of[order[n]] for n in there], "o-", label=name, markersize=4)
        axes.set_xticks(range(len(order)), [stratum.split(": ")[1] for stratum in order])
        axes.set_ylabel("facts said, %")
        axes.set_xlabel("worst warning of the line")
        figure.legend(loc="outside lower center", ncols=4, fontsize=8)

    return _svg(7, 3.6, draw)


def _scatter(scores: Sequence[Scores]) -> str:
    def draw(figure: Any) -> None:
        axes = figure.add_subplot()
        for s in scores:
            points = [(row["words"], row["values"].get("fact_recall")) for row in s.rows]
            known = [(x, y) for x, y in points if y is not None]
            if known:
                axes.plot(*zip(*known, strict=True), "o", label=s.system, markersize=4, alpha=0.6)
        axes.set_xlabel("English words of the brief")
        axes.set_ylabel("fact recall, %")
        figure.legend(loc="outside lower center", ncols=4, fontsize=8)

    return _svg(8, 4.2, draw)


# --- the two forms ------------------------------------------------------------------

_STYLE = """body{font:15px/1.5 sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;font-size:13px;margin:1rem 0;display:block;overflow-x:auto}
td,th{border:1px solid #bbb;padding:.25rem .5rem;text-align:left;vertical-align:top}
th{background:#eee}.line{color:#777;font-size:11px}svg{max-width:100%;height:auto}"""


def _heading(scores: Sequence[Scores]) -> tuple[str, str]:
    head = scores[0].head
    return (
        f"Evaluation on {head['dataset']}",
        f"{head['items']} items, version {head['version']} of the set; {len(scores)} systems.",
    )


def _page(scores: Sequence[Scores], blocks: Sequence[Block]) -> str:
    title, words = map(html.escape, _heading(scores))
    parts = [
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>',
        f"<style>{_STYLE}</style></head><body><h1>{title}</h1><p>{words}</p>",
    ]
    for heading, under, table, svg in blocks:
        parts.append(f"<h2>{html.escape(heading)}</h2><p>{html.escape(under)}</p>")
        parts += [svg, _html_table(table)]
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
    text, mark, line = cell.rpartition(" #")
    if mark and line.isdigit():
        return f'{html.escape(text)} <span class="line">#{line}</span>'
    return html.escape(cell)


def _markdown(scores: Sequence[Scores], blocks: Sequence[Block]) -> str:
    title, words = _heading(scores)
    parts = [f"# {title}\n\n{words}\n"]
    for heading, under, table, _ in blocks:
        if not table:
            continue
        head, *rows = ([cell.replace("|", "\\|") for cell in row] for row in table)
        lines = [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]
        parts.append(f"## {heading}\n\n" + (f"{under}\n\n" if under else "") + "\n".join(lines))
    return "\n".join(f"{part}\n" for part in parts).replace("\n\n\n", "\n\n")
