"""Which errors an operation may answer: by its path, its method and what it is sent."""

from __future__ import annotations

from typing import Any

from qa.api.guards import OPEN, READING
from qa.api.write_access import writes

# Answered whatever is asked: it is sent for another host or badly, or something breaks.
_EVERYWHERE = frozenset({"400", "421", "500"})
_WITH_KEYS = frozenset({"401", "429"})
_NAMES = ("article_id", "passage_id", "articles")


def statuses_of(path: str, method: str, operation: dict[str, Any], schemas: Any) -> frozenset[str]:
    """The statuses from 400 on; those that an endpoint declares itself come besides."""
    if path.startswith(OPEN):
        return _EVERYWHERE | ({"503"} if path.endswith("/ready") else set())
    found = set(_EVERYWHERE | _WITH_KEYS)
    named = _named(operation, schemas)
    if path.startswith("/v1/"):
        found |= {"422", "503"}
    if method.upper() not in READING:
        found.add("403")
    if "requestBody" in operation:
        found.add("413")
    if "{id}" in path or named:
        found.add("404")
    # A check tells of a source that has changed in its answer.
    if path.startswith("/v1/passages/{id}") or (
        "passage_id" in named and not path.startswith("/v1/check")
    ):
        found.add("410")
    if writes(method.upper(), path):
        found.add("507")
    return frozenset(found)


def _named(operation: dict[str, Any], schemas: Any) -> set[str]:
    """The fields of the body that hold an id of something."""
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    name = schema.get("$ref", "").rpartition("/")[2]
    return {*schemas.get(name, schema).get("properties", {})} & {*_NAMES}
