"""Whatever an article or a visitor writes stays text."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from lxml import html

HOSTILE = "</textarea></title><script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
KEEPER = "What did the lighthouse keeper say?"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        f"/?q={KEEPER}",
        "/articles",
        "/articles/evil",
        "/articles/evil?start=10&end=60",
        "/check?quote=The+lighthouse+keeper+said+nothing+twice",
        "/related?text=lighthouse+keeper",
    ],
)
def test_an_articles_words_never_become_markup(client: TestClient, path: str) -> None:
    page = html.fromstring(client.get(path).text)
    assert page.xpath("//script[not(@src)] | //img | //i | //main//b[not(@dir)]") == []
    assert not [link for link in page.xpath("//@href") if "javascript:" in link]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        *(("/", "q"), ("/related", "text"), ("/related", "passage_id"), ("/check", "quote")),
        *(("/check", "article_id"), ("/articles", "cursor"), ("/articles/evil", "start")),
    ],
)
def test_a_visitors_words_never_become_markup(client: TestClient, path: str, name: str) -> None:
    query = {name: HOSTILE, "quote": "four words of nothing"} | {name: HOSTILE}
    page = html.fromstring(client.get(path, params=query).text)
    assert page.xpath("//script[not(@src)] | //img") == []


def test_a_drafts_words_never_become_markup(client: TestClient) -> None:
    response = client.post("/check/text", data={"text": f"“one two three four {HOSTILE}”"})
    page = html.fromstring(response.text)
    assert page.xpath("//script[not(@src)] | //img") == []
    assert page.xpath("//textarea[@id='text']")[0].text.strip() == f"“one two three four {HOSTILE}”"


def test_a_mark_ends_where_the_citation_ends_and_not_where_the_text_says(
    client: TestClient,
) -> None:
    page = html.fromstring(client.get("/articles/evil?start=4&end=62").text)
    (mark,) = page.xpath("//mark")
    assert mark.text == "lighthouse keeper said </mark><img src=x onerror=alert(1)>"


def test_what_is_known_of_an_article_stays_text(client: TestClient) -> None:
    page = html.fromstring(client.get("/articles/evil").text)
    assert page.xpath("//title/text()") == ["<script>alert(1)</script> · Footnote"]
    assert page.xpath("//p[@class='byline']/span/text()") == ['"><b>x']
    assert [
        " ".join(p.text_content().split()) for p in page.xpath("//header/p[@class='details']")
    ] == [
        "Original: javascript:alert(1)",
        "Based on: Lamps & lenses, Coast <News>",
        "<i>A brief</i>",
    ]
