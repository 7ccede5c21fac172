"""What reveals a name, and when the English is taken to have it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.errors import InputError
from summarizer.glossary import parse_glossary
from summarizer.names import (
    TABLES,
    arabic_names,
    invented_names,
    missing_names,
    sounds_like,
    with_english_names,
)
from summarizer.numbers import bare


@pytest.mark.parametrize(
    ("english", "arabic"),
    [
        ("Sergei", "سيرغي"),
        ("Lavrov", "لافروف"),
        ("Microsoft", "مايكروسوفت"),
        ("Zakharova", "زاخاروفا"),
        ("Khatib", "الخطيب"),
        ("Youssef", "يوسف"),
        ("Giorgio", "جورجيو"),
        ("Shakespeare", "شكسبير"),
        ("Michael", "مايكل"),
        ("Rachel", "راشيل"),
    ],
)
def test_names_that_sound_alike(english: str, arabic: str) -> None:
    assert sounds_like(english, bare(arabic))


@pytest.mark.parametrize(("english", "arabic"), [("Lebanon", "لافروف"), ("Lyon", "مرسيليا")])
def test_names_that_do_not(english: str, arabic: str) -> None:
    assert not sounds_like(english, bare(arabic))


@pytest.mark.parametrize(
    ("source", "hypothesis"),
    [
        ("وصل إلى القاهرة", "He arrived in Cairo"),
        ("والقاهرة", "and Cairo"),
        ("العاصمة النمساوية فيينا", "the Austrian capital, Vienna"),
        ("الأمم المتحدة", "the U.N."),
        ("الاتحاد الأوروبي", "the EU"),
        ("القاضي عادل المصري", "Judge Adel al-Masri"),
        ("الوزير السابق ميشيل دوفال", "former minister Michel Duval"),
        ("كوريا الشمالية", "North Korea"),
        ("النيجر", "Niger"),
        ("استثمارات في كرة القدم الأوروبية", "Investments in European football"),
        ("عين مجلس السيادة واليا", "The Sovereign Council appointed a governor"),
        ("هبط سوانزي من الدوري الممتاز", "Swansea were relegated from the Premier League"),
        ("اجتماع مجموعة العشرين", "A meeting of the G20"),
        ("رفع البنك المركزي المصري الفائدة", "Egypt’s central bank raised rates"),
        ("التقى عباس عراقجي نظيره", "Abbas Araghchi met his counterpart"),
        ("عاد محمد السادس إلى الرباط", "Mohammed VI returned to Rabat"),
    ],
)
def test_the_english_has_the_name(source: str, hypothesis: str) -> None:
    assert missing_names(source, hypothesis, {}) == []
    assert invented_names(source, hypothesis, {}) == []


def test_a_replaced_name_is_missing_and_its_substitute_invented() -> None:
    def knows(word: str) -> bool:
        return word not in ("سيرغي", "بيريزوف")

    source, hypothesis = "وصل سيرغي بيريزوف أمس", "Yesterday Sergei Lebanon arrived"
    assert [m.text for m in missing_names(source, hypothesis, {}, knows)] == ["بيريزوف"]
    [invented] = invented_names(source, hypothesis, {}, knows)
    assert invented.text == "Lebanon"
    assert hypothesis[invented.span.start : invented.span.end] == "Lebanon"


def test_a_country_is_not_its_neighbour_by_sound() -> None:
    assert [m.text for m in missing_names("وقعت النيجر", "Nigeria signed", {})] == ["النيجر"]
    assert [i.text for i in invented_names("وقعت النيجر", "Nigeria signed", {})] == ["Nigeria"]


def test_the_glossary_wins_over_the_table_and_counts_letters() -> None:
    glossary = {"القاهرة": "Al-Qahira"}
    [mention] = arabic_names("في القاهرة", glossary)
    assert (mention.why, mention.english) == ("glossary", ("Al-Qahira",))
    assert missing_names("وفي القاهرة", "in Cairo", glossary)[0].why == "glossary"
    assert missing_names("وفي القاهرة", "in Al-Qahira", glossary) == []


def test_a_name_before_its_title() -> None:
    found = missing_names("قال سعيد كريم، رئيس الغرفة", "A happy man, head of the chamber", {})
    assert "كريم" in [m.text for m in found]


def test_ordinary_capitals_are_no_names() -> None:
    hypothesis = "Rescuers of the Rapid Support Forces met the Foreign Ministry on Sunday in May."
    assert invented_names("التقى رجال الدعم السريع وزارة الخارجية", hypothesis, {}) == []


def test_that_is_no_name_after_a_title() -> None:
    assert arabic_names("وتعهد رئيس البلدية بأن يعود التلاميذ", {}) == []


def test_a_name_after_a_title_and_what_it_is_the_head_of() -> None:
    found = arabic_names("رئيس لجنة الصحة والسكان خالد الدوسري", {})
    assert [m.text for m in found] == ["خالد", "الدوسري"]


def test_a_person_is_not_said_by_small_letters() -> None:
    source, hypothesis = "وزير الطاقة رائد الحوامدة", "The energy minister, a rise to megawatts"
    assert [m.text for m in missing_names(source, hypothesis, {})] == ["رائد"]
    assert missing_names(source, "Energy Minister Raed al-Hawamdeh", {}) == []


def test_an_unknown_plural_or_adjective_is_no_name() -> None:
    found = arabic_names(
        "تصل اللقاحات الجينية إلى تيموكوا", {}, lambda word: word in ("تصل", "إلى")
    )
    assert [m.text for m in found] == ["تيموكوا"]


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("زار الوزير تعز", "زار الوزير Taiz"),
        ("بوفد لليمن وللأمم المتحدة", "بوفد لـYemen ولـUnited Nations"),
        ("الحكومة اليمنية والسودانيون", "الحكومة اليمنية و Sudanese"),
        # A birthplace is no Muscat, a base no Qaeda; Oman may be Amman.
        ("مسقط رأسه في القاعدة قرب عمان", "مسقط رأسه في القاعدة قرب عمان"),
        ("قال طاهر المصري للوفد المصري", "قال طاهر المصري للوفد Egyptian"),
        ("حلف شمال الأطلسي والتشيك", "NATO و Czechia"),
        ("للوفد وللقطري", "للوفد ولـQatari"),
        ("سيول في اليمن", "سيول في Yemen"),  # floods, no Seoul
        ("قال القاضي عدي", "قال القاضي Uday"),
    ],
)
def test_names_that_are_known_stand_in_english(source: str, shown: str) -> None:
    assert with_english_names(source, {"عدي": "Uday"}) == shown


@given(st.text())
def test_any_text_can_have_english_names(text: str) -> None:
    assert with_english_names(text, {}).count("\n") == text.count("\n")


def test_a_glossary_takes_a_tab_or_an_equals_sign_and_no_arabic_for_english() -> None:
    read = parse_glossary("# names\nسامر حداد\tSamir = Sam\n\nبيروت = Beirut\n")
    assert read == {"سامر حداد": "Samir = Sam", "بيروت": "Beirut"}
    for wrong in ("Beirut", "بيروت =", "= Beirut", "Beirut = بيروت"):  # the last one did nothing
        with pytest.raises(InputError, match="line 1: not Arabic, then a tab or an equals sign"):
            parse_glossary(wrong)


def test_of_glossary_terms_the_longer_wins() -> None:
    glossary = {"أمريكا": "USA", "أمريكا الجنوبية": "South America"}
    for terms in (glossary, dict(reversed(glossary.items()))):
        assert with_english_names("دول أمريكا الجنوبية", terms) == "دول South America"


@pytest.mark.parametrize("term", ["قناة 12", "القناة (الثانية)", "قناة Al-24"])
def test_a_glossary_term_with_figures_marks_or_latin_letters_is_matched_whole(term: str) -> None:
    glossary = {term: "Channel Twelve"}
    others = "أغلقت السلطات قناة تلفزيونية وقناة 13"
    assert with_english_names(others, glossary) == others
    assert (
        with_english_names(f"قالت {term} إنه استقال", glossary) == "قالت Channel Twelve إنه استقال"
    )
    assert len(missing_names(f"قالت {term} إنه استقال", "It said he resigned.", glossary)) == 1
    assert with_english_names("قالت قناة ١٢ ذلك", {"قناة 12": "C12"}) == "قالت C12 ذلك"


def test_the_preposition_is_no_man_called_ali() -> None:
    glossary = {"علي": "Ali", "السيسي": "El-Sisi", "الرد على": "Reply to"}
    assert with_english_names("فاز الأهلي على غريمه وعلى الحكم", glossary).count("Ali") == 0
    assert with_english_names("قال علي وعلي ذلك", glossary) == "قال Ali و Ali ذلك"
    assert "El-Sisi" in with_english_names("قال السيسى ذلك", glossary)  # as Egyptians write it
    assert "Reply to" in with_english_names("كتاب الرد على النقاد", glossary)


def test_hamas_is_no_resident_of_hama() -> None:
    assert invented_names("أعلنت حماس موافقتها", "As for Hamas, it said that it agreed", {}) == []
    assert invented_names("أعلن اليونانيون ذلك", "It was the Greeks who said it", {}) == []
    found = invented_names("أعلن الفرنسيون ذلك", "It was the Greeks who said it", {})
    assert [name.text for name in found] == ["Greeks"]


def test_a_wrong_country_is_seen_though_its_words_are_those_of_others() -> None:
    source = "قالت كوريا الشمالية إن سفنها في بحر الصين الجنوبي"
    hypothesis = "South Korea said that its ships were in the South China Sea"
    assert [name.text for name in invented_names(source, hypothesis, {})] == ["South Korea"]
    [missing] = missing_names("زار جنوب السودان", "He visited Sudan", {})
    assert missing.english[0] == "South Sudan"
    [invented] = invented_names("زار جنوب السودان", "He visited Sudan", {})
    assert invented.text == "Sudan"


def test_a_common_name_of_persons_that_no_arabic_word_is_written_like_is_invented() -> None:
    [invented] = invented_names(
        "يستعد شفيق للسفر منذ سنة", "For a year, Hussain prepares to go", {}
    )
    assert invented.text == "Hussain"


@pytest.mark.parametrize(
    ("source", "hypothesis"),
    [
        ("قال وحسين إن الطريق سالك", "He and Hussain said that the road was clear"),
        ("قال نور الدين الطبوبي إن", "It was said that Noureddine Taboubi went"),
        ("ولد النبي في مكة", "It is said that Muhammad was born in Mecca"),
        ("وصل الشيخ عبد الله أمس", "Yesterday Sheikh Abdallah arrived"),
        ("دعمه وعبدالرحمن الحسن", "He was helped by Abdel Rahman al-Hasan"),
        ("قبائل القحطانية والعدنانية", "The Qahtan and the Adnan tribes"),
        ("سيرة النبي في كتاب", "A life of the Prophet Muhammad in one book"),
        ("تفاخر فاتيما بانيز بالقانون", "The law is the pride of Fátima Báñez"),
    ],
)
def test_a_name_of_persons_that_the_arabic_has_is_not_invented(
    source: str, hypothesis: str
) -> None:
    assert invented_names(source, hypothesis, {}) == []


def test_another_person_in_the_place_of_a_known_one_is_missing_and_invented() -> None:
    source, hypothesis = "وصل سيرغي لافروف أمس", "Yesterday Sergei Petrov arrived in the city"
    assert [m.text for m in missing_names(source, hypothesis, {})] == ["سيرغي لافروف"]
    assert [name.text for name in invented_names(source, hypothesis, {})] == ["Petrov"]


def test_small_words_that_sound_like_a_known_person_are_not_him() -> None:
    source = "التقى المشير حفتر مسؤولين"
    assert missing_names(source, "The marshal met officials after midnight", {})


def test_no_form_of_the_tables_is_longer_than_what_is_looked_up() -> None:
    rows = [row for table in TABLES for row in table.read_text("utf-8").splitlines()]
    rows = [row for row in rows if row and not row.startswith("#")]
    forms = [form for row in rows for form in row.split("\t")[0].split("|")]
    assert max(len(form.split()) for form in forms) <= 4
    assert all(row.count("\t") == 1 for row in rows)
