"""The pages in Serbian, in both scripts, and in Russian."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from lxml import html

from tests.web.test_look import PAGES as LOOKED_AT
from tests.web.test_look import check_draft

TAGS = ["en", "sr-Latn", "sr-Cyrl", "ru"]
ASK = {"en": "Ask", "sr-Latn": "Pitaj", "sr-Cyrl": "Питај", "ru": "Спросить"}
PAGES = [
    *(
        "/",
        "/?q=Who+guides+ships%3F",
        "/?q=Who+bakes+bread%3F",
        "/?q=pilots&publisher=evening+wire",
    ),
    *("/articles", "/articles?q=harbour", "/articles/pilots?start=84&end=120", "/articles/evil"),
    *("/related", "/related?text=lighthouse", "/check", "/add", "/jobs", "/correct?id=pilots"),
    *("/check?quote=In+2019+the+port+handled+1%2C402+ships&speaker=Ana+Marin", "/remove?id=pilots"),
    *("/articles/nowhere", "/articles?published_from=2024-13", "/?q=-crane"),
]
DRAFT = (
    "“In 2019 the port handled 1,402 ships” [1]. The crane lifts 17 crates at the dock. [1]\n\n"
    "[1]: /articles/pilots"
)
# Words of English that the articles, names of formats and codes have not.
ENGLISH = re.compile(
    r"\b(?:the|of|and|is|are|with|from|not|found|by|in|your|this)\b", re.IGNORECASE
)


def opened(client: TestClient, path: str, tag: str) -> html.HtmlElement:
    return html.fromstring(client.get(path, headers={"Accept-Language": tag}).text)


def own_words(page: html.HtmlElement) -> str:
    """What a page says of its own: without what is of articles, and what is marked as English."""
    theirs = (
        "//*[self::blockquote or self::cite or self::q or self::textarea or self::code or self::b"
        " or self::mark or self::bdi or self::script or self::option[@value][ancestor::datalist]]"
        " | //*[@dir='auto'] | //div[@class='words'] | //*[@lang='en'] | //ol[@class='examples']//a"
    )
    for node in page.xpath(theirs):
        node.drop_tree()
    return " ".join(page.xpath("string(//body)").split())


@pytest.mark.parametrize("tag", TAGS)
def test_a_browser_is_answered_in_its_language(client: TestClient, tag: str) -> None:
    answer = client.get("/", headers={"Accept-Language": f"{tag}, de;q=0.5"})
    page = html.fromstring(answer.text)

    assert page.get("lang") == tag
    assert page.xpath("string(//form[@role='search']//button)") == ASK[tag]
    assert answer.headers["vary"] == "Accept-Language, Cookie"
    assert "set-cookie" not in answer.headers
    current = page.xpath("//nav[@class='languages']/a[@aria-current]/@lang")
    assert current == [tag]


def test_a_link_changes_the_language_and_is_remembered(client: TestClient) -> None:
    page = opened(client, "/articles?q=harbour&q=x", "en")
    links = page.xpath("//nav[@class='languages']/a")
    assert [link.text for link in links] == ["English", "Srpski", "Српски", "Русский"]
    assert links[1].get("href") == "/articles?q=harbour&q=x&lang=sr-Latn"

    answer = client.get("/?lang=sr-Latn", headers={"Accept-Language": "ru"})
    try:
        assert answer.headers["set-cookie"] == (
            "language=sr-Latn; HttpOnly; Max-Age=31536000; Path=/; SameSite=lax"
        )
        assert opened(client, "/articles", "ru").get("lang") == "sr-Latn"
        assert opened(client, "/articles?lang=en", "ru").get("lang") == "en"
    finally:
        client.cookies.clear()


@pytest.mark.parametrize("given", ["lang=xx", "lang=", "lang=sr-latn", "lang=en%0d%0aX:1"])
def test_what_is_no_language_is_passed_over(client: TestClient, given: str) -> None:
    answer = client.get(f"/?{given}", headers={"Accept-Language": "ru"})

    assert html.fromstring(answer.text).get("lang") == "ru"
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("tag", ["sr-Latn", "sr-Cyrl", "ru"])
@pytest.mark.parametrize("path", PAGES)
def test_no_page_says_anything_in_english(client: TestClient, path: str, tag: str) -> None:
    said = own_words(opened(client, path, tag))

    assert ENGLISH.findall(said) == [], said


@pytest.mark.parametrize("tag", ["sr-Latn", "sr-Cyrl", "ru"])
def test_a_checked_draft_and_its_report_say_nothing_in_english(
    client: TestClient, tag: str
) -> None:
    headers, form = {"Accept-Language": tag}, {"text": (None, DRAFT)}
    page = html.fromstring(client.post("/check/text", files=form, headers=headers).text)
    assert page.xpath("//nav[@class='languages']/a/@href")[0] == "/check?lang=en"
    assert ENGLISH.findall(own_words(page)) == []

    report = html.fromstring(client.post("/check/report", files=form, headers=headers).content)
    assert report.get("lang") == tag
    report.xpath("//div[@id='footnote-report']")[0].drop_tree()
    for node in report.xpath("//*[@class='words' or @class='place']"):
        node.drop_tree()
    assert ENGLISH.findall(own_words(report)) == []


def test_errors_are_said_in_the_language_and_what_is_not_known_is_marked(
    client: TestClient,
) -> None:
    gone = opened(client, "/articles/nowhere", "sr-Latn")
    assert gone.xpath("//h1/text()") == ["Nije nađeno"]
    assert gone.xpath("//main/p/text()") == ["Nema članka 'nowhere'."]
    note = opened(client, "/articles/evil", "ru").xpath("//p[@lang='en']/text()")
    assert note == ["Decoded as windows-1252."]


@pytest.mark.parametrize("path", ["//evil.example/x", "/\\evil.example", "///evil.example"])
def test_links_to_languages_lead_to_this_service(client: TestClient, path: str) -> None:
    page = html.fromstring(client.get(f"http://127.0.0.1{path}").text)

    links = page.xpath("//nav[@class='languages']/a/@href")
    assert {link[:1] for link in links} == {"/"}
    assert [link for link in links if link[1] in "/\\"] == []


def test_programs_are_answered_in_english_whatever_they_speak(client: TestClient) -> None:
    headers = {"Accept-Language": "ru", "Accept": "application/json"}
    told = client.get("/v1/articles/nowhere", headers=headers).json()

    assert (told["title"], told["detail"]) == ("Not found", "there is no article 'nowhere'")
    checked = client.post(
        "/v1/check/text/report", json={"text": DRAFT, "format": "csv"}, headers=headers
    )
    assert b",Altered," in checked.content


@pytest.mark.browser
@pytest.mark.parametrize("tag", ["sr-Latn", "sr-Cyrl", "ru"])
@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_is_wider_than_its_window_in_any_language(
    visit: Callable[..., Any], tag: str, width: int
) -> None:
    page = visit("/", viewport={"width": width, "height": 740}, locale=tag)
    assert page.get_attribute("html", "lang") == tag
    for path in (*LOOKED_AT, "/add", "/jobs", "/correct?id=pilots", "/remove?id=pilots"):
        page.goto(path)
        for closed in page.query_selector_all("details"):
            closed.evaluate("(details) => (details.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    check_draft(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.browser
def test_scripts_speak_the_language_of_the_page(visit: Callable[..., Any]) -> None:
    page = visit("/add", locale="sr-Latn")
    named = {"mimeType": "text/plain", "buffer": b"x" * 1024 * 1024}
    page.set_input_files("#files", [{"name": "a.txt", **named}, {"name": "b.txt", **named}])
    assert page.inner_text(".chosen") == "2 datoteke, 2 MB."

    page.goto("/articles/pilots?start=84&end=120")
    button = page.locator("button.copy").first
    assert (button.inner_text(), button.get_attribute("aria-label")) == (
        "Kopiraj",
        "Kopiraj: Navod",
    )
