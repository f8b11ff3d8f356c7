"""What a PDF holds besides the text of its pages, and is not read: it is said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pypdfium2
import pypdfium2.raw as pdfium

_REMARKS = frozenset(
    {
        pdfium.FPDF_ANNOT_TEXT,
        pdfium.FPDF_ANNOT_FREETEXT,
        pdfium.FPDF_ANNOT_STAMP,
        pdfium.FPDF_ANNOT_CARET,
    }
)
_MOST = 1_000  # annotations or objects of a page that are looked at
_FEW_LINES = 6  # that may all be a running head and foot


class Omissions:
    """Counts pages of pictures alone, fields of forms, and remarks in the margin."""

    def __init__(self, document: pypdfium2.PdfDocument) -> None:
        self._files = document.count_attachments()
        self._pictures: list[int] = []
        self._illustrated: list[int] = []  # with few lines beside a picture
        self._damaged: list[int] = []
        self._pages = self._fields = self._remarks = 0

    def see(self, page: pypdfium2.PdfPage, lines: int) -> None:
        """Looks at the next page, on which so many lines were read."""
        self._pages += 1
        if not lines and pdfium.FPDFPage_CountObjects(page.raw) > 0:
            self._pictures.append(self._pages)
        elif 0 < lines <= _FEW_LINES and _shows_picture(page):
            self._illustrated.append(self._pages)
        for number in range(min(pdfium.FPDFPage_GetAnnotCount(page.raw), _MOST)):
            annotation = pdfium.FPDFPage_GetAnnot(page.raw, number)
            kind = pdfium.FPDFAnnot_GetSubtype(annotation)
            self._fields += kind == pdfium.FPDF_ANNOT_WIDGET
            self._remarks += kind in _REMARKS
            pdfium.FPDFPage_CloseAnnot(annotation)

    def damaged(self) -> None:
        """Counts the next page as one that cannot be opened."""
        self._pages += 1
        self._damaged.append(self._pages)

    def stamped(self, left: Sequence[Sequence[object]]) -> None:
        """Counts pages of pictures of which nothing is left but what stands on every page.

        A scan on which an archive has printed its name is no page with text.
        """
        stamped = [number for number in self._illustrated if not left[number - 1]]
        self._pictures = sorted({*self._pictures, *stamped})

    @property
    def any_pictures(self) -> bool:
        """Whether there are pages of pictures without text."""
        return bool(self._pictures)

    @property
    def all_damaged(self) -> bool:
        """Whether no page could be opened."""
        return len(self._damaged) == self._pages

    def notes(self) -> Iterator[str]:
        """What was seen and is not in the text, a sentence each."""
        if self._damaged:
            yield f"damaged and not read: {shown(self._damaged, self._pages)}"
        if self._pictures:
            yield (
                f"no text on {shown(self._pictures, self._pages)}: scanned? "
                "Recognise them first, for example with OCRmyPDF: "
                "ocrmypdf --skip-text in.pdf out.pdf"
            )
        if self._fields:
            yield f"a form: what stands in its {self._fields} fields is not in the text"
        if self._remarks:
            yield f"{self._remarks} remarks (annotations) are not in the text"
        if self._files:
            yield f"{self._files} attached files are not in the text"


def _shows_picture(page: pypdfium2.PdfPage) -> bool:
    count = min(pdfium.FPDFPage_CountObjects(page.raw), _MOST)
    objects = (pdfium.FPDFPage_GetObject(page.raw, number) for number in range(count))
    return any(pdfium.FPDFPageObj_GetType(one) == pdfium.FPDF_PAGEOBJ_IMAGE for one in objects)


def shown(numbers: list[int], count: int) -> str:
    """Which pages, of how many.

    >>> shown([2, 5], 9)
    '2 of 9 pages (2, 5)'
    """
    listed = ", ".join(map(str, numbers[:10])) + "…" * (len(numbers) > 10)
    return f"{len(numbers)} of {count} pages ({listed})"
