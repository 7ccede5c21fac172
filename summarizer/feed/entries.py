"""One entry of a feed, before it is an article: what it says, and what is odd about it."""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from summarizer.article import Article, read_any, read_bytes, read_text
from summarizer.errors import InputError
from summarizer.furniture import parse_date
from summarizer.warning import MujazWarning

CODES: Mapping[str, str] = {  # every warning of this module and of `journal`
    "date-unreadable": "the entry's date could not be read",
    "id-made": "the entry has no id; one was made of its content",
    "id-repeated": "another entry of the feed has the same id",
    "link-unusable": "the entry's link is no web address",
    "title-markup": "there was markup in the title",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """What a feed says about one article.

    Attributes:
        id: As the feed says it, else made of what the entry says.
        title: Plain text; may be "".
        text: Plain text with a paragraph a line, or a whole HTML page; may be "".
        url: The address of the article, http or https.
        published: ISO 8601; in UTC where the feed gives a time with a zone.
        byline: Who wrote it.
        outlet: Who published it: the feed's title, else the host of `url`.
        path: The file to read instead of `text`.
        file_sha256: Of that file's bytes.
        warnings: What is odd; codes in `CODES`.
        error: Why this is no entry at all; "" if it is one.
    """

    id: str
    title: str = ""
    text: str = ""
    url: str | None = None
    published: str | None = None
    byline: str | None = None
    outlet: str = ""
    path: str | None = None
    file_sha256: str = ""
    warnings: tuple[MujazWarning, ...] = ()
    error: str = ""

    @property
    def content(self) -> str:
        """SHA-256 of what a brief is made of: a changed date or link is no new article."""
        said = [self.title, self.text, self.path, self.file_sha256, self.error]
        if not self.text and not self.path:
            said.append(self.url)  # the page behind it is the text
        return _sha256(json.dumps(said))

    def but_warned(self, code: str, message: str) -> Entry:
        """The entry with one more warning."""
        return replace(self, warnings=(*self.warnings, _warning(code, message)))

    def to_json(self) -> str:
        """All of it, for the journal."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Entry:
        """What `to_json` wrote."""
        fields = json.loads(text)
        warnings = tuple(map(MujazWarning.from_dict, fields.pop("warnings")))
        return cls(**fields, warnings=warnings)

    def article(self, *, pages: bool = False) -> Article:
        """Read the article.

        Args:
            pages: Whether the linked page may be fetched where the entry has no text.

        Raises:
            InputError: It can't be read, or isn't Arabic; and below, as `read_text`.
            FetchError: The linked page could not be fetched.
        """
        if self.error:
            raise InputError(self.error)
        if self.path:
            return self._from_file(Path(self.path))
        if self.url and not self.text and pages:
            return self._told(read_any(self.url, allow_url=True))
        if not self.text and not self.title:
            hint = "Let the linked pages be fetched (--pages)." if self.url else ""
            raise InputError("The entry has neither text nor title.", hint=hint)
        article = read_text(
            self.text,
            name=self.id,
            title=self.title,
            byline=self.byline,
            published=self.published,
            url=self.url,
            id=self.id,
        )
        return self._told(article)

    def _from_file(self, path: Path) -> Article:
        try:
            data = path.read_bytes()
        except OSError as error:
            raise InputError(f"{path.name} cannot be read: {error.strerror}.") from error
        return self._told(read_bytes(data, name=path.name))

    def _told(self, article: Article) -> Article:
        """The article under the entry's id, with what the entry knows and what is odd about it."""
        return replace(
            article,
            title=article.title or self.title,
            published=self.published or article.published,
            source=replace(article.source, id=self.id, url=self.url or article.source.url),
            warnings=(*self.warnings, *article.warnings),
        )


def entry_of(
    *,
    id: str = "",
    title: str = "",
    text: str = "",
    url: str = "",
    date: str = "",
    byline: str = "",
    outlet: str = "",
) -> Entry:
    """Make an entry of what a feed says, in any form; what is odd becomes a warning."""
    id, title, text, url, date, byline, outlet = (
        _UNWRITABLE.sub("\ufffd", part) for part in (id, title, text, url, date, byline, outlet)
    )
    warnings = []
    plain_title = " ".join(plain(title).split())
    if re.search(r"</?[a-zA-Z]", html.unescape(title)):
        warnings.append(_warning("title-markup", "There was markup in the title; it was dropped."))
    address = url.strip()
    if address and not is_web(address):
        warnings.append(_warning("link-unusable", "The entry's link is no web address."))
        address = ""
    published = iso_date(date)
    if date.strip() and not published:
        message = f"The entry's date could not be read: {date.strip()[:60]}"
        warnings.append(_warning("date-unreadable", message))
    entry = Entry(
        id=" ".join(id.split()) or address,
        title=plain_title,
        text=text if _PAGE.match(text) else plain(text),
        url=address or None,
        published=published,
        byline=" ".join(byline.split()) or None,
        outlet=" ".join(outlet.split()) or host_of(address),
        warnings=tuple(warnings),
    )
    if entry.id:
        return entry
    made = replace(entry, id=f"sha256:{entry.content[:16]}")
    return made.but_warned("id-made", "The entry has no id; one was made of its text.")


def is_web(url: str) -> bool:
    """Whether it is an http or https address with a host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and " " not in url


def host_of(url: str | None) -> str:
    """The host of an address, without www."""
    host = urlsplit(url).hostname if url and is_web(url) else None
    return (host or "").removeprefix("www.")


def iso_date(text: str) -> str | None:
    """A date in any form that feeds use, as ISO 8601 (UTC if it has a zone), or None."""
    text = text.strip()
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(text)
            if found.tzinfo:
                found = found.astimezone(UTC)
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
        return found.isoformat(timespec="seconds") if len(text) > 10 else found.date().isoformat()
    try:
        return parse_date(text)
    except OverflowError:
        return None


# --- markup to text -----------------------------------------------------------------

_PAGE = re.compile(r"\s*(?:<\?xml[^>]{0,200}>\s*)?<(?:!doctype html|html|head|body)\b", re.I)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")  # in no UTF-8 and in no database
_BLOCKS = (
    "address|article|aside|blockquote|br|center|dd|div|dl|dt|figcaption|figure|footer|h[1-6]|"
    "header|hr|li|main|nav|ol|p|pre|section|table|td|th|tr|ul"
)
_BLOCK, _BLOCK_TAG = re.compile(_BLOCKS), re.compile(rf"<(?:{_BLOCKS})\b", re.IGNORECASE)
_UNREAD = {"script", "style", "noscript", "template", "iframe", "object", "svg", "head"}
MAX_TAGS = 20_000  # of an entry; beyond, the markup is cut out without being understood


def plain(markup: str) -> str:
    """The text of a piece of HTML, a line for each block; plain text stays as it is.

    Markup that was escaped twice, as some feeds do, is read as markup, too.
    """
    for _ in range(2):
        if not _TAG.search(markup):
            break
        markup = _text_of(markup)
    return html.unescape(markup) if "&" in markup else markup


def _text_of(markup: str) -> str:
    if markup.count("<") > MAX_TAGS:
        return _TAG.sub(" ", markup)
    from lxml import etree
    from lxml import html as parser

    if not _BLOCK_TAG.search(markup):  # plain lines with a tag in them
        markup = markup.replace("\n", "<br>")
    try:
        # The wrapper, because a fragment may begin with text.
        tree = parser.document_fromstring(f"<div>{markup}</div>")
    except (etree.ParserError, ValueError):
        return _TAG.sub(" ", markup)
    parts: list[str] = []
    _walk(tree, parts)
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _walk(tree: Any, parts: list[str]) -> None:
    """Collect the text; a loop over events, since markup may nest deeper than Python may call."""
    from lxml import etree

    hidden = 0
    for event, element in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        tag = element.tag if isinstance(element.tag, str) else ""
        text = element.text if event == "start" else element.tail
        hidden += (event == "start" and tag in _UNREAD) - (event == "end" and tag in _UNREAD)
        if _BLOCK.fullmatch(tag):
            parts.append("\n")
        if text and not hidden:
            # A line end of the source is no line end on the page.
            parts.append(" ".join(text.split("\n")))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _warning(code: str, message: str) -> MujazWarning:
    assert code in CODES
    return MujazWarning(code, message, "note")
