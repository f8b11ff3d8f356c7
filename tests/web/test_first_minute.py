"""The first page offers what the collection answers, and a draft to check with one click."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from lxml import html

from qa.types import Article

DRAFT = "Ships wait, they say: “The pilot boards at dawn” [1].\n\n[1]: /articles/pilot"
PILOT = Article(
    id="pilot",
    title="The pilot",
    text="The pilot boards at dawn. The ship leaves.",
    extra={
        "sample_questions": ["When does the pilot board?", "Who leaves?"],
        "sample_draft": DRAFT,
    },
)
Clients = Callable[[Iterable[Article]], TestClient]


def test_examples_are_questions_of_the_collection_where_it_brings_some(client_of: Clients) -> None:
    odd = Article(id="odd", title="Odd", text="x", extra={"sample_questions": [1, "", "q" * 201]})
    page = html.fromstring(client_of([PILOT, odd]).get("/").text)

    assert page.xpath("//ol[@class='examples']/li/a/text()") == ["When does the pilot board?"]
    assert page.xpath("//ol[@class='examples']/li/a/@href") == ["/?q=When+does+the+pilot+board%3F"]


def test_elsewhere_they_are_titles(client_of: Clients) -> None:
    odd = Article(id="odd", title="Odd", text="x", extra={"sample_draft": ["no", "draft"]})
    page = html.fromstring(client_of([odd]).get("/").text)

    assert page.xpath("//h2[@id='examples']/text()") == ["Ask about, for example"]
    assert page.xpath("//ol[@class='examples']/li/a/text()") == ["Odd"]
    assert page.xpath("//section[@class='sample']") == []


@pytest.mark.parametrize("extra", [{"sample_questions": "Who?"}, {"sample_draft": 7}, {}])
def test_what_is_no_example_is_not_offered(client_of: Clients, extra: dict[str, Any]) -> None:
    page = client_of([Article(id="x", text="x", extra=extra)]).get("/")

    assert page.status_code == 200
    assert "examples" not in page.text


def test_the_draft_is_checked_with_one_click(client_of: Clients) -> None:
    client = client_of([PILOT])
    form = html.fromstring(client.get("/").text).xpath("//section[@class='sample']/form")[0]

    assert (form.get("method"), form.get("action")) == ("post", "/check/text")
    text = form.xpath("textarea/text()")[0].removeprefix("\n")
    assert text == DRAFT
    checked = html.fromstring(client.post(form.get("action"), files={"text": (None, text)}).text)
    assert "Verbatim." in checked.xpath("//ol/li//p[@id='v1']")[0].text_content()
