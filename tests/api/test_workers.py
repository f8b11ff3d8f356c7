"""A service that leaves bulk additions to `qa work`, on a folder."""

from __future__ import annotations

import os
import signal
import subprocess

import pytest

from tests.api.conftest import QA, Serving

LINES = (
    b'{"id": "a", "text": "The pilot boards at dawn."}\n{"id": "b", "text": "The tide turns."}\n'
)


@pytest.mark.unix
def test_a_service_that_does_not_work_shows_how_far_a_worker_is(serving: Serving) -> None:
    idle = serving(work=False)
    folder = idle.corpus.folder
    headers = {"Content-Type": "application/x-ndjson"}
    job = idle.client.post("/v1/articles/bulk", content=LINES, headers=headers).headers["Location"]
    other = serving(data=folder, work=False)
    assert (other.get(job).json()["state"], other.get(job).json()["done"]) == ("queued", 0)

    worker = subprocess.Popen(
        [QA, "work", "--data", folder],
        env={**os.environ, "QA_MODEL": "hash"},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert idle.ended(job)["counts"] == {"added": 2}
        assert "Done" in idle.get(job.removeprefix("/v1")).text
        worker.send_signal(signal.SIGTERM)
        said = worker.communicate(timeout=60)[1]
    finally:
        worker.kill()
    assert worker.returncode == 0
    assert "2 more of 2 inputs are done" in said


def test_what_a_service_works_on_itself_a_worker_leaves_to_it(serving: Serving) -> None:
    busy = serving()
    with subprocess.Popen(
        [QA, "work", "--data", busy.corpus.folder],
        env={**os.environ, "QA_MODEL": "hash"},
        stderr=subprocess.PIPE,
        text=True,
    ) as worker:
        assert worker.stderr is not None
        try:
            while "another process works on the jobs of" not in (line := worker.stderr.readline()):
                assert line, "it has ended"
            assert busy.add_lines(LINES)["counts"] == {"added": 2}
        finally:
            worker.kill()
