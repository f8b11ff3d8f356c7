"""The start page, answers, related passages, and what every page has in common."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import pytest
from fastapi.testclient import TestClient
from lxml import html

from qa import Corpus
from qa.api import create_app
from qa.settings import Settings
from qa.types import Article

GUIDES = "Who guides ships through the narrow channel?"
NOBODY = "Who bakes sourdough bread?"
EVERY_PAGE = [
    "/",
    f"/?q={GUIDES}",
    f"/?q={NOBODY}",
    "/articles",
    "/articles/pilots?start=84&end=120",
    "/related",
    "/check",
    "/check?quote=The+pilot+boards+at+dusk",
    "/docs",
    "/articles/nowhere",
]


def text_of(node: html.HtmlElement) -> str:
    return " ".join(node.text_content().split())


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_every_page_forbids_what_it_does_not_need(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_every_page_can_be_walked_by_its_landmarks(client: TestClient, path: str) -> None:
    page = html.fromstring(client.get(path).text)
    assert page.get("lang") == "en"
    assert len(page.xpath("//main[@id='main']")) == 1
    assert len(page.xpath("//h1")) == 1
    assert page.xpath("//a[@class='skip']/@href") == ["#main"]
    for field in page.xpath("//input | //textarea | //select"):
        label = page.xpath("//label[@for=$id]", id=field.get("id", ""))
        assert label or field.get("aria-label"), html.tostring(field)


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_no_page_has_script_or_style_of_its_own(client: TestClient, path: str) -> None:
    page = html.fromstring(client.get(path).text)
    assert page.xpath("//script | //style | //*[@style] | //@*[starts-with(name(), 'on')]") == []


@pytest.mark.parametrize(
    ("path", "kind"), [("style.css", "text/css"), ("favicon.svg", "image/svg+xml")]
)
def test_the_static_files_are_asked_for_anew(client: TestClient, path: str, kind: str) -> None:
    response = client.get(f"/static/{path}")
    assert response.status_code == 200
    assert response.headers["content-type"].partition(";")[0] == kind
    assert response.headers["cache-control"] == "no-cache"
    assert response.headers["x-content-type-options"] == "nosniff"


def test_the_start_page_asks_for_a_question_and_counts_the_collection(client: TestClient) -> None:
    page = html.fromstring(client.get("/").text)
    (field,) = page.xpath("//input[@name='q']")
    assert field.get("autofocus") is not None
    assert text_of(page.xpath("//p[@class='counts']")[0]) == (
        "5 articles, 5 passages in this collection."
    )
    examples = page.xpath("//ol[@class='examples']//a")
    assert [text_of(link) for link in examples] == [
        "ميناء المدينة",
        "<script>alert(1)</script>",
        "Harbour pilots",
    ]
    assert examples[2].get("href") == "/?q=Harbour+pilots"


def test_an_empty_collection_says_how_to_fill_it(
    client_of: Callable[[Iterable[Article]], TestClient],
) -> None:
    empty = client_of([])
    assert "The collection is empty. Add articles to it with" in empty.get("/").text
    assert "The collection is empty." in empty.get("/articles").text


def test_the_answer_is_the_sentence_of_the_source_with_its_footnote(client: TestClient) -> None:
    page = html.fromstring(client.get("/", params={"q": GUIDES}).text)
    (answer,) = page.xpath("//section[@aria-labelledby='answer']//blockquote")
    assert answer.text == "A harbour pilot guides ships through the narrow channel."
    assert answer.get("lang") == "en"
    assert answer.xpath("sup/a/@href") == ["#passage-1"]
    (source,) = page.xpath("//figcaption")
    assert text_of(source) == (
        "Harbour pilots, Ana Marin, The Harbour Gazette, 2 May 2024, p. 1, characters 0–56"
    )
    assert source.xpath("a/@href") == ["/articles/pilots?start=0&end=56#cited"]
    (confidence,) = page.xpath("//p[@class='confidence']")
    assert re.fullmatch(r"Confidence: [a-z ]+ \(\d\.\d\d\)", text_of(confidence))


def test_a_passage_marks_its_supporting_sentence_and_links_to_it(client: TestClient) -> None:
    page = html.fromstring(client.get("/", params={"q": GUIDES}).text)
    (first,) = page.xpath("//li[@id='passage-1']")
    assert first.xpath(".//mark/text()") == [
        "A harbour pilot guides ships through the narrow channel."
    ]
    assert first.xpath("ul//a/@href") == [
        "/articles/pilots?start=0&end=56#cited",
        "/related?passage_id=pilots.63cef94b.0-168",
        "/check?article_id=pilots",
    ]
    (copy,) = first.xpath("p[@class='also']/a")
    assert (text_of(copy), copy.get("href")) == (
        "Pilots, syndicated",
        "/articles/wire?start=0&end=168#cited",
    )


def test_what_is_not_answered_is_said_plainly_above_the_nearest_passages(
    client: TestClient,
) -> None:
    response = client.get("/", params={"q": NOBODY})
    page = html.fromstring(response.text)
    (section,) = page.xpath("//section[@aria-labelledby='answer']")
    assert text_of(section.xpath("h2")[0]) == "Not answered by this collection"
    assert text_of(section.xpath("p")[0]).startswith("Nothing here mentions “bakes”")
    assert page.xpath("//h2[@id='passages']/text()") == ["The nearest passages"]
    assert page.xpath("//li[@id='passage-1']")


def test_the_options_are_kept_and_nonsense_in_them_is_passed_over(client: TestClient) -> None:
    page = html.fromstring(client.get("/", params={"q": GUIDES, "top_k": "1"}).text)
    assert len(page.xpath("//ol[@class='passages']/li")) == 1
    assert page.xpath("//input[@name='top_k']/@value") == ["1"]
    page = html.fromstring(client.get("/", params={"q": GUIDES, "mode": "lexical"}).text)
    assert page.xpath("//option[@selected]/@value") == ["lexical"]
    odd = client.get("/", params={"q": GUIDES, "mode": "magic", "top_k": "-many"})
    page = html.fromstring(odd.text)
    assert odd.status_code == 200
    assert page.xpath("//option[@selected]/@value") == ["hybrid"]
    assert page.xpath("//input[@name='top_k']/@value") == ["5"]


def test_a_question_that_is_too_long_comes_back_with_the_limit(client: TestClient) -> None:
    response = client.get("/", params={"q": "why " * 600})
    assert response.status_code == 422
    assert "Question has 2,399 characters; at most 2,000 are taken." in response.text


def test_related_passages_leave_out_the_passage_itself(client: TestClient, corpus: Corpus) -> None:
    (passage,) = corpus.passages_of(corpus.article("crates"))
    response = client.get("/related", params={"passage_id": passage.id})
    page = html.fromstring(response.text)
    assert page.xpath("//figure/blockquote/text()") == [passage.text]
    titles = [text_of(title) for title in page.xpath("//li[@class='passage']/h3")]
    assert "crates" not in titles
    assert "Harbour pilots" in titles
    (others,) = page.xpath("//p[@class='choice']/a/@href")
    assert others == f"/related?passage_id={passage.id}&other_sources_only=1"
    assert ">In other articles</h2>" in client.get(others).text


def test_a_text_of_ones_own_can_have_related_passages(client: TestClient) -> None:
    response = client.get("/related", params={"text": "The crane lifts\r\ncrates"})
    page = html.fromstring(response.text)
    assert page.xpath("//textarea/text()") == ["\nThe crane lifts\ncrates"]
    assert text_of(page.xpath("//li[@id='passage-1']/h3")[0]) == "crates"
    assert client.get("/related", params={"text": "a " * 2000}).status_code == 422


def test_a_passage_of_an_earlier_version_is_gone(client: TestClient) -> None:
    response = client.get("/related", params={"passage_id": "pilots.00000000.0-168"})
    assert response.status_code == 410
    assert "has changed since" in response.text


def test_while_the_service_starts_the_page_can_be_tried_again(corpus: Corpus) -> None:
    starting = TestClient(create_app(Settings(data=corpus.folder, api_keys=[]), corpus))
    response = starting.get("/?q=Who%3F&top_k=3", headers={"Accept": "text/html"})
    assert response.status_code == 503
    assert html.fromstring(response.text).xpath("//main//a/@href")[0] == "/?q=Who%3F&top_k=3"


def test_an_error_is_a_page_with_ways_on(client: TestClient) -> None:
    response = client.get("/articles/nowhere")
    page = html.fromstring(response.text)
    assert response.status_code == 404
    assert page.xpath("//h1/text()") == ["Not found"]
    assert text_of(page.xpath("//main/p")[0]) == "There is no article 'nowhere'."
    assert page.xpath("//main//a/@href") == ["/", "/articles", "/check"]
