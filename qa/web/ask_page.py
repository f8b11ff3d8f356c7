"""The start page, answers, and passages related to one another."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import HTMLResponse

from qa.corpus import Corpus
from qa.dependencies import CorpusHere
from qa.errors import InvalidInput
from qa.related.related import Related
from qa.web.ask_form import AskForm
from qa.web.examples import sample_draft, sample_questions, titles
from qa.web.parameters import DEFAULT_TOP_K, typed
from qa.web.rendering import add_script, page

router = APIRouter()
_LOOKED_AT = 20  # among these: not every article has a title or questions
_RELATED = 10


@router.get("/")
def ask(corpus: CorpusHere, asked: Annotated[AskForm, Query()]) -> HTMLResponse:
    """A question and its answer; without one, the page to begin with."""
    if not asked.question:
        return _start(corpus, asked)
    try:
        answer = corpus.ask(
            asked.question,
            mode=asked.mode_,
            top_k=asked.top_k_,
            read=asked.read_,
            filters=asked.searched,
            offset=asked.offset_,
            sort=asked.sort_,
            group_by="article" if asked.group_by == "article" else None,
            time=asked.time != "off",
        )
    except InvalidInput as error:
        return _start(corpus, asked, error.message)
    return page(
        "answer.html",
        form=asked.form,
        answer=answer,
        default_top_k=DEFAULT_TOP_K,
        first_page=asked.link(),
        chips=asked.chips(answer.understood),
        before=asked.link(offset=max(0, answer.offset - asked.top_k_)) if answer.offset else None,
        after=asked.link(offset=answer.next_offset) if answer.next_offset else None,
    )


@router.get("/related")
def related(
    corpus: CorpusHere, passage_id: str = "", text: str = "", other_sources_only: str = ""
) -> HTMLResponse:
    """What else is about the same matter as a passage, or as a text that was typed in."""
    others, text = other_sources_only in ("1", "true", "on"), typed(text)
    here: dict[str, Any] = {"passage_id": passage_id, "text": text, "others": others, "error": None}
    if passage_id:
        view = corpus.passage(passage_id)
        found = corpus.related(passage_id=passage_id, top_k=_RELATED, other_sources_only=others)
        return page("related.html", **here, view=view, hits=found.hits, copies=found.copies)
    found, here["view"] = Related((), ()), None
    try:
        if text:
            found = corpus.related(text=text, top_k=_RELATED, other_sources_only=others)
    except InvalidInput as error:
        here["error"] = error.message
    status = 422 if here["error"] else 200
    return page(
        "related.html",
        status=status,
        **here,
        hits=found.hits,
        copies=found.copies,
        notes=found.notes,
    )


def _start(corpus: Corpus, asked: AskForm, error: str | None = None) -> HTMLResponse:
    first = [stored.article for stored, _, _ in corpus.articles(limit=_LOOKED_AT)]
    counts = corpus.counts()
    return page(
        "start.html",
        status=422 if error else 200,
        script=None if counts["articles"] else add_script(),
        form=asked.form,
        error=error,
        counts=counts,
        questions=sample_questions(first),
        titles=titles(first),
        draft=sample_draft(first),
        default_top_k=DEFAULT_TOP_K,
    )
