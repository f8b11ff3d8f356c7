"""/v1/articles: one article at once, many in the background."""

from __future__ import annotations

import logging
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from qa.api.bulk_endpoints import MULTIPART, NDJSON, many_of, media_type
from qa.api.problems import Problem
from qa.api.responses import json_of
from qa.api.running_service import Service, ServiceHere
from qa.corpus import Corpus
from qa.dependencies import CorpusHere
from qa.errors import FootnoteError, InvalidInput, NotFound
from qa.ingest import read_record, strict_json
from qa.schemas.articles import (
    AddedOut,
    ArticleOut,
    ArticlePatch,
    ArticlesOut,
    ArticleSummary,
    PlaceOut,
    RemovedOut,
)
from qa.schemas.paths import below
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
    multipart files start a job here too, as at `/v1/articles/bulk` and `/v1/articles/files`.
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


@router.get("/articles", summary="List the articles")
def articles(
    corpus: CorpusHere,
    cursor: Annotated[str, Query(max_length=300, description="`next` of the page before.")] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> ArticlesOut:
    """The articles by id, a page at a time."""
    found = corpus.articles(after=cursor, limit=limit + 1)
    page = [
        ArticleSummary(
            id=stored.article.id,
            **stored.article.stated(),
            tags=list(stored.article.tags),
            characters=length,
            passages=passages,
            added_at=stored.added_at,
        )
        for stored, length, passages in found[:limit]
    ]
    return ArticlesOut(articles=page, next=page[-1].id if len(found) > limit else None)


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
