"""/v1/articles: one article at once, many in the background."""

from __future__ import annotations

import logging
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from qa.api.job_endpoints import job_of
from qa.api.ndjson import items_of
from qa.api.problems import Problem
from qa.api.responses import json_of
from qa.api.running_service import Service, ServiceHere
from qa.corpus import Corpus
from qa.dependencies import CorpusHere
from qa.errors import FootnoteError, InvalidInput, NotFound
from qa.ingest import read_record, strict_json
from qa.schemas.additions import JobOut
from qa.schemas.articles import (
    AddedOut,
    ArticleIn,
    ArticleOut,
    ArticlePatch,
    ArticlesOut,
    ArticlesQuery,
    ArticleSummary,
    CountedOut,
    PlaceOut,
    RemovedOut,
)
from qa.schemas.paths import below
from qa.storage.records import JobInput
from qa.types import Document

log = logging.getLogger(__name__)

router = APIRouter(prefix="/v1", tags=["articles"])

NDJSON = ("application/x-ndjson", "application/ndjson", "application/jsonl")
LONGEST_NAME = 255  # of a file, as on a disk; its end, which says what kind it is
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
                        "files": {"type": "array", "items": {"type": "string", "format": "binary"}}
                    },
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
        async with request.form(max_files=1000) as form:
            files = [
                JobInput(f"file {name}", await file.read(), name)
                for file in form.getlist("files") + form.getlist("file")
                if isinstance(file, UploadFile)
                and (name := (file.filename or "upload")[-LONGEST_NAME:])
            ]
        if not files:
            raise InvalidInput("no files: send them as form fields called `files`", code="empty")
        return await run_in_threadpool(_accepted, files, service)
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


def _accepted(items: list[JobInput], service: Service) -> Response:
    job = service.jobs.submit(items)
    return json_of(job_of(service, job.id), 202, {"Location": below(f"/v1/jobs/{job.id}")})


@router.get(
    "/articles", summary="List and search the articles", responses={422: {"model": Problem}}
)
def articles(corpus: CorpusHere, asked: Annotated[ArticlesQuery, Query()]) -> ArticlesOut:
    """The articles that have the words and pass the filters, sorted, a page at a time.

    `facet` counts them besides, by what they state.
    """
    if asked.cursor and (asked.sort != "id" or asked.offset):
        raise InvalidInput(
            "a cursor goes by id: leave `sort` and `offset` out, or page by `offset`",
            code="invalid_request",
        )
    selection, limit = asked.selection, asked.limit
    found = corpus.selected(
        selection, sort=asked.sort, after=asked.cursor, offset=asked.offset, limit=limit + 1
    )
    page = [
        ArticleSummary(
            id=stored.article.id,
            **stored.article.stated(),
            tags=list(stored.article.tags),
            characters=length,
            passages=passages,
            added_at=stored.added_at,
        )
        for stored, length, passages in found.rows[:limit]
    ]
    facets = corpus.facets(selection, asked.facet) if asked.facet else {}
    more = len(found.rows) > limit and asked.sort == "id"
    return ArticlesOut(
        articles=page,
        total=found.total,
        next=page[-1].id if more else None,
        facets={
            facet: [CountedOut(value=c.value, articles=c.articles) for c in counted]
            for facet, counted in facets.items()
        },
    )


@router.get("/articles/{id}", summary="An article with its canonical text")
def article(id: str, corpus: CorpusHere) -> ArticleOut:
    """An article. All offsets of the service count the code points of its `text`."""
    stored = corpus.article(id)
    article = stored.article
    return ArticleOut(
        id=article.id,
        text=article.text,
        **article.stated(),
        tags=list(article.tags),
        extra=dict(article.extra),
        pages=list(article.pages),
        digest=stored.digest,
        passages=[PlaceOut(id=p.id, start=p.start, end=p.end) for p in corpus.passages_of(stored)],
        removed=[RemovedOut(kind=r.kind, text=r.text) for r in stored.removed],
        notes=list(stored.notes),
        encoding=stored.encoding,
        media_type=stored.media_type,
        added_at=stored.added_at,
    )


@router.get(
    "/articles/{id}/raw",
    summary="The input as it came",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}}},
)
def raw(id: str, corpus: CorpusHere) -> Response:
    """The bytes that were added, before cleaning; as a download."""
    content = corpus.raw(id)
    return Response(
        content,
        media_type="application/octet-stream",
        headers={"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff"},
    )


@router.patch(
    "/articles/{id}",
    summary="State anew what an article does not",
    responses={422: {"model": Problem}},
)
def restate(id: str, given: ArticlePatch, corpus: CorpusHere) -> ArticleOut:
    """Changes title, author, date and the like, and no text: spans and passage ids stay.

    A field that is null is taken out; one that is not named stays, and so do keys of `extra`.
    """
    corpus.restate(id, given.model_dump(exclude_unset=True))
    return article(id, corpus)


@router.delete("/articles/{id}", status_code=204, summary="Remove an article")
def remove(id: str, corpus: CorpusHere) -> None:
    """Removes an article; 404 when there is none."""
    if not corpus.remove([id]):
        raise NotFound(f"there is no article {id!r}", code="article_not_found")
