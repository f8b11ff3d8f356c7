"""The kind of a file that comes without a name."""

from __future__ import annotations

import re
import zlib

from qa.errors import InvalidInput
from qa.ingest.records.json_files import parse

_PDF_HEADER = 1024  # bytes in which readers look for the mark
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)[\s>]")
_WEB_ARCHIVE = b"WebMainResource"
_CUE = re.compile(rb"(?:WEBVTT\b|\d{1,6}\r?\n\d{1,3}:\d\d:\d\d[,.]\d{1,3} --> )")
_HEADER = re.compile(rb"([A-Za-z][A-Za-z-]{1,40}):[^\r\n]*+(?:\r?\n[ \t][^\r\n]*+)*+\r?\n")
_OF_MAIL = {b"from", b"to", b"subject", b"date", b"received", b"message-id", b"mime-version"}
_STARTS = {
    b"{\\rtf": ".rtf",
    b"From ": ".mbox",
    b"WARC/": ".warc",
    b"\x1f\x8b": ".gz",
    b"\xd0\xcf\x11\xe0": ".doc",
    b"\x89PNG": ".png",
    b"\xff\xd8\xff": ".jpg",
    b"7z\xbc\xaf": ".7z",
    b"Rar!": ".rar",
}
# What the zip file of each kind has in it, near its beginning or in its list at the end.
_PACKED = {
    b"word/": ".docx",
    b"mimetypeapplication/epub": ".epub",
    b"mimetypeapplication/vnd.oasis.opendocument.text": ".odt",
    b"ppt/": ".pptx",
    b"xl/": ".xlsx",
}
_LINES_TRIED = 5


def sniff(data: bytes) -> str:
    """The suffix that the bytes would bear; of what is not known, .txt."""
    if b"%PDF-" in data[:_PDF_HEADER]:
        return ".pdf"
    if data.startswith(b"PK\x03\x04"):
        ends = data[:4096] + data[-65_536:]
        return next((kind for mark, kind in _PACKED.items() if mark in ends), ".zip")
    if data.startswith(b"bplist") or b"<plist" in data[:_PDF_HEADER]:
        return ".webarchive" if _WEB_ARCHIVE in data[:65_536] else ".plist"
    start = data[:_PDF_HEADER].removeprefix(b"\xef\xbb\xbf").lstrip()
    known = next((kind for mark, kind in _STARTS.items() if start.startswith(mark)), None)
    if known == ".mbox" and not _message(data[data.find(b"\n") + 1 :]):
        known = None  # "From the first day on …"
    if known:
        return ".warc.gz" if known == ".gz" and _is_warc(data) else known
    if start[:1] in (b"{", b"["):
        return _json(data)
    if start[:1] == b"<" and (_FEED.search(start) or _HTML.search(start)):
        return ".rss" if _FEED.search(start) else ".html"
    return ".srt" if _CUE.match(start) else _message(data) or ".txt"


def _message(data: bytes) -> str | None:
    """ ".eml" or ".mhtml" of what begins with two headers of mail; a memo has a line or two."""
    headers, at = set(), 0
    while (found := _HEADER.match(data, at)) and at < _PDF_HEADER * 16:
        headers.add(found[1].lower())
        at = found.end()
    if b"mime-version" not in headers and len(_OF_MAIL & headers) < 3:
        return None
    page = b"multipart/related" in data[:at].lower() and b"text/html" in data[:at].lower()
    return ".mhtml" if page or b"snapshot-content-location" in headers else ".eml"


def _is_warc(data: bytes) -> bool:
    try:
        return zlib.decompressobj(31).decompress(data[:65_536], 16).startswith(b"WARC/")
    except zlib.error:
        return False


def _json(data: bytes) -> str:
    """The suffix: .jsonl when one of the first lines is an object, and not the only line."""
    lines = [line for line in data.split(b"\n", 2 * _LINES_TRIED) if line.strip()]
    if len(lines) > 1 and any(_is_object(line) for line in lines[:_LINES_TRIED]):
        return ".jsonl"
    try:
        parse(data)
    except InvalidInput:
        return ".txt"  # "[Applause]", or broken beyond telling
    return ".json"


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(parse(line), dict)
    except InvalidInput:
        return False
