"""EPUB -> `Document`: its chapters in the order of the book."""

from __future__ import annotations

import posixpath
from urllib.parse import unquote

from qa.errors import InvalidInput
from qa.ingest.canonical_text import canonical
from qa.ingest.decode import decode
from qa.ingest.documents import Blob, Extraction, build_document
from qa.ingest.formats.packed import Element, Packed, local, texts
from qa.ingest.stated.fields import Metadata, read_fields
from qa.ingest.web.page import body_text, parse, written_out
from qa.types import Document

_STATED = frozenset(("title", "creator", "publisher", "date", "language", "identifier"))


def read(blob: Blob) -> Document:
    """The document of a book; InvalidInput has the code "encrypted" where it is locked."""
    packed = Packed(blob)
    container = packed.tree("META-INF/container.xml")
    roots = () if container is None else container.iter("{*}rootfile")
    path = next((root.get("full-path") for root in roots), None)
    package = packed.tree(path) if path else None
    if package is None:
        raise InvalidInput("no EPUB: it names no package of its own", code="binary")
    if "META-INF/rights.xml" in packed.names:
        raise InvalidInput("locked by its seller; add one without a lock", code="encrypted")
    folder = posixpath.dirname(str(path))
    paths = [posixpath.normpath(posixpath.join(folder, href)) for href in _spine(package)]
    chapters = (_chapter(packed, path) for path in paths)
    text = canonical("\n\n".join(filter(None, chapters)))
    missing = sum(path not in packed.names for path in paths)
    notes = (f"{missing} of its {len(paths)} parts are not in the file",) if missing else ()
    extraction = Extraction("application/epub+zip", notes=notes)
    return build_document(blob, text, _metadata(package), extraction)


def _spine(package: Element) -> list[str]:
    """The files of the book in its order, without its table of contents."""
    items = {
        item.get("id"): unquote(item.get("href", ""))
        for item in package.iter("{*}item")
        if "nav" not in (item.get("properties") or "").split()
    }
    wanted = (item.get("idref") for item in package.iter("{*}itemref"))
    return [items[name] for name in wanted if items.get(name)]


def _chapter(packed: Packed, path: str) -> str:
    data = packed.read(path)
    tree = parse(decode(data, "utf-8").text, huge=True)[0] if data else None
    if tree is None:
        return ""
    written_out(tree)
    return body_text(tree)


def _metadata(package: Element) -> Metadata:
    head = next((part for part in package if local(part) == "metadata"), None)
    stated = texts(head, _STATED.__contains__)
    first = {name: values[0] for name, values in stated.items()}
    given = {
        "title": first.get("title"),
        "author": stated.get("creator"),
        "publisher": first.get("publisher"),
        "published": first.get("date"),
        "language": first.get("language"),
        "identifier": first.get("identifier"),
    }
    return read_fields({name: value for name, value in given.items() if value}, strict=False)
