"""/v1/articles: listed and searched, read, stated anew, removed."""

from __future__ import annotations

import mimetypes
import re
from pathlib import PurePosixPath
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Header, Query, Response

from qa.api.arrivals import CorpusThen
from qa.corpus import Corpus
from qa.dependencies import CorpusHere
from qa.errors import InvalidInput, NotFound
from qa.schemas.articles import (
    ArticleOut,
    ArticlePatch,
    ArticlesOut,
    ArticlesQuery,
    ArticleSummary,
    CountedOut,
    PlaceOut,
    RemovedOut,
)
from qa.schemas.problem_details import Problem
from qa.schemas.questions import MinGeneration
from qa.storage.records import StoredArticle

router = APIRouter(prefix="/v1", tags=["articles"])
GENERATION = "X-Generation"
_RECORD = re.compile(r"[:#]\d+\Z")  # of an origin: "corpus.jsonl:317"
IfMatch = Annotated[
    str | None,
    Header(
        max_length=100,
        description="The `ETag` that the article had: 412 when it has changed since.",
        examples=['"5f2c…"'],
    ),
]


@router.get(
    "/articles", summary="List and search the articles", responses={422: {"model": Problem}}
)
def articles(corpus: CorpusThen, asked: Annotated[ArticlesQuery, Query()]) -> ArticlesOut:
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


_ETAG = {"description": "Of all that is seen of it.", "schema": {"type": "string"}}


@router.get(
    "/articles/{id}",
    summary="An article with its canonical text",
    responses={200: {"headers": {"ETag": _ETAG}}},
)
def article(
    id: str, corpus: CorpusThen, response: Response, min_generation: MinGeneration = None
) -> ArticleOut:
    """An article. All offsets of the service count the code points of its `text`.

    Its `ETag` changes with whatever is seen here.
    """
    stored = corpus.article(id)
    response.headers["ETag"] = f'"{stored.fingerprint}"'
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
def raw(id: str, corpus: CorpusThen, min_generation: MinGeneration = None) -> Response:
    """The bytes that were added, before cleaning; as a download."""
    name = quote(_file_name(corpus.article(id)), safe="")
    content = corpus.raw(id)
    return Response(
        content,
        media_type="application/octet-stream",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _file_name(stored: StoredArticle) -> str:
    """The name of the file that it came as; else one made of its id."""
    if stored.origin and not _RECORD.search(stored.origin):
        return PurePosixPath(stored.origin).name
    return stored.article.id + (mimetypes.guess_extension(stored.media_type) or "")


@router.patch(
    "/articles/{id}",
    summary="State anew what an article does not",
    responses={412: {"model": Problem}, 422: {"model": Problem}},
)
def restate(
    id: str, given: ArticlePatch, corpus: CorpusHere, response: Response, if_match: IfMatch = None
) -> ArticleOut:
    """Changes title, author, date and the like, and no text: spans and passage ids stay.

    A field that is null is taken out; one that is not named stays, and so do keys of `extra`.
    """
    corpus.restate(id, given.model_dump(exclude_unset=True), _seen(if_match))
    _say_generation(response, corpus)
    return article(id, corpus, response)


@router.delete(
    "/articles/{id}",
    status_code=204,
    summary="Remove an article",
    responses={412: {"model": Problem}},
)
def remove(id: str, corpus: CorpusHere, response: Response, if_match: IfMatch = None) -> None:
    """Removes an article; 404 when there is none."""
    seen = _seen(if_match)
    if not corpus.remove([id], {id: seen} if seen else None):
        raise NotFound(f"there is no article {id!r}", code="article_not_found")
    _say_generation(response, corpus)


def _say_generation(response: Response, corpus: Corpus) -> None:
    """Says a generation in which the change is: of an answer whose body has no room for it."""
    response.headers[GENERATION] = str(corpus.stored_generation())


def _seen(if_match: str | None) -> str | None:
    """The fingerprint of an `ETag`; None for `*`, any that there is."""
    return None if if_match in (None, "*") else if_match.removeprefix("W/").strip('"')
