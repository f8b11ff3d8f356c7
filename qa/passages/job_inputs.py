"""Inputs of jobs as documents: a line of JSON, and what is stated of all articles of a job."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from qa.errors import FootnoteError, InvalidInput, Unavailable
from qa.ingest import Limits, read_record, strict_json
from qa.ingest.decode import known_encoding
from qa.ingest.limits import refuse_oversized
from qa.ingest.stated.fields import Metadata, fields_by_hand
from qa.storage.records import JobInput
from qa.types import Document, Refused

log = logging.getLogger(__name__)

# What can be said of many articles at once; not a title, nor an address.
STATED_OF_ALL = frozenset(("publisher", "author", "published", "language", "tags"))
ENCODING = "encoding"  # beside it, in which files are that do not say it


def stated_of_all(given: Mapping[str, Any]) -> Metadata | None:
    """What is said of all articles of a job. Raises InvalidInput."""
    if ENCODING in given:
        known_encoding(given[ENCODING])
    fields = {name: value for name, value in given.items() if name != ENCODING}
    unknown = sorted(set(fields) - STATED_OF_ALL)
    if unknown:
        raise InvalidInput(f'"{unknown[0]}" cannot be said of many', code="invalid_field")
    meta = fields_by_hand(fields)
    refuse_oversized(meta)
    return meta if fields else None


def line_of(item: JobInput, limits: Limits) -> Document | Refused:
    """The article of a line. Raises Unavailable when there is no process to read a page in."""
    try:
        record = strict_json(item.payload)
    except InvalidInput as error:
        return Refused(item.origin, error.code, error.message)
    if not isinstance(record, dict):
        return Refused(item.origin, "invalid_json", "a line must be a JSON object")
    try:
        return read_record(record, origin=item.origin, limits=limits)
    except Unavailable:
        raise
    except FootnoteError as error:
        return Refused(item.origin, error.code, error.message)
    except Exception as error:  # a parser's trouble with one page is not the whole job's
        log.exception("job input %s cannot be read", item.origin)
        return Refused(item.origin, "unreadable", f"it cannot be read: {type(error).__name__}")
