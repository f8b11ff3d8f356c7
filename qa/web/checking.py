"""Whether a quote, or every quotation of a draft, stands in its source."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from qa.corpus import Corpus
from qa.errors import FootnoteError, InvalidInput, NotFound
from qa.web.given import CorpusHere, DraftHere, typed
from qa.web.rendering import page

router = APIRouter(prefix="/check")
# Suggestions for the field that names an article: any id can be typed, these need not be.
_SUGGESTED = 200


@router.get("")
def check(corpus: CorpusHere, quote: str = "", article_id: str = "") -> HTMLResponse:
    """A quote and its verdict; without one, the forms."""
    quote, article_id = typed(quote), article_id.strip()
    verdict, problem = None, None
    try:
        if quote:
            verdict = corpus.check(quote, article_id=article_id or None)
    except (InvalidInput, NotFound) as error:
        problem = error
    return page(
        "check.html",
        status=_status(problem),
        quote=quote,
        article_id=article_id,
        verdict=verdict,
        error=problem.message if problem else None,
        suggested=_suggested(corpus),
    )


@router.post("/text")
def check_text(corpus: CorpusHere, text: DraftHere) -> HTMLResponse:
    """Every quotation of a draft with its verdict."""
    try:
        found = corpus.check_text(text).quotations
    except InvalidInput as error:
        return page("draft.html", status=422, text=text, error=error.message, found=None)
    return page("draft.html", text=text, error=None, found=found)


def _suggested(corpus: Corpus) -> list[tuple[str, str]]:
    found = corpus.articles(limit=_SUGGESTED)
    return [(stored.article.id, stored.article.title or "") for stored, _, _ in found]


def _status(problem: FootnoteError | None) -> int:
    if problem is None:
        return 200
    return 404 if isinstance(problem, NotFound) else 422
