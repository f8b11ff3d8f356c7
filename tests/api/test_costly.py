"""Inputs that cost more than they may, sent to a real server: it goes on answering."""

import json
import threading
import time

import pytest

from tests.ingest.written_pdfs import a_page, nested_forms

pytestmark = pytest.mark.slow

FRONT = b"---\n" + b"a: b\n" * 200_000 + b"---\nThe tide."
TOO_LONG = (
    "the front matter has 1,000,001 characters; at most 20,000 are read: shorten it, or put what "
    "is text below it"
)


def multipart(files):
    body = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="files"; filename="%b"\r\n\r\n%b\r\n'
        % (name.encode(), data)
        for name, data in files.items()
    )
    return body + b"--x--\r\n"


class Waits:
    """How long the liveness probe waits for its answer, at the longest, asked without a pause."""

    def __init__(self, server):
        self.longest, self._server, self._stop = 0.0, server, threading.Event()
        self._thread = threading.Thread(target=self._ask)

    def _ask(self):
        while not self._stop.is_set():
            started = time.monotonic()
            assert self._server.call("GET", "/health/live")[0] == 200
            self.longest = max(self.longest, time.monotonic() - started)
            time.sleep(0.02)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()


def test_costly_files_are_given_up_and_the_server_goes_on_answering(server_with):
    server = server_with(QA_MAX_PARSE_SECONDS="0.5")
    server.start()
    costly = {
        "forms.pdf": nested_forms(depth=7, times=10),
        "kids.pdf": a_page("BT /F 9 Tf (The tide.) Tj ET", kids=100_000),
        "attributes.html": b"<p " + b" ".join(b"a%d=1" % n for n in range(300_000)) + b">x</p>",
    }
    body = multipart({**costly, "front.md": FRONT, "good.html": b"<p>The pilot boards at dawn."})
    boundary = {"Content-Type": "multipart/form-data; boundary=x"}
    with Waits(server) as waits:
        status, job = server.call("POST", "/v1/articles", body, **boundary)
        assert status == 202
        until = time.monotonic() + 60
        while job["state"] in ("queued", "running"):
            assert time.monotonic() < until, job
            time.sleep(0.1)
            _, job = server.call("GET", f"/v1/jobs/{job['id']}")

    assert (job["state"], job["counts"]) == ("done", {"added": 1, "refused": 4})
    reason = (
        "reading it took more than 0.5 s of processor time: split it, or raise QA_MAX_PARSE_SECONDS"
    )
    assert job["problems"] == [
        *({"origin": name, "code": "gave_up", "reason": reason} for name in costly),
        {"origin": "front.md", "code": "bad_front_matter", "reason": TOO_LONG},
    ]
    assert waits.longest < 1


def test_a_costly_page_in_one_article_is_given_up(server_with):
    server = server_with(QA_MAX_PARSE_SECONDS="0.5")
    server.start()
    page = f"<p {' '.join(f'a{n}=1' for n in range(300_000))}>x</p>"
    with Waits(server) as waits:
        status, answer = server.call(
            "POST",
            "/v1/articles",
            json.dumps({"html": page}),
            **{"Content-Type": "application/json"},
        )
    assert (status, answer["code"]) == (422, "gave_up")
    assert answer["detail"].startswith("reading it took more than 0.5 s of processor time")
    assert waits.longest < 1
