"""Filters, pages, orders and operators of a question, by POST and by link; nothing is ignored."""

import pytest

TRAMS = (
    {"id": "late", "text": "The tram of Senta is late.", "publisher": "Harbour Times"},
    {"id": "early", "text": "The tram of Senta is early.", "publisher": "Valley Post"},
    {"id": "new", "text": "The tram of Senta is new.", "published": "2024-05-02", "tags": ["rail"]},
    {
        "id": "old",
        "text": "The old tram line of Senta is gone.",
        "published": "2019",
        "author": "Lund",
    },
)


@pytest.fixture
def trams(footnote):
    for article in TRAMS:
        footnote.add(**article)
    return footnote


def ids(answer):
    assert answer.status_code == 200, answer.text
    return [passage["article_id"] for passage in answer.json()["passages"]]


@pytest.mark.parametrize(
    ("link", "body", "expected"),
    [
        ({"publisher": "valley post"}, {"publishers": ["valley post"]}, {"early"}),
        (
            {"publisher": ["Valley Post", "Harbour Times"]},
            {"publishers": ["Valley Post", "Harbour Times"]},
            {"early", "late"},
        ),
        ({"article_id": "new"}, {"article_ids": ["new"]}, {"new"}),
        ({"tag": "rail"}, {"tags": ["rail"]}, {"new"}),
        ({"author": "lund"}, {"authors": ["lund"]}, {"old"}),
        ({"published_from": "2020"}, {"published_from": "2020"}, {"new"}),
        ({"published_to": "2020"}, {"published_to": "2020"}, {"old"}),
        ({}, {}, {"late", "early", "new", "old"}),
    ],
)
def test_a_link_takes_the_filters_of_a_body(trams, link, body, expected):
    by_link = trams.get("/v1/ask", params={"q": "tram of Senta", **link})
    by_body = trams.post("/v1/ask", {"question": "tram of Senta", "filters": body})

    assert set(ids(by_link)) == set(ids(by_body)) == expected
    assert by_link.json()["passages"] == by_body.json()["passages"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"publishers": "Valley Post"},
        {"limit": 3},
        {"offset": -1},
        {"offset": 10_001},
        {"sort": "date"},
        {"group_by": "publisher"},
        {"time": "no"},
        {"published_from": "2020-13-45"},
    ],
)
def test_what_is_not_known_is_refused_by_name(trams, wrong):
    answer = trams.get("/v1/ask", params={"q": "tram", **wrong})

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert next(iter(wrong)) in answer.json()["detail"]


def test_a_post_takes_nothing_by_its_query(trams):
    answer = trams.post("/v1/ask?publisher=x", {"question": "tram"})

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_pages_orders_and_groups(trams):
    first = trams.get("/v1/ask", params={"q": "tram", "top_k": 3}).json()
    assert (first["offset"], first["next_offset"]) == (0, 3)
    second = trams.get("/v1/ask", params={"q": "tram", "top_k": 3, "offset": 3}).json()
    assert (second["offset"], second["next_offset"]) == (3, None)
    assert second["answer"] == first["answer"]
    assert {p["article_id"] for p in first["passages"] + second["passages"]} == {
        article["id"] for article in TRAMS
    }
    newest = trams.post("/v1/ask", {"question": "tram", "sort": "-published"})
    assert ids(newest)[:2] == ["new", "old"]
    assert ids(trams.post("/v1/ask", {"question": "tram", "sort": "published"}))[:2] == [
        *("old", "new")
    ]
    assert len(ids(trams.get("/v1/ask", params={"q": "tram", "group_by": "article"}))) == 4


def test_what_was_understood_is_said_and_may_be_left_out(trams):
    answer = trams.get("/v1/ask", params={"q": '"the tram" since 2020 -late'})

    assert set(ids(answer)) == {"early", "new"}
    assert answer.json()["understood"] == [
        {
            "kind": "phrase",
            "effect": "filter",
            "text": '"the tram"',
            "start": 0,
            "end": 10,
            "words": "the tram",
            "published_from": None,
            "published_to": None,
            "month": None,
            "stands": None,
        },
        {
            "kind": "since",
            "effect": "filter",
            "text": "since 2020",
            "start": 11,
            "end": 21,
            "words": "",
            "published_from": "2020",
            "published_to": None,
            "month": None,
            "stands": None,
        },
        {
            "kind": "without",
            "effect": "filter",
            "text": "-late",
            "start": 22,
            "end": 27,
            "words": "late",
            "published_from": None,
            "published_to": None,
            "month": None,
            "stands": None,
        },
    ]
    off = trams.post("/v1/ask", {"question": "tram since 2020", "time": "off"})
    assert (set(ids(off)), off.json()["understood"]) == ({"late", "early", "new", "old"}, [])
    alone = trams.post("/v1/ask", {"question": "-late"})
    assert (alone.status_code, alone.json()["code"]) == (422, "empty")
    assert "only says what is not wanted (late)" in alone.json()["detail"]
