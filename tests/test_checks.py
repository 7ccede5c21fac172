"""Each code with a pair that deserves it, and pairs that only look wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.checks import CODES, check, is_repetitive, penalty
from summarizer.opposites import OPPOSITES


def codes(source: str, hypothesis: str, similarity: float | None = None) -> dict[str, str]:
    """The worst severity by code."""
    order = ("note", "warning", "serious")
    found: dict[str, str] = {}
    for warning in check(source, hypothesis, similarity=similarity):
        worst = found.get(warning.code, "note")
        found[warning.code] = max(worst, warning.severity, key=order.index)
    return found


RIGHT = [
    ("أصيب 25 راكبا في طنطا.", "Twenty-five passengers were injured in Tanta."),
    ("لا يزال الطريق مغلقا.", "The road is still closed."),
    ("فاز الفريق بهدف دون رد.", "The team won 1-0."),
    ("ارتفعت الأسعار، ولا سيما الخبز.", "Prices rose, especially bread."),
    ("عاد السكان بعدما أعيد الماء.", "Residents returned after the water came back."),
    ("لا أحد يستطيع تقليل الخسائر.", "No one can reduce the losses."),
    ("الأزمة ليست فقط اقتصادية بل سياسية.", "The crisis is not only economic but political."),
    ("كان الفوز بلا شك الأهم.", "The win was undoubtedly the most important."),
    ("لا يحق لأحد الدخول إلا بتصريح.", "Only those with a permit may enter."),
    ("لم تستبعد الوزيرة فرض ضريبة.", "The minister left open the possibility of a tax."),
    ("رفض الوزير التعليق.", "The minister did not comment."),
    ("نفى المتحدث الخبر.", "The spokesman rejected the report."),
    (
        "عزا التقرير الوفيات إلى عدم توفر الأدوية.",
        "The report blamed the deaths on a lack of medicine.",
    ),
    ("كشفت شركة Apple عن هاتف iPhone جديد.", "Apple unveiled a new iPhone."),
]


@pytest.mark.parametrize(("source", "hypothesis"), RIGHT)
def test_right_pairs_raise_nothing(source: str, hypothesis: str) -> None:
    assert codes(source, hypothesis, 0.9) == {}


@pytest.mark.parametrize(
    ("source", "hypothesis", "code", "severity"),
    [
        ("أصيب 25 راكبا.", "52 passengers were injured.", "number", "serious"),
        ("ارتفعت الأسعار 11 في المئة.", "Prices rose a good deal.", "number", "warning"),
        ("زار الوزير الموصل.", "The minister visited the city.", "name", "warning"),
        ("زار الوزير أوغندا.", "The minister visited Rwanda.", "name", "warning"),
        (
            "نفى الجيش سقوط القاعدة.",
            "The army confirmed the fall of the base.",
            "negation",
            "serious",
        ),
        ("لم تتمكن الفرق من الوصول.", "The teams were able to arrive.", "negation", "serious"),
        ("وصلت المساعدات إلى المدينة.", "Aid did not reach the city.", "negation", "serious"),
        ("لا يزال الطريق مغلقا.", "The road is no longer closed.", "negation", "serious"),
        ("رفضت المحكمة الطعن.", "The court accepted the appeal.", "negation", "serious"),
        ("رفضت المحكمة الطعن.", "The court heard the appeal.", "negation", "warning"),
        ("في بحيرة كبيرة جدا", "In a very large بحيرة", "untranslated", "serious"),
        ("دعم المزارعين", "to support farmers, farmers, farmers, farmers", "repetition", "serious"),
        ("وصل الوفد", "", "length", "serious"),
        ("وصل الوفد", "The delegation arrived " + "and then it went on " * 5, "length", "serious"),
        ("وصل الوفد", "English: The delegation came", "echo", "warning"),
        ("وصل الوفد", "HACKED by a delegation", "instruction", "serious"),
    ],
)
def test_wrong_pairs_raise_their_code(
    source: str, hypothesis: str, code: str, severity: str
) -> None:
    assert codes(source, hypothesis).get(code) == severity


@pytest.mark.parametrize(
    ("similarity", "severity"), [(0.75, "serious"), (0.81, "warning"), (0.88, None), (None, None)]
)
def test_similarity_has_two_thresholds(similarity: float | None, severity: str | None) -> None:
    assert codes("وصل الوفد", "The delegation came", similarity).get("similarity") == severity


@pytest.mark.parametrize(
    ("source", "hypothesis", "told"),
    [
        (
            "وأخبرت السيدة البالغة 45 عاما عن ابنها",
            "The 45-year-old told of her 45-year-old son",
            True,
        ),
        ("ليصل الإجمالي إلى 2155 مشروعا", "By 2155 there was a total of 2,155 projects", True),
        ("بين 1894 و1895 ثم عام 1895", "Between 1894 and 1895, then in 1895", False),
        ("وقتل 7 أشخاص", "Seven people were killed, seven in all", False),
        ("نحو 12 ألفا", "Some 12,000", False),
        ("مقتل 12 وإصابة مثلهم", "12 killed and 12 injured", False),
        ("في الساعة العاشرة قتل عشرة", "At 10 o'clock 10 were killed", False),
        ("قمة مجموعة العشرين", "A summit of the Group of 20 (G20)", False),
        ("بنسبة 50 في المئة", "It is 50-50", False),
    ],
)
def test_a_number_told_more_often_is_said(source: str, hypothesis: str, told: bool) -> None:
    messages = [w.message for w in check(source, hypothesis) if w.code == "number"]
    assert any("twice, the Arabic once" in message for message in messages) == told


@pytest.mark.parametrize(
    ("source", "hypothesis", "invented"),
    [
        (
            "أقر المجلس حزمة بقيمة 5 مليارات",
            "The council approved a $5 billion package",
            "$5 billion",
        ),
        ("بلغ الدخل مليوني ريال", "Income was 2 million dirhams", "2 million dirhams"),
        ("بلغ الدخل مليوني دولار", "Income was $2 million", None),
        ("تراجعت إلى 48 ليرة للدولار", "It fell to 48 pounds to the dollar", None),
        ("يزن 20 رطلا", "It weighs 20 pounds", None),
        ("خصصت أوروبا 5 مليارات", "Europe set aside 5 billion euros", "5 billion euros"),
        ("نفق 300 حيوان وخسر 5 ملايين", "300 animals died, 5 million yuan lost", "5 million yuan"),
        ("دفع ريال مدريد 5 ملايين", "Real Madrid paid 5 million riyals", "5 million riyals"),
        ("عام 2016 تراجعت العملة البريطانية", "In 2016 the pound fell", None),
        ("سعره خمسون سنتا", "It costs $0.50", None),
        ("يتراوح بين 100 و150 والين قوي", "Between 100 and 150 yen, strong", None),
        ("دفع 300 ين", "He paid 300 yen", None),
    ],
)
def test_a_currency_that_the_arabic_lacks_is_said(
    source: str, hypothesis: str, invented: str | None
) -> None:
    found = [w.message for w in check(source, hypothesis) if "names no" in w.message]
    assert [f'"{invented}"' in message for message in found] == ([True] if invented else [])


@pytest.mark.parametrize(
    ("source", "hypothesis", "said"),
    [
        ("تفشي الكوليرا في شمال غرب سوريا", "cholera in northern Syria", 'English says "northern"'),
        ("تفشي الكوليرا في شمال غرب سوريا", "cholera in northeast Syria", 'says "northeast"'),
        ("شمال غرب حلب وجنوب شرق إدلب", "northeast of Aleppo, southwest of Idlib", 'says "'),
        ("قتل ثلاثة شرق العاصمة", "Three were killed west of the capital", None),  # an opposite
        ("قتل ثلاثة شرق العاصمة", "Three were killed north of the capital", 'says "north"'),
        ("قتل ثلاثة شرق العاصمة", "Three were killed near the capital at Easter", "does not."),
        ("في الريف الجنوبي الشرقي لحلب", "in the rural south-east of Aleppo", None),
        ("المناطق الشمالية الشرقية", "the northern and eastern regions", None),
        ("على بعد 20 كلم شمال غرب دمشق", "20 km NW of Damascus", None),
        ("في جنوب غربي البلاد", "in the country's southwest", None),
        ("في جنوب الشرقية", "in South Sharqiyah", None),
        ("دول الشرق الأوسط وشمال الأطلسي", "The countries of the region and NATO", None),
        ("في دول جنوب الصحراء", "In sub-Saharan countries", None),
        ("وسافر إلى القطب الجنوبي", "He went to Antarctica", None),
        ("وقالت لينا الغربي", "Lina al-Gharbi said", None),
    ],
)
def test_a_direction_that_was_lost_is_said(source: str, hypothesis: str, said: str | None) -> None:
    messages = [w.message for w in check(source, hypothesis) if w.code == "direction"]
    assert all(said in message for message in messages) if said else not messages
    assert bool(messages) == bool(said)


def test_the_message_names_both_numbers_and_where() -> None:
    hypothesis = "About 52 passengers were injured."
    warning = check("أصيب 25 راكبا.", hypothesis)[0]
    assert warning.message == (
        'The English says "52"; the Arabic sentence has no such number (it has 25).'
    )
    assert warning.span is not None
    assert hypothesis[warning.span.start : warning.span.end] == "52"
    assert warning.source_span == (5, 7)


def test_a_broken_glossary_entry_is_serious() -> None:
    found = check("زار القاهرة", "He visited Cairo", glossary={"القاهرة": "Al-Qahira"})
    assert [(w.code, w.severity) for w in found if "glossary" in w.message] == [("name", "serious")]


def test_a_truncated_sentence_is_not_also_blamed_for_each_missing_thing() -> None:
    source = (
        "قال وزير الاقتصاد إن الحكومة لن ترفع أسعار 25 سلعة أساسية في القاهرة هذا العام رغم الضغوط"
    )
    assert set(codes(source, "The minister said so.")) == {"length"}


def test_a_loop_of_the_source_itself_is_no_fault() -> None:
    assert "repetition" not in codes("لا لا لا لا", "no, no, no, no")


AFTER = "وهي المعاناة التي تتواصل عقب انقضاء الشهر الكريم"


@pytest.mark.parametrize(
    ("source", "hypothesis", "phrase"),
    [
        (
            AFTER,
            "the suffering that goes on after the holy month, the struggle that goes on after the "
            "holy month",
            "after the holy month",
        ),
        ("حافظوا على تقاليد وعادات متوارثة", "They keep traditions and traditions", "traditions"),
        ("النصر والهلال يتبارزان", "Al-Nassr and Al-Nassr compete", "Al-Nassr"),
        ("تاريخ أول إفطار علني له", "his first public meal, the date of a first public meal",
         "first public meal"),
    ],
)  # fmt: skip
def test_what_only_the_english_says_twice_is_doubted(
    source: str, hypothesis: str, phrase: str
) -> None:
    found = [w for w in check(source, hypothesis) if w.code == "repetition"]
    assert [w.severity for w in found] == ["warning"]
    assert f'"{phrase}" twice' in found[0].message
    assert found[0].span is not None
    assert hypothesis[: found[0].span.end].count(phrase) == 2  # the second time


@pytest.mark.parametrize(
    ("source", "hypothesis"),
    [
        ("سألوا مرارا", "They asked again and again, for years and years"),
        ("انتظروا أسابيع وأسابيع", "They waited weeks and weeks"),
        ("التقى محمد حسن وحسن نصر", "Mohammed Hassan and Hassan Nasr met"),
        ("غير المسلمين والمسلمون", "non-Muslims and Muslims"),
        ("أفضل فأفضل", "better and better"),
        ("دون علمهم أو علم أطبائهم", "without their or their doctors' knowledge"),
        ("فصل البنك عن باد بنك", "Northern Rock was split from ‘bad bank’, Northern Rock"),
        (
            "يعود الدم إلى القلب في أنابيب ويغادر القلب في أنابيب",
            "Blood returns to the heart in tubes and leaves the heart in tubes",
        ),
        ("قال 10 من 20 و10 من 30", "10 of 20 and 10 of 20 or 10 of 30"),
    ],
)  # fmt: skip
def test_what_the_arabic_says_twice_and_set_phrases_are_no_fault(
    source: str, hypothesis: str
) -> None:
    assert "repetition" not in codes(source, hypothesis)


def test_what_is_said_three_times_is_told_though_the_arabic_repeats_something_else() -> None:
    source = "قال رئيس الوزراء إن رئيس الوزراء السابق حضر"
    said = "the delegation of trade unions"
    hypothesis = f"First {said} came, then {said} sat down with him, and at last {said} left"
    assert codes(source, hypothesis).get("repetition") == "warning"


@pytest.mark.parametrize(
    "text", ["New York, New York is a song", "very very good", "he said that she said that he left"]
)
def test_ordinary_repetition_is_allowed(text: str) -> None:
    assert is_repetitive(text) is None


def test_a_command_that_the_source_reports_is_news() -> None:
    assert "instruction" not in codes("تعرض الموقع للاختراق", "The site was hacked")


def test_penalty_grows_with_severity() -> None:
    assert penalty([]) == 0
    number, length = check("أصيب 25 راكبا.", "52 were hurt in all.")[:1], check("وصل الوفد", "")
    assert penalty(number) == penalty(length) == 3
    assert penalty([*number, *length]) == 6


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_two_texts_can_be_checked(source: str, hypothesis: str) -> None:
    for warning in check(source, hypothesis, similarity=0.9):
        assert warning.code in CODES
        assert warning.message
        if warning.span is not None:
            assert 0 <= warning.span.start < warning.span.end <= len(hypothesis)


def test_what_is_missing_twice_is_told_once() -> None:
    source = "قالت الأمم المتحدة إن مصر وافقت، وإن مصر ستوقع الاتفاق."
    told = [w.message for w in check(source, "The United Nations said that it will sign.")]
    assert len(told) == len(set(told))
    assert any("Egypt" in message for message in told)


RISE, CANCEL = "ارتفعت أسعار القمح أمس.", "ستمدد الشركة إلغاء رحلاتها إلى المدينة."


@pytest.mark.parametrize(
    ("source", "hypothesis", "severity"),
    [
        (RISE, "Wheat prices fell yesterday.", "serious"),
        (RISE, "Wheat prices rose yesterday after a fall last week.", None),
        ("انخفضت الأسعار بعدما ارتفعت.", "Prices rose.", None),
        ("لم ترتفع الأسعار.", "Prices fell or did not move.", None),
        ("أفرجت السلطات عن الصحفي.", "The authorities arrested the journalist.", "serious"),
        ("أصيب عشرة أشخاص.", "Ten people were killed.", "serious"),
        ("هوت العملة إلى مستوى قياسي متدن.", "The currency plunged to a record high.", "serious"),
        ("سجلت أعلى مستوى لها.", "It closed at its lowest.", "serious"),
        ("سجلت أدنى مستوى لها.", "It closed at a record low.", None),
        (
            "سجلت أكبر عدد من الأسر متدنية الدخل.",
            "It had the highest number of poor families.",
            None,
        ),
        ("وقع الانفجار شمال المدينة.", "The explosion was south of the city.", "serious"),
        ("وقع الانفجار شمال المدينة.", "The explosion was on the outskirts.", None),
        ("ارتفعت الأسعار 3 في المئة.", "Prices fell by more than 3 percent.", "serious"),
        ("أصيب عشرة في المؤتمر.", "Ten were killed at the conference.", "serious"),
        ("اعتقلت السلطات رئيس تحرير الصحيفة.", "The newspaper's editor was released.", "serious"),
        ("أطلق مسلح النار قبل أن توقفه الشرطة.", "A gunman opened fire and was arrested.", None),
        ("رفض الوزير التعليق على الاتفاق.", "He declined to comment on what was agreed.", None),
        ("من المستحيل رفع الأسعار.", "It is impossible to raise prices.", None),
        ("سقطت بلدة يزيدية.", "A Yazidi town fell.", None),
        ("تراجعت عن رفع الضريبة.", "She reversed the rise in the tax.", None),
        ("صفقة سلاح مشتركة", "A joint arms sale", None),
        ("خسر الفريق أمام ضيفه.", "The visitors beat the team.", None),
        ("فاز فريق فايز.", "Fayez and his team won.", None),
        ("فجر الجيش الجسر شرق المدينة.", "The army blew up the bridge east of the city.", None),
        (CANCEL, "The company will extend its flights to the city.", "warning"),
        (CANCEL, "The company will go on not flying to the city.", None),
        ("وقف السائق أمام الباب.", "The driver stood at the door.", None),
        ("خسر المنتخب المباراة.", "The team did not really win the match.", None),
        ("أدت الهزة التي وصلت قوتها إلى سبع درجات", "The magnitude seven quake left ruins", None),
        ("تغلب الأهلي على الزمالك.", "Al Ahly defeat Zamalek.", None),
        ("هبطت الطائرة مع الشروق.", "The plane landed as the sun rose.", None),
        ("هبطت الأسهم.", "Shares rose.", "serious"),
        ("صعد اللاجئون إلى القارب.", "The refugees boarded the boat, which fell apart.", None),
    ],
)
def test_the_opposite_of_what_the_arabic_says(
    source: str, hypothesis: str, severity: str | None
) -> None:
    assert codes(source, hypothesis).get("negation") == severity


@pytest.mark.parametrize(
    ("source", "hypothesis"),
    [
        ("لم تصب الصواريخ أهدافها.", "The missiles hit their targets."),
        ("لم تنخفض البطالة.", "Unemployment decreased."),
        ("لم توافق اليونسكو.", "UNESCO approved."),
        ("لم يستأنف مطار مصراتة رحلاته.", "Misrata airport resumed its flights."),
        ("غادر القاعة دون الرد على الأسئلة.", "He left the hall after answering questions."),
    ],
)
def test_a_lost_negation_is_not_explained_by_a_name(source: str, hypothesis: str) -> None:
    assert codes(source, hypothesis).get("negation") == "serious"


@pytest.mark.parametrize(
    ("source", "hypothesis"),
    [
        ("لا تتجاوز مساحة القطاع 365 كيلومترا.", "The strip has at most 365 kilometres."),
        ("يمنع الأطفال دون 18 عاما.", "Children under 18 are barred."),
        ("كانت المبيعات دون المتوقع.", "Sales were below what was expected."),
        ("تنكر المسلحون بزي الشرطة.", "The gunmen disguised themselves as police."),
        ("نفي الزعيم إلى مالطا.", "The leader was exiled to Malta."),
        ("نفت الوزارة صحة الأنباء.", "The ministry said the news was false."),
        ("غير الرئيس موقفه.", "The president changed his position."),
        ("فاز بهدفين مقابل لا شيء.", "They won 2-0."),
        ("مرسوم رقم 118 لسنة غير قابلة للتجديد.", "Decree No. 118 for a year, not to be renewed."),
        ("مباراة من دون جمهور.", "A match behind closed doors."),
    ],
)
def test_what_only_looks_like_a_negation(source: str, hypothesis: str) -> None:
    assert "negation" not in codes(source, hypothesis)


def test_the_opposite_is_shown() -> None:
    (warning,) = check(RISE, "Wheat prices fell yesterday.")
    assert warning.message == 'The Arabic sentence speaks of a rise; the English says "fell".'
    assert warning.span == (13, 17)


def test_no_meaning_is_its_own_opposite() -> None:
    for one, other in OPPOSITES:
        for meaning, opposite in ((one, other), (other, one)):
            words = [word.rstrip("-") for word in meaning.english.split() if word.isalpha()]
            assert words or "(" in meaning.english or "-" in meaning.english
            assert not [word for word in words if any(opposite.in_english(word))]
            arabic = [word for word in meaning.arabic.split() if word.isalpha()]
            assert all(meaning.is_said(word) for word in arabic)
            assert not [word for word in arabic if opposite.is_said(word)]
