"""The list of articles, and each in full with the cited words marked."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from qa.dependencies import CorpusHere
from qa.web.citing import cited
from qa.web.marking import paragraphs
from qa.web.parameters import span_of
from qa.web.rendering import page

router = APIRouter()
_PER_PAGE = 50


@router.get("/articles")
def articles(corpus: CorpusHere, cursor: str = "") -> HTMLResponse:
    """The articles by id, a page at a time."""
    found = corpus.articles(after=cursor, limit=_PER_PAGE + 1)
    shown = found[:_PER_PAGE]
    return page(
        "articles.html",
        rows=shown,
        cursor=cursor,
        next=shown[-1][0].article.id if len(found) > _PER_PAGE else None,
        counts=corpus.counts(),
    )


@router.get("/articles/{article_id}")
def article(corpus: CorpusHere, article_id: str, start: str = "", end: str = "") -> HTMLResponse:
    """An article in full; characters that it does not have are not marked, and no error."""
    stored = corpus.article(article_id)
    text, pages = stored.article.text, stored.article.pages
    span = span_of(stored.article, start, end)
    passages = corpus.passages_of(stored)
    return page(
        "article.html",
        stored=stored,
        article=stored.article,
        paragraphs=paragraphs(text, span, pages),
        passages=len(passages),
        here_cited=cited(article_id, span.start, span.end) if span else None,
        passage_id=next((p.id for p in passages if span and span.start < p.end), None),
    )
