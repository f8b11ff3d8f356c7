"""What every page has in common; related passages; errors."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from fastapi.testclient import TestClient
from lxml import html

from qa import Corpus
from qa.api import create_app
from qa.settings import Settings
from qa.types import Article

EVERY_PAGE = [
    "/",
    "/?q=Who+guides+ships+through+the+narrow+channel%3F",
    "/?q=Who+bakes+sourdough+bread%3F",
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
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "same-origin"


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
    assert (
        page.xpath("//script[not(@src)] | //style | //*[@style] | //@*[starts-with(name(), 'on')]")
        == []
    )


@pytest.mark.parametrize(
    ("path", "kind"),
    [("style.css", "text/css"), ("favicon.svg", "image/svg+xml"), ("copy.js", "text/javascript")],
)
def test_the_static_files_are_asked_for_anew(client: TestClient, path: str, kind: str) -> None:
    response = client.get(f"/static/{path}")
    assert response.status_code == 200
    assert response.headers["content-type"].partition(";")[0] == kind
    assert response.headers["cache-control"] == "no-cache"
    assert response.headers["x-content-type-options"] == "nosniff"


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


def test_a_related_passage_says_what_it_has_in_common_and_copies_are_named(
    client_of: Callable[[Iterable[Article]], TestClient],
) -> None:
    text = "Yesterday Ana Marin guided a tanker into the harbour of Lisbon before the storm."
    other = "It was a <storm> that Ana Marin had warned of."
    client = client_of([Article("one", text), Article("two", f"{text} (X)"), Article("3", other)])
    page = html.fromstring(client.get("/related", params={"text": text}).text)
    assert text_of(page.xpath("//form/following-sibling::p[@class='also']")[0]) == (
        "It stands in one, two"
    )
    assert [text_of(part) for part in page.xpath("//dl[@class='shared']/*")] == [
        *("Names in common", "Ana Marin"),
        *("Words in common", "storm"),
    ]
    (others,) = page.xpath("//p[@class='choice']/a/@href")
    assert others.endswith("&other_sources_only=1")
    assert ">In other articles</h2>" in client.get(others).text
    assert 'dl class="shared"' not in client.get("/", params={"q": "Who guided it?"}).text


def test_a_text_of_ones_own_can_have_related_passages(client: TestClient) -> None:
    response = client.get("/related", params={"text": "The crane lifts\r\ncrates"})
    page = html.fromstring(response.text)
    assert page.xpath("//textarea[@id='text']/text()") == ["\nThe crane lifts\ncrates"]
    assert text_of(page.xpath("//li[@id='passage-1']/h3")[0]) == "crates"
    assert client.get("/related", params={"text": "a " * 2000}).status_code == 422


def test_a_passage_of_an_earlier_version_is_gone(client: TestClient) -> None:
    response = client.get("/related", params={"passage_id": "pilots.00000000.0-168"})
    assert response.status_code == 410
    assert "has changed since" in response.text


def test_while_the_service_starts_the_page_can_be_tried_again(corpus: Corpus) -> None:
    starting = TestClient(
        create_app(Settings(data=corpus.folder, api_keys=[]), corpus), "http://127.0.0.1"
    )
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
