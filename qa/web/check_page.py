"""Whether a quote, or everything that a draft quotes and cites, stands in its source."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from qa.check.types import Verdict
from qa.corpus import Corpus
from qa.dependencies import CorpusHere
from qa.errors import FootnoteError, InvalidInput, NotFound
from qa.web import labels
from qa.web.diff import places
from qa.web.draft_form import DraftHere
from qa.web.drafts import draft
from qa.web.parameters import typed
from qa.web.rendering import page

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
        verdict = _verdict(corpus, asked) if asked.quote else None
    except (InvalidInput, NotFound) as error:
        problem = error
    return page(
        "check.html",
        status=_status(problem),
        asked=asked,
        verdict=verdict,
        label=labels.of_quote(verdict) if verdict else None,
        places=places(verdict) if verdict else [],
        error=problem.message if problem else None,
        suggested=_suggested(corpus),
        max_speaker=MAX_SPEAKER,
    )


@router.post("/text")
def check_text(corpus: CorpusHere, posted: DraftHere) -> HTMLResponse:
    """A draft with everything that it quotes and cites marked, beside what the sources say."""
    text = posted.text
    try:
        report = corpus.check_text(text)
    except InvalidInput as error:
        return page("draft.html", status=422, text=text, error=error.message, items=[])
    return page(
        "draft.html",
        text=text,
        error=None,
        reference=labels.reference,
        looked_at=labels.looked_at(report, posted),
        **draft(report),
    )


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


def _suggested(corpus: Corpus) -> list[tuple[str, str]]:
    found = corpus.articles(limit=_SUGGESTED)
    return [(stored.article.id, stored.article.title or "") for stored, _, _ in found]


def _status(problem: FootnoteError | None) -> int:
    if problem is None:
        return 200
    return 404 if isinstance(problem, NotFound) else 422
