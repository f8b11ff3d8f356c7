"""One input -> its documents, by kind; whatever cannot be read is refused, and the reason said."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import partial
from pathlib import PurePath

from qa.errors import Code, InvalidInput, TooLarge
from qa.ingest import plain
from qa.ingest.canonical_text import storable
from qa.ingest.documents import Blob, attempt
from qa.ingest.inputs import SUFFIXES, Input
from qa.ingest.json_files import (
    holds_no_text,
    holds_questions,
    json_records,
    parse,
    read_json,
    read_lines,
)
from qa.ingest.limits import Limits, check_size
from qa.ingest.processes import pool
from qa.ingest.slugs import slug
from qa.ingest.sniff import sniff
from qa.types import Document, Refused

_FOREIGN: dict[str, pool.Kind] = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".pdf": "pdf",
}
_ONE_ARTICLE = (".txt", *_FOREIGN)
_LINES = (".jsonl", ".ndjson")
_MARKED_UP = (".html", ".htm", ".pdf")


def read_input(input: Input, limits: Limits | None = None) -> Iterator[Document | Refused]:
    """The documents of a file. Bad content is yielded as `Refused`; nothing is raised for it."""
    limits = limits or Limits()
    name, suffix = storable(str(input.path)), input.path.suffix.lower()
    try:
        other = None if input.explicit or suffix in _ONE_ARTICLE else _other_data(input, limits)
        if other:
            code, reason = other
            yield Refused(name, code, reason, input.size, skipped=True)
        elif suffix in _LINES:
            with input.path.open("rb") as file:
                yield from read_lines(file, name, limits)
        else:
            with input.path.open("rb") as file:
                data = file.read(_limit(suffix, limits) + 1)
            size = max(input.size, len(data))  # it may have grown since it was found
            yield from _read(suffix, data, size, name, input.id, limits)
    except OSError as error:
        yield Refused(name, "unreadable", error.strerror or type(error).__name__, input.size)


def read_stream(
    data: bytes, name: str | None = None, limits: Limits | None = None, skip: int = 0
) -> Iterator[Document | Refused]:
    """The documents of bytes that came without a file: by the suffix of `name`, else sniffed.

    The first `skip` of what would come are left out, and not read.
    """
    limits = limits or Limits()
    # A client may send a whole path, in the manner of any system.
    path = PurePath(re.split(r"[/\\]", name)[-1]) if name else PurePath()
    suffix = path.suffix.lower() or sniff(data)
    origin = path.name or "input"
    if skip and suffix not in (*_LINES, ".json"):
        return  # all others are one article
    if suffix not in SUFFIXES:
        reason = f"{suffix}: not one of {' '.join(SUFFIXES)}"
        yield Refused(origin, "unknown_type", reason, len(data))
    elif suffix in _LINES:
        yield from read_lines(io.BytesIO(data), origin, limits, skip)
    else:
        suggested = slug(path.stem) if path.stem else None
        yield from _read(suffix, data, len(data), origin, suggested, limits, skip)


def _read(
    suffix: str,
    data: bytes,
    size: int,
    origin: str,
    suggested: str | None,
    limits: Limits,
    skip: int = 0,
) -> Iterator[Document | Refused]:
    try:
        check_size(size, _limit(suffix, limits), "the file")
    except TooLarge as error:
        yield Refused(origin, error.code, error.message, size)
        return
    if suffix in _ONE_ARTICLE:
        blob = Blob(data, limits, suggested, origin)
        yield attempt(partial(_read_one, suffix, blob), origin, size)
    else:
        yield from read_json(data, origin, limits, suggested, skip)


def _read_one(suffix: str, blob: Blob) -> Document:
    if suffix == ".txt":
        return plain.read(blob)
    return pool.read(_FOREIGN[suffix], blob)


def _limit(suffix: str, limits: Limits) -> int:
    if suffix in _MARKED_UP:
        return limits.raw_bytes
    return limits.article_bytes if suffix in _ONE_ARTICLE else limits.file_bytes


def _other_data(input: Input, limits: Limits) -> tuple[Code, str] | None:
    """What a JSON file that nobody named holds instead of articles, as code and reason."""
    with input.path.open("rb") as file:
        if input.path.suffix.lower() in _LINES:
            lines = iter(partial(file.readline, limits.raw_bytes), b"")
            data = next((line for line in lines if line.strip()), b"")
        else:
            data = file.read(limits.file_bytes)
    try:
        records = json_records(parse(data))
    except InvalidInput:
        records = []
    first = records[0] if records else None
    if holds_questions(input.path, first):
        return "questions_file", "a file of questions, not articles"
    # A package.json or META.json beside the articles; in JSON Lines it would be a broken line.
    if input.path.suffix.lower() == ".json" and holds_no_text(first):
        return "no_article", "no article in it: neither text nor html"
    return None
