"""kill -9, again and again: whatever was acknowledged is there afterwards, and exactly."""

import http.client
import json
import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qa import Corpus
from tests.reliability.server import Server

pytestmark = pytest.mark.slow

SEED = 1244
KILLS = 20
ALONE, JOBS, LINES = 300, 34, 50  # 2,000 articles


class Sender(threading.Thread):
    """Sends each input until it is acknowledged, and then never again."""

    def __init__(self, server: Server, inputs: list[list[dict[str, Any]]]) -> None:
        super().__init__(daemon=True)
        self.up = threading.Event()
        self.acknowledged = 0  # inputs
        self.alone: set[str] = set()  # ids of articles
        self.jobs: dict[str, list[str]] = {}  # ids of jobs and of their articles
        self.unexpected: list[tuple[int, dict[str, Any]]] = []
        self._server = server
        self._inputs = inputs

    def run(self) -> None:
        for articles in self._inputs:
            while not self._sent(articles):
                time.sleep(0.01)
                self.up.wait(60)
            self.acknowledged += 1

    def _sent(self, articles: list[dict[str, Any]]) -> bool:
        body = "\n".join(map(json.dumps, articles))
        kind = "application/json" if len(articles) == 1 else "application/x-ndjson"
        try:
            status, answer = self._server.call("POST", "/v1/articles", body, kind)
        except (OSError, http.client.HTTPException, ValueError):  # cut off: nothing was promised
            return False
        if status in (200, 201) and len(articles) == 1:
            self.alone.add(answer["id"])
        elif status == 202:
            self.jobs[answer["id"]] = [article["id"] for article in articles]
        elif status != 503:
            self.unexpected.append((status, answer))
        return status in (200, 201, 202)


def inputs(chance: random.Random) -> list[list[dict[str, Any]]]:
    articles = [
        {
            "id": f"n{n:04}",
            "title": f"Lighthouse {n}",
            "text": f"Lighthouse {n} 🚢 stands on rock {n * 7919 % 2003}.\n"
            + " ".join(f"In year {year} it was seen {n * year} times." for year in range(1, 9)),
        }
        for n in range(ALONE + JOBS * LINES)
    ]
    alone = [[article] for article in articles[:ALONE]]
    many = [articles[at : at + LINES] for at in range(ALONE, len(articles), LINES)]
    mixed = alone + many
    chance.shuffle(mixed)
    return mixed


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    started = Server(tmp_path)
    started.start()
    yield started
    started.kill()


def test_whatever_was_acknowledged_survives_twenty_kills(server):
    chance = random.Random(SEED)
    sent = inputs(chance)
    sender = Sender(server, sent)
    sender.up.set()
    sender.start()
    for moment in sorted(chance.sample(range(1, len(sent)), KILLS)):
        wait_for(lambda moment=moment: sender.acknowledged >= moment)
        time.sleep(chance.uniform(0, 0.1))
        sender.up.clear()
        server.kill()
        alone, jobs = set(sender.alone), list(sender.jobs)

        server.start()
        status = server.get("/v1/status?check=true")
        assert (status["integrity"], status["problems"]) == ("ok", []), server.log()
        assert alone <= server.articles()
        for job in jobs[-3:]:
            assert server.get(f"/v1/jobs/{job}")["total"] == LINES
        sender.up.set()

    sender.join(60)
    assert sender.unexpected == []
    assert sender.acknowledged == len(sent) == ALONE + JOBS
    for job in sender.jobs:
        ended = wait_for(lambda job=job: done(server, job))
        assert ended == {**ended, "state": "done", "done": LINES, "problems": []}
        # Unchanged when the same lines were kept before, and the kill took only the answer.
        assert ended["counts"] in ({"added": LINES}, {"unchanged": LINES})

    articles = {article["id"]: article for part in sent for article in part}
    assert server.articles() == articles.keys()
    assert server.get("/v1/status?check=true")["integrity"] == "ok"
    for id_ in chance.sample(sorted(articles), 50):
        assert_exact(server, articles[id_])
    server.stop()
    with Corpus.open(server.folder / "data", model="hash") as corpus:
        assert corpus.storage.published.repairs == []
        for id_, article in articles.items():
            stored = corpus.article(id_)
            assert stored.article.text == article["text"]
            passages = corpus.passages_of(stored)
            assert "".join(article["text"].split()) == "".join(
                "".join(passage.text.split()) for passage in passages
            )


def assert_exact(server: Server, article: dict[str, Any]) -> None:
    """The article is as it was sent, and a question finds it with its exact place."""
    found = server.get(f"/v1/articles/{article['id']}")
    assert (article["text"], article["title"]) == (found["text"], found["title"])
    question = article["title"].replace(" ", "%20")
    answer = server.get(f"/v1/ask?q={question}&mode=lexical&top_k=20")
    places = [place for place in answer["passages"] if place["article_id"] == article["id"]]
    assert places
    for place in places:
        assert found["text"][place["start"] : place["end"]] == place["text"]


def done(server: Server, job: str) -> dict[str, Any] | None:
    found = server.get(f"/v1/jobs/{job}")
    return found if found["state"] in ("done", "failed") else None


def wait_for(condition: Any) -> Any:
    until = time.monotonic() + 60
    while not (found := condition()):
        assert time.monotonic() < until
        time.sleep(0.002)
    return found
