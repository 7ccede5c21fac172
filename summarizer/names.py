"""Probable names in an Arabic sentence, and whether the English has them.

No model finds the names. Four things reveal one: the user's glossary, our tables of places,
peoples, organisations and persons (`places.tsv` and `persons.tsv` in `engines/data`), a title
before it ("Minister …"), and that the dictionary does not know the word. Whether an English word
is that name is decided by sound: both are reduced to their consonants, with letters
that the two scripts write for each other made the same (ج is j or g, ف is f or v).
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import as_file, files
from itertools import pairwise
from pathlib import Path
from typing import Literal, NamedTuple

from rapidfuzz.distance import Indel

from summarizer.arabic import to_ascii_digits
from summarizer.numbers import bare, clitic_forms, clitics_before, is_number_word
from summarizer.warning import Span

KnownWord = Callable[[str], bool]
Why = Literal["glossary", "place", "title", "unknown"]


@dataclass(frozen=True, slots=True)
class NameMention:
    """A probable name in the source.

    Attributes:
        text: The name as the source writes it, clitics included.
        english: English forms that would do; empty where only the sound can tell.
        span: Where in the source, in characters.
        why: What revealed it.
        soft: It explains an English name but is not demanded, being a common word too.
        clitics: What stands before the name in its first word, such as و or بـ.
        shown: The English to put in its place for a model that copies; empty where more
            than one would do.
    """

    text: str
    english: tuple[str, ...]
    span: Span
    why: Why
    soft: bool = False
    clitics: str = ""
    shown: str = ""


class InventedName(NamedTuple):
    """A name in the English that nothing in the source explains."""

    text: str
    span: Span


# --- words as data ------------------------------------------------------------------


def _listed(words: str) -> frozenset[str]:
    return frozenset(bare(word) for word in words.split())


# After these a name may follow: الوزير السابق ميشيل دوفال.
_TITLES = _listed(
    """
    الرئيس الرئيسة رئيس رئيسة وزير وزيرة الوزير الوزيرة السيد السيدة الدكتور الدكتورة
    البروفيسور الشيخ الشيخة الملك الملكة الأمير الأميرة السلطان البابا الإمام الأب القس
    المطران البطريرك اللواء العميد العقيد المقدم الرائد النقيب الملازم الجنرال الفريق المشير
    القائد قائد الزعيم زعيم المتحدث المتحدثة الناطق الناطقة السفير السفيرة سفير سفيرة
    المبعوث المبعوثة مبعوث النائب النائبة السيناتور القاضي القاضية المحامي المحامية المدعي
    المستشار المستشارة مستشار مستشارة الأمين أمين المدير المديرة مدير مديرة المدرب مدرب
    اللاعب المهاجم المدافع الحارس العداء السباح العداءة السباحة الصحفي الصحفية الصحافي
    الصحافية الإعلامي الإعلامية الكاتب الكاتبة الشاعر الشاعرة الروائي الروائية المخرج
    المخرجة الممثل الممثلة المغني المغنية الفنان الفنانة الموسيقار الباحث الباحثة الخبير
    الخبيرة العالم الأستاذ الأستاذة المهندس المهندسة الطبيب الطبيبة الناشط الناشطة المعارض
    المعارضة المرشح المرشحة الميداني الملياردير أستاذ أستاذة الأعمال المحلل المحللة
    """
)
# Between a title and the name: رئيس لجنة الصحة والسكان خالد الدوسري.
_BODIES = _listed(
    """
    لجنة هيئة مجلس حزب جهاز دائرة منظمة وكالة مكتب شركة بنك مصرف جامعة كلية معهد مركز اتحاد نقابة
    غرفة بلدية محكمة إدارة قسم منتخب نادي حركة جمعية مؤسسة وزارة مديرية قطاع مصلحة ديوان صندوق
    """
)
_SAY = _listed(
    """
    قال قالت اعلن اعلنت اكد اكدت اضاف اضافت صرح صرحت ذكر ذكرت اوضح اوضحت
    """
)
# Never a name, though the romaniser has seen someone called so.
_STOP = _listed(
    """
    في من علي الي عن مع ان انه انها انهم بان بانه بانها بانهم لان
    هذا هذه ذلك التي الذي الذين كان كانت قد لم لن لا ما
    او ثم بعد قبل خلال عند منذ حول ضد بين كل بعض غير اي كما حيث حتي لكن بل هو هي هم قال قالت
    قوله قولها يوم امس اليوم عام سنه عدد جدا ايضا وزير رئيس مدير امين حاليا سابقا اول اخر
    نحو ليل صباح مساء لدي فيما عندما بينما امام رغم وفق حسب باسم لشوون العام عاما عامين
    نظيره نظيرته نظيرها نظيرتها نادي منتخب فريق مجلس جديد جديدة حكم دار قادة عليه طوال شاب
    """
)
# Capitalised in English without being a name that sounds like the Arabic.
_ORDINARY = _listed(
    """
    alternative amendment amnesty athletic athletics ban bared barrier class continent cook creek
    crossroads deficit disorder economist fed ferry fox gates gray grey guardian guards hail
    hemisphere highway hurdle infidel infidels inter intersection lion native oasis obstacle
    pilgrimage pyramids sale salt swift total treasuries villa
    academy accord act administration affairs africa agency agreement agriculture air
    airlines airport alliance ambassador anti archbishop army arts assembly assistant
    association atlantic attorney authority award bank bar base basin battle bay bishop
    black blue board border brigade bureau business cabinet camp canal capital captain channel
    cardinal cathedral center central centre chair chairman chamber chancellor charter chief
    christmas church city civil clinic club coach coast college colonel commander commerce
    commission commissioner committee communications communist community company conference
    confederation congress conservative constitution constitutional convention cooperation
    corporation corps council count county court criminal crown culture cup customs deal
    declaration defence defense delegation democracy democrat democratic department deputy
    desert development director district division doctor dr duke dynasty earth east eastern
    economic economy education election electoral electric emergency emir emperor empire
    energy environment executive export extraordinary federal federation festival film
    finance financial first force forces foreign forest former forum foundation founder free
    freedom front fund game games gas gate general global god golden government governor
    governorate grand great green group guard head headquarters health her high highness his
    holy hospital hotel house human humanitarian immigration independence independent
    industry information initiative inspector institute institution intelligence interior
    interim international internet investment island islands joint journal judge judiciary
    justice king kingdom labor labour lady lake land law leader league left legislative
    lieutenant lord magazine major market marshal master mayor media medical medicine
    memorial metropolitan middle military minister ministers ministry mission monarch
    monetary monument mosque mother mount mountain mountains movement mr mrs ms museum music
    national nations nation navy network new news newspaper night nobel north northern
    nuclear office officer official oil old olympic olympics open opera opposition order
    organisation organization orthodox pact palace paper papers parliament parliamentary
    party patriarch peace peninsula people peoples pipeline planet planning police policy
    polytechnic pope popular port power premier presidency president presidential press
    prime prince princess professor programme program progressive project prophet
    prosecution prosecutor protection protocol province public queen radical radio railway
    ramadan real red referee reform refugee region regional relief religious report republic
    republican republicans research reserve resistance resources revolution revolutionary
    right rights river road royal saint school science sciences sea season second secretary
    security senate senator senior sergeant services service shah sheikh sir social
    socialist society solidarity south southern space special speaker spokesman spokesperson
    spokeswoman sport sports square stadium star state states station stock strait street
    sultan summit super superior supreme survey syndicate team technology telecommunications
    television temple territory theatre theater third times tour tourism tower town trade
    tradition transitional transport treasury treaty tribunal troops trust twin union united
    universal university upper valley vice victory village war water west western white wing
    winter women women's workers world year youth zone online website web app dollar dollars
    euro pound riyal dinar dirham avenue boulevard bridge line lines lower inner outer sun
    moon mars venus saturn jupiter mercury bible mass easter santa ice iron bronze stone age
    celsius fahrenheit prix big drivers championship spring rooms player harbour harbor
    beauty preliminary final days brother broadcasting show hall tropical cyclone hurricane
    basketball football asset management fleet superintendent category scale flight deep
    probe political agents article hero race representative representatives oversight
    investigations subcommittee liberation prevention animals nazi nazis catholic protestant
    ottoman byzantine medieval renaissance a an the and of for in on at to by with from as
    but or nor if so yet it he she they we you i its their our my your this that these those
    there here when while where after before since until during although though because
    however meanwhile moreover according despite under over about all both each many most no
    not only other some such than then two three four five six seven eight nine ten one
    """
)
_ENGLISH_TITLES = _listed(
    """
    mr mrs ms dr president minister king queen prince princess sheikh general colonel
    captain judge professor senator chancellor spokesman spokeswoman spokesperson secretary
    ambassador chairman director emir coach
    """
)
_DATES = re.compile(
    "(?:mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|march|april|may|june|july|august"
    "|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
    "|muharram|safar|rabi|jumada|rajab|sha'?ban|shaaban|shawwal|dhu|awwal"
)

# --- places -------------------------------------------------------------------------


_DATA = Path(__file__).parent / "engines" / "data"
PLACES, PERSONS = _DATA / "places.tsv", _DATA / "persons.tsv"
TABLES = (PLACES, PERSONS)
# For those who hash the code that a result depends on.
FILES = (Path(__file__), *TABLES)


class _Place(NamedTuple):
    english: tuple[str, ...]
    soft: bool
    shown: str
    why: Why


_KINDS: tuple[tuple[Path, Why], ...] = ((PLACES, "place"), (PERSONS, "title"))
_PARTICLES = frozenset(["of", "the", "and", "for", "al", "el", "de", "du"])
_NISBA_ENDINGS = ("", "ه", "ا", "ين", "ون", "ان", "تين", "تان", "ات")


@lru_cache(maxsize=1)
def _places() -> dict[str, _Place]:
    """Both tables by bare Arabic form; adjectives in all their endings.

    A person is as one behind a title: the English has a capital, and another name in its place
    is invented.
    """
    table: dict[str, _Place] = {}
    lines = [(line, why) for file, why in _KINDS for line in file.read_text("utf-8").splitlines()]
    for line, why in lines:
        if line.startswith("#") or not line.strip():
            continue
        arabic, listed = line.split("\t")
        forms, english = arabic.split("|"), tuple(listed.split("|"))
        of_people = any(_is_nisba(form) for form in forms[1:])
        for at, form in enumerate(forms):
            shown = ""
            if at == 0 or not of_people:
                shown = english[0]
            elif _is_nisba(form):  # the adjective stands second in the English list
                shown = english[min(1, len(english) - 1)]
            if form[0] in "?~":
                shown = ""
            place = _Place(english, form.startswith("?"), shown, why)
            word = bare(form.lstrip("?~"))
            for ending in _NISBA_ENDINGS if _is_nisba(form) else ("",):
                table.setdefault(word + ending, place)
    return table


def _is_nisba(form: str) -> bool:
    """Whether a form of the table is an adjective such as يمني."""
    last = form.lstrip("?~").split()[-1]
    return last.endswith("ي") and not last.startswith("ال")


@lru_cache(maxsize=1)
def _exonyms() -> frozenset[str]:
    """English forms (folded) that name a place and nothing else.

    Not "European football", "Premier League", which say what others say, too.
    """
    forms = {form for place in _places().values() if place.why == "place" for form in place.english}
    return frozenset(_folded_words(form) for form in forms if _names_a_place(form))


def _names_a_place(form: str) -> bool:
    words = form.split()
    small = any(word.islower() and word not in _PARTICLES for word in words)
    return not small and not all(_folded(word) in _ORDINARY for word in words)


# --- both texts as words ------------------------------------------------------------

_ARABIC_WORD = re.compile("[\u0621-\u063a\u0641-\u0652\u0670\u0671\u0640پچژگ]+")
_TERM_WORD = re.compile("[\\w\u064b-\u0652\u0670]+|[^\\w\\s]")
_PARTICLE = re.compile("[وف]?(?:على|إلى|الى|لدى|حتى|سوى)")
_ENGLISH_WORD = re.compile(r"[^\W\d_]+(?:[.'’][^\W\d_]+)*\.?")


class _Word(NamedTuple):
    text: str
    bare: str
    span: Span


def _arabic_words(text: str) -> list[_Word]:
    return [_Word(m.group(), bare(m.group()), Span(*m.span())) for m in _ARABIC_WORD.finditer(text)]


def _term_words(text: str) -> list[_Word]:
    """What a glossary's term is made of: words, figures and marks; and so for a text."""
    return [
        _Word(m.group(), _term_key(m.group()), Span(*m.span())) for m in _TERM_WORD.finditer(text)
    ]


def _term_key(word: str) -> str:
    """A word of a term as it is compared; the preposition على is no man called علي."""
    return word if _PARTICLE.fullmatch(word) else to_ascii_digits(bare(word).lower())


def _folded(english: str) -> str:
    """An English word without accents, dots and possessive; acronyms stay in capitals."""
    upright = english.replace("’", "'")
    plain = unicodedata.normalize("NFKD", upright).encode("ascii", "ignore").decode()
    plain = re.sub("'s?$", "", plain or upright).replace(".", "")
    return plain if len(plain) < 4 and plain.isupper() else plain.lower().replace("-", " ")


def _folded_words(form: str) -> str:
    """A form of one or more words as `_English.padded` has them."""
    return " ".join(map(_folded, form.split()))


class _English:
    """The hypothesis: its words, and a string in which to look for forms."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = [
            _Word(m.group(), _folded(m.group().rstrip(".")), Span(*m.span()))
            for m in _ENGLISH_WORD.finditer(text)
        ]
        self.padded = " " + " ".join(word.bare for word in self.words) + " "

    def has(self, form: str) -> bool:
        """Whether a form occurs, also in the plural or (as "Egypt") before a hyphen."""
        if re.search(r"[\d&]", form):  # G20, S&P: no words
            return bool(re.search(rf"(?<!\w){re.escape(form)}s?(?!\w)", self.text, re.IGNORECASE))
        form = _folded_words(form)
        return f" {form} " in self.padded or f" {form}s " in self.padded

    def sounds(self, arabic: str, why: Why) -> bool:
        """Whether some word, or two words together, sound like an Arabic word.

        Args:
            arabic: One bare word.
            why: "place": another place that sounds like it (Nigeria, for النيجر) is an error.
                "title": people have capitals; what else seems a name may be a word ("cup", كوبا).
        """
        small = why != "title"
        words = [w.bare for w in self.words if w.text[0].isupper() or (small and len(w.bare) > 4)]
        pairs = [
            a.bare + b.bare
            for a, b in zip(self.words, self.words[1:], strict=False)
            if small or a.text[0].isupper() or b.text[0].isupper()
        ]
        return any(
            sounds_like(word, arabic)
            for word in (*words, *pairs)
            if not (why == "place" and word in _exonyms())
        )


# --- sound --------------------------------------------------------------------------

_ARABIC_SOUND = {
    **dict.fromkeys("بپ", "P"), **dict.fromkeys("تطثدضذ", "T"), **dict.fromkeys("سصزشژظ", "S"),
    **dict.fromkeys("جخغقكگچ", "K"), "ف": "F", "ل": "L", "م": "M", "ن": "N", "ر": "R",
}  # fmt: skip
_ENGLISH_SOUND = {
    **dict.fromkeys("bp", "P"), **dict.fromkeys("td", "T"), **dict.fromkeys("sz", "S"),
    **dict.fromkeys("cgjkq", "K"), "f": "F", "v": "F", "l": "L", "m": "M", "n": "N", "r": "R",
}  # fmt: skip
_ENGLISH_SPELLINGS = [  # (pattern, what it sounds like), in this order
    ("^x", "s"), ("x", "ks"), ("ch(?=ael|r)", "k"), ("t?s?ch", "s"), ("sh", "s"), ("ph", "f"),
    ("[td]h", "t"), ("[kg]h", "k"), ("c(?=[eiy])", "s"), ("[aeiouywh]", ""),
]  # fmt: skip


@lru_cache(maxsize=20_000)
def english_sound(word: str) -> str:
    """The consonants of an English word in seven-odd classes: "Sergei" is SRK."""
    word = word.lower()
    for pattern, sound in _ENGLISH_SPELLINGS:
        word = re.sub(pattern, sound, word)
    return _squeezed("".join(_ENGLISH_SOUND.get(letter, "") for letter in word))


@lru_cache(maxsize=20_000)
def arabic_sound(word: str) -> str:
    """The consonants of a bare Arabic word in the same classes: سيرغي is SRK."""
    word = word.replace("تش", "س")
    return _squeezed("".join(_ARABIC_SOUND.get(letter, "") for letter in word))


def _squeezed(sounds: str) -> str:
    return re.sub(r"(.)\1+", r"\1", sounds)


@lru_cache(maxsize=50_000)
def sounds_like(english: str, arabic: str, least: float = 0.75) -> bool:
    """Whether an English word may be an Arabic one, by their consonants.

    Args:
        english: One word.
        arabic: One bare word; its clitics and article may be taken off.
        least: The similarity, 0 to 1, that words of four consonants or more need.
    """
    heard = english_sound(english)
    return any(
        _alike(heard, arabic_sound(form), least)
        for form, _ in clitic_forms(arabic)
        if len(form) > 1
    )


def _alike(a: str, b: str, least: float) -> bool:
    shorter, longer = sorted((len(a), len(b)))
    if shorter < 1 or (longer < 3 and a != b):
        return False
    return a == b or Indel.normalized_similarity(a, b) >= (least if longer > 3 else 0.8)


@lru_cache(maxsize=5_000)
def romanised(arabic: str) -> str:
    """A likely Latin spelling of an Arabic name, for a message to the reader."""
    from arabic_name_romanizer import transliterate

    return str(transliterate(arabic))


@lru_cache(maxsize=20_000)
def is_a_persons_name(arabic: str) -> bool:
    """Whether people are recorded as being called so (Wikidata, in the romaniser)."""
    from arabic_name_romanizer import transliterate

    found = transliterate(arabic, top_k=2)
    return any(c.source == "dictionary" and any(u.count >= 2 for u in c.units) for c in found)


# What else these may be: a faith, a title, an adjective, a first name of Europe.
_NO_PERSON = _listed(
    "adam butt hajj imam islam joseph michel mona mubarak mufti noor raja said salah sara slim"
)
_PROPHET = frozenset(["النبي", "نبي", "الرسول", "رسول", "للنبي", "للرسول"])
COMMON_NAME = 60  # persons who are recorded as being called so, in all spellings


@lru_cache(maxsize=1)
def _persons_names() -> dict[str, frozenset[str]]:
    """Common names of Arabs and Persians, folded, and how Arabic writes each (Wikidata)."""
    file = files("arabic_name_romanizer") / "resources" / "names.sqlite3"
    with (
        as_file(file) as path,
        closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db,
    ):
        rows = db.execute("SELECT latin, arabic_key, count FROM units WHERE count >= 5").fetchall()
    people: Counter[str] = Counter()
    written: dict[str, set[str]] = defaultdict(set)
    for latin, arabic, count in rows:
        people[_folded(latin)] += count
        written[_folded(latin)].add(bare(arabic).replace(" ", ""))
    common = {name for name, count in people.items() if count >= COMMON_NAME and len(name) > 3}
    return {name: frozenset(written[name]) for name in common - _NO_PERSON}


# --- names in the source ------------------------------------------------------------


def arabic_names(
    source: str, glossary: Mapping[str, str], is_known_word: KnownWord | None = None
) -> list[NameMention]:
    """The probable names of an Arabic sentence, in its order.

    Args:
        source: Arabic text.
        glossary: English forms that the user wants, by Arabic form.
        is_known_word: Whether a dictionary knows an Arabic word; what it does not know,
            and is no number, is taken for a name.
    """
    words = _arabic_words(source)
    mentions = _listed_names(words, source, glossary)
    for mention in _titled(words, source, is_known_word):
        mentions += [] if _covered(mention, mentions) else [mention]
    if is_known_word is not None:
        for word in words:
            if _may_be_called_so(word) and not is_known_word(word.text):
                mention = NameMention(word.text, (), word.span, "unknown")
                mentions += [] if _covered(mention, mentions) else [mention]
    return sorted(mentions, key=lambda mention: mention.span)


def _listed_names(
    words: list[_Word], source: str, glossary: Mapping[str, str]
) -> list[NameMention]:
    """Those of the glossary, the longest terms first, and of our table."""
    mentions: list[NameMention] = []
    for finder in (_glossary_mentions(source, glossary), _place_mentions(words, source)):
        for mention in finder:
            mentions += [] if _covered(mention, mentions) else [mention]
    return mentions


def with_english_names(source: str, glossary: Mapping[str, str]) -> str:
    """The sentence with its names in English, as far as the glossary and our table have them.

    A model copies what stands in its own language; what is in a list beside the sentence it
    overlooks more often (Dinu et al., "Training Neural Machine Translation to Apply
    Terminology Constraints", ACL 2019). Names with more than one English form stay.

    Args:
        source: Arabic text.
        glossary: English forms that the user wants, by Arabic form.
    """
    made, end = [], 0
    names = _listed_names(_arabic_words(source), source, glossary)
    for name in sorted(names, key=lambda mention: mention.span):
        if name.shown and name.span.start >= end:
            space = " " if name.clitics.endswith(("و", "ف")) else ""
            made += [source[end : name.span.start], name.clitics, space, name.shown]
            end = name.span.end
    return "".join((*made, source[end:]))


def _may_be_called_so(word: _Word) -> bool:
    """Whether a word that no dictionary has may be a name by its looks."""
    if len(word.bare) < 3 or word.text.endswith(("ً", "اً")) or is_number_word(word.bare):
        return False
    # الجينية, اللقاحات: an adjective, a plural.
    return not word.bare.endswith(("يه", "ات")) or is_a_persons_name(word.text)


def _covered(mention: NameMention, others: list[NameMention]) -> bool:
    return any(m.span.start <= mention.span.start < m.span.end and m is not mention for m in others)


def _at(words: list[_Word], at: int, wanted: list[str]) -> bool:
    """Whether the wanted bare words stand at word `at`, the first perhaps with clitics."""
    here = [word.bare for word in words[at : at + len(wanted)]]
    if len(here) < len(wanted) or here[1:] != wanted[1:]:
        return False
    return any(form == wanted[0] for form, _ in clitic_forms(here[0]))


def _mention(words: list[_Word], source: str, english: tuple[str, ...], why: Why) -> NameMention:
    span = Span(words[0].span.start, words[-1].span.end)
    return NameMention(source[span.start : span.end], english, span, why)


def _glossary_mentions(source: str, glossary: Mapping[str, str]) -> Iterator[NameMention]:
    words = _term_words(source) if glossary else []
    terms = [([word.bare for word in _term_words(ar)], en) for ar, en in glossary.items()]
    for wanted, english in sorted(terms, key=lambda term: -len(term[0])):
        for at in range(len(words)):
            if wanted and _at(words, at, wanted):
                found = _mention(words[at : at + len(wanted)], source, (english,), "glossary")
                clitics = clitics_before(words[at].bare, wanted[0])
                yield replace(found, clitics=clitics, shown=english)


def _place_mentions(words: list[_Word], source: str) -> Iterator[NameMention]:
    at = 0
    while at < len(words):
        place, length, clitics = _place_at(words, at)
        if place:
            found = _mention(words[at : at + length], source, place.english, place.why)
            surname = _may_be_a_surname(words, at) if length == 1 else False
            shown = "" if surname else place.shown
            yield replace(found, soft=place.soft, clitics=clitics, shown=shown)
        at += max(1, length)


def _may_be_a_surname(words: list[_Word], at: int) -> bool:
    """Whether word `at` is as المصري in طاهر المصري: an adjective follows a noun with ال."""
    word, before = words[at].bare, words[at - 1].bare if at else "ال"
    return bool(re.fullmatch("ال.*ي", word)) and not re.match("[وفبك]?ال|[وف]?لل", before)


def _place_at(words: list[_Word], at: int) -> tuple[_Place | None, int, str]:
    """The longest entry of the table at word `at`, how many words it has, and its clitics."""
    for length in (4, 3, 2, 1):
        rest = [word.bare for word in words[at + 1 : at + length]]
        if len(rest) < length - 1:
            continue
        for form, _ in clitic_forms(words[at].bare):
            place = _places().get(" ".join([form, *rest]))
            if place:
                return place, length, clitics_before(words[at].bare, form)
    return None, 0, ""


def _titled(
    words: list[_Word], source: str, is_known_word: KnownWord | None
) -> Iterator[NameMention]:
    """Names after a title, and before one: "…، رئيس"."""
    for at, word in enumerate(words):
        title = any(form in _TITLES for form, _ in clitic_forms(word.bare))
        if not title:
            continue
        first = _after_title(words, at)
        for place in range(first, min(first + 3, len(words))):
            if not _may_be_name(words[place], is_known_word) or _parted(words, source, place):
                break
            yield _mention([words[place]], source, (), "title")
        gap = source[words[at - 1].span.end : word.span.start] if at > 1 else ""
        if "،" in gap:
            yield from _before_title(words, source, at)


def _after_title(words: list[_Word], at: int) -> int:
    """The place of the first word after a title that does not qualify the title."""
    at += 1
    qualifying = ("ال", "لل", "وال", "باسم", "لشوون")
    while at < len(words) and (words[at].bare in _BODIES or words[at].bare.startswith(qualifying)):
        at += 1
    return at


def _parted(words: list[_Word], source: str, at: int) -> bool:
    return bool(source[words[at - 1].span.end : words[at].span.start].strip(' "«“'))


def _before_title(words: list[_Word], source: str, at: int) -> Iterator[NameMention]:
    """In "قال سعيد كريم، رئيس …": the words between the verb and the comma."""
    for start in (at - 2, at - 3):
        said = words[start - 1].bare if start > 0 else ""
        name = words[start:at]
        if said in _SAY and all(is_a_persons_name(word.text) for word in name):
            yield from (_mention([word], source, (), "title") for word in name)


def _may_be_name(word: _Word, is_known_word: KnownWord | None) -> bool:
    if word.bare in _STOP or len(word.bare) < 3 or is_number_word(word.bare):
        return False
    if is_known_word is not None and not is_known_word(word.text):
        return True
    return is_a_persons_name(word.text)


# --- comparing ----------------------------------------------------------------------


def missing_names(
    source: str,
    hypothesis: str,
    glossary: Mapping[str, str],
    is_known_word: KnownWord | None = None,
) -> list[NameMention]:
    """Names of the source that the English does not have, in the source's order.

    A glossary's English has to be there to the letter; of other names a form from the
    table, or a word that sounds like the Arabic, is enough.
    """
    english = _English(hypothesis)
    return [
        mention
        for mention in arabic_names(source, glossary, is_known_word)
        if not mention.soft and not _is_said(mention, english)
    ]


def _is_said(mention: NameMention, english: _English) -> bool:
    if mention.why == "glossary":
        wanted = re.escape(mention.english[0])
        return bool(re.search(rf"(?<!\w){wanted}(?!\w)", english.text))
    if any(english.has(form) for form in mention.english):
        return True
    return all(english.sounds(bare(word), mention.why) for word in mention.text.split())


def invented_names(
    source: str,
    hypothesis: str,
    glossary: Mapping[str, str],
    is_known_word: KnownWord | None = None,
) -> list[InventedName]:
    """Capitalised English words that nothing in the source explains, in their order.

    A known place counts wherever it stands. Any other word counts inside a sentence, where
    it has taken the place of a name that is missing, follows a title or is what many people are
    called: English has too many other uses for a capital ("Rapid Support Forces").
    """
    english = _English(hypothesis)
    explained = _Explained(source, glossary)
    replaced = any(m.why != "place" for m in missing_names(source, hypothesis, {}, is_known_word))
    found, at = [], 0
    while at < len(english.words):
        form, length = _exonym_at(english, at)
        words = english.words[at : at + length]
        if form:  # Hamas is no resident of Hama
            whole = " ".join(word.bare for word in words)
            invented = not (explained.place(form) or explained.place(whole))
        else:
            titled = at > 0 and english.words[at - 1].bare in _ENGLISH_TITLES
            invented = (replaced or titled) and _looks_like_a_name(english, at)
            invented = invented and not explained.word(words[0].bare)
            invented = invented or explained.lacks_person(english, at)
        if invented:
            span = Span(words[0].span.start, words[-1].span.end)
            found.append(InventedName(hypothesis[span.start : span.end].rstrip("."), span))
        at += length
    return found


_OTHER_PLACE = re.compile("(?:north|south|east|west|equatorial|papua|new) ")


class _Explained:
    """What in the source may stand behind an English name."""

    def __init__(self, source: str, glossary: Mapping[str, str]) -> None:
        mentions = arabic_names(source, glossary)
        forms = [(_folded_words(form), m.why) for m in mentions for form in m.english]
        self.forms = {form for form, _ in forms}
        self.parts = {part for form in self.forms for part in form.split()}  # a first name
        # "Egypt" of "Egypt's central bank", but no Sudan of South Sudan, no Israel of Israel Katz.
        whole = (form for form, why in forms if why == "place" and not _OTHER_PLACE.match(form))
        self.places = {part for form in whole for part in form.split()}
        self.forms |= {_folded(word) for word in _ENGLISH_WORD.findall(source)}  # "iPhone"
        self.forms |= {_folded(word) for form in glossary.values() for word in form.split()}
        places = [m.span for m in mentions if m.why == "place" and not m.soft]
        words = _arabic_words(source)
        self.words = [word.bare for word in words]
        self.unplaced = [w.bare for w in words if not any(s[0] <= w.span[0] < s[1] for s in places)]

    def place(self, form: str) -> bool:
        """Whether a known place is in the source, or a man called like it (Jordan)."""
        parts = form.split()
        if form in self.forms or form in self.places or all(part in self.forms for part in parts):
            return True
        return any(sounds_like(part, word, 0.9) for part in parts for word in self.unplaced)

    def word(self, word: str) -> bool:
        known = word in self.forms or word in self.parts
        return known or any(sounds_like(word, other) for other in self.words)

    def lacks_person(self, english: _English, at: int) -> bool:
        """Whether word `at` is a common name of persons that no Arabic word is written like."""
        name = english.words[at].bare
        if name not in _persons_names() or not _looks_like_a_name(english, at):
            return False
        if english_sound(name) == english_sound("muhammad") and _PROPHET & set(self.words):
            return False
        if name in self.forms or name in self.parts:
            return False
        joined = map("".join, pairwise(self.words))  # عبد الله
        forms = {form for word in (*self.words, *joined) for form, _ in clitic_forms(word)}
        sound, written = english_sound(name), tuple(_persons_names()[name])
        return not any(
            form.startswith(written)
            or form.endswith(written)  # عبدالرحمن, of whom "Rahman" may stand alone
            or (len(sound) > 2 and arabic_sound(form) == sound)
            for form in forms
        )


def _exonym_at(english: _English, at: int) -> tuple[str, int]:
    """The longest known place at word `at` ("" if none), and how many words it has."""
    if not english.words[at].text[0].isupper():
        return "", 1
    for length in (4, 3, 2, 1):
        words = [word.bare for word in english.words[at : at + length]]
        for form in (" ".join(words).removesuffix("s"), " ".join(words)):  # Greeks: as a Greek
            if len(words) == length and form in _exonyms() and form not in _ORDINARY:
                return form, length
    return "", 1


def _looks_like_a_name(english: _English, at: int) -> bool:
    """Whether a word that is no known place looks like a name."""
    word = english.words[at]
    if not word.text[0].isupper() or len(word.bare) < 3 or word.text.isupper():
        return False
    if re.match("I['’]", word.text):
        return False
    if word.bare in _ORDINARY or word.bare.removesuffix("s") in _ORDINARY:
        return False
    before = english.text[: word.span.start].rstrip(" \"'“‘«([")
    starts = not before or before[-1] in ".!?:;•–—\n"
    title_case = sum(w.text[0].isupper() for w in english.words) > 0.6 * len(english.words)
    return not starts and not title_case and not _DATES.fullmatch(word.bare)
