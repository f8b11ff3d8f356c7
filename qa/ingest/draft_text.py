"""A draft as it is handed in -> its whole text: nothing is cut out of it, and nothing added.

Articles lose the lines that belong to their page; of a draft whatever is not read is not checked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import PurePath

from qa.errors import InvalidInput
from qa.ingest.decode import decode
from qa.ingest.limits import Limits, check_size
from qa.ingest.processes import pool
from qa.ingest.sniff import sniff
from qa.ingest.web.html import declared_charset

SUFFIXES = (".txt", ".md", ".html", ".pdf", ".docx")
_KINDS = {
    ".pdf": "PDF",
    ".docx": "Word",
    ".html": "HTML",
    ".htm": "HTML",
    ".xhtml": "HTML",
    ".md": "Markdown",
    ".markdown": "Markdown",
    ".json": "JSON",
}
_ZIP, _RTF, _OLE = b"PK\x03\x04", b"{\\rtf", b"\xd0\xcf\x11\xe0"
_WORD_PART = b"word/"


@dataclass(frozen=True, slots=True)
class DraftText:
    """The text of a draft, and how it was read."""

    text: str
    name: str  # of the file: "draft.docx"
    kind: str  # "Word", "PDF", "HTML", "Markdown", "JSON" or "text"
    notes: tuple[str, ...] = ()


def read_draft_text(data: bytes, name: str, limits: Limits | None = None) -> DraftText:
    """The text of a draft by its content and the suffix of its name.

    Raises InvalidInput, with the name, when it is no text or cannot be read; TooLarge; GaveUp.
    """
    limits = limits or Limits()
    check_size(len(data), limits.raw_bytes, name)
    try:
        return replace(_read(data, PurePath(name).suffix.lower(), limits), name=name)
    except InvalidInput as error:
        if error.code in ("binary", "unknown_type"):
            known = " ".join(SUFFIXES)
            raise InvalidInput(f"{name} is no text; give {known}", code=error.code) from error
        raise type(error)(f"{name}: {error.message}", code=error.code) from error


def _read(data: bytes, suffix: str, limits: Limits) -> DraftText:
    found = sniff(data)
    if found == ".pdf" or suffix == ".pdf":
        return DraftText(pool.read_whole("pdf", data, limits), "", "PDF")
    if suffix == ".docx" or (data.startswith(_ZIP) and _WORD_PART in data):
        return DraftText(pool.read_whole("docx", data, limits), "", "Word")
    if data.startswith((_ZIP, _RTF, _OLE)):
        raise InvalidInput("a format that is not read", code="unknown_type")
    kind = _KINDS.get(suffix) or _KINDS.get(found, "text")
    declared = declared_charset(data) if kind == "HTML" else None
    decoded = decode(data, declared)
    check_size(len(decoded.text.encode()), limits.article_bytes, "the text")
    text = decoded.text.removeprefix("\ufeff")
    if not re.search(r"\S", text):
        raise InvalidInput("it is empty", code="empty")
    return DraftText(text, "", kind, decoded.notes)
