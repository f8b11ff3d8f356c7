"""Pages that were saved by programs (webarchive, WARC), and feeds -> `Document` or records."""

from __future__ import annotations

import io
import plistlib
import re
from dataclasses import replace
from email.utils import parsedate_to_datetime
from typing import Any

from qa.errors import InvalidInput
from qa.ingest.canonical_text import one_line
from qa.ingest.decode import decode
from qa.ingest.documents import Blob, Extraction, build_document
from qa.ingest.formats.packed import Element, local, xml
from qa.ingest.records.shapes import NOTE
from qa.ingest.web.html import declared_charset, read_page
from qa.types import Document

_PAGES = ("text/html", "application/xhtml+xml")
_ADDRESSED = re.compile(r"[^\s()]{1,200}@[^\s()]{1,200} \(([^()]{1,200})\)")  # a@x.org (Ana Petric)
_CONTENTS = ("encoded", "content", "description", "summary")  # of a feed, the whole text first


def read_webarchive(blob: Blob) -> Document:
    """The document of a page that Safari saved."""
    try:
        main = plistlib.loads(blob.data)["WebMainResource"]
        data, url = main["WebResourceData"], main.get("WebResourceURL")
        declared = main.get("WebResourceTextEncodingName") or declared_charset(data)
        decoded = decode(data, declared)
    except (plistlib.InvalidFileException, KeyError, TypeError, ValueError) as error:
        raise InvalidInput(f"no web archive: {error!r}"[:300], code="binary") from error
    found = read_page(decoded.text)
    meta = replace(found.meta, url=found.meta.url or (url if isinstance(url, str) else None))
    extraction = Extraction("application/x-webarchive", decoded.encoding, found.removed)
    return build_document(blob, found.text, meta, extraction)


def read_warc(blob: Blob) -> list[dict[str, Any]]:
    """A record for each page that a crawler was given, with its address."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    records: list[dict[str, Any]] = []
    left = blob.limits.file_bytes
    try:
        for record in ArchiveIterator(io.BytesIO(blob.data)):
            declared = _page_type(record)
            if declared is None:
                continue
            data = record.content_stream().read(left + 1)
            left -= len(data)
            if left < 0:
                raise InvalidInput("unpacked it is too large: split it", code="too_large")
            charset = declared.partition("charset=")[2].strip("\"' ").partition(";")[0]
            page = decode(data, charset or declared_charset(data)).text
            captured = record.rec_headers.get_header("WARC-Date")
            url = record.rec_headers.get_header("WARC-Target-URI")
            records.append({"html": page, "url": url, "extra": {"captured": captured}})
    except ArchiveLoadFailed as error:
        raise InvalidInput(f"no WARC: {error}"[:300], code="binary") from error
    if not records:
        raise InvalidInput("no page in it", code="empty")
    return records


def _page_type(record: Any) -> str | None:
    """What the record of a page says of its type; None of all others: requests, pictures, errors.

    A page that was put in as a file has no answer of a server around it.
    """
    headers = record.http_headers if record.rec_type == "response" else record.rec_headers
    if record.rec_type not in ("response", "resource") or headers is None:
        return None
    if record.rec_type == "response" and headers.get_statuscode() != "200":
        return None
    declared = str(headers.get_header("Content-Type") or "")
    return declared if declared.partition(";")[0].strip().lower() in _PAGES else None


def read_feed(blob: Blob) -> list[dict[str, Any]]:
    """A record for each entry of RSS or Atom that has content."""
    root = xml(blob.data.lstrip(b" \t\r\n"))
    if local(root) not in ("rss", "feed", "RDF"):
        raise InvalidInput(
            f"<{local(root)}> is neither a feed nor a page: convert it to HTML or text",
            code="unknown_type",
        )
    entries = [entry for entry in root.iter() if local(entry) in ("item", "entry")]
    if not entries:
        raise InvalidInput("no entries in it", code="empty")
    channel = next((part for part in root if local(part) == "channel"), root)
    publisher = next((_text(part) for part in channel if local(part) == "title"), "")
    return [_entry(entry, publisher) for entry in entries]


def _entry(entry: Element, publisher: str) -> dict[str, Any]:
    said: dict[str, list[Element]] = {}
    for part in entry:
        said.setdefault(local(part), []).append(part)
    name = next((name for name in _CONTENTS if _markup(said.get(name))), None)
    authors = [*said.get("creator", ()), *said.get("author", ())]
    names = [_person(author) for author in authors]
    record: dict[str, Any] = {
        "title": next(map(_text, said.get("title", ())), ""),
        "url": _link(said.get("link", [])) or _permalink(said.get("guid", [])),
        "author": list(dict.fromkeys(n for n in names if n and "@" not in n)),
        "published": _date(said),
        "publisher": publisher,
        "tags": [part.get("term") or _text(part) for part in said.get("category", ())],
        "html": _markup(said.get(name or "")),
    }
    if name in ("description", "summary"):
        record[NOTE] = "the feed has a summary of it; the article itself may say more"
    return {key: value for key, value in record.items() if value}


def _markup(parts: list[Element] | None) -> str:
    """What an element holds, as markup: escaped in RSS, an element of its own in Atom."""
    import lxml.etree

    if not parts:
        return ""
    part = parts[0]
    if len(part):
        return "".join(lxml.etree.tostring(inner, encoding="unicode") for inner in part)
    text = part.text or ""
    return f"<div>{text}</div>" if text.strip() else ""


def _text(part: Element) -> str:
    return one_line("".join(part.itertext()))


def _person(part: Element) -> str:
    named = _text(next((inner for inner in part if local(inner) == "name"), part))
    with_address = _ADDRESSED.fullmatch(named)
    return with_address[1].strip() if with_address else named


def _link(parts: list[Element]) -> str:
    found = [part for part in parts if part.get("rel", "alternate") == "alternate"]
    return next((part.get("href") or _text(part) for part in found), "")


def _permalink(parts: list[Element]) -> str:
    found = (_text(part) for part in parts if part.get("isPermaLink") != "false")
    return next((url for url in found if url.startswith(("http://", "https://"))), "")


def _date(said: dict[str, list[Element]]) -> str:
    """The day as it is stated; what e-mail writes, as RSS does, in ISO 8601."""
    for name in ("pubDate", "published", "date", "issued"):
        for part in said.get(name, ()):
            try:
                return parsedate_to_datetime(_text(part)).isoformat()
            except (ValueError, TypeError, IndexError, OverflowError):
                return _text(part)
    return ""
