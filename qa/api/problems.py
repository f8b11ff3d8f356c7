"""Errors as application/problem+json (RFC 9457), each with a stable code; never a traceback."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from typing import Any

from asgi_correlation_id import correlation_id
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Match

from qa import errors
from qa.api.front import PRIVATE
from qa.schemas.paths import below
from qa.schemas.problem_details import FieldProblem, Problem
from qa.storage.disk import MACHINE_ERRORS, refused

log = logging.getLogger(__name__)

ErrorPage = Callable[[Request, int, str, str], Response]  # status, title and message

PROBLEM_JSON = "application/problem+json"
# The first class that matches counts: from the particular to the general.
STATUS: tuple[tuple[type[errors.FootnoteError], int], ...] = (
    (errors.NoSpace, 507),
    (errors.ReadOnly, 403),
    (errors.SourceChanged, 410),
    (errors.NotFound, 404),
    (errors.Ended, 409),
    (errors.ArticleChanged, 412),
    (errors.TooLarge, 413),
    (errors.InvalidInput, 422),
    (errors.Unavailable, 503),
    (errors.Mismatch, 503),
    (errors.EncoderError, 503),
    (errors.CorpusBroken, 500),  # asking again mends nothing
)
TITLES = {
    400: "Bad request",
    401: "A key is needed",
    403: "Forbidden",
    404: "Not found",
    405: "Method not allowed",
    408: "Too slow",
    409: "It has ended",
    410: "The source has changed",
    412: "Changed meanwhile",
    413: "Too large",
    415: "Unsupported media type",
    421: "Not for this service",
    422: "Invalid input",
    429: "Too many wrong keys",
    431: "Headers too large",
    500: "Error",
    503: "Not available now",
    507: "The disk is full",
}
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
CODES: dict[int, errors.Code] = {
    400: "bad_request",
    401: "unauthorized",
    404: "not_found",
    405: "method_not_allowed",
    415: "unsupported_media",
}


def problem(
    request: Request,
    status: int,
    code: errors.Code,
    detail: str,
    *,
    fields: list[dict[str, Any]] | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """The answer for one error: a page for a browser, problem+json for everyone else."""
    if _wants_page(request):
        page: Response = request.app.state.error_page(
            request, status, TITLES.get(status, "Error"), detail
        )
        page.headers.update(headers or {})
        return page
    more: dict[str, Any] = {"errors": fields} if fields else {}
    body = described(
        status, code, detail, correlation_id.get(), instance=below(request.url.path), **more
    )
    return Response(body, status_code=status, media_type=PROBLEM_JSON, headers=headers)


def described(
    status: int, code: errors.Code, detail: str, request_id: str | None, **more: object
) -> bytes:
    """The body of a problem; also for what is refused before there is a request."""
    body = {
        "type": "about:blank",  # `code` tells one error from another
        "title": TITLES.get(status, "Error"),
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": request_id,
        **more,
    }
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")


def install(app: FastAPI, error_page: ErrorPage) -> None:
    """Routes every kind of error through `problem`, which shows browsers this page."""
    app.state.error_page = error_page
    app.add_exception_handler(errors.FootnoteError, _footnote_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(ClientDisconnect, _client_gone)
    for kind in MACHINE_ERRORS:
        app.add_exception_handler(kind, _disk_error)
    app.add_exception_handler(Exception, _unexpected_error)


def _wants_page(request: Request) -> bool:
    path, accept = request.url.path, request.headers.get("accept", "")
    apart = path.startswith(("/v1/", "/health", "/metrics", "/openapi.json"))
    return "text/html" in accept and not apart


def answer_to(request: Request, error: errors.FootnoteError) -> Response:
    """The problem that an error of ours is."""
    status = _status_of(error)
    seconds = "1" if isinstance(error, errors.Overloaded | errors.Behind) else "2"
    headers = {"Retry-After": seconds} if status in (503, 507) else None
    return problem(request, status, error.code, error.message, headers=headers)


def problem_of(error: errors.FootnoteError) -> Problem:
    """The problem that an error of ours is, in an answer that has others besides."""
    status = _status_of(error)
    return _stated(status, code=error.code, detail=error.message)


def invalid_problem(found: Sequence[Any]) -> Problem:
    """The problem of one of many whose fields are wrong: as of a body of its own."""
    fields, detail = _fields(found, 0)
    wrong = [FieldProblem(**field) for field in fields]
    return _stated(422, code="invalid_request", detail=detail, errors=wrong)


def _stated(status: int, **said: Any) -> Problem:
    title = TITLES.get(status, "Error")
    request_id = correlation_id.get()
    return Problem(type="about:blank", title=title, status=status, request_id=request_id, **said)


def _status_of(error: errors.FootnoteError) -> int:
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


def _footnote_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, errors.FootnoteError)
    if isinstance(error, errors.CorpusBroken):
        log.error("%s: %s", request.url.path, error.message)
    if isinstance(error, errors.StorageError):  # somebody has to make room
        log.error("%s on %s: %s", error.code, request.url.path, error.message)
    return answer_to(request, error)


def _disk_error(request: Request, error: Exception) -> Response:
    """The problem of a failing disk, or of file descriptors run out, where nothing is written."""
    fault = refused(error)
    return _footnote_error(request, fault) if fault else _unexpected_error(request, error)


def _validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    broken = next((e for e in error.errors() if e["type"] == "json_invalid"), None)
    if broken:
        reason = broken.get("ctx", {}).get("error", broken["msg"])
        return problem(request, 422, "invalid_json", f"the body is not valid JSON: {reason}")
    fields, detail = _fields(error.errors(), 1)
    return problem(request, 422, "invalid_request", detail, fields=fields)


def _fields(found: Sequence[Any], within: int) -> tuple[list[dict[str, str]], str]:
    """The first fields that are wrong, by their names from `within` on, and a line on them.

    What was sent is not sent back: it may be huge, or not ours to repeat.
    """
    fields = [
        {"field": ".".join(str(part) for part in e["loc"][within:]) or "body", "message": e["msg"]}
        for e in found[:20]
    ]
    return fields, "; ".join(f"{f['field']}: {f['message']}" for f in fields[:3])


def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if isinstance(error.__cause__, errors.FootnoteError):  # raised while the body was being read
        return _footnote_error(request, error.__cause__)
    if isinstance(error.__cause__, RecursionError | ValueError):  # of the parser of JSON bodies
        return problem(
            request, 422, "invalid_json", f"the body is not valid JSON: {error.__cause__}"
        )
    if error.status_code == 405:
        return _not_allowed(request)
    code = CODES.get(error.status_code, "bad_request")
    headers = dict(error.headers) if error.headers else None
    detail = str(error.detail)
    if error.status_code == 404 and detail == "Not Found":  # the router's word for it
        detail = f"there is nothing at {request.url.path}"
    return problem(request, error.status_code, code, detail, headers=headers)


def _not_allowed(request: Request) -> Response:
    """Names all methods of the path: the router names those of the first route alone."""
    methods = [method for method in _METHODS if _routed(request, method)]
    allow = {"Allow": ", ".join([*methods, *(["HEAD"] if "GET" in methods else []), "OPTIONS"])}
    if request.method == "OPTIONS":
        return Response(status_code=204, headers=allow)
    detail = f"{request.method} is not for {request.url.path}: use {allow['Allow']}"
    return problem(request, 405, "method_not_allowed", detail, headers=allow)


def _routed(request: Request, method: str) -> bool:
    scope = {**request.scope, "method": method}
    return any(route.matches(scope)[0] is Match.FULL for route in request.app.routes)


def _client_gone(request: Request, _: Exception) -> Response:
    """Answers a client that has gone: nothing is wrong with us, so no traceback in the log."""
    return problem(request, 400, "bad_request", "the body broke off before its end")


def _unexpected_error(request: Request, error: Exception) -> Response:
    log.error("unexpected error on %s", request.url.path, exc_info=error)
    detail = "Something went wrong on our side; the log has the details under this request id."
    # Sent from outside the middleware that gives every other answer its request id.
    headers = {"X-Request-ID": correlation_id.get() or "", **PRIVATE}
    return problem(request, 500, "internal", detail, headers=headers)
