"""A real server whose corpus another process re-indexes, replaces, or purges under it."""

import json
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from embeddings import HashEncoder
from qa import Corpus
from qa.ingest import Limits
from qa.jobs import Jobs
from qa.passages.chunking import Chunking
from qa.storage.records import JobInput
from qa.types import Article, Document
from tests.api.conftest import Server
from tests.conftest import sql

TRUE = "The pilot boards at dawn."
READS = (
    ("POST", "/v1/ask", {"question": "Who boards at dawn?"}),
    ("POST", "/v1/check", {"quote": TRUE}),
    ("POST", "/v1/check/text", {"text": f"It says: “{TRUE}”"}),
    ("POST", "/v1/related", {"text": TRUE}),
    ("GET", "/v1/articles", None),
    ("GET", "/v1/articles/pilots", None),
    ("GET", "/v1/articles/pilots/raw", None),
    ("GET", "/v1/status", None),
    ("GET", "/health/ready", None),
)


class OtherEncoder(HashEncoder):
    name = "other"


def document(id_: str, text: str) -> Document:
    return Document(Article(id_, text), text.encode(), "text/plain", origin=id_, size=len(text))


@pytest.fixture
def server(server_with: Callable[..., Server]) -> Server:
    server = server_with()
    server.start()
    assert send(server, "POST", "/v1/articles", {"id": "pilots", "text": TRUE})[0] == 201
    return server


def send(server: Server, method: str, path: str, body: Any) -> tuple[int, Any]:
    content = None if body is None else json.dumps(body)
    return server.call(method, path, content, **{"Content-Type": "application/json"})


def another(server: Server, **options: Any) -> Corpus:
    """The corpus as another process has it."""
    return Corpus.open(Path(server.env["QA_DATA"]), **{"encoder": HashEncoder(), **options})


def purged(corpus: Corpus) -> None:
    """As after ten minutes, and five more articles."""
    with sql(corpus) as db:
        db.execute("UPDATE generations SET at = at - 1000")
    for _ in range(5):
        corpus.add_batch([document("new", f"Nothing of it: {corpus.view.version}.")])


def until(holds: Callable[[], bool], seconds: float = 30) -> float:
    started = time.monotonic()
    while not holds():
        assert time.monotonic() - started < seconds
        time.sleep(0.02)
    return time.monotonic() - started


def ready(server: Server) -> int:
    return server.call("GET", "/health/ready")[0]


@pytest.mark.parametrize(
    "options", [{"encoder": OtherEncoder()}, {"chunking": Chunking(tokens=20)}]
)
def test_a_server_whose_corpus_is_re_indexed_answers_nothing_until_it_is_its_own_again(
    server: Server, options: dict[str, Any]
) -> None:
    with another(server, reindexing=True, **options) as other:
        other.reindex()
        for step in (lambda: None, lambda: purged(other)):
            step()
            answers = [send(server, *read) for read in READS]
            assert [(status, body["code"]) for status, body in answers] == [
                (503, "mismatch")
            ] * len(READS)
    until(lambda: "re-indexed by another process" in server.log())
    with another(server, reindexing=True) as back:
        back.reindex()

    until(lambda: ready(server) == 200)
    status, verdict = send(server, "POST", "/v1/check", {"quote": TRUE})
    assert (status, verdict["verdict"]) == (200, "verbatim")
    assert send(server, "POST", "/v1/articles", {"id": "b", "text": "Bread."})[0] == 201
    assert send(server, "GET", "/v1/status?check=true", None)[1]["integrity"] == "ok"


def test_a_job_waits_until_the_corpus_is_its_own_again(server: Server) -> None:
    payload = json.dumps({"id": "queued", "text": "Tides turn twice a day."}).encode()
    with another(server, reindexing=True, encoder=OtherEncoder()) as other:
        server.process.send_signal(signal.SIGSTOP)
        other.reindex()
        job = Jobs(other, Limits()).submit([JobInput("line 1", payload)])
        server.process.send_signal(signal.SIGCONT)
        until(lambda: "the queue waits: the corpus was re-indexed" in server.log())
    with another(server, reindexing=True) as back:
        back.reindex()
    until(lambda: ready(server) == 200)

    until(lambda: server.call("GET", f"/v1/jobs/{job.id}")[1].get("state") == "done")
    quote = {"quote": "Tides turn twice a day."}
    assert send(server, "POST", "/v1/check", quote)[1]["verdict"] == "verbatim"


def test_a_server_that_was_stopped_while_its_rows_were_purged_answers_as_it_is_now(
    server: Server,
) -> None:
    """The first requests come before it has looked whether there is something new."""
    for number in range(3):
        server.process.send_signal(signal.SIGSTOP)
        text = f"The pilot boards at {number} o'clock."
        with another(server) as other:
            other.add_batch([document("pilots", text)])
            purged(other)
        server.process.send_signal(signal.SIGCONT)

        status, verdict = send(server, "POST", "/v1/check", {"quote": text})
        assert (status, verdict["verdict"]) == (200, "verbatim")
        assert send(server, "GET", "/v1/articles/pilots", None)[1]["text"] == text


@pytest.mark.slow
def test_the_documented_repair_beside_a_server_of_another_model(server: Server) -> None:
    """`qa reindex` with the model that everybody has, and a purge."""
    server.env["QA_MODEL"] = "all-MiniLM-L6-v2"
    assert server.qa("reindex").returncode == 0
    assert until(lambda: ready(server) == 503) < 1
    for read in READS:
        status, body = send(server, *read)
        assert (status, body["code"]) == (503, "mismatch")
    with Corpus.open(Path(server.env["QA_DATA"])) as other:
        purged(other)
        assert other.check(TRUE).verdict == "verbatim"

    for read in READS:
        status, body = send(server, *read)
        assert (status, body["code"]) == (503, "mismatch")


def test_damage_is_an_error_that_says_what_mends_it(server: Server) -> None:
    with another(server) as other, sql(other) as db:
        db.execute("UPDATE articles SET text = replace(text, 'dawn', 'dusk')")

    for method, path, body in READS[1:3]:
        status, problem = send(server, method, path, body)
        assert (status, problem["code"]) == (500, "corpus_broken")
        assert problem["detail"] == (
            "the text of article 'pilots' is not what was stored: "
            "restore it from a backup, or add the article again"
        )
    assert "Traceback" not in server.log()
    added = send(server, "POST", "/v1/articles", {"id": "pilots", "text": TRUE})
    assert (added[0], added[1]["status"]) == (200, "replaced")
    assert send(server, *READS[1])[1]["verdict"] == "verbatim"
    assert send(server, "GET", "/v1/status?check=true", None)[1]["integrity"] == "ok"
