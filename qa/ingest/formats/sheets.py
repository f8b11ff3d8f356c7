"""Tables (CSV, TSV, XLSX) -> records: a row is an article, the first row says what stands where."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from qa.errors import InvalidInput
from qa.ingest.decode import decode
from qa.ingest.documents import Blob

_DELIMITERS = ",;\t|"
_SEPARATOR = re.compile(r"sep=[,;\t|]\r?\n")  # which Excel puts first
_END = "\x03"
Record = dict[str, Any]


def read_csv(blob: Blob) -> list[Record]:
    """The records of a CSV or TSV file, whatever separates its columns."""
    text = decode(blob.data, told=blob.limits.encoding).text.removeprefix("\ufeff")
    head = text[: text.find("\n") + 1] or text
    delimiter = max(_DELIMITERS, key=head.count)
    if _SEPARATOR.fullmatch(head):
        text, delimiter = text[len(head) :], head[4]
    csv.field_size_limit(blob.limits.raw_bytes)
    # A last row of our own: within a quotation that is never closed, it would be no row.
    rows = csv.reader(io.StringIO(f"{text}\n{_END}", newline=""), delimiter=delimiter)
    try:
        records = [record for record in _records(rows) if _END not in record.values()]
    except csv.Error as error:
        raise InvalidInput(f"no table: {error}", code="unreadable") from error
    if any(_END in value for record in records[-1:] for value in record.values()):
        reason = "a quotation mark opens a cell that nothing closes: the rows behind it are lost"
        raise InvalidInput(reason, code="unreadable")
    return records


def read_xlsx(blob: Blob) -> list[Record]:
    """The records of all sheets of a workbook."""
    try:
        from openpyxl.reader.excel import load_workbook
    except ImportError:
        reason = ".xlsx: save it as .csv, or install footnote-qa[office]"
        raise InvalidInput(reason, code="unknown_type") from None
    try:
        book = load_workbook(io.BytesIO(blob.data), read_only=True, data_only=True)  # type: ignore[no-untyped-call,unused-ignore]
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # stated ones, which may be of a million empty cells
        return [
            record
            for sheet in book.worksheets
            for record in _records(sheet.iter_rows(values_only=True))
        ]
    except (ValueError, KeyError, OSError, zipfile.BadZipFile) as error:
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
