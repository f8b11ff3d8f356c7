"""PDF -> `Document`, with the place in the text where each page begins."""

from __future__ import annotations

import io
import logging
import re
from itertools import accumulate

from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError

from qa.errors import InvalidInput
from qa.ingest.boilerplate import clean
from qa.ingest.canonical_text import canonical, one_line
from qa.ingest.documents import Blob, Extraction, build_document
from qa.ingest.fields import Metadata
from qa.ingest.limits import check_size
from qa.text.words.tables import listed
from qa.types import Document

# Its warnings are about repairs that it made; unasked they go to standard error.
logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)

_BREAK = "\n\n"  # between pages
_EARLIEST = 1990  # a PDF that says it is older has a clock that was never set
# What programs fill in by themselves.
_NO_TITLE = re.compile(
    r"untitled.*|microsoft (?:word|powerpoint|excel)\b.*"
    r"|.*\.(?:docx?|indd|qxd|tex|dvi|pdf|pptx?|rtf)",
    re.IGNORECASE,
)


def read(blob: Blob) -> Document:
    """The document of a PDF; InvalidInput has the code "encrypted", "bad_pdf" or "no_text"."""
    try:
        reader = _open(blob.data)
        pages = _page_texts(reader, blob.limits.article_bytes)
        meta = _metadata(reader)
    except PyPdfError as error:
        raise _damaged(error) from error
    joined = _BREAK.join(pages)
    text = joined.strip()
    lead = len(joined) - len(joined.lstrip())
    sizes = (len(page) + len(_BREAK) for page in pages[:-1])
    begins = (min(max(begin - lead, 0), len(text)) for begin in accumulate(sizes, initial=0))
    cleaned = clean(text)
    if not cleaned.text:
        raise _without_text(len(pages))
    extraction = Extraction("application/pdf", None, cleaned.removed, (), cleaned.moved(begins))
    return build_document(blob, cleaned.text, meta, extraction)


def read_text(blob: Blob) -> str:
    """All text of a PDF; raises InvalidInput as `read` does."""
    try:
        pages = _page_texts(_open(blob.data), blob.limits.article_bytes)
    except PyPdfError as error:
        raise _damaged(error) from error
    text = _BREAK.join(pages).strip()
    if not text:
        raise _without_text(len(pages))
    return text


def _damaged(error: Exception) -> InvalidInput:
    return InvalidInput(f"the PDF is damaged: {error}"[:300], code="bad_pdf")


def _without_text(pages: int) -> InvalidInput:
    reason = f"no text in its {pages} pages: scanned? Recognise it first (OCRmyPDF)"
    return InvalidInput(reason, code="no_text")


def _open(data: bytes) -> PdfReader:
    reader = PdfReader(io.BytesIO(data))
    try:
        # Many are encrypted with an empty password, only to forbid printing.
        readable = not reader.is_encrypted or bool(reader.decrypt(""))
    except DependencyError as error:
        raise InvalidInput(f"encrypted: {error}", code="encrypted") from error
    if not readable:
        raise InvalidInput("encrypted with a password; remove it first", code="encrypted")
    return reader


def _page_texts(reader: PdfReader, limit: int) -> list[str]:
    texts: list[str] = []
    size = 0
    for page in reader.pages:
        texts.append(canonical(page.extract_text()))
        size += len(texts[-1].encode())
        check_size(size, limit, f"the text up to page {len(texts)}")  # a bomb stops here
    return texts


def _metadata(reader: PdfReader) -> Metadata:
    """What the document information says, less what programs put there by themselves."""
    info = reader.metadata
    if info is None:
        return Metadata()
    title, author = _line(info.title), _line(info.author)
    try:
        created = info.creation_date
    except ValueError:
        created = None
    # The day on which a file was made says nothing of when its text was published.
    made = created.date().isoformat() if created and created.year >= _EARLIEST else None
    return Metadata(
        title=title if title and not _NO_TITLE.fullmatch(title) else None,
        author=author if author and author.lower() not in listed("not_authors") else None,
        extra={"pdf_created": made} if made else {},
    )


def _line(stated: object) -> str | None:
    line = one_line(stated) if isinstance(stated, str) else ""
    return line if any(char.isalpha() for char in line) and len(line) <= 300 else None
