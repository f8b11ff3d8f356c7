"""A checked draft as a table: a line for each item."""

from __future__ import annotations

import csv
import io

from qa.handover.handed import HandedItem
from qa.handover.handover import Handover
from qa.wording.catalogue import say

COLUMNS = (
    *("number", "line", "kind", "verdict", "words", "speaker", "refers_to", "source_words"),
    *("said_by", "title", "author", "publisher", "published", "url", "article_id", "start", "end"),
    *("differences", "remark", "ticked_off", "note", "rating"),
)
# A cell that begins so is a formula to spreadsheets, also behind spaces, and in wide letters.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n", "|", "%")


def as_csv(handover: Handover) -> str:
    """The table, with a byte order mark: spreadsheets take it for another code page without."""
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(COLUMNS)
    for item in handover.items:
        table.writerow([cell(value) for value in _line(item)])
    return f"\ufeff{written.getvalue()}"


def cell(value: object) -> str:
    """A value as a cell that no spreadsheet takes for a formula.

    >>> cell("=HYPERLINK(A1)"), cell(-3), cell("a - b"), cell(None)
    ("'=HYPERLINK(A1)", '-3', 'a - b', '')
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        return str(value)
    formula = value.startswith(_FORMULA) or value.lstrip().startswith(_FORMULA)
    return f"'{value}" if formula else value


def _line(item: HandedItem) -> list[object]:
    place = item.places[0] if item.places else None
    source = place.source if place else None
    mark = item.mark
    return [
        *(item.number, item.line, item.kind, item.label.name, item.words, item.speaker),
        "; ".join(item.referring),
        " … ".join(one.text for one in item.places),
        place.said_by if place else None,
        *((source.title, source.author, source.publisher) if source else (None,) * 3),
        *((source.published, source.url, source.article_id) if source else (None,) * 3),
        *((place.start, place.end) if place else (None, None)),
        "; ".join(item.differs),
        item.remark,
        say("yes") if mark.ticked else say("no"),
        mark.note,
        mark.rating,
    ]
