"""Plain text -> `Document`, with the metadata that a few exact patterns state and no other.

The lines that state it stay in the text, since they may be quoted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from qa.ingest.boilerplate import clean
from qa.ingest.canonical_text import canonical, one_line
from qa.ingest.decode import decode
from qa.ingest.documents import Blob, Extraction, build_document
from qa.ingest.headline import headline
from qa.ingest.stated.fields import Metadata
from qa.ingest.stated.iso_dates import iso_date
from qa.text.words.tables import listed
from qa.types import Document, Removed

_HEAD, _FOOT = 10, 3  # lines in which a source or a date is the article's own, not a table's
_LONGEST = 400
_SOURCES = "|".join(sorted(listed("source_labels")))
_DATES = "|".join(sorted(listed("date_labels")))
_SOURCE = re.compile(rf"(?:{_SOURCES}): ?(.{{1,100}})", re.IGNORECASE)
_BYLINE = re.compile(r"Written for (.{1,100}?) by ([^,]{1,100})(?:, (.{1,200}))?")
_DATE = re.compile(rf"(?:{_DATES}): ?(.{{4,60}})", re.IGNORECASE)
_PORTAL = re.compile(r"sa portala (.{1,60}?)(?: nije\b| je\b| bez\b|[,.])", re.IGNORECASE)


def read(blob: Blob) -> Document:
    """The document of a text file; raises InvalidInput when it is binary, empty or too large."""
    decoded = decode(blob.data, told=blob.limits.encoding)
    cleaned = clean(canonical(decoded.text))
    meta = stated(cleaned.text, cleaned.removed)
    extraction = Extraction("text/plain", decoded.encoding, cleaned.removed, decoded.notes)
    return build_document(blob, cleaned.text, meta, extraction)


def stated(text: str, removed: Sequence[Removed] = ()) -> Metadata:
    """The title, publisher, author and date that the text says in so many words."""
    lines = [line for line in text.split("\n") if line.strip()]
    edges = [one_line(line[:_LONGEST]) for line in lines[:_HEAD] + lines[_HEAD:][-_FOOT:]]
    title, extra = _title(lines, edges)
    for_publisher, author, role = _byline(edges)
    publisher, url = _source(edges)
    date = _first(_DATE, edges)
    published = iso_date(date[1].rstrip(".")) if date else None
    return Metadata(
        title=title,
        url=url,
        publisher=for_publisher or publisher or _portal(removed),
        author=author,
        published=published,
        extra=extra | ({"author_role": role} if role else {}),
        notes=(f"date not understood: {date[1]}",) if date and not published else (),
    )


def _title(lines: Sequence[str], edges: Sequence[str]) -> tuple[str | None, dict[str, Any]]:
    if not edges or any(shape.fullmatch(edges[0]) for shape in (_SOURCE, _BYLINE, _DATE)):
        return None, {}
    title, is_sentence = headline(lines)
    return title, {"title_from": "first sentence"} if is_sentence else {}


def _byline(edges: Sequence[str]) -> tuple[str | None, str | None, str | None]:
    """The publisher, the author and the author's role that a byline states."""
    found = _first(_BYLINE, edges)
    if not found:
        return None, None, None
    role = found[3].rstrip(".") if found[3] else None
    return found[1], found[2] if role else found[2].rstrip("."), role


def _source(edges: Sequence[str]) -> tuple[str | None, str | None]:
    """The publisher that is named as the source, or its link where that is given instead."""
    found = _first(_SOURCE, edges)
    if not found:
        return None, None
    if found[1].startswith(("http://", "https://")):
        return None, found[1]
    return found[1].rstrip(".,; ") or None, None


def _portal(removed: Sequence[Removed]) -> str | None:
    notices = (line.text for line in removed if line.kind == "reprint notice")
    return next((found[1] for notice in notices if (found := _PORTAL.search(notice))), None)


def _first(shape: re.Pattern[str], lines: Sequence[str]) -> re.Match[str] | None:
    return next((found for line in lines if (found := shape.fullmatch(line))), None)
