"""One family of errors: each has a stable code and says what mends it."""

from __future__ import annotations


class FootnoteError(Exception):
    """Base of all errors that are meant for the user."""

    code = "error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class InvalidInput(FootnoteError):
    """The request or the file cannot be used as it is."""

    code = "invalid_input"


class TooLarge(InvalidInput):
    """Over a limit; the message names the limit and the size."""

    code = "too_large"


class GaveUp(InvalidInput):
    """Reading it took more time or memory than it may, or killed the process that read it."""

    code = "gave_up"


class Ended(FootnoteError):
    """It is over, and can no longer be changed."""

    code = "ended"


class NotFound(FootnoteError):
    """No such article, passage or job."""

    code = "not_found"


class SourceChanged(NotFound):
    """A passage id of an earlier version of an article."""

    code = "source_changed"


class Mismatch(FootnoteError):
    """The corpus was built with another encoder or chunking than the one at hand."""

    code = "mismatch"


class CorpusBroken(FootnoteError):
    """The store itself cannot be read: nothing derived can mend it."""

    code = "corpus_broken"


class EncoderError(FootnoteError):
    """The model cannot be loaded, or its weights are not what they should be."""

    code = "encoder_error"


class Unavailable(FootnoteError):
    """Not now: still starting, or shutting down."""

    code = "unavailable"


class StorageError(Unavailable):
    """The disk, or the limits of the process, refuse for now: it is tried again."""

    code = "storage_error"


class NoSpace(StorageError):
    """The disk is full. What was acknowledged is stored; the rest is to be sent again."""

    code = "disk_full"


class ReadOnly(FootnoteError):
    """The corpus was opened to be read only."""

    code = "read_only"


class Overloaded(Unavailable):
    """More requests than can be worked on at a time."""

    code = "overloaded"
