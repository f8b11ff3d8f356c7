"""GET /docs: the OpenAPI document as a page that works offline and without JavaScript."""

from __future__ import annotations

import json
import re
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup, escape

from qa.schemas.paths import below
from qa.web.rendering import page

router = APIRouter()


@router.get("/docs", response_class=HTMLResponse)
async def reference(request: Request) -> HTMLResponse:
    """Every path with its parameters, an example body and a curl line."""
    document = request.app.openapi()
    base = str(request.base_url).rstrip("/") + below("")
    operations = [
        _operation(document, base, path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    info = document["info"]
    about = _marked_up(info["description"])
    return page("docs.html", info=info, about=about, operations=operations)


def _operation(
    document: dict[str, Any], base: str, path: str, method: str, operation: dict[str, Any]
) -> dict[str, Any]:
    example = _example(document, operation)
    return {
        "method": method.upper(),
        "path": path,
        "anchor": operation["operationId"],
        "summary": operation.get("summary", ""),
        "description": _marked_up(operation.get("description", "")),
        "parameters": [
            {**p, "description": _marked_up(p.get("description", ""))}
            for p in operation.get("parameters", [])
        ],
        "statuses": sorted(operation["responses"]),
        "example": json.dumps(example, indent=2, ensure_ascii=False) if example else None,
        "curl": _curl(base, path, method, example),
    }


def _example(document: dict[str, Any], operation: dict[str, Any]) -> Any:
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return next(iter(schema.get("examples", [])), None)


def _curl(base: str, path: str, method: str, example: Any) -> str:
    verb = "" if method == "get" else f"-X {method.upper()} "
    if example is None:
        return f"curl {verb}'{base}{path}'"
    body = json.dumps(example, ensure_ascii=False).replace("'", "'\\''")
    return f"curl {verb}'{base}{path}' -H 'Content-Type: application/json' \\\n  -d '{body}'"


def _marked_up(text: str) -> Markup:
    """A text, escaped, with backticks as code: all the Markdown that the texts use."""
    return Markup(re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(text))))
