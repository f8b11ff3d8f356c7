"""What is stated of an article that is stored already, stated anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from qa.errors import InvalidInput
from qa.ingest.limits import refuse_oversized
from qa.ingest.stated.fields import read_fields
from qa.types import STATED, Document

_FIELDS = (*STATED, "tags", "extra")


def restated(document: Document, given: Mapping[str, Any]) -> Document:
    """The document with the fields that are given; None takes one out. Raises InvalidInput.

    Keys of `extra` that are not given stay; text and id are not to be changed here.
    """
    unknown = sorted(set(given) - set(_FIELDS))
    if unknown:
        known = ", ".join(_FIELDS)
        raise InvalidInput(f'"{unknown[0]}" cannot be stated anew: {known}', code="invalid_field")
    stated = {name: value for name, value in given.items() if value is not None}
    meta = read_fields(stated, strict=True)
    if meta.notes:  # a date that is none: left out, the old one would go without a word
        raise InvalidInput(meta.notes[0], code="invalid_field")
    refuse_oversized(meta)
    own = document.article
    fields: dict[str, Any] = {name: getattr(meta, name) for name in STATED if name in given}
    if "tags" in given:
        fields["tags"] = meta.tags
    if "extra" in given:
        merged = {**own.extra, **meta.extra} if given["extra"] is not None else {}
        nulled = {key for key, value in (given["extra"] or {}).items() if value is None}
        fields["extra"] = {key: value for key, value in merged.items() if key not in nulled}
    changed = replace(own, **fields)
    refuse_oversized(replace(meta, extra=changed.extra))
    return replace(document, article=changed)
