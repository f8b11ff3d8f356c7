"""Server-sent events for the progress of a job."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from qa.errors import Unavailable
from qa.schemas.additions import JobOut

POLL_SECONDS = 0.25
# Proxies close a silent connection after 30 to 60 seconds.
KEEP_ALIVE_SECONDS = 15.0


def progress(request: Request, first: JobOut, read: Callable[[], JobOut]) -> Response:
    """An event whenever the job has got further; the last one when it has ended."""

    async def events() -> AsyncIterator[str]:
        job, silent = first, 0.0
        yield _event(job)
        while job.state in ("queued", "running"):
            await asyncio.sleep(POLL_SECONDS)
            if await request.is_disconnected():
                return
            try:
                before, job = job, await run_in_threadpool(read)
            except Unavailable:  # it is shutting down; cut off, the stream would look broken
                return
            silent += POLL_SECONDS
            if job != before:
                silent = 0.0
                yield _event(job)
            elif silent >= KEEP_ALIVE_SECONDS:
                silent = 0.0
                yield ": still at it\n\n"

    return StreamingResponse(
        events(), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
    )


def _event(job: JobOut) -> str:
    return f"event: {job.state}\ndata: {job.model_dump_json()}\n\n"
