"""/v1/articles/bulk and /v1/articles/files: many articles, in the background."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from qa.api.job_endpoints import job_of
from qa.api.ndjson import items_of
from qa.api.responses import json_of
from qa.api.running_service import Service, ServiceHere
from qa.passages.job_inputs import ENCODING, STATED_OF_ALL
from qa.schemas.additions import JobOut
from qa.schemas.paths import below
from qa.schemas.problem_details import Problem
from qa.storage.records import JobInput
from qa.uploads import upload_of

router = APIRouter(prefix="/v1", tags=["articles"])

NDJSON = ("application/x-ndjson", "application/ndjson", "application/jsonl")
MULTIPART = "multipart/form-data"
_LINES = {
    "schema": {"type": "string", "description": "One article a line, as in JSON."},
    "example": '{"id": "tides", "text": "The tide turns at noon."}\n',
}
_FILES = {
    "schema": {
        "type": "object",
        "properties": {
            "files": {
                "type": "array",
                "items": {"type": "string", "format": "binary"},
                "description": "Files of any format that is read, at most 1,000.",
            },
            **{
                name: {"type": "string", "description": "Of the files that do not state it."}
                for name in sorted(STATED_OF_ALL)
            },
            ENCODING: {
                "type": "string",
                "description": "In which the files are, where they do not say it: cp1251.",
            },
        },
        "additionalProperties": False,
        "required": ["files"],
    }
}


def _body(kind: str, content: dict[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {kind: content}}}


_RESPONSES: dict[int | str, dict[str, Any]] = {
    202: {"model": JobOut, "description": "A job, at the `Location`."},
    415: {"model": Problem},
}


@router.post(
    "/articles/bulk",
    summary="Add many articles",
    openapi_extra=_body(NDJSON[0], _LINES),
    status_code=202,
    responses=_RESPONSES,
    response_model=None,
)
async def add_many(request: Request, service: ServiceHere) -> Response:
    """Starts a job that adds the articles of NDJSON, one a line.

    A line that cannot be read is named among the job's problems; the others are added.
    """
    return await many_of(request, service, NDJSON)


@router.post(
    "/articles/files",
    summary="Add files",
    openapi_extra=_body(MULTIPART, _FILES),
    status_code=202,
    responses=_RESPONSES,
    response_model=None,
)
async def add_files(request: Request, service: ServiceHere) -> Response:
    """Starts a job that adds files, sent as form fields called `files`."""
    return await many_of(request, service, (MULTIPART,))


async def many_of(
    request: Request, service: Service, kinds: tuple[str, ...], or_else: tuple[str, ...] = ()
) -> Response:
    """The job of a body of one of these kinds; `or_else` are read by whoever calls."""
    kind = media_type(request)
    if kind not in kinds:
        asked = " or ".join([*or_else, *(k for k in kinds if k in (NDJSON[0], MULTIPART))])
        raise HTTPException(415, f"{kind or 'no content type'}: send {asked}")
    if kind == MULTIPART:
        upload = await upload_of(request)
        return await run_in_threadpool(_accepted, upload.files, service, upload.stated)
    return await run_in_threadpool(_accepted, await items_of(request.stream()), service)


def media_type(request: Request) -> str:
    """What the request says of its body, without parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _accepted(
    items: list[JobInput], service: Service, stated: Mapping[str, Any] | None = None
) -> Response:
    job = service.jobs.submit(items, stated)
    return json_of(job_of(service, job.id), 202, {"Location": below(f"/v1/jobs/{job.id}")})
