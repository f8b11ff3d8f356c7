"""PDF -> `Document`, with the place in the text where each page begins."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2
import pypdfium2.raw as pdfium

from qa.errors import InvalidInput
from qa.ingest.boilerplate import clean
from qa.ingest.documents import Blob, Extraction, build_document
from qa.ingest.limits import Limits, check_size
from qa.ingest.pdf.assembly import Assembled, assembled
from qa.ingest.pdf.furniture import without_furniture
from qa.ingest.pdf.glyphs import Glyphs, PrintedLine, lines
from qa.ingest.pdf.information import information
from qa.ingest.pdf.legible import illegible
from qa.ingest.pdf.omissions import Omissions, shown
from qa.ingest.pdf.order import in_order
from qa.types import Document, Removed

_SIGNS = "its fonts do not say which letter each sign is. "
_MENDED = "Recognise it first, for example with OCRmyPDF: ocrmypdf {} in.pdf out.pdf"


def read(blob: Blob) -> Document:
    """The document of a PDF.

    InvalidInput has the code "encrypted", "bad_pdf", "no_text" or "unreadable_text".
    """
    with _opened(blob.data) as document:
        found, removed, notes = _text(document, blob.limits)
        meta = information(document)
    cleaned = clean(found.text)
    if not cleaned.text:
        raise _without_text(len(found.begins))
    extraction = Extraction(
        "application/pdf", None, (*removed, *cleaned.removed), notes, cleaned.moved(found.begins)
    )
    return build_document(blob, cleaned.text, meta, extraction)


def read_text(blob: Blob) -> str:
    """All text of a PDF, less what belongs to its pages; raises InvalidInput as `read` does."""
    with _opened(blob.data) as document:
        found, _, _ = _text(document, blob.limits)
    return found.text


@contextmanager
def _opened(data: bytes) -> Iterator[pypdfium2.PdfDocument]:
    try:
        # Many are encrypted with an empty password, only to forbid printing: these open.
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise _unopened(error) from error
    try:
        yield document
    except pypdfium2.PdfiumError as error:
        raise InvalidInput(_DAMAGED, code="bad_pdf") from error
    finally:
        document.close()


_DAMAGED = (
    "the PDF is damaged: it is cut off or was changed on its way. Fetch it again, or print it to a"
    " new PDF"
)


def _unopened(error: pypdfium2.PdfiumError) -> InvalidInput:
    if error.err_code == pdfium.FPDF_ERR_PASSWORD:
        return InvalidInput("encrypted with a password; remove it first", code="encrypted")
    if error.err_code == pdfium.FPDF_ERR_SECURITY:
        reason = "encrypted in a way that only its own program reads; print it to a new PDF there"
        return InvalidInput(reason, code="encrypted")
    return InvalidInput(_DAMAGED, code="bad_pdf")


def _without_text(pages: int) -> InvalidInput:
    how = _MENDED.format("--skip-text")
    return InvalidInput(f"no text in its {pages} pages: scanned? {how}", code="no_text")


def _text(
    document: pypdfium2.PdfDocument, limits: Limits
) -> tuple[Assembled, list[Removed], tuple[str, ...]]:
    """The text, what was taken out of it, and notes of what was not read."""
    pages: list[list[PrintedLine]] = []
    heights: list[float] = []
    omitted = Omissions(document)
    size = 0
    for number in range(len(document)):
        try:
            page = document[number]
            glyphs = Glyphs(page)
        except pypdfium2.PdfiumError:
            omitted.damaged()
            pages.append([])
            heights.append(0)
            continue
        size += len(glyphs.text.strip().encode(errors="replace"))
        check_size(size, limits.article_bytes, f"the text up to page {number + 1}")  # a bomb
        pages.append(in_order(list(lines(glyphs.words(), number))))
        heights.append(page.get_height())
        omitted.see(page, len(pages[-1]))
        page.close()
    if omitted.all_damaged:
        raise InvalidInput(_DAMAGED, code="bad_pdf")
    left, removed = without_furniture(pages, heights)
    omitted.stamped(left)
    if not any(left) and not omitted.any_pictures:  # slides of one and the same line: their text
        left, removed = pages, []
    text = assembled(left)
    if not text.text:
        raise _without_text(len(pages))
    if illegible(text.text):
        reason = f"its letters cannot be read: {_SIGNS}{_MENDED.format('--force-ocr')}"
        raise InvalidInput(reason, code="unreadable_text")
    return text, removed, (*omitted.notes(), *_illegible_pages(text))


def _illegible_pages(text: Assembled) -> Iterator[str]:
    ends = (*text.begins[1:], len(text.text))
    bad = [
        number
        for number, (begin, end) in enumerate(zip(text.begins, ends, strict=True), 1)
        if illegible(text.text[begin:end])
    ]
    if bad:
        reason = f"letters cannot be read on {shown(bad, len(ends))}: "
        yield reason + _SIGNS + _MENDED.format("--force-ocr")
