"""The Evaluate tab: systems on our development set, and the report of `mujaz eval`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import gradio as gr

from summarizer.engines.base import Progress
from summarizer.errors import MujazError, UsageError
from summarizer.page import view
from summarizer.page.desk import Desk, Done, Stopped
from summarizer.page.events import HIDDEN, STREAM, Options, session_of, user_of
from summarizer.page.words import Words

DATA = Path(__file__).parents[2] / "eval/data/dev"  # there in a clone; the test half stays unseen
MOST = 50  # articles; the time limit is there too


def evaluate_tab(w: Words, options: Options, desk: Desk) -> None:
    """Fill the tab."""
    gr.HTML(f"<p>{escape(w['evaluate-tagline'])}</p>", padding=False)
    with gr.Row(elem_classes="mj-input"):
        systems = gr.CheckboxGroup(
            options.choices,
            value=["gloss", "echo"],
            label=w["evaluate-systems"],
            elem_id="mj-systems",
        )
        first = gr.Slider(
            2, MOST, value=5, step=1, label=w["evaluate-first"], elem_id="mj-first", buttons=[]
        )
        with gr.Column(min_width=160):
            run = gr.Button(w["evaluate-run"], variant="primary", elem_id="mj-evaluate")
            stop = gr.Button(w["stop"], variant="stop", interactive=False)
    status = gr.HTML(elem_id="mj-evaluate-status", padding=False)
    shown = gr.HTML(elem_id="mj-report", padding=False)

    def evaluate(systems: list[str], first: int, request: gr.Request) -> Iterator[Any]:
        yield view.message(w["starting"]), "", *_buttons(True)
        try:
            for told in desk.run(
                user_of(request),
                session_of(request, "evaluate"),
                lambda progress, _on_line: report_of(systems, int(first), progress),
                hint="Choose fewer articles, or fewer engines.",
            ):
                if isinstance(told[-1], Done):
                    yield view.message(""), _framed(told[-1].result, w), *_buttons(False)
                else:
                    yield view.status(told[-1], w), gr.skip(), *_buttons(True)
        except Stopped:
            yield view.message(w["stopped"]), gr.skip(), *_buttons(False)
        except MujazError as problem:
            yield view.error(problem, w), gr.skip(), *_buttons(False)

    def stop_all(request: gr.Request) -> None:
        desk.stop(session_of(request, "evaluate"))

    run.click(evaluate, [systems, first], [status, shown, run, stop], **STREAM)
    stop.click(stop_all, queue=False, **HIDDEN)


def report_of(names: Sequence[str], first: int, progress: Progress) -> str:
    """The report, one HTML page, on the first articles of the set.

    Raises:
        UsageError: There is nothing to compare.
        MujazError: As the harness raises it.
    """
    from summarizer.evaluation.compare import compare, write_comparison
    from summarizer.evaluation.formats import read_dataset
    from summarizer.evaluation.predict import predict
    from summarizer.evaluation.report import report
    from summarizer.evaluation.score import score
    from summarizer.evaluation.systems import system_of

    if not names:
        raise UsageError("No system was chosen.", hint="Choose one or more.")
    whole = read_dataset(DATA)
    dataset = replace(whole, items=whole.items[:first])
    scores = []
    with TemporaryDirectory() as folder:
        place = Path(folder)
        for system in map(system_of, names):
            made = place / f"{system.file}.jsonl"
            predict(dataset, system, made, cache=place / "translations", progress=progress)
            progress("scoring", 0, 0)
            scores.append(score(dataset, made, place / "scores" / made.name))
        progress("comparing", 0, 0)
        comparison = place / "comparison.jsonl"
        write_comparison(compare(scores, resamples=1000), comparison)
        return report(scores, comparison)[0]


def _framed(page: str, w: Words) -> str:
    """The report in a frame of its own, where nothing of it can run."""
    return (
        f'<iframe class="mj-frame" sandbox title="{escape(w["tab-evaluate"])}" '
        f'srcdoc="{escape(page)}"></iframe>'
    )


def _buttons(is_working: bool) -> tuple[Any, Any]:
    return gr.update(interactive=not is_working), gr.update(interactive=is_working)
