"""The plots of a report: SVG by matplotlib, inside the page."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from summarizer.evaluation.metrics import METRICS
from summarizer.evaluation.score import Scores

__all__ = ["calibration", "intervals", "scatter", "strata"]

Row = Mapping[str, Any]


def intervals(metrics: Sequence[str], names: Sequence[str], at: Mapping[Any, Row]) -> str:
    """For each metric the value of each system with its interval; the baseline is the first."""
    across = min(4, len(metrics))

    def draw(figure: Any) -> None:
        first: Any = None
        for number, metric in enumerate(metrics, 1):
            axes = figure.add_subplot(-(-len(metrics) // across), across, number, sharey=first)
            first = first or axes
            base = at.get((names[0], metric))
            if base and base["value"] is not None:
                axes.axvline(base["value"], color="0.8", linewidth=1, zorder=0)
            for place, name in enumerate(names):
                _point(axes, at.get((name, metric)), place, "C0" if place == 0 else "black")
            axes.set_title(METRICS[metric].title, fontsize=9)
            axes.set_yticks(range(len(names)), names)
            axes.tick_params(labelleft=number % across == 1 or across == 1)
            axes.margins(x=0.08)
        first.invert_yaxis()

    rows = -(-len(metrics) // across) if metrics else 0
    return _svg(13, rows * (0.7 + 0.22 * len(names)), draw) if metrics else ""


def _point(axes: Any, row: Row | None, place: int, colour: str) -> None:
    if row is None or row["value"] is None:
        return
    axes.plot(row["value"], place, "o", color=colour, markersize=4)
    if row["low"] is not None:
        axes.plot([row["low"], row["high"]], [place, place], color=colour)


def strata(rows: Sequence[Row], title: str) -> str:
    """Bars of one system, a stratum each, with intervals where there are some."""
    known = [row for row in rows if row["value"] is not None]

    def draw(figure: Any) -> None:
        axes = figure.add_subplot()
        names = [f"{r['stratum'].split(': ')[1]}\n({r['groups']})" for r in known]
        colours = [{"k": "C0", "n": "C1", "l": "C2"}[r["stratum"][0]] for r in known]
        axes.bar(range(len(known)), [r["value"] for r in known], 0.7, color=colours)
        for place, row in enumerate(known):
            if row["low"] is not None:
                axes.plot([place, place], [row["low"], row["high"]], color="black", linewidth=1)
        axes.set_xticks(range(len(known)), names, fontsize=8)
        axes.set_ylabel(title)

    return _svg(13, 3, draw) if known else ""


def calibration(rows: Sequence[Row], unit: str) -> str:
    """One system's lines by their worst warning."""

    def draw(figure: Any) -> None:
        axes = figure.add_subplot()
        for place, row in enumerate(rows):
            axes.plot(place, row["value"], "o", color="C0")
            if row["low"] is not None:
                axes.plot([place, place], [row["low"], row["high"]], color="C0")
        names = [f"{r['stratum'].split(': ')[1]}\n({r['lines']} lines)" for r in rows]
        axes.set_xticks(range(len(rows)), names)
        axes.set_xlim(-0.5, len(rows) - 0.5)
        axes.set_ylim(bottom=0)
        axes.set_ylabel(unit)
        axes.set_xlabel(f"worst warning of the line ({rows[0]['system']})")

    return _svg(6, 3.2, draw) if len(rows) > 1 else ""


def scatter(scores: Sequence[Scores]) -> str:
    """Words of a brief against its fact recall, a point an article; the baseline on top."""

    def draw(figure: Any) -> None:
        axes = figure.add_subplot()
        for number, s in reversed(list(enumerate(scores))):
            points = [(row["words"], row["values"].get("fact_recall")) for row in s.rows]
            known = [(x, y) for x, y in points if y is not None]
            if known:
                style = {"color": "black", "markersize": 5} if number == 0 else {"markersize": 4}
                marker = "osD^v<>pP*Xh"[number % 12]
                axes.plot(*zip(*known, strict=True), marker, label=s.system, alpha=0.6,
                          linestyle="none", **style)  # fmt: skip
        axes.set_xlabel("English words of the brief")
        axes.set_ylabel("fact recall, %")
        figure.legend(loc="outside right upper", fontsize=8, reverse=True)

    return _svg(10, 4.2, draw)


def _svg(width: float, height: float, draw: Callable[[Any], None]) -> str:
    """An SVG by matplotlib: text stays text ("$" in a name begins no formula), and the same
    figures give the same bytes."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(
        {"svg.fonttype": "none", "text.parse_math": False, "svg.hashsalt": "mujaz", "font.size": 9}
    ):
        figure = Figure(figsize=(width, height), layout="constrained")
        draw(figure)
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None})
    text = out.getvalue()
    return text[text.index("<svg") :]
