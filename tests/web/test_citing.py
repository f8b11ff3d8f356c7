"""Footnotes to take away: on every page that shows words."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from lxml import html

from tests.web.conftest import ARABIC

FORMATS = ["Plain text", "Markdown", "HTML", "BibTeX", "RIS", "CSL-JSON", "Web annotation"]
PLACES = (
    "/?q=Who+guides+ships+through+the+narrow+channel%3F",
    "/related?text=The+pilot+boards+at+dawn",
    "/check?quote=The+pilot+boards+at+dawn",
    "/articles/pilots?start=0&end=56",
)


@pytest.mark.parametrize("path", PLACES)
def test_words_are_cited_in_every_format_where_they_are_shown(
    client: TestClient, path: str
) -> None:
    page = html.fromstring(client.get(path).text)

    places = page.xpath("//aside") or page.xpath("//details[@class='cite']")
    for found in places:
        labels = found.xpath(".//textarea/@aria-label")
        assert [label.partition(",")[0] for label in labels[1:]] == FORMATS[1:]
    first = places[0]
    plain, *_, annotation = (text.strip() for text in first.xpath(".//textarea/text()"))
    assert plain == (
        "Ana Marin, “Harbour pilots”, The Harbour Gazette, 2024-05-02, p. 1, "
        "https://example.org/pilots?a=1&b=2"
    )
    assert '"type": "TextQuoteSelector"' in annotation
    original, here = first.xpath(".//p/a/@href")
    assert original.startswith("https://example.org/pilots?a=1&b=2")
    assert here.startswith("http://127.0.0.1/articles/pilots?start=")


def test_every_answer_and_passage_has_a_footnote_of_its_own(client: TestClient) -> None:
    page = html.fromstring(client.get(PLACES[0]).text)
    passages = page.xpath("//ol[@class='passages']/li")

    assert [len(one.xpath(".//details[@class='cite']")) for one in passages] == [1] * len(passages)
    assert len(page.xpath("//section[@class='answer']/details[@class='cite']")) == 1
    names = [" ".join(s.split()) for s in page.xpath("//details[@class='cite']/summary//text()")]
    assert len(set(names) - {"Cite"}) == len(passages) + 1


def test_the_words_of_a_right_to_left_source_are_isolated_to_be_copied(
    client: TestClient,
) -> None:
    end = ARABIC.index(".") + 1
    page = html.fromstring(client.get(f"/articles/arabic?start=0&end={end}").text)

    assert page.xpath("//aside//textarea/text()")[0].strip() == (
        "\u2068“ميناء المدينة”\u2069, \u20682023-05\u2069, \u2068para. 1\u2069"
    )


def test_a_place_of_a_draft_is_cited_too(client: TestClient) -> None:
    draft = {"text": "“A crane lifts crates at the dock”, she wrote."}
    page = html.fromstring(client.post("/check/text", data=draft).text)

    (found,) = page.xpath("//li[@id='q1']//details[@class='cite']")
    assert found.xpath("textarea/text()")[0].strip() == "crates, para. 1"


def test_a_right_to_left_title_stands_where_its_words_do(client: TestClient) -> None:
    page = html.fromstring(client.get("/check?quote=" + ARABIC.partition(".")[0]).text)

    (heading,) = page.xpath("//li[@class='match']/h3")
    assert (heading.get("dir"), heading.xpath("cite/@dir")) == ("auto", [])
    assert heading.xpath("cite/@lang") == ["ar"]


def test_readers_are_told_paragraphs_and_not_characters(client: TestClient) -> None:
    page = html.fromstring(client.get("/?q=High+tide+7+came+at+noon").text)

    told = page.xpath("//ol[@class='passages']/li/p[@class='details']")[0].text_content()
    assert "paragraph" in told
    shown = page.xpath("//main//text()[not(ancestor::details)]")
    assert not any(word in "".join(shown) for word in ("characters", "encoder", "generation"))
