"""The list of articles, and an article with the cited words marked."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from fastapi.testclient import TestClient
from lxml import html

from qa import Corpus
from qa.types import Article


def links(page: html.HtmlElement) -> list[str]:
    return page.xpath("//ul[@class='articles']/li/a/@href")


def test_the_articles_are_listed_by_title(client: TestClient) -> None:
    page = html.fromstring(client.get("/articles").text)
    assert links(page) == [
        "/articles/evil",  # <script>…
        "/articles/crates",  # which has none, by its id
        "/articles/pilots",
        "/articles/wire",
        "/articles/tides",
        "/articles/arabic",
    ]
    assert page.xpath("//nav[@class='pager']") == []
    (pilots,) = page.xpath("//li[a/@href='/articles/pilots']/p")
    assert " ".join(pilots.text_content().split()) == (
        "Ana Marin, The Harbour Gazette, 2 May 2024, 168 characters, 1 passage"
    )


def test_a_long_list_has_pages_in_both_directions(
    client_of: Callable[[Iterable[Article]], TestClient],
) -> None:
    client = client_of(Article(f"a{number:03}", f"Text {number}.") for number in range(101))
    shown = {}
    for number in ("1", "2", "3", "4", "x"):
        page = html.fromstring(client.get(f"/articles?page={number}").text)
        shown[number] = (len(links(page)), links(page)[0], page.xpath("//nav/a[@rel]/@href"))
    assert shown == {
        "1": (50, "/articles/a000", ["/articles?page=2"]),
        "2": (50, "/articles/a050", ["/articles", "/articles?page=3"]),
        "3": (1, "/articles/a100", ["/articles?page=2"]),
        "4": (1, "/articles/a100", ["/articles?page=2"]),  # the last that there is
        "x": (50, "/articles/a000", ["/articles?page=2"]),
    }


def test_an_article_is_shown_with_what_is_known_of_it(client: TestClient) -> None:
    page = html.fromstring(client.get("/articles/pilots").text)
    assert page.xpath("//h1/text()") == ["Harbour pilots"]
    assert page.xpath("//p[@class='byline']/span//text()") == [
        "Ana Marin",
        "The Harbour Gazette",
        "2 May 2024",
    ]
    (original,) = page.xpath("//header/p/a")
    assert original.get("href") == "https://example.org/pilots?a=1&b=2"
    assert original.get("rel") == "noreferrer"
    paragraphs = [p.text_content() for p in page.xpath("//div[@class='text']/p")]
    assert paragraphs == [
        "A harbour pilot guides ships through the narrow channel. The pilot boards at dawn.",
        "In 2019 the port handled 1,204 ships. “No ship,” she said, “enters without a pilot.”",
    ]
    assert page.xpath("//span[@class='page']/@data-page") == ["1", "2"]
    assert page.xpath("//mark | //aside") == []
    assert "Cleaning left nothing out." in page.text_content()


def test_the_cited_words_are_marked_to_the_character(client: TestClient, corpus: Corpus) -> None:
    page = html.fromstring(client.get("/articles/pilots?start=92&end=120").text)
    (mark,) = page.xpath("//mark")
    assert mark.get("id") == "cited"
    assert mark.text == corpus.article("pilots").article.text[92:120]
    assert mark.text == "the port handled 1,204 ships"
    citation = page.xpath("//aside//textarea/text()")[0]
    assert citation.strip() == (
        "Ana Marin, “Harbour pilots”, The Harbour Gazette, 2024-05-02, p. 2, "
        "https://example.org/pilots?a=1&b=2"
    )
    assert page.xpath("//aside//li/a/@href") == [
        "#cited",
        "/related?passage_id=pilots.63cef94b.0-168",
        "/check?article_id=pilots",
    ]


def test_a_mark_over_several_paragraphs_has_one_place_to_go_to(client: TestClient) -> None:
    page = html.fromstring(client.get("/articles/pilots?start=57&end=91").text)
    marks = page.xpath("//mark")
    assert [mark.text for mark in marks] == ["The pilot boards at dawn.", "In 2019"]
    assert [mark.get("id") for mark in marks] == ["cited", None]
    assert [mark.get("class") for mark in marks] == [None, "last"]


def test_a_mark_that_begins_in_blank_lines_begins_with_the_paragraph(client: TestClient) -> None:
    page = html.fromstring(client.get("/articles/pilots?start=82&end=91").text)
    (mark,) = page.xpath("//mark")
    assert (mark.text, mark.get("id"), mark.get("class")) == ("In 2019", "cited", "last")


def test_offsets_count_code_points_also_from_right_to_left(client: TestClient) -> None:
    page = html.fromstring(client.get("/articles/arabic?start=5&end=11").text)
    assert page.xpath("//mark/text()") == ["المرشد"]
    assert page.xpath("//article/@lang") == ["ar"]
    assert page.xpath("//div[@class='text']/p/@dir") == ["auto", "auto"]


@pytest.mark.parametrize(
    "query",
    [
        *("start=5", "start=5&end=5", "start=9&end=5", "start=0&end=169", "start=-5&end=9"),
        *("start=a&end=b", "start=82&end=84", f"start={'9' * 5000}&end=1"),
    ],
)
def test_a_place_that_is_not_there_is_not_marked(client: TestClient, query: str) -> None:
    response = client.get(f"/articles/pilots?{query}")
    assert response.status_code == 200
    assert html.fromstring(response.text).xpath("//mark | //aside") == []


def test_what_cleaning_left_out_is_counted_and_shown(client: TestClient) -> None:
    page = html.fromstring(client.get("/articles/evil").text)
    (removed,) = page.xpath("//details[@class='removed']")
    assert removed.xpath("summary/text()") == [
        "Cleaning left out 3 lines: 2 × caption, 1 × pagination"
    ]
    assert removed.xpath("ul/li/span[2]/text()") == [
        "<i>Photo</i>: a boat",
        "Page 2 of 3",
        "A lamp",
    ]
    assert page.xpath("//footer/p[@class='details']/text()") == ["Decoded as windows-1252."]
