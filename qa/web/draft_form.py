"""The form that a draft is posted with: the draft, what it is held against, and what is noted.

All of it travels in the page. The server keeps no draft, no note and no source of anybody.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from qa.check.beside_draft import MAX_BESIDE, read_beside
from qa.check.draft import readable
from qa.check.types import Against
from qa.errors import InvalidInput, TooLarge
from qa.filters import Filters
from qa.handover.carried import BesideText, Carried
from qa.handover.handover import MAX_NAME
from qa.handover.reviewer_marks import Mark, rating_of
from qa.ingest import DraftText, Limits, read_draft_text
from qa.request_limits import MAX_DRAFT
from qa.web.labels import YOUR_DRAFT
from qa.web.parameters import typed

# A character is at most four bytes of UTF-8, and a byte at most three characters of a form.
_MAX_FORM_BYTES = 12 * MAX_DRAFT + 1000
_MAX_PART_BYTES = 8 * 1024 * 1024
# Of each of 900 items a tick, a note and a rating.
_MAX_FIELDS, _MAX_FILES = 3_000, MAX_BESIDE + 2
_MAX_CHOSEN = 200


@dataclass(frozen=True)
class DraftForm:
    """What was posted."""

    draft: DraftText
    carried: Carried = field(default_factory=Carried)
    articles: tuple[str, ...] = ()  # ids; (): all
    only_sources: bool = False
    find: str | None = None  # words of titles that are looked for instead of checking
    reviewer: str = ""
    show: str = ""  # the verdict whose cards alone are shown
    format: str = "html"

    @property
    def text(self) -> str:
        return self.draft.text

    @property
    def against(self) -> Against:
        """What the draft is held against. Raises InvalidInput when that is nothing."""
        if self.only_sources and not self.carried.sources:
            raise InvalidInput("there is no source of your own: choose a file, or all articles")
        chosen = Filters(article_ids=self.articles) if self.articles else None
        return Against(None if self.only_sources else chosen, none_chosen=self.only_sources)


async def draft(request: Request) -> DraftForm:
    """The posted form, read no further than it may be."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        async with request.form(
            max_files=_MAX_FILES, max_fields=_MAX_FIELDS, max_part_size=_MAX_PART_BYTES
        ) as form:
            files = {name: [one async for one in _files(form, name)] for name in _FILES}
            return await run_in_threadpool(_read, form, files)
    if kind != "application/x-www-form-urlencoded":
        raise InvalidInput("send the draft with the form on the page “Check a quote”")
    return DraftForm(_of_words(await _field(request)))


_FILES = ("file", "sources", "report")
_Files = dict[str, list[tuple[str, bytes]]]


async def _files(form: FormData, name: str) -> AsyncIterator[tuple[str, bytes]]:
    for file in form.getlist(name):
        if isinstance(file, UploadFile) and (data := await file.read()):
            yield (file.filename or "file")[-MAX_NAME:], data


def _read(form: FormData, files: _Files) -> DraftForm:
    limits = Limits()
    carried = Carried.unpacked(_word(form, "carried"))
    sources = list(_kept(carried.sources, form))
    if files["report"]:
        earlier = Carried.of_report(files["report"][0][1])
        carried, sources = earlier, [*earlier.sources, *sources]
    for name, data in files["sources"]:
        sources += map(BesideText.of, read_beside(data, name, limits))
    marks = {**carried.marks, **dict(_marks(form, carried))}
    return DraftForm(
        draft=_draft(form, files["file"], limits),
        carried=replace(carried, marks=marks, sources=tuple(sources)),
        articles=tuple(dict.fromkeys(_words(form, "article")))[:_MAX_CHOSEN],
        only_sources=bool(_word(form, "only_sources")),
        find=_looked_for(form),
        reviewer=_word(form, "reviewer").strip()[:MAX_NAME],
        show=_word(form, "show"),
        format=_word(form, "format") or "html",
    )


def _looked_for(form: FormData) -> str | None:
    """The words of titles that are looked for, by the button, or by Enter when they are new."""
    words, step = _word(form, "find").strip(), _word(form, "step")
    asked = step == "find" or (step == "enter" and words and words != _word(form, "found"))
    return words if asked else None


def _draft(form: FormData, files: Sequence[tuple[str, bytes]], limits: Limits) -> DraftText:
    if not files:
        name = _word(form, "name")[-MAX_NAME:]
        return replace(_of_words(_word(form, "text")), name=name or YOUR_DRAFT)
    name, data = files[0]
    read = read_draft_text(data, name, limits)
    return DraftText(readable(read.text), read.name, read.kind, read.notes)


def _kept(sources: Sequence[BesideText], form: FormData) -> Iterator[BesideText]:
    """The sources that came before, less those that were taken out on the page."""
    kept = set(_words(form, "keep"))
    return (source for number, source in enumerate(sources) if str(number) in kept)


def _marks(form: FormData, carried: Carried) -> Iterator[tuple[str, Mark]]:
    """The marks as they stand on the page: a box that is not ticked is not sent."""
    for key in _words(form, "item"):
        yield (
            key,
            replace(
                carried.marks.get(key, Mark()),
                ticked=bool(_word(form, f"tick.{key}")),
                note=typed(_word(form, f"note.{key}")),
                rating=rating_of(_word(form, f"rating.{key}")),
            ),
        )


def _words(form: FormData, name: str) -> list[str]:
    return [value for value in form.getlist(name) if isinstance(value, str)]


def _word(form: FormData, name: str) -> str:
    return next(iter(_words(form, name)), "")


def _of_words(text: str) -> DraftText:
    return DraftText(typed(text), YOUR_DRAFT, "text")


async def _field(request: Request) -> str:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > _MAX_FORM_BYTES:
            raise TooLarge(f"the draft is too long; at most {MAX_DRAFT:,} characters are taken")
    try:
        fields = parse_qs(body.decode("latin-1"), keep_blank_values=True, max_num_fields=10)
    except ValueError:
        raise InvalidInput("the form has more fields than the page gives it") from None
    return fields.get("text", [""])[0]


DraftHere = Annotated[DraftForm, Depends(draft)]
