"""POST /v1/check, /v1/check/text and /v1/check/text/report."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.responses import Response

from qa.api.arrivals import CorpusThen
from qa.check.earlier import Earlier
from qa.check.types import DraftReport
from qa.corpus import Corpus
from qa.handover.carried import BesideText, Carried
from qa.handover.handover import Handover
from qa.handover.report_formats import FORMATS, file_name, written
from qa.handover.report_request import ReportIn
from qa.schemas.draft_inputs import CheckTextIn
from qa.schemas.draft_reports import CheckTextOut
from qa.schemas.verdicts import CheckIn, CheckOut

router = APIRouter(prefix="/v1", tags=["check"])


@router.post("/check", summary="Check a quote")
def check(body: CheckIn, corpus: CorpusThen) -> CheckOut:
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
def check_text(body: CheckTextIn, corpus: CorpusThen) -> CheckTextOut:
    """Quotations with their verdicts, each held against what it refers to, else the whole corpus.

    And `claims`: sentences that cite without quoting, with the passage of the cited source that
    supports each best, and the numbers, names and dates that it lacks. Markdown, plain text, HTML,
    or JSON with citations, which may also come beside the text. `looked_at` says what was read.
    It may be held against chosen articles alone, and against sources that come beside it.
    """
    report = _checked(body, corpus)
    state = Carried(earlier=Earlier.of(report)).packed() if body.remember else None
    return CheckTextOut.of(report, state)


@router.post(
    "/check/text/report",
    summary="Check a draft, and hand it over as a file",
    response_class=Response,
    responses={
        200: {
            "description": "The report, in the format that was asked for.",
            "content": {one.media_type.partition(";")[0]: {} for one in FORMATS.values()},
        }
    },
)
def report_of(body: ReportIn, corpus: CorpusThen) -> Response:
    """The report of a checked draft as one HTML file, Markdown, CSV, or ClaimReview in JSON-LD.

    With what a person says of each item: ticked off, a note, a rating. There is a ClaimReview of
    what was ticked off with a rating alone, by the `reviewer`, who has to be named.
    """
    marks = {key: mark.mark() for key, mark in body.marks.items()}
    beside = tuple(_beside(body))
    handover = Handover(
        _checked(body, corpus),
        *(marks, body.name, body.reviewer.strip(), datetime.now(UTC).date(), beside),
    )
    return Response(
        written(handover, body.format),
        media_type=FORMATS[body.format].media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{file_name(handover, body.format)}"'
        },
    )


def _checked(body: CheckTextIn, corpus: Corpus) -> DraftReport:
    return corpus.check_text(
        body.text,
        citations=[(citation.quote, citation.source) for citation in body.citations],
        dialogue=body.dialogue,
        against=body.against,
        beside=[source.document() for source in _beside(body)],
        earlier=Carried.unpacked(body.earlier).earlier if body.earlier else None,
    )


def _beside(body: CheckTextIn) -> list[BesideText]:
    return [BesideText(**source.model_dump()) for source in body.sources]
