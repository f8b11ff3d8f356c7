"""Many questions or quotes in one request: as many single ones, and no more work than may be."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from qa.api.overload import BATCH_PLACES
from qa.request_limits import MAX_BATCH_CHARACTERS, MAX_BATCH_WANTED, MAX_OFFSET
from tests.api.conftest import PILOTS

TIDES = {"id": "tides", "title": "Tides", "text": "The tide turns at noon. The ferry waits."}
QUESTIONS = [
    "Who guides ships?",
    {"question": "When does the tide turn?", "top_k": 1, "expand": "neighbours"},
    {"question": "Who boards at dawn?", "filters": {"publishers": ["Nobody"]}},
    {"question": '"harbour pilot" -ferry', "mode": "lexical", "max_tokens": 5},
    {"question": "zebra quagga", "min_score": 0.5, "sort": "-published"},
]


@pytest.fixture(scope="module")
def served(serving_module: Any) -> Any:
    footnote = serving_module()
    footnote.add(**PILOTS)
    footnote.add(**TIDES)
    return footnote


def asked(served: Any, questions: list[Any]) -> list[Any]:
    answer = served.post("/v1/ask/batch", {"questions": questions})
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def untimed(answer: dict[str, Any]) -> dict[str, Any]:
    return {**answer, "took_ms": 0}


def test_each_question_is_answered_as_if_it_were_asked_alone(served):
    items = asked(served, QUESTIONS)

    for sent, item in zip(QUESTIONS, items, strict=True):
        alone = served.ask(**(sent if isinstance(sent, dict) else {"question": sent}))
        assert item["problem"] is None
        assert untimed(item["result"]) == untimed(alone)


def test_each_quote_is_checked_as_if_it_were_checked_alone(served):
    quotes = [
        "The pilot boards at dusk",
        {"quote": "The tide turns at noon", "article_id": "tides"},
        {"quote": "The pilot boards at dawn", "speaker": "Ana Kovač"},
    ]
    answer = served.post("/v1/check/batch", {"quotes": quotes}).json()

    for sent, item in zip(quotes, answer["items"], strict=True):
        alone = served.post("/v1/check", sent if isinstance(sent, dict) else {"quote": sent})
        assert untimed(item["result"]) == untimed(alone.json())


def test_a_bad_one_has_its_own_problem_and_the_others_are_answered(served):
    bad = [
        ({"question": ""}, "invalid_request"),
        ({"question": "Who?", "top_k": 1000, "colour": "red"}, "invalid_request"),
        ({"top_k": 1}, "invalid_request"),
        (None, "invalid_request"),
        (["Who?"], "invalid_request"),
        ("x" * 2_001, "invalid_request"),
        (" ", "empty"),
        ("-ferry", "empty"),
        ({"question": "Who?", "filters": {"published_from": "2024-13"}}, "invalid_date"),
    ]
    items = asked(served, [*(one for one, _ in bad), "Who guides ships?"])

    assert [item["problem"]["code"] for item in items[:-1]] == [code for _, code in bad]
    assert {item["problem"]["status"] for item in items[:-1]} == {422}
    assert all(item["result"] is None for item in items[:-1])
    assert items[-1]["result"]["answered"]
    assert [e["field"] for e in items[1]["problem"]["errors"]] == ["top_k", "colour"]
    assert items[2]["problem"]["detail"] == "question: Field required"


def test_a_quote_of_what_is_not_there_has_its_own_problem(served):
    passage = served.ask("Who guides ships?")["passages"][0]["id"]
    quotes = [
        {"quote": "at noon", "article_id": "none"},
        {"quote": "at noon", "passage_id": "none.12345678.0-9"},
        {"quote": "at noon", "passage_id": passage, "article_id": "tides"},
        {"quote": "The tide turns at noon"},
    ]
    items = served.post("/v1/check/batch", {"quotes": quotes}).json()["items"]

    codes = [item["problem"] and item["problem"]["code"] for item in items]
    assert codes == ["article_not_found", "article_not_found", "passage_of_other", None]
    assert items[0]["problem"]["status"] == 404
    assert items[3]["result"]["verdict"] == "verbatim"


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("/v1/ask/batch", {"questions": []}, 422, "invalid_request"),
        ("/v1/ask/batch", {"questions": ["Who?"] * 101}, 422, "invalid_request"),
        ("/v1/ask/batch", {"questions": "Who?"}, 422, "invalid_request"),
        ("/v1/ask/batch", {"questions": ["Who?"], "top_k": 3}, 422, "invalid_request"),
        ("/v1/check/batch", {"quotes": ["at noon"] * 101}, 422, "invalid_request"),
        ("/v1/ask/batch", {"questions": ["x" * 2000] * 11}, 413, "too_large"),
        (
            "/v1/ask/batch",
            {"questions": [{"question": "Who?", "offset": MAX_OFFSET, "top_k": 60}] * 2},
            413,
            "too_large",
        ),
    ],
)
def test_a_batch_that_is_too_much_is_refused_as_a_whole(served, path, body, status, code):
    answer = served.post(path, body)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_the_limits_on_work_hold_for_all_of_them_together(served):
    most = {"question": "ferry", "offset": MAX_OFFSET, "top_k": 100}
    assert MAX_OFFSET + 100 == MAX_BATCH_WANTED
    assert len(asked(served, [most])) == 1
    assert len(asked(served, ["x" * 200] * (MAX_BATCH_CHARACTERS // 200))) == 100


def test_they_are_answered_at_one_moment_while_articles_come_in(served):
    stop = threading.Event()

    def add() -> None:
        for n in range(200):
            if stop.is_set():
                return
            served.add(id=f"more-{n % 5}", text=f"Ship number {n} sails at dawn.")

    adding = threading.Thread(target=add)
    adding.start()
    try:
        for _ in range(5):
            items = asked(served, ["Which ship sails?"] * 20)
            assert len({item["result"]["index"]["generation"] for item in items}) == 1
    finally:
        stop.set()
        adding.join()
        for n in range(5):
            served.delete(f"/v1/articles/more-{n}")


def test_what_there_was_no_time_for_says_so(serving):
    footnote = serving(batch_seconds=1e-9)
    footnote.add(**PILOTS)
    (asked_,) = footnote.post("/v1/ask/batch", {"questions": ["Who?"]}).json()["items"]
    (checked,) = footnote.post("/v1/check/batch", {"quotes": ["at dawn"]}).json()["items"]

    for item in (asked_, checked):
        assert item["result"] is None
        assert (item["problem"]["status"], item["problem"]["code"]) == (503, "overloaded")


def test_batches_have_places_of_their_own(serving):
    """A tenth of those of single questions: too many are refused, and questions are answered."""
    footnote = serving(max_concurrent=BATCH_PLACES)
    footnote.add(**PILOTS)
    begun, go, encoder = threading.Event(), threading.Event(), footnote.corpus.encoder
    encode = encoder.encode_queries

    def waiting(texts: Any) -> Any:
        begun.set()
        assert go.wait(10)
        return encode(texts)

    encoder.encode_queries = waiting
    answers: list[Any] = []
    first = threading.Thread(
        target=lambda: answers.append(asked(footnote, ["Who guides ships?"] * 3))
    )
    first.start()
    try:
        assert begun.wait(10)
        second = footnote.post("/v1/check/batch", {"quotes": ["at dawn"]})
        alone = footnote.post("/v1/check", {"quote": "The pilot boards at dawn"})
    finally:
        go.set()
        first.join(10)
        encoder.encode_queries = encode

    assert (second.status_code, second.json()["code"]) == (503, "overloaded")
    assert second.headers["Retry-After"] == "1"
    assert alone.json()["verdict"] == "verbatim"
    assert [item["result"]["answered"] for item in answers[0]] == [True] * 3
    assert len(asked(footnote, ["Who?"])) == 1  # the place is free again


def test_a_service_that_cannot_answer_refuses_the_whole(serving):
    footnote = serving()
    footnote.client.app.state.service.announce_stop()
    answer = footnote.post("/v1/ask/batch", {"questions": ["Who?"]})

    assert (answer.status_code, answer.json()["code"]) == (503, "shutting_down")


def test_a_key_that_may_only_read_may_ask_many(serving):
    footnote = serving(api_keys=f"desk:ro:{'k' * 20}")
    headers = {"Authorization": f"Bearer {'k' * 20}"}
    for path, body in (("ask", {"questions": ["Who?"]}), ("check", {"quotes": ["at dawn"]})):
        answer = footnote.post(f"/v1/{path}/batch", body, headers=headers)
        assert answer.status_code == 200, answer.text
