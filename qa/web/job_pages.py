"""The additions: each with how far it is, what was refused and why; cancelled, tried again."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import HTMLResponse, RedirectResponse

from qa.dependencies import JobsHere
from qa.errors import Ended
from qa.schemas.paths import path
from qa.web import labels
from qa.web.form_fields import refuse_readers
from qa.web.rendering import page

router = APIRouter(prefix="/jobs")
_PER_PAGE = 50
_SHOWN = 10  # of what was not read for the same reason; the others are folded


@router.get("")
def jobs(queue: JobsHere, cursor: str = "") -> HTMLResponse:
    """The additions, the newest first, a page at a time."""
    found = queue.table.page(cursor, _PER_PAGE + 1, None)
    shown = found[:_PER_PAGE]
    more = shown[-1][0].id if len(found) > _PER_PAGE else None
    return page(
        "jobs.html",
        jobs=shown,
        cursor=cursor,
        next=more,
        states=labels.STATES,
        counted=labels.counted,
    )


@router.get("/{job_id}")
def job(queue: JobsHere, job_id: str) -> HTMLResponse:
    """One addition; while it goes on the page shows it by itself."""
    return _shown(queue, job_id)


@router.post("/{job_id}/cancel", response_model=None)
def cancel(queue: JobsHere, job_id: str) -> HTMLResponse | RedirectResponse:
    """Drops what is left of an addition; again, or after its end, it changes nothing."""
    refuse_readers()
    try:
        queue.table.cancel(job_id)
    except Ended:
        return _shown(queue, job_id, 409, "it had ended before it could be cancelled")
    return RedirectResponse(path(f"/jobs/{job_id}"), 303)


@router.post("/{job_id}/retry", response_model=None)
def retry(queue: JobsHere, job_id: str) -> HTMLResponse | RedirectResponse:
    """Tries again what was refused, as an addition of its own."""
    refuse_readers()
    try:
        again = queue.retry(job_id)
    except Ended:
        message = "nothing of it can be tried again: it goes on, or was tried again already"
        return _shown(queue, job_id, 409, message)
    return RedirectResponse(path(f"/jobs/{again.id}"), 303)


def _shown(
    queue: JobsHere, job_id: str, status: int = 200, error: str | None = None
) -> HTMLResponse:
    job, done = queue.table.get(job_id)
    untold = sum(job.counts.get(name, 0) for name in ("refused", "skipped")) - len(job.problems)
    problems: dict[str, list[str]] = {}
    for problem in job.problems:
        problems.setdefault(problem["reason"], []).append(problem["origin"])
    return page(
        "job.html",
        status=status,
        script=None if job.ended else "job.js",
        job=job,
        done=done,
        error=error,
        retryable=queue.table.refused(job_id),
        states=labels.STATES,
        counted=labels.counted(job.counts),
        problems=problems,
        shown=_SHOWN,
        untold=untold,
    )
