"""Quotes, their verdicts in words, and the places that these rest on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from lxml import html

from qa.types import Article

HOSTILE = "</textarea><script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
OLD = "pilots.00000000.0-56"


def said(found: Iterable[Any]) -> list[str]:
    """The text of elements, in one line each."""
    return [" ".join(element.text_content().split()) for element in found]


def verdicts(text: str) -> list[str]:
    return said(html.fromstring(text).xpath("//p[starts-with(@class, 'verdict')]"))


def checked(client: TestClient, **query: str) -> Any:
    response = client.get("/check", params=query)
    assert response.status_code == 200
    return html.fromstring(response.text)


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
        (
            "A crane lifts crates at the dock. High tide 7 came at noon.",
            "",
            "⋯ Spliced. It is put together of parts.",
        ),
        (
            "The pilot boards […] the port handled 1,204 ships",
            "",
            "≈ Same words. Words are left out, and it says so; the rest is the same.",
        ),
        (
            "boards at dawn",
            "",
            "○ Too short. It stands in the source word for word.",
        ),
        (
            "so what",
            "",
            "○ Too short. Nothing like it stands in the collection.",
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
    assert first.xpath("blockquote/mark/text()") == ["In 2019 the port handled 1,204 ships"]
    assert first.xpath("blockquote/text()") == ["."]
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
        "/related?passage_id=pilots.63cef94b.0-168&other_sources_only=1",
    ]


def test_the_words_are_marked_within_their_sentence(client: TestClient) -> None:
    page = checked(client, quote="the port handled 1,204 ships", article_id="pilots")
    (quote,) = page.xpath("//li[@class='match']/blockquote")
    assert quote.text_content() == "In 2019 the port handled 1,204 ships."
    assert quote.xpath("mark/text()") == ["the port handled 1,204 ships"]


def test_copies_are_folded_away(client: TestClient) -> None:
    page = checked(client, quote="A harbour pilot guides ships through")
    (match,) = page.xpath("//li[@class='match']")
    assert said(match.xpath("details[@class='copies' and not(@open)]/summary")) == [
        "The same in another article"
    ]
    assert match.xpath("details//a/@href") == ["/articles/wire?start=0&end=36#cited"]
    assert said(match.xpath("details//li")) == ["Pilots, syndicated, Evening Wire, paragraph 1"]


def test_each_part_of_a_quote_has_its_place(master: TestClient) -> None:
    page = checked(master, quote="Nobody enters the basin at night … It has three dock")
    (match,) = page.xpath("//li[@class='match']")
    assert match.xpath("blockquote/mark/text()") == [
        "Nobody enters the basin at night",
        "It has three docks",
    ]
    (diff,) = match.xpath(".//p[@class='diff']")
    assert diff.text_content() == "Nobody enters the basin at night … It has three docks dock"
    assert said(match.xpath("ol[@class='parts']/li")) == [
        "Nobody enters the basin at night paragraph 2",
        "It has three docks paragraph 2",
    ]
    assert match.xpath("ol[@class='parts']//a/@href") == [
        "/articles/master?start=139&end=171#cited",
        "/articles/master?start=187&end=205#cited",
    ]


def test_a_spliced_quote_is_shown_part_by_part(master: TestClient) -> None:
    page = checked(master, quote="Nobody enters the basin at night. Ships wait outside")
    assert said(page.xpath("//p[@class='note']")) == [
        "Every part of it stands in a source, but apart, or in another order."
    ]
    first, second = page.xpath("//li[@class='match']")
    assert said(first.xpath("p[@class='part']")) == [
        "Part 1 of the quote: Nobody enters the basin at night"
    ]
    assert said(second.xpath("p[@class='part']")) == ["Part 2 of the quote: Ships wait outside"]
    assert second.xpath("blockquote/mark/text()") == ["Ships wait outside"]
    assert second.xpath("ul/li[1]/a/@href") == ["/articles/master?start=1&end=19#cited"]


@pytest.mark.parametrize(
    ("speaker", "verdict", "words"),
    [
        ("", "✓ Verbatim.", "Said by Ana Marin: said Ana Marin"),
        ("A. Marin", "✓ Verbatim.", "✓ Said by Ana Marin, as stated: said Ana Marin"),
        (
            "Petar Lind",
            "→ Misattributed. It stands in the source, but somebody else says it.",
            "≠ Said by Ana Marin, not by Petar Lind: said Ana Marin",
        ),
        (
            "the minister",
            "✓ Verbatim.",
            "? Said by Ana Marin; whether that is the minister is not known: said Ana Marin",
        ),
    ],
)
def test_who_says_it_is_told_in_words(
    master: TestClient, speaker: str, verdict: str, words: str
) -> None:
    quote = "Ships wait outside until the tide turns"
    page = checked(master, quote=quote, speaker=f" {speaker}  ")
    (line,) = page.xpath("//p[starts-with(@class, 'verdict')]")
    assert said([line])[0].startswith(verdict)
    (line,) = page.xpath("//p[starts-with(@class, 'speaker')]")
    assert said([line]) == [words]
    assert line.xpath("a/@href") == ["/articles/master?start=43&end=57#cited"]
    assert page.xpath("//input[@name='speaker']/@value") == [speaker]


def test_a_passage_of_an_earlier_version_leads_to_where_the_quote_stands_now(
    client: TestClient,
) -> None:
    page = checked(client, quote="guides ships through the narrow", passage_id=OLD)
    (changed,) = page.xpath("//p[@class='note changed']")
    assert said([changed]) == [
        f"The passage cited, {OLD}, is of an earlier version of the article. "
        "The quote stands now at p. 1."
    ]
    assert changed.xpath("a/@href") == [
        "/articles/pilots",
        "/articles/pilots?start=16&end=47#cited",
    ]
    assert page.xpath("//input[@type='hidden' and @name='passage_id']/@value") == [OLD]
    assert page.xpath("//form/p[@class='hint']/a/@href") == [
        "/check?quote=guides+ships+through+the+narrow"
    ]


def test_a_quote_that_is_gone_from_its_source_is_said_to_be(client: TestClient) -> None:
    page = checked(client, quote="the moon is a green cheese", passage_id=OLD)
    assert said(page.xpath("//p[@class='note changed']")) == [
        f"The passage cited, {OLD}, is of an earlier version of the article. "
        "The quote is gone from it."
    ]


def test_the_form_comes_with_articles_to_choose_from(client: TestClient) -> None:
    page = html.fromstring(client.get("/check", params={"article_id": "pilots"}).text)
    assert page.xpath("//input[@name='article_id']/@value") == ["Harbour pilots"]
    assert page.xpath("//datalist/option/@value") == [
        "ميناء المدينة",
        "crates",  # it has no title
        "<script>alert(1)</script>",
        "Harbour pilots",
        "tides",
        "Pilots, syndicated",
    ]


@pytest.mark.parametrize("name", ["Harbour pilots", " harbour PILOTS ", "pilots"])
def test_the_article_is_named_by_its_title(client: TestClient, name: str) -> None:
    query = {"quote": "A crane lifts crates at the dock", "article_id": name}
    page = html.fromstring(client.get("/check", params=query).text)
    assert said(page.xpath("//p[starts-with(@class, 'verdict')]/strong")) == ["Misattributed."]
    assert page.xpath("//input[@name='article_id']/@value") == ["Harbour pilots"]


def test_a_title_of_several_articles_names_none_of_them(
    client_of: Callable[[Iterable[Article]], TestClient],
) -> None:
    text = "A crane lifts crates at the dock."
    same = [Article(id=id_, text=f"{text} {id_}", title="Brief news") for id_ in ("a", "b")]
    client = client_of(same)
    query = {"quote": text, "article_id": "brief news"}
    answer = client.get("/check", params=query)
    page = html.fromstring(answer.text)
    assert answer.status_code == 422
    assert said(page.xpath("//p[@role='alert']")) == [
        "2 articles have this title: give the id of one, a, b."
    ]
    assert page.xpath("//datalist/option/@value") == ["a", "b"]
    by_id = html.fromstring(client.get("/check", params={**query, "article_id": "b"}).text)
    assert by_id.xpath("//input[@name='article_id']/@value") == ["b"]


@pytest.mark.parametrize(
    ("query", "status", "message"),
    [
        (
            {"passage_id": "pilots"},
            404,
            "'pilots' is not a passage id: <article_id>.<digest>.<start>-<end>.",
        ),
        ({"passage_id": "nope.00000000.0-5"}, 404, "There is no article 'nope'."),
        (
            {"passage_id": OLD, "article_id": "wire"},
            422,
            f"Passage '{OLD}' is not of article 'wire'.",
        ),
        ({"speaker": "x" * 201}, 422, "Speaker has 201 characters; at most 200 are taken."),
    ],
)
def test_what_cannot_be_checked_is_said_above_the_form(
    client: TestClient, query: dict[str, str], status: int, message: str
) -> None:
    response = client.get("/check", params={"quote": "A crane lifts crates", **query})
    assert response.status_code == status
    page = html.fromstring(response.text)
    assert said(page.xpath("//p[@role='alert']")) == [message]
    for name, value in query.items():
        shown = "Pilots, syndicated" if value == "wire" else value
        assert page.xpath(f"//input[@name='{name}']/@value") == [shown]


@pytest.mark.parametrize("field", ["quote", "speaker", "passage_id", "article_id"])
def test_hostile_words_in_a_field_stay_text(master: TestClient, field: str) -> None:
    query = {"quote": "Ships wait outside until the tide turns", field: HOSTILE}
    page = html.fromstring(master.get("/check", params=query).text)
    assert page.xpath("//script[not(@src)] | //img") == []
    (given,) = page.xpath(f"//*[@name='{field}']")
    assert (given.get("value") or given.text or "").strip() == HOSTILE


def test_a_hostile_source_stays_text(
    client_of: Callable[[Iterable[Article]], TestClient],
) -> None:
    text = f"“We sell lamps to {HOSTILE} each day,” said Ana <i>Marin</i>."
    client = client_of([Article(id="shop", title=HOSTILE, text=text, author=HOSTILE)])
    quote = f"We buy lamps to {HOSTILE} each day"
    page = checked(client, quote=quote, speaker="<b>Petar</b> Lind")
    assert page.xpath("//script[not(@src)] | //img | //i | //b[not(@dir)]") == []
    assert page.xpath("//del/text()") == ["sell"]


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
