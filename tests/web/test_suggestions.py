"""Fields in which something of the collection is typed offer what it holds, without a script."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from fastapi.testclient import TestClient
from lxml import html

from qa.types import Article


def offered(page: html.HtmlElement, field: str) -> list[str]:
    [name] = {one.get("list") for one in page.xpath("//input[@id=$id]", id=field)}
    return page.xpath("//datalist[@id=$name]/option/@value", name=name)


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/", ["publisher", "author", "tag"]),
        ("/?q=pilots", ["publisher", "author", "tag"]),
        ("/add", ["all-publisher", "all-author", "all-tags"]),
        ("/add", ["text-publisher", "text-author", "text-tags"]),
        ("/correct?id=pilots", ["new-publisher", "new-author", "new-tags"]),
    ],
)
def test_what_the_collection_holds_is_offered(
    client: TestClient, path: str, fields: list[str]
) -> None:
    page = html.fromstring(client.get(path).text)

    assert [offered(page, field) for field in fields] == [
        *(["Evening Wire", "The Harbour Gazette"], ['"><b>x', "Ana Marin"], ["harbour", "ships"])
    ]
    assert len(page.xpath("//datalist")) == len(set(page.xpath("//datalist/@id")))


def test_at_most_a_hundred_are_offered_those_of_most_articles_first(
    client_of: Callable[[Iterable[Article]], TestClient],
) -> None:
    articles = [
        Article(id=f"a{n}", text=f"Text {n}.", publisher="Most" if n > 110 else f"Paper {n:03}")
        for n in range(120)
    ]
    page = html.fromstring(client_of(articles).get("/").text)

    found = offered(page, "publisher")
    assert (len(found), found[:2]) == (100, ["Most", "Paper 000"])


def test_an_empty_collection_offers_nothing(
    client_of: Callable[[Iterable[Article]], TestClient],
) -> None:
    assert offered(html.fromstring(client_of([]).get("/add").text), "text-publisher") == []
