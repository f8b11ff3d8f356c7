import json
from typing import Any

import numpy as np
import pytest

from embeddings.hashing import HashEncoder

PASSAGE = "pilots.7d5ce6bd.0-55"
TEXT = "A harbour pilot guides ships. The pilot boards at dawn."
SOURCE = {
    "article_id": "pilots",
    "title": "Harbour pilots",
    "url": "https://gazette.example/pilots",
    "publisher": "The Harbour Gazette",
    "author": "Ana Kovač",
    "authors": ["Ana Kovač"],
    "published": "2024-05-02",
    "language": "en",
    "page": None,
    "page_label": None,
    "time": None,
    "link": "/articles/pilots?start=0&end=55#cited",
}
CITATION = (
    "Ana Kovač, “Harbour pilots”, The Harbour Gazette, 2024-05-02, characters 0–55, "
    "https://gazette.example/pilots"
)


def cosine(question: str, passage: str) -> float:
    """Computed apart from the service, as the exact scores are to be."""
    one, other = HashEncoder().encode_passages([question, passage])
    return float(np.dot(one.vector, other.vector))


def ids(passages: list[dict[str, Any]]) -> set[str]:
    return {passage["article_id"] for passage in passages}


def without_time(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "took_ms"}


@pytest.mark.parametrize("way", ["POST", "GET"])
def test_reading_can_be_left_out_and_the_threshold_given(harbour, way):
    def ask(**options):
        if way == "POST":
            return harbour.post("/v1/ask", {"question": "Who guides ships?", **options})
        return harbour.get("/v1/ask", params={"q": "Who guides ships?", **options})

    plain = ask(rerank=False).json()
    assert (plain["answered"], plain["passages"][0]["id"]) == (True, PASSAGE)
    strict = ask(threshold=1).json()
    assert (strict["answered"], strict["answer"]) == (False, None)
    assert strict["confidence"] == ask().json()["confidence"]
    assert ask(threshold=1.5).status_code == ask(threshold="x").status_code == 422


# --- one article, every field ---------------------------------------------------------


def test_an_answer_has_exactly_these_fields_and_values(harbour):
    answer = harbour.ask("Who guides ships?")

    [passage] = answer.pop("passages")
    scores = passage.pop("scores")
    confidence, took = answer.pop("confidence"), answer.pop("took_ms")

    assert answer == {
        "question": "Who guides ships?",
        "answered": True,
        "reason": None,
        "answer": {
            "text": "A harbour pilot guides ships.",
            "article_id": "pilots",
            "passage_id": PASSAGE,
            "start": 0,
            "end": 29,
            "words": None,
            "speaker": None,
            "language": "en",
        },
        "context": None,
        "read": "off",
        "understood": [],
        "notes": [],
        "unread": "",
        "offset": 0,
        "next_offset": None,
        "index": {"generation": 1, "encoder": "hash"},
    }
    assert passage == {
        "id": PASSAGE,
        "article_id": "pilots",
        "start": 0,
        "end": 55,
        "text": TEXT,
        "language": "en",
        "score": 1.0,
        "highlights": [{"start": 0, "end": 29}],
        "source": SOURCE,
        "citation": CITATION,
        "also_in": [],
        "expanded": None,
    }
    assert {"dense", "lexical"} == set(scores)
    assert cosine("Who guides ships?", f"Harbour pilots\n{TEXT}") == pytest.approx(scores["dense"])
    assert scores["lexical"] > 0
    assert 0.5 < confidence <= 1
    assert took > 0


def test_a_link_asks_the_same_as_a_post(harbour):
    linked = harbour.get("/v1/ask", params={"q": "Who guides ships?", "top_k": 3, "mode": "dense"})

    posted = harbour.ask("Who guides ships?", top_k=3, mode="dense")
    assert linked.status_code == 200
    assert without_time(posted) == without_time(linked.json())


def test_what_is_not_answered_still_gets_the_nearest_passages_and_the_reason(harbour):
    answer = harbour.ask("Where do zebras graze?")

    assert (answer["answered"], answer["answer"]) == (False, None)
    assert (
        (answer["reason"])
        == "Nothing here mentions “zebras” or “graze”; these are the nearest passages."
    )
    assert [passage["id"] for passage in answer["passages"]] == [PASSAGE]
    assert answer["confidence"] < 0.5


def test_an_empty_corpus_answers_nothing_and_says_why(bare):
    answer = bare.ask("Who guides ships?")

    assert (answer["answered"], answer["confidence"], answer["passages"]) == (False, 0.0, [])
    assert (
        (answer["reason"])
        == "No passage was found: the collection is empty, or the filters leave nothing."
    )


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "invalid_request"),
        ({"question": ""}, "invalid_request"),
        ({"question": " \n\t "}, "empty"),
        ({"question": "x" * 2001}, "invalid_request"),
        ({"question": "x", "top_k": 0}, "invalid_request"),
        ({"question": "x", "top_k": 101}, "invalid_request"),
        ({"question": "x", "top_k": "many"}, "invalid_request"),
        ({"question": "x", "mode": "psychic"}, "invalid_request"),
        ({"question": "x", "topk": 3}, "invalid_request"),
        ({"question": "x", "filters": {"publisher": "The Wire"}}, "invalid_request"),
        ({"question": "x", "filters": {"published_from": "May 2024"}}, "invalid_request"),
        ({"question": ["x"]}, "invalid_request"),
        ([], "invalid_request"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_with_a_code(bare, body, code):
    answer = bare.post("/v1/ask", body)

    assert (
        answer.status_code,
        answer.headers["Content-Type"],
    ) == (422, "application/problem+json")
    assert code == answer.json()["code"]


def test_a_refusal_names_the_field_and_does_not_repeat_what_was_sent(bare):
    answer = bare.post("/v1/ask", {"question": "tell no one", "top_k": 500}).json()

    message = "Input should be less than or equal to 100"
    assert [{"field": "top_k", "message": message}] == answer["errors"]
    assert f"top_k: {message}" == answer["detail"]
    assert "tell no one" not in json.dumps(answer)


def test_a_body_that_is_not_json_is_refused_as_such(bare):
    headers = {"Content-Type": "application/json"}
    answer = bare.client.post("/v1/ask", content=b'{"question": ', headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_json")


# --- exact places ---------------------------------------------------------------------

ODD = (
    "Der Lotse \U0001f6a2 führt die Schiffe. Im Hafen von Čačak 👩‍✈️ liegt kein Schiff.\n\n"
    "The ﬁrst pilot came in 1871; Cafe\u0301 Marina opened later. 第二引航员在黎明登船。\r\n"
    "\ufeffA pilot \x07rang twice."
)


def test_every_span_counts_the_code_points_of_the_article_it_names(footnote):
    footnote.add(id="odd", text=ODD)
    footnote.add(id="long", text="\n".join(f"Pilot {n} 🚢 came at {n}." for n in range(400)))

    text = {name: footnote.text(name) for name in ("odd", "long")}
    for question in ("Wer führt die Schiffe?", "Café Marina", "Pilot 77 came", "引航员", "twice"):
        answer = footnote.ask(question, top_k=20)
        found = [*answer["passages"], *filter(None, [answer["answer"]])]
        for place in found:
            article = text[place["article_id"]]
            assert article[place["start"] : place["end"]] == place["text"]
        for passage in answer["passages"]:
            for mark in passage["highlights"]:
                assert passage["start"] <= mark["start"] < mark["end"] <= passage["end"]
                marked = text[passage["article_id"]][mark["start"] : mark["end"]]
                assert marked == marked.strip() != ""
    assert "Café Marina" in text["odd"]


def test_an_answer_for_a_prompt_has_its_places_by_post_and_get(harbour):
    text = "?q=Who+guides+ships%3F&expand=paragraph&max_tokens=12&min_score=0.5"
    options = {"expand": "paragraph", "max_tokens": 12, "min_score": 0.5}
    answer = harbour.ask("Who guides ships?", **options)
    [passage] = answer["passages"]

    assert {**harbour.get(f"/v1/ask{text}").json(), "took_ms": 0} == {**answer, "took_ms": 0}
    assert passage["expanded"] == {
        "start": 0,
        "end": 55,
        "text": TEXT,
        "passage": {"start": 0, "end": 55},
        "citation": CITATION,
    }
    assert (
        harbour.get(f"/v1/passages/{PASSAGE}?expand=neighbours").json()["expanded"]
        == (passage["expanded"])
    )
    assert answer["context"] == {
        "parts": [
            {
                "article_id": "pilots",
                "start": 0,
                "end": 55,
                "text": TEXT,
                "tokens": 12,
                "passages": [{"id": PASSAGE, "start": 0, "end": 55}],
                "source": SOURCE,
                "citation": CITATION,
            }
        ],
        "tokens": 12,
        "max_tokens": 12,
        "left_out": [],
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [("expand", "page"), ("max_tokens", 0), ("max_tokens", 100_001), ("min_score", 1.1)],
)
def test_options_for_a_prompt_are_bounded(harbour, field, value):
    for answer in (
        harbour.post("/v1/ask", {"question": "Who?", field: value}),
        harbour.get("/v1/ask", params={"q": "Who?", field: value}),
    ):
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert harbour.get(f"/v1/passages/{PASSAGE}?expand=page").status_code == 422


def test_a_passage_can_be_had_by_its_id(harbour):
    found = harbour.get(f"/v1/passages/{PASSAGE}")

    assert found.status_code == 200
    assert found.json() == {
        "id": PASSAGE,
        "article_id": "pilots",
        "start": 0,
        "end": 55,
        "text": TEXT,
        "language": "en",
        "source": SOURCE,
        "citation": CITATION,
        "also_in": [],
        "expanded": None,
    }


@pytest.mark.parametrize("path", ["/v1/passages/{}", "/v1/passages/{}/related"])
def test_a_passage_of_an_earlier_version_is_gone_and_says_that_the_source_has_changed(
    footnote, pilots, path
):
    footnote.add(**pilots)
    footnote.add(**{**pilots, "text": "A harbour pilot guides no ships."})
    answer = footnote.get(path.format(PASSAGE))

    assert (answer.status_code, answer.json()["code"]) == (410, "source_changed")
    assert (
        f"article 'pilots' has changed since '{PASSAGE}' was cited: "
        "see GET /v1/articles/pilots, or check the quote again"
    ) == answer.json()["detail"]


@pytest.mark.parametrize(
    ("id_", "code"),
    [
        ("pilots.7d5ce6bd.0-54", "passage_not_found"),
        ("pilots.7d5ce6bd.1-55", "passage_not_found"),
        ("nobody.7d5ce6bd.0-55", "article_not_found"),
        ("pilots", "passage_not_found"),
        ("pilots.7d5ce6bd.0", "passage_not_found"),
        ("pilots.7d5ce6bd.-5-55", "passage_not_found"),
        ("pilots.7d5ce6bd.0-" + "9" * 5000, "passage_not_found"),
        ("pilots.7d5ce6bd.0-٥٥", "passage_not_found"),
    ],
)
def test_a_passage_that_there_is_none_of_is_not_found(harbour, id_, code):
    answer = harbour.get(f"/v1/passages/{id_}")

    assert (404, code) == (answer.status_code, answer.json()["code"])


# --- the same text in two places ------------------------------------------------------


def test_the_same_text_under_two_ids_is_one_passage_that_names_both(footnote, pilots):
    footnote.add(**pilots)
    footnote.add(id="wire-copy", title="From the wire", text=TEXT, publisher="The Wire")
    answer = footnote.ask("Who guides ships?")

    [passage] = answer["passages"]
    assert passage["source"] == SOURCE
    assert passage["also_in"] == [
        {
            "article_id": "wire-copy",
            "title": "From the wire",
            "url": None,
            "publisher": "The Wire",
            "author": None,
            "authors": [],
            "published": None,
            "language": None,
            "page": None,
            "page_label": None,
            "time": None,
            "link": "/articles/wire-copy?start=0&end=55#cited",
        }
    ]
    by_id = footnote.get("/v1/passages/wire-copy.7d5ce6bd.0-55").json()
    assert (
        by_id["source"]["article_id"],
        [source["article_id"] for source in by_id["also_in"]],
    ) == ("wire-copy", ["pilots"])


def test_a_filter_on_one_of_two_copies_shows_that_one_alone(footnote, pilots):
    footnote.add(**pilots)
    footnote.add(id="wire-copy", text=TEXT, publisher="The Wire")
    [passage] = footnote.ask("Who guides ships?", filters={"publishers": ["The Wire"]})["passages"]

    assert (passage["article_id"], passage["also_in"]) == ("wire-copy", [])


# --- filters, modes and top_k, over many articles -------------------------------------


@pytest.fixture(scope="module")
def many(serving_module):
    """260 articles that say "harbour pilot", and three that hardly do."""
    footnote = serving_module()
    for name, published in (("x1", "2023"), ("x2", "2024-04"), ("x3", "2024-05-31T10:00:00Z")):
        footnote.add(
            id=name,
            title=f"The case of {name}",
            text=f"Of all the things that were said of {name}, one was about a pilot.",
            publisher="The Wire",
            author=f"Šime {name}",
            published=published,
            language="sr",
            tags=["court", name],
        )
    lines = [
        {
            "id": f"n{n}",
            "text": f"Harbour pilot. The harbour pilot {n} is a pilot of harbour {n}.",
            "publisher": "The Harbour Gazette",
            "published": "2019-07-01",
            "language": "en",
            "author": "Ana Kovač",
            "tags": ["harbour"],
        }
        for n in range(260)
    ]
    job = footnote.add_lines("\n".join(map(json.dumps, lines)).encode())
    assert job["counts"] == {"added": 260}
    return footnote


THREE = {"x1", "x2", "x3"}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"article_ids": ["x3", "x1", "x2", "nobody"]}, THREE),
        ({"publishers": ["the WIRE"]}, THREE),
        ({"authors": ["šime X1", "ŠIME x2"]}, {"x1", "x2"}),
        ({"languages": ["SR", "de"]}, THREE),
        ({"tags": ["Court"]}, THREE),
        ({"tags": ["x1", "x3"]}, {"x1", "x3"}),
        ({"published_from": "2020"}, THREE),
        ({"published_from": "2023-05"}, THREE),  # an article of "2023" may be of May
        ({"published_from": "2024"}, {"x2", "x3"}),
        ({"published_from": "2024-05"}, {"x3"}),
        ({"published_from": "2024-05-31"}, {"x3"}),
        ({"published_from": "2024-06"}, set()),
        ({"published_from": "2020", "published_to": "2023"}, {"x1"}),
        ({"published_from": "2020", "published_to": "2024-04"}, {"x1", "x2"}),
        ({"published_from": "2020", "published_to": "2024-04-30"}, {"x1", "x2"}),
        ({"published_from": "2020", "published_to": "2024-05"}, THREE),
        ({"published_from": "2020", "published_to": "2024-05-31"}, THREE),
        ({"published_from": "2020", "published_to": "2024-05-30"}, {"x1", "x2"}),
        ({"publishers": ["The Wire"], "published_from": "2024"}, {"x2", "x3"}),
        ({"publishers": ["The Harbour Gazette"], "languages": ["sr"]}, set()),
        ({"tags": []}, None),
    ],
)
@pytest.mark.parametrize("mode", ["hybrid", "dense", "lexical"])
def test_filters_are_applied_before_ranking(many, filters, expected, mode):
    answer = many.ask("harbour pilot", filters=filters, mode=mode, top_k=10)

    if expected is None:
        assert len(answer["passages"]) == 10
    else:
        assert expected == ids(answer["passages"])


def test_without_a_filter_none_of_the_three_is_near(many):
    found = many.ask("harbour pilot", top_k=100)["passages"]

    assert len(found) == 100
    assert not THREE & ids(found)


def test_each_mode_shows_the_scores_of_its_own_list(many):
    question = "What was said of x2 and a pilot?"
    dense, lexical, hybrid = (
        many.ask(question, mode=mode, top_k=10)["passages"]
        for mode in ("dense", "lexical", "hybrid")
    )

    assert {None} == {passage["scores"]["lexical"] for passage in dense}
    assert {None} == {passage["scores"]["dense"] for passage in lexical}
    cosines = [passage["scores"]["dense"] for passage in dense]
    assert sorted(cosines, reverse=True) == cosines
    bm25 = [passage["scores"]["lexical"] for passage in lexical]
    assert sorted(bm25, reverse=True) == bm25
    assert "x2" == lexical[0]["article_id"] == hybrid[0]["article_id"]
    assert all(hybrid[0]["scores"][leg] is not None for leg in ("dense", "lexical"))


@pytest.mark.parametrize(("top_k", "expected"), [(1, 1), (7, 7), (100, 100), (None, 5)])
def test_as_many_passages_come_as_are_asked_for(many, top_k, expected):
    options = {} if top_k is None else {"top_k": top_k}

    assert expected == len(many.ask("harbour pilot", **options)["passages"])
    assert expected == len(
        many.get("/v1/ask", params={"q": "harbour pilot", **options}).json()["passages"]
    )


# --- related --------------------------------------------------------------------------


def test_related_passages_are_never_the_passage_itself(many):
    [first] = many.ask("harbour pilot 17", top_k=1)["passages"]
    posted = many.post("/v1/related", {"passage_id": first["id"], "top_k": 20}).json()["passages"]
    linked = many.get(f"/v1/passages/{first['id']}/related?top_k=20").json()["passages"]

    assert len(posted) == 20
    assert first["id"] not in {passage["id"] for passage in posted}
    assert posted == linked


def test_related_passages_are_never_a_copy_of_it_in_another_article(footnote, pilots):
    footnote.add(**pilots)
    footnote.add(id="wire-copy", text=TEXT)
    footnote.add(id="dawn", text="The harbour wakes at dawn.")
    found = footnote.post("/v1/related", {"passage_id": PASSAGE}).json()

    assert [passage["article_id"] for passage in found["passages"]] == ["dawn"]
    [copy] = found["copies"]
    assert (copy["article_id"], copy["title"]) == ("wire-copy", None)
    assert copy["link"].startswith("/articles/wire-copy?start=0&end=")


def test_a_related_passage_says_what_it_has_in_common(footnote):
    footnote.add(id="one", text="Yesterday Ana Marin guided a tanker into the harbour of Lisbon.")
    footnote.add(id="two", text="The storm in Lisbon, said Ana Marin, kept tankers waiting.")
    [first] = footnote.get("/v1/articles/one").json()["passages"]
    [hit] = footnote.post("/v1/related", {"passage_id": first["id"]}).json()["passages"]

    similarity = hit["related"].pop("similarity")
    assert hit["related"] == {
        "shared_names": ["Lisbon", "Ana Marin"],
        "shared_terms": ["tankers"],
    }
    assert similarity == pytest.approx(hit["scores"]["dense"], abs=1e-4)
    assert "related" not in footnote.ask("Who guided a tanker?")["passages"][0]


def test_other_sources_only_leaves_out_the_whole_article(footnote, pilots):
    footnote.add(**pilots)
    footnote.add(id="long", text="\n".join(f"Pilot {n} guides ship {n}." for n in range(200)))
    first, *others = footnote.get("/v1/articles/long").json()["passages"]
    assert len(others) > 2

    path = f"/v1/passages/{first['id']}/related"
    everywhere = footnote.get(path).json()["passages"]
    elsewhere = footnote.get(path, params={"other_sources_only": True}).json()["passages"]

    assert "long" in ids(everywhere)
    assert {"pilots"} == ids(elsewhere)


def test_a_text_has_related_passages_too(harbour):
    found = harbour.post("/v1/related", {"text": "ships guided by a pilot"}).json()["passages"]

    assert [passage["id"] for passage in found] == [PASSAGE]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "text_or_passage"),
        ({"text": "x", "passage_id": PASSAGE}, "text_or_passage"),
        ({"text": ""}, "invalid_request"),
        ({"text": "\n"}, "empty"),
        ({"text": "x", "top_k": 101}, "invalid_request"),
        ({"passage_id": 7}, "invalid_request"),
    ],
)
def test_related_needs_either_a_text_or_a_passage(bare, body, code):
    answer = bare.post("/v1/related", body)

    assert (422, code) == (answer.status_code, answer.json()["code"])


def test_what_subtitles_say_is_cited_with_its_time(footnote):
    cues = (
        b"1\n00:00:01,000 --> 00:00:03,000\nGood evening.\n\n"
        b"2\n01:12:31,500 --> 01:12:35,000\nThe ferry sails on Monday.\n"
    )
    answer = footnote.post("/v1/articles", files={"files": ("session.srt", cues)})
    footnote.ended(answer.headers["Location"])
    match = footnote.post("/v1/check", {"quote": "The ferry sails on Monday"}).json()["matches"][0]

    assert (match["source"]["time"], match["source"]["page"]) == ("01:12:31", None)
    assert match["citation"] == "session, 01:12:31, characters 14–39"
    page = footnote.get(match["source"]["link"], headers={"Accept": "text/html"})
    assert "session, 01:12:31</textarea>" in page.text
