"""POST /v1/articles: one article at once, many in the background."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from qa.api.job_endpoints import job_of
from qa.api.ndjson import items_of
from qa.api.problems import Problem
from qa.api.responses import json_of
from qa.api.running_service import Service, ServiceHere
from qa.corpus import Corpus
from qa.errors import FootnoteError, InvalidInput, NotFound
from qa.ingest import read_record, strict_json
from qa.jobs import STATED_OF_ALL
from qa.schemas.additions import JobOut
from qa.schemas.articles import AddedOut, ArticleIn
from qa.schemas.paths import below
from qa.storage.records import JobInput
from qa.types import Document
from qa.uploads import upload_of

log = logging.getLogger(__name__)

router = APIRouter(prefix="/v1", tags=["articles"])

NDJSON = ("application/x-ndjson", "application/ndjson", "application/jsonl")
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": ArticleIn.model_json_schema()},
            "application/x-ndjson": {
                "schema": {"type": "string", "description": "One article a line, as in JSON."}
            },
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "files": {"type": "array", "items": {"type": "string", "format": "binary"}},
                        **{
                            name: {
                                "type": "string",
                                "description": "Of the files that do not state it.",
                            }
                            for name in sorted(STATED_OF_ALL)
                        },
                    },
                    "additionalProperties": False,
                    "required": ["files"],
                }
            },
        },
    }
}


@router.post(
    "/articles",
    summary="Add one article, or many",
    openapi_extra=_BODY,
    status_code=201,
    responses={
        200: {"model": AddedOut, "description": "Replaced, or unchanged."},
        201: {"model": AddedOut, "description": "Added."},
        202: {"model": JobOut, "description": "Many: a job, at the `Location`."},
        413: {"model": Problem},
        415: {"model": Problem},
        422: {"model": Problem},
    },
    response_model=None,
)
async def add(request: Request, service: ServiceHere) -> Response:
    """JSON adds one article at once. NDJSON or multipart files start a job.

    The same id again replaces the article; the same content again changes nothing.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        return await run_in_threadpool(_add_one, await request.body(), service)
    if kind in NDJSON:
        return await run_in_threadpool(_accepted, await items_of(request.stream()), service)
    if kind == "multipart/form-data":
        upload = await upload_of(request)
        return await run_in_threadpool(_accepted, upload.files, service, upload.stated)
    raise HTTPException(
        415,
        f"{kind or 'no content type'}: send application/json, {NDJSON[0]} or multipart/form-data",
    )


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


def _accepted(
    items: list[JobInput], service: Service, stated: Mapping[str, Any] | None = None
) -> Response:
    job = service.jobs.submit(items, stated)
    return json_of(job_of(service, job.id), 202, {"Location": below(f"/v1/jobs/{job.id}")})
