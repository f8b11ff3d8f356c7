"""The OpenAPI document: FastAPI's, finished so that what it says of every operation is true.

The rules are by path, body and name, and so hold for endpoints that are added later.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from qa.api.answered_errors import statuses_of
from qa.api.conditional import tagged
from qa.api.deprecation import deprecated_operation
from qa.api.guards import OPEN
from qa.api.problems import PROBLEM_JSON, TITLES
from qa.schemas.articles import ArticleIn
from qa.schemas.example_answers import EXAMPLES
from qa.schemas.problem_details import Problem

Json = dict[str, Any]

DESCRIPTION = (
    "Ask a collection of articles in natural language; get the passages that answer, each with its "
    "place in the source. Offsets are Unicode code points of the article's `text`. Errors are "
    "application/problem+json with a stable `code`. A method that a path does not have is answered "
    "with 405 and `Allow`; headers or a body that take too long to come with 408, headers that are "
    "too large with 431, and the connection is closed."
)
# What an operation is called, where the name of its function says too little.
_CALLED = {
    "passage": "getPassage",
    "check": "checkQuote",
    "add": "addArticle",
    "add_many": "addArticles",
    "articles": "listArticles",
    "article": "getArticle",
    "raw": "getRawInput",
    "restate": "editArticle",
    "remove": "removeArticle",
    "jobs": "listJobs",
    "job": "getJob",
    "cancel": "cancelJob",
    "live": "getLiveness",
    "ready": "getReadiness",
    "status": "getStatus",
    "metrics": "getMetrics",
}
_TAGS = {
    "ask": "Questions, passages and what is related to them.",
    "check": "Quotations and drafts, held against their sources.",
    "articles": "The articles, and the jobs that add many.",
    "citations": "Footnotes to take away, in the formats of other programs.",
    "service": "Whether the service is well, and what it holds.",
}
_SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "A key of `QA_API_KEYS`."},
    "basic": {
        "type": "http",
        "scheme": "basic",
        "description": "The key as the password, under any name: browsers ask for it.",
    },
    "header": {
        "type": "apiKey",
        "in": "header",
        "name": "X-API-Key",
        "description": "The key in a header of its own.",
    },
}
# Named by the rules and by bodies that are read by hand.
_MODELS: list[tuple[type[BaseModel], JsonSchemaMode]] = [
    (Problem, "serialization"),
    (ArticleIn, "validation"),
]
_PARAMETERS = {
    "limit": "How many on a page.",
    "mode": "Both indexes, or one alone: `dense` by meaning, `lexical` by words.",
    "state": "Only jobs in this state.",
    "check": "Whether everything is checked besides: that takes a while on a large corpus.",
    "other_sources_only": "None of an article in which the passage itself stands.",
}
_HEADERS = {
    "ETag": "The tag of the answer, for `If-None-Match`.",
    "Link": 'The next page, `rel="next"`; missing on the last.',
    "X-Generation": "A state of the corpus that the change is in, for `min_generation`.",
    "Location": "The path of what was added, or of the job that adds it.",
    "Retry-After": "After how many seconds to ask again.",
    "WWW-Authenticate": "How a key is given.",
}
_HEADERS_OF = {
    "201": ["Location"],
    "202": ["Location"],
    "401": ["WWW-Authenticate"],
    "429": ["Retry-After"],
    "503": ["Retry-After"],
    "507": ["Retry-After"],
}
# What a body is, by what it is read as.
_BODIES = {
    "application/json": "As JSON.",
    "application/x-ndjson": "One article a line, each as JSON.",
    "multipart/form-data": "The files, and what holds for all of them.",
}
_SAID = {"Successful Response": "What was asked for."}
_UNUSED = ("HTTPValidationError", "ValidationError")  # errors are problems here


class DocumentedApp(FastAPI):
    """An application whose document says what it answers; `keys`: whether it asks for one."""

    def __init__(self, *, keys: bool, **options: Any) -> None:
        super().__init__(
            description=DESCRIPTION,
            license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
            generate_unique_id_function=operation_id,
            **options,
        )
        self._keys = keys
        self._parameters: dict[tuple[str, str], frozenset[str]] = {}

    def openapi(self) -> Json:
        """The document, made once."""
        if self.openapi_schema is None:
            _finish(super().openapi(), self._keys)
        return super().openapi()

    def parameters_of(self, path: str, method: str) -> frozenset[str]:
        """The names that may stand in the query."""
        known = self._parameters.get((path, method))
        if known is None:
            parameters = self.openapi()["paths"][path][method].get("parameters", ())
            known = frozenset(p["name"] for p in parameters if p["in"] == "query")
            self._parameters[path, method] = known
        return known


def operation_id(route: APIRoute) -> str:
    """The name that a generated client gives the operation.

    It follows from the function's own: `ask_by_link` is `askByLink`.
    """
    first, *others = route.name.split("_")
    return _CALLED.get(route.name, first + "".join(map(str.capitalize, others)))


def _finish(document: Json, keys: bool) -> None:
    components = document["components"]
    schemas = components["schemas"]
    for unused in _UNUSED:
        schemas.pop(unused, None)
    _, more = models_json_schema(_MODELS, ref_template="#/components/schemas/{model}")
    components["schemas"] = dict(sorted({**more["$defs"], **schemas}.items()))
    components["securitySchemes"] = _SCHEMES
    document["security"] = [*([] if keys else [{}]), *({scheme: []} for scheme in _SCHEMES)]
    tags: dict[str, None] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            _finish_operation(path, method, operation, components["schemas"])
            tags.update(dict.fromkeys(operation.get("tags", ())))
    document["tags"] = [
        {"name": tag, **({"description": _TAGS[tag]} if tag in _TAGS else {})} for tag in tags
    ]


def _finish_operation(path: str, method: str, operation: Json, schemas: Json) -> None:
    if path.startswith(OPEN):
        operation["security"] = []
    if deprecated_operation(method, path):
        operation["deprecated"] = True
    for parameter in operation.get("parameters", ()):
        parameter.setdefault("description", _described(path, parameter["name"]))
    if body := operation.get("requestBody"):
        body["description"] = " ".join(_BODIES[kind] for kind in body["content"])
    answers = operation["responses"]
    if _UNUSED[0] in str(answers.get("422")):  # FastAPI's own, wherever there is a parameter
        del answers["422"]
    for status in {*filter(_is_error, answers), *statuses_of(path, method, operation, schemas)}:
        answers[status] = _error(status, answers.get(status, {}).get("description"))
    if tagged(path, method):
        answers["304"] = {"description": "Not changed: it has the tag of `If-None-Match`."}
    for status, answer in answers.items():
        _finish_answer(answer, status, _own_headers(path, method, status, answer, schemas))
    if example := EXAMPLES.get(operation["operationId"]):
        answers["200"]["content"]["application/json"]["example"] = example
    operation["responses"] = dict(sorted(answers.items()))


def _finish_answer(answer: Json, status: str, own: list[str]) -> None:
    if names := [*_HEADERS_OF.get(status, ()), *own]:
        answer["headers"] = {
            name: {"description": _HEADERS[name], "schema": {"type": "string"}} for name in names
        }
    answer["description"] = _SAID.get(answer["description"], answer["description"])


def _own_headers(path: str, method: str, status: str, answer: Json, schemas: Json) -> list[str]:
    """Those of an answer that has a tag, and of one that is a page of a list."""
    found = ["ETag"] if tagged(path, method) and status in ("200", "304") else []
    if (path, status[0]) == ("/v1/articles/{id}", "2") and method in ("patch", "delete"):
        found.append("X-Generation")
    schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
    name = schema.get("$ref", "").rpartition("/")[2]
    return found + ["Link"] * ("next" in schemas.get(name, {}).get("properties", {}))


def _described(path: str, name: str) -> str:
    if name == "id":
        kind = path.split("/")[2].removesuffix("s")
        return f"The id of the {kind}, percent-encoded."
    return _PARAMETERS.get(name, "")


def _is_error(status: str) -> bool:
    return status[0] in "45"


def _error(status: str, said: str | None) -> Json:
    stock = said is None or said == HTTPStatus(int(status)).phrase
    return {
        "description": f"{TITLES[int(status)]}." if stock else said,
        "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
