"""What stands around an article and is not the article: names, dates, buttons, links.

The rules are data: lists of words and patterns, each with the reason that it gives. They
see one line at a time, in a spelling where أ is ا and ة is ه. A line that reads like a
sentence (`protected`) is taken out only where it is a legal footer or a repetition.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from summarizer.arabic import fold_letters, match_key, to_ascii_digits
from summarizer.numbers.arabic_tables import MONTH_NAMES

REASONS = {
    "ad": "advertisement",
    "byline": "who wrote or sent it",
    "caption": "picture or video caption",
    "comments": "reader comments",
    "copyright": "copyright or about-us notice",
    "counter": "count of readers, minutes or comments",
    "cut": "beyond the length that is read",
    "date-line": "date or time of publication",
    "disclaimer": "disclaimer",
    "duplicate": "said before, word for word",
    "mark": "ornament or end mark",
    "nav": "menu, section name or breadcrumb",
    "promo": "invitation to follow or subscribe",
    "related": "link to another story",
    "share": "share button",
    "slogan": "name or slogan of the site",
    "tags": "tags",
}


@dataclass(frozen=True, slots=True)
class Removed:
    """A text that was read and is not part of the article.

    Attributes:
        text: The text as it stood, normalised.
        reason: One of the codes in `REASONS`.
    """

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Sorted:
    """The lines of a page, each in its place; `published` is an ISO date."""

    title: str
    body: tuple[str, ...]
    byline: str | None
    published: str | None
    removed: tuple[Removed, ...]


@dataclass(slots=True)
class _Line:
    """A line on its way: what is left of it, why it goes, what was cut off its ends."""

    text: str
    reason: str | None = None
    before: list[Removed] = field(default_factory=list)
    after: list[Removed] = field(default_factory=list)


# --- words as data ------------------------------------------------------------------


def _keys(words: str) -> frozenset[str]:
    return frozenset(match_key(words).split())


def _pattern(*alternatives: str) -> re.Pattern[str]:
    return re.compile(fold_letters("|".join(f"(?:{a})" for a in alternatives)), re.IGNORECASE)


_SMALL_WORDS = _keys("على عبر هذا هذه إلى مع في من و أو لـ عن تم")
_SHARE = _keys(
    "شارك شاركنا شاركها شاركوا مشاركة المشاركة انشر أرسل إرسال طباعة اطبع نسخ انسخ الرابط رابط "
    "تويتر فيسبوك فيس بوك واتساب واتس آب تلغرام تيليغرام تليجرام تلجرام لينكدإن لينكد إن بريد "
    "البريد الإلكتروني إلكتروني ماسنجر بينتريست ريديت إنستغرام انستجرام يوتيوب سناب شات تيك توك "
    "facebook twitter whatsapp telegram linkedin email copy link print share pinterest messenger "
    "reddit tweet x الخبر المقال الموضوع المقالة التقرير صديق لصديق الأصدقاء حفظ احفظ"
)
_SECTIONS = _keys(
    "أخبار الأخبار سياسة السياسة اقتصاد الاقتصاد واقتصاد رياضة الرياضة ورياضة منوعات ثقافة "
    "وثقافة فن وفن فنون وفنون تكنولوجيا وتكنولوجيا تقنية علوم وعلوم صحة وصحة محليات محلية عربي "
    "عربية عربيات دولي ودولي دولية عالمي عالمية عالم العالم حوادث تقارير مقالات رأي الرأي آراء "
    "فيديو صور وصور مجتمع عاجل الرئيسية القائمة بحث بحث التالي السابق news home menu search"
)
_DATE_WORDS = _keys(
    "الأحد الإثنين الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت أحد اثنين ثلاثاء أربعاء خميس "
    "جمعة سبت محرم صفر ربيع الأول الأولى الآخر الآخرة الثاني الثانية جمادى رجب شعبان رمضان شوال "
    "ذو ذي القعدة الحجة م ه ص ت مساء صباحا ظهرا الساعة بتوقيت توقيت غرينتش جرينتش مكة المكرمة "
    "نشر نشره نشرت نشرها النشر آخر تحديث التحديث محدث حدث تاريخ التاريخ بتاريخ الموافق عام سنة "
    "اليوم أمس منذ قبل دقيقة دقائق ساعة ساعات ساعتين يوم أيام يومين أسبوع شهر gmt utc am pm "
    "published updated الإضافة كتب يوم monday tuesday wednesday thursday friday saturday sunday"
)
_AGENCIES = (
    r"وكالات|وكالة [\w ]{2,30}|رويترز|الفرنسية|أسوشيتد ?برس|الأناضول|سبوتنيك|شينخوا|بترا|واس|وام"
    r"|سانا|قنا|كونا|بنا|وفا|واع|وات|أ ?\.? ?ف ?\.? ?ب\.?|د ?\.? ?ب ?\.? ?أ\.?|أ ?\.? ?ب\.?|أ ?ش ?أ"
    r"|و ?\.?م ?\.?ع|متابعات?|خاص|مراسلون|CNN|BBC|AFP|Reuters|AP|DW|RT"
)
_NAME = r"[^\s.:]+(?: [^\s.:]+){0,2}"
_ENGLISH_MONTHS = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
]  # fmt: skip
_MONTHS = {
    **{fold_letters(name): number for name, number in MONTH_NAMES if number <= 12},
    **{month: number for number, month in enumerate(_ENGLISH_MONTHS, 1)},
    **{month[:3]: number for number, month in enumerate(_ENGLISH_MONTHS, 1)},
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATE_KEYS = _DATE_WORDS | _keys(" ".join(_MONTHS))

_RELATED = (
    r"[اإ]?قرأ(?:وا)? (?:أيضا|المزيد|كذلك|أكثر)|(?:طالع|شاهد|انظر|تابع)(?:وا)? (?:أيضا|المزيد)"
    r"|(?:قد|ربما) (?:يعجبك|يهمك|تهمك|يعجبكم|يهمكم|تعجبك)(?: أيضا)?"
    r"|(?:مواضيع|موضوعات|أخبار|مقالات|روابط|تقارير|مواد) (?:ذات صلة|متعلقة|مشابهة|مرتبطة)"
    r"|ذات صلة|مقالات أخرى للكاتب|(?:الأخبار )?الأكثر (?:قراءة|مشاهدة|شيوعا|تداولا|تعليقا)"
    r"|تصفح المزيد|للمزيد اقرأ|read (?:more|also)|related (?:articles|news|stories)"
)
_TAGS = r"(?:ال)?كلمات (?:ال)?(?:دلالية|مفتاحية)|(?:ال)?وسوم|علامات|هاشتا[غج]|تا[غج]ات|tags?"
_RIGHTS = r"(?:جميع|كل|كافة) الحقوق محفوظة|حقوق (?:النشر|الطبع)|all rights reserved|©"
_VIEWS = (
    r"الآراء الواردة [^.]{0,90}(?:لا تعبر|لا تعكس|هي آراء|تعبر عن)|المقال(?:ات)? [^.]{0,60}لا يعبر"
)
_FOLLOW = r"تابع(?:وا|ونا|نا)? [^.]{1,40}(?:على|عبر|في)(?: |:)|رابط الخبر"

_OPENS_BLOCK = (
    (
        "related",
        _pattern(_RELATED, r"آخر الأخبار$|أحدث الأخبار$|مختارات$|المزيد(?: من| حول| عن).*"),
    ),
    ("tags", _pattern(_TAGS)),
)
_LEGAL = (  # goes even where it reads like a sentence
    ("copyright", _pattern(_RIGHTS)),
    ("disclaimer", _pattern(_VIEWS)),
    ("comments", _pattern(r"إرشادات الاستخدام|مراجعة التعليقات قبل نشرها|شروط التعليق")),
)
_RULES: tuple[tuple[str, int, re.Pattern[str]], ...] = (  # reason, most words, whole line
    ("mark", 4, _pattern(r"[\W_]*", r"[\W_]*(?:انتهى|ا ?هـ?|يتبع)[\W_]*")),
    ("ad", 4, _pattern(r"إعلانا?ت?(?: ممول| مدفوع)?|مساحة إعلانية|محتوى مدفوع|advertisement|ads?")),
    ("counter", 8, _pattern(
        r"(?:عدد )?(?:ال)?(?:مشاهدات|قراءات|زيارات|مشاهدة|قراءة|تعليقات)"
        r" ?:? ?\(?\d[\d,.]*\)?(?: مرة)?",
        r"\d[\d,.]*ك? (?:مشاهدات?|قراءات?|زيارات?|تعليق(?:ات)?|مشاركات?"
        r"|دقائق? (?:ل?ل?قراءة)|views?)",
        r"(?:مدة|وقت|زمن) القراءة.*")),
    ("comments", 8, _pattern(
        r"(?:ال)?تعليق(?:ات)?(?: الزوار| القراء)?|[أا]ضف تعليقا?.*|اترك تعليقا?.*"
        r"|(?:اكتب|أرسل) تعليقك?.*",
        r"لا (?:توجد|يوجد) تعليقات?.*|كن أول من (?:يعلق|يكتب).*|شاركنا (?:ب)?رأيك.*")),
    ("promo", 25, _pattern(
        rf"(?:{_FOLLOW}).*", r"تابعونا.*|تابعنا.*|للاشتراك.*|اشترك(?:وا)? (?:في|الآن|ب).*",
        r"(?:اشترك في )?(?:ال)?نشرة (?:ال)?(?:بريدية|إخبارية).*|لمتابعة (?:آخر|أهم|أحدث|كل) .*",
        r"انضم(?:وا)? (?:إلى|الى) (?:قناتنا|مجموعتنا|نشرتنا|متابعي).*",
        r"(?:حمل|حملوا|نزل) (?:ال)?تطبيق.*",
        r"لمزيد من (?:الأخبار|التفاصيل).*|للمزيد.{0,60}|احصل على آخر.*|سجل (?:بريدك|الآن).*")),
    ("byline", 12, _pattern(
        r"(?:كتبت?|كتبه|بقلم|تحرير|إعداد|تقرير|ترجمة|مراسل\w*|المصدر) ?[:/|-] ?\S.*",
        r"(?:بقلم|حاوره?|حاورته?ا?|نقلا عن) \S+(?: \S+){0,4}",
        rf"[-–—(/\s]*(?:{_AGENCIES})(?:[\s:/|،–—-]+(?:{_AGENCIES}))*[)\s:/.-]*",
        rf"{_NAME} ?[-–—/|،(:]+ ?(?:{_AGENCIES})[\s/:|)–—-]*",
        rf"(?:{_AGENCIES}) ?[-–—/|،:]+ ?{_NAME}",
        r"[a-z]{3,15}[. ](?:info?|com|net|org)\b.{0,45}")),
    ("caption", 25, _pattern(
        r"(?:تعليق )?(?:ال)?(?:صورة|صور|تصوير|عدسة|فيديو)"
        r"(?: أرشيفية| توضيحية| تعبيرية| من الأرشيف| متداولة)?"
        r" ?[:/|(-].*",
        r"\(?(?:صورة )?(?:أرشيفية|من الأرشيف|توضيحية|تعبيرية)\)?",
        r"(?:عدسة|تصوير) \S+(?: \S+){0,3}",
        r"[^.]*[(\[](?:تصوير|عدسة|صورة) ?[:/-]? ?[^)]+[)\]]",
        r"[^.]* [-–—|/] ?(?:صورة )?(?:أرشيفية|من الأرشيف|توضيحية|تعبيرية)",
        rf"[^.]*[(\[](?:{_AGENCIES}|غيتي[^)]*|الجزيرة|مواقع التواصل[^)]*|أرشيف\w*|getty[^)]*)"
        r"(?: ?[-–/] ?\w+)?[)\]]")),
    ("nav", 12, _pattern(
        r"الرئيسية\b.*", r"(?:[^>›|•]{1,30}[>›|•]){2,}[^>›|•]{1,30}", r"تخط[يى] إلى .*",
        r"تسجيل الدخول.*|تحميل المزيد|عرض المزيد|العودة إلى .*|الصفحة (?:التالية|السابقة)")),
)  # fmt: skip

# --- looking at one line ------------------------------------------------------------

LONGEST_FURNITURE = 800  # characters

_SENTENCE_END = re.compile(r"[.…][\"”»’')\]]*$")


def _word_count(line: str) -> int:
    return len(line.split())


def protected(line: str) -> bool:
    """Whether a line reads like a sentence of the article: 12 words and a full stop."""
    return _word_count(line) >= 12 and bool(_SENTENCE_END.search(line))


def prose(line: str) -> bool:
    """Whether a line can only be running text: 8 words and a full stop, or 20 words."""
    words = _word_count(line)
    return words >= 20 or (words >= 8 and bool(_SENTENCE_END.search(line)))


def classify(line: str) -> str | None:
    """Say why a normalised line is furniture, by the line alone.

    Returns:
        A code of `REASONS`, or None where the line may belong to the article.
    """
    words = _word_count(line)
    folded = fold_letters(to_ascii_digits(line)).strip(" •●▪*-–—")
    if len(line) > LONGEST_FURNITURE:
        return None
    if words <= 60 and (legal := [why for why, rule in _LEGAL if rule.search(folded)]):
        return legal[0]
    if protected(line):
        return None
    for reason, opener in _OPENS_BLOCK:
        if words <= 30 and opener.match(folded):
            return reason
    rules = (why for why, most, rule in _RULES if words <= most and rule.fullmatch(folded))
    return _by_words(line, words) or next(rules, None)


_ERA = re.compile(r"(?<=\d)[هم]\b")  # of 1447ه and 2025م


def _by_words(line: str, words: int) -> str | None:
    """Judge a line by what all its words are: buttons, sections, dates or hashtags."""
    if all(word.startswith("#") for word in line.split()):
        return "tags"
    words_of_it = _ERA.sub("", match_key(line)).split()
    found = {word for word in words_of_it if not word.isdecimal()}
    telling = found - _SMALL_WORDS
    dates = telling & _DATE_KEYS  # a place or a source may stand beside a full date
    others = len(telling - dates)
    dated = bool(re.search(r"\d|منذ|^(?:(?:اليوم|أمس) ?)+$", line))
    if dated and words <= 20 and (not others or (others <= 2 and len(dates) >= 3)):
        return "date-line"
    if words <= 12 and telling and telling <= _SHARE:
        return "share"
    if words <= 6 and telling and telling <= _SECTIONS:
        return "nav"
    return None


# --- dates --------------------------------------------------------------------------

_ISO = re.compile(r"\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?")
_YEAR = r"((?:19|20)\d\d)(?!\d)"  # 2025م, but never a Hijri year: 25/5/1447
_DAY_MONTH = re.compile(
    rf"\b(\d{{1,2}})(?: من)?(?: شهر)? ?(?:{_MONTH})?(?: ?[/–-] ?)?({_MONTH})"
    rf"(?:[ ,،/]| من| عام| سنه)*{_YEAR}",
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(rf"\b({_MONTH}) (\d{{1,2}})[ ,،]+{_YEAR}", re.IGNORECASE)
_YMD = re.compile(rf"\b{_YEAR}[/.-](\d{{1,2}})[/.-](\d{{1,2}})(?!\d)")
_DMY = re.compile(rf"\b(\d{{1,2}})[/.-](\d{{1,2}})[/.-]{_YEAR}")


def parse_date(text: str) -> str | None:
    """Find the first Gregorian date of a text, Arabic or English, either digits.

    `03/05/2024` is read day first, as Arabic papers write it.

    Returns:
        An ISO date (a datetime where the text has one in ISO form), or None.
    """
    text = fold_letters(to_ascii_digits(text)).replace("ـ", "")
    if found := _ISO.search(text):
        try:
            datetime.fromisoformat(found[0])
        except ValueError:
            return None
        return found[0]
    for pattern, order in ((_DAY_MONTH, "dmy"), (_MONTH_DAY, "mdy"), (_YMD, "ymd"), (_DMY, "dmy")):
        if found := pattern.search(text):
            part = dict(zip(order, found.groups(), strict=True))
            month = _MONTHS.get(part["m"].lower()) or int(part["m"])
            try:
                return date(int(part["y"]), month, int(part["d"])).isoformat()
            except ValueError:
                continue
    return None


# --- cutting furniture off a line ---------------------------------------------------

_ENDED = r"(?<=[.!؟?…”\"»)\]\d]) ?"
_TAIL = _pattern(
    rf"{_ENDED}(?:{_RELATED}|{_FOLLOW}|{_RIGHTS}|{_VIEWS}|[_=*]{{4,}})",
    r" تابع(?:وا|ونا|نا)? \S{1,20}(?: \S{1,20}){0,3} (?:على|عبر) ?:$| اقرأ (?:أيضا )?للكاتب$",
    r"(?<=\S) (?:تصفح المزيد )?(?:شبكة|قناة|صحيفة|موقع)[^.؟!]{0,60}(?:إعلامية|إخبارية|يومية)"
    rf"[^.؟!]{{0,90}}(?:انطلقت|تأسست?)[^.]{{0,100}}\. ?(?={_RIGHTS})",
)
_STAMP = rf"(?:(?:اليوم|امس) \d{{1,2}}:\d\d|\d{{1,2}} (?:{_MONTH})(?: \d{{1,2}}:\d\d)?)"
_STAMPS = re.compile(rf" {_STAMP}(?: {_STAMP})+(?= |$)|(?<=[.!؟?”\"»]) {_STAMP}$")
_LONGEST_TAIL = 45  # words; more than that is text, whatever stands before it
_DATELINE = _pattern(
    rf"[^().]{{0,45}}\((?:{_AGENCIES})[^()]{{0,40}}\) ?[-–—:]+ ?",  # دمشق (رويترز) -
    rf"(?:[^\s/–—-]{{1,30}} ?){{1,3}}[-–—/،] ?(?:{_AGENCIES}) ?[:–—-]+ ?",  # دمشق - رويترز:
    rf"[^\s/]{{2,20}} ?/ ?\d{{1,2}} (?:{_MONTH})[^/]{{0,8}}/ ?\w{{2,12}} ?/ ?",  # دمشق/3 مايو/سانا/
    # القدس المحتلة- or سامي حداد- صوت الشمال- جدة: a dash glued to the word before it; one
    # with a space on both sides may open an aside.
    r"(?:[^\s:.،()/–—-]{2,20} ?){1,3}(?<! )[-–—]+ (?:[^\s:–—-]{2,20}[-–—] )?(?:[^\s:–—-]{2,20}: )?",
    rf"(?:{_AGENCIES}) ?[:–—-]+ ",  # رويترز -
    r"(?:[^\s:]{1,30} ?){1,3}:[-–—]+ ?",  # موقع كذا:-
    r"[^\s:–—-]{2,20} ?[-–—] ?[^\s:]{2,20} ?: ",  # صحيفة - دمشق:
    r"[^\s().]{2,20} ?\([^()]{2,25}\) ?[-–—] ?[^\s:]{2,20} ?: ",  # المدية (الجزائر) - واج:
    rf"(?:[^\s().]{{2,20}} ){{1,2}}\((?:{_AGENCIES})\) ",  # دمشق (وكالات) قتل
    r"(?:[^\s/.،]{2,20} ?){1,3} / (?:[^\s/.،]{2,20} ?){1,3} / ",  # وكالة / دمشق / قتل
)


def _cut_tail(line: _Line) -> None:
    """Cut what is glued to the end of a line: links, notices, time stamps of other stories."""
    for _ in range(6):  # each round may uncover another tail
        folded = fold_letters(to_ascii_digits(line.text))
        found = _TAIL.search(folded)
        if found and _is_tail(folded[found.start() :]):
            tail = line.text[found.start() :].strip()
            line.after.insert(0, Removed(tail, classify(tail) or "related"))
            line.text = line.text[: found.start()].rstrip()
        elif stamps := _STAMPS.search(folded):
            line.after.insert(
                0, Removed(line.text[stamps.start() : stamps.end()].strip(), "related")
            )
            line.text = (line.text[: stamps.start()] + line.text[stamps.end() :]).rstrip()
        else:
            return


def _is_tail(text: str) -> bool:
    if _word_count(text) > _LONGEST_TAIL:
        return False
    legal = any(rule.search(text) for _, rule in _LEGAL)
    return legal or not re.search(r"[.؟!] \S", text.rstrip(" .؟!"))


def _cut_dateline(line: _Line) -> None:
    """Cut `دمشق (رويترز) - ` off the first sentence."""
    found = _DATELINE.match(fold_letters(line.text))
    if found and _word_count(line.text[found.end() :]) >= 4:
        line.before.append(Removed(line.text[: found.end()].strip(), "byline"))
        line.text = line.text[found.end() :].strip()


# Emoji and the like; •, – and ➊ may be of a list, ★ of a rating.
_SIGN = (
    "[\u231a-\u23ff\u25b6\u25c0\u2600-\u2604\u2607-\u2775\u2794-\u27bf\u2b00-\u2bff"
    "\U0001f000-\U0001faff\ufe0f]"
)
_SIGNS_BEFORE = re.compile(f"{_SIGN}(?:{_SIGN}| )*")
_SIGNS_AFTER = re.compile(f"(?:{_SIGN}| )*{_SIGN}")
_URGENT = _pattern(
    rf"#?(?:خبر )?عاجل(?: جدا)?[ {_SIGN[1:-1]}]*(?:[|:!…/–-]+|\.{{2,}}) ?",
    r"(?:بالفيديو|بالصور)(?:\.{2,}|…| ?[|:]) ?",
    r"(?:خاص|حصريا?|فيديو|شاهد|تحديث|رسميا) ?\| ?",
)


def _cut_signs(line: _Line) -> None:
    """Cut signs for the eye off both ends."""
    if before := _SIGNS_BEFORE.match(line.text):
        line.before.append(Removed(before[0].strip(), "mark"))
        line.text = line.text[before.end() :]
    if after := _SIGNS_AFTER.match(line.text[::-1]):
        line.after.append(Removed(after[0][::-1].strip(), "mark"))
        line.text = line.text[: -after.end()].rstrip()


def _cut_label(line: _Line) -> None:
    """Cut `عاجل | بالفيديو.. ` off a line."""
    for _ in range(2):
        label = _URGENT.match(fold_letters(line.text))
        if not label or _word_count(line.text[label.end() :]) < 3:
            return
        line.before.append(Removed(line.text[: label.end()].strip(), "nav"))
        line.text = line.text[label.end() :].strip()


# --- looking at all lines -----------------------------------------------------------

_LONGEST_BLOCK = 8  # lines of links between two paragraphs


def sort_lines(lines: Iterable[str], *, title: str = "") -> Sorted:
    """Tell the article from what stands around it; every line ends up somewhere.

    Args:
        lines: The normalised, non-empty lines of a page, in order.
        title: The headline where it is known from elsewhere, else "" to look for it.
    """
    page, given = [_Line(line) for line in lines], _Line(title)
    for line in (given, *page):
        _cut_signs(line)
    for line in page:
        _cut_tail(line)
        line.reason = classify(line.text)
    for line in (given, *page):
        if not line.reason:
            _cut_label(line)
    _mark_blocks(page)
    title, head = _find_title(page, given.text)
    _mark_head(page, head, title)
    _mark_signature(page)
    _mark_duplicates(page, head, title)
    first = next((line for line in page if not line.reason and line is not head), None)
    if first:
        _cut_dateline(first)
    body = tuple(line.text for line in page if not line.reason and line is not head)
    removed = tuple(part for line in (given, *page) for part in _parts(line) if part.text)
    credits = [_credit(part.text) for part in removed if part.reason == "byline"]
    dates = [parse_date(part.text) for part in removed if part.reason == "date-line"]
    return Sorted(title, body, next(filter(None, credits), None),
                  next(filter(None, dates), None), removed)  # fmt: skip


def _parts(line: _Line) -> list[Removed]:
    own = [Removed(line.text, line.reason)] if line.reason else []
    return [*line.before, *own, *line.after]


def _credit(text: str) -> str:
    text = text.strip(" /\\|:-–—_")
    return text[1:-1] if re.fullmatch(r"[(\[][^()]*[)\]]", text) else text


def _mark_blocks(page: list[_Line]) -> None:
    """Take out the lines under `اقرأ أيضا` or `الوسوم`, until running text resumes."""
    begun = False
    for number, line in enumerate(page):
        begun = begun or (line.reason is None and prose(line.text))
        if not begun or line.reason not in {"related", "tags"}:
            continue
        rest = page[number + 1 :]
        goes_on = _is_tag if line.reason == "tags" else _is_link
        length = next((i for i, other in enumerate(rest) if not goes_on(other.text)), len(rest))
        alone = _word_count(line.text) <= 4
        if (length == len(rest) and goes_on is _is_link) or (alone and length <= _LONGEST_BLOCK):
            for other in rest[:length]:
                other.reason = other.reason or line.reason


def _is_link(text: str) -> bool:
    return not prose(text)


def _is_tag(text: str) -> bool:
    return _word_count(text) <= 3 and not _SENTENCE_END.search(text)


def _forms(word: str) -> set[str]:
    return {word, re.sub(r"^[وفبلك]?(?:ال)?(?=\w{3})", "", word)}


def _overlap(text: str, other: str) -> float:
    """The share of the words of `text` that `other` has, with or without clitics."""
    return _shared(text, other) / max(1, len(_long_words(text)))


def _shared(text: str, other: str) -> int:
    """How many words of `text` `other` has, with or without clitics."""
    theirs = {form for word in match_key(other).split() for form in _forms(word)}
    return sum(not theirs.isdisjoint(_forms(word)) for word in _long_words(text))


def _long_words(text: str) -> set[str]:
    return {word for word in match_key(text).split() if len(word) >= 3}


def _find_title(page: list[_Line], title: str) -> tuple[str, _Line | None]:
    """The headline: the first short line before the body whose words the body takes up."""
    if title:
        return title, None
    candidates = []
    for line in page:
        if line.reason:
            continue
        if prose(line.text) or (_SENTENCE_END.search(line.text) and _word_count(line.text) > 3):
            break
        candidates.append(line)
    body = " ".join([line.text for line in page if not line.reason and prose(line.text)][:8])
    if not body:  # only short lines: the first is the headline
        return (candidates[0].text, candidates[0]) if candidates else ("", None)
    wordy = [line for line in candidates if _word_count(line.text) >= 3 and not _is_credit(line)]
    if fitting := [line for line in wordy if _overlap(line.text, body) >= 0.5]:
        head = fitting[0]  # a slogan can fit too, with a few words that any article has
        for line in fitting[1:]:
            if _shared(line.text, body) >= 2 * _shared(head.text, body):
                head = line
        return head.text, head
    best = max(wordy, key=lambda line: _overlap(line.text, body), default=None)
    if best and (_word_count(best.text) >= 5 or _overlap(best.text, body) >= 0.3):
        return best.text, best
    return "", None


def _is_credit(line: _Line) -> bool:
    """A name and a place, `سامي حداد – صوت الشمال`."""
    text = line.text.strip(" /|-–—")
    sides = [side.split() for side in re.split(r" ?[-–—/|]+ | [-–—/|]+", text)]
    return len(sides) == 2 and all(1 <= len(side) <= 3 for side in sides)


def _mark_head(page: list[_Line], head: _Line | None, title: str) -> None:
    """Judge the short lines around the headline: slogan above it, names below it."""
    above = head is not None
    for line in page:
        if line is head:
            above = False
            continue
        if line.reason:
            continue
        if prose(line.text):
            return
        words = _word_count(line.text)
        if above and words <= 8:
            line.reason = "slogan"
        elif _SENTENCE_END.search(line.text) or match_key(line.text) == match_key(title):
            continue
        elif 3 <= words <= 8 and title and not above and _overlap(line.text, title) >= 0.5:
            line.reason = "caption"
        elif words <= 3 or _is_credit(line):
            line.reason = "byline"


def _mark_signature(page: list[_Line]) -> None:
    """A bare name under the last sentence is who wrote it."""
    left = [line for line in page if not line.reason]
    if len(left) < 3 or not protected(left[-2].text):
        return
    if re.fullmatch(r"[^\W\d]+(?: [^\W\d]+){0,2}", left[-1].text):
        left[-1].reason = "byline"


def _mark_duplicates(page: list[_Line], head: _Line | None, title: str) -> None:
    seen = {match_key(title)}
    for line in page:
        if line.reason or line is head:
            continue
        key = match_key(line.text)
        if key in seen and key:
            line.reason = "duplicate"
        seen.add(key)
