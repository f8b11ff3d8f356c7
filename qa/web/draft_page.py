"""The page of a draft: what was found, the marks on it, and the form to go on from."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import HTMLResponse

from qa.check.earlier import Earlier, keyed
from qa.check.types import DraftReport
from qa.corpus import Corpus
from qa.errors import FootnoteError, NotFound
from qa.handover.carried import Carried
from qa.handover.handover import Handover
from qa.handover.reviewer_marks import RATINGS
from qa.storage import View
from qa.web import labels
from qa.web.article_titles import Titled, found
from qa.web.draft_form import DraftForm
from qa.web.drafts import draft
from qa.web.rendering import page
from qa.wording.catalogue import say, say_many
from qa.wording.dates import number

_FOUND = 30  # titles that are offered at a time


@dataclass(frozen=True)
class ShownForm:
    """The form of a draft as it is filled in."""

    posted: DraftForm
    carried: str
    chosen: list[Titled]
    offered: list[Titled]  # by the words that were looked for
    beside: list[Titled]  # sources that came with the draft; without an id before they are used


def checked(corpus: Corpus, form: DraftForm) -> DraftReport:
    """The report on a posted draft; what an earlier one found is not looked for again."""
    return corpus.check_text(
        form.text,
        against=form.against,
        beside=[source.document() for source in form.carried.sources],
        earlier=form.carried.earlier,
    )


def draft_page(
    corpus: Corpus,
    form: DraftForm,
    report: DraftReport | None = None,
    error: FootnoteError | None = None,
) -> HTMLResponse:
    """The page: with a report, or with the form alone, and what is wrong with it."""
    carried = form.carried
    handover = None
    if report:
        handover = Handover(report, carried.marks, sources=carried.sources)
        carried = handover.carried
    status = 200 if error is None else 404 if isinstance(error, NotFound) else 422
    return page(
        "draft.html",
        status=status,
        text=form.text,
        error=error.message if error else None,
        reference=labels.reference,
        form=_shown(corpus, form, carried, report),
        looked_at=labels.looked_at(report, form.draft) if report else None,
        handover=handover,
        ratings=RATINGS,
        searched=_searched(report) if report else "",
        taken_over=_taken_over(report, form.carried.earlier) if report else "",
        **(draft(report, form.carried.marks) if report else {"items": []}),
    )


def _shown(
    corpus: Corpus, form: DraftForm, carried: Carried, report: DraftReport | None
) -> ShownForm:
    sources = carried.sources
    ids = [one.article_id for one in report.against.beside] if report else [""] * len(sources)
    beside = [(id_, one.title or one.name) for id_, one in zip(ids, sources, strict=True)]

    def look(view: View) -> ShownForm:
        titles = {id_: title or id_ for id_, _, title in view.addresses}
        chosen = [(id_, titles[id_]) for id_ in form.articles if id_ in titles]
        offered = found(view, form.find, _FOUND) if form.find else []
        offered = [one for one in offered if one not in chosen]
        return ShownForm(form, carried.packed(), chosen, offered, beside)

    return corpus.read(look)


def _searched(report: DraftReport) -> str:
    """What a quotation without a reference was looked for in, in words."""
    if report.against.is_narrowed:
        return say("It refers to no source: looked for in what it was held against.")
    if report.against.beside:
        return say(
            "It refers to no source: looked for in the whole collection and your own sources."
        )
    return say("It refers to no source: looked for in the whole collection.")


def _taken_over(report: DraftReport, earlier: Earlier | None) -> str:
    """What of it was not checked again, in words; "" for a first check."""
    every = [one for _, one in keyed(report)]
    known = sum(one.taken_over for one in every)
    if earlier is None:
        return ""
    return say_many(
        "%(known)s of %(num)s has not changed since the last check; %(new)s were checked now.",
        "%(known)s of %(num)s have not changed since the last check; %(new)s were checked now.",
        len(every),
        num=number(len(every)),
        known=number(known),
        new=number(len(every) - known),
    )
