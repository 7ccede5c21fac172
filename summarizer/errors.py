"""Everything Mujaz can refuse to do, as one small tree.

Each error carries a message for the person (it names the input), a hint (the way
out) and the exit status that the command line ends with.

MujazError                 anything below; catch this one
├── InputError             the input cannot be used                      (exit 2)
│   ├── NotArabicError     it is text, but not Arabic
│   ├── EmptyArticleError  nothing to read: empty, or furniture only
│   ├── TooLargeError      over the size that we read
│   └── FetchError         a URL that could not, or must not, be fetched
├── UsageError             options that do not fit together              (exit 2)
├── EngineError            an engine that is unknown or cannot run       (exit 2)
│   ├── ModelBuildError    a model could not be built, converted or read
│   ├── ReplyError         a chat model's reply that cannot be used
│   └── BudgetError        the tokens that were allowed are spent
├── OutputError            the result could not be written               (exit 2)
├── JournalError           the journal of a feed is in use or unusable   (exit 2)
└── ServingError           the page has too much to do, or did it too long
"""

from __future__ import annotations


class MujazError(Exception):
    """Base class: a message for the person, a hint, and an exit status."""

    exit_status = 2

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message


class InputError(MujazError):
    """The input cannot be used."""


class NotArabicError(InputError):
    """The input is text, but not Arabic; the message says what was found."""


class EmptyArticleError(InputError):
    """There is nothing to read: an empty input, or page furniture only."""


class TooLargeError(InputError):
    """The input is larger than we read."""


class FetchError(InputError):
    """A URL could not, or must not, be fetched; `passing` if it may go well another time."""

    def __init__(self, message: str, *, hint: str = "", passing: bool = False) -> None:
        super().__init__(message, hint=hint)
        self.passing = passing


class UsageError(MujazError):
    """Options that do not fit together."""


class EngineError(MujazError):
    """An engine is unknown or cannot run here."""


class ModelBuildError(EngineError):
    """A model could not be built, converted or read."""


class ReplyError(EngineError):
    """A chat model's reply cannot be used; `reply` is the reply, as it came."""

    def __init__(self, message: str, *, hint: str = "", reply: str = "") -> None:
        super().__init__(message, hint=hint)
        self.reply = reply


class BudgetError(EngineError):
    """The tokens that were allowed are spent."""


class OutputError(MujazError):
    """The result could not be written."""


class JournalError(MujazError):
    """The journal of a feed is in use, damaged, or cannot be read or written."""


class ServingError(MujazError):
    """The page refuses or ends a request: too many at once, or one that took too long."""
