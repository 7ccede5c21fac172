"""Drives the page: a server of its own and Debian's Chromium. For tests, pictures and bench."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, Page, expect, sync_playwright

from summarizer.page.words import words

ROOT = Path(__file__).parents[1]
SEED = next(iter((ROOT.parent / "shared/seeds").glob("*.txt")), ROOT / "seeds/01-politics-wire.txt")
AXE = "axe-core@4.14.1"
CHROMIUM = shutil.which("chromium")
FLAGS = "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update"
PATIENCE = 60_000  # milliseconds
expect.set_options(timeout=PATIENCE)

WATER = """البرلمان يقر قانونا جديدا للمياه بعد نقاش طويل

أقر البرلمان أمس الاثنين قانونا جديدا للمياه بعد نقاش استمر ثلاثة أيام.

وقال وزير الري سامر حداد إن القانون يحمي الآبار الجوفية من الاستنزاف.

اقرأ أيضا: أسعار المياه ترتفع
"""
SCHOOL = """وزارة التعليم تفتح خمسين مدرسة جديدة في القرى البعيدة

أعلنت وزارة التعليم اليوم فتح خمسين مدرسة جديدة في القرى البعيدة عن المدن.

وقالت الوزيرة إن المدارس تستقبل عشرة آلاف تلميذ مع بداية العام الدراسي.
"""
NEWS = [
    {"id": "1", "title": WATER.split("\n", maxsplit=1)[0], "text": WATER.partition("\n\n")[2]},
    {"id": "2", "title": "News", "text": "This one is in English and can't be read."},
    {"id": "3", "title": "وزارة التعليم تفتح مدارس", "text": SCHOOL},
]


@dataclass(frozen=True)
class Server:
    url: str
    pid: int
    log: Path
    files: Path

    @property
    def jobs(self) -> int:
        found: int = httpx.get(f"{self.url}/health").json()["jobs"]
        return found

    @property
    def cpu(self) -> float:
        """Seconds of CPU that it has used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(folder: Path, *args: str, **environment: str) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log, files = folder / "log", folder / "files"
    command = [sys.executable, "app.py", "--port", str(port), "--engine", "gloss",
               "--data", str(folder / "feeds"), *args]  # fmt: skip
    environment = {**os.environ, "GRADIO_TEMP_DIR": str(files), **environment}
    with log.open("w") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(lambda: is_up(url) or process.poll() is not None, 240)
        assert process.poll() is None, log.read_text()
        yield Server(url, process.pid, log, files)
    finally:
        process.terminate()
        process.wait(20)


def is_up(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health").is_success
    except httpx.TransportError:
        return False


def wait_for(what: Callable[[], Any], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.1)


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*FLAGS.split(), "--disable-sync"]
        )
        yield found
        found.close()


@contextmanager
def visiting(browser: Browser, url: str) -> Iterator[Callable[..., Page]]:
    """Opens the page as a new visitor; nothing may fail in it or be asked of other hosts."""
    contexts, wrong = [], []

    def open_page(path: str = "/", width: int = 1280, **how: Any) -> Page:
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}, **how))
        page = contexts[-1].new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda r: r.url.startswith((url, "data:", "blob:"))
                or wrong.append(r.url))  # fmt: skip
        page.goto(url + path)
        page.wait_for_selector("#mj-run", state="attached")  # a link may open another tab
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not wrong


def open_tab(page: Page, word: str) -> None:
    """Open a tab by its key in `en.json`."""
    name = words(page.evaluate("document.documentElement.lang"))[word]
    page.get_by_role("tab", name=name, exact=True).click()


def choose_engine(page: Page, name: str, length: str = "") -> None:
    if not page.is_visible("#mj-engine"):
        page.click("#mj-options > button")
    page.click("#mj-engine input")
    page.click(f"[role=option]:has-text('{name}:')")
    if length:
        page.check(f"#mj-length input[value={length}]")


def put(page: Page, text: str) -> None:
    """As a paste does it; Playwright's `fill` takes a minute for a long article."""
    page.evaluate(
        """text => { const box = document.querySelector("#mj-text textarea");
        box.value = text; box.dispatchEvent(new Event("input", {bubbles: true})); }""",
        text,
    )


def clear(page: Page) -> None:
    page.click("#mj-clear")  # else what is waited for may be there from the brief before
    page.wait_for_selector(".mj-tools", state="detached")


def make_brief(page: Page, text: str) -> None:
    clear(page)
    put(page, text)
    page.click("#mj-run")
    page.wait_for_selector("#mj-made .mj-tools")


def give_feed(page: Page, entries: list[dict[str, str]]) -> None:
    data = "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries)
    file: Any = {"name": "news.jsonl", "mimeType": "text/plain", "buffer": data.encode()}
    open_tab(page, "tab-feed")
    page.set_input_files("input[type=file] >> nth=1", file)


# --- every tab with something in it: what is looked at for accessibility and in pictures -----

VIEWS = {  # what of it is to be seen → which tabs to press for it
    "brief": ("tab-brief", "pane-brief"),
    "translation": ("tab-brief", "pane-translation"),
    "feed": ("tab-feed",),
    "evaluate": ("tab-evaluate",),
    "about": ("tab-about",),
}


def show(page: Page, view: str) -> None:
    for word in VIEWS[view]:
        open_tab(page, word)


def fill_all(page: Page, text: str, engine: str = "gloss") -> None:
    """A brief by an engine; by gloss a translation, a feed with a failure and an evaluation."""
    language = page.evaluate("document.documentElement.lang")
    open_tab(page, "tab-brief")
    open_tab(page, "pane-brief")
    choose_engine(page, engine)
    make_brief(page, text)
    choose_engine(page, "gloss")
    open_tab(page, "pane-translation")
    page.click("#mj-translate")
    page.wait_for_selector("#mj-translated .mj-tools")
    give_feed(page, NEWS)
    finished = words(language)["feed-finished"]
    expect(page.locator("#mj-feed-status")).to_contain_text(finished)
    open_tab(page, "tab-evaluate")
    page.locator("#mj-first input[type=number]").fill("2")
    page.click("#mj-evaluate")
    report = page.wait_for_selector(".mj-frame[sandbox='']", timeout=5 * PATIENCE)
    assert report
    assert "<svg" in (report.get_attribute("srcdoc") or "")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")


def axe_source(folder: Path) -> str | None:
    """The source of axe-core, from npm, kept in a folder; None where it can't be had."""
    script = folder / "node_modules/axe-core/axe.min.js"
    npm = shutil.which("npm")
    if npm and not script.exists():
        command = [npm, "install", "--silent", "--prefix", str(folder), AXE]
        subprocess.run(command, check=False, timeout=120)
    return script.read_text(encoding="utf-8") if script.exists() else None


def violations(page: Page, axe: str) -> list[dict[str, Any]]:
    """What axe finds in what is to be seen: id, impact, help and nodes of each."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe)
    found: list[dict[str, Any]] = page.evaluate("axe.run().then(r => r.violations)")
    return found
