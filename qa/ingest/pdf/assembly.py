"""The paragraphs of all pages -> one text, with the place where each page begins."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from qa.ingest.canonical_text import one_line
from qa.ingest.pdf.flow import (
    is_aside,
    paragraphs,
    parted_notes,
    resumes,
    text_size,
    with_drop_caps,
)
from qa.ingest.pdf.glyphs import PARTED, PrintedLine
from qa.ingest.pdf.hyphens import Hyphens

Lines = list[PrintedLine]
_AHEAD = 8  # paragraphs of smaller print that may stand within one of the text


@dataclass(frozen=True, slots=True)
class Assembled:
    """A canonical text, and where each page of it begins."""

    text: str
    begins: tuple[int, ...]


def assembled(pages: Sequence[Lines]) -> Assembled:
    """The text of all pages: paragraphs that go on over a page are one, and footnotes are apart."""
    for page in pages:
        for line in page:
            if not (line.text.isascii() and line.text.isprintable()):
                line.text = one_line(line.text)
    size = text_size(pages)
    parts = [parted_notes(page, size) for page in pages]
    bodies = [with_drop_caps(body) for body, _ in parts]
    hyphens = Hyphens(line.text for body in bodies for line in body)
    body = list(paragraphs([line for body in bodies for line in body]))
    notes = [list(paragraphs(note)) for _, note in parts]
    text = _Assembled(hyphens)
    for paragraph in _resumed(_with_notes(body, notes)):
        text.add(paragraph)
    return text.assembled(len(pages))


def _with_notes(body: list[Lines], notes: list[list[Lines]]) -> Iterator[Lines]:
    """The paragraphs, with the notes of each page behind its last one.

    One that goes on over the page comes behind the notes: so it is whole, and they are of their
    page.
    """
    told = 0
    for paragraph in body:
        upto = paragraph[0].page + (paragraph[-1].page > paragraph[0].page)
        while told < upto:
            yield from notes[told]
            told += 1
        yield paragraph
    for left in notes[told:]:
        yield from left


def _resumed(paragraphs: Iterable[Lines]) -> Iterator[Lines]:
    """The paragraphs, with those whole between whose halves smaller print stands.

    What is of the page where such a one begins comes before it, the rest behind it: a caption at
    the head of the next page stays on its page.
    """
    left = list(paragraphs)[::-1]
    while left:
        paragraph = left.pop()
        ahead = left[: -_AHEAD - 1 : -1]
        skipped = next((at for at, other in enumerate(ahead) if resumes(paragraph, other)), None)
        if not skipped or not all(is_aside(other, paragraph) for other in ahead[:skipped]):
            yield paragraph
            continue
        between = [left.pop() for _ in range(skipped)]
        paragraph.extend(left.pop())
        page = paragraph[0].page
        left += [other for other in reversed(between) if other[0].page > page]
        left.append(paragraph)  # it may stop once more
        yield from (other for other in between if other[0].page <= page)


@dataclass
class _Assembled:
    """The text as it grows."""

    hyphens: Hyphens
    parts: list[str] = field(default_factory=list)
    length: int = 0
    begins: dict[int, int] = field(default_factory=dict)
    last: PrintedLine | None = None

    def add(self, paragraph: Lines) -> None:
        """Adds a paragraph on a line of its own; a blank line is before it where there is room."""
        first = paragraph[0]
        if self.last is not None:
            close = (
                self.last.page == first.page
                and 0 < self.last.base - first.base < 1.6 * first.size
                and abs(self.last.size - first.size) < 0.12 * first.size
            )
            self._put("\n" if close else "\n\n")
        text, between = "", " "
        for line in paragraph:
            if not line.text:
                continue
            if text:
                text, between = self._seam(text, line.text)
                self._put(text + between)
            # A word that is parted by the end of a page is of the page where it begins.
            tail = len(line.text.split(" ", 1)[0]) + 1 if between != " " else 0
            self.begins.setdefault(line.page, self.length + tail)
            text = line.text
        self._put(text.replace(PARTED, "-"))
        self.last = paragraph[-1]

    def _seam(self, before: str, behind: str) -> tuple[str, str]:
        text, between = self.hyphens.joined(before, behind)
        edge = text[-1:] + behind[:1]
        if not between and unicodedata.normalize("NFC", edge) != edge:
            between = " "
        return text, between

    def _put(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)

    def assembled(self, pages: int) -> Assembled:
        text = "".join(self.parts)
        begins, following = [], len(text)
        for page in reversed(range(pages)):
            following = self.begins.get(page, following)
            begins.append(min(following, len(text)))
        return Assembled(text, tuple(reversed(begins)))
