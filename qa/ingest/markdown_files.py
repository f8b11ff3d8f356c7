"""Markdown with YAML front matter -> `Document`. The source itself is the text: nothing is
rendered, so that offsets stay those of the file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from types import NoneType
from typing import Any

import yaml  # type: ignore[import-untyped]
from frontmatter.default_handlers import YAMLHandler

from qa.errors import InvalidInput
from qa.ingest.boilerplate import clean
from qa.ingest.canonical_text import canonical, one_line
from qa.ingest.decode import decode
from qa.ingest.documents import Blob, Extraction, build_document
from qa.ingest.fields import KNOWN, read_fields
from qa.types import Document

_FRONT_MATTER = YAMLHandler()
# Characters; YAML takes milliseconds for a hundred lines, and the interpreter's lock with it.
MAX_FRONT_MATTER = 20_000
_BEGINS_WITH_FIELD = re.compile(r"\s*+[\w\"'{-][^\n:]*+:(?:\s|\Z)")


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


def read(blob: Blob) -> Document:
    """The document of a Markdown file; raises InvalidInput "bad_front_matter" with the line."""
    decoded = decode(blob.data, told=blob.limits.encoding)
    front, body = split(canonical(decoded.text))
    cleaned = clean(body)
    meta = read_fields(front, strict=False)
    meta = replace(meta, title=meta.title or first_heading(cleaned.text))
    extraction = Extraction("text/markdown", decoded.encoding, cleaned.removed, decoded.notes)
    return build_document(blob, cleaned.text, meta, extraction)


def may_have_front_matter(data: bytes) -> bool:
    """Whether YAML may have to be read: its rule is somewhere in the bytes, of UTF-16 too."""
    return b"---" in data.replace(b"\0", b"")


def split(text: str) -> tuple[Mapping[str, Any], str]:
    """The front matter and the body. Two rules with prose between them are no front matter."""
    if not _FRONT_MATTER.detect(text):
        return {}, text
    try:
        front, body = _FRONT_MATTER.split(text)
    except ValueError:  # never closed: the text begins with a rule
        return {}, text
    if len(front) > MAX_FRONT_MATTER:
        return _too_long(front, text)
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


def _too_long(front: str, text: str) -> tuple[Mapping[str, Any], str]:
    """The whole as body, where prose stands between two rules; fields that long are refused."""
    if not _BEGINS_WITH_FIELD.match(front):
        return {}, text
    raise InvalidInput(
        f"the front matter has {len(front):,} characters; at most {MAX_FRONT_MATTER:,} are read:"
        " shorten it, or put what is text below it",
        code="bad_front_matter",
    )


def _load(front: str) -> Any:
    """What the YAML says; of a mapping, our own fields as they were written."""
    loader = _Loader(front)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        found = loader.construct_document(node)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}: " if mark else ""
        problem = getattr(error, "problem", None) or type(error).__name__
        reason = f"the front matter is not valid YAML: {place}{problem}"
        raise InvalidInput(reason, code="bad_front_matter") from error
    finally:
        loader.dispose()
    return _with_texts(found, node) if isinstance(found, Mapping) else found


def _with_texts(found: Mapping[Any, Any], node: yaml.MappingNode) -> dict[str, Any]:
    """The mapping, our own fields as they were written: id 007 is not 7, language no not False."""
    written = {key.value: value for key, value in node.value if isinstance(key, yaml.ScalarNode)}
    ours = {key for key in KNOWN & found.keys() if not isinstance(found[key], NoneType | Mapping)}
    return {
        str(key): _written(written[key]) if key in ours else value for key, value in found.items()
    }


def _written(node: yaml.Node) -> Any:
    """A node with every scalar as the text that stands there."""
    if isinstance(node, yaml.SequenceNode):
        return [_written(item) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        return {str(_written(key)): _written(value) for key, value in node.value}
    return node.value
