"""The kind of a file that comes without a name."""

from __future__ import annotations

import re
import zlib

from qa.errors import InvalidInput
from qa.ingest.records.json_files import parse
from qa.ingest.suffixes import kind_of, tells_nothing

_PDF_HEADER = 1024  # bytes in which readers look for the mark
_HEAD = 65_536  # bytes in which a page begins, below what a program has to say of it
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_PIECE = re.compile(
    rb"<(?:div|p|article|section|main|h[1-6]|table|ul|ol|span|title|meta|center|blockquote)[\s>]",
    re.IGNORECASE,
)
_XML = re.compile(rb"<\?xml\s|<[A-Za-z_][\w.:-]{0,99}(?:\s[^<>]{0,9000}+)?/?>")
_BIBTEX = re.compile(rb"(?:%[^\n]*+\n\s*+)*+@\w{3,20}\{[^\s{}=,]{1,200},")
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
    b"GIF8": ".gif",
    b"ID3": ".mp3",
    b"OggS": ".ogg",
    b"%!PS": ".ps",
    b"TY  - ": ".ris",
    b"\\documentclass": ".tex",
    b"<?php": ".php",
    b"<%": ".asp",
    b"BEGIN:VCALENDAR": ".ics",
    b"BEGIN:VCARD": ".vcf",
    b"[Script Info]": ".ass",
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
_ANYTHING = ("text", "json", "lines", "feed")  # kinds of what programs keep for themselves, too


def suffix_by(data: bytes, suffix: str) -> str:
    """The suffix that says how to read bytes whose name has this one: its own, or what they are.

    A page is one, whatever made it; a text could be anything, and is only what its name says.
    """
    found = sniff(data) if tells_nothing(suffix) else ""
    return found if kind_of(found) not in ("", *_ANYTHING) else suffix


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
        return _packed(data) if known == ".gz" else known
    if start[:1] in (b"{", b"["):
        return _json(data)
    if start[:1] == b"<" and (kind := _marked_up(start, data)):
        return kind
    if _BIBTEX.match(start):
        return ".bib"
    return ".srt" if _CUE.match(start) else _message(data) or ".txt"


def _marked_up(start: bytes, data: bytes) -> str | None:
    """The suffix of what begins with a tag: a page, a piece of one, or some XML."""
    if _FEED.search(start):
        return ".rss"
    if _HTML.search(data[:_HEAD]) or _PIECE.match(start):
        return ".html"
    ends = data[-_PDF_HEADER:].rstrip().endswith(b">")
    return ".xml" if ends and _XML.match(start) else None  # else "<Applause> The ferry …"


def _message(data: bytes) -> str | None:
    """ ".eml" or ".mhtml" of what begins with two headers of mail; a memo has a line or two."""
    data, headers, at = data[:_HEAD], set(), 0
    while (found := _HEADER.match(data, at)) and at < _PDF_HEADER * 16:
        headers.add(found[1].lower())
        at = found.end()
    if b"mime-version" not in headers and len(_OF_MAIL & headers) < 3:
        return None
    page = b"multipart/related" in data[:at].lower() and b"text/html" in data[:at].lower()
    return ".mhtml" if page or b"snapshot-content-location" in headers else ".eml"


def _packed(data: bytes) -> str:
    """The suffix of one packed file: ".html.gz", ".warc.gz"; ".gz" of what is not read so."""
    try:
        head = zlib.decompressobj(31).decompress(data[:_HEAD], _HEAD)
    except zlib.error:
        return ".gz"
    suffix = "" if head.startswith(b"\x1f\x8b") else f"{sniff(head)}.gz"
    return suffix if suffix != ".txt.gz" and kind_of(suffix) else ".gz"


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
