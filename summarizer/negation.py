"""Whether a "not" was lost or added between Arabic and English.

The word lists were made on human translations (FLORES-200 dev, Arabic PUD) and on the pairs that
the model is trained on; `eval/checks/README.md` has what they find and how often they err.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from summarizer.numbers import bare
from summarizer.warning import MujazWarning, Severity, Span


def any_of(stems: str = "", *, words: str = "", before: str = "") -> re.Pattern[str]:
    """A pattern for whole words, and for words that begin with a stem; "_" is any space."""
    either = [*(rf"{stem}\w*" for stem in stems.split()), *words.split()]
    pattern = rf"\b{before}(?:{'|'.join(either)})\b"
    return re.compile(pattern.replace("_", r"\s+"), re.IGNORECASE)


# Arabic in its bare form. First what is no negation, though it looks like one: it is taken
# out before anything is looked for.
_AND = "(?:و|ف)?"
_FALSE_FRIENDS = any_of(
    r"""(?:لا|لم|ما|لن)_[يتن]?زا?ل لا_سيما لا_بد لا_شك لا_ريب لا_محاله لا_غير
    ب?(?:هدف|اهداف|ثنايي|ثلاثي|رباعي|خماسي)\w*_(?:من_)?دون_(?:رد|مقابل)
    بلا_(?:شك|ريب|ادني|منازع) دون_(?:شك|ادني|سن) ب?دون_طيار ما_دون ما_لم غير_ان الا_ان
    دون_(?:ال)?\d
    دون_ال(?:مستوي|متوسط|معدل|صفر|مطلوب|مامول|متوقع|توقعات|سن|حد|خط|وطني|اول|ثاني|ثالث|رابع|خامس|سادس)
    دون_ال(?:سابع|ثامن|تاسع|عاشر|حادي|عشر|ثلاث|اربع|خمس|ست|سبع|ثمان|تسع)
    (?:مقابل|ل|الي)_لا_شي
    (?:بما_)?لا_[يت](?:قل|زيد|تجاوز|تعدي) بعدما علي_غير من_غير_ال لم_يكد لا_[يت]كاد""",
    before=_AND,
)
_NOT_ALONE = re.compile(  # "not only", "not by itself": told with or without a "not"
    r"\b(?:ليس|ليست|لا|لم)\s+(?:\w+\s+){0,6}?(?:فقط|فحسب|وحسب|وحده|وحدها)\b"
)
_PARTICLE = any_of(words="لم لن لا ليس ليست ليسوا", before=_AND)
_WITHOUT = any_of(words="بدون دونما بلا دون", before=_AND)
_EXCEPT = any_of(words="الا سوي")
_DENIES = any_of("[يت]?انكر [يت]نكر نافي", words="[يتا]?نف[يت] نفوا", before=_AND)
# Refusing, failing, forbidding, "un-": English has a word for them, seldom a plain "not".
_REFUSES = any_of(
    "[يتن]?(?:رفض|متنع|فشل|خفق|حظر|ستبعد) امتن اخفا?ق انعدام استبعد عدم",
    words="غير [يت]?تعذر",
    before="(?:و|ف)?(?:ب|ل|ال|بال|لل)?",
)
_SAYS_REFUSED = any_of(
    """block barr bar_ outlaw turn(?:ed|s)?_down illicit loath reluct collaps break broke poor weak
    shortage scarc struggl lapse rebuff resist boycott veto decry shun illegal prohib forbid
    stay(?:ed|s)?_away instab imbal asynch offline chang alter un-""",
    words="against off out less fewer low lower",
)
# Words that may be told with or without a "not": they explain one, none is demanded.
_WEAK = any_of(
    """عدم رفض رافض امتن فشل منع ممنوع حظر محظور انعدام نقص غياب عجز تعذر استبعد ستبعد توقف خلو
    مستحيل سلبي نادر قليل محروم افتق فتقر مجهول لولا ابدا مطلقا معارض عارض الغي الغاء تجنب تفادي
    حذر تجاهل اخفق اخفاق خسر صعب""",
    words="غير غيري غيريه خال خالي خاليه كف كاد يكاد تكاد كادت حال حالت بعيدا قله ما_كانت?",
    before=r"(?:و|ف)?(?:ب|ل|ال|بال|لل)?[يتن]?",
)
SAYS_NOT = re.compile(
    r"\b(?:not|no longer|never|cannot|neither|nor|none|nobody|nothing|no[ -]one)\b|n['’]t\b",
    re.IGNORECASE,
)
_UN = any_of(words="غير عدم", before="(?:و|ف)?(?:ب|ل|ال|لل)?")
_NO_REAL_NOT = re.compile(
    r"\bnot (?:only|just|merely|least|to mention)\b|\bor not\b|\b(?:do not|don['’]t) forget\b",
    re.IGNORECASE,
)
_SAYS_DENIED = any_of(
    """den(?:y|ies|ied|ying|ial) reject refut dismiss disput contradict disavow repudiat rebut
    disown disclaim false untru baseless unfounded exil banish disguis"""
)
# Anything that may carry an Arabic negation into English.
_SAYS_LESS = any_of(
    r"""lack absen fail refus declin reject except prevent prohibit forb(?!es) avoid stop halt ceas
    exclud miss(?!ion|ile|iss|our) abstain refrain withh overlook ignor depriv oppos
    mis(?!s|rat)\w{4} non(?!e)
    un(?!ion|it[eys]|iversi|iform|der|til|ique|ic|iv|cles?\b|fortun)(?!employ|veil|load|leash|rest|rwa|esco|hcr|ifil)\w{3}
    in(?:a[bcdp]|cap|fin|dom|con[cstv]|comp[aelr]|def|dir|eff|elig|secur|stab|suff|tol|val|vis)
    in(?:nocen|just)
    im(?:poss|mob|mun|perf|prop|prac) ir(?:re|ra) il(?:leg|log|lic)
    dis(?:ab|adv|agr|app|beli|conn|cont|hon|int|like|loy|miss|obe|prov|qual|reg|sat|trust|use)""",
    words=r"""no(?!\.?\s*\d) without closed_doors unless ban bans banned banning free far
    hardly barely scarcely rarely few seldom little less instead rather lost loss beyond
    zero devoid empty outside ruled_out other_than yet_to
    (?!regard|wire|none|never)\w{3,}less(?:ly|ness)?""",
)
_SAYS_ONLY = any_of(words="only until till unless except before just more exclusively sole solely")


def without_false_friends(arabic: str) -> str:
    """Bare Arabic less what only looks like a negation: لا يزال, لا سيما."""
    return _FALSE_FRIENDS.sub(" ", arabic)


def negated(source: str, hypothesis: str) -> Iterator[MujazWarning]:
    """A doubt where a negation of the Arabic is lost, or the English has one of its own."""
    arabic, not_alone = _NOT_ALONE.subn(" ", without_false_friends(bare(source)))
    # "Did not approve the bill banning": the Arabic "ban" explains only the English one.
    unexplained = len(_SAYS_LESS.findall(hypothesis)) - len(_WEAK.findall(arabic))
    lost = _lost_negation(arabic, hypothesis, unexplained)
    added = SAYS_NOT.search(_NO_REAL_NOT.sub(" ", hypothesis))
    may_be = not_alone or unexplained < 0
    cues = (_PARTICLE, _WITHOUT, _DENIES, _EXCEPT, _UN)
    may_be = may_be or any(cue.search(arabic) for cue in cues)
    if lost:
        said, severity = lost
        message = f"The Arabic sentence {said}; the English does not."
        yield MujazWarning("negation", message, severity)
    elif added and not may_be:
        message = f'The English says "{added.group()}"; the Arabic sentence has no negation.'
        yield MujazWarning("negation", message, "serious", _span_in(hypothesis, added.group()))


def _lost_negation(arabic: str, english: str, unexplained: int) -> tuple[str, Severity] | None:
    """What the Arabic does ("denies something") and the English does not, or None.

    Args:
        arabic: In its bare form, without false friends.
        english: The hypothesis.
        unexplained: How many words for "less" the English has that the Arabic does not.
    """
    if SAYS_NOT.search(english) or _SAYS_DENIED.search(english):
        return None
    particle = _PARTICLE.search(arabic)
    if _DENIES.search(arabic):
        return None if re.search(r"\bno\b", english) else ("denies something", "serious")
    if (particle and not _cancelled(arabic, particle)) or _WITHOUT.search(arabic):
        only = _EXCEPT.search(arabic) and _SAYS_ONLY.search(english)
        return None if only or unexplained > 0 else ("says “not” or “without”", "serious")
    if _REFUSES.search(arabic) and not particle:
        refused = _SAYS_LESS.search(english) or _SAYS_REFUSED.search(english)
        return None if refused else ("says “refused”, “failed” or “un-”", "warning")
    return None


def _cancelled(plain: str, particle: re.Match[str]) -> bool:
    """Whether what is negated is negative itself: لم تستبعد may be "left open"."""
    return bool(_WEAK.match(plain[particle.end() :].lstrip()))


def _span_in(text: str, part: str) -> Span | None:
    at = text.find(part)
    return Span(at, at + len(part)) if at >= 0 else None
