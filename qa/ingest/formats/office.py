"""OpenDocument text, slides, and Rich Text -> `Document`."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from itertools import accumulate

from qa.errors import InvalidInput
from qa.ingest.canonical_text import canonical, one_line
from qa.ingest.documents import Blob, Extraction, build_document
from qa.ingest.formats.packed import Element, Packed, local, texts
from qa.ingest.stated.fields import Metadata, language_tag, stated_names
from qa.text.words.tables import listed
from qa.types import Document

_STATED = frozenset(("title", "creator", "initial-creator", "language", "subject"))
# Of OpenDocument: what is not in the text that is read, and what is put where it stands.
_SKIPPED = re.compile(r"annotation(?:-end)?|tracked-changes|note-citation|sequence-decls|.*-index")
_SIGNS = {"tab": " ", "line-break": "\n", "s": " "}
_HEAD = 20_000  # characters, in which a file states something of itself
_INFO = re.compile(r"\{\\(title|author)\s([^{}]{1,1000})\}")
_CODE_PAGE = re.compile(r"\\ansicpg\d{1,5}")
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_BREAK = "\n\n"


def read_odt(blob: Blob) -> Document:
    """The document of an OpenDocument text."""
    packed = Packed(blob)
    root = packed.tree("content.xml")
    if root is None:
        raise InvalidInput("no OpenDocument text: there is no content.xml in it", code="binary")
    notes: list[str] = []
    blocks = [block for element in root for block in _blocks(element, notes)]
    text = canonical(_BREAK.join([*blocks, *notes]))
    stated = texts(packed.tree("meta.xml"), _STATED.__contains__)
    first = {name: values[0] for name, values in stated.items()}
    meta = program_metadata(
        first.get("title"), first.get("initial-creator") or first.get("creator"), first
    )
    extraction = Extraction("application/vnd.oasis.opendocument.text")
    return build_document(blob, text, meta, extraction)


def read_pptx(blob: Blob) -> Document:
    """The document of slides, each a page of it."""
    packed = Packed(blob)
    slides = _shown(packed) or _numbered(packed)
    if not slides:
        raise InvalidInput("no slides in it", code="binary")
    pages = [canonical("\n".join(_paragraphs(packed.tree(path)))) for path in slides]
    begins = accumulate((len(page) + len(_BREAK) for page in pages[:-1]), initial=0)
    joined = _BREAK.join(pages)
    text, lead = joined.strip(), len(joined) - len(joined.lstrip())
    places = tuple(min(max(begin - lead, 0), len(text)) for begin in begins)
    stated = texts(packed.tree("docProps/core.xml"), _STATED.__contains__)
    first = {name: values[0] for name, values in stated.items()}
    meta = program_metadata(first.get("title"), first.get("creator"), first)
    kind = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    return build_document(blob, text, meta, Extraction(kind, pages=places))


def _shown(packed: Packed) -> list[str]:
    """The parts of the slides in the order in which they are shown."""
    show, links = (
        packed.tree(f"ppt/{name}") for name in ("presentation.xml", "_rels/presentation.xml.rels")
    )
    if show is None or links is None:
        return []
    target = {one.get("Id"): str(one.get("Target", "")) for one in links}
    ids = [slide.get(f"{_R}id") for slide in show.iter("{*}sldId")]
    paths = [posixpath.normpath(posixpath.join("/ppt", target.get(id_, ""))) for id_ in ids]
    return [path[1:] for path in dict.fromkeys(paths) if path[1:] in packed.names]


def _numbered(packed: Packed) -> list[str]:
    found = (re.fullmatch(r"ppt/slides/slide(\d{1,5})\.xml", name) for name in packed.names)
    return [path for _, path in sorted((int(one[1]), one[0]) for one in found if one)]


def read_rtf(blob: Blob) -> Document:
    """The document of a Rich Text file."""
    from striprtf.striprtf import rtf_to_text

    written = blob.data.decode("latin-1")
    if not written.lstrip().startswith("{\\rtf"):
        raise InvalidInput("no Rich Text", code="binary")
    text = canonical(rtf_to_text(written, errors="replace"))  # type: ignore[no-untyped-call]
    page = _CODE_PAGE.search(written[:_HEAD])
    head = f"{{\\rtf1\\ansi{page[0] if page else ''} "
    info = {
        name: one_line(rtf_to_text(f"{head}{said}}}", errors="replace"))  # type: ignore[no-untyped-call]
        for name, said in _INFO.findall(written[:_HEAD])[:2]
    }
    meta = program_metadata(info.get("title"), info.get("author"), {})
    return build_document(blob, text, meta, Extraction("application/rtf"))


def program_metadata(title: str | None, author: str | None, stated: dict[str, str]) -> Metadata:
    """What a file's properties say, less what programs put there by themselves."""
    is_author = author and author.lower() not in listed("not_authors") and "@" not in author
    language = stated.get("language")
    return Metadata(
        title=title or None,
        **stated_names(author if is_author else None),
        language=language_tag(language) if language else None,
    )


def _blocks(element: Element, notes: list[str]) -> Iterator[str]:
    name = local(element)
    if name in ("p", "h"):
        written = "".join(_inline(element, notes)).strip()
        if written:
            yield written
    elif name == "table-row":
        cells = (" ".join(b for part in cell for b in _blocks(part, notes)) for cell in element)
        yield " | ".join(cell for cell in cells if cell)
    elif not _SKIPPED.fullmatch(name):
        for part in element:
            yield from _blocks(part, notes)


def _inline(element: Element, notes: list[str]) -> Iterator[str]:
    yield element.text or ""
    for part in element:
        name = local(part)
        if name in _SIGNS:
            yield _SIGNS[name]
        elif name == "note":
            notes.append(" ".join(block for body in part for block in _blocks(body, notes)))
        elif name and not _SKIPPED.fullmatch(name):
            yield from _inline(part, notes)
        yield part.tail or ""


def _paragraphs(slide: Element | None) -> Iterator[str]:
    for paragraph in () if slide is None else slide.iter("{*}p"):
        written = "".join(run.text or "" for run in paragraph.iter("{*}t")).strip()
        if written:
            yield written
