"""The OpenAPI document says what the service does, and of every operation no more and no less."""

from __future__ import annotations

from collections import Counter
from typing import Any, get_args

import jsonschema_rs
import pytest

from qa import errors
from qa.schemas.example_answers import EXAMPLES
from tests.api.conforming import deviation

ALWAYS = {"400", "421", "500"}
KEYED = ALWAYS | {"401", "429"}
ASKED = KEYED | {"422", "503"}


@pytest.fixture(scope="module")
def document(bare: Any) -> dict[str, Any]:
    return bare.get("/openapi.json").json()


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method} {path}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def test_operations_have_names_of_their_own_in_camel_case(document):
    named = {label: o["operationId"] for label, o in operations(document).items()}

    assert max(Counter(named.values()).values()) == 1
    assert [name for name in named.values() if not name.isalpha() or name[0].isupper()] == []
    assert {
        "post /v1/ask": "ask",
        "get /v1/ask": "askByLink",
        "post /v1/ask/batch": "askBatch",
        "post /v1/check/batch": "checkBatch",
        "get /v1/passages/{id}": "getPassage",
        "get /v1/passages/{id}/related": "relatedToPassage",
        "post /v1/related": "related",
        "post /v1/check": "checkQuote",
        "post /v1/check/text": "checkText",
        "post /v1/articles": "addArticle",
        "post /v1/articles/bulk": "addArticles",
        "post /v1/articles/files": "addFiles",
        "get /v1/articles": "listArticles",
        "get /v1/articles/{id}": "getArticle",
        "get /v1/articles/{id}/raw": "getRawInput",
        "patch /v1/articles/{id}": "editArticle",
        "delete /v1/articles/{id}": "removeArticle",
        "get /v1/jobs": "listJobs",
        "get /v1/jobs/{id}": "getJob",
        "delete /v1/jobs/{id}": "cancelJob",
        "get /v1/status": "getStatus",
        "get /health/live": "getLiveness",
        "get /health/ready": "getReadiness",
        "get /metrics": "getMetrics",
    }.items() <= named.items()


@pytest.mark.parametrize(
    ("label", "statuses"),
    [
        ("get /health/live", ALWAYS),
        ("get /health/ready", ALWAYS | {"503"}),
        ("get /metrics", KEYED),
        ("get /v1/ask", ASKED),
        ("get /v1/articles/{id}", ASKED | {"404"}),
        ("get /v1/passages/{id}", ASKED | {"404", "410"}),
        ("post /v1/ask", ASKED | {"403", "413"}),
        ("post /v1/ask/batch", ASKED | {"403", "413"}),
        ("post /v1/check/batch", ASKED | {"403", "413"}),
        ("post /v1/check", ASKED | {"403", "404", "413"}),
        ("post /v1/related", ASKED | {"403", "404", "410", "413"}),
        ("post /v1/articles", ASKED | {"403", "413", "415", "507"}),
        ("patch /v1/articles/{id}", ASKED | {"403", "404", "412", "413", "507"}),
        ("delete /v1/articles/{id}", ASKED | {"403", "404", "412", "507"}),
        ("delete /v1/jobs/{id}", ASKED | {"403", "404", "409", "507"}),
    ],
)
def test_an_operation_has_the_errors_that_it_can_answer(document, label, statuses):
    answers = operations(document)[label]["responses"]

    assert {status for status in answers if status > "399"} == statuses


def test_every_error_is_a_problem_and_has_its_code_from_a_list(document):
    kinds = {
        tuple(answer["content"].items()).__repr__()
        for operation in operations(document).values()
        for status, answer in operation["responses"].items()
        if status > "399"
    }
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}

    assert kinds == {repr((("application/problem+json", problem),))}
    code = document["components"]["schemas"]["Problem"]["properties"]["code"]
    assert code["enum"] == list(get_args(errors.HttpCode))
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_headers_of_answers_are_told(document):
    answers = operations(document)["post /v1/articles/bulk"]["responses"]

    assert list(answers["202"]["headers"]) == ["Location"]
    assert list(answers["503"]["headers"]) == ["Retry-After"]
    assert list(answers["401"]["headers"]) == ["WWW-Authenticate"]


def test_metrics_are_text_and_the_state_of_the_service_has_fields(document):
    every = operations(document)

    assert list(every["get /metrics"]["responses"]["200"]["content"]) == ["text/plain"]
    for label, model in (("get /v1/status", "StatusOut"), ("get /health/ready", "ReadyOut")):
        schema = every[label]["responses"]["200"]["content"]["application/json"]["schema"]
        assert schema == {"$ref": f"#/components/schemas/{model}"}


def test_keys_are_asked_for_where_there_are_any(document, serving):
    guarded = serving(api_keys="a" * 20).client.app.openapi()
    schemes = [{"bearer": []}, {"basic": []}, {"header": []}]

    assert (document["security"], guarded["security"]) == ([{}, *schemes], schemes)
    assert list(guarded["components"]["securitySchemes"]) == ["bearer", "basic", "header"]
    assert guarded["paths"]["/health/live"]["get"]["security"] == []
    assert document["servers"] == [{"url": "/"}]


def test_everything_in_the_document_is_described(document):
    """Every operation, parameter, body, answer, header, tag and scheme, and every field."""
    every = operations(document)
    told: dict[str, Any] = {}
    for label, operation in every.items():
        told[label] = operation
        told[f"{label} summary"] = {"description": operation["summary"]}
        for parameter in operation.get("parameters", ()):
            told[f"{label} ?{parameter['name']}"] = parameter
        if "requestBody" in operation:
            told[f"{label} body"] = operation["requestBody"]
        for status, answer in operation["responses"].items():
            told[f"{label} {status}"] = answer
            for name, header in answer.get("headers", {}).items():
                told[f"{label} {status} {name}"] = header
    for name, scheme in document["components"]["securitySchemes"].items():
        told[f"scheme {name}"] = scheme
    for tag in document["tags"]:
        told[f"tag {tag['name']}"] = tag
    told |= fields(document)

    assert [name for name, one in told.items() if not one.get("description", "").strip()] == []
    assert {tag["name"] for tag in document["tags"]} == {
        tag for operation in every.values() for tag in operation["tags"]
    }


def fields(part: Any, path: str = "") -> dict[str, Any]:
    """Every schema with a name, and every field of an object, wherever in the document it is."""
    found: dict[str, Any] = {}
    if isinstance(part, list):
        for place, one in enumerate(part):
            found |= fields(one, f"{path}/{place}")
    if isinstance(part, dict):
        named = path == "/components/schemas"
        for name, one in part.items():
            below = f"{path}/{name}"
            if name not in ("example", "examples", "default"):
                found |= fields(one, below)
            # A field may have any name, “properties” too: its own are objects, and not names.
            is_field = path.endswith("/properties") and isinstance(one, dict)
            if named or is_field:
                found[below] = one
    return found


def test_every_reference_leads_somewhere(document):
    def references(part: Any) -> set[str]:
        if isinstance(part, dict):
            own = {part["$ref"]} if isinstance(part.get("$ref"), str) else set()
            return own.union(*map(references, part.values()))
        return set().union(*map(references, part)) if isinstance(part, list) else set()

    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert references(document) <= known
    body = document["paths"]["/v1/articles"]["post"]["requestBody"]["content"]
    assert body == {"application/json": {"schema": {"$ref": "#/components/schemas/ArticleIn"}}}


def test_the_examples_are_what_the_service_answers(harbour, document):
    asked = harbour.ask("Who guides ships?")
    quote = {"quote": "The pilot boards at dusk", "article_id": "pilots"}
    checked = harbour.post("/v1/check", quote).json()

    for name, answer in (("ask", asked), ("askByLink", asked), ("checkQuote", checked)):
        assert {**EXAMPLES[name], "took_ms": 0} == {**answer, "took_ms": 0}
    for name, path, body in (
        ("askBatch", "/v1/ask/batch", {"questions": ["Who guides ships?", " "]}),
        ("checkBatch", "/v1/check/batch", {"quotes": [quote, " "]}),
    ):
        first, second = harbour.post(path, body).json()["items"]
        shown, refused = EXAMPLES[name]["items"]
        assert {**first["result"], "took_ms": 0} == {**shown["result"], "took_ms": 0}
        assert {**second["problem"], "request_id": None} == refused["problem"]
    for operation in operations(document).values():
        if operation["operationId"] in EXAMPLES:
            content = operation["responses"]["200"]["content"]["application/json"]
            schema = {**content["schema"], "components": document["components"]}
            assert list(jsonschema_rs.iter_errors(schema, content["example"])) == []


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/articles/{id}", 404),
        ("GET", "/v1/passages/{id}", 404),
        ("GET", "/v1/ask", 422),
        ("POST", "/v1/ask", 422),
        ("POST", "/v1/articles", 415),
        ("POST", "/v1/articles/bulk", 415),
        ("POST", "/v1/articles/files", 415),
        ("GET", "/v1/status", 200),
        ("GET", "/health/live", 200),
        ("GET", "/health/ready", 200),
        ("GET", "/metrics", 200),
    ],
)
def test_answers_are_as_described(bare, document, method, path, status):
    answer = bare.client.request(method, path.replace("{id}", "none"))

    assert (answer.status_code, deviation(document, path, method, answer)) == (status, None)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/v1/ask?q=tide&publsher=x", "publsher"),
        ("/v1/articles?sort_by=x", "sort_by"),
        ("/v1/articles/pilots?text=no", "text"),
        ("/v1/jobs?page=2", "page"),
        ("/v1/status?Check=1", "Check"),
    ],
)
def test_a_parameter_that_is_not_known_is_refused(harbour, path, name):
    answer = harbour.get(path)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert answer.json()["errors"][0]["field"] == name


def test_probes_may_say_what_they_like(bare):
    assert bare.get("/health/live?at=12:00").json() == {"status": "live"}
