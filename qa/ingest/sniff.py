"""The kind of a file that comes without a name."""

from __future__ import annotations

import re

from qa.errors import InvalidInput
from qa.ingest.json_files import parse

_PDF_HEADER = 1024  # bytes in which readers look for the mark
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_LINES_TRIED = 5


def sniff(data: bytes) -> str:
    """The suffix that the bytes would bear: .pdf, .json, .jsonl, .html, or else .txt."""
    if b"%PDF-" in data[:_PDF_HEADER]:
        return ".pdf"
    start = data[:_PDF_HEADER].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:1] in (b"{", b"["):
        return _json(data)
    return ".html" if start[:1] == b"<" and _HTML.search(start) else ".txt"


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
