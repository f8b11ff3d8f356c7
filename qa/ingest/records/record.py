"""One JSON article -> `Document`. What it says is taken at its word: its text is not cleaned of
boilerplate, and nothing is read out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from qa.errors import InvalidInput
from qa.ingest.canonical_text import canonical
from qa.ingest.documents import Blob, Extraction, Page, build_document
from qa.ingest.limits import Limits, check_size, refuse_oversized
from qa.ingest.processes.pool import read_page
from qa.ingest.records.shapes import article_fields
from qa.ingest.slugs import id_from_url
from qa.ingest.stated.fields import Metadata, read_fields
from qa.types import Document


def read_record(
    record: Mapping[str, Any],
    *,
    origin: str | None = None,
    default_id: str | None = None,
    limits: Limits | None = None,
    strict: bool = True,
) -> Document:
    """An article `{id?, title?, text | html, url?, publisher?, author?, published?, …}`.

    Raises InvalidInput (missing_text, invalid_id, invalid_field, empty) or TooLarge;
    for a page also GaveUp, or Unavailable when no process can be started to read it.
    What others call these fields is known (`shapes`). Not `strict`, a field that is not understood
    is a note. Without an id, it is made from the URL; else it is `default_id`; else it is made from
    the text.
    """
    limits = limits or Limits()
    if not isinstance(record, Mapping):
        kind = type(record).__name__
        raise InvalidInput(f"expected an object with a text, got {kind}", code="invalid_field")
    rest, notes = article_fields(record)
    text, html = _body(rest, "text"), _body(rest, "html")
    given = read_fields(rest, strict=strict)
    if strict:
        refuse_oversized(given)
    page = _page(text, html, limits)
    meta = _merged(given, page.meta)
    meta = replace(meta, id=meta.id or (id_from_url(meta.url) if meta.url else None))
    raw = (text or html or "").encode("utf-8", "replace")
    if text and html:
        notes += ('"html" was not used, since there is a "text"',)
    media_type = "text/plain" if text else "text/html"
    extraction = Extraction(media_type, "utf-8", page.removed, notes)
    return build_document(Blob(raw, limits, default_id, origin), page.text, meta, extraction)


def _page(text: str | None, html: str | None, limits: Limits) -> Page:
    """A given text as it is, or the main text of a page, which is read apart."""
    if text is not None:
        return Page(canonical(_within(text, limits.article_bytes)), (), Metadata())
    if html is not None:
        return read_page(_within(html, limits.raw_bytes), limits)
    raise InvalidInput('"text" or "html" is missing', code="missing_text")


def _body(record: dict[str, Any], name: str) -> str | None:
    """Takes the field out of the record; None and "" are none at all."""
    value = record.pop(name, None)
    if value is not None and not isinstance(value, str):
        raise InvalidInput(
            f'"{name}": expected a string, got {type(value).__name__}', code="invalid_field"
        )
    return value or None


def _within(text: str, limit: int) -> str:
    """`text`, unless it is so large that it is not worth reading."""
    check_size(len(text.encode("utf-8", "replace")), limit, "the article")
    return text


def _merged(given: Metadata, found: Metadata) -> Metadata:
    """The metadata of both; what is given wins over what the page states."""
    stated = {field.name: getattr(given, field.name) for field in fields(Metadata)}
    return replace(found, **{name: value for name, value in stated.items() if value})
