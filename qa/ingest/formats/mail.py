"""E-mail, mailboxes and pages that browsers save as messages (MHTML)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime
from typing import Any

from qa.errors import InvalidInput
from qa.ingest.boilerplate import clean
from qa.ingest.canonical_text import canonical, one_line
from qa.ingest.decode import decode
from qa.ingest.documents import Blob, Extraction, build_document
from qa.ingest.records.shapes import NOTE
from qa.ingest.stated.fields import Metadata, stated_names
from qa.ingest.web.html import declared_charset, read_page
from qa.ingest.web.page import body_text, parse
from qa.types import Document

_FROM = re.compile(rb"^From [^\n]*\n", re.MULTILINE)


def read_eml(blob: Blob) -> Document:
    """The document of a message: what it says, who sent it when, and what hangs on it."""
    message = _message(blob.data)
    text = canonical(_body(message))
    notes = _unread(message)
    stated = _stated(message)
    stated |= stated_names(stated.get("author"))
    meta = Metadata(**stated, extra=_extra(message))
    return build_document(blob, text, meta, Extraction("message/rfc822", notes=notes))


def read_mbox(blob: Blob) -> list[dict[str, Any]]:
    """The records of a mailbox, one for each message."""
    if not blob.data.startswith(b"From "):
        raise InvalidInput("no mailbox: it does not begin with a From line", code="binary")
    starts = [found.end() for found in _FROM.finditer(blob.data) if _opens(blob.data, found)]
    ends = [*(blob.data.rfind(b"\n", 0, start - 1) for start in starts[1:]), len(blob.data)]
    records = []
    for start, end in zip(starts, ends, strict=True):
        records.append(_record(blob.data[start:end].replace(b"\n>From ", b"\nFrom ")))
    return records


def _record(data: bytes) -> dict[str, Any]:
    """What a message of a mailbox says; one that cannot be read spoils no other."""
    try:
        message = _message(data)
        body, noted = _body(message), _unread(message)
        record = {**_stated(message), "text": body, "extra": _extra(message)}
    except Exception as error:  # of a parser that meets mail which nobody tested it with
        return {"error": f"this message cannot be read: {error!r}"[:300]}
    return {**record, NOTE: "; ".join(noted)} if noted else record


def _unread(message: EmailMessage) -> tuple[str, ...]:
    """What hangs on a message: files, and other messages."""
    parts = [*message.iter_attachments()] if message.is_multipart() else []
    named = [part.get_filename() or _forwarded(part) for part in parts]
    names = one_line(", ".join(filter(None, named)))
    return (f"what was attached was not read: {names}",) if names else ()


def _forwarded(part: EmailMessage) -> str:
    return "a message" if part.get_content_type() == "message/rfc822" else ""


def read_mhtml(blob: Blob) -> Document:
    """The document of a page that a browser saved with all that belongs to it."""
    message = _message(blob.data)
    page = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
    if page is None:
        raise InvalidInput("no page in it", code="empty")
    data = _payload(page)
    decoded = decode(data, page.get_content_charset() or declared_charset(data))
    found = read_page(decoded.text)
    url = message.get("Snapshot-Content-Location") or page.get("Content-Location")
    meta = replace(found.meta, url=found.meta.url or (one_line(str(url)) if url else None))
    extraction = Extraction("multipart/related", decoded.encoding, found.removed, decoded.notes)
    return build_document(blob, found.text, meta, extraction)


def _opens(data: bytes, found: re.Match[bytes]) -> bool:
    """Whether a line opens a message: at the start, or below an empty line."""
    before = data[max(0, found.start() - 4) : found.start()].replace(b"\r", b"")
    return found.start() == 0 or before.endswith(b"\n\n")


def _message(data: bytes) -> EmailMessage:
    message = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def _payload(part: EmailMessage) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _body(message: EmailMessage) -> str:
    """What is written: the plain text where there is one, else what the page shows."""
    for kind in ("plain", "html"):
        part = message.get_body((kind,))
        if not isinstance(part, EmailMessage):
            continue
        written = decode(_payload(part), part.get_content_charset()).text
        if kind == "html":
            tree, _ = parse(written)
            written = read_page(written).text or (body_text(tree) if tree is not None else "")
        if written.strip():
            return clean(canonical(written)).text
    return ""


def _stated(message: EmailMessage) -> dict[str, Any]:
    """The subject, the name of who sent it, and when; an address is nobody's name."""
    name = one_line(parseaddr(_header(message, "From"))[0])
    title, sent = one_line(_header(message, "Subject")), _date(_header(message, "Date"))
    stated = {"title": title, "author": name, "published": sent}
    return {key: value for key, value in stated.items() if value and "@" not in value}


def _header(message: EmailMessage, name: str) -> str:
    """What a header says; "" where its form is one that the parser of the library fails at."""
    try:
        return str(message.get(name, ""))
    except (LookupError, ValueError, TypeError, AttributeError, ArithmeticError):
        return ""


def _extra(message: EmailMessage) -> dict[str, Any]:
    wanted = {"message_id": "Message-ID", "from": "From", "to": "To"}
    found = {name: one_line(_header(message, header)) for name, header in wanted.items()}
    return {name: value for name, value in found.items() if value}


def _date(written: str) -> str | None:
    try:
        found: datetime = parsedate_to_datetime(written)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found.isoformat()
