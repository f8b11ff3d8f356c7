"""More requests than can be worked on at a time."""

import asyncio
import http.client
import json
import socket
import threading
import time

import pytest

import embeddings
from qa.api import create_app, overload
from qa.api.overload import _Bytes
from qa.errors import Overloaded
from qa.settings import Settings


class Held:
    """The hash encoder, but a question is encoded only once it is let go."""

    def __init__(self):
        self._encoder = embeddings.HashEncoder()
        self.holding = False
        self.begun, self.go = threading.Semaphore(0), threading.Event()

    def __getattr__(self, name):
        return getattr(self._encoder, name)

    def encode_queries(self, texts):
        if self.holding:
            self.begun.release()
            assert self.go.wait(20)
        return self._encoder.encode_queries(texts)


@pytest.fixture
def held(monkeypatch):
    encoder = Held()
    monkeypatch.setattr(embeddings, "load", lambda _: encoder)
    yield encoder
    encoder.go.set()


def asking(footnote, count):
    """Threads that each ask a question, and the statuses as they come."""
    statuses = []

    def ask():
        statuses.append(footnote.post("/v1/ask", {"question": "Who guides ships?"}).status_code)

    threads = [threading.Thread(target=ask, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    return threads, statuses


def until(true):
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end
        time.sleep(0.005)


def busy(footnote, kind, wanted):
    """Until so many requests of a kind are being worked on."""
    layer = footnote.client.app.middleware_stack
    while not hasattr(layer, kind):
        layer = getattr(layer, "_app", None) or layer.app
    places = getattr(layer, kind)
    until(lambda: places.limit - places.free == wanted)


def test_beyond_the_limit_it_is_refused_at_once_and_later_taken_again(serving, held, pilots):
    footnote = serving(max_concurrent=2)
    footnote.add(**pilots)
    held.holding = True
    threads, statuses = asking(footnote, 2)
    busy(footnote, "_reading", 2)

    for refused in (
        footnote.post("/v1/ask", {"question": "And I?"}),
        footnote.get("/v1/ask?q=And+I"),
        footnote.post("/v1/related", {"text": "ships"}),
        footnote.post("/v1/check", {"quote": "A harbour pilot guides ships."}),
    ):
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")
        assert refused.headers["Content-Type"] == "application/problem+json"
        assert refused.headers["X-Request-ID"] == refused.json()["request_id"]
        assert refused.json()["code"] == "overloaded"
        assert refused.json()["detail"] == (
            "2 requests are being worked on: try again in a second, or raise QA_MAX_CONCURRENT"
        )
    held.go.set()
    for thread in threads:
        thread.join(20)
    assert statuses == [200, 200]
    assert footnote.ask("Who guides ships?")["answered"]


def test_probes_metrics_and_jobs_are_never_refused(serving, held, pilots):
    footnote = serving(max_concurrent=1)
    footnote.add(**pilots)
    job = footnote.add_lines(b'{"id": "b", "text": "Bread is baked."}')["id"]
    held.holding = True
    threads, _ = asking(footnote, 1)
    busy(footnote, "_reading", 1)

    for path in ("/health/live", "/health/ready", "/metrics", f"/v1/jobs/{job}", "/openapi.json"):
        assert footnote.get(path).status_code == 200
    assert footnote.get("/v1/articles").status_code == 503
    assert footnote.add(id="c", text="Writes have places of their own.")["status"] == "added"
    held.go.set()
    for thread in threads:
        thread.join(20)


def test_writes_beyond_the_limit_are_refused_and_leave_room_for_questions(serving, pilots):
    footnote = serving(max_concurrent=1)
    footnote.add(**pilots)
    statuses = []

    def write():
        answer = footnote.post("/v1/articles", {"id": "b", "text": "Bread is baked."})
        statuses.append(answer.status_code)

    with footnote.corpus.storage.lock.held():
        thread = threading.Thread(target=write, daemon=True)
        thread.start()
        busy(footnote, "_writing", 1)

        for refused in (
            footnote.post("/v1/articles", {"id": "c", "text": "Not now."}),
            footnote.delete("/v1/articles/pilots"),
        ):
            assert (refused.status_code, refused.json()["code"]) == (503, "overloaded")
        assert footnote.ask("Who guides ships?")["answered"]
    thread.join(20)
    assert statuses == [201]
    assert footnote.add(id="d", text="There is room again.")["status"] == "added"


def test_questions_that_fail_give_their_place_back(serving):
    footnote = serving(max_concurrent=1)
    for body in ({"question": ""}, {"question": " "}, {"top_k": 0}, "{", ["x"]) * 3:
        assert footnote.post("/v1/ask", body).status_code == 422
    assert footnote.client.get("/v1/ask").status_code == 422
    assert footnote.ask("Is there room?")["passages"] == []


def test_questions_that_wait_are_encoded_together(serving, held, pilots):
    footnote = serving()
    footnote.add(**pilots)
    batches = []
    encode_queries = held.encode_queries
    held.encode_queries = lambda texts: batches.append(len(texts)) or encode_queries(texts)
    held.holding = True
    threads, statuses = asking(footnote, 9)
    assert held.begun.acquire(timeout=20)
    until(lambda: len(footnote.corpus._encode_question._waiting) == 8)
    held.go.set()
    for thread in threads:
        thread.join(20)

    assert statuses == [200] * 9
    assert batches == [1, 8]


def test_metrics_tell_the_stages_of_questions_and_additions(serving, pilots):
    footnote = serving()
    footnote.add(**pilots)
    for _ in range(3):
        footnote.ask("Who guides ships?")
    metrics = footnote.get("/metrics").text

    for stage in ("encode", "dense", "lexical", "read", "rank", "mark", "write", "whole"):
        assert f'footnote_stage_seconds_count{{stage="{stage}",work="ask"}} 3.0' in metrics
    assert 'stage="publish"' in metrics
    assert "process_cpu_seconds_total" in metrics


def test_a_client_that_sends_slowly_holds_no_place(server_with):
    server = server_with(QA_MAX_CONCURRENT="1")
    server.start()
    head = b"POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    body = json.dumps({"question": "Who is slow?"}).encode()
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as slow:
        slow.sendall(head + f"Content-Length: {len(body)}\r\n\r\n".encode() + body[:-1])
        status, answer = server.call(
            "POST",
            "/v1/ask",
            json.dumps({"question": "Who?"}),
            **{"Content-Type": "application/json"},
        )
        assert (status, answer["passages"]) == (200, [])
        slow.sendall(body[-1:])
        assert slow.recv(12) == b"HTTP/1.1 200"


def test_an_answer_on_a_connection_that_is_kept_open_is_sent_at_once(server_with):
    """Without TCP_NODELAY each took 40 ms more, from the second on."""
    server = server_with()
    server.start()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    took = []
    for _ in range(20):
        started = time.perf_counter()
        connection.request("GET", "/openapi.json")
        connection.getresponse().read()
        took.append(time.perf_counter() - started)
    connection.close()

    assert sorted(took)[5] < 0.03


def test_as_many_threads_as_places_are_there(serving):
    from anyio import to_thread

    footnote = serving(max_concurrent=50)
    portal = footnote.client.portal
    tokens = portal.call(lambda: to_thread.current_default_thread_limiter().total_tokens)
    assert tokens == 108


def test_the_limit_is_that_of_the_settings():
    app = create_app(Settings(model="hash", _env_file=None, max_concurrent=7))
    [limit] = [m.kwargs["limit"] for m in app.user_middleware if "Overload" in repr(m.cls)]
    assert limit == 7


# --- bytes in preparation -------------------------------------------------------------


def in_turn(most, *sizes):
    """What `_Bytes` lets in: sizes are taken in this order, and given back one after the other."""

    async def run():
        budget, order = _Bytes(most), []

        async def prepare(number, size):
            await budget.take(size)
            order.append(number)

        tasks = [asyncio.create_task(prepare(*numbered)) for numbered in enumerate(sizes)]
        steps = []
        for given_back in range(len(sizes)):
            for _ in range(5):
                await asyncio.sleep(0)
            steps.append(tuple(order))
            budget.give_back(sizes[order[given_back]])
        await asyncio.gather(*tasks)
        assert (budget._used, budget._queued) == (0, 0)
        return steps

    return asyncio.run(run())


def test_bytes_are_let_in_first_come_first_served():
    assert in_turn(10, 4, 6, 1) == [(0, 1), (0, 1, 2), (0, 1, 2)]
    # Seven do not fit beside four; one would, but came later.
    assert in_turn(10, 4, 7, 1) == [(0,), (0, 1, 2), (0, 1, 2)]
    # More than all of it goes in alone.
    assert in_turn(10, 25, 1, 12, 9) == [(0,), (0, 1), (0, 1, 2), (0, 1, 2, 3)]


def test_more_bytes_than_may_wait_are_refused_at_once():
    async def run():
        budget = _Bytes(10)
        await budget.take(10)
        waiting = [asyncio.create_task(budget.take(20)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(Overloaded, match="articles of 10 bytes are being prepared"):
            await budget.take(1)
        waiting[0].cancel()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert (budget._used, budget._queued) == (10, 20)
        budget.give_back(10)
        await waiting[1]
        assert (budget._used, budget._queued) == (20, 0)

    asyncio.run(run())


def test_large_articles_wait_for_one_another_and_not_for_long(serving, monkeypatch):
    monkeypatch.setattr(overload, "WAIT_SECONDS", 0.3)
    footnote = serving(max_pending_bytes=1000)
    statuses = []

    def write(id_, size):
        answer = footnote.post("/v1/articles", {"id": id_, "text": "word " * size})
        statuses.append((id_, answer.status_code, answer.headers.get("Retry-After")))

    with footnote.corpus.storage.lock.held():
        first = threading.Thread(target=write, args=("large", 900))
        first.start()
        busy(footnote, "_writing", 1)
        write("second", 1)
        assert footnote.get("/v1/articles").status_code == 200
    first.join(20)

    assert statuses == [("second", 503, "1"), ("large", 201, None)]
    write("third", 900)
    assert statuses[2] == ("third", 201, None)
    assert [a["id"] for a in footnote.get("/v1/articles").json()["articles"]] == ["large", "third"]
