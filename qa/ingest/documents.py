"""The last step of every reader: a text and what is stated about it -> `Document`."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from qa.errors import InvalidInput, Unavailable
from qa.ingest.limits import Limits, bounded, check_size
from qa.ingest.slugs import id_from_text, id_from_url
from qa.ingest.stated.fields import Metadata
from qa.types import Article, Document, Refused, Removed

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Blob:
    """The bytes of one article and what is known of them from outside."""

    data: bytes
    limits: Limits
    id: str | None = None  # suggested; one stated in the input comes before it
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class Extraction:
    """How the text was had from the bytes."""

    media_type: str
    encoding: str | None = None
    removed: tuple[Removed, ...] = ()
    notes: tuple[str, ...] = ()
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A web page as read: its canonical text, what was cut out of it, what it states."""

    text: str
    removed: tuple[Removed, ...]
    meta: Metadata


def build_document(blob: Blob, text: str, meta: Metadata, extraction: Extraction) -> Document:
    """The article of a canonical text; raises when it is empty or over the limit."""
    meta = bounded(meta)
    if not text:
        raise InvalidInput("no text in it", code="empty")
    check_size(len(text.encode()), blob.limits.article_bytes, "the text")
    article = Article(
        id=meta.id or blob.id or (id_from_url(meta.url) if meta.url else id_from_text(text)),
        text=text,
        **meta.stated(),
        tags=meta.tags,
        extra=meta.extra,
        pages=extraction.pages,
    )
    return Document(
        article=article,
        raw=blob.data,
        media_type=extraction.media_type,
        encoding=extraction.encoding,
        removed=extraction.removed,
        notes=extraction.notes + meta.notes,
        origin=blob.origin,
        size=len(blob.data),
        named=not meta.id and blob.id is not None,
    )


def attempt(read: Callable[[], Document], origin: str, size: int) -> Document | Refused:
    """The document that `read` gives; one bad input is refused and does not stop the rest."""
    try:
        return read()
    except Unavailable:  # says something of this machine now, and nothing of the input
        raise
    except InvalidInput as error:
        return Refused(origin, error.code, error.message, size)
    except Exception as error:
        # The parsers below meet files that nobody tested them with; whatever they raise (a
        # KeyError in a PDF, a RecursionError in a page) is a property of that file alone.
        _log.debug("cannot read %s", origin, exc_info=True)
        return Refused(origin, "unreadable", f"{type(error).__name__}: {error}"[:300], size)
