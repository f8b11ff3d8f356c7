"""Tables (CSV, TSV, XLSX) -> records: a row is an article, the first row says what stands where."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from qa.errors import InvalidInput
from qa.ingest.decode import decode
from qa.ingest.documents import Blob

_DELIMITERS = ",;\t|"
Record = dict[str, Any]


def read_csv(blob: Blob) -> list[Record]:
    """The records of a CSV or TSV file, whatever separates its columns."""
    text = decode(blob.data).text.removeprefix("\ufeff")
    head = text[: text.find("\n") + 1] or text
    delimiter = max(_DELIMITERS, key=head.count)
    csv.field_size_limit(blob.limits.raw_bytes)
    try:
        return list(_records(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)))
    except csv.Error as error:
        raise InvalidInput(f"no table: {error}", code="unreadable") from error


def read_xlsx(blob: Blob) -> list[Record]:
    """The records of all sheets of a workbook."""
    try:
        from openpyxl.reader.excel import load_workbook
    except ImportError:
        reason = ".xlsx: save it as .csv, or install footnote-qa[office]"
        raise InvalidInput(reason, code="unknown_type") from None
    try:
        book = load_workbook(io.BytesIO(blob.data), read_only=True, data_only=True)  # type: ignore[no-untyped-call,unused-ignore]
        return [
            record
            for sheet in book.worksheets
            for record in _records(sheet.iter_rows(values_only=True))
        ]
    except (ValueError, KeyError, OSError) as error:
        raise InvalidInput(f"no workbook: {error}"[:300], code="binary") from error


def _records(rows: Iterable[Iterable[object]]) -> Iterator[Record]:
    """Each row with what its columns are called; empty cells and rows are left out."""
    names: list[str] | None = None
    for row in rows:
        cells = [_cell(cell) for cell in row]
        if not any(cells):
            continue
        if names is None:
            names = [cell.strip() for cell in cells]
            continue
        yield {
            name: cell for name, cell in zip(names, cells, strict=False) if name and cell.strip()
        }


def _cell(value: object) -> str:
    """What a cell says; midnight of a date is no time."""
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        return value.date().isoformat()
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
