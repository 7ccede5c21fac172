"""What copying does to Arabic, undone."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.arabic import normalise
from summarizer.article import read_html, read_text
from summarizer.mending import MOST, in_reading_order, misread, with_spaces

SEEDS = sorted((Path(__file__).parent.parent / "seeds").glob("*.txt"))
GLUED = "قال وزيرالخارجيةالأردني إن المحادثاتستستأنفالأسبوعالمقبل في عمان."
APART = "قال وزير الخارجية الأردني إن المحادثات ستستأنف الأسبوع المقبل في عمان."


def test_glued_words_are_cut_and_it_is_said() -> None:
    article = read_text(f"الأردن يستأنف المحادثات\n\n{GLUED}")
    assert article.text == APART
    (warning,) = [w for w in article.warnings if w.code == "spacing"]
    assert '"وزيرالخارجيةالأردني"' in warning.message
    assert "2 runs" in warning.message


def test_a_text_with_spaces_stays_as_it_is() -> None:
    assert with_spaces(APART) == (APART, [], [])


@pytest.mark.parametrize(
    "word",
    ["الكهرومغناطيسية", "بالاسوبرامانيان", "والإسلاموفوبيا", "وبالاستراتيجيات", "كوستيانتينيفكا"],
)
def test_a_long_word_is_no_two(word: str) -> None:
    assert with_spaces(f"قرأت عن {word} أمس") == (f"قرأت عن {word} أمس", [], [])


def test_short_ones_are_only_cut_beside_long_ones() -> None:
    short = "منالعقوبات"
    assert with_spaces(f"خففت الحكومة {short} أمس")[1] == []
    beside = f"خففت الحكومة {short} المفروضةعلىالمصارفالوطنية أمس"
    assert with_spaces(beside)[0] == "خففت الحكومة من العقوبات المفروضة على المصارف الوطنية أمس"


def test_a_name_among_glued_words_is_kept_whole() -> None:
    text = "صرح وزيرالماليةتشيسيكيديبأنالعجزيتراجع"
    assert with_spaces(text)[0] == "صرح وزير المالية تشيسيكيدي بأن العجز يتراجع"


def test_what_cannot_be_cut_is_said() -> None:
    article = read_text(f"عنوان الخبر هنا\n\n{APART}\n\nقرأ {'ظضغ' * 10} أمس.")
    (warning,) = [w for w in article.warnings if w.code == "spacing"]
    assert warning.severity == "serious"


@given(st.text("ابتثجحخدذرزسشصضطظعغفقكلمنهوية ، .x1\n", max_size=80))
def test_nothing_but_spaces_is_added(text: str) -> None:
    done, cut, _ = with_spaces(text)
    assert done.replace(" ", "") == text.replace(" ", "")
    assert (done == text) == (not cut)
    assert all(re.sub(r"\s", "", run) in re.sub(r"\s", "", text) for run in cut)


def test_time_is_linear() -> None:
    def taken(letters: int) -> float:
        start = time.perf_counter()
        with_spaces("وزيرالخارجيةالأردني" * (letters // 19))
        return time.perf_counter() - start

    taken(1_000)
    assert taken(MOST - 100) < 40 * max(taken(MOST // 10), 1e-4)
    assert taken(10 * MOST) < max(taken(MOST - 100), 1e-2)  # not looked at


# --- letters in visual order --------------------------------------------------------


def as_it_looks(line: str, mirrored: bool = True) -> str:
    """A line from left to right, as a PDF has it; figures and Latin words stay."""
    apart = re.split(r"([A-Za-z][A-Za-z\d .-]*[A-Za-z\d]|\d+(?:[.,:/٫٬-]\d+)*[%٪]?)", line)
    looks = "".join(part if n % 2 else part[::-1] for n, part in reversed([*enumerate(apart)]))
    return looks.translate(str.maketrans("()", ")(")) if mirrored else looks


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.stem)
@pytest.mark.parametrize("mirrored", [True, False])
def test_text_in_visual_order_is_turned(seed: Path, mirrored: bool) -> None:
    text = normalise(seed.read_text(encoding="utf-8"))
    looks = "\n".join(as_it_looks(line, mirrored) for line in text.split("\n"))
    turned, right = read_text(looks), read_text(text)
    assert "order" in {w.code for w in turned.warnings}
    assert "order" not in {w.code for w in right.warnings}
    words = [re.findall(r"\w+", article.text) for article in (turned, right)]
    assert words[0] == words[1]


def test_words_turned_one_by_one() -> None:
    turned = " ".join(as_it_looks(word) for word in APART.split(" "))
    assert in_reading_order(turned) == APART


def test_presentation_forms_in_visual_order() -> None:
    lam_alef = as_it_looks(APART).replace("لا", "\ufefb").replace("ال", "\ufefb")
    turned = in_reading_order(lam_alef)
    assert turned is not None


def test_a_title_is_turned_with_its_text() -> None:
    article = read_text(as_it_looks(APART), title=as_it_looks("محادثات السلام"))
    assert article.title == "محادثات السلام"
    assert article.text == APART


@pytest.mark.parametrize(
    "text",
    [
        APART,
        "The talks resume next week in Amman, the minister said on Tuesday in a statement.",
        "وزیر خارجه گفت که مذاکرات هفته آینده در تهران از سر گرفته خواهد شد و ادامه دارد",
        "ܫܠܡܐ ܥܡܟܘܢ " * 8,
    ],
)
def test_what_is_not_reversed_is_not_turned(text: str) -> None:
    assert in_reading_order(text) is None


@given(st.text(max_size=200))
def test_any_text_can_be_looked_at(text: str) -> None:
    turned = in_reading_order(text)
    assert turned is None or sorted(turned.translate(str.maketrans("()[]", "...."))) == sorted(
        text.translate(str.maketrans("()[]", "...."))
    )


# --- bytes read as other letters ----------------------------------------------------


@pytest.mark.parametrize("lost", ["latin-1", "", "\ufffd"], ids=["kept", "dropped", "replaced"])
@pytest.mark.parametrize("seed", SEEDS[:3], ids=lambda seed: seed.stem)
def test_utf8_read_as_windows_1252_is_read_again(seed: Path, lost: str) -> None:
    """Five bytes have no letter there: browsers keep their numbers, others lose them."""
    text = normalise(seed.read_text(encoding="utf-8"))
    bad = "".join(
        bytes([b]).decode("cp1252", "ignore") or (chr(b) if lost == "latin-1" else lost)
        for b in text.encode()
    )
    article = read_text(bad)
    assert "encoding-damaged" in {w.code for w in article.warnings}
    assert article.text == read_text(text).text


@pytest.mark.parametrize(("own", "wrong"), [("utf-8", "cp1256"), ("cp1256", "latin-1")])
def test_other_mistaken_encodings_are_read_again(own: str, wrong: str) -> None:
    article = read_text(APART.encode(own).decode(wrong))
    assert article.text == APART
    assert any("read it again" in w.message for w in article.warnings)


def test_a_page_is_read_again_wherever_its_text_begins() -> None:
    paragraphs = "".join(f"<p>{APART} {n}</p>" for n in range(9))
    page = f"<html><head><script>{'x = 1;' * 9_000}</script></head><body><article>"
    page += f"<h1>محادثات السلام في عمان</h1>{paragraphs}</article></body></html>"
    article = read_html(page.encode().decode("latin-1"))
    assert APART in article.text
    assert any("read it again" in w.message for w in article.warnings)


@pytest.mark.parametrize(
    "text",
    [
        APART,
        "Le café de l'été : où êtes-vous allés, à Orléans ou à Besançon, après le dîner d'hier ?",
        "Ø§Ù„",
        "وزیر خارجه گفت که مذاکرات هفته آینده در تهران از سر گرفته خواهد شد و ادامه دارد",
    ],
)
def test_what_was_read_rightly_stays(text: str) -> None:
    assert misread(text) is None


@given(st.text(max_size=200))
def test_any_text_can_be_asked_about(text: str) -> None:
    misread(text)
