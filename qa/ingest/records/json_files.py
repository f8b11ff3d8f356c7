"""JSON and JSON Lines -> one `Document` or `Refused` for each record."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import PurePath
from typing import Any, BinaryIO

from qa.errors import InvalidInput, TooLarge
from qa.ingest.documents import attempt
from qa.ingest.limits import Limits
from qa.ingest.records.record import read_record
from qa.ingest.records.shapes import Names, has_text, records_of, renamed
from qa.types import Document, Refused

_NONE: Names = {}
# What an archive of Twitter has in front of its JSON.
_TWITTER = re.compile(r"\A\s*window\.YTD\.\w{1,40}\.part\d{1,4}\s*=\s*")


def read_lines(
    file: BinaryIO, name: str, limits: Limits, skip: int = 0, names: Names = _NONE
) -> Iterator[Document | Refused]:
    """The articles of JSON Lines, a line in memory at a time; origins are "corpus.jsonl:317"."""
    numbered = enumerate(_lines(file, limits.raw_bytes), 1)
    lines = ((n, line, size) for n, (line, size) in numbered if line is None or line.strip())
    for number, line, size in islice(lines, skip, None):
        origin = f"{name}:{number}"
        yield attempt(partial(_read_line, line, size, origin, limits, names), origin, size)


def read_json(
    data: bytes,
    name: str,
    limits: Limits,
    default_id: str | None = None,
    skip: int = 0,
    names: Names = _NONE,
) -> Iterator[Document | Refused]:
    """The articles of a .json file: one, a list, or {"articles": […]}. Origins: "corpus.json#3"."""
    try:
        records = records_of(parse(data))
    except InvalidInput as error:
        yield from [Refused(name, error.code, error.message, len(data))][skip:]
        return
    if not records:
        yield from [Refused(name, "empty", "no articles in it", len(data))][skip:]
    yield from _each(records, name, len(data), limits, default_id, skip, names, strict=True)


def read_records(
    records: Sequence[Any],
    name: str,
    size: int,
    limits: Limits,
    default_id: str | None = None,
    skip: int = 0,
    names: Names = _NONE,
) -> Iterator[Document | Refused]:
    """The articles of a table, a feed, a mailbox, a web archive: `records` of `size` bytes."""
    if records and not any(has_text(record, names) for record in records):
        columns = ", ".join(dict.fromkeys(key for record in records[:20] for key in record))
        reason = f"none of its columns is a text: {columns[:200]}; say which is: --map COLUMN=text"
        yield from [Refused(name, "no_text_column", reason, size)][skip:]
        return
    if not records:
        yield from [Refused(name, "empty", "no articles in it", size)][skip:]
    yield from _each(records, name, size, limits, default_id, skip, names, strict=False)


def _each(
    records: Sequence[Any],
    name: str,
    whole: int,
    limits: Limits,
    default_id: str | None,
    skip: int,
    names: Names,
    *,
    strict: bool,
) -> Iterator[Document | Refused]:
    one = len(records) == 1
    for number, record in islice(enumerate(records, 1), skip, None):
        origin = name if one else f"{name}#{number}"
        # Shares that add up to the file, for the progress bar.
        size = whole * number // len(records) - whole * (number - 1) // len(records)
        suggested = default_id if one else None
        read = partial(_read, record, size, origin, limits, suggested, names, strict)
        yield attempt(read, origin, size)


def parse(data: bytes) -> Any:
    """Parsed JSON; NaN, which some libraries write for a missing value, is None."""
    try:
        text = _TWITTER.sub("", data.decode("utf-8-sig"), count=1)
    except UnicodeDecodeError as error:
        raise InvalidInput(f"not UTF-8, as JSON has to be: {error}", code="invalid_json") from None
    return strict_json(text, parse_constant=lambda name: None if name == "NaN" else name)


def strict_json(data: bytes | str, **options: Any) -> Any:
    """Parsed JSON. Raises InvalidInput, also for an object in which a key stands twice.

    Which of the two was meant, nobody can say: of two ids, say, or of two texts.
    """
    try:
        return json.loads(data, object_pairs_hook=_object, **options)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"not valid JSON: {error}", code="invalid_json") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        [(name, _)] = Counter(name for name, _ in pairs).most_common(1)
        raise ValueError(f"the key {name[:100]!r} stands twice in one object")
    return made


def holds_questions(path: PurePath, first: Any) -> bool:
    """Whether a file with this name and this first record asks instead of telling."""
    if path.stem.lower() == "queries":
        return True
    return holds_no_text(first) and "question" in first


def holds_no_text(record: Any, names: Names = _NONE) -> bool:
    """Whether a record is an object that cannot be an article."""
    return isinstance(record, Mapping) and not has_text(record, names)


def _lines(file: BinaryIO, limit: int) -> Iterator[tuple[bytes | None, int]]:
    """Each line and its size; None in place of one over the limit, which is not kept."""
    while line := file.readline(limit + 1):
        size = len(line)
        if size <= limit:
            yield line, size
            continue
        while not line.endswith(b"\n") and (line := file.readline(limit)):
            size += len(line)
        yield None, size


def _read_line(
    line: bytes | None, size: int, origin: str, limits: Limits, names: Names
) -> Document:
    if line is None:
        limit = limits.raw_bytes
        raise TooLarge(f"the line has {size:,} bytes; the limit is {limit:,} bytes")
    return _read(parse(line), size, origin, limits, None, names, True)


def _read(
    record: Any,
    size: int,
    origin: str,
    limits: Limits,
    default: str | None,
    names: Names,
    strict: bool,
) -> Document:
    if names and isinstance(record, Mapping):
        record = renamed(record, names)
    found = read_record(record, origin=origin, default_id=default, limits=limits, strict=strict)
    return replace(found, size=size)
