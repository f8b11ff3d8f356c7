"""POST /v1/check and /v1/check/text."""

from __future__ import annotations

import time

from fastapi import APIRouter

from qa.api.dependencies import CorpusHere
from qa.api.schemas import CheckIn, CheckOut, CheckTextIn, CheckTextOut, QuotationOut

router = APIRouter(prefix="/v1", tags=["check"])


@router.post("/check", summary="Check a quote")
def check(body: CheckIn, corpus: CorpusHere) -> CheckOut:
    """Whether a quote stands in the corpus, or in the article it is said to be from.

    `verbatim`; `normalized` (only quotation marks, dashes, spaces, case or Unicode form differ);
    `altered` (with the words that differ); `misattributed` (it stands elsewhere); `not_found`.
    """
    verdict = corpus.check(body.quote, article_id=body.article_id, passage_id=body.passage_id)
    out = CheckOut.of(verdict)
    if body.speaker and out.matches:
        out.note = " ".join(filter(None, [out.note, "Who says it was not checked."]))
    return out


@router.post("/check/text", summary="Check every quotation of a draft")
def check_text(body: CheckTextIn, corpus: CorpusHere) -> CheckTextOut:
    """Quotations of four words or more, in order, each with its verdict and place in the draft."""
    started = time.perf_counter()
    quotations = [
        QuotationOut(
            **CheckOut.of(found.verdict).model_dump(), start=found.span.start, end=found.span.end
        )
        for found in corpus.check_text(body.text)
    ]
    took = round((time.perf_counter() - started) * 1000, 2)
    return CheckTextOut(quotations=quotations, took_ms=took)
