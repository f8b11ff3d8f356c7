"""Word (.docx) -> its text as Markdown: paragraphs, lists, tables, links, notes and quotations.

What was deleted with "Track changes" is left out, and so are comments, heads and feet of pages.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import lxml.etree

from qa.errors import InvalidInput
from qa.ingest.canonical_text import canonical
from qa.ingest.documents import Blob, Extraction, build_document
from qa.ingest.formats.office import program_metadata
from qa.ingest.formats.packed import texts
from qa.ingest.limits import check_size
from qa.ingest.web.page import RAISED
from qa.types import Document

Element = Any  # lxml has no types of its own

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_STRICT_W = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_STRICT_R = b"http://purl.oclc.org/ooxml/officeDocument/relationships"
_SKIPPED = frozenset(
    ("del", "moveFrom", "Fallback", "delText", "instrText", "pPr", "rPr", "sectPr")
)
_HEADING = re.compile(r"(?:heading \d|title)\Z", re.IGNORECASE)
_QUOTE = re.compile(r"(?:intense )?quote\Z|block text\Z", re.IGNORECASE)
_LINK = re.compile(r'\s*HYPERLINK\s+"([^"]+)"')


def read_text(blob: Blob) -> str:
    """The text of a Word file as Markdown; raises InvalidInput, code "binary", when it is none."""
    return _read(blob, marked=True)[0]


def read(blob: Blob) -> Document:
    """The document of a Word file: what a reader of it sees, its notes at the end."""
    text, core = _read(blob, marked=False)
    stated = texts(core, ("title", "creator", "language").__contains__)
    first = {name: values[0] for name, values in stated.items()}
    meta = program_metadata(first.get("title"), first.get("creator"), first)
    return build_document(blob, text, meta, Extraction(MEDIA_TYPE))


def _read(blob: Blob, *, marked: bool) -> tuple[str, Element | None]:
    """The text, and the part that states who wrote it."""
    try:
        with zipfile.ZipFile(io.BytesIO(blob.data)) as packed:
            file = _WordFile(packed, blob.limits.raw_bytes, marked=marked)
            text, core = canonical(file.text()), None if marked else file.core()
    except (zipfile.BadZipFile, lxml.etree.LxmlError, KeyError, NotImplementedError) as error:
        raise InvalidInput(f"no Word file: {error}"[:300], code="binary") from error
    check_size(len(text.encode()), blob.limits.article_bytes, "the text")
    if not text:
        raise InvalidInput("no text in it", code="empty")
    return text, core


class _WordFile:
    """Where a reading of a file stands: how often each list has counted, what each style is."""

    def __init__(self, packed: zipfile.ZipFile, limit: int, *, marked: bool = True) -> None:
        self._packed, self._left, self._marked = packed, limit, marked
        self._links: dict[str, str] = {}
        self._styles = self._style_names()
        self._bullets, self._counts = self._bullet_lists(), dict[tuple[str, str], int]()

    def text(self) -> str:
        written = list(self._part("document"))
        for name, sign in (("footnotes", ""), ("endnotes", "e")):
            written += self._notes(name, sign)
        return "\n\n".join(written)

    def core(self) -> Element | None:
        """The part that states title and author."""
        return self._tree("docProps/core.xml")

    # --- the parts of the file ---

    def _tree(self, path: str) -> Element | None:
        """A part as a tree; what it takes unpacked counts, so that a bomb stops here."""
        if path not in self._packed.namelist():
            return None
        with self._packed.open(path) as file:
            data = file.read(self._left + 1)
        self._left -= len(data)
        check_size(-self._left, 0, "the unpacked file") if self._left < 0 else None
        data = data.replace(_STRICT_W, _W[1:-1].encode()).replace(_STRICT_R, _R[1:-1].encode())
        parser = lxml.etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        tree = lxml.etree.fromstring(data, parser)
        if tree.getroottree().docinfo.doctype:
            raise InvalidInput("no Word file: it declares a document type", code="binary")
        return tree

    def _part(self, name: str) -> Iterator[str]:
        self._links = self._link_targets(name)
        tree = self._tree(f"word/{name}.xml")
        if tree is None:
            raise KeyError(f"there is no word/{name}.xml in it")
        body = tree.find(f"{_W}body")
        yield from self._blocks(tree if body is None else body)

    def _notes(self, name: str, sign: str) -> Iterator[str]:
        """Footnotes: "[^3]: Port report, https://…"."""
        tree = self._tree(f"word/{name}.xml")
        self._links = self._link_targets(name)
        for note in () if tree is None else tree:
            if note.get(f"{_W}type") in (None, "normal"):
                written = " ".join(" ".join(self._blocks(note)).split())
                if written:
                    yield f"[^{sign}{note.get(f'{_W}id')}]: {written}" if self._marked else written

    def _link_targets(self, name: str) -> dict[str, str]:
        tree = self._tree(f"word/_rels/{name}.xml.rels")
        return {} if tree is None else {one.get("Id"): one.get("Target", "") for one in tree}

    def _style_names(self) -> dict[str, str]:
        """What each style is called in English, in whatever language the file was written."""
        tree = self._tree("word/styles.xml")
        found = () if tree is None else tree.iter(f"{_W}style")
        return {style.get(f"{_W}styleId"): _value(style, "name") for style in found}

    def _bullet_lists(self) -> set[tuple[str, str]]:
        """The lists without numbers, by their id and level."""
        tree = self._tree("word/numbering.xml")
        if tree is None:
            return set()
        abstract = {
            one.get(f"{_W}abstractNumId"): [
                level.get(f"{_W}ilvl")
                for level in one.iter(f"{_W}lvl")
                if _value(level, "numFmt") in ("bullet", "none")
            ]
            for one in tree.iter(f"{_W}abstractNum")
        }
        return {
            (one.get(f"{_W}numId"), level)
            for one in tree.iter(f"{_W}num")
            for level in abstract.get(_value(one, "abstractNumId"), ())
        }

    # --- paragraphs and tables ---

    def _blocks(self, holder: Element) -> Iterator[str]:
        for element in holder:
            name = _name(element)
            if name == "p":
                yield from filter(None, [self._paragraph(element)])
            elif name == "tbl":
                yield self._table(element)
            elif name not in _SKIPPED:  # a content control, for one
                yield from self._blocks(element)

    def _paragraph(self, paragraph: Element) -> str:
        written = "".join(self._inline(paragraph)).strip()
        style = self._styles.get(_value(paragraph, "pPr/pStyle"), "")
        if not (written and self._marked):
            return written
        if _HEADING.match(style):
            return f"# {' '.join(written.split())}"
        if _QUOTE.match(style):
            return "> " + written.replace("\n", "\n> ")
        return f"{self._item(paragraph)}{written}"

    def _item(self, paragraph: Element) -> str:
        """The sign of an item of a list: Word keeps no numbers, it counts."""
        list_id = _value(paragraph, "pPr/numPr/numId")
        if not list_id or list_id == "0":
            return ""
        place = list_id, _value(paragraph, "pPr/numPr/ilvl") or "0"
        if place in self._bullets:
            return "- "
        self._counts[place] = self._counts.get(place, 0) + 1
        return f"{self._counts[place]}. "

    def _table(self, table: Element) -> str:
        rows = []
        for row in _own(table, "tr", within="tbl"):
            cells = (" ".join(self._blocks(cell)) for cell in row.iterchildren(f"{_W}tc"))
            said = [" ".join(cell.split()) for cell in cells]
            if self._marked:
                rows.append(f"| {' | '.join(said)} |")
            else:
                rows.append(" | ".join(filter(None, said)))
        if rows and self._marked:
            rows.insert(1, f"|{'---|' * (rows[0].count('|') - 1)}")
        return "\n".join(rows)

    # --- runs ---

    def _inline(self, holder: Element) -> Iterator[str]:
        link: str | None = None  # of a field that is open, until its text has come
        for element in holder:
            name = _name(element)
            if name == "r" and (
                code := "".join(t.text or "" for t in element.iter(f"{_W}instrText"))
            ):
                found = _LINK.match(code)
                link = found[1] if found and self._marked else link
            elif name == "r" and (kind := _field(element)):
                if link and kind == "separate":
                    yield "["
                elif link and kind == "end":
                    yield f"](<{link}>)"
                    link = None
            elif name == "hyperlink":
                yield from self._hyperlink(element)
            elif name == "r":
                yield from self._run(element)
            elif name not in _SKIPPED:
                yield from self._inline(element)

    def _hyperlink(self, element: Element) -> Iterator[str]:
        url = self._links.get(element.get(f"{_R}id", ""), "")
        written = "".join(self._inline(element))
        linked = self._marked and url and written.strip()
        yield f"[{written}](<{url}>)" if linked else written

    def _run(self, run: Element) -> Iterator[str]:
        written = "".join(self._signs(run))
        raised = _value(run, "rPr/vertAlign") == "superscript"
        if not (raised and written.strip().isdigit()):
            yield written
        elif self._marked:
            yield f"<sup>{written.strip()}</sup>"
        else:
            yield written.strip().translate(RAISED)

    def _signs(self, run: Element) -> Iterator[str]:
        for element in run:
            name = _name(element)
            if name == "t":
                yield element.text or ""
            elif name in ("tab", "ptab"):
                yield " "
            elif name in ("br", "cr"):
                yield "\n"
            elif name == "noBreakHyphen":
                yield "-"
            elif name in ("footnoteReference", "endnoteReference"):
                if self._marked:
                    yield f"[^{'e' * name.startswith('e')}{element.get(f'{_W}id')}]"
            elif name not in _SKIPPED:  # a text box
                yield from (f"\n\n{block}\n\n" for block in self._within(element))

    def _within(self, element: Element) -> Iterator[str]:
        """The paragraphs of a text box, which hangs in a run."""
        for box in _own(element, "txbxContent", within="txbxContent"):
            if not any(_name(above) == "Fallback" for above in box.iterancestors()):
                yield from self._blocks(box)


def _own(holder: Element, name: str, within: str) -> Iterator[Element]:
    """The elements below another that stand in no nearer one: rows, without those of tables in
    cells. Else what is nested in each other would be written once for each level, and more."""
    outer = f"{_W}{within}"
    bound = holder if holder.tag == outer else next(holder.iterancestors(outer), None)
    for element in holder.iter(f"{_W}{name}"):
        if next(element.iterancestors(outer), None) is bound:
            yield element


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _field(run: Element) -> str:
    found = run.find(f"{_W}fldChar")
    return "" if found is None else found.get(f"{_W}fldCharType", "")


def _value(element: Element, path: str) -> str:
    """The value that an element states below: "pPr/pStyle" -> "Heading1"."""
    found = element.find("/".join(f"{_W}{step}" for step in path.split("/")))
    return "" if found is None else found.get(f"{_W}val", "")
