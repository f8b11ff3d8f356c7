"""The list of articles, and each in full with the cited words marked."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from qa.citations.line import page_label
from qa.corpus import Corpus
from qa.dependencies import CorpusHere
from qa.errors import InvalidInput
from qa.storage.records import MOST_COUNTED, ArticleList, Selection
from qa.web import labels
from qa.web.citing import cited
from qa.web.list_form import PER_PAGE, ListForm, ListFormHere
from qa.web.marking import paragraphs
from qa.web.parameters import span_of
from qa.web.rendering import add_script, page

router = APIRouter()


@router.get("/articles")
def articles(corpus: CorpusHere, form: ListFormHere) -> HTMLResponse:
    """The articles that are searched for, narrowed down and sorted, a page at a time."""
    counts = corpus.counts()
    try:
        selection = form.selection
    except InvalidInput as problem:
        return page(
            "articles.html",
            status=422,
            form=form,
            counts=counts,
            error=problem.message,
            sorts=labels.SORTS,
        )
    if not counts["articles"]:
        return page("articles.html", script=add_script(), counts=counts)
    found, number = _page_of(corpus, selection, form)
    last = -(-found.total // PER_PAGE)
    return page(
        "articles.html",
        form=form,
        error=None,
        counts=counts,
        chosen=form.chosen,
        found=found,
        page_number=number,
        last=last,
        before=form.link(page=str(number - 1)) if number > 2 else form.link(),
        next=form.link(page=str(number + 1)),
        choices=form.choices(corpus.facets(selection, most=MOST_COUNTED)) if found.total else {},
        most_counted=MOST_COUNTED,
        sorts=labels.SORTS,
        facets=labels.FACETS,
    )


def _page_of(corpus: Corpus, selection: Selection, form: ListForm) -> tuple[ArticleList, int]:
    """The page that is asked for, or the last one, and its number."""
    number = form.number
    while True:
        offset = (number - 1) * PER_PAGE
        found = corpus.selected(selection, sort=form.order, offset=offset, limit=PER_PAGE)
        last = max(1, -(-found.total // PER_PAGE))
        if number <= last:
            return found, number
        number = last


@router.get("/articles/{article_id}")
def article(corpus: CorpusHere, article_id: str, start: str = "", end: str = "") -> HTMLResponse:
    """An article in full; characters that it does not have are not marked, and no error."""
    stored = corpus.article(article_id)
    text, pages = stored.article.text, stored.article.pages
    span = span_of(stored.article, start, end)
    passages = corpus.passages_of(stored)
    return page(
        "article.html",
        page_label=page_label,
        stored=stored,
        article=stored.article,
        paragraphs=paragraphs(text, span, pages),
        passages=len(passages),
        here_cited=cited(article_id, span.start, span.end) if span else None,
        passage_id=next((p.id for p in passages if span and span.start < p.end), None),
    )
