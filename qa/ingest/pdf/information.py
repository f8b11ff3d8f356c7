"""What the document information of a PDF states, less what programs put there by themselves."""

from __future__ import annotations

import re
from datetime import date

import pypdfium2

from qa.ingest.canonical_text import one_line
from qa.ingest.stated.fields import Metadata, stated_names
from qa.text.words.tables import listed

_EARLIEST = 1990  # a PDF that says it is older has a clock that was never set
_DATE = re.compile(r"(?:D:)?(\d{4})(\d\d)?(\d\d)?")
_NO_TITLE = re.compile(
    r"untitled.*|microsoft (?:word|powerpoint|excel|publisher)\b.*|no title|title|test|print|new"
    r"|(?:book|document|presentation|slide|layout|page|sheet|drawing|doc)\s?\d*"
    r"|powerpoint presentation|file:.*|[a-z]:\\.*|https?:\S*"
    r"|.*\.(?:docx?|indd|qxd|tex|dvi|pdf|pptx?|rtf|x?html?|txt|e?ps|xlsx?|csv|jpe?g|png|tiff?|gif"
    r"|od[tsp]|wpd|p65|pmd|pub|cdr|ai|svg|xml|php|aspx?|tmp|key|pages|numbers|md)",
    re.IGNORECASE,
)
# "ARRAY(0x8a1)", "User: Windows NT/95/98 User", "Registered to: Acme", a mail or web address
_NO_AUTHOR = re.compile(r".*(?:\(0x|[:@\\/]|\buser\b).*|www\..*", re.IGNORECASE)
_MOST_LABELS = 5_000  # pages


def information(document: pypdfium2.PdfDocument) -> Metadata:
    """Title, author and day of making, as far as a person stated them, and labels of pages."""
    title, author = (_line(document.get_metadata_value(key)) for key in ("Title", "Author"))
    # The day on which a file was made says nothing of when its text was published.
    made = _day(document.get_metadata_value("CreationDate"))
    extra: dict[str, object] = {"pdf_created": made} if made else {}
    labels = _labels(document)
    if labels:
        extra["page_labels"] = labels
    return Metadata(
        title=title if title and not _NO_TITLE.fullmatch(title) else None,
        **stated_names(author if author and _is_name(author) else None),
        extra=extra,
    )


def _is_name(author: str) -> bool:
    """Whether it may be a name of people; "IEUser", "SAPBATCH", "PC3" and "X" are of accounts."""
    if author.lower() in listed("not_authors") or _NO_AUTHOR.fullmatch(author):
        return False
    letters = [char for char in author if char.isalpha()]
    one_word = " " not in author
    return len(letters) > 1 and not (
        one_word and (author[1:] != author[1:].lower() or not author.isalpha())
    )


def _labels(document: pypdfium2.PdfDocument) -> list[str]:
    """What the pages are called, where that is not 1, 2, 3."""
    count = len(document)
    if count > _MOST_LABELS:
        return []
    labels = [one_line(document.get_page_label(number)) for number in range(count)]
    counted = all(label in ("", str(number)) for number, label in enumerate(labels, 1))
    return [] if counted else labels


def _day(stated: str) -> str | None:
    found = _DATE.match(stated)
    if not found:
        return None
    try:
        day = date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        return None
    return day.isoformat() if day.year >= _EARLIEST else None


def _line(stated: str) -> str | None:
    line = one_line(stated)
    return line if any(char.isalpha() for char in line) and len(line) <= 300 else None
