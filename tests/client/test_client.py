"""The client against a real service, and against one that has no room."""

import json
import runpy
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import anyio
import pytest
from footnote import (
    AsyncClient,
    Client,
    FootnoteError,
    InvalidRequest,
    NotAllowed,
    NotFound,
    SourceChanged,
    Unavailable,
    models,
)
from footnote.batches import batches
from footnote.retrieved import retrieved

from tests.api.conftest import PILOTS, Server, servers_in

ROOT = Path(__file__).parents[2]
KEY = "read-write-0123456789"
READING = "read-only-0123456789"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with servers_in(tmp_path_factory.mktemp("client")) as make:
        server = make(QA_API_KEYS=f"desk:ro:{READING}, newsroom:rw:{KEY}")
        server.start()
        yield server


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    with Client(f"http://127.0.0.1:{server.port}/", key=KEY) as opened:
        for article in list(opened.articles()):
            opened.remove_article(article.id)
        yield opened


def test_an_article_is_added_asked_checked_corrected_and_removed(client):
    added = client.add_article(PILOTS)
    assert (added.id, added.status, added.passages) == ("pilots", "added", 1)

    answer = client.ask("Who guides ships?", top_k=1, filters={"publishers": [PILOTS["publisher"]]})
    (hit,) = answer.passages
    assert isinstance(hit, models.HitOut)
    assert (hit.text, hit.source.author) == (PILOTS["text"], "Ana Kovač")
    assert client.passage(hit.id).citation == hit.citation
    assert client.ask("Who?", filters=models.FiltersIn(languages=["sr"])).passages == []

    assert client.check_quote("The pilot boards at dawn").verdict == "verbatim"
    report = client.check_text(f"It says: “The pilot boards at dusk.” [{hit.id}]")
    assert [found.verdict for found in report.quotations] == ["altered"]

    assert client.edit_article("pilots", author="Bo Lind", url=None).author == "Bo Lind"
    assert client.article("pilots").url is None
    assert client.raw("pilots") == str(PILOTS["text"]).encode()
    client.remove_article("pilots")
    with pytest.raises(NotFound, match="there is no article 'pilots'") as refused:
        client.article("pilots")
    assert (refused.value.code, refused.value.status) == ("article_not_found", 404)
    assert refused.value.request_id


def test_many_are_asked_and_checked_a_hundred_in_a_request(client):
    client.add_article(PILOTS)
    asked = client.ask_many(
        ["Who guides ships?", {"question": "Who boards?", "top_k": 1}, "", *["Who?"] * 100],
        top_k=2,
        filters={"article_ids": ["pilots"]},
    )
    first, second, third, *others = asked

    assert (len(asked), {type(one) for one in others}) == (103, {models.AskOut})
    assert isinstance(first, models.AskOut)
    assert isinstance(second, models.AskOut)
    assert first.passages[0].text == second.passages[0].text == PILOTS["text"]
    assert isinstance(third, InvalidRequest)
    assert third.fields[0]["field"] == "question"

    gone = {"quote": "at dawn", "article_id": "none"}
    right, wrong = client.check_quotes(["The pilot boards at dawn", models.CheckIn(**gone)])
    assert right.verdict == "verbatim"
    assert isinstance(wrong, NotFound)


def test_no_request_asks_for_more_than_a_batch_may():
    def sizes(questions: list[Any], **options: Any) -> list[int]:
        return [len(part) for part in batches("question", questions, options)]

    assert sizes([]) == []
    assert sizes(["Who?"] * 250) == [100, 100, 50]
    assert sizes(["x" * 2_000] * 25) == [10, 10, 5]
    assert sizes(["Who?"] * 3, offset=5_000, top_k=100) == [1, 1, 1]
    assert sizes(["Who?"] * 3, offset=4_900, top_k=100) == [2, 1]


def test_a_passage_is_given_within_its_paragraph(client):
    client.add_article(PILOTS)
    answer = client.ask("Who guides ships?", expand="paragraph", max_tokens=50)
    (hit,) = answer.passages
    assert client.passage(hit.id, expand="paragraph").expanded == hit.expanded
    (part,) = retrieved(answer)
    assert (part.id, part.text, part.start) == (hit.id, PILOTS["text"], 0)
    assert part.metadata["passage_ids"] == hit.id
    assert part.metadata["citation"] == hit.citation
    assert next(retrieved(client.ask("Who guides ships?"))).metadata["end"] == hit.end


def test_many_articles_are_added_in_a_job_and_listed_page_by_page(client, tmp_path):
    records = [{"id": f"a{n}", "text": f"Ferry number {n} sails."} for n in range(5)]
    job = client.wait(client.add_articles([*records, {"id": "x"}]), seconds=0.05)
    assert (job.state, job.counts) == ("done", {"added": 5, "refused": 1})
    assert [(p.origin, p.code) for p in job.problems] == [("line 6", "missing_text")]

    assert [a.id for a in client.articles(limit=2)] == ["a0", "a1", "a2", "a3", "a4"]
    assert job.id in [found.id for found in client.jobs(limit=1)]
    (tmp_path / "note.txt").write_text("The quay is closed.")
    job = client.wait(client.add_files([tmp_path / "note.txt"]).id)
    assert job.counts == {"added": 1}
    assert client.status()["counts"]["articles"] == 6


def test_what_cannot_be_taken_says_which_field(client):
    with pytest.raises(InvalidRequest) as refused:
        client.ask("", top_k=1000)
    assert refused.value.code == "invalid_request"
    assert {one["field"] for one in refused.value.fields} == {"question", "top_k"}


def test_a_passage_of_an_earlier_version_is_told_from_one_that_never_was(client):
    client.add_article(PILOTS)
    (passage,) = client.ask("Who guides ships?").passages
    client.add_article({**PILOTS, "text": "Pilots guide ships."})
    with pytest.raises(SourceChanged):
        client.passage(passage.id)


def test_a_key_that_may_only_read_is_refused_what_writes(server):
    with Client(f"http://127.0.0.1:{server.port}", key=READING) as reading:
        reading.ask("Who?")
        with pytest.raises(NotAllowed) as refused:
            reading.add_article(PILOTS)
    assert refused.value.code == "read_only_key"
    with Client(f"http://127.0.0.1:{server.port}") as stranger, pytest.raises(NotAllowed):
        stranger.ask("Who?")


def test_it_is_awaited_too(client, server):
    client.add_article(PILOTS)

    async def talk() -> tuple[str, list[str], str]:
        async with AsyncClient(f"http://127.0.0.1:{server.port}", key=KEY) as awaited:
            answer = await awaited.ask("Who guides ships?")
            ids = [article.id async for article in awaited.articles()]
            job = await awaited.wait(await awaited.add_articles([{"text": "A quay."}]))
            return answer.passages[0].text, ids, job.state

    assert anyio.run(talk) == (PILOTS["text"], ["pilots"], "done")


# --- a service that has no room ---


class Busy(BaseHTTPRequestHandler):
    """Has room for the third question alone."""

    asked = 0

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        type(self).asked += 1
        full = type(self).asked < 3
        body = b'{"code": "overloaded", "detail": "come back"}' if full else ANSWERED
        self.send_response(503 if full else 200)
        if full:
            self.send_header("Retry-After", "0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


ANSWERED = json.dumps(
    {"passages": [], "copies": [], "notes": [], "generation": 1, "newer": 1}
).encode()


@pytest.fixture
def busy() -> Iterator[str]:
    Busy.asked = 0
    with HTTPServer(("127.0.0.1", 0), Busy) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_service_that_has_no_room_is_asked_again(busy):
    with Client(busy) as client:
        found = client.related("ferry")
    assert (Busy.asked, found.passages) == (3, [])
    # What a newer service says besides is kept.
    assert (found.notes, found.model_extra) == ([], {"newer": 1})


def test_it_is_asked_no_more_often_than_is_wanted(busy):
    with Client(busy, retries=1) as client, pytest.raises(Unavailable, match="overloaded: come"):
        client.related("ferry")
    assert Busy.asked == 2


def test_an_answer_that_is_no_problem_is_an_error_all_the_same(busy):
    with Client(busy) as client, pytest.raises(FootnoteError, match="the service answered 501"):
        client.article("x")


# --- what it is made of ---


def test_it_needs_nothing_of_the_service() -> None:
    source = str(ROOT / "client" / "src")
    script = f"import sys; sys.path.insert(0, {source!r}); import footnote; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd="/"
    )
    loaded = {name.partition(".")[0] for name in run.stdout.split()}
    assert loaded & {"qa", "embeddings", "torch", "numpy", "fastapi"} == set()


def test_what_is_written_by_the_generator_is_what_it_would_write_now() -> None:
    made = runpy.run_path(str(ROOT / "client" / "generate.py"))
    folder, written = made["HERE"], made["written"]()
    assert {name: (folder / name).read_text("utf-8") for name in written} == written
