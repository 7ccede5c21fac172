"""Arabic text: cleaning, cutting, comparing, telling the language."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.arabic import (
    identify,
    match_key,
    normalise,
    split_clauses,
    split_sentences,
    to_ascii_digits,
)

ALPHABET = (
    "ابتدمأإآىةهو ينلكقرءٱﺍﻻﷲﱞ"
    + "abTUS"
    + "0123٣٤۵"
    + " \t\n\r\u2028\u00a0\u200f\u202b\u200c\ufeff"
    "..…!?؟؛،,:;-–()[]\"“”«»'’„<>" + "ًٌَُِّْٰٕٓٔـ" + "e\u0301\u0327" + "•/@%٪٫٬"
)
texts = st.text(alphabet=ALPHABET, max_size=80) | st.text(max_size=30)
few = settings(max_examples=300, deadline=None)


@given(texts)
@few
def test_sentences_join_to_the_text(text: str) -> None:
    pieces = split_sentences(text)
    assert "".join(pieces) == text
    assert all(piece.strip() for piece in pieces) or not text.strip()


@given(texts, st.integers(min_value=1, max_value=40))
@few
def test_clauses_join_and_keep_the_limit(text: str, limit: int) -> None:
    pieces = split_clauses(text, limit)
    assert "".join(pieces) == text
    for piece in pieces:
        assert len(piece) <= limit or not any(c.isspace() for c in piece[1:limit])


@given(texts)
@few
def test_normalise_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    once.encode()


@given(texts)
@few
def test_match_key_does_not_see_what_normalise_cleans(text: str) -> None:
    assert match_key(text) == match_key(normalise(text))


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("قال ” نعم “ اليوم", "قال “ نعم ” اليوم"),
        ("ب”السخيفة” قال", "ب“السخيفة” قال"),
        ("»نعم« قال", "«نعم» قال"),
        ("“أ “ب” ج”", "“أ “ب” ج”"),
        ("كلمة ، ثم كلمة .", "كلمة، ثم كلمة."),
        ("أميركا :50 ألفا", "أميركا: 50 ألفا"),
        ("السابقة عام .2016 ويستهدف", "السابقة عام 2016. ويستهدف"),
        ("السابقة عام .٢٠١٦ ويستهدف", "السابقة عام ٢٠١٦. ويستهدف"),
        ("بنسبة .5 في المئة", "بنسبة .5 في المئة"),
        ("انتهت الحملة..", "انتهت الحملة."),
        ("عاجل.. انفجار", "عاجل.. انفجار"),
        ("لا أعرف...", "لا أعرف..."),
        ("ﺍﻟﺮﺑﺎﻁ", "الرباط"),
        ("مُشدّدةً", "مشددة"),
        ("الـــعربية", "العربية"),
        ("كلمة\u00a0\u200fأخرى\t ثالثة", "كلمة أخرى ثالثة"),
        ("ا\u0653لاف", "آلاف"),
        ("12\u00a0500\u202f000 دينار و١٢\u00a0٥٠٠", "12,500,000 دينار و١٢,٥٠٠"),
        ("عام 2019\u00a0500 شخص", "عام 2019 500 شخص"),
        ("سطر\r\nسطر\n\n\n\nسطر", "سطر\nسطر\n\nسطر"),
        ("a\ud800b", "a\ufffdb"),
    ],
)
def test_normalise(raw: str, clean: str) -> None:
    assert normalise(raw) == clean


def test_match_key_folds_spelling() -> None:
    assert match_key("إلى الأُمّة، ٢٠٢٥!") == match_key("الي الامه 2025")
    assert match_key("...") == ""


def test_to_ascii_digits() -> None:
    assert to_ascii_digits("٣٫٥٪ و۱٬۲۰۰") == "3.5% و1,200"


@pytest.mark.parametrize(
    "sentences",
    [
        ["قال الوزير نعم. ", "وأضاف المدير لا."],
        ["هل جاء؟ ", "نعم! ", "جاء أمس."],
        ["قال د. محمد علي إن أ.د. وليد حسن سافر. ", "ثم عاد."],
        ["نقلت أ.ف.ب. عن مصدر قوله إن الأمر انتهى."],
        ["عثر على قطع من القرن الثالث ق.م. ", "وقال الخبراء إنها نادرة."],
        ["بلغت النسبة 3.5 في المئة. ", "وكانت ٣٫٥ أو 1.200 طن عند 10.30 صباحا."],
        ["زوروا www.example.com أو example.org. ", "ثم اكتبوا إلى a.b@example.com. ", "شكرا لكم."],
        ["انظر https://example.com/a.b?c=d. ", "انتهى."],
        ["هذه هي الحياة.", "وفقا للوكالة الفرنسية."],
        ["قال: “لن نذهب. لن نعود”. ", "ثم خرج."],
        ["قال: «لن نذهب.» ", "وأضاف شيئا آخر."],
        ["“لن نذهب!” قال الوزير."],
        ["لا أعرف... ربما غدا. ", "سنرى."],
        ["عاجل.. انفجار في المدينة"],
        ["• أولا شيء\n", "• ثانيا شيء\n", "1. ثالثا شيء"],
        ["بدأ Mr. Smith العمل في U.S. أمس. ", "ثم رحل."],
        ["المدير (ولد عام 1950. وتوفي عام 2000) معروف. ", "انتهى."],
        ["عاد ف. بوتين إلى موسكو. ", "ووصل مساء."],
        ["بدأ في الساعة 5 م. ", "وانتهى ليلا."],
    ],
)
def test_split_sentences(sentences: list[str]) -> None:
    assert split_sentences("".join(sentences)) == sentences


def test_a_semicolon_ends_only_a_long_sentence() -> None:
    assert len(split_sentences("جاء الأول؛ وذهب الثاني.")) == 1
    assert len(split_sentences("كلمة " * 40 + "آخر؛ وذهب الثاني.")) == 2


def test_a_long_quote_may_be_split() -> None:
    quote = "“" + "هذه جملة من كلام الوزير. " * 12 + "انتهى”."
    assert len(split_sentences(quote)) > 5


def test_clauses_prefer_marks() -> None:
    sentence = "قال الوزير إن الأمر انتهى، وأضاف المدير أن العمل مستمر في كل مكان."
    assert split_clauses(sentence, 45)[0] == "قال الوزير إن الأمر انتهى، "
    assert split_clauses("قصير", 10) == ["قصير"]
    with pytest.raises(ValueError, match="at least 1"):
        split_clauses("x", 0)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("أعلنت الحكومة اليوم أنها ستبدأ العمل في المشروع", "ar"),
        ("روسيا تقصف كييف", "ar"),
        ("وصل المنتخب إلى كأس چامبيونز ليج مع گريزمان وپوغبا", "ar"),
        ("اعلن الرئیس فی القاهره ان الحکومه سوف تعمل علی هذا الملف", "ar"),
        ("رئیس جمهور گفت که این تصمیم برای مردم است", "fa"),
        ("وزير خارجه اعلام كرد كه اين مذاكرات در تهران برگزار مي شود", "fa"),
        ("وزیر اعظم نے کہا ہے کہ یہ فیصلہ عوام کے لیے ہے", "ur"),
        ("سەرۆکی هەرێم لەگەڵ وەزیر کۆبوونەوە", "arabic-script"),
        ("ولسمشر وویل چې د افغانستان خلک په دې اړه کار کوي", "arabic-script"),
        ("The minister said that the plan is good for the people", "en"),
        ("Le ministre a dit que le plan est bon pour le peuple", "latin"),
        ("ראש הממשלה אמר היום כי ההחלטה התקבלה", "he"),
        ("Президент сказал сегодня", "other"),
        ("12345 ٦٧٨ ...", "none"),
        ("", "none"),
    ],
)
def test_identify(text: str, code: str) -> None:
    assert identify(text).code == code


def test_identify_tells_how_it_knows() -> None:
    found = identify("قال Obama في خطاب")
    assert found.code == "ar"
    assert 0.6 < found.arabic_share < 0.8
    assert dict(found.votes)["ar"] > 1
    assert found.name == "Arabic (ar)"


def test_large_text_stays_fast() -> None:
    start = time.monotonic()
    for unit in ("كلمة ", "“", '"', "(", ".", "a.", "«كلمة. ", "a@", "www."):
        split_sentences(unit * (400_000 // len(unit)))
    split_clauses("كلمة " * 5_000, 400)
    normalise("” كلمة ، " * 50_000)
    assert time.monotonic() - start < 30
