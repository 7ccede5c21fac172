"""The page's components, and what happens when they are used. Nothing is decided here."""

from __future__ import annotations

import json
import re
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Any, Literal

import gradio as gr

from summarizer.article import Article, read_any, read_file, read_text
from summarizer.brief import LENGTHS, summarize, translate
from summarizer.engines import ENGINES
from summarizer.errors import InputError, MujazError, UsageError
from summarizer.glossary import parse_glossary
from summarizer.page import view
from summarizer.page.desk import Desk, Done, Made, Stopped, Told, problem_of
from summarizer.page.evaluate_tab import DATA, evaluate_tab
from summarizer.page.events import HIDDEN, STREAM, Options, session_of, user_of
from summarizer.page.feed_tab import feed_tab
from summarizer.page.feeds import Feeds
from summarizer.page.words import LANGUAGES, Words, words
from summarizer.result import Line

SAMPLES = Path(__file__).parents[2] / "seeds"  # there in a clone and in the image
PASTED = 1_000_000  # bytes; more freezes a browser, and an article is a fifth of it at most
PER_SECOND = 60_000  # characters that a page is sent while a result grows: browsers are slow
STATE_SECONDS = 3600  # how long a visitor's article is remembered for them


@dataclass(frozen=True, slots=True)
class Given:
    """An article read from a file, a sample or an address, and the text box as it shows it."""

    text: str
    article: Article


def build(language: str, options: Options, desk: Desk, feeds: Feeds) -> gr.Blocks:
    """The page in a language of `words.LANGUAGES`."""
    w = words(language)
    page: gr.Blocks = gr.Blocks(
        title=w["title"], analytics_enabled=False, fill_width=True, delete_cache=(600, 600)
    )
    with page:
        gr.HTML(_head(w, options.root_path), padding=False)
        with gr.Tabs(overflow_behavior="wrap") as tabs:
            with gr.Tab(w["tab-brief"], id="brief"):
                _brief_tab(w, options, desk)
            with gr.Tab(w["tab-feed"], id="feed"):
                feed_tab(w, options, feeds, tabs)
            with gr.Tab(w["tab-evaluate"], id="evaluate", visible=DATA.is_dir()):
                evaluate_tab(w, options, desk)
            with gr.Tab(w["tab-about"], id="about"):
                about = gr.HTML(padding=False)
        page.load(
            lambda: view.about(w, _states(w), options.engine), None, about, queue=False, **HIDDEN
        )
        if language == "en":  # one of the two pages has the API
            _api(desk, options)
    return page


def _head(w: Words, root_path: str) -> str:
    other = next(name for name in LANGUAGES if name != w["language"])
    address = f"{root_path}/" if other == "en" else f"{root_path}/{other}/"
    name = "Mujaz <span lang=ar>موجز</span>" if w["language"] == "en" else escape(w["title"])
    return (
        f'<a class="mj-skip" href="#mj-result">{escape(w["skip"])}</a>'
        '<p id="mj-said" class="mj-said" role="status"></p>'  # page.js fills it
        f'<header class="mj-head"><h1>{name}</h1><p>{escape(w["tagline"])}</p>'
        f'<a href="{escape(address)}" lang="{other}">{escape(w["other-language"])}</a></header>'
    )


# --- the brief ----------------------------------------------------------------------


def _brief_tab(w: Words, options: Options, desk: Desk) -> None:
    with gr.Row(elem_classes="mj-input"):
        put = _inputs(w, options)
    said = escape(w["too-large"].replace("{limit}", f"{PASTED:,}"))
    gr.HTML(
        f'<p id="mj-notice" class="mj-error" role="alert" hidden data-limit="{PASTED}" '
        f'data-said="{said}"></p>',
        padding=False,
    )
    status = gr.HTML(elem_id="mj-status", padding=False)
    with gr.Tabs(overflow_behavior="wrap"):
        with gr.Tab(w["pane-brief"]), gr.Row(elem_classes="mj-result", elem_id="mj-result"):
            with gr.Column(min_width=300):
                made = gr.HTML(_empty(w["empty"]), elem_id="mj-made", padding=False)
            with gr.Column(min_width=300):
                article = gr.HTML(elem_id="mj-source", padding=False)
        with gr.Tab(w["pane-translation"]):
            whole = gr.Button(w["translate"], elem_id="mj-translate", size="sm")
            translated = gr.HTML(
                _empty(w["empty-translation"]), elem_id="mj-translated", padding=False
            )

    choices = [put.text, put.given, put.length, put.engine, put.glossary]
    buttons = [put.run, whole, put.stop]
    to_result = "() => document.getElementById('mj-status').scrollIntoView({behavior: 'smooth'})"

    def making(make: Callable[..., Iterator[Shown]], panes: int) -> Callable[..., Iterator[Any]]:
        """What a button does: show what is made in its one or two panes."""

        def run(
            text: str,
            given: Given | None,
            length: str,
            engine: str,
            glossary: str | None,
            request: gr.Request,
        ) -> Iterator[Any]:
            asked = _Asked(text, given, length, engine, glossary)
            for said, show, is_over in make(w, desk, asked, request):
                cells = (show.html, show.article) if show else (gr.skip(), gr.skip())
                yield said, *cells[:panes], *_buttons(not is_over)

        return run

    def read(source: str | None) -> tuple[Any, Any, str]:
        return _read(w, lambda: read_file(SAMPLES / Path(source or "").name)) if source else _same()

    def open_file(path: str | None) -> tuple[Any, Any, str]:
        return _read(w, lambda: _uploaded(path)) if path else _same()

    def fetch_page(address: str) -> tuple[Any, Any, str]:
        return _read(w, lambda: _fetched(address, options.allow_urls))

    def stop_all(request: gr.Request) -> None:
        desk.stop(session_of(request, "brief"))

    filled = [put.text, put.given, status]
    put.sample.input(read, put.sample, filled, **HIDDEN)
    put.file.upload(open_file, put.file, filled, **HIDDEN)
    put.fetch.click(fetch_page, put.url, filled, **STREAM)
    put.url.submit(fetch_page, put.url, filled, **STREAM)
    for other in (put.text.input, put.file.upload, put.fetch.click, put.url.submit):
        other(None, None, put.sample, js="() => null")  # what is in the text box is no sample now
    put.run.click(None, None, None, js=to_result)
    runs: list[dict[str, Any]] = [
        put.run.click(making(_brief, 2), choices, [status, made, article, *buttons], **STREAM),
        whole.click(making(_translation, 1), choices, [status, translated, *buttons], **STREAM),
    ]
    put.stop.click(stop_all, queue=False, **HIDDEN)
    # Cancelled, not stopped: then nothing more is heard of the run, and no later one is meant.
    put.clear.click(None, None, None, cancels=runs)
    shown = [status, made, article, translated, *buttons]
    blank = ["", _empty(w["empty"]), "", _empty(w["empty-translation"]), *_buttons(False)]
    # In the browser, at once: an answer of the server could come after the next text was pasted.
    put.clear.click(
        None,
        None,
        [put.text, put.sample, *shown],
        js=f"() => {{ document.getElementById('mj-notice').hidden = true; "
        f"return {json.dumps(['', None, *blank])}; }}",
    )
    # Once more, after what was on its way when the run was cancelled.
    put.clear.click(lambda: (None, *blank), None, [put.given, *shown], queue=False, **HIDDEN)


@dataclass(frozen=True, slots=True)
class _Inputs:
    """What a visitor fills in and presses."""

    text: gr.Textbox
    given: gr.State
    sample: gr.Dropdown
    file: gr.UploadButton
    url: gr.Textbox
    fetch: gr.Button
    length: gr.Radio
    engine: gr.Dropdown
    glossary: gr.Textbox
    run: gr.Button
    stop: gr.Button
    clear: gr.Button


def _inputs(w: Words, options: Options) -> _Inputs:
    with gr.Column(scale=3, min_width=300):
        text = gr.Textbox(
            label=w["article"],
            placeholder=w["article-placeholder"],
            lines=9,
            max_lines=9,
            elem_id="mj-text",
            elem_classes="mj-arabic",
            html_attributes=gr.InputHTMLAttributes(autocorrect="off", spellcheck=False),
        )
    with gr.Column(scale=2, min_width=300):
        samples = _samples(w)
        sample = gr.Dropdown(
            samples,
            value=None,
            label=w["sample"],
            info=w["sample-info"],
            visible=bool(samples),
            elem_id="mj-sample",
        )
        file = gr.UploadButton(w["file"], size="sm", elem_id="mj-file")
        with gr.Row(visible=options.allow_urls):
            url = gr.Textbox(label=w["url"], placeholder="https://", scale=4, elem_id="mj-url")
            fetch = gr.Button(w["url-fetch"], size="sm", min_width=60)
        with gr.Accordion(w["options"], open=False, elem_id="mj-options"):
            length = gr.Radio(
                [(w[f"length-{name}"], name) for name in LENGTHS],
                value="brief",
                label=w["length"],
                elem_id="mj-length",
            )
            engine = gr.Dropdown(
                options.choices,
                value=options.engine,
                label=w["engine"],
                elem_id="mj-engine",
            )
            glossary = gr.Textbox(
                label=w["glossary"], info=w["glossary-info"], lines=3, elem_id="mj-glossary"
            )
        with gr.Row():
            run = gr.Button(w["run"], variant="primary", elem_id="mj-run", min_width=160)
            stop = gr.Button(
                w["stop"], variant="stop", elem_id="mj-stop", min_width=60, interactive=False
            )
            clear = gr.Button(w["clear"], elem_id="mj-clear", min_width=60)
    return _Inputs(
        text, gr.State(None, time_to_live=STATE_SECONDS), sample, file, url, fetch, length,
        engine, glossary, run, stop, clear,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the visitor chose, as the components give it."""

    text: str
    given: Given | None
    length: str
    engine: str
    glossary: str | None

    @property
    def article(self) -> Article:
        """The article: as it was read, unless its text was changed in the box since."""
        if self.given and self.given.text == self.text:
            return self.given.article
        return read_text(self.text or "")

    @property
    def names(self) -> dict[str, str]:
        return parse_glossary(self.glossary or "")


@dataclass(frozen=True, slots=True)
class _Show:
    """What is to be seen: the result so far, and the article."""

    html: str
    article: str = ""


Shown = tuple[str, _Show | None, bool]
"""The status, what is to be seen if that changed, and whether that is all."""


def _brief(w: Words, desk: Desk, asked: _Asked, request: gr.Request) -> Iterator[Shown]:
    read: list[Article] = []

    def work(progress: Any, on_line: Any) -> Any:
        read.append(asked.article)
        return summarize(
            read[0],
            length=asked.length,
            engine=asked.engine,
            glossary=asked.names,
            progress=progress,
            on_line=on_line,
        )

    def show(lines: list[Line], made: Any) -> _Show | None:
        if not read:
            return None
        rows = view.rows(made.lines if made else lines) if lines else []
        html = view.brief(rows, w, made) if rows else ""
        return _Show(html, view.article(read[0], rows, w))

    return _shown(w, desk, request, work, show)


def _translation(w: Words, desk: Desk, asked: _Asked, request: gr.Request) -> Iterator[Shown]:
    read: list[Article] = []

    def work(progress: Any, on_line: Any) -> Any:
        read.append(asked.article)
        return translate(
            read[0],
            engine=asked.engine,
            glossary=asked.names,
            progress=progress,
            on_line=on_line,
        )

    def show(lines: list[Line], made: Any) -> _Show | None:
        return _Show(view.translation(read[0], lines, w, made)) if read else None

    return _shown(w, desk, request, work, show)


def _shown(
    w: Words,
    desk: Desk,
    request: gr.Request,
    work: Callable[[Any, Any], Any],
    show: Callable[[list[Line], Any], _Show | None],
) -> Iterator[Shown]:
    """What is to be seen while the work is done, and after it was, or was stopped, or failed.

    What was there before stays until an article was read: a request may be refused, or stopped
    while it waits. Where nothing was made of an article, the pane says so.
    """
    lines: list[Line] = []
    began = due = time.monotonic()
    before: _Show | None = None
    said = ""
    try:
        for told in desk.run(user_of(request), session_of(request, "brief"), work):
            lines += [item.line for item in told if isinstance(item, Made)]
            said = _said(w, told) or said
            if isinstance(told[-1], Done):
                seconds = f"{time.monotonic() - began:.1f}"
                said = view.message(w["done"].format(seconds=seconds))
                yield said, show(lines, told[-1].result), True
            elif time.monotonic() < due or not (now := show(lines, None)):
                yield said, None, False
            else:
                due = time.monotonic() + len(now.html + now.article) / PER_SECOND
                yield said, now if now != before else None, False
                before = now
    except (Stopped, MujazError) as end:
        said = view.error(end, w) if isinstance(end, MujazError) else view.message(w["stopped"])
        left = show(lines, None)
        yield said, left and replace(left, html=left.html or _empty(w["nothing-made"])), True


def _said(w: Words, told: list[Told]) -> str:
    """The last status of a batch, or "" where there is none."""
    statuses = [item for item in told if not isinstance(item, Made | Done)]
    return view.status(statuses[-1], w) if statuses else ""


def _buttons(is_working: bool) -> tuple[Any, Any, Any]:
    return (
        gr.update(interactive=not is_working),
        gr.update(interactive=not is_working),
        gr.update(interactive=is_working),
    )


def _empty(text: str) -> str:
    return f'<p class="mj-empty">{escape(text)}</p>'


# --- reading ------------------------------------------------------------------------


def _samples(w: Words) -> list[tuple[str, str]]:
    """Name and file of each sample: for who reads no Arabic its kind, else its headline."""
    files = [file for file in sorted(SAMPLES.glob("*.*")) if file.suffix in (".txt", ".html")]
    if w["language"] == "ar":
        return [(read_file(file).title or file.stem, file.name) for file in files]
    return [(file.stem[3:].replace("-", " ").title(), file.name) for file in files]


def _same() -> tuple[Any, Any, str]:
    return gr.skip(), gr.skip(), ""


def _read(w: Words, reader: Callable[[], Article]) -> tuple[Any, Any, str]:
    """The text box, what it stands for, and the status, after something was read."""
    try:
        article = reader()
    except Exception as error:
        return gr.skip(), gr.skip(), view.error(problem_of(error), w)
    text = "\n\n".join(filter(None, (article.title, article.text)))
    return text, Given(text, article), view.was_read(article, w)


def _uploaded(path: str) -> Article:
    """Read a file that was sent and delete it."""
    try:
        return read_file(path)
    finally:
        Path(path).unlink(missing_ok=True)


def _fetched(address: str, allowed: bool) -> Article:
    if not re.match(r"https?://", address.strip(), re.IGNORECASE):  # never a file of the server
        raise InputError("That is no web address.", hint="It begins with https:// or http://.")
    return read_any(address.strip(), allow_url=allowed)


def _states(w: Words) -> dict[str, str]:
    """Whether the built model is there, for the engines that use it."""
    from summarizer.engines.build import find_model

    state = w["about-built" if find_model() else "about-not-built"]
    return {name: state for name, entry in ENGINES.items() if entry.needs_model}


# --- for programs -------------------------------------------------------------------


Answer = dict[str, Any] | None


def _api(desk: Desk, options: Options) -> None:
    def finish(asked: _Asked, make: Callable[..., Any], request: gr.Request) -> Iterator[Answer]:
        """The answer at last; until then None, at least every second.

        Only between two of these can Gradio end the work for a client that has hung up.
        """

        def work(progress: Any, on_line: Any) -> Any:
            if asked.engine not in options.engines:
                raise UsageError(
                    f"This page has no engine {asked.engine!r}.",
                    hint=f"Engines: {', '.join(options.engines)}.",
                )
            return make(
                asked.article,
                engine=asked.engine,
                glossary=asked.names,
                progress=progress,
                on_line=on_line,  # nobody sees the lines; it is between them that work can end
            )

        try:
            for told in desk.run(user_of(request), uuid.uuid4().hex, work):
                yield told[-1].result.to_dict() if isinstance(told[-1], Done) else None
        except MujazError as problem:
            raise gr.Error(str(problem), print_exception=False) from None
        except Stopped:
            raise gr.Error("Stopped.", print_exception=False) from None

    def brief(
        text: str,
        request: gr.Request,
        length: Literal["headline", "brief", "detailed"] = "brief",
        engine: str = options.engine,
        glossary: str = "",
    ) -> Iterator[Answer]:
        """Make a brief of an Arabic article; the JSON form of `mujaz brief --json`."""

        def make(article: Article, **how: Any) -> Any:
            return summarize(article, length=length, **how)

        yield from finish(_Asked(text, None, length, engine, glossary), make, request)

    def translated(
        text: str, request: gr.Request, engine: str = options.engine, glossary: str = ""
    ) -> Iterator[Answer]:
        """Translate a whole Arabic article; the JSON form of `mujaz translate --json`."""
        yield from finish(_Asked(text, None, "", engine, glossary), translate, request)

    gr.events.api(brief, api_name="brief", concurrency_limit=None)
    gr.events.api(translated, api_name="translate", concurrency_limit=None)
