"""Whether the English says the opposite of the Arabic, or not that something was stopped.

The worst that a translation can do to news: a price falls that rose, flights are extended where
the Arabic extends their cancellation. There is a doubt only where the Arabic has words for one of
two opposite meanings alone, and the English words for the other alone: whatever might explain the
English keeps it from being doubted. How often it errs all the same: `eval/checks/README.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from summarizer.numbers import bare
from summarizer.warning import MujazWarning, Span


def _words(listed: str, before: str = "") -> re.Pattern[str]:
    """Whole words, and those that begin with a stem ("trans-"); "_" is any space."""
    either = "|".join(word.replace("-", r"\w*").replace("_", r"\s+") for word in listed.split())
    return re.compile(rf"\b{before}(?:{either})\b", re.IGNORECASE)


class Meaning(NamedTuple):
    """Something that news says.

    Attributes:
        said: What the Arabic speaks of, for the reader.
        arabic: Its words, in their bare form.
        english: Words that say it and nothing else.
        may_say: Words that may say it.
    """

    said: str
    arabic: re.Pattern[str]
    english: re.Pattern[str]
    may_say: re.Pattern[str]


def _means(said: str, arabic: str, english: str, may_say: str = "") -> Meaning:
    clitics = "(?:و|ف)?(?:ال|لل|س|[بلك](?:ال)?)?"
    return Meaning(said, _words(arabic, clitics), _words(english), _words(f"{english} {may_say}"))


OPPOSITES: tuple[tuple[Meaning, Meaning], ...] = (
    (
        _means(
            "a rise",
            """ارتفع- ارتفاع- [يت]رتفع- مرتفع- صعود- صعد- [يت]صعد- تصاعد- متصاعد- زياد- زاد- ازداد-
            ازدياد- [يت]زداد- [يت]زيد- تزايد- متزايد- نما نمت نمو- [يت]نمو- قفز- تضاعف-""",
            "rise rises rising risen rose increas- grew grow grows growing soar- surg-",
            """climb- jump- growth high- up upward- gain- mount- escalat- swell- boost- rais- hik-
            doubl- expan- exceed- more elevat- lift- spik- over add- step- height- feet
            met(?:er|re)s""",
        ),
        _means(
            "a fall",
            """انخفض- انخفاض- [يت]نخفض- منخفض- تراجع- [يت]تراجع- هبوط- هبط- [يت]هبط- تدني متدني-
            تقلص- [يت]تقلص- انكمش- انكماش- خفض- [يت]خفض- تخفيض- تخفيف- تضاءل- تناقص-
            نقص- انقاص""",
            "fell fall falls falling fallen drop- declin- decreas- plung- slump-",
            """shrank shrink- reduc- low- down- cut- dip- slid- sank sink- sunk tumbl- dwindl-
            diminish- less- weak- retreat- contract- shortage- eas- back- land- slow- lack-
            deficien- minim- small- drawn""",
        ),
    ),
    (
        _means(
            "imports",
            "استيراد- استورد- [يت]ستورد- واردات- مستورد-",
            "imports imported importing",
            "import-",
        ),
        _means("exports", "تصدير- صادرات- [يت]صدر- صدر-", "exports exported exporting", "export-"),
    ),
    (
        _means("buying", "شراء- اشتر- [يت]شتر- مشتر-", "buy buys buying bought purchas-", "acqui-"),
        _means("selling", "بيع- باع- [يت]بيع- مبيع- بايع-", "sell- sold sale sales"),
    ),
    (
        _means(
            "an arrest",
            "اعتقل- اعتقال- [يت]عتقل- معتقل- احتجاز- احتجز- توقيف- قبض سجن- حبس-",
            "arrest- detain- jail- imprison-",
            "detention custody captur- seiz- held hold- prison- hostage- catch caught taken lock-",
        ),
        _means(
            "a release",
            "افرج- افراج- [يت]فرج- سراح- اخلاء اخلي اطلاق- اطلق- [يت]طلق- حرر- تحرير-",
            "releas- freed",
            "free- liberat- bail let",
        ),
    ),
    (
        _means(
            "an opening", "فتح- افتت- مفتوح- [يت]فتح- انفتاح-", "open opens opened opening reopen-"
        ),
        _means(
            "a closing",
            "اغلق- اغلاق- مغلق- [يت]غلق- غلق",
            "closed closing closure- shut-",
            "clos- lock-",
        ),
    ),
    (_means("north", "شمال-", "north-"), _means("south", "جنوب-", "south-")),
    (_means("east", "شرق- مشرق-", "east-"), _means("west", "غرب- مغرب- مغارب-", "west-")),
    (_means("yesterday", "امس البارح-", "yesterday"), _means("tomorrow", "غدا غد", "tomorrow")),
    (
        _means("the morning", "صباح- فجر-", "morning-", "dawn am a.m early"),
        _means("the evening", "مساء- مسايي- ليل- عشي- ليال-", "evening-", "night- pm p.m"),
    ),
    (
        _means(
            "agreement",
            "وافق- [يت]وافق- موافق- قبول-",
            "agreed approv- accept-",
            "agree- endors- consent-",
        ),
        _means("a refusal", "رفض- [يت]رفض- رافض-", "reject- refus-", "turn-_down rebuff-"),
    ),
    (
        _means("the best", "افضل- احسن", "best", "better prefer-"),
        _means("the worst", "اسوا", "worst worse"),
    ),
    (
        _means("success", "نجح- نجاح- [يت]نجح- ناجح- تمكن-", "succeed- success-", "manag- able"),
        _means("failure", "فشل- [يت]فشل- اخفق- اخفاق- فاشل-", "fail failed fails failing failure-"),
    ),
    (
        _means("profits", "ارباح- ربح-", "profit profits"),
        _means("losses", "خساير- خسار- خسر- [يت]خسر-", "loss losses", "lost los- damag- casualt-"),
    ),
    (
        _means(
            "a win",
            "فوز- فاز- [يت]فوز- انتصر- انتصار- منتصر- تغلب- فايز-",
            "win wins won winning victor-",
            "beat- defeat- overc- triumph-",
        ),
        _means(
            "a defeat",
            "خسار- خسر- [يت]خسر- هزيم- انهز- هزم-",
            "lost lose loses losing",
            "loss- los- defeat- beaten",
        ),
    ),
    (
        _means("an arrival", "وصول- وصل- [يت]صل- واصل-", "arriv-", "reach- came come-"),
        _means(
            "a departure",
            "غادر- مغادر- [يت]غادر- رحيل-",
            "departs departed departing departure-",
            "leav- left",
        ),
    ),
    (
        _means(
            "deaths",
            """قتل- [يت]قتل- مقتل- قتيل- لقي لقوا مصرع- وفاه وفاته- وفيات- توفي- موت- مات- استشهد-
            استشهاد- شهيد- شهداء- اغتيال- اودي اودت فتك- جث- متوف- قضوا ضحايا""",
            "killed killing- dead death deaths died",
            "kill- die- dying slain fatal- martyr- murder- lost lives victim- assassin-",
        ),
        _means(
            "injuries",
            "جرح- جريح- اصيب- اصاب- مصاب- [يت]صاب- جراح",
            "wounded injured injuring wounding injuries",
            "wound- injur- hurt- hit",
        ),
    ),
    (
        _means(
            "support", "ايد- [يت]ويد- تاييد- مويد- دعم- [يت]دعم- داعم-", "support-", "back- aid"
        ),
        _means("opposition", "عارض- [يت]عارض- معارض- اعتراض- اعترض- مناهض-", "oppos-", "object-"),
    ),
    (
        _means("acquittal", "برا برات تبري- براءت- براءه", "acquit-", "clear- innocen- exonerat-"),
        _means("conviction", "ادان- [يت]دين- مدان-", "convict-", "guilty condemn-"),
    ),
    (
        _means("imposing something", "فرض- [يت]فرض- مفروض-", "impos-"),
        _means("lifting something", "رفع- [يت]رفع-", "lift lifts lifted lifting"),
    ),
)

STOPS: tuple[Meaning, ...] = (
    _means(
        "cancelling something",
        "الغاء- الغي الغيت الغت الغوا [يت]لغي- [يت]لغو ملغاه",
        "cancel-",
        """call-_off scrap- abol- repeal- revo- annul- rescind- void- overturn- drop- eliminat-
        remov- lift- quash- struck strik- nullif- ax- undo- revers- withdr- end- abrogat- delet-
        dismantl- forfeit- without stop- suspend- halt- disallow- invalid- cut- off no not out""",
    ),
    _means(
        "stopping something",
        "وقف ايقاف- توقف- متوقف- اوقف- [يت]وقف",
        "stop- halt- suspen-",
        """ceas- end- expect- freez- froze- paus- cut- shut- interrupt- arrest- detain- stood stand-
        quit- discontinu- break- ban- block- truce hold- held stall- stay- predict- forecast-
        anticipat- off no not out until depend- based ground- abort- down hing- park- silen- rest
        cessat- unstop-""",
    ),
    _means(
        "preventing or banning something",
        "منع منعت منعوا منع(?:ه|ها|هم|نا) [يت]منع- ممنوع-",
        "prevent- ban- prohibit- forbid-",
        """bar bars barr- block- stop- forb- deny- deni- avoid- deter- hinder- hamper- keep kept
        protect- curb- restrict- refus- avert- without cannot unable exclu- halt- illegal- obstruct-
        impossib- preclu- inhibit- imped- off not no from against free out contracep- control- away
        never""",
    ),
)


# "Did not fall" may be told as "rose".
_NEGATED = _words("لم لن لا ليس- غير عدم دون بدون بلا", "(?:و|ف)?[بل]?")


def opposed(source: str, hypothesis: str) -> Iterator[MujazWarning]:
    """A doubt for each meaning of the Arabic whose opposite the English has."""
    pairs, stops = _meant(source)
    for meant, opposite in pairs:
        found = opposite.english.search(hypothesis)
        if found and not meant.may_say.search(hypothesis):
            message = f'The Arabic sentence speaks of {meant.said}; the English says "{found[0]}".'
            yield MujazWarning("negation", message, "serious", Span(*found.span()))
    for meant in stops:
        if not meant.may_say.search(hypothesis):
            message = f"The Arabic sentence speaks of {meant.said}; the English does not."
            yield MujazWarning("negation", message, "warning")


@lru_cache(maxsize=256)
def _meant(source: str) -> tuple[tuple[tuple[Meaning, Meaning], ...], tuple[Meaning, ...]]:
    """What the Arabic means of `OPPOSITES`, each before its opposite, and of `STOPS`."""
    arabic = bare(source)
    said = []
    for one, other in () if _NEGATED.search(arabic) else OPPOSITES:
        is_one, is_other = bool(one.arabic.search(arabic)), bool(other.arabic.search(arabic))
        if is_one != is_other:
            said.append((one, other) if is_one else (other, one))
    return tuple(said), tuple(meaning for meaning in STOPS if meaning.arabic.search(arabic))
