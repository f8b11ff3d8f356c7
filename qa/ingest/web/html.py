"""HTML -> `Document`: the main text of the page, without menus, scripts and comments."""

from __future__ import annotations

import re
from dataclasses import replace

from qa.ingest.boilerplate import clean
from qa.ingest.canonical_text import canonical
from qa.ingest.decode import decode
from qa.ingest.documents import Blob, Extraction, Page, build_document
from qa.ingest.stated.fields import Metadata
from qa.ingest.web.html_metadata import page_metadata
from qa.ingest.web.main_text import main_text
from qa.ingest.web.page import body_text, parse, written_out
from qa.ingest.web.second_reading import second_reading
from qa.ingest.web.shown import as_shown, prose_length
from qa.types import Document

_CHARSET = re.compile(rb"charset\s*+=\s*+(?:[\"']\s*+)?([A-Za-z0-9_:.-]+)", re.IGNORECASE)
_XML = re.compile(rb"\s*+<\?xml[^>]{1,200}?encoding\s*+=\s*+[\"']([A-Za-z0-9_:.-]+)", re.IGNORECASE)
# What a <meta> is not looked for in: <!-- … -->, and the text of a script.
_META = re.compile(
    rb"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1|\Z)|<meta\b([^>]{0,2000})",
    re.DOTALL | re.IGNORECASE,
)
# One of trafilatura's methods takes time quadratic in the number of paragraphs: 1 MB of empty
# tables kept it busy for two minutes, 20,000 elements of any kind for a few seconds at most.
_MOST_ELEMENTS = 20_000


def read(blob: Blob) -> Document:
    """The document of an HTML file; raises InvalidInput when it is binary, empty or too large."""
    # Browsers drop NUL; in UTF-16, where every second byte may be one, it is half of a letter.
    few = blob.data.count(0) * 10 < len(blob.data)
    data = blob.data.replace(b"\0", b"") if few else blob.data
    decoded = decode(data, declared_charset(data), blob.limits.encoding)
    page = read_page(decoded.text)
    extraction = Extraction("text/html", decoded.encoding, page.removed, decoded.notes)
    return build_document(blob, page.text, page.meta, extraction)


def declared_charset(data: bytes) -> str | None:
    """The encoding that a page says it is in: its <?xml>, else the first <meta> with a charset.

    A charset of a script or a link is its own. A <meta> counts wherever it stands, as it does for
    browsers, which then begin anew.
    """
    if xml := _XML.match(data):
        return xml[1].decode("ascii")
    metas = (found[2] for found in _META.finditer(data) if found[2] is not None)
    declared = next((charset for meta in metas if (charset := _CHARSET.search(meta))), None)
    return declared[1].decode("ascii") if declared else None


def read_page(markup: str) -> Page:
    """The main text and the metadata of a page; the text is "" when it has none."""
    tree, complete = parse(markup)
    if tree is None:
        return Page("", (), Metadata())
    written_out(tree)
    meta = page_metadata(tree)  # what is hidden may be stated: <span hidden itemprop="author">
    size = sum(1 for _ in tree.iter())
    why = None if complete else "it is nested more than 256 deep"
    if size > _MOST_ELEMENTS:
        why = f"it has {size:,} elements"
    notes: tuple[str, ...] = ()
    if why:
        notes = (f"all text of the page was taken, menus included: {why}",)
    as_shown(tree)
    prose = prose_length(tree)
    text, more = ("", ()) if why else second_reading(main_text(tree), prose, markup)
    if not text:
        text, more = _whole_text(markup)
    notes += more
    cleaned = clean(canonical(text))
    return Page(cleaned.text, cleaned.removed, replace(meta, notes=meta.notes + notes))


def _whole_text(markup: str) -> tuple[str, tuple[str, ...]]:
    tree, complete = parse(markup, huge=True)
    if tree is not None:
        as_shown(tree)
    note = "the page is nested more than 2,048 deep; from there on its text is missing"
    return body_text(tree) if tree is not None else "", () if complete else (note,)
