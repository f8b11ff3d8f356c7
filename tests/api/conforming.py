"""Whether an answer is one that the document describes."""

from __future__ import annotations

from typing import Any

import jsonschema_rs

# Said before there is an operation, so of none: another method, or a method that is none.
_OF_NO_OPERATION = {405}


def deviation(document: dict[str, Any], path: str, method: str, answer: Any) -> str | None:
    """What of the answer the document does not have: status, content type, a part of the body."""
    if answer.status_code in _OF_NO_OPERATION:
        return None
    described = document["paths"][path][method.lower()]["responses"].get(str(answer.status_code))
    if described is None:
        return f"{method} {path}: no {answer.status_code}"
    content = described.get("content", {})
    if not answer.content:
        return None if not content else f"{method} {path}: {answer.status_code} without a body"
    kind = answer.headers["Content-Type"].partition(";")[0]
    if kind not in content:
        return f"{method} {path}: {answer.status_code} as {kind}"
    if not kind.endswith("json"):
        return None
    if "schema" not in content[kind]:  # a file of this kind, whose inside is nobody's promise
        return None
    schema = {**content[kind]["schema"], "components": document["components"]}
    wrong = next(jsonschema_rs.iter_errors(schema, answer.json()), None)
    if wrong is None:
        return None
    return f"{method} {path}: {answer.status_code} {wrong.instance_path} {wrong.message}"
