"""/v1/jobs: how far the bulk additions are."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from qa.api.events import progress
from qa.api.responses import json_of
from qa.api.running_service import Service, ServiceHere
from qa.schemas.additions import JobOut, JobsOut, JobSummary
from qa.schemas.paths import below
from qa.schemas.problem_details import Problem
from qa.storage.records import JobState

router = APIRouter(prefix="/v1", tags=["articles"])


@router.get("/jobs", summary="List the bulk additions")
def jobs(
    service: ServiceHere,
    cursor: Annotated[str, Query(max_length=300, description="`next` of the page before.")] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    state: JobState | None = None,
) -> JobsOut:
    """The jobs, the newest first, a page at a time; what was refused is told by each job alone."""
    found = service.jobs.table.page(cursor, limit + 1, state)
    page = [JobSummary.of(job, done) for job, done in found[:limit]]
    more = len(found) > limit
    return JobsOut(
        jobs=page, total=service.jobs.table.total(state), next=page[-1].id if more else None
    )


@router.get(
    "/jobs/{id}",
    summary="How far a bulk addition is",
    responses={200: {"model": JobOut, "content": {"text/event-stream": {}}}},
    response_model=None,
)
async def job(id: str, request: Request, service: ServiceHere) -> Response:
    """A job; with `Accept: text/event-stream`, an event at each step until it has ended."""
    first = await run_in_threadpool(job_of, service, id)
    if "text/event-stream" in request.headers.get("accept", ""):
        return progress(request, first, lambda: job_of(service, id))
    return json_of(first, 200)


@router.delete("/jobs/{id}", summary="Cancel a bulk addition", responses={409: {"model": Problem}})
def cancel(id: str, service: ServiceHere) -> JobOut:
    """Cancels a job: what is stored stays, the rest is dropped. Again: the same.

    409 when the job has ended.
    """
    service.jobs.table.cancel(id)
    return job_of(service, id)


@router.post(
    "/jobs/{id}/retry",
    summary="Try again what was refused",
    status_code=202,
    responses={
        202: {"model": JobOut, "description": "A new job, at the `Location`."},
        409: {"model": Problem},
    },
    response_model=None,
)
def retry(id: str, service: ServiceHere) -> Response:
    """Queues what a job that has ended could not read, as a job of its own, within seven days.

    Worth it once limits were raised. 409 when there is nothing, or it was tried again already.
    """
    again = service.jobs.retry(id)
    location = {"Location": below(f"/v1/jobs/{again.id}")}
    return json_of(job_of(service, again.id), 202, location)


def job_of(service: Service, id_: str) -> JobOut:
    """The job as it is now. Raises NotFound."""
    table = service.jobs.table
    found, refused = table.get(id_), table.refused(id_)
    return JobOut.told(*found, refused, service.corpus.stored_generation())
