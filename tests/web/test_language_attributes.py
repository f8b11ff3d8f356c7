"""Words of an article, a draft or an answer say which language they are in (`lang`), so that they
are read out and hyphenated as such, whatever the language of the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from fastapi.testclient import TestClient
from lxml import html

from qa.types import Article

LATIN = "Predsednik Milan Jovanović je rekao da su mostovi zatvoreni i da će tako ostati."
CYRILLIC = "Министар је рекао да је лука отворена и да ће бродови ући у њу када сване."
RUSSIAN = "Посол рассказал о санкциях и о том, что самолёты больше никуда не летают."
ENGLISH = "The mayor of Senta said that the ferry was closed and that they were told of it."
UNTOLD = "Harbour pilots, Senta, Tisa."
ARTICLES = [
    Article("latin", LATIN, title="Mostovi"),
    Article("cyrillic", CYRILLIC, title="Лука"),
    Article("russian", RUSSIAN),
    Article("english", ENGLISH),
    Article("untold", UNTOLD),
    Article("stated", "Skela vozi svakog sata, i u njoj je bilo mesta.", language="hr"),
]
DRAFT = f"Министар каже да је тако: „{CYRILLIC[:-1]}“, и то је све што је рекао о луци."


@pytest.fixture
def client(client_of: Callable[[Iterable[Article]], TestClient]) -> TestClient:
    return client_of(ARTICLES)


def page_of(client: TestClient, path: str, **params: str) -> html.HtmlElement:
    return html.fromstring(client.get(path, params=params, headers={"Accept-Language": "ru"}).text)


@pytest.mark.parametrize(
    ("question", "words", "tag"),
    [
        ("mostovi zatvoreni", LATIN, "sr-Latn"),
        ("лука отворена", CYRILLIC, "sr-Cyrl"),
        ("самолёты санкциях", RUSSIAN, "ru"),
        ("ferry closed mayor", ENGLISH, "en"),
        ("Skela vozi svakog", ARTICLES[-1].text, "hr"),
        ("Harbour pilots Tisa", UNTOLD, None),
    ],
)
def test_answers_and_passages_say_the_language_that_is_stated_or_told(
    client: TestClient, question: str, words: str, tag: str | None
) -> None:
    page = page_of(client, "/", q=question, mode="lexical", threshold="0")
    (answer,) = page.xpath("//section[@aria-labelledby='answer']//blockquote")
    passage = page.xpath("//li[@id='passage-1']/blockquote")[0]

    assert passage.text_content() == words
    assert (page.get("lang"), answer.get("lang"), passage.get("lang")) == ("ru", tag, tag)
    assert page.xpath("//li[@id='passage-1']/h3/cite/@lang") == ([tag] if tag else [])


@pytest.mark.parametrize(
    ("id_", "tag"), [("latin", "sr-Latn"), ("russian", "ru"), ("stated", "hr")]
)
def test_an_article_says_its_language_and_what_is_said_of_it_that_of_the_page(
    client: TestClient, id_: str, tag: str
) -> None:
    page = page_of(client, f"/articles/{id_}")

    assert page.xpath("//article/@lang") == page.xpath("//article//h1/@lang") == [tag]
    assert page.xpath("//article/header/@lang") == ["ru"]


def test_a_draft_and_its_report_say_the_languages_of_their_words(client: TestClient) -> None:
    headers = {"Accept-Language": "en"}
    form = {"text": (None, DRAFT)}
    page = html.fromstring(client.post("/check/text", files=form, headers=headers).text)
    report = html.fromstring(client.post("/check/report", files=form, headers=headers).content)

    assert page.xpath("//div[@class='words']/@lang") == ["sr-Cyrl"]
    assert page.xpath("//li[@id='q1']//blockquote/@lang") == ["sr-Cyrl"]
    assert report.get("lang") == "en"
    assert report.xpath("//div[@class='words']/@lang") == ["sr-Cyrl"]
    assert report.xpath("//li[@id='q1']/blockquote/@lang") == ["sr-Cyrl", "sr-Cyrl"]


def test_a_checked_quote_and_its_place_say_their_language(client: TestClient) -> None:
    page = page_of(client, "/check", quote=LATIN[:-1])

    assert page.xpath("//section[@aria-labelledby='verdict']/blockquote/@lang") == ["sr-Latn"]
    assert page.xpath("//li[@class='match']//blockquote/@lang") == ["sr-Latn"]
    assert page.xpath("//li[@class='match']/h3/cite/@lang") == ["sr-Latn"]
