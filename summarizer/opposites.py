"""Whether the English says the opposite of the Arabic, or not that something was stopped.

The worst that a translation can do to news: a price falls that rose, flights are extended where
the Arabic extends their cancellation. There is a doubt only where the Arabic surely means one of
two opposites and can't mean the other, and the English the reverse; so each meaning has words
that say it and words that may say it. How often it errs: `eval/checks/README.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from summarizer.negation import SAYS_NOT, any_of, without_false_friends
from summarizer.numbers import bare
from summarizer.warning import MujazWarning, Span

_CLITICS = "(?:و|ف)?(?:ال|لل|س(?=[يت])|[بلك](?:ال)?)?"


def _words(listed: str, before: str = "") -> re.Pattern[str]:
    """As `any_of`, with the stems marked: "trans-"."""
    stems = " ".join(word[:-1] for word in listed.split() if word.endswith("-"))
    whole = " ".join(word for word in listed.split() if not word.endswith("-"))
    return any_of(stems, words=whole, before=before)


@dataclass(frozen=True)
class Meaning:
    """Something that news says; words are lists for `_words`, Arabic in its bare form.

    Attributes:
        said: What the Arabic speaks of, for the reader.
        arabic: Words that say it and nothing else.
        english: The same in English.
        arabic_too: Words that may say it.
        english_too: The same in English.
    """

    said: str
    arabic: str
    english: str
    arabic_too: str = ""
    english_too: str = ""

    def is_said(self, arabic: str) -> bool:
        """Whether bare Arabic surely means it."""
        return bool(self._said.search(arabic))

    def may_be_said(self, arabic: str) -> bool:
        """Whether bare Arabic may mean it."""
        return bool(self._may_say.search(arabic))

    def in_english(self, english: str) -> Iterator[re.Match[str]]:
        """Where English surely says it, and no "not" is before it."""
        found = self._says.finditer(english)
        return (match for match in found if not _NOT_BEFORE.search(english[: match.start()]))

    def may_be_in_english(self, english: str) -> bool:
        """Whether English may say it."""
        return bool(self._may.search(english))

    @cached_property
    def _said(self) -> re.Pattern[str]:
        return _words(self.arabic, _CLITICS)

    @cached_property
    def _may_say(self) -> re.Pattern[str]:
        return _words(f"{self.arabic} {self.arabic_too}", _CLITICS)

    @cached_property
    def _says(self) -> re.Pattern[str]:
        return _words(self.english)

    @cached_property
    def _may(self) -> re.Pattern[str]:
        return _words(f"{self.english} {self.english_too}")


OPPOSITES: tuple[tuple[Meaning, Meaning], ...] = (
    (
        Meaning(
            "a rise",
            # Not "boarded": صعد الركاب إلى.
            r"""ارتفاع ارتفع ارتفعت ارتفعوا [يت]رتفع صعود صعد(?:ت|وا)?(?!_(?:\w+_)?الي)
            ازدياد ازداد ازدادت [يت]زداد
            تزايد تزايدت متزايد متزايده زياده زادت تضاعف تضاعفت [يت]تضاعف نمو نمت""",
            """rise rises rising risen rose increas- grew grow grows growing soar- surge
            surged surges surging""",
            """مرتفع- [يت]صعد- تصاعد- متصاعد- زاد زياد- [يت]زيد- زيد نما [يت]نمو تنامي متنامي-
            قفز- رفع- [يت]رفع- مرفوع- اعلي ازيد""",
            """growth high- up upward- climb- jump- gain- escalat- swell- swollen boost- rais-
            hik- doubl- trebl- tripl- expan- elevat- lift- spik- height- feet met(?:er|re)s""",
        ),
        Meaning(
            "a fall",
            # Not "landed".
            """انخفاض انخفض انخفضت [يت]نخفض هبوط(?!_(?:ال)?(?:طاي?ر|مروحي|مركب|اضطراري))
            (?:هبط|هبطت|[يت]هبط)(?!_(?:ال)?(?:طاي?ر|مروحي|مركب|مسبار)) تدني تراجع تراجعت [يت]تراجع
            تقلص تقلصت [يت]تقلص تناقص تناقصت [يت]تناقص انكماش انكمش انكمشت""",
            """fell fall falls falling fallen drop drops dropped dropping decreas- plunge
            plunged plunges plunging slump- declin(?:e|es|ing) shrank shrink-""",
            """منخفض- متدني- خفض- [يت]خفض- تخفيض- تخفيف- خفف- [يت]خفف- تضاءل- نقص- انقاص سقط-
            سقوط- [يت]سقط- اسقاط- نزول نزل- تخلي تهاوي هوي- هوت انهار- انهيار- اقل ادني
            ترد- تردي""",
            """declin- reduc- low- down downward- cut cuts cutting dip dips dipped dipping
            slid slide slides sliding sank sink- sunk tumbl- dwindl- diminish- less weak-
            retreat- contracted contraction contracting shortage- eas(?:e|es|ed|ing) slow-
            lack- deficien- minim- small- drawn revers- withdr- reliev- alleviat- mitigat-
            setback- back- below under""",
        ),
    ),
    (
        Meaning("imports", "استيراد استورد استوردت [يت]ستورد واردات-", "import(?:s|ed|ing)?"),
        Meaning(
            "exports", "تصدير صادرات- مصدره المصدره", "export(?:s|ed|ing)?", "[يت]صدر صدر- مصدر-"
        ),
    ),
    (
        Meaning(
            "buying",
            "شراء شراءه شراءها اشتري اشترت اشتروا [يت]شتري [يت]شترون مشتريات-",
            "buy buys buying bought purchas-",
            "شراي- مشتري- اقتن- ابتاع- استحوا?ذ- استحوذ-",
            "acqui- sale for_sale",
        ),
        Meaning(
            "selling",
            "بيع بيعه بيعها باع باعت باعوا [يت]بيع [يت]بيعون مبيعات-",
            "sell sells selling sold",
            "مبيع- بايع- باعه باعها بيعت",
            "sale sales seller-",
        ),
    ),
    (
        Meaning(
            "an arrest",
            """اعتقال اعتقالات اعتقل اعتقلت اعتقلوا [يت]عتقل احتجاز احتجز احتجزت [يت]حتجز
            توقيف القبض""",
            "arrest arrested arrests arresting detain detained detains detaining jailed imprisoned",
            """اعتقل- اعتقال- معتقل- احتج[از]- محتجز- اوقف- [يت]وقف- توقيف- موقوف- قبض- ضبط-
            مقبوض- سجن- سجين- سجناء- مسجون- حبس- محبوس- اسر- اسير- اسري""",
            """detain- detention custody captur- captiv- seiz- held hold- prison- jail-
            hostage- catch caught taken lock- arrest- apprehend- round(?:ed|s|ing)?_up""",
        ),
        Meaning(
            "a release",
            """افرج افرجت افرجوا [يت]فرج افراج الافراج اطلاق_سراح- اخلاء_سبيل- اطلق_سراح-
            اطلقت_سراح-""",
            "released releases releasing freed",
            """سراح- سبيل- مفرج- اطلاق- اطلق- [يت]طلق- حرر- [يت]حرر- تحرير(?:ه|ها|هم|هما)
            تحرير_(?:ال)?(?:رهاين|رهينه|اسري|اسير|سجناء|محتجز)- اخلي-""",
            "releas- free- liberat- bail let",
        ),
    ),
    (
        Meaning(
            "an opening",
            "افتتاح افتتح افتتحت [يت]فتتح فتحت [يت]فتح فتح_ابواب- اعاده_فتح",
            "open opens opened opening reopen-",
            "فتح- [يت]فتح- مفتوح- انفتاح- مفتتح- انطلاق- انطلق-",
            "inaugurat- launch-",
        ),
        Meaning(
            "a closing",
            "اغلاق اغلق اغلقت اغلقوا [يت]غلق غلق مغلق مغلقه",
            "closed closing closes closure- shut shuts shutting shutdown-",
            "اقفال- اقفل- ختام- اختتم- اختتام- [يت]ختتم ايصاد- موصد- سد",
            "clos- lock-",
        ),
    ),
    (
        Meaning("north", "شمال شمالي شماليه شمالا", "north northern", "شمال-", "north-"),
        Meaning("south", "جنوب جنوبي جنوبيه جنوبا", "south southern", "جنوب-", "south-"),
    ),
    (
        Meaning(
            "east",
            "شرق شرقي شرقيه شرقا",
            "east eastern",
            "شرق- مشرق-",
            "eastw- northeast- southeast-",
        ),
        Meaning(
            "west",
            "غرب غربي غربيه غربا",
            "west western",
            "غرب- مغرب- مغارب-",
            "westw- northw- southw-",
        ),
    ),
    (
        Meaning(
            "a low",
            "ادني_(?:مستوي|سعر|معدل|نسبه|رقم|حد|قيمه)- قياسي_متدن قياسي_منخفض",
            "lowest record_low",
            "ادني متدن- منخفض- اقل اضعف ارخص اصغر قاع انخفض- تراجع- هبط- [يت]نخفض",
            "low- least less minim- worst small- bottom fewest under below poor- weak- near",
        ),
        Meaning(
            "a high",
            "اعلي_(?:مستوي|سعر|معدل|نسبه|رقم|حد|قيمه)- قياسي_مرتفع",
            "highest record_highs? all-time_high",
            "اعلي مرتفع- عالي- عال ارتفع- ارتفاع- [يت]رتفع- ارفع اكبر اكثر اضخم ذروه",
            "high- top peak most great- max- upper above- senior supreme up upward best",
        ),
    ),
    (
        Meaning("yesterday", "امس البارحه", "yesterday", "اول_امس"),
        Meaning("tomorrow", "غدا", "tomorrow", "غد"),
    ),
    (
        Meaning(
            "the morning", "صباح صباحا صباحيه", "morning-", "صباح- فجر فجرا", r"dawn am a\.m early"
        ),
        Meaning(
            "the evening",
            "مساء مسايي- مساءا",
            "evening-",
            "ليل ليلا ليله عشيه امسي-",
            r"night- pm p\.m",
        ),
    ),
    (
        Meaning(
            "agreement",
            "وافق وافقت وافقوا [يت]وافق موافقه الموافقه",
            "approved approves approving accepted accepts accepting agreed",
            "قبول- قبل- [يت]قبل- اتفق- اتفاق- [يت]تفق- متفق- توافق- موافق-",
            "approv- accept- agree- endors- consent- pass(?:ed|es)? welcom-",
        ),
        Meaning(
            "a refusal",
            "رفض رفضت رفضوا رفضه رفضها [يت]رفض [يت]رفضون",
            "reject- refus-",
            "رافض- مرفوض- رد ردت",
            """turn(?:ed|s|ing)?_down rebuff- declin- den(?:y|ies|ied|ial) dismiss- oppos-
            object- rul(?:e|es|ed|ing)_out veto- not never""",
        ),
    ),
    (
        Meaning("the best", "افضل احسن", "best", "اجود خير-", "better prefer- top"),
        Meaning("the worst", "اسوا", "worst", "اردا", "worse bad"),
    ),
    (
        Meaning(
            "success",
            "نجح نجحت نجحوا [يت]نجح نجاح نجاحا",
            "succeeded succeeds succeed success successful successfully",
            "نجاح- ناجح- تمكن- [يت]تمكن- استطاع-",
            "succe- manag- able",
        ),
        Meaning(
            "failure",
            "فشل فشلت فشلوا [يت]فشل اخفق اخفقت اخفاق",
            "failed fails failing failure-",
            "فشل- فاشل- اخفاق- تعثر-",
            "fail- unable could_not collaps- lost",
        ),
    ),
    (
        Meaning(
            "profits",
            "ارباح ارباحا ارباحها ارباحه",
            "profit profits profitable",
            "ربح- رابح- مكاسب-",
        ),
        Meaning(
            "losses",
            "خساير خسايرها خسايره",
            "loss losses",
            "خسار- خسر-",
            "lost los(?:e|es|ing) damag-",
        ),
    ),
    (
        Meaning(
            "a win",
            "فاز فازت فازوا [يت]فوز فوز فوزا فوزه فوزها انتصار انتصر انتصرت تغلب تغلبت",
            "win wins won winning victory victories victorious",
            "فايز فايزه فايزون منتصر- فوز- ظفر- احرز- احراز- نال- كسب- توج- تتويج-",
            "beat beats beaten defeated overcame triumph- winner-",
        ),
        Meaning(
            "a defeat",
            "خسر خسرت خسروا [يت]خسر هزيمه الهزيمه انهزم انهزمت",
            "lost lose loses losing",
            "خسار- خاسر- هزيم- هزم- سقط- سقوط- [يت]هزم-",
            "loss- los- beaten defeat-",
        ),
    ),
    (
        Meaning(
            "an arrival",
            "وصل وصلت وصلوا وصول وصوله وصولها [يت]صل [يت]صلون",
            "arriv(?:e|ed|es|ing|al|als)",
            "وصول- قدوم- قادم- حضر- حضور-",
            "reach- came come-",
        ),
        Meaning(
            "a departure",
            "غادر غادرت غادروا [يت]غادر مغادره المغادره",
            "depart(?:s|ed|ing|ure|ures)?",
            """مغادر- رحيل- رحل- خروج- خرج- [يت]خرج- اقلاع- اقلع- انطلاق- انطلق- انسحاب- ترك-
            فر فرار""",
            "leav- left",  # "left thousands homeless"
        ),
    ),
    (
        Meaning(
            "deaths",
            """قتل قتلت قتلوا [يت]قتل مقتل قتلي قتيل قتيلا مصرع- وفاه الوفاه وفيات توفي توفيت
            استشهاد استشهد شهداء""",
            "killed killing dead death deaths died",
            """قتل- قاتل- قتيل- مقتول- وفات- وفي- توفوا متوفي متوفاه [يت]توفي موت موته مات
            ماتت ماتوا [يت]موت ميت ميتا ميته شهيد- اغتيال- اغتيل- اودي اودت فتك فتكت جثه
            جثث جثمان- حتف- فارق- اعدام- انتحر- انتحار- نفق نفوق قضوا قضي ضحايا هلك- مجزره
            مذبح-""",
            """kill- die dies dying slain fatal- martyr- murder- lost lives victim- assassin-
            execut- body bodies deadly""",
        ),
        Meaning(
            "injuries",
            "جرح جرحي جريح جريحا اصيب اصيبت اصيبوا اصابه اصابات [يت]صاب مصاب مصابا مصابين",
            "wounded injured injuring wounding injuries injury",
            "اصاب- مصاب- جروح- جراح",
            "wound- injur- hurt- hit suffer- infect- case- diagnos- shot",
        ),
    ),
    (
        Meaning(
            "support",
            "دعم دعمت دعمه دعمها دعما [يت]دعم تاييد ايد ايدت",
            "support supports supported supporting",
            "دعم- داعم- مويد- تاييد- انصار- مناصر- ساند- مساند- [يت]ويد مدافع- مشجع-",
            "support- back- aid endors-",
        ),
        Meaning(
            "opposition",
            "عارض عارضت [يت]عارض معارضه معارضته معارضتها معارضتهم اعترض اعترضت",
            "oppose opposes opposed opposing opposition",
            "عارض- معارض- اعتراض- مناهض- ضد",
            "oppon- object- against",
        ),
    ),
    (
        Meaning(
            "acquittal",
            "تبريه برات_المحكمه ببراءه براءه",
            "acquit-",
            "برا- تبري-",
            "clear- innocen-",
        ),
        Meaning(
            "conviction", "ادانه ادان ادانت مدان", "convict-", "ادان- مدان- دين", "guilty condemn-"
        ),
    ),
    (
        Meaning(
            "imposing something",
            "فرض فرضت [يت]فرض",
            "impose imposes imposed imposing",
            "مفروض-",
            "impos-",
        ),
        Meaning(
            "lifting something",
            "رفع رفعت [يت]رفع",
            "lift lifts lifted lifting",
            "مرفوع- ازال-",
            "rais- hik- increas- fil(?:e|ed|es|ing) su(?:e|ed|ing) up boost-",
        ),
    ),
)

STOPS: tuple[Meaning, ...] = (
    Meaning(
        "cancelling something",
        "الغاء الغاءه الغاءها الغي الغت الغوا الغيت [يت]لغي [يت]لغ",
        """cancel- scrap- abol- repeal- revoke- revoking revocation annul- rescind- void-
        overturn- drop- eliminat- remov- lift- quash- struck strik- nullif- ax axe axed
        axing undo undone revers- withdr- ends ended ending end_to to_end abrogat- delet-
        dismantl- forfeit- stop- suspen- halt- disallow- invalid- cut cuts cutting waiv-
        exempt- shelv- disband- without no not called_off calls_off call_off calling_off
        ruled_out rule_out unsubscri-""",
    ),
    Meaning(
        "stopping something",
        "وقف ايقاف توقف توقفت اوقف اوقفت [يت]وقف [يت]توقف",
        """stop- halt- suspen- ceas- cessat- end ends ended ending endless expect- freez-
        froze- paus- cut cuts cutting shut- interrupt- arrest- detain- stood stand- quit-
        discontinu- break- broke- ban bans banned banning block- truce hold- held stall-
        stay- predict- forecast- anticipat- no not until depend- based ground- abort- down
        hing- park- silen- rest came_to unstop- dwel- linger- paralys- paralyz- off stuck
        knocked_out nonstop""",
    ),
    Meaning(
        "suspending something",
        """تعليق_(?:ال)?(?:رحلات|عمل|عمليات|دراسه|عضويه|مفاوضات|محادثات|مشاركه|مساعدات|اتفاق|حركه|نشاط|انشطه)-
        تجميد جمد جمدت""",
        """suspen- freez- froze- halt- stop- paus- cut cuts cutting block- hold held end ends
        ended ending cancel- interrupt- comment- remark- shut- no not""",
    ),
    Meaning(
        "ending something",
        "انهاء",
        """end ends ended ending terminat- finish- conclu- complet- clos- stop- halt- resolv-
        resolution dissol- abol- cancel- scrap- cut cuts cutting without no not over off
        wind- break- broke- finali- sack- dismiss- fir(?:e|ed|ing) put_to_rest settl-""",
    ),
    Meaning(
        "preventing or banning something",
        "منع منعت منعوا منع(?:ه|ها|هم|نا) [يت]منع ممنوع ممنوعه",
        """prevent- ban bans banned banning prohibit- forb- bar bars barr- block- stop- deny-
        deni- avoid- deter deters deterr- hinder- hamper- keep kept protect- curb-
        restrict- refus- avert- cannot unable exclu- halt- illegal- obstruct- impossib-
        preclu- inhibit- imped- not no never without from against free contracep- control-
        turned_away thwart- foil- outlaw- embargo- discredit""",
    ),
)

_NOT_BEFORE = re.compile(rf"(?:{SAYS_NOT.pattern})(?:\s+\w+){{0,3}}\s*$", re.IGNORECASE)
# "Did not fall" may be told as "rose".
_NEGATED = _words("لم لن لا ليس ليست ليسوا غير عدم دون بدون بلا", "(?:و|ف)?[بل]?")


def opposed(source: str, hypothesis: str) -> Iterator[MujazWarning]:
    """A doubt for each meaning of the Arabic whose opposite the English has."""
    pairs, stops = _meant(source)
    for meant, opposite in pairs:
        found = next(opposite.in_english(hypothesis), None)
        if found and not meant.may_be_in_english(hypothesis):
            message = f'The Arabic sentence speaks of {meant.said}; the English says "{found[0]}".'
            yield MujazWarning("negation", message, "serious", Span(*found.span()))
    for meant in stops:
        if not meant.may_be_in_english(hypothesis):
            message = f"The Arabic sentence speaks of {meant.said}; the English does not."
            yield MujazWarning("negation", message, "warning")


@lru_cache(maxsize=256)
def _meant(source: str) -> tuple[tuple[tuple[Meaning, Meaning], ...], tuple[Meaning, ...]]:
    """What the Arabic means of `OPPOSITES`, each before its opposite, and of `STOPS`."""
    arabic = without_false_friends(bare(source))
    said = []
    for pair in () if _NEGATED.search(arabic) else OPPOSITES:
        for meaning, opposite in (pair, pair[::-1]):
            if meaning.is_said(arabic) and not opposite.may_be_said(arabic):
                said.append((meaning, opposite))
    return tuple(said), tuple(meaning for meaning in STOPS if meaning.is_said(arabic))
