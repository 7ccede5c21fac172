"""The one type for a doubt that we tell the reader about. Nothing is silent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, get_args

Severity = Literal["note", "warning", "serious"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)  # the mildest first


class Span(NamedTuple):
    """A half-open range of characters, ``text[start:end]``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class MujazWarning:
    """A typed, user-readable doubt about one segment or about the whole.

    Attributes:
        code: What kind of doubt, for programs: one of the codes in ``checks.CODES``
            or ``article.CODES``, …
        message: One sentence for the reader; never markup.
        severity: ``note`` (for information), ``warning`` (check it), ``serious``
            (don't act on it unchecked; ``--strict`` exits 3).
        span: Where in the hypothesis the doubt is about, in characters, or None.
        source_span: Where in the source, in characters, or None.
    """

    code: str
    message: str
    severity: Severity = "warning"
    span: Span | None = None
    source_span: Span | None = None

    @classmethod
    def from_dict(cls, made: Mapping[str, Any]) -> MujazWarning:
        """The warning of which `dataclasses.asdict`, or JSON of it, is `made`."""
        spans = (Span(*made[key]) if made[key] else None for key in ("span", "source_span"))
        return cls(made["code"], made["message"], made["severity"], *spans)
