"""Who adds on one server and asks another finds what was added: generations are waited for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

from qa.api import arrivals
from qa.corpus import Corpus
from qa.errors import Behind, InvalidInput
from tests.api.conftest import PILOTS, Footnote, Serving

QUESTION = {"question": "Who guides ships?"}


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow machine may take longer than a second."""
    monkeypatch.setattr(arrivals, "AWAITED_SECONDS", 60.0)


@contextmanager
def nothing_followed(footnote: Footnote) -> Iterator[None]:
    """As if this server could not catch up: somebody has the lock that it takes to do so."""
    with footnote.corpus.storage.lock.held():
        yield


def stored_by_another(footnote: Footnote) -> int:
    """Takes an article out in the store, as another server does; gives the generation of that."""
    with footnote.corpus.storage.store.changing() as change:
        change.retire(["pilots"])
        return change.generation


@pytest.fixture
def two(serving: Serving, tmp_path: Any) -> tuple[Footnote, Footnote]:
    """Two servers on one corpus."""
    return serving(data=tmp_path / "shared"), serving(data=tmp_path / "shared")


def test_an_addition_says_its_generation_and_another_server_answers_at_it(
    two: tuple[Footnote, Footnote], patient: None
) -> None:
    one, other = two
    for number in range(1, 6):
        article = {**PILOTS, "id": f"p{number}", "text": f"Pilot {number} guides ship {number}."}
        added = one.add(**article)
        assert added["generation"] == number
        answer = other.ask(f"ship {number}", min_generation=added["generation"])
        assert answer["index"]["generation"] >= number
        assert answer["passages"][0]["article_id"] == f"p{number}"
    assert one.add(**article)["generation"] == 5  # unchanged: it is in that


def wants(path: str, **body: Any) -> Callable[[Footnote, int], Any]:
    return lambda footnote, least: footnote.post(path, {**body, "min_generation": least})


def gets(path: str) -> Callable[[Footnote, int], Any]:
    sign = "&" if "?" in path else "?"
    return lambda footnote, least: footnote.get(f"{path}{sign}min_generation={least}")


READS = {
    "ask": wants("/v1/ask", **QUESTION),
    "link": gets("/v1/ask?q=ships"),
    "related": wants("/v1/related", text="A harbour pilot guides ships."),
    "check": wants("/v1/check", quote="The pilot boards at dawn"),
    "draft": wants("/v1/check/text", text="“The pilot boards at dawn,” he said."),
    "report": wants("/v1/check/text/report", text="“The pilot boards at dawn,” he said."),
    "articles": gets("/v1/articles"),
    "article": gets("/v1/articles/pilots"),
    "raw": gets("/v1/articles/pilots/raw"),
    "passage": gets("/v1/passages/pilots.7d5ce6bd.0-55"),
    "near": gets("/v1/passages/pilots.7d5ce6bd.0-55/related"),
    "asked": lambda footnote, least: footnote.post(
        "/v1/ask/batch", {"questions": ["ships", {**QUESTION, "min_generation": least}]}
    ),
    "checked": lambda footnote, least: footnote.post(
        "/v1/check/batch", {"quotes": [{"quote": "at dawn", "min_generation": least}]}
    ),
}


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_every_read_takes_the_generation_that_it_is_to_be_of(
    harbour: Footnote, read: Callable[[Footnote, int], Any]
) -> None:
    assert read(harbour, 1).status_code == 200
    for nonsense in (-1, 2**53, 10**400):
        answer = read(harbour, nonsense)
        problems = [item["problem"] for item in answer.json().get("items", ())]  # of a batch
        assert 422 in (answer.status_code, *(one["status"] for one in problems if one))
    refused = read(harbour, 2)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")
    assert (refused.json()["code"], refused.json()["detail"]) == (
        "behind",
        "generation 2 is asked for (1 is the newest that is stored), and this server is at 1: ask "
        "again in a second",
    )


def test_answers_say_which_generation_they_are_of(footnote: Footnote) -> None:
    footnote.add(**PILOTS)
    assert footnote.ask("ships")["index"]["generation"] == 1
    answers = {name: READS[name](footnote, 1).json() for name in ("related", "check", "draft")}
    assert {name: said["generation"] for name, said in answers.items()} == dict.fromkeys(answers, 1)
    assert "generation" not in answers["draft"]["quotations"][0]
    job = footnote.add_lines(b'{"id": "a", "text": "One."}\n{"id": "b", "text": "Two."}\n')
    assert (job["state"], job["generation"]) == ("done", 2)
    changed = footnote.client.patch("/v1/articles/pilots", json={"author": "Ana"})
    assert changed.headers["X-Generation"] == "3"
    assert footnote.delete("/v1/articles/pilots").headers["X-Generation"] == "4"


def test_who_waits_is_answered_as_soon_as_it_is_there(footnote: Footnote, patient: None) -> None:
    footnote.add(**PILOTS)
    with ThreadPoolExecutor(1) as beside:
        with nothing_followed(footnote):
            least = stored_by_another(footnote)
            answer = beside.submit(READS["articles"], footnote, least)
            waiting = footnote.client.app.state.service.arrivals._waiting  # type: ignore[attr-defined]
            while not waiting:
                time.sleep(0.001)
        assert answer.result(30).json()["articles"] == []


def test_what_does_not_come_in_a_second_is_behind(footnote: Footnote) -> None:
    footnote.add(**PILOTS)
    with nothing_followed(footnote):
        least = stored_by_another(footnote)
        with ThreadPoolExecutor(1) as beside:
            refused = beside.submit(READS["ask"], footnote, least).result(30)
    assert (refused.status_code, refused.json()["detail"]) == (
        503,
        f"generation {least} is asked for, and this server is at 1: ask again in a second",
    )


def test_those_who_wait_take_no_place_of_others(serving: Serving) -> None:
    footnote = serving(max_concurrent=2)
    footnote.add(**PILOTS)
    with ThreadPoolExecutor(20) as beside:
        waiting = [beside.submit(READS["ask"], footnote, 7) for _ in range(20)]
        held = footnote.client.app.state.service.arrivals  # type: ignore[attr-defined]
        until = time.monotonic() + 60
        while len(held._waiting) < 3 and not waiting[0].done():
            assert time.monotonic() < until
            time.sleep(0.001)
        answered = footnote.post("/v1/ask", QUESTION).status_code
        codes = {one.result(60).json()["code"] for one in waiting}
    assert answered == 200
    assert codes == {"behind"}
    assert threading.active_count() < 200


def test_python_waits_as_well(footnote: Footnote) -> None:
    corpus: Corpus = footnote.corpus
    footnote.add(**PILOTS)
    assert corpus.ask("ships", min_generation=1).generation == 1
    assert corpus.related(text="ships", min_generation=1).generation == 1
    assert corpus.check("at dawn", min_generation=1).generation == 1
    with pytest.raises(Behind):
        corpus.ask("ships", min_generation=2)
    for asks in (corpus.ask, corpus.check, corpus.check_text):
        with pytest.raises(InvalidInput):
            asks("ships", min_generation=-1)
    assert corpus.lag().behind == 0
