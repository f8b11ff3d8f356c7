"""The form that a draft is posted with: what was typed, or a file."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qs

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from qa.check.draft import readable
from qa.errors import InvalidInput, TooLarge
from qa.ingest import DraftText, read_draft_text
from qa.request_limits import MAX_DRAFT
from qa.web.parameters import typed

# A character is at most four bytes of UTF-8, and a byte at most three characters of a form.
_MAX_FORM_BYTES = 12 * MAX_DRAFT + 1000
_TYPED = "your draft"
_LONGEST_NAME = 200


async def draft(request: Request) -> DraftText:
    """The draft of a posted form: its field `file`, else `text`, read no further than it may be."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return await _of_file(request)
    if kind != "application/x-www-form-urlencoded":
        raise InvalidInput("send the draft with the form on the page “Check a quote”")
    return _of_words(await _field(request))


async def _of_file(request: Request) -> DraftText:
    async with request.form(max_files=2, max_fields=10, max_part_size=4 * MAX_DRAFT) as form:
        file, text = form.get("file"), form.get("text")
        data = await file.read() if isinstance(file, UploadFile) else b""
        name = (file.filename or "file") if isinstance(file, UploadFile) else ""
    if not data:
        return _of_words(text if isinstance(text, str) else "")
    read = await run_in_threadpool(read_draft_text, data, name[-_LONGEST_NAME:])
    return DraftText(readable(read.text), read.name, read.kind, read.notes)


def _of_words(text: str) -> DraftText:
    return DraftText(typed(text), _TYPED, "text")


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


DraftHere = Annotated[DraftText, Depends(draft)]
