"""What an input may be: how large, how costly to read, and how long its fields.

A record that says too much is refused, so that its sender can mend it. What a page or a file
states is nobody's to mend here: it is left out, or cut, and a note says so.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from qa.errors import InvalidInput, TooLarge
from qa.ingest.stated.fields import Metadata

if TYPE_CHECKING:
    from qa.settings import Settings

MEBIBYTE = 1024 * 1024

# Markup, fonts and JSON escapes take room that the text itself does not.
RAW_FACTOR = 10

# Fields are repeated with each passage of the article.
# Characters. Real headlines have up to 300, and the names of sixty authors stay below 1,000.
LONGEST = {"title": 1000, "author": 1000, "publisher": 500, "url": 2000}
MOST_TAGS = 100
LONGEST_TAG = 100  # characters
MOST_KEYS = 100  # of `extra`
LONGEST_KEY = 200  # characters
EXTRA_BYTES = 64 * 1024  # of all of `extra`, as JSON in UTF-8

# What becomes of a field that nobody here can mend. A title is still one when it is cut.
_CUT, _LEFT_OUT, _SHORTENED = "it was cut", "it was left out", "what is beyond was left out"


@dataclass(frozen=True, slots=True)
class Limits:
    """How large an article and a file may be, and what reading one may cost."""

    article_bytes: int = 5 * MEBIBYTE  # canonical text in UTF-8; also a text file's size
    file_bytes: int = 512 * MEBIBYTE  # a .json file, which has to be read whole
    # Of HTML, PDF and Markdown, which others' code reads (qa/ingest/processes).
    parse_seconds: float = 60.0  # processor time
    parse_memory_bytes: int = 1024 * MEBIBYTE
    encoding: str | None = None  # in which all files are, as a user says who knows

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """The limits that the settings state."""
        return cls(
            article_bytes=settings.max_article_bytes,
            parse_seconds=settings.max_parse_seconds,
            parse_memory_bytes=settings.max_parse_memory_bytes,
        )

    @property
    def raw_bytes(self) -> int:
        """How large HTML, a PDF and a line of JSON Lines may be, before the text is taken out."""
        return self.article_bytes * RAW_FACTOR


def check_size(size: int, limit: int, what: str) -> None:
    """Raise TooLarge, naming the limit and the size, when `size` is over `limit`."""
    if size > limit:
        raise TooLarge(f"{what} has {size:,} bytes; the limit is {limit:,} bytes")


def refuse_oversized(meta: Metadata) -> None:
    """Raises InvalidInput for the first field that is over its limit."""
    for excess, _ in _excesses(meta):
        raise InvalidInput(excess, code="invalid_field")


def bounded(meta: Metadata) -> Metadata:
    """The metadata within the limits, with a note for what is not."""
    notes = tuple(f"{excess}; {done}" for excess, done in _excesses(meta))
    if not notes:
        return meta
    lines: dict[str, Any] = {name: _within(name, getattr(meta, name)) for name in LONGEST}
    tags = tuple(tag for tag in meta.tags if len(tag) <= LONGEST_TAG)[:MOST_TAGS]
    return replace(meta, **lines, tags=tags, extra=_first(meta.extra), notes=meta.notes + notes)


def _excesses(meta: Metadata) -> Iterator[tuple[str, str]]:
    """Each limit that is exceeded, with the size, and what is done about it."""
    for name, limit in LONGEST.items():
        length = len(getattr(meta, name) or "")
        if length > limit:
            done = _CUT if name == "title" else _LEFT_OUT
            yield f'"{name}" has {length:,} characters; the limit is {limit:,}', done
    longest_tag = max(map(len, meta.tags), default=0)
    longest_key = max(map(len, meta.extra), default=0)
    for what, size, limit in (
        ("a tag has {} characters", longest_tag, LONGEST_TAG),
        ("there are {} tags", len(meta.tags), MOST_TAGS),
        ('a key of "extra" has {} characters', longest_key, LONGEST_KEY),
        ('"extra" has {} keys', len(meta.extra), MOST_KEYS),
        ('"extra" has {} bytes', _bytes(meta.extra), EXTRA_BYTES),
    ):
        if size > limit:
            yield f"{what.format(f'{size:,}')}; the limit is {limit:,}", _SHORTENED


def _within(name: str, value: str | None) -> str | None:
    if value is None or len(value) <= LONGEST[name]:
        return value
    return value[: LONGEST[name]].rstrip() if name == "title" else None


def _first(extra: Mapping[str, Any]) -> dict[str, Any]:
    """The first keys and values of `extra`, as many as there may be."""
    kept: dict[str, Any] = {}
    left = EXTRA_BYTES
    for key, value in extra.items():
        size = _bytes({key: value})
        if len(key) <= LONGEST_KEY and len(kept) < MOST_KEYS and size <= left:
            kept[key] = value
            left -= size
    return kept


def _bytes(extra: Mapping[str, Any]) -> int:
    return len(json.dumps(extra, ensure_ascii=False).encode()) if extra else 0
