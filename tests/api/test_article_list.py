"""GET /v1/articles: searched by words, filtered, sorted, counted, a page at a time."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Footnote, Serving

ARTICLES: list[dict[str, Any]] = [
    {
        "id": "ferry",
        "title": "Ferry to Hven",
        "text": "The ferry leaves at noon.\n\nNobody waits for the tram.",
        "publisher": "Kustbladet",
        "author": "Jo Reed, Max Blum",
        "published": "2021-03-04",
        "language": "sv",
        "tags": ["ships", "Timetables"],
    },
    {
        "id": "tram",
        "title": "a tram for Lund",
        "text": "The tram of Lund is late.",
        "publisher": "kustbladet",
        "author": "Max Blum",
        "published": "2021",
        "language": "en",
        "tags": ["timetables"],
    },
    {
        "id": "pilots",
        "title": "Pilots",
        "text": "A pilot guides the ferry. The ferry is new.",
        "publisher": "Harbour Times",
        "author": 'Ana "Quote" O\'Neill',
        "published": "2023-05",
        "language": "en",
    },
    {"id": "undated-note", "text": "Nothing is stated of this one."},
    {"id": "chinese", "title": "河流上的渡轮", "text": "渡轮在中午离开。"},
]


@pytest.fixture(scope="module")
def listed(serving_module: Serving) -> Footnote:
    footnote = serving_module()
    for article in ARTICLES:
        footnote.add(**article)
    return footnote


def ids(listed: Footnote, query: str) -> list[str]:
    answer = listed.get(f"/v1/articles?{query}")
    assert answer.status_code == 200, answer.text
    page = answer.json()
    assert page["total"] >= len(page["articles"])
    return [article["id"] for article in page["articles"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=ferry", ["ferry", "pilots"]),
        ("q=ferries", ["ferry", "pilots"]),  # the same word in another form
        ("q=ferry+tram", ["ferry"]),  # in two paragraphs of it
        ("q=tram+nowhere", []),
        ("q=harbour+times", ["pilots"]),
        ("q=blum+tram", ["ferry", "tram"]),
        ("q=undated-note", ["undated-note"]),
        ("q=渡轮", ["chinese"]),
        ("q=The", []),  # a word that says nothing stands in no title here
        ("q=+", ["chinese", "ferry", "pilots", "tram", "undated-note"]),
        ("publisher=KUSTBLADET", ["ferry", "tram"]),
        ("publisher=Kustbladet&publisher=Harbour+Times", ["ferry", "pilots", "tram"]),
        ("author=max+blum&language=en", ["tram"]),
        ("tag=timetables&q=ferry", ["ferry"]),
        ("published_from=2021&published_to=2021", ["ferry", "tram"]),
        ("published_from=2022", ["pilots"]),
    ],
)
def test_words_and_filters_select(listed: Footnote, query: str, expected: list[str]) -> None:
    assert ids(listed, query) == expected


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("id", ["chinese", "ferry", "pilots", "tram", "undated-note"]),
        ("-id", ["undated-note", "tram", "pilots", "ferry", "chinese"]),
        ("title", ["tram", "ferry", "pilots", "undated-note", "chinese"]),
        ("-title", ["chinese", "undated-note", "pilots", "ferry", "tram"]),
        ("published", ["tram", "ferry", "pilots", "chinese", "undated-note"]),
        ("-published", ["pilots", "ferry", "tram", "chinese", "undated-note"]),
        ("added", ["ferry", "tram", "pilots", "undated-note", "chinese"]),
        ("-added", ["chinese", "undated-note", "pilots", "tram", "ferry"]),
    ],
)
def test_sorted_as_asked(listed: Footnote, sort: str, expected: list[str]) -> None:
    assert ids(listed, f"sort={sort}") == expected


def test_pages_go_by_offset_in_any_order(listed: Footnote) -> None:
    pages = [
        listed.get(f"/v1/articles?sort=title&limit=2&offset={offset}").json()
        for offset in (0, 2, 4, 6)
    ]
    assert [[a["id"] for a in page["articles"]] for page in pages] == [
        ["tram", "ferry"],
        ["pilots", "undated-note"],
        ["chinese"],
        [],
    ]
    assert [(page["total"], page["next"]) for page in pages] == [(5, None)] * 4


def test_a_cursor_goes_on_within_a_selection(listed: Footnote) -> None:
    first = listed.get("/v1/articles?publisher=kustbladet&limit=1").json()
    assert (first["next"], first["total"]) == ("ferry", 2)
    second = listed.get("/v1/articles?publisher=kustbladet&limit=1&cursor=ferry").json()
    assert [a["id"] for a in second["articles"]] == ["tram"]
    assert (second["next"], second["total"]) == (None, 2)


def test_facets_count_what_the_selected_articles_state(listed: Footnote) -> None:
    every = "&".join(f"facet={f}" for f in ("publisher", "author", "year", "language", "tag"))
    facets = listed.get(f"/v1/articles?{every}").json()["facets"]
    counted = {name: [(c["value"], c["articles"]) for c in found] for name, found in facets.items()}
    assert counted == {
        "publisher": [("Kustbladet", 2), ("Harbour Times", 1)],
        "author": [("Max Blum", 2), ('Ana "Quote" O\'Neill', 1), ("Jo Reed", 1)],
        "year": [("2021", 2), ("2023", 1)],
        "language": [("en", 2), ("sv", 1)],
        "tag": [("Timetables", 2), ("ships", 1)],
    }
    of_ferries = listed.get("/v1/articles?q=ferry&facet=year").json()["facets"]
    assert of_ferries == {
        "year": [{"value": "2021", "articles": 1}, {"value": "2023", "articles": 1}]
    }


def test_twenty_values_of_a_facet_are_counted(serving_module: Serving) -> None:
    footnote = serving_module()
    lines = "\n".join(
        f'{{"id": "n{n}", "text": "Note {n}.", "publisher": "Paper {n:02}"}}' for n in range(25)
    )
    assert footnote.add_lines(lines.encode())["counts"] == {"added": 25}
    counted = footnote.get("/v1/articles?facet=publisher").json()["facets"]["publisher"]
    assert [c["value"] for c in counted] == [f"Paper {n:02}" for n in range(20)]


@pytest.mark.parametrize(
    "query",
    [
        *("publishr=Kustbladet", "sort=newest", "facet=title", "offset=-1", "offset=x"),
        *("published_from=2020-13-45x", "q=" + "x" * 2001, "cursor=a&sort=title"),
        *("cursor=a&offset=1", "facet=year&" * 6),
    ],
)
def test_what_is_not_known_is_refused(listed: Footnote, query: str) -> None:
    answer = listed.get(f"/v1/articles?{query}")
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid_request"
