"""Files that came in a form, with what is said of all of them."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from qa.errors import InvalidInput
from qa.passages.job_inputs import ENCODING, STATED_OF_ALL
from qa.storage.records import JobInput

MOST_FILES = 1000
LONGEST_NAME = 255  # of a file, as on a disk; its end, which says what kind it is
# A folder's files come with their paths below it, by whichever name.
_FILES = ("files", "file", "folder")
SAID_OF_ALL = frozenset((ENCODING, *STATED_OF_ALL))


@dataclass(frozen=True, slots=True)
class Upload:
    """The files of a form, and the fields that hold for each of them."""

    files: list[JobInput]
    stated: dict[str, str]


async def upload_of(request: Request) -> Upload:
    """What a multipart form holds. Raises InvalidInput for a field that no form of ours has."""
    async with request.form(max_files=MOST_FILES, max_fields=50) as form:
        upload = Upload(await _files(form), _stated(form))
        if not upload.files:
            raise InvalidInput("no files: send them as form fields called `files`", code="empty")
        unknown = sorted(set(form) - SAID_OF_ALL - set(_FILES))
        if unknown:
            known = ", ".join(["files", *sorted(SAID_OF_ALL)])
            raise InvalidInput(f"{unknown[0]!r} is no field of this form: {known}")
    return upload


async def _files(form: FormData) -> list[JobInput]:
    """The files that were chosen: a field that is left empty sends one without name and bytes."""
    sent = [file for name in _FILES for file in form.getlist(name) if isinstance(file, UploadFile)]
    return [
        JobInput(f"file {name}", await file.read(), name)
        for file in sent
        if file.filename or file.size
        for name in [(file.filename or "upload")[-LONGEST_NAME:]]
    ]


def _stated(form: FormData) -> dict[str, str]:
    given = {name: form.get(name) for name in SAID_OF_ALL}
    words = {n: " ".join(value.split()) for n, value in given.items() if isinstance(value, str)}
    return {name: value for name, value in words.items() if value}
