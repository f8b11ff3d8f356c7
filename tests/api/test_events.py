"""The events of a job."""

import asyncio

from starlette.requests import Request

from qa.api import events
from qa.errors import Unavailable
from qa.schemas.additions import JobOut

JOB = JobOut(
    id="j",
    state="running",
    total=2,
    done=1,
    counts={},
    problems=[],
    created="2026",
    finished=None,
    stated={},
    retryable=0,
)


def test_a_stream_ends_whole_when_the_service_stops_between_two_looks(monkeypatch):
    monkeypatch.setattr(events, "POLL_SECONDS", 0)
    looks = iter([JOB, JOB.model_copy(update={"done": 2})])

    def read():
        for job in looks:
            return job
        raise Unavailable("the service is shutting down", code="shutting_down")

    async def receive():
        await asyncio.sleep(60)

    async def told():
        request = Request({"type": "http"}, receive)
        return [event async for event in events.progress(request, JOB, read).body_iterator]  # type: ignore[attr-defined]

    assert [event.splitlines()[0] for event in asyncio.run(told())] == ["event: running"] * 2
