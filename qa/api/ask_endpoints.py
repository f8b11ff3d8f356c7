"""POST /v1/ask, passages, related."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from qa.api.arrivals import CorpusThen
from qa.api.responses import json_of
from qa.corpus import Corpus
from qa.observe import work
from qa.schemas.answers import AskOut, PassageOut, RelatedOut
from qa.schemas.problem_details import Problem
from qa.schemas.questions import (
    AskIn,
    AskQuery,
    Expand,
    MinGeneration,
    NoQuery,
    RelatedIn,
    TopK,
)

router = APIRouter(prefix="/v1", tags=["ask"])


@router.post("/ask", summary="Ask a question", response_model=AskOut)
def ask(body: AskIn, corpus: CorpusThen, _: Annotated[NoQuery, Query()]) -> Response:
    """The passages that answer, best first, each with its footnote; and the answering sentence.

    When `answered` is false the nearest passages come all the same, with the reason. In the
    question “"ferry line"” has to stand in a passage, and “-Lund” may not.
    """
    return _answered(body, corpus)


@router.get(
    "/ask",
    summary="Ask a question, for curl and links",
    response_model=AskOut,
    responses={422: {"model": Problem}},
)
def ask_by_link(corpus: CorpusThen, asked: Annotated[AskQuery, Query()]) -> Response:
    """Answers as POST /v1/ask does; a filter may be given more than once."""
    return _answered(asked.asked(), corpus)


def _answered(asked: AskIn, corpus: Corpus) -> Response:
    with work("ask", corpus.observer):
        answer = corpus.answer(asked.inquiry())
        return json_of(AskOut.of(answer))


@router.get("/passages/{id}", summary="A passage by its id")
def passage(
    id: str, corpus: CorpusThen, expand: Expand = None, min_generation: MinGeneration = None
) -> PassageOut:
    """A passage with its source, and what it stands within if that is asked for.

    404 when there is none.

    410 with code `source_changed` when its article has changed since.
    """
    return PassageOut.of_view(corpus.passage(id, expand))


@router.get("/passages/{id}/related", summary="Passages about the same matter")
def related_to_passage(
    id: str,
    corpus: CorpusThen,
    top_k: TopK = 5,
    other_sources_only: bool = False,
    min_generation: MinGeneration = None,
) -> RelatedOut:
    """Passages about the same matter; the passage's copies in other articles are in `copies`."""
    found = corpus.related(passage_id=id, top_k=top_k, other_sources_only=other_sources_only)
    return RelatedOut.of(found)


@router.post("/related", summary="Passages related to a passage or a text")
def related(body: RelatedIn, corpus: CorpusThen) -> RelatedOut:
    """Passages about the same matter as a passage (`passage_id`) or as a text (`text`).

    `other_sources_only` leaves out every article in which that stands, exactly or nearly.
    """
    found = corpus.related(
        text=body.text,
        passage_id=body.passage_id,
        top_k=body.top_k,
        other_sources_only=body.other_sources_only,
    )
    return RelatedOut.of(found)
