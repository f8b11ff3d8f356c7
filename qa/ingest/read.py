"""One input -> its documents, by kind; whatever cannot be read is refused, and the reason said."""

from __future__ import annotations

import gzip
import io
import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import PurePosixPath
from typing import Any, BinaryIO, cast

from qa.errors import Code, InvalidInput
from qa.ingest import plain
from qa.ingest.canonical_text import storable
from qa.ingest.documents import Blob, attempt
from qa.ingest.inputs import Input, not_meant
from qa.ingest.limits import Limits, check_size
from qa.ingest.processes import pool
from qa.ingest.records.json_files import (
    holds_no_text,
    holds_questions,
    parse,
    read_json,
    read_lines,
    read_records,
)
from qa.ingest.records.shapes import Names, records_of
from qa.ingest.slugs import slug
from qa.ingest.sniff import sniff, suffix_by
from qa.ingest.suffixes import MANY, instead, kind_of, suffix_of
from qa.types import Document, Refused

_LINES = ("lines",)
_DAMAGED = (OSError, EOFError, zlib.error)
_AS_THEY_ARE = ("text", "markdown")  # their bytes are about as many as those of their text
_NONE: Names = {}


def read_input(
    input: Input, limits: Limits | None = None, names: Names = _NONE
) -> Iterator[Document | Refused]:
    """The documents of a file. Bad content is yielded as `Refused`; nothing is raised for it.

    `names` says what fields of records are called there, and what here: {"content": "text"}.
    """
    limits = limits or Limits()
    name, kind = storable(os.path.abspath(input.path)), kind_of(input.suffix)
    try:
        other = None if input.explicit else _other_data(input, kind, limits, names)
        if other:
            code, reason = other
            yield Refused(name, code, reason, input.size, skipped=True)
        elif kind in _LINES:
            with input.path.open("rb") as file:
                yield from read_lines(_unpacked(file, input.suffix), name, limits, names=names)
        else:
            with input.path.open("rb") as file:
                data = _unpacked(file, input.suffix).read(_limit(kind, limits) + 1)
            size = max(input.size, len(data))  # it may have grown since it was found
            for item in _read(kind, data, size, name, input.id, limits, names=names):
                yield _passed_over(item, kind) if not input.explicit else item
    except _DAMAGED as error:
        yield Refused(name, "unreadable", _why(error), input.size)


def read_stream(
    data: bytes,
    name: str | None = None,
    limits: Limits | None = None,
    skip: int = 0,
    names: Names = _NONE,
) -> Iterator[Document | Refused]:
    """The documents of bytes that came without a file: by the suffix of `name`, else sniffed.

    The first `skip` of what would come are left out, and not read.
    """
    limits = limits or Limits()
    path = _sent(name or "")
    suffix = suffix_by(data, suffix_of(path.name)) or sniff(data)
    kind = kind_of(suffix)
    origin = path.as_posix() if name else "input"
    unmeant = not_meant(path) if len(path.parts) > 1 else None
    if unmeant:
        if not skip:
            yield Refused(origin, *unmeant, len(data), skipped=True)
        return
    if skip and kind not in (*_LINES, "json", *MANY):
        return  # all others are one article
    if not kind:
        yield Refused(origin, "unknown_type", instead(suffix), len(data))
        return
    size, suggested = len(data), slug(path.stem) if path.stem else None
    try:
        file = _unpacked(io.BytesIO(data), suffix)
        if kind in _LINES:
            yield from read_lines(file, origin, limits, skip, names)
            return
        data = file.read(_limit(kind, limits) + 1) if _is_packed(suffix) else data
    except _DAMAGED as error:
        yield Refused(origin, "unreadable", _why(error), size)
        return
    size = max(size, len(data))
    yield from _read(kind, data, size, origin, suggested, limits, skip, names)


def _is_packed(suffix: str) -> bool:
    """Whether what is read is packed in the file: of WARC, each record is, and its reader knows."""
    return suffix.endswith(".gz") and kind_of(suffix) != "warc"


def _unpacked(file: BinaryIO, suffix: str) -> BinaryIO:
    """The file, unpacked while it is read, so that a bomb stops at the limit of its kind."""
    return cast("BinaryIO", gzip.GzipFile(fileobj=file)) if _is_packed(suffix) else file


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _sent(name: str) -> PurePosixPath:
    """The path that a client sent, in the manner of any system: what is no folder is left out."""
    parts = re.split(r"[/\\]", name)
    return PurePosixPath(*(part for part in parts if part.strip(".") and not part.endswith(":")))


def _read(
    kind: str,
    data: bytes,
    size: int,
    origin: str,
    suggested: str | None,
    limits: Limits,
    skip: int = 0,
    names: Names = _NONE,
) -> Iterator[Document | Refused]:
    try:
        check_size(size, _limit(kind, limits), "the file")
        records = _records(kind, data, limits) if kind in MANY else None
    except InvalidInput as error:
        yield Refused(origin, error.code, error.message, size)
        return
    if records is not None:
        yield from read_records(records, origin, size, limits, suggested, skip, names)
    elif kind == "json":
        yield from read_json(data, origin, limits, suggested, skip, names)
    else:
        blob = Blob(data, limits, suggested, origin)
        yield attempt(partial(_read_one, kind, blob), origin, size)


def _records(kind: str, data: bytes, limits: Limits) -> list[dict[str, Any]]:
    return pool.read_records(cast("pool.Many", kind), data, limits)


def _read_one(kind: str, blob: Blob) -> Document:
    if kind == "text":
        return plain.read(blob)
    return pool.read(cast("pool.Kind", kind), blob)


def _limit(kind: str, limits: Limits) -> int:
    if kind in _AS_THEY_ARE:
        return limits.article_bytes
    return limits.file_bytes if kind in ("json", *_LINES) else limits.raw_bytes


def _passed_over(item: Document | Refused, kind: str) -> Document | Refused:
    """A table without texts, met in a folder: the judgements beside a dataset, say."""
    if kind in ("csv", "xlsx") and isinstance(item, Refused) and item.code == "no_text_column":
        return replace(item, code="no_article", skipped=True)
    return item


def _other_data(input: Input, kind: str, limits: Limits, names: Names) -> tuple[Code, str] | None:
    """What a JSON file that nobody named holds instead of articles, as code and reason."""
    if kind not in ("json", *_LINES):
        return None
    with input.path.open("rb") as packed:
        file = _unpacked(packed, input.suffix)
        if kind in _LINES:
            lines = iter(partial(file.readline, limits.raw_bytes), b"")
            data = next((line for line in lines if line.strip()), b"")
        else:
            data = file.read(limits.file_bytes)
    try:
        records = records_of(parse(data))
    except InvalidInput:
        records = []
    first = records[0] if records else None
    if holds_questions(input.path, first):
        return "questions_file", "a file of questions, not articles"
    # A package.json or META.json beside the articles; in JSON Lines it would be a broken line.
    if kind == "json" and holds_no_text(first, names):
        return "no_article", "no article in it: neither text nor html"
    return None
