"""Markdown with YAML front matter -> `Document`. The source itself is the text: nothing is
rendered, so that offsets stay those of the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import NoneType
from typing import Any

import yaml  # type: ignore[import-untyped]
from frontmatter.default_handlers import YAMLHandler

from qa.errors import InvalidInput
from qa.ingest.cleaning import clean
from qa.ingest.decode import decode
from qa.ingest.documents import Blob, Reading, document
from qa.ingest.fields import KNOWN, read_fields
from qa.ingest.text import canonical, one_line
from qa.types import Document

_FRONT_MATTER = YAMLHandler()


class _Loader(yaml.SafeLoader):  # type: ignore[misc]
    """Safe YAML without aliases, of which a few lines can stand for gigabytes, and without dates:
    they stay as they were written, and an impossible one does not spoil the rest."""

    yaml_implicit_resolvers = {  # noqa: RUF012
        first: [(tag, shape) for tag, shape in shapes if tag != "tag:yaml.org,2002:timestamp"]
        for first, shapes in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark
            raise yaml.MarkedYAMLError(problem="aliases are not supported", problem_mark=mark)
        return super().compose_node(parent, index)


class _AsWritten(yaml.BaseLoader):  # type: ignore[misc]
    """Every scalar as the text that stands there."""


def read(blob: Blob) -> Document:
    """A Markdown file; raises InvalidInput, with code "bad_front_matter" and the line for YAML."""
    decoded = decode(blob.data)
    front, body = split(canonical(decoded.text))
    cleaned = clean(body)
    meta = read_fields(front, strict=False)
    meta = replace(meta, title=meta.title or first_heading(cleaned.text))
    reading = Reading("text/markdown", decoded.encoding, cleaned.removed, decoded.notes)
    return document(blob, cleaned.text, meta, reading)


def may_have_front_matter(data: bytes) -> bool:
    """Whether YAML may have to be read: its rule is somewhere in the bytes, of UTF-16 too."""
    return b"---" in data.replace(b"\0", b"")


def split(text: str) -> tuple[Mapping[str, Any], str]:
    """Front matter and body. Two rules with prose between them are not front matter."""
    if not _FRONT_MATTER.detect(text):
        return {}, text
    try:
        front, body = _FRONT_MATTER.split(text)
    except ValueError:  # never closed: the text begins with a rule
        return {}, text
    # Padded, so that the lines that YAML complains of are those of the file.
    found = _load("\n" * text.count("\n", 0, text.index(front, 3)) + front)
    if found is None:
        return {}, body.strip()
    return (found, body.strip()) if isinstance(found, Mapping) else ({}, text)


def first_heading(text: str) -> str | None:
    """The first "# heading" outside of code."""
    fenced = False
    for line in text.split("\n"):
        if line.startswith(("```", "~~~")):
            fenced = not fenced
        elif not fenced and line.startswith("# "):
            return one_line(line[2:].strip().rstrip("#")) or None
    return None


def _load(front: str) -> Any:
    try:
        found = _FRONT_MATTER.load(front, Loader=_Loader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}: " if mark else ""
        problem = getattr(error, "problem", None) or type(error).__name__
        reason = f"the front matter is not valid YAML: {place}{problem}"
        raise InvalidInput(reason, code="bad_front_matter") from error
    return _with_texts(found, front) if isinstance(found, Mapping) else found


def _with_texts(found: Mapping[Any, Any], front: str) -> dict[str, Any]:
    """Our own fields as they were written: id 007 is not 7, language no is not False."""
    written = _FRONT_MATTER.load(front, Loader=_AsWritten)
    ours = {key for key in KNOWN & found.keys() if not isinstance(found[key], NoneType | Mapping)}
    return {str(key): written[key] if key in ours else value for key, value in found.items()}
