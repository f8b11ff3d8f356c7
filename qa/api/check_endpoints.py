"""POST /v1/check and /v1/check/text."""

from __future__ import annotations

from fastapi import APIRouter

from qa.dependencies import CorpusHere
from qa.schemas.draft_reports import CheckTextIn, CheckTextOut
from qa.schemas.verdicts import CheckIn, CheckOut

router = APIRouter(prefix="/v1", tags=["check"])


@router.post("/check", summary="Check a quote")
def check(body: CheckIn, corpus: CorpusHere) -> CheckOut:
    """Whether a quote stands in the corpus, or in the article named, and who says it there.

    `verbatim`; `normalized` (only typography differs, or words are left out where an ellipsis says
    so); `altered` (with the words that differ); `spliced` (its parts do not follow on one another);
    `misattributed` (it stands elsewhere, or somebody else says it); `not_found`.
    """
    return CheckOut.of(
        corpus.check(
            body.quote,
            article_id=body.article_id,
            passage_id=body.passage_id,
            speaker=body.speaker,
        )
    )


@router.post("/check/text", summary="Check every quotation and citation of a draft")
def check_text(body: CheckTextIn, corpus: CorpusHere) -> CheckTextOut:
    """Quotations with their verdicts, each held against what it refers to, else the whole corpus.

    And `claims`: sentences that cite without quoting, with the passage of the cited source that
    supports each best, and the numbers, names and dates that it lacks. Markdown, plain text, HTML,
    or JSON with citations, which may also come beside the text. `looked_at` says what was read.
    """
    citations = [(citation.quote, citation.source) for citation in body.citations]
    report = corpus.check_text(body.text, citations=citations, dialogue=body.dialogue)
    return CheckTextOut.of(report)
