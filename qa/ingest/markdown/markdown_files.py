"""Markdown with front matter -> `Document`: its text is what a reader sees of it."""

from __future__ import annotations

from dataclasses import replace

from qa.ingest.boilerplate import clean
from qa.ingest.canonical_text import canonical
from qa.ingest.decode import decode
from qa.ingest.documents import Blob, Extraction, build_document
from qa.ingest.markdown.front_matter import split
from qa.ingest.markdown.markdown_text import rendered
from qa.ingest.stated.fields import read_fields
from qa.types import Document


def read(blob: Blob) -> Document:
    """The document of a Markdown file; raises InvalidInput "bad_front_matter" with the line."""
    decoded = decode(blob.data, told=blob.limits.encoding)
    front, body = split(canonical(decoded.text))
    shown = rendered(body)
    cleaned = clean(shown.text)
    meta = read_fields(front, strict=False)
    meta = replace(meta, title=meta.title or shown.heading)
    removed = (*shown.removed, *cleaned.removed)
    extraction = Extraction(
        "text/markdown", decoded.encoding, removed, (*decoded.notes, *shown.notes)
    )
    return build_document(blob, cleaned.text, meta, extraction)
