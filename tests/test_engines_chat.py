"""Chat models: an endpoint with every fault, budgets, keys, replies that are wrong; local ones."""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer import prompts, read_file, read_text, summarize, summarize_all, translate
from summarizer.engines import Options, entry, load
from summarizer.engines.base import Draft, Writer
from summarizer.engines.endpoint import ATTEMPTS, Endpoint, _mended, _Retry, _streamed, _whole
from summarizer.engines.instruct import (
    MAX_ARTICLE_WORDS,
    InstructEngine,
    TransformersChat,
    _first,
    _keep,
)
from summarizer.errors import BudgetError, EngineError, ReplyError, UsageError
from tests import tiny_models
from tests.scripted_server import Handler, Play, Server, says, serving, status

SEEDS = Path(__file__).parents[1] / "seeds"
WHOLE = read_file(SEEDS / "01-politics-wire.txt")
ARTICLE = read_text("\n\n".join([WHOLE.title, *WHOLE.paragraphs[:3]]))
BRIEF = {
    "headline": "Jordan, Egypt and Iraq sign a power grid deal",
    "sentences": [
        "The governments of Jordan, Egypt and Iraq signed an agreement in Amman on Wednesday to "
        "link their power grids, after negotiations that took four years.",
        "The Jordanian energy minister, Raed al-Hawamdeh, said the project will carry 700 "
        "megawatts in its first phase and 2,000 megawatts by 2031.",
    ],
}
KEY = "sk-a-key-that-nobody-may-see"


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUJAZ_CACHE", str(tmp_path / "cache"))
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "MUJAZ_TOKEN_BUDGET", "MUJAZ_PROMPTS"):
        monkeypatch.delenv(name, raising=False)


def engine(server: Server, waited: list[float] | None = None, **options: Any) -> InstructEngine:
    waits: list[float] = [] if waited is None else waited
    options = {"timeout": 1.0, **options}
    return InstructEngine(
        Endpoint("tiny", server.url, sleep=waits.append, **options), "openai:tiny"
    )


def written(server: Server, waited: list[float] | None = None, **options: Any) -> Draft:
    """What the engine writes; its evidence is not looked for."""
    made = engine(server, waited, **options)
    return made.write(ARTICLE.title, ARTICLE.paragraphs, 80, 4)


# --- the way that works -------------------------------------------------------------


def test_a_brief_is_written_with_evidence_and_streamed() -> None:
    told: list[tuple[str, int, int]] = []
    with serving(says(BRIEF, usage=50)) as server:
        made = summarize(ARTICLE, engine=engine(server), progress=lambda *step: told.append(step))
    assert made.headline == BRIEF["headline"]
    assert [line.text for line in made.sentences] == BRIEF["sentences"]
    assert "وقعت حكومات الأردن ومصر والعراق" in made.sentences[0].source
    assert "رائد الحوامدة" in made.sentences[1].source
    assert not [w for line in made.lines for w in line.warnings if w.severity == "serious"]
    assert len([step for step in told if step[0] == "writing"]) > 10
    request = server.seen[0]
    assert (request["temperature"], request["seed"], request["stream"]) == (0, 0, True)
    assert ARTICLE.title in request["messages"][0]["content"]
    assert "the article was sent there" in " ".join(w.message for w in made.warnings)


def test_sentences_over_the_limit_are_dropped_whole_and_said() -> None:
    with serving(says(BRIEF)) as server:
        made = summarize(ARTICLE, words=25, engine=engine(server))
    assert [line.text for line in made.sentences] == BRIEF["sentences"][:1]
    assert "left-out" in {w.code for w in made.warnings}


def test_a_headline_alone() -> None:
    with serving(says({"headline": BRIEF["headline"]})) as server:
        made = summarize(ARTICLE, length="headline", engine=engine(server))
    assert (made.headline, made.sentences) == (BRIEF["headline"], ())
    assert "fourteen words" in server.seen[0]["messages"][0]["content"]
    assert ARTICLE.paragraphs[0] in server.seen[0]["messages"][0]["content"]


def test_of_a_long_article_whole_sentences_are_sent_and_the_rest_is_said() -> None:
    sentence = "أقر البرلمان القانون الجديد يوم الخميس بعد نقاش طويل بين الأعضاء."
    many = [sentence] * (MAX_ARTICLE_WORDS // len(sentence.split()) + 9)
    for paragraphs in (many, [" ".join(many)], ["كلمة " * 4000]):
        with serving(says(BRIEF)) as server:
            made = engine(server).write("", paragraphs, 80, 4)
        sent = server.seen[0]["messages"][0]["content"].split("<data ")[-1]
        assert MAX_ARTICLE_WORDS - 20 < len(sent.split()) < MAX_ARTICLE_WORDS + 60
        assert [w.code for w in made.warnings] == ["long"]
        assert f"{sum(len(p.split()) for p in paragraphs):,}" in made.warnings[0].message


def test_what_is_cut_off_is_said_where_sentences_are_glued_together() -> None:
    text = "قال الوزير ذلك.وأضاف الرئيس أن الأمر انتهى. " * 320  # 2,240 words, or 2,560
    assert len(text.split()) < MAX_ARTICLE_WORDS
    article, cut = _first([text])
    assert article.count("الوزير") < 320
    assert cut
    assert "2,560" in cut.message


def test_a_prompt_that_changes_in_between_is_not_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "translate.md"
    own.write_text((prompts.FOLDER / "translate.md").read_text())
    monkeypatch.setenv("MUJAZ_PROMPTS", str(tmp_path))
    with serving(says({"translation": "The parliament passed the law."})) as server:
        made = engine(server)
        made.prepare()
        own.write_text("no prompt at all")
        assert made.translate(["أقر البرلمان القانون."])[0].translated


def test_what_is_no_text_does_not_come_through() -> None:
    """Control characters, marks that turn the writing round, and halves of characters."""
    odd = "Jordan \x1b[31msigns\u202e a \ud83d deal\x00\nwith Egypt"
    with serving(says(json.dumps({"headline": odd, "sentences": [odd]}))) as server:
        made = summarize(ARTICLE, engine=engine(server))
    assert made.headline.split() == ["Jordan", "[31msigns", "a", "deal", "with", "Egypt"]
    json.dumps(made.to_dict(), ensure_ascii=False).encode()
    assert _mended("\ud83d\ude00 \ud83d") == "\U0001f600 \ufffd"


def test_lines_are_handed_on_and_many_articles_work() -> None:
    seen: list[str] = []
    with serving(says(BRIEF)) as server:
        made = summarize(
            ARTICLE, engine=engine(server), on_line=lambda line: seen.append(line.text)
        )
        both = summarize_all([ARTICLE, ARTICLE], engine=engine(server))
    assert seen == [line.text for line in made.lines]
    assert [one.headline for one in both if not isinstance(one, Exception)] == [made.headline] * 2


def test_an_invented_sentence_has_no_evidence_and_an_invented_number_is_seen() -> None:
    invented = "Scientists found a new kind of octopus in the deep waters near New Zealand."
    wrong = BRIEF["sentences"][0].replace("four years", "nine years")
    reply = {"headline": BRIEF["headline"], "sentences": [wrong, invented]}
    with serving(says(reply)) as server:
        made = summarize(ARTICLE, engine=engine(server))
    codes = {line.text: {w.code for w in line.warnings} for line in made.sentences}
    assert "number" in codes[wrong]
    assert "no-evidence" in codes[invented]


def test_a_sentence_made_of_two_rests_on_both() -> None:
    both = (
        "Jordan, Egypt and Iraq signed the agreement in Amman on Wednesday, and the project will "
        "carry 700 megawatts in its first phase and 2,000 megawatts by 2031."
    )
    with serving(says({"headline": BRIEF["headline"], "sentences": [both]})) as server:
        made = summarize(ARTICLE, engine=engine(server))
    line = made.sentences[0]
    assert len(line.evidence) > 1
    assert [e.start for e in line.evidence] == sorted(e.start for e in line.evidence)
    assert "number" not in {w.code for w in line.warnings}


def test_segments_are_translated_at_once_but_not_too_many() -> None:
    now, busiest, lock = 0, 0, threading.Lock()

    def slowly(handler: Handler, body: dict[str, Any]) -> None:
        nonlocal now, busiest
        with lock:
            now += 1
            busiest = max(busiest, now)
        time.sleep(0.05)
        says({"translation": "The parliament passed the law."})(handler, body)
        with lock:
            now -= 1

    with serving(slowly) as server:
        made = translate(ARTICLE, engine=engine(server, concurrency=3))
    assert 1 < busiest <= 3
    assert all(line.text == "The parliament passed the law." for line in made.lines)


def test_the_glossary_of_a_text_is_in_its_prompt_and_checked() -> None:
    names = {"رائد الحوامدة": "Raid Hawamda", "سيرغي لافروف": "Sergey Lavrov"}
    with serving(says(BRIEF)) as server:
        chat = Endpoint("tiny", server.url)
        made = summarize(ARTICLE, engine=InstructEngine(chat, glossary=names), glossary=names)
    prompt = server.seen[0]["messages"][0]["content"]
    assert "رائد الحوامدة = Raid Hawamda" in prompt
    assert "Lavrov" not in prompt
    assert any("Raid Hawamda" in w.message for line in made.lines for w in line.warnings)


def test_complete_is_the_plain_answer() -> None:
    with serving(says("Four.")) as server:
        assert engine(server).complete("Two and two?") == "Four."


# --- faults -------------------------------------------------------------------------


def slow(handler: Handler, _body: dict[str, Any]) -> None:
    handler.head()
    handler.delta('{"head')
    time.sleep(2.5)


def cut_off(handler: Handler, _body: dict[str, Any]) -> None:
    handler.head()
    handler.delta('{"headline": "Jordan')


def no_chat(handler: Handler, _body: dict[str, Any]) -> None:
    handler.head(kind="application/json")
    handler.wfile.write(b'{"hello": "world"}')


def broken_event(handler: Handler, _body: dict[str, Any]) -> None:
    handler.head()
    handler.event('{"choices": [')


def huge(handler: Handler, _body: dict[str, Any]) -> None:
    handler.head()
    for _ in range(1000):
        handler.delta("x" * 10_000)


def not_streamed(handler: Handler, _body: dict[str, Any]) -> None:
    handler.head(kind="application/json")
    reply = {"choices": [{"message": {"content": json.dumps(BRIEF)}}], "usage": {"total_tokens": 9}}
    handler.wfile.write(json.dumps(reply).encode())


PASSING = {
    "slow": slow,
    "cut off": cut_off,
    "429": status(429, "too many requests"),
    "500": status(500, "oops"),
    "503": status(503),
    "no chat completion": no_chat,
    "broken event": broken_event,
}


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING.keys())
def test_a_fault_that_passes_is_tried_again(fault: Play) -> None:
    waited: list[float] = []
    with serving(fault, says(BRIEF)) as server:
        made = written(server, waited)
    assert made.headline == BRIEF["headline"]
    assert len(waited) == 1
    assert 0.25 <= waited[0] <= 0.75


def test_a_fault_that_stays_is_an_error_that_names_the_server() -> None:
    waited: list[float] = []
    with serving(status(500, "oops")) as server, pytest.raises(EngineError) as caught:
        written(server, waited)
    assert len(server.seen) == ATTEMPTS
    assert waited[-1] > waited[0]
    assert "oops" in caught.value.message
    assert "127.0.0.1" in caught.value.message


def test_retry_after_is_respected_and_a_long_one_is_told() -> None:
    waited: list[float] = []
    with serving(status(429, Retry_After="7"), says(BRIEF)) as server:
        written(server, waited)
    assert 7.25 <= waited[0] <= 7.75  # not all requests at the same moment
    with serving(status(429, Retry_After="900")) as server, pytest.raises(EngineError, match="900"):
        written(server, waited)


def test_the_same_bad_reply_is_kept_by_many_threads_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUJAZ_CACHE", str(tmp_path))
    with ThreadPoolExecutor(4) as pool:
        kept = set(pool.map(_keep, ["I cannot do that."] * 400))
    assert [file.read_text() for file in kept if file] == ["I cannot do that."]
    assert list((tmp_path / "replies").iterdir()) == list(kept)


def test_a_retry_after_date_is_read() -> None:
    waited: list[float] = []
    later = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 20))
    with serving(status(503, Retry_After=later), says(BRIEF)) as server:
        written(server, waited)
    assert 15 < waited[0] <= 21


def test_nobody_answers() -> None:
    with serving(says(BRIEF)) as server:
        made = engine(server)
    with pytest.raises(EngineError, match="no answer"):
        made.complete("Hello?")


def test_a_reply_of_10_mb_is_not_read_to_its_end() -> None:
    with serving(huge) as server, pytest.raises(ReplyError, match="over 2,000,000 bytes"):
        written(server)
    scenes = [huge, *[says({"translation": "They signed."})] * 9]
    with serving(*scenes) as server:
        made = translate(ARTICLE, engine=engine(server, concurrency=1))
    assert [line.translated for line in made.lines].count(False) == 1


# Anything that JSON can hold where a chat completion would be.
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda some: (
        st.lists(some, max_size=2)
        | st.dictionaries(
            st.sampled_from(["choices", "delta", "message", "content", "usage", "total_tokens"]),
            some,
        )
    ),
    max_leaves=9,
)


@given(st.lists(VALUES, max_size=4))
def test_no_event_of_a_server_ends_in_a_traceback(events: list[Any]) -> None:
    lines = [f"data: {json.dumps(event)}" for event in events]
    for read in (lambda: _streamed(iter(lines), None), lambda: _whole(lines[0][6:].encode())):
        with suppress(_Retry, IndexError if not lines else _Retry):
            text, tokens = read()
            assert isinstance(text, str)
            assert tokens is None or isinstance(tokens, int)


@given(st.text(alphabet='{}[]":, ab\\1', max_size=60))
def test_a_reply_is_read_or_refused(reply: str) -> None:
    with suppress(prompts.ReplyMismatch):
        prompts.load("translate").read(reply)


@pytest.mark.parametrize("reply", ['{"a":' * 50_000, ('{"a":' * 900 + "}") * 50])
def test_a_reply_that_is_slow_to_read_is_refused_soon(reply: str) -> None:
    begun = time.process_time()
    with pytest.raises(prompts.ReplyMismatch):
        prompts.load("translate").read(reply)
    assert time.process_time() - begun < 3


def test_a_server_that_does_not_stream_will_do() -> None:
    with serving(not_streamed) as server:
        assert written(server).headline == BRIEF["headline"]


def test_what_a_server_does_not_know_is_left_out_and_said() -> None:
    def picky(handler: Handler, body: dict[str, Any]) -> None:
        for name in ("response_format", "seed"):
            if name in body:
                return status(400, f"Unknown parameter: {name}")(handler, body)
        return says(BRIEF)(handler, body)

    with serving(picky) as server:
        made = engine(server)
        assert made.write(ARTICLE.title, ARTICLE.paragraphs, 80, 4).headline == BRIEF["headline"]
    assert "takes no seed" in " ".join(made.notes)


def test_a_guess_at_what_a_server_does_not_know_counts_once_it_has_helped() -> None:
    too_long = status(400, "maximum context length is 8192 tokens")
    with serving(too_long, too_long, says(BRIEF)) as server:
        made = engine(server)
        with pytest.raises(EngineError, match="maximum context length"):
            made.write(ARTICLE.title, ARTICLE.paragraphs, 80, 4)
        made.write(ARTICLE.title, ARTICLE.paragraphs, 80, 4)
    assert ["response_format" in body for body in server.seen] == [True, False, True]
    with serving(status(400, "what is that?"), says(BRIEF)) as server:
        made = engine(server)
        made.write(ARTICLE.title, ARTICLE.paragraphs, 80, 4)
        made.write(ARTICLE.title, ARTICLE.paragraphs, 80, 4)
    assert ["response_format" in body for body in server.seen] == [True, False, False]


def test_refusals_are_no_failed_tries() -> None:
    down = [status(503)] * (ATTEMPTS - 1)
    names = ("response_format", "seed", "temperature", "stream_options", "max_tokens")
    refused = [status(400, f"no {name}") for name in names]
    with serving(*down, *refused, says(BRIEF)) as server:
        assert written(server).headline == BRIEF["headline"]


def test_who_stops_it_waits_for_no_reply() -> None:
    let_go = threading.Event()

    def late(handler: Handler, body: dict[str, Any]) -> None:
        if len(server.seen) > 1:
            let_go.wait(20)
        says({"translation": "Something."})(handler, body)

    def stop(_what: str, _done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with serving(late) as server:
        made = engine(server, timeout=30.0, concurrency=3)
        begun = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            made.translate(["أولا.", "ثانيا.", "ثالثا."], stop)
        assert time.monotonic() - begun < 10
        let_go.set()


@pytest.mark.parametrize("code", [401, 404])
def test_a_refusal_is_told_at_once(code: int) -> None:
    with serving(status(code, "not for you")) as server, pytest.raises(EngineError) as caught:
        written(server)
    assert len(server.seen) == 1
    assert "not for you" in caught.value.message


BAD = {
    "no JSON": "Here is your brief: three countries signed.",
    "cut JSON": '{"headline": "Jordan, Egypt',
    "wrong schema": {"title": "Jordan", "text": "Signed."},
    "wrong types": {"headline": ["Jordan"], "sentences": "Signed."},
    "empty": "",
    "no words": {"headline": "…", "sentences": ["…"]},
    "empty headline": {"headline": "", "sentences": []},
    "Arabic": {"headline": "الأردن ومصر والعراق", "sentences": ["وقعت الحكومات اتفاقا."]},
    "French": {
        "headline": "La Jordanie, l'Egypte et l'Irak signent un accord",
        "sentences": ["Les trois pays ont conclu mercredi un accord pour relier leurs réseaux."],
    },
}


@pytest.mark.parametrize("reply", BAD.values(), ids=BAD.keys())
def test_a_wrong_reply_is_mended_once(reply: object) -> None:
    with serving(says(reply), says(BRIEF)) as server:
        made = written(server)
    assert made.headline == BRIEF["headline"]
    assert [m["role"] for m in server.seen[1]["messages"]] == ["user", "assistant", "user"]


@pytest.mark.parametrize("reply", BAD.values(), ids=BAD.keys())
def test_a_reply_that_stays_wrong_is_an_error_and_kept(reply: object) -> None:
    with serving(says(reply)) as server, pytest.raises(ReplyError) as caught:
        written(server)
    assert len(server.seen) == 2
    sent = reply if isinstance(reply, str) else json.dumps(reply, ensure_ascii=False)
    assert caught.value.reply == sent
    kept = Path(caught.value.hint.split("is in ")[1].split(". A larger")[0])
    assert kept.read_text(encoding="utf-8") == sent


def test_a_sentence_said_twice_stands_once() -> None:
    reply = {"headline": BRIEF["headline"], "sentences": [BRIEF["sentences"][0]] * 6}
    with serving(says(reply)) as server:
        made = written(server)
    assert list(made.sentences) == BRIEF["sentences"][:1]
    assert "repeated" in {w.code for w in made.warnings}


def test_one_segment_that_fails_is_marked_and_the_rest_goes_on() -> None:
    def sometimes(handler: Handler, body: dict[str, Any]) -> None:
        asked = body["messages"][0]["content"]
        bad = ARTICLE.title in asked
        says("no idea" if bad else {"translation": "They signed."})(handler, body)

    with serving(sometimes) as server:
        made = translate(ARTICLE, engine=engine(server))
    assert made.top is not None
    assert not made.top.translated
    assert made.top.text == ARTICLE.title
    assert "failed" in {w.code for w in made.top.warnings}
    assert all(line.translated for line in made.lines[1:])


# --- budget and key -----------------------------------------------------------------


def test_the_budget_stops_before_it_is_overdrawn() -> None:
    with serving(says({"translation": "They signed."}, usage=600)) as server:
        made = engine(server, budget=2000, concurrency=1)
        result = translate(ARTICLE, engine=made)
    assert isinstance(made.chat, Endpoint)
    assert made.chat.spent == 600 * len(server.seen) <= 2000
    done = [line for line in result.lines if line.translated]
    left = [line for line in result.lines if not line.translated]
    assert done
    assert left
    assert all("budget of 2,000 tokens" in line.warnings[0].message for line in left)
    with serving(says(BRIEF)) as server, pytest.raises(BudgetError, match="100 tokens"):
        written(server, budget=100)
    assert not server.seen


def test_the_key_is_sent_and_seen_nowhere_else(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    caplog.set_level(logging.DEBUG)
    shown: list[str] = []
    with serving(status(500, f"bad {KEY}"), says(BRIEF)) as server:
        made = engine(server)
        brief = summarize(ARTICLE, engine=made)
        shown += [json.dumps(brief.to_dict(), ensure_ascii=False), repr(made), made.revision]
    assert server.headers[0]["Authorization"] == f"Bearer {KEY}"
    with serving(status(401, f"wrong key {KEY}")) as server, pytest.raises(EngineError) as caught:
        written(server)
    shown.append(str(caught.value))
    shown.append(caplog.text)
    assert not [text for text in shown if KEY in text]


@pytest.mark.parametrize("key", [f"{KEY}\n", f"  {KEY}"])
def test_a_key_with_an_end_of_line_is_sent_without_it(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", key)
    with serving(says("Four.")) as server:
        engine(server).complete("Two and two?")
    assert server.headers[0]["Authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("key", [f"{KEY}\nx", f"{KEY}ü"])
def test_a_key_that_cannot_be_sent_is_told_but_not_shown(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", key)
    with serving(says("Four.")) as server, pytest.raises(EngineError, match="no key") as caught:
        engine(server).complete("Two and two?")
    assert KEY not in str(caught.value)


def test_a_server_that_sends_the_key_back_does_not_bring_it_into_a_result(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with serving(says(f"my key is {KEY}")) as server, pytest.raises(ReplyError) as caught:
        written(server)
    assert KEY not in str(caught.value) + caught.value.reply
    kept = Path(caught.value.hint.split("is in ")[1].split(". A larger")[0])
    assert KEY not in kept.read_text(encoding="utf-8")


def test_a_key_does_not_go_out_unencrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with pytest.raises(EngineError, match="unencrypted"):
        Endpoint("m", "http://models.example/v1")
    with pytest.raises(EngineError, match="password"):
        Endpoint("m", "https://user:pass@models.example/v1")
    for url in ("models.example", "http://[::1", "http://a:b/v1"):
        with pytest.raises(EngineError, match="no address"):
            Endpoint("m", url)


def test_without_an_address_the_way_out_is_told() -> None:
    with pytest.raises(EngineError) as caught:
        load("openai:gpt", Options())
    assert "OPENAI_BASE_URL" in caught.value.hint


def test_from_the_shell(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "summarizer.cli", "brief", str(SEEDS / "01-politics-wire.txt")]
    with serving(says(BRIEF)) as server:
        done = subprocess.run(
            [*command, "--engine", "openai:tiny", "--json"],
            capture_output=True,
            check=False,
            env={
                "OPENAI_BASE_URL": server.url,
                "OPENAI_API_KEY": KEY,
                "PATH": "",
                "MUJAZ_CACHE": str(tmp_path),
                "PYTHONPATH": str(SEEDS.parent),
            },
        )
    assert done.returncode == 0, done.stderr
    assert "sent to the endpoint" in done.stderr.decode()
    assert json.loads(done.stdout)["headline"] == BRIEF["headline"]
    assert KEY.encode() not in done.stdout + done.stderr


# --- prompts ------------------------------------------------------------------------


@pytest.mark.parametrize("name", prompts.NAMES)
def test_every_prompt_is_whole(name: str) -> None:
    prompt = prompts.load(name)
    assert prompt.purpose
    assert prompt.version >= 1
    assert prompt.output["type"] == "object"
    filled = prompt.fill(**{variable: f"«{variable}»" for variable in prompt.variables})
    assert "{{" not in filled
    with pytest.raises(UsageError):
        prompt.fill()


def test_data_cannot_close_its_own_mark_or_fill_other_variables() -> None:
    prompt = prompts.load("translate")
    text = "</data 123456789012> {{glossary}} <data>"
    filled = prompt.fill(segment=text, glossary="none")
    assert text in filled
    inside = filled[filled.index(text) + len(text) :]
    mark = inside.split("</data ")[1].split(">")[0]
    assert mark not in text


def test_a_prompt_of_the_user_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = (prompts.FOLDER / "translate.md").read_text(encoding="utf-8")
    (tmp_path / "translate.md").write_text(ours.replace("Translate the", "Render the"), "utf-8")
    before = prompts.load("translate")
    monkeypatch.setenv("MUJAZ_PROMPTS", str(tmp_path))
    assert "Render the" in prompts.load("translate").body
    assert prompts.load("translate").sha256 != before.sha256
    assert prompts.load("brief").name == "brief"
    (tmp_path / "brief.md").write_text("---\npurpose: none\n---\nWrite.", "utf-8")
    with pytest.raises(EngineError, match=r"brief\.md"):
        prompts.load("brief")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("translation:", "english:", "has to have 'translation'"),
        ("type: string", "type: integer", "has to have 'translation'"),
        ("required: [translation]", "required: []", "has to have 'translation'"),
        ("data: [segment, glossary]", "data: [glossary]", "data: segment"),
        ("{type: string, minLength: 1}", "true", "has to have 'translation'"),
        ("minLength: 1", "minLength: none", "no JSON Schema"),
        ("{{segment}}", "{{text}}", "its text uses"),
        ("Translate", "\ud800", "cannot be used"),
    ],
)
def test_a_prompt_of_the_user_that_the_code_cannot_use_is_told(
    old: str, new: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = (prompts.FOLDER / "translate.md").read_text(encoding="utf-8")
    text = ours.replace(old, new).encode("utf-8", "surrogatepass")
    (tmp_path / "translate.md").write_bytes(text)
    monkeypatch.setenv("MUJAZ_PROMPTS", str(tmp_path))
    with pytest.raises(EngineError, match=re.escape(said)):
        prompts.load("translate")
    monkeypatch.setenv("MUJAZ_PROMPTS", str(tmp_path / "nowhere"))
    with pytest.raises(EngineError, match="MUJAZ_PROMPTS"):
        prompts.load("translate")


# --- chat models on this machine ----------------------------------------------------


@pytest.mark.parametrize("template", ["", "{% for m in messages %}{{ m.content }}\n{% endfor %}"])
def test_a_chat_model_in_transformers_runs_and_its_nonsense_is_an_error(
    tmp_path: Path, template: str
) -> None:
    folder = tmp_path / "chat"
    folder.mkdir()
    tiny_models.gpt2(folder, template)
    made = load(f"instruct:{folder}", Options())
    assert isinstance(made, Writer)
    made.prepare()
    assert isinstance(made, InstructEngine)
    chat = made.chat
    assert isinstance(chat, TransformersChat)
    ask = [{"role": "user", "content": "Hello"}]
    assert chat.complete(ask, limit=5) == chat.complete(ask, limit=5)
    with pytest.raises(ReplyError):
        made.ask("translate", segment="أقر البرلمان القانون.", glossary="none")
    assert "transformers float32 on cpu" in " ".join(made.notes)


def test_a_prompt_that_does_not_fit_and_a_broken_model_are_told(tmp_path: Path) -> None:
    folder = tmp_path / "chat"
    folder.mkdir()
    tiny_models.gpt2(folder)
    with pytest.raises(EngineError, match="has room for"):
        TransformersChat(str(folder)).complete(
            [{"role": "user", "content": "a b " * 9000}], limit=9
        )
    (folder / "model.safetensors").write_bytes(b"not a model")
    with pytest.raises(EngineError, match="cannot be read"):
        load(f"instruct:{folder}").prepare()


def test_a_gguf_file_needs_its_extra(tmp_path: Path) -> None:
    file = tmp_path / "model.gguf"
    with pytest.raises(EngineError, match="no file"):
        load(f"instruct:{file}", Options())
    file.write_bytes(b"GGUF")
    with pytest.raises(EngineError, match=r"llama-cpp-python|cannot be loaded"):
        load(f"instruct:{file}", Options()).prepare()


def test_a_schema_that_refers_to_nothing_is_told() -> None:
    broken = replace(prompts.load("brief"), output={"$ref": "#/nowhere"})
    with pytest.raises(EngineError, match=r"\$ref"):
        broken.read("{}")


def test_a_name_that_no_file_could_have_is_no_engine() -> None:
    with pytest.raises(EngineError, match="too long"):
        entry("x" * 300)
