"""The formats that a checked draft is handed over in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal, get_args

from qa.errors import InvalidInput
from qa.handover.claim_review import as_claim_review
from qa.handover.handover import Handover
from qa.handover.report_csv import as_csv
from qa.handover.report_html import as_html
from qa.handover.report_markdown import as_markdown

ReportFormat = Literal["html", "md", "csv", "jsonld"]


@dataclass(frozen=True, slots=True)
class Written:
    """A format: what writes it, and what it is called on the way."""

    write: Callable[[Handover], str]
    media_type: str


FORMATS: Mapping[ReportFormat, Written] = {
    "html": Written(as_html, "text/html; charset=utf-8"),
    "md": Written(as_markdown, "text/markdown; charset=utf-8"),
    "csv": Written(as_csv, "text/csv; charset=utf-8"),
    "jsonld": Written(as_claim_review, "application/ld+json"),
}


def format_of(suffix: str) -> ReportFormat:
    """The format of that name: "html", ".md". Raises InvalidInput."""
    names: tuple[ReportFormat, ...] = get_args(ReportFormat)
    wanted = suffix.lower().removeprefix(".")
    found = next((name for name in names if name == wanted), None)
    if found is None:
        raise InvalidInput(
            f"format is {suffix!r}; give html, md, csv or jsonld", code="invalid_format"
        )
    return found


def written(handover: Handover, name: ReportFormat) -> bytes:
    """The file that is handed over."""
    return FORMATS[name].write(handover).encode("utf-8", "replace")


def file_name(handover: Handover, name: ReportFormat) -> str:
    """A name for it, of letters that every system takes: "draft-checked.html".

    >>> from qa.check.types import DraftReport
    >>> file_name(Handover(DraftReport("", (), (), (), 0), {}, "My piece.docx"), "md")
    'My-piece-checked.md'
    """
    stem = PurePath(handover.name).stem
    safe = "-".join("".join(c if c.isascii() and c.isalnum() else " " for c in stem).split())
    return f"{safe[:80] or 'draft'}-checked.{name}"
