"""POST /v1/articles: one article at once."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from qa.api.bulk_endpoints import MULTIPART, NDJSON, many_of, media_type
from qa.api.responses import json_of
from qa.api.running_service import Service, ServiceHere
from qa.corpus import Corpus
from qa.errors import FootnoteError, InvalidInput, NotFound
from qa.ingest import read_record, strict_json
from qa.schemas.articles import AddedOut
from qa.schemas.paths import below
from qa.schemas.problem_details import Problem
from qa.types import Document

log = logging.getLogger(__name__)

router = APIRouter(prefix="/v1", tags=["articles"])

_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ArticleIn"}}},
    }
}


@router.post(
    "/articles",
    summary="Add an article",
    openapi_extra=_BODY,
    status_code=201,
    responses={
        200: {"model": AddedOut, "description": "Replaced, or unchanged."},
        201: {"model": AddedOut, "description": "Added."},
        415: {"model": Problem},
    },
    response_model=None,
)
async def add(request: Request, service: ServiceHere) -> Response:
    """Adds one article at once.

    The same id again replaces the article; the same content again changes nothing. NDJSON or
    multipart files start a job here too, as at `/v1/articles/bulk` and `/v1/articles/files`: that
    is deprecated, answers say so (`Deprecation`), and it stays as long as `/v1` does.
    """
    kind = media_type(request)
    if kind == "application/json":
        return await run_in_threadpool(_add_one, await request.body(), service)
    return await many_of(request, service, (*NDJSON, MULTIPART), or_else=("application/json",))


def _add_one(body: bytes, service: Service) -> Response:
    record = strict_json(body)
    if not isinstance(record, dict):
        raise InvalidInput("the body must be one JSON object", code="invalid_json")
    document = _read(record, service)
    id_ = document.article.id
    outcome = service.corpus.add_batch([document])[0]
    unchanged = outcome.name == "unchanged"
    added = AddedOut(
        id=id_,
        status=outcome.name,
        passages=_passages(service.corpus, id_) if unchanged else outcome.passages,
        link=below(f"/v1/articles/{id_}"),
        notes=list(document.notes),
        generation=outcome.generation,
    )
    status = 201 if outcome.name == "added" else 200
    return json_of(added, status, {"Location": added.link})


def _read(record: dict[str, Any], service: Service) -> Document:
    try:
        return read_record(record, limits=service.limits)
    except FootnoteError:
        raise
    except Exception as error:  # of a parser that meets a page which nobody tested it with
        log.exception("an article cannot be read")
        message = f"the article cannot be read: {type(error).__name__}"
        raise InvalidInput(message, code="unreadable") from error


def _passages(corpus: Corpus, id_: str) -> int:
    """How many passages the article has by now: another request may have taken it out."""
    try:
        return len(corpus.passages_of(corpus.article(id_)))
    except NotFound:
        return 0
