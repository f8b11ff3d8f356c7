"""Whether a quote, or everything that a draft quotes and cites, stands in its source."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.responses import HTMLResponse, RedirectResponse, Response

from qa.check.types import Verdict
from qa.corpus import Corpus
from qa.dependencies import CorpusHere
from qa.errors import FootnoteError, InvalidInput, NotFound
from qa.handover.handover import Handover
from qa.handover.report_formats import FORMATS, file_name, format_of, written
from qa.handover.verdict_labels import of_quote
from qa.schemas.paths import path
from qa.web.article_titles import named, suggested, title_of
from qa.web.diff import places
from qa.web.draft_form import DraftHere
from qa.web.draft_page import checked, draft_page
from qa.web.labels import draft_named
from qa.web.parameters import typed
from qa.web.rendering import HEADERS, page

router = APIRouter(prefix="/check")
# Suggestions for the field that names an article: any id can be typed, these need not be.
_SUGGESTED = 200
MAX_SPEAKER = 200


@dataclass(frozen=True, slots=True)
class CheckForm:
    """What stands in the form."""

    quote: str
    article_id: str
    passage_id: str
    speaker: str


@router.get("")
def check(
    corpus: CorpusHere,
    quote: str = "",
    article_id: str = "",
    passage_id: str = "",
    speaker: str = "",
) -> HTMLResponse:
    """A quote and its verdict; without one, the forms."""
    asked = CheckForm(
        typed(quote), article_id.strip(), passage_id.strip(), " ".join(speaker.split())
    )
    verdict, problem = None, None
    try:
        article = corpus.read(lambda view: named(view, asked.article_id))
        asked = replace(asked, article_id=article)
        verdict = _verdict(corpus, asked) if asked.quote else None
    except (InvalidInput, NotFound) as error:
        problem = error
    return page(
        "check.html",
        status=_status(problem),
        asked=asked,
        article_title=corpus.read(lambda view: title_of(view, asked.article_id)),
        verdict=verdict,
        label=of_quote(verdict) if verdict else None,
        places=places(verdict) if verdict else [],
        error=problem.message if problem else None,
        suggested=corpus.read(lambda view: suggested(view, _SUGGESTED)),
        max_speaker=MAX_SPEAKER,
    )


@router.get("/text")
@router.get("/report")
def no_draft() -> RedirectResponse:
    """Where a draft is posted to there is nothing to be seen: the form is on the page."""
    return RedirectResponse(path("/check"), status_code=303)


@router.post("/text")
def check_text(corpus: CorpusHere, form: DraftHere) -> HTMLResponse:
    """A draft with everything that it quotes and cites marked, beside what the sources say."""
    if form.find is not None:
        return draft_page(corpus, form)
    try:
        return draft_page(corpus, form, checked(corpus, form))
    except (InvalidInput, NotFound) as error:
        return draft_page(corpus, form, error=error)


@router.post("/report")
def hand_over(corpus: CorpusHere, form: DraftHere) -> Response:
    """The checked draft as a file, with what was ticked off and noted on the page."""
    try:
        found = checked(corpus, form)
        name = format_of(form.format)
        handover = Handover(
            found,
            form.carried.marks,
            draft_named(form.draft.name),
            form.reviewer,
            datetime.now(UTC).date(),
            form.carried.sources,
        )
        data = written(handover, name)
    except (InvalidInput, NotFound) as error:
        return draft_page(corpus, form, error=error)
    disposition = f'attachment; filename="{file_name(handover, name)}"'
    headers = {**HEADERS, "Content-Disposition": disposition}
    return Response(data, headers=headers, media_type=FORMATS[name].media_type)


def _verdict(corpus: Corpus, asked: CheckForm) -> Verdict:
    if len(asked.speaker) > MAX_SPEAKER:
        raise InvalidInput(
            f"speaker has {len(asked.speaker):,} characters; at most {MAX_SPEAKER} are taken"
        )
    return corpus.check(
        asked.quote,
        article_id=asked.article_id or None,
        passage_id=asked.passage_id or None,
        speaker=asked.speaker or None,
    )


def _status(problem: FootnoteError | None) -> int:
    if problem is None:
        return 200
    return 404 if isinstance(problem, NotFound) else 422
