"""Arabic text as text: clean it, compare it, cut it into sentences, tell what it is.

No model and no heavy import. Everything here works on plain strings; what the functions
cut apart always joins to what went in, so offsets stay true.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

LanguageCode = Literal["ar", "fa", "ur", "arabic-script", "he", "en", "latin", "other", "none"]


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# --- characters ---------------------------------------------------------------------

ARABIC_LETTER = re.compile("[\u0621-\u064a\u0671-\u06d3]")  # of Arabic and its neighbours
BIDI = "\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_TASHKEEL = re.compile(r"[\u0610-\u061a\u064b-\u0652\u0656-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8"
                       r"\u06ea-\u06ed\u08ca-\u08e1\u08e3-\u08ff\u0640]")  # fmt: skip
_STRAY_HAMZA = re.compile(r"[\u0653-\u0655]")  # marks that composed with no letter
_TATWEEL_AS_DASH = re.compile(r"(?<= )\u0640+(?= )")
# 12 500 with a space that doesn't break. A plain one may stand between two numbers.
_GROUPED = re.compile(r"(?<![\d.,٫٬])\d{1,3}(?:[\u00a0\u202f]\d{3})+(?!\d)")
_PRESENTATION = re.compile(r"[\ufb50-\ufdff\ufe70-\ufefc]+")
_LINE_END = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫٬٪", "01234567890123456789.,%")
_FOLD = str.maketrans("أإآٱؤئىیېةۀہەکڪ", "ااااوييييههههكك")


def to_ascii_digits(text: str) -> str:
    """Write Eastern Arabic and Persian digits, ٫ ٬ and ٪ in ASCII, character for character."""
    return text.translate(_DIGITS)


def fold_letters(text: str) -> str:
    """Make spelling variants equal (أ إ آ ا, ى ي, ة ه, …), character for character."""
    return text.translate(_FOLD)


# --- cleaning -----------------------------------------------------------------------

_SPACE_BEFORE = re.compile(r" +(?=[،؛؟!:]|[.,;…]+(?:[ \n”»\")\]]|$))")
_MARK_ON_NEXT_WORD = re.compile(r" +([،؛؟!:])(?=\w)")
_YEAR_AFTER_STOP = re.compile(r"(?<=[\u0621-\u064a]) \.((?:[1١][3-9٣-٩]|[2٢][0٠])\d\d)(?=[ \n]|$)")
_TWO_STOPS = re.compile(r"(?<!\.)\.\.(?=[”»\")\]]*$)", re.MULTILINE)
_CURLY = re.compile("[“”„‟]")
_ANGLE = re.compile("[«»]")


def normalise(text: str) -> str:
    """Clean a text for display: same words, proper characters.

    Unicode NFC; control characters, bidi marks, tatweel and tashkeel (the vowel signs)
    are taken out; odd spaces become a space, presentation forms become letters, reversed
    quotes are turned round, spaces before punctuation go, `عام .2016` becomes `عام 2016.`
    and `..` at the end of a line becomes one full stop. Lines stay lines.

    Returns:
        The clean text; cleaning it again changes nothing.
    """
    text = _LONE_SURROGATE.sub("\ufffd", _LINE_END.sub("\n", text))
    text = _TATWEEL_AS_DASH.sub("-", _GROUPED.sub(_with_commas, text))
    text = _PRESENTATION.sub(lambda m: unicodedata.normalize("NFKC", m[0]), text)
    text = unicodedata.normalize("NFC", _TASHKEEL.sub("", "".join(map(_plain_character, text))))
    text = unicodedata.normalize("NFC", _STRAY_HAMZA.sub("", text))
    text = text.replace("<<", "«").replace(">>", "»").replace("''", '"')
    lines = (_tidy(" ".join(line.split())) for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _with_commas(number: re.Match[str]) -> str:
    return re.sub("[\u00a0\u202f]", ",", number[0])


def _plain_character(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Zs" or character == "\t":
        return " "
    return "" if category in {"Cc", "Cf"} and character != "\n" else character


def _tidy(line: str) -> str:
    line = _turn_quotes(_turn_quotes(line, _CURLY, "“”"), _ANGLE, "«»")
    line = _MARK_ON_NEXT_WORD.sub(r"\1 ", _YEAR_AFTER_STOP.sub(r" \1.", line))
    return _TWO_STOPS.sub(".", _SPACE_BEFORE.sub("", line)).strip()


def _turn_quotes(line: str, marks: re.Pattern[str], pair: str) -> str:
    """Make quotes open and close by turns, unless they nest well or one is missing."""
    found = marks.findall(line)
    if len(found) % 2 or _nests_well(found, pair):
        return line
    turns = iter(pair * (len(found) // 2))
    return marks.sub(lambda _: next(turns), line)


def _nests_well(marks: list[str], pair: str) -> bool:
    depth = 0
    for mark in marks:
        depth += {pair[0]: 1, pair[1]: -1}.get(mark, -len(marks) - 1)
        if depth < 0:
            return False
    return depth == 0


def match_key(text: str) -> str:
    """Reduce a text to what should be equal when two texts say the same words.

    For comparing only, never for display: `normalise`, letter variants folded, ASCII
    digits, lower case, hamza and punctuation dropped, single spaces.
    """
    text = fold_letters(to_ascii_digits(normalise(text))).lower()
    return " ".join(re.sub(r"[^\w\s]|_", " ", text.replace("ء", "")).split())


_PREFIX = re.compile("^(?:[وفبك]?ال|لل|[وفبلك])(?=..)")


def word_keys(text: str) -> list[str]:
    """The words of `match_key`, an article or a particle of one letter before them taken off."""
    return [_PREFIX.sub("", word) for word in match_key(text).split()]


# --- sentences ----------------------------------------------------------------------

LONG_SENTENCE = 150  # characters after which a semicolon may end a sentence
LONG_PAUSE = 70  # characters after which "..", "..." or "…" may: before, it is a pause
LONG_QUOTE = 200  # characters; a shorter quote is never cut, whatever it holds

_CLOSERS = rf"[\"”»’')\]}}{BIDI}]"
_END = re.compile(rf"(?P<mark>[.!?؟…]+|؛)(?P<closers>{_CLOSERS}*(?: (?:[”»]))?)")
_BULLET = re.compile(r"(?<=\s)[•●▪■◾](?=\s)")
_WHOLE = re.compile(  # spans that no sentence end may cut
    r"“[^“”]*”|«[^«»]*»|\"[^\"]*\""
    r"|\([^()]*\)|\[[^\[\]]*\]"
    r"|(?:https?://|www\.)[^\s<>\"”»،]*[^\s<>\"”»،.!?؟:;)\]]"
    r"|(?<![\w.@-])[\w-]{1,64}(?:\.[\w-]{1,64}){0,8}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,5}"
)
_LAST_WORD = re.compile(r"[^\W_]+(?:\.[^\W_]+)*$")
_NEXT_WORD = re.compile(rf"[\s{BIDI}\"“«(\[]*([^\W_]*)")
_NUMBERED = re.compile(r"\s*[\d٠-٩]{1,2}$")  # "1." that opens a line of a list
_TITLES = _words("د أ م ا أ.د ا.د أ.م.د م.م د.م دكتور د.أ")
_LATIN_SHORT = _words("mr mrs ms dr prof st no vs gen sen rep gov jr sr e.g i.e fig")
_SAID = _words(
    "قال قالت يقول تقول قالوا يقولون أضاف أضافت يضيف تضيف تابع تابعت صرح صرحت كتب كتبت "
    "هكذا بهذه بهذا أكد أكدت تساءل تساءلت أوضح أوضحت"
)


def split_sentences(text: str) -> list[str]:
    """Cut a text into sentences; every piece keeps the space after it.

    A line end always ends a sentence. A semicolon does where the sentence is long, and
    "..", "..." and "…" where it isn't short. Abbreviations, initials, numbers, addresses
    and short quotes are not cut.

    Returns:
        The pieces; `"".join(pieces) == text` for every string.
    """
    pieces: list[str] = []
    held = ""  # blank lines before the first sentence
    for line in text.splitlines(keepends=True):
        for piece in _split_line(line):
            if piece.strip():
                pieces.append(held + piece)
                held = ""
            elif pieces:
                pieces[-1] += piece
            else:
                held += piece
    return [*pieces, held] if held else pieces


def _split_line(line: str) -> Iterator[str]:
    whole = [match.span() for match in _WHOLE.finditer(line) if _is_whole(match[0])]
    marks: dict[int, re.Match[str] | None] = {m.start(): None for m in _BULLET.finditer(line)}
    marks |= {match.end(): match for match in _END.finditer(line)}
    start = span = 0
    for end, mark in sorted(marks.items()):
        while span < len(whole) and whole[span][1] <= end:
            span += 1
        if span < len(whole) and whole[span][0] < end:
            continue  # inside a short quote, brackets or an address
        if mark is None or _is_end(line, start, mark):
            after = _skip_space(line, end)
            yield line[start:after]
            start = after
    if start < len(line):
        yield line[start:]


def _is_whole(span: str) -> bool:
    """Whether a span stays in one piece; what lies between two quotes is not a quote."""
    return len(span) <= LONG_QUOTE and not (span[1].isspace() and span[-2].isspace())


def _skip_space(line: str, position: int) -> int:
    while position < len(line) and line[position].isspace():
        position += 1
    return position


def _is_end(line: str, start: int, match: re.Match[str]) -> bool:
    """Whether this mark ends the sentence that began at `start`."""
    mark, end = match["mark"], match.end()
    following = line[end : end + 1]
    length = end - start
    if mark == "؛" or "…" in mark or ".." in mark:
        longest = LONG_SENTENCE if mark == "؛" else LONG_PAUSE
        return length > longest and (not following or following.isspace())
    if not following.strip():
        return _spaced_end(line, start, match)
    glued = _is_arabic(following) and not match["closers"]
    return glued and _glued_end(line, start, match)


def _spaced_end(line: str, start: int, match: re.Match[str]) -> bool:
    """Judge a mark with a space (or nothing) after it."""
    after = _NEXT_WORD.match(line, match.end())
    following = after[1] if after else ""
    if following[:1].islower() and following.isascii():
        return False
    if match["closers"] and following in _SAID:
        return False  # “…!” said the minister
    return match["mark"] != "." or not _abbreviates(line[start : match.start()], following)


def _abbreviates(before: str, following: str) -> bool:
    """Whether a full stop after `before` belongs to an abbreviation or a list number."""
    if _NUMBERED.match(before):
        return True
    last = _LAST_WORD.search(before[-40:])
    if not last or not following:
        return False
    if re.fullmatch(r"[a-z]", last[0]):
        return False
    word = last[0].lower()
    if word in _TITLES or word in _LATIN_SHORT:
        # "5 م. وقال": after a number it is a unit, and a sentence may start
        return not (re.search(r"\d\s*$", before[-40 : -len(word)]) and following[0] == "و")
    letters = word.split(".")
    if all(len(letter) == 1 and letter.isalpha() for letter in letters):
        return not (following.startswith("و") and len(following) > 2)
    return False


def _glued_end(line: str, start: int, match: re.Match[str]) -> bool:
    """Judge a mark with an Arabic letter right after it: `الحياة.وفقا`, not `أ.ف.ب`."""
    last = _LAST_WORD.search(line[max(start, match.start() - 40) : match.start()])
    after = _NEXT_WORD.match(line, match.end())
    if not last or not after:
        return False
    long_enough = len(last[0].split(".")[-1]) > 2 and len(after[1]) > 1
    return long_enough and all(map(_is_arabic, after[1])) and _is_arabic(last[0][-1])


def _is_arabic(character: str) -> bool:
    return "\u0620" <= character <= "\u06d3" or "\u0750" <= character <= "\u077f"


# --- clauses ------------------------------------------------------------------------

_CLAUSE_MARKS = (  # best place to cut first
    re.compile(r"؛\s*"),
    re.compile(r"[،:]\s+|,\s+|\s[-–—]\s+"),
    re.compile(r"\s+(?=(?:و\w{3,}|حيث|فيما|بينما|كما|إذ|لكن|غير أن|التي|الذي)\b)"),
    re.compile(r"\s+"),
)


def split_clauses(sentence: str, max_chars: int) -> list[str]:
    """Cut an over-long sentence at clause marks, else before conjunctions, else at spaces.

    Args:
        sentence: The sentence.
        max_chars: The most characters that a piece may have, its spaces included; only a
            stretch without any space is longer.

    Returns:
        The pieces, near equal in length; `"".join(pieces) == sentence`.

    Raises:
        ValueError: `max_chars` is less than 1.
    """
    if max_chars < 1:
        raise ValueError(f"max_chars must be at least 1, not {max_chars}")
    pieces = []
    while len(sentence) > max_chars:
        cut = _clause_cut(sentence, max_chars)
        pieces.append(sentence[:cut])
        sentence = sentence[cut:]
    return [*pieces, sentence] if sentence else pieces


def _clause_cut(sentence: str, max_chars: int) -> int:
    """Where to cut: at the best mark of the window, the nearest to equal pieces."""
    target = len(sentence) / -(-len(sentence) // max_chars)
    least = target / 3  # a scrap of a clause translates badly
    for marks in _CLAUSE_MARKS:
        cuts = [m.end() for m in marks.finditer(sentence, 0, max_chars)]
        if good := [cut for cut in cuts if least <= cut <= max_chars]:
            return min(good, key=lambda cut: abs(cut - target))
    spaces = [m.end() for m in re.finditer(r"\s", sentence[:max_chars])]
    if sentence[max_chars].isspace():
        return max_chars
    if spaces:
        return spaces[-1]
    beyond = re.search(r"\s", sentence[max_chars:])
    return max_chars + beyond.start() if beyond else len(sentence)


# --- what language is it ------------------------------------------------------------

MOSTLY = 0.5  # share of the letters that decides the script

_NAMES: dict[LanguageCode, str] = {
    "ar": "Arabic (ar)",
    "fa": "Persian (fa)",
    "ur": "Urdu (ur)",
    "arabic-script": "another language in Arabic script (such as Kurdish or Pashto)",
    "he": "Hebrew (he)",
    "en": "English (en)",
    "latin": "text in Latin script",
    "other": "text in another script",
    "none": "no words",
}
_LETTERS: dict[LanguageCode, frozenset[str]] = {
    "fa": frozenset("پچژگ"),
    "ur": frozenset("ٹڈڑےںہھۓ"),
    "arabic-script": frozenset("ښړټډځڅۍېګڼێۆڵڕەۇۈڭۋڪڄڃٻڀٺٽڦڳڱڻ"),
}
_STOP_WORDS: dict[LanguageCode, frozenset[str]] = {
    "ar": _words(
        "في من على إلى الى عن مع أن ان إن التي الذي الذين هذا هذه ذلك تلك كما لم لن قد بعد قبل "
        "كان كانت أو او بين حتى خلال عند لكن ليس منذ ثم كل غير أي وقد وفي ومن وأن كذلك هو هي عام "
        "مش اللي دي ده شو هيدا علشان عشان راح فيه به له لها بها منها"
    ),
    "fa": _words(
        "از که در این را است با برای آن شد می شود کرد کرده شده های یک خود بود نیز اما اند باید "
        "كه اين براي مي یا گفت هزار ای ها هم تا وی شوند دارد بر"
    ),
    "ur": _words("کے کی میں ہے سے کو نے اور پر کا ہیں یہ تھا کہ گیا ہو کر اس بھی جو"),
    "arabic-script": _words("د په چې کې او له سره دي ده لە بۆ ئەو کە بە لەگەڵ دەکات یان"),
}
_ENGLISH = _words("the of and to in a is that for on with as was by it from at are")
_ARTICLE = re.compile(r"[وفبك]{0,2}ال\w{3,}|[وف]?لل\w{2,}|\w{2,}ة")


@dataclass(frozen=True, slots=True)
class Language:
    """A guess at the language of a text, with what it rests on.

    Attributes:
        code: ISO 639-1 code; "arabic-script" for a language in Arabic script that we
            don't name, "latin" for Latin script that isn't English, "other" for another
            script, "none" where there is no letter.
        arabic_share: Share of the letters that are of the Arabic script, 0 to 1.
        votes: For text in Arabic script, how many words speak for each language.
    """

    code: LanguageCode
    arabic_share: float
    votes: tuple[tuple[LanguageCode, float], ...] = ()

    @property
    def name(self) -> str:
        """The language in words, for a message."""
        return _NAMES[self.code]


def identify(text: str) -> Language:
    """Guess the language of a text from its letters and its commonest words.

    Tells Arabic (dialect letters such as گ in a name included) from Persian, Urdu and
    other languages in Arabic script, and these from English, Hebrew and the rest.
    """
    text = unicodedata.normalize("NFC", text[:200_000])
    scripts = Counter(_script(character) for character in text if character.isalpha())
    total = scripts.total()
    if not total:
        return Language("none", 0.0)
    share = scripts["arabic"] / total
    if share >= MOSTLY:
        votes = _votes(text)
        return Language(votes[0][0], share, votes)
    script = scripts.most_common(1)[0][0]
    if script == "latin":
        words = text.lower().split()
        english = sum(word in _ENGLISH for word in words) > len(words) / 12
        return Language("en" if english else "latin", share)
    return Language("he" if script == "hebrew" else "other", share)


def _script(character: str) -> str:
    code = ord(character)
    if 0x600 <= code <= 0x77F or 0x8A0 <= code <= 0x8FF or 0xFB50 <= code <= 0xFEFC:
        return "arabic"
    if code < 0x250 or 0x1E00 <= code < 0x1F00:
        return "latin"
    return "hebrew" if 0x590 <= code <= 0x5FF else "other"


def _votes(text: str) -> tuple[tuple[LanguageCode, float], ...]:
    """Let every word vote: a stop word or a letter of its own for a language, else nobody."""
    text = _TASHKEEL.sub("", _PRESENTATION.sub(lambda m: unicodedata.normalize("NFKC", m[0]), text))
    words = Counter(re.findall(r"[^\W\d_]+", text.replace("\u200c", " ")))
    votes: dict[LanguageCode, float] = {"ar": 0.5}  # with no evidence it is Arabic
    for word, count in words.items():
        for code, stops in _STOP_WORDS.items():
            if word in stops:
                votes[code] = votes.get(code, 0) + count
        for code, letters in _LETTERS.items():
            if not letters.isdisjoint(word):
                votes[code] = votes.get(code, 0) + count
        if _ARTICLE.fullmatch(word):
            votes["ar"] += count
        elif "ی" in word or "ک" in word:
            votes["fa"] = votes.get("fa", 0) + 0.25 * count
    return tuple(sorted(votes.items(), key=lambda vote: -vote[1]))
