"""Articles come in by the page: files and folders as a job, a pasted text at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse

from qa.dependencies import CorpusHere, JobsHere, LimitsHere
from qa.errors import InvalidInput
from qa.ingest import read_record
from qa.schemas.paths import article_path, path
from qa.types import WRITTEN
from qa.uploads import upload_of
from qa.web.form_fields import FieldsHere, refuse_readers
from qa.web.parameters import typed
from qa.web.rendering import add_script, page

router = APIRouter(prefix="/add")
PASTED = (*WRITTEN, "tags", "text")


@router.get("")
def add() -> HTMLResponse:
    """The forms to add articles with."""
    refuse_readers()
    return _forms()


@router.post("", response_model=None)
async def add_files(request: Request, jobs: JobsHere) -> HTMLResponse | RedirectResponse:
    """Files, also of a folder, that are read in the background: see the job's page."""
    refuse_readers()
    try:
        upload = await upload_of(request)
        job = await run_in_threadpool(jobs.submit, upload.files, upload.stated)
    except InvalidInput as error:
        message = "no file was chosen" if error.code == "empty" else error.message
        return _forms(status=422, error=message)
    return RedirectResponse(path(f"/jobs/{job.id}"), 303)


@router.post("/text", response_model=None)
def add_text(
    corpus: CorpusHere, limits: LimitsHere, fields: FieldsHere
) -> HTMLResponse | RedirectResponse:
    """A pasted text, with what is known of it; the same text again is the same article."""
    refuse_readers()
    pasted = {name: typed(fields[name]) for name in PASTED}
    try:
        document = read_record({n: v for n, v in pasted.items() if v}, limits=limits)
        if document.notes:  # a date that is none
            raise InvalidInput(document.notes[0], code="invalid_field")
    except InvalidInput as error:
        message = "there is no text in it" if error.code == "missing_text" else error.message
        return _forms(status=422, pasted=pasted, text_error=message)
    corpus.add_batch([document])
    return RedirectResponse(article_path(document.article.id), 303)


def _forms(
    *, status: int = 200, pasted: Mapping[str, str] | None = None, **errors: Any
) -> HTMLResponse:
    return page("add.html", status=status, script=add_script(), pasted=pasted or {}, **errors)
