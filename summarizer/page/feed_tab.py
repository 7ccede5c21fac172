"""The Feed tab: a file in, a table that fills, files out."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from summarizer.brief import LENGTHS
from summarizer.page import view
from summarizer.page.desk import problem_of
from summarizer.page.events import HIDDEN, Options, user_of
from summarizer.page.feeds import Feeds
from summarizer.page.words import Words

EVERY = 2.0  # seconds between two looks at a run
LINK_TO_ADDRESS = """() => setTimeout(() => {
  const link = document.querySelector("#mj-feed-status a");
  if (link) history.replaceState(null, "", link.href);
}, 300)"""  # once the status is there
STATES = ("all", "done", "failed", "doubted")


def feed_tab(w: Words, options: Options, feeds: Feeds, tabs: gr.Tabs) -> None:
    """Fill the tab; a visitor who comes with `?feed=NAME` sees that run."""
    name = gr.State("")
    clock = gr.Timer(EVERY, active=False)
    gr.HTML(f"<p>{escape(w['feed-tagline'])}</p>", padding=False)
    with gr.Row(elem_classes="mj-input"):
        file = gr.UploadButton(w["feed-file"], variant="primary", elem_id="mj-feed-file")
        engine = gr.Dropdown(
            options.choices, value=options.engine, label=w["engine"], elem_id="mj-feed-engine"
        )
        length = gr.Dropdown(
            [(w[f"length-{length}"], length) for length in LENGTHS], value="brief",
            label=w["length"],
        )  # fmt: skip
        stop = gr.Button(w["stop"], variant="stop", interactive=False, elem_id="mj-feed-stop")
        go_on = gr.Button(w["feed-go-on"], visible=False, elem_id="mj-feed-go-on")
    status = gr.HTML(elem_id="mj-feed-status", padding=False)
    with gr.Row(elem_classes="mj-input"):
        wanted = gr.Radio(
            [(w[f"feed-{state}"], state) for state in STATES], value="all", label=w["feed-show"],
            elem_id="mj-feed-show",
        )  # fmt: skip
        find = gr.Textbox(label=w["feed-find"], elem_id="mj-feed-find")
    table = gr.HTML(elem_id="mj-feed", padding=False)

    def see(name: str, wanted: str, find: str) -> tuple[Any, ...]:
        """Status, table, and whether to stop, to go on, and to look again."""
        if not name:
            return "", "", gr.skip(), gr.skip(), gr.Timer(active=False)
        try:
            run = feeds.see(name)
        except Exception as error:
            said = view.error(problem_of(error), w)
            return said, "", gr.skip(), gr.skip(), gr.Timer(active=False)
        return (
            view.feed_status(run, name, options.root_path, w),
            view.feed(run.items, wanted, find, w),
            gr.update(interactive=run.is_active and not run.is_stopping),
            gr.update(visible=not run.is_active and (run.waiting > 0 or not run.files)),
            gr.Timer(active=run.is_active),
        )

    def begin(
        path: str, engine: str, length: str, wanted: str, find: str, request: gr.Request
    ) -> tuple[Any, ...]:
        try:
            begun = feeds.begin(user_of(request), Path(path), engine, length)
        except Exception as error:
            Path(path).unlink(missing_ok=True)
            return gr.skip(), view.error(problem_of(error), w), *[gr.skip()] * 4
        return begun, *see(begun, wanted, find)

    def continued(name: str, wanted: str, find: str, request: gr.Request) -> tuple[Any, ...]:
        try:
            feeds.go_on(user_of(request), name)
        except Exception as error:
            return view.error(problem_of(error), w), *[gr.skip()] * 4
        return see(name, wanted, find)

    def arrive(wanted: str, find: str, request: gr.Request) -> tuple[Any, ...]:
        asked = str(request.query_params.get("feed") or "")
        chosen = gr.Tabs(selected="feed") if asked else gr.skip()
        return chosen, asked, *see(asked, wanted, find)

    shown = [status, table, stop, go_on, clock]
    filters = [name, wanted, find]
    file.upload(begin, [file, engine, length, wanted, find], [name, *shown], **HIDDEN).then(
        None, None, None, js=LINK_TO_ADDRESS
    )
    for event in (clock.tick, wanted.change, find.change):
        event(see, filters, shown, concurrency_limit=None, **HIDDEN)
    stop.click(feeds.stop, name, None, **HIDDEN).then(see, filters, shown, **HIDDEN)
    go_on.click(continued, filters, shown, **HIDDEN)
    page = gr.context.Context.root_block
    assert page
    page.load(arrive, [wanted, find], [tabs, name, *shown], **HIDDEN)
