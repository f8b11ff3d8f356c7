"""Quotes and drafts, and their verdicts in words."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from lxml import html

FORM = {"content-type": "application/x-www-form-urlencoded"}


def verdicts(text: str) -> list[str]:
    found = html.fromstring(text).xpath("//p[starts-with(@class, 'verdict')]")
    return [" ".join(verdict.text_content().split()) for verdict in found]


@pytest.mark.parametrize(
    ("quote", "article", "verdict"),
    [
        (
            "the port handled 1,204 ships",
            "",
            "✓ Verbatim. It stands in the source word for word.",
        ),
        (
            "THE PORT HANDLED 1,204 SHIPS",
            "",
            "≈ Same words. Only capitals, dashes, quotation marks and the like differ.",
        ),
        (
            "In 2019 the port handled 1,402 ships",
            "",
            "≠ Altered. The source says something like it, but not this.",
        ),
        (
            "A crane lifts crates",
            "pilots",
            "→ Misattributed. It does not stand in that article, but in another.",
        ),
        (
            "nobody said this about anything",
            "",
            "✕ Not found. Nothing like it stands in the collection.",
        ),
    ],
)
def test_a_verdict_is_a_sign_a_word_and_a_sentence(
    client: TestClient, quote: str, article: str, verdict: str
) -> None:
    response = client.get("/check", params={"quote": quote, "article_id": article})
    assert response.status_code == 200
    assert verdicts(response.text) == [verdict]


def test_an_altered_quote_is_shown_against_the_sources_own_words(client: TestClient) -> None:
    quote = "In 2019 the port handled 1,402 ships"
    page = html.fromstring(client.get("/check", params={"quote": quote}).text)
    first = page.xpath("//li[@class='match']")[0]
    assert first.xpath("blockquote/text()") == ["In 2019 the port handled 1,204 ships"]
    (diff,) = first.xpath(".//p[@class='diff']")
    assert diff.text_content() == "In 2019 the port handled 1,204 1,402 ships"
    assert diff.xpath("del/text()") == ["1,204"]
    assert diff.xpath("ins/text()") == ["1,402"]
    (difference,) = first.xpath(".//div[@class='differences']/ul/li")
    assert " ".join(difference.text_content().split()) == (
        "a number the source has 1,204, the quote 1,402"
    )
    assert first.xpath("ul/li/a/@href") == [
        "/articles/pilots?start=84&end=120#cited",
        "/related?passage_id=pilots.63cef94b.0-168",
    ]


def test_the_form_comes_with_articles_to_choose_from(client: TestClient) -> None:
    page = html.fromstring(client.get("/check", params={"article_id": "pilots"}).text)
    assert page.xpath("//input[@name='article_id']/@value") == ["pilots"]
    ids = page.xpath("//datalist/option/@value")
    assert ids == ["arabic", "crates", "evil", "pilots", "tides", "wire"]
    assert page.xpath("//datalist/option[4]/text()") == ["Harbour pilots"]


def test_a_quote_that_is_too_long_comes_back_with_the_limit(client: TestClient) -> None:
    response = client.get("/check", params={"quote": "word " * 600})
    assert response.status_code == 422
    assert "Quote has 2,999 characters; at most 2,000 are taken." in response.text
    (field,) = html.fromstring(response.text).xpath("//textarea[@id='quote']")
    assert field.text.strip() == ("word " * 600).strip()


def test_an_unknown_article_is_named_above_the_form(client: TestClient) -> None:
    response = client.get("/check", params={"quote": "A crane lifts", "article_id": "nope"})
    assert response.status_code == 404
    assert "There is no article &#39;nope&#39;." in response.text


def test_every_quotation_of_a_draft_gets_its_verdict(client: TestClient) -> None:
    draft = (
        "She wrote “In 2019 the port handled 1,402 ships”,\r\n"
        "“A crane lifts crates at the dock” and “so what”."
    )
    response = client.post("/check/text", data={"text": draft})
    assert response.status_code == 200
    assert [verdict.split(".")[0] for verdict in verdicts(response.text)] == [
        "≠ Altered",
        "✓ Verbatim",
    ]
    page = html.fromstring(response.text)
    assert page.xpath("//h2[@id='quotations']/text()") == ["2 quotations"]
    assert page.xpath("//ul[@class='actions']//a/@href")[1] == (
        "/check?quote=A+crane+lifts+crates+at+the+dock"
    )
    assert page.xpath("//textarea")[0].text.strip() == draft.replace("\r\n", "\n")


def test_a_draft_without_quotations_says_so(client: TestClient) -> None:
    response = client.post("/check/text", data={"text": "Nobody is quoted here."})
    assert "There is no quotation of 4 words or more in this draft." in response.text


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"text=", 422, "Text is empty"),
        (b"", 422, "Text is empty"),
        (b"text=" + b"a" * 200_001, 422, "at most 200,000 are taken"),
        (b"text=" + b"a" * 2_500_000, 413, "at most 200,000 characters are taken"),
        (b"a&" * 20, 422, "more fields than the page gives it"),
        (b"text=%ff%00%ed%a0%80", 200, "There is no quotation"),
    ],
)
def test_what_cannot_be_a_draft_is_refused_in_words(
    client: TestClient, body: bytes, status: int, said: str
) -> None:
    response = client.post("/check/text", content=body, headers=FORM)
    assert response.status_code == status
    assert said in response.text


def test_a_draft_is_taken_from_the_form_alone(client: TestClient) -> None:
    response = client.post("/check/text", files={"text": ("draft.txt", b"'one two three four'")})
    assert response.status_code == 422
    assert "Send the draft with the form" in response.text
