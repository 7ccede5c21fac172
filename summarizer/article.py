"""Reading: text, bytes, a file, a page or a URL in, a clean `Article` out.

What is not the article is listed in `Article.removed`, what is doubtful in
`Article.warnings`; what cannot be read raises an `InputError` that says why.
"""

from __future__ import annotations

import codecs
import hashlib
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from summarizer.arabic import Language, identify, match_key, normalise, split_sentences
from summarizer.errors import EmptyArticleError, InputError, NotArabicError, TooLargeError
from summarizer.furniture import REASONS, Removed, Sorted, parse_date, sort_lines
from summarizer.mending import in_reading_order, misread, read_again, with_spaces
from summarizer.warning import MujazWarning, Severity

__all__ = [
    "CODES", "MAX_BYTES", "MAX_TAGS", "MAX_WORDS", "Article", "Removed", "Sentence", "SourceInfo",
    "decode", "parse_date", "read_any", "read_bytes", "read_file", "read_html", "read_text",
]  # fmt: skip

MAX_BYTES = 5_000_000  # an input over this is refused
MAX_WORDS = 20_000  # an article over this is cut, with a warning
MAX_TAGS = 100_000  # a page over this is refused; the largest of our real pages has 4,700
MAX_DEPTH = 2_000  # open elements of a page; parsers that recurse fail beyond

CODES = {  # every warning of this module
    "cut": "the article is longer than we read",
    "encoding-damaged": "some bytes were not text, or had been read as other letters",
    "encoding-guessed": "the encoding was not stated",
    "headline-only": "there is a headline and no text",
    "mixed-script": "a good part of the text is not Arabic",
    "order": "the letters stood in reverse order",
    "page": "how much of the page is not the article",
    "spacing": "words had run together",
    "title-missing": "there is no headline",
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: `article.text[start:end] == text`.

    Attributes:
        text: The sentence without the space around it.
        start: Offset of its first character in `Article.text`.
        end: Offset after its last character.
        paragraph: Index of its paragraph in `Article.paragraphs`.
    """

    text: str
    start: int
    end: int
    paragraph: int


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """Where an article comes from.

    Attributes:
        id: The identifier that the caller gave, else the first 16 digits of `sha256`.
        url: Its address, if it has one.
        name: What to call the input in messages: a file name, a URL without its query.
        sha256: Hexadecimal SHA-256 of the cleaned text in UTF-8 (title not included).
    """

    id: str
    url: str | None
    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Article:
    """A cleaned article. All offsets, here and in a brief, refer to `text`.

    Attributes:
        title: The headline, or "".
        paragraphs: The paragraphs of the body, each one line.
        byline: Who wrote or sent it, as the page says it.
        published: ISO date or datetime.
        source: Where it comes from.
        removed: What was read and is not the article, in reading order.
        warnings: Doubts about the reading; codes in `CODES`.
    """

    title: str
    paragraphs: tuple[str, ...]
    byline: str | None
    published: str | None
    source: SourceInfo
    removed: tuple[Removed, ...] = ()
    warnings: tuple[MujazWarning, ...] = ()

    @property
    def text(self) -> str:
        """The body: the paragraphs with an empty line between them."""
        return "\n\n".join(self.paragraphs)

    @property
    def starts(self) -> list[int]:
        """Where in `text` each paragraph begins."""
        return list(accumulate((len(p) + 2 for p in self.paragraphs), initial=0))[:-1]

    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences of the body, in order; none crosses a paragraph."""
        return tuple(self._sentences())

    def _sentences(self) -> Iterator[Sentence]:
        for number, (paragraph, start) in enumerate(zip(self.paragraphs, self.starts, strict=True)):
            at = start
            for piece in split_sentences(paragraph):
                text = piece.strip()
                if text:
                    first = at + piece.index(text)
                    yield Sentence(text, first, first + len(text), number)
                at += len(piece)


# --- readers ------------------------------------------------------------------------

_HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)*"
    r"<(?:!doctype html|html|head|body|div|p|article|section|meta|title|h1|span|table)\b",
    re.IGNORECASE | re.DOTALL,
)


_OTHER_LINE_ENDS = re.compile("\r\n?|[\v\f\u2028\u2029]")
_TURNED = (
    "Letters stood from left to right, as in text copied from some PDFs; we turned them round. "
    'Ranges and scores ("3-1") may be the other way round.'
)


def read_text(
    text: str,
    *,
    name: str = "text",
    title: str = "",
    byline: str | None = None,
    published: str | None = None,
    url: str | None = None,
    id: str = "",
) -> Article:
    """Read an article from plain text; text that starts like HTML is read as HTML.

    Args:
        text: The text, one paragraph a line.
        name: What to call the input in messages.
        title: The headline where it is known; else the first fitting line is taken.
        byline: The author where known; else a byline in the text is taken.
        published: When it appeared, in any form that `parse_date` reads.
        url: Its address, for the record; nothing is fetched.
        id: The caller's identifier.

    Raises:
        EmptyArticleError: There are no words, or page furniture only.
        NotArabicError: It is in another language.
        TooLargeError: It is over `MAX_BYTES`.
    """
    _check_size(len(text.encode("utf-8", "replace")), name)
    if _HTML_START.match(text):
        return read_html(text, name=name, url=url, title=title, byline=byline,
                         published=published, id=id)  # fmt: skip
    title, text, mended = _mended(title, text)
    clean = normalise(text)
    language = _require_arabic(f"{title}\n{clean}", name)
    lines = [line for line in clean.split("\n") if line]
    found = sort_lines(lines, title=normalise(title))
    known = _Known(name, url, id, byline, published)
    return _build(found, known, [*mended, *_language_warnings(language)])


def _mended(title: str, text: str) -> tuple[str, str, list[MujazWarning]]:
    """Title and text in their own encoding and in reading order, and what was done to them."""
    warnings = []
    if encodings := misread(f"{title}\n{text}"):
        (title, some), (text, more) = (read_again(one, *encodings) for one in (title, text))
        lost = f"{title}{text}".count("\ufffd")
        warnings.append(_misread(*encodings, some + more, lost))
    title, text, turned = _in_order(title, text)
    return title, text, [*warnings, *turned]


def _in_order(title: str, text: str) -> tuple[str, str, list[MujazWarning]]:
    """Title and text with their letters the right way round."""
    title, text = " ".join(title.split()), _OTHER_LINE_ENDS.sub("\n", text)
    turned = in_reading_order(f"{title}\n{text}")
    if turned is None:
        return title, text, []
    title, text = turned.split("\n", 1)
    return title, text, [_warning("order", _TURNED)]


def _misread(wrong: str, right: str, guessed: int, lost: int) -> MujazWarning:
    message = f"The text was {right} that had been read as {wrong}; we read it again."
    if guessed:
        message += f" Letters had been lost; we guessed {guessed}."
    if lost:
        message += f" {lost} others show as \ufffd."
    return _warning("encoding-damaged", message, "serious" if lost else "warning")


def read_html(
    html: str | bytes,
    *,
    name: str = "page",
    url: str | None = None,
    title: str = "",
    byline: str | None = None,
    published: str | None = None,
    id: str = "",
    charset: str | None = None,
) -> Article:
    """Read the article of an HTML page; trafilatura finds it, our rules clean it.

    Args:
        html: The page; bytes are decoded as `charset`, a byte order mark or the page says.
        name: What to call the page in messages.
        url: Its address, for the record; nothing is fetched.
        title: The headline where it is known; else the page's.
        byline: The author where known; else the page's.
        published: When it appeared; else the page's date.
        id: The caller's identifier.
        charset: The encoding that the server stated.

    Raises:
        EmptyArticleError: There is no article on the page.
        InputError: The page is not HTML that can be parsed.
        NotArabicError: It is in another language.
        TooLargeError: It is over `MAX_BYTES` or `MAX_TAGS`.
    """
    warnings: list[MujazWarning] = []
    if isinstance(html, bytes):
        _check_size(len(html), name)
        html, warnings = _decode(html, name, charset or _declared_charset(html))
    else:
        _check_size(len(html.encode("utf-8", "replace")), name)
    if encodings := misread(f"{title}\n{html}"):
        (title, some), (html, more) = (read_again(one, *encodings) for one in (title, html))
        warnings.append(_misread(*encodings, some + more, html.count("\ufffd")))
    page = _extract(html, name, url)
    language = _require_arabic(page.body or page.everything, name)
    title, body, turned = _in_order(title or page.title, page.body)
    warnings += turned
    page_title, site = _without_site(normalise(title), page)
    lines = [line for line in normalise(body).split("\n") if line]
    found = sort_lines(lines, title=page_title)
    if site:
        found = Sorted(found.title, found.body, found.byline, found.published,
                       (Removed(site, "slogan"), *found.removed))  # fmt: skip
    outside = _solid(page.everything) - _solid(page.body)
    if outside > 0:
        note = f"{outside} characters of the page are outside the article and were not read."
        warnings.append(_warning("page", note, "note"))
    known = _Known(name, url or page.url, id, byline or page.author, published or page.date)
    return _build(found, known, [*warnings, *_language_warnings(language)])


def read_bytes(
    data: bytes, *, name: str, url: str | None = None, charset: str | None = None
) -> Article:
    """Read an article from bytes: plain text or HTML in any usual Arabic encoding.

    Raises:
        InputError: The bytes are not text; the message says what they are.
        EmptyArticleError, NotArabicError, TooLargeError: As `read_text`.
    """
    _check_size(len(data), name)
    text, warnings = decode(data, name, charset)
    if name.lower().endswith((".html", ".htm", ".xhtml")) or _HTML_START.match(text):
        article = read_html(text, name=name, url=url)
    else:
        article = read_text(text, name=name, url=url)
    return _with_warnings(article, warnings)


def read_file(path: str | Path) -> Article:
    """Read an article from a text or HTML file.

    Raises:
        InputError: The file is missing, not a file, not readable or not text.
        EmptyArticleError, NotArabicError, TooLargeError: As `read_text`.
    """
    path = Path(path)
    try:
        if path.is_dir():
            raise InputError(f"{path} is a folder, not a file.", hint="Name one file in it.")
        _check_size(path.stat().st_size, path.name)
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise InputError(f"{path} does not exist.", hint="Check the name and the folder.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path} cannot be read: {reason}.") from error
    return read_bytes(data, name=path.name)


def read_any(
    source: str, *, allow_url: bool = False, stdin: IO[bytes] | IO[str] | None = None
) -> Article:
    """Read an article from a path, from standard input (`-`) or from a URL.

    Args:
        source: A path, `-`, or an http(s) URL.
        allow_url: Whether a URL may be fetched; the person must have said so.
        stdin: Read instead of standard input; bytes or text.

    Raises:
        FetchError: The URL could not, or must not, be fetched.
        InputError: And below, as `read_file`; also a URL where none is allowed.
    """
    if source == "-":
        stream = stdin if stdin is not None else sys.stdin.buffer
        data = stream.read(MAX_BYTES + 1)
        return read_text(data, name="standard input") if isinstance(data, str) else (
            read_bytes(data, name="standard input"))  # fmt: skip
    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", source):
        return read_file(source)
    from summarizer.fetch import fetch, shown

    if not allow_url:
        message = f"{shown(source)} is a URL, and fetching is off."
        raise InputError(
            message, hint="Allow it (--allow-url), or save the page and name the file."
        )
    data, final_url, content_type = fetch(source, max_bytes=MAX_BYTES)
    charset = re.search(r"charset=[\"']?([\w.:-]+)", content_type, re.IGNORECASE)
    name = shown(final_url)
    if "html" in content_type:
        return read_html(data, name=name, url=final_url, charset=charset[1] if charset else None)
    return read_bytes(data, name=name, url=final_url, charset=charset[1] if charset else None)


# --- bytes to text ------------------------------------------------------------------

_ZIP = b"PK\x03\x04"
_MAGIC: tuple[tuple[bytes, str, str], ...] = (  # first bytes, what it is, the way out
    (b"%PDF", "a PDF document", "Copy its text into a .txt file."),
    (_ZIP, "a ZIP archive", "Unpack it and name a file in it."),
    (b"\x1f\x8b", "a gzip archive", "Unpack it first."),
    (b"BZh", "a bzip2 archive", "Unpack it first."),
    (b"\xfd7zXZ", "an xz archive", "Unpack it first."),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "Unpack it first."),
    (b"Rar!", "a RAR archive", "Unpack it first."),
    (b"\xd0\xcf\x11\xe0", "an old Office document", "Save it as plain text."),
    (b"{\\rtf", "an RTF document", "Save it as plain text."),
    (b"\x89PNG", "a PNG image", "Mujaz reads text, not pictures."),
    (b"\xff\xd8\xff", "a JPEG image", "Mujaz reads text, not pictures."),
    (b"GIF8", "a GIF image", "Mujaz reads text, not pictures."),
    (b"RIFF", "a media file", "Mujaz reads text."),
    (b"ID3", "an audio file", "Mujaz reads text."),
    (b"OggS", "a media file", "Mujaz reads text."),
    (b"GGUF", "a model file", "Name an article."),
    (b"\x7fELF", "a program", "Name an article."),
    (b"MZ\x90\x00", "a program", "Name an article."),
    (b"SQLite format 3", "a database", "Name an article."),
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_COMMON = re.compile(r"\b(?:في|من|على|إلى|أن|عن|التي|الذي|هذا|هذه|ال\w{3,})\b")


def decode(data: bytes, name: str, charset: str | None = None) -> tuple[str, list[MujazWarning]]:
    """Turn bytes into text; what was guessed or damaged is said.

    Args:
        data: Text in any usual Arabic encoding, maybe with markup that declares it.
        name: What to call the input in messages.
        charset: The encoding that was stated elsewhere.

    Raises:
        InputError: The bytes are not text; the message says what they are.
    """
    declared = charset or (_declared_charset(data) if b"<" in data[:2000] else None)
    return _decode(data, name, declared)


def _check_size(size: int, name: str) -> None:
    if size > MAX_BYTES:
        raise TooLargeError(
            f"{name} has {size:,} bytes; Mujaz reads up to {MAX_BYTES:,}.",
            hint="Split it into articles, one file each.",
        )


def _reject_binary(data: bytes, name: str) -> None:
    for magic, what, way_out in _MAGIC:
        if data.startswith(magic):
            if magic == _ZIP and b"word/" in data:
                raise InputError(f"{name} is a Word document.", hint="Save it as plain text.")
            raise InputError(f"{name} is {what}, not text.", hint=way_out)


def _decode(data: bytes, name: str, declared: str | None) -> tuple[str, list[MujazWarning]]:
    """Decode by byte order mark, by what is declared, as UTF-8, or by guessing."""
    _reject_binary(data, name)
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _replace(data[len(bom) :], encoding)
    if 0 in data[:4000]:
        utf16 = _utf16_without_mark(data)
        if not utf16:
            raise InputError(f"{name} is binary data, not text.", hint="Save it as plain text.")
        return data.decode(utf16, "replace"), [_guessed(utf16)]
    for encoding in ("utf-8", declared or ""):
        try:
            return data.decode(encoding), []
        except (UnicodeError, LookupError):  # an encoding may be called "undefined"
            continue
    text = data.decode("utf-8", "replace")
    if text.count("\ufffd") * 50 < len(text):  # nearly all of it is UTF-8: it is damaged
        return _replace(data, "utf-8")
    return _guess(data)


def _replace(data: bytes, encoding: str) -> tuple[str, list[MujazWarning]]:
    """Decode, count what is not text and say so."""
    text = data.decode(encoding, "replace")
    damaged = text.count("\ufffd") - data.decode(encoding, "ignore").count("\ufffd")
    if not damaged:
        return text, []
    message = f"{damaged} places are not valid {encoding.upper()} and show as \ufffd."
    return text, [_warning("encoding-damaged", message)]


def _utf16_without_mark(data: bytes) -> str | None:
    """UTF-16 has a zero in every second byte of its spaces and digits, on one side only."""
    even, odd = data[:4000:2].count(0), data[1:4000:2].count(0)
    if min(even, odd) * 20 > max(even, odd):
        return None
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    text = data[: len(data) // 2 * 2].decode(encoding, "replace")
    return encoding if identify(text).arabic_share > 0.3 else None


def _guess(data: bytes) -> tuple[str, list[MujazWarning]]:
    """Take the encoding in which the commonest Arabic words appear most often."""
    texts = {enc: data.decode(enc, "replace") for enc in ("windows-1256", "iso-8859-6")}
    scores = {enc: len(_COMMON.findall(text)) for enc, text in texts.items()}
    best = max(scores, key=lambda enc: scores[enc])
    if scores[best]:
        return texts[best], [_guessed(best)]
    from charset_normalizer import from_bytes

    other = from_bytes(data[:100_000]).best()
    encoding = other.encoding if other else "windows-1252"
    return data.decode(encoding, "replace"), [_guessed(encoding)]


def _guessed(encoding: str) -> MujazWarning:
    message = f"The text was read as {encoding}; that is a guess."
    return _warning("encoding-guessed", message)


def _declared_charset(data: bytes) -> str | None:
    found = re.search(rb"<meta[^>]{0,200}charset=[\"']?([\w.:-]{2,40})", data[:4000], re.IGNORECASE)
    found = found or re.match(rb"\s*<\?xml[^>]{0,200}encoding=[\"']([\w.:-]{2,40})", data[:4000])
    return found[1].decode("ascii") if found else None


# --- HTML to text -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Page:
    """What trafilatura and lxml find on a page; `everything` is all its visible text."""

    body: str
    everything: str
    title: str
    headings: tuple[str, ...]
    sites: tuple[str, ...]
    author: str | None
    date: str | None
    url: str | None


def _extract(html: str, name: str, url: str | None) -> _Page:
    _check_tags(html, name)
    import trafilatura
    from trafilatura.settings import Document

    html = html.replace("\x00", "")
    try:
        tree = trafilatura.load_html(html)
        if tree is None:
            raise EmptyArticleError(f"{name} is not a page with text in it.")
        everything = _visible_text(tree)
        headings = tuple(" ".join(h.text_content().split()) for h in tree.iter("h1", "h2"))
        document = trafilatura.bare_extraction(
            html, url=url, include_comments=False, with_metadata=True,
            date_extraction_params={"extensive_search": False, "original_date": True},
        )  # fmt: skip
        known = (
            document
            if isinstance(document, Document)
            else trafilatura.extract_metadata(html, default_url=url)
        )
        body = known.text or trafilatura.baseline(html)[1]
    except (RecursionError, ValueError, AssertionError) as error:
        raise InputError(f"{name} cannot be parsed as HTML.") from error
    sites = (known.sitename or "", known.author or "", _host_label(known.url or url))
    return _Page(body or "", everything, known.title or "", headings, sites,
                 known.author, known.date, known.url)  # fmt: skip


def _check_tags(html: str, name: str) -> None:
    """Refuse what no page has, before a parser spends minutes or its stack on it."""
    tags = html.count("<")
    if tags > MAX_TAGS:
        raise TooLargeError(f"{name} has {tags:,} tags; Mujaz reads up to {MAX_TAGS:,}.")
    depth = deepest = 0
    for tag in re.finditer(r"<(/?)(?:div|span|b|i|em|font|ul|ol|li|table|tr|td|section|blockquote"
                           r"|a|p|strong|article|center|big|small|u|s)\b", html, re.I):  # fmt: skip
        depth = max(0, depth + (-1 if tag[1] else 1))
        deepest = max(deepest, depth)
    if deepest > MAX_DEPTH:
        raise TooLargeError(f"{name} nests {deepest:,} elements; Mujaz reads up to {MAX_DEPTH:,}.")


def _visible_text(tree: Any) -> str:
    hidden = {"script", "style", "noscript", "template", "head"}
    parts: list[str] = []
    for element in tree.iter():
        parent = element.getparent()
        if element.tag not in hidden and isinstance(element.tag, str):
            parts.append(element.text or "")
        if parent is not None and parent.tag not in hidden:
            parts.append(element.tail or "")
    return " ".join(parts)


def _host_label(url: str | None) -> str:
    host = urlsplit(url).hostname if url else None
    return max((host or "").split("."), key=len)


def _without_site(title: str, page: _Page) -> tuple[str, str]:
    """Take the site's name off a page title: `خبر - موقع` becomes `خبر`.

    Returns:
        The headline, and what was taken off.
    """
    sites = {match_key(site) for site in page.sites if site}
    headings = {match_key(heading) for heading in page.headings if len(heading.split()) >= 3}
    for mark in re.finditer(r" [-–—|:«»] | ?\| ?", title):
        left, right = title[: mark.start()].strip(), title[mark.end() :].strip()
        if match_key(right) in sites or match_key(left) in headings:
            return left, right
        if match_key(left) in sites or match_key(right) in headings:
            return right, left
    return title, ""


def _solid(text: str) -> int:
    return len("".join(text.split()))


# --- putting an article together ----------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Known:
    """What the caller or the page's metadata says about the article."""

    name: str
    url: str | None
    id: str
    byline: str | None
    published: str | None


def _build(found: Sorted, known: _Known, warnings: Sequence[MujazWarning]) -> Article:
    found, glued = _spaced(found)
    warnings = [*warnings, *glued]
    body, left_out = _cut(found.body)
    removed = (*found.removed, *(Removed(text, "cut") for text in left_out))
    if left_out:
        message = (f"The article has more than {MAX_WORDS:,} words: its last {len(left_out)} "
                   "paragraphs were left out.")  # fmt: skip
        warnings.append(_warning("cut", message, "serious"))
    if not body and not found.title:
        kinds = ", ".join(sorted({REASONS[part.reason] for part in removed}))
        raise EmptyArticleError(
            f"{known.name} has no article in it, only: {kinds or 'nothing'}.",
            hint="Name the page of one article, or paste its text.",
        )
    if not body:
        body = (found.title,)
        warnings.append(_warning("headline-only", "There is a headline and no text under it."))
    elif not found.title:
        warnings.append(_warning("title-missing", "No headline was found.", "note"))
    sha256 = hashlib.sha256("\n\n".join(body).encode()).hexdigest()
    return Article(
        title=found.title,
        paragraphs=body,
        byline=(normalise(known.byline) if known.byline else None) or found.byline,
        published=(parse_date(known.published) if known.published else None) or found.published,
        source=SourceInfo(known.id or sha256[:16], known.url, known.name, sha256),
        removed=removed,
        warnings=tuple(warnings),
    )


def _spaced(found: Sorted) -> tuple[Sorted, list[MujazWarning]]:
    """With glued words of title and body cut; the text as a whole says whether it has any."""
    text, cut, left = with_spaces("\n".join((found.title, *found.body)))
    title, *body = text.split("\n")
    warnings = []
    if cut:
        places = f"{len(cut)} places" if len(cut) > 1 else "one place"
        message = f'Words had run together, such as "{cut[0][:40]}"; we put spaces in, in {places}.'
        warnings.append(_warning("spacing", message))
    if left:
        more = f" (and {len(left) - 1} more)" if len(left) > 1 else ""
        message = f'"{left[0][:40]}"{more} is too long for a word, and couldn\'t be cut into some.'
        warnings.append(_warning("spacing", message))
    return replace(found, title=title, body=tuple(body)), warnings


def _cut(paragraphs: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Keep the first `MAX_WORDS` words in whole paragraphs; in sentences where one is longer."""
    words = 0
    for number, paragraph in enumerate(paragraphs):
        words += len(paragraph.split())
        if words <= MAX_WORDS:
            continue
        if number:
            return paragraphs[:number], paragraphs[number:]
        kept = count = 0
        for piece in split_sentences(paragraph):
            count += len(piece.split())
            if kept and count > MAX_WORDS:
                break
            kept += len(piece)
        rest = paragraph[kept:].strip()
        return (paragraph[:kept].strip(),), (*([rest] if rest else []), *paragraphs[1:])
    return paragraphs, ()


def _require_arabic(text: str, name: str) -> Language:
    language = identify(text)
    if language.code == "none":
        what = "digits and no words" if any(map(str.isdecimal, text)) else "no text"
        raise EmptyArticleError(f"{name} has {what} in it.", hint="Give it an Arabic article.")
    if language.code != "ar":
        share = f"{language.arabic_share:.0%} of its letters are of the Arabic script"
        raise NotArabicError(
            f"{name} is {language.name}, not Arabic; {share}.",
            hint="Mujaz reads Arabic news only.",
        )
    return language


def _language_warnings(language: Language) -> list[MujazWarning]:
    if language.arabic_share >= 0.8:
        return []
    message = f"Only {language.arabic_share:.0%} of the letters are Arabic."
    return [_warning("mixed-script", message)]


def _with_warnings(article: Article, warnings: Sequence[MujazWarning]) -> Article:
    return Article(
        article.title, article.paragraphs, article.byline, article.published, article.source,
        article.removed, (*warnings, *article.warnings),
    )  # fmt: skip


def _warning(code: str, message: str, severity: Severity = "warning") -> MujazWarning:
    assert code in CODES
    return MujazWarning(code, message, severity)
