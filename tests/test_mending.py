"""What copying does to Arabic, undone."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from bidi import get_display
from hypothesis import given
from hypothesis import strategies as st

from summarizer.arabic import normalise
from summarizer.article import read_html, read_text
from summarizer.mending import MOST, in_reading_order, misread, read_again, with_spaces

SEEDS = sorted((Path(__file__).parent.parent / "seeds").glob("*.txt"))
GLUED = "قال وزيرالخارجيةالأردني إن المحادثاتستستأنفالأسبوعالمقبل في عمان."
APART = "قال وزير الخارجية الأردني إن المحادثات ستستأنف الأسبوع المقبل في عمان."


def test_glued_words_are_cut_and_it_is_said() -> None:
    article = read_text(f"الأردن يستأنف المحادثات\n\n{GLUED}")
    assert article.text == APART
    (warning,) = [w for w in article.warnings if w.code == "spacing"]
    assert '"وزيرالخارجيةالأردني"' in warning.message
    assert "2 places" in warning.message


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
    assert "too long for a word" in warning.message


def test_a_drawn_out_cheer_is_a_word() -> None:
    cheer = f"ج{'و' * 25}ل"
    assert with_spaces(f"صاح المعلق {cheer}") == (f"صاح المعلق {cheer}", [], [])


@given(
    st.lists(st.sampled_from(f"{APART} ، وقد منذ التي x1 \n فيما".split(" ")), max_size=30).map(
        "".join
    )
)
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

    taken(700)
    assert taken(MOST - 100) < 40 * max(taken(MOST // 10), 1e-4)
    assert taken(10 * MOST) < max(taken(MOST - 100), 5e-2)  # not looked at


# --- letters in visual order --------------------------------------------------------


def as_it_looks(text: str) -> str:
    """Lines from left to right, as a PDF has them: Unicode's bidirectional algorithm."""
    return "\n".join(get_display(line, base_dir="R") for line in text.split("\n"))


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.stem)
def test_text_in_visual_order_is_turned(seed: Path) -> None:
    text = normalise(seed.read_text(encoding="utf-8"))
    turned, right = read_text(as_it_looks(text)), read_text(text)
    assert "order" in {w.code for w in turned.warnings}
    assert "order" not in {w.code for w in right.warnings}
    assert turned.text == right.text
    assert turned.title == right.title


def test_words_turned_one_by_one() -> None:
    turned = " ".join(as_it_looks(word) for word in APART.split(" "))
    assert in_reading_order(turned) == APART


@pytest.mark.parametrize(
    "line",
    [
        "فاز الهلال على النصر 3-1 في المباراة التي أقيمت أمس في الرياض",
        "ارتفعت أسهم شركة Apple (AAPL) بنسبة 2.5% في بورصة New York بعد إعلان نتائجها أمس",
        "وقال (وهو وزير سابق) إن «القرار» نهائي، وإن 1,200 عامل سيتأثرون به",
        "بين عامي 2023-2024 بلغ العدد ١٢٫٥٪ من السكان، حسب البيانات التي نشرت أمس",
        "1) قال الوزير (أمس) إن المحادثات ستستأنف الأسبوع المقبل في عمان",
    ],
)
def test_what_is_hard_to_turn(line: str) -> None:
    assert in_reading_order(as_it_looks(line)) == line


def test_presentation_forms_in_visual_order() -> None:
    text = APART.replace("ال", "\ufe8d\ufedf").replace("وزير", "\ufeed\ufeaf\ufef3\ufeae")
    assert text != APART
    assert normalise(in_reading_order(as_it_looks(text)) or "") == APART


def test_each_line_is_turned_for_itself() -> None:
    looks = as_it_looks(APART)
    assert in_reading_order(f"{looks}\n{APART}\n{looks}") == f"{APART}\n{APART}\n{APART}"
    assert in_reading_order(f"{APART}\n{looks}\n{APART}") == f"{APART}\n{APART}\n{APART}"


@pytest.mark.parametrize("end", ["\r", "\r\n", "\u2028", "\f"])
def test_every_line_end_ends_a_line(end: str) -> None:
    text = f"الأردن يستأنف محادثات السلام\n\n{APART}\n\nوأضاف أن الوفد يصل يوم الاثنين."
    article = read_text(as_it_looks(text).replace("\n", end))
    assert [one for one in (article.title, *article.paragraphs) if one] == text.split("\n\n")


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
@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.stem)
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
        "وَصَلَ الوَفْدُ الأُرْدُنِيُّ إلَى القَاهِرَةِ، وَأَضَافَ أَنَّ الحُكُومَةَ وَافَقَتْ عَلَى القَرَارِ",
        "\ufe8d\ufedf\ufeee\ufe97\ufeee " * 12,
        "وزیر خارجه گفت که مذاکرات هفته آینده در تهران از سر گرفته خواهد شد و ادامه دارد",
    ],
)
def test_what_was_read_rightly_stays(text: str) -> None:
    assert misread(text) is None


def test_right_text_beside_it_stays() -> None:
    """As where a page's template is right and its database is not, with a smiley in it."""
    other = "وأضاف أن المفاوضين توصلوا إلى تفاهم أولي في الجولة السابقة 🙂 فلم يبق سوى التوقيع"
    bad = other.encode().decode("cp1252", "ignore").replace("ðŸ™‚", "🙂")
    article = read_text(f"{bad}\n\n{APART}", title="محادثات")
    assert article.text == f"{other}\n\n{APART}"
    title = "وزير الخارجية في عمان اليوم".encode().decode("cp1252", "ignore")
    assert read_text(APART, title=title).title == "وزير الخارجية في عمان اليوم"


def test_lost_vowel_signs_are_no_letters() -> None:
    text = "وصل وفد الأُردن إلى القاهرة بعد زيارة مِصر، وبحثَ معَ الوزير ٢٠٠ ملف في يوم واحد"
    bad = text.encode().decode("cp1252", "ignore").replace("\u00a0", " ")
    article = read_text(f"{bad}\n\n{bad}")
    assert normalise(text) in article.text
    assert any("we guessed" in w.message for w in article.warnings)


@pytest.mark.parametrize("piece", ["بَ", "“ق” “ل”"])
def test_reading_again_takes_linear_time(piece: str) -> None:
    def taken(times: int) -> float:
        bad = ("وصل " * 20 + piece * times).encode().decode("cp1252", "ignore")
        start = time.perf_counter()
        read_again(bad, "cp1252", "utf-8")
        return time.perf_counter() - start

    taken(100)
    assert taken(20_000) < 40 * taken(2_000)


@given(st.text(max_size=200))
def test_any_text_can_be_asked_about(text: str) -> None:
    misread(text)
