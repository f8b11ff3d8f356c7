"""What is said over the pipes between this process and the one that reads foreign formats.

A frame is a header, as JSON, and bytes; both lengths stand in front. JSON makes nothing but data:
whatever a reader of hostile input sends back, it is never run.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import IO, Any

from qa.ingest.documents import Page
from qa.ingest.stated.fields import Metadata
from qa.types import Article, Document, Removed

_LENGTHS = struct.Struct(">QQ")

Header = dict[str, Any]


def send(file: IO[bytes], header: Mapping[str, Any], body: bytes = b"") -> None:
    """Writes one frame. Lone surrogates in the header arrive as they are."""
    head = json.dumps(header).encode("ascii")
    file.write(_LENGTHS.pack(len(head), len(body)) + head)
    file.write(body)
    file.flush()


def receive(file: IO[bytes]) -> tuple[Header, bytes]:
    """The next frame. Raises EOFError when there is none, or it breaks off."""
    head, body = _LENGTHS.unpack(_exactly(file, _LENGTHS.size))
    header: Header = json.loads(_exactly(file, head))
    return header, _exactly(file, body)


def of_document(document: Document) -> tuple[Header, bytes]:
    """The header and the text of a document, without its raw bytes: who asks has them."""
    fields = asdict(replace(document, article=replace(document.article, text=""), raw=b""))
    del fields["raw"], fields["article"]["text"]
    return fields, document.article.text.encode()


def document_of(header: Header, text: bytes, raw: bytes) -> Document:
    """The document that a header and a text are of; the asker has its raw bytes."""
    article = header.pop("article")
    for name in ("authors", "tags", "pages"):
        article[name] = tuple(article[name])
    return Document(
        Article(text=text.decode(), **article),
        raw,
        **{**header, "removed": _removed(header), "notes": tuple(header["notes"])},
    )


def of_page(page: Page) -> tuple[Header, bytes]:
    """The header and the text of a page."""
    removed = [asdict(line) for line in page.removed]
    return {"meta": asdict(page.meta), "removed": removed}, page.text.encode()


def page_of(header: Header, text: bytes) -> Page:
    """The page that a header and a text are of."""
    meta = header["meta"]
    lists = {name: tuple(meta[name]) for name in ("authors", "tags", "notes")}
    return Page(text.decode(), _removed(header), Metadata(**{**meta, **lists}))


def _removed(header: Header) -> tuple[Removed, ...]:
    return tuple(Removed(**line) for line in header["removed"])


def _exactly(file: IO[bytes], size: int) -> bytes:
    data = file.read(size)
    if len(data) < size:
        raise EOFError
    return data
