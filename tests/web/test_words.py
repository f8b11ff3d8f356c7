"""What a page for readers does not say, outside of its details: docs/words.md."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient
from lxml import html

from tests.wording.messages import of_pages, of_service

READERS_PAGES = [
    *("/", "/?q=Who+guides+ships%3F", "/?q=Who+bakes+bread%3F", "/?q=x&publisher=nobody"),
    *("/articles", "/articles?q=harbour&sort=-added", "/articles/pilots?start=84&end=120"),
    *("/articles/evil", "/related", "/related?text=lighthouse", "/check", "/add", "/jobs"),
    *(
        "/check?quote=In+2019+the+port+handled+1%2C402+ships&speaker=Ana+Marin",
        "/correct?id=pilots",
    ),
    *("/remove?id=pilots", "/articles/nowhere", "/?q=-crane"),
]
DRAFT = """“The pilot boards at dusk.” [1] The crane lifts 17 crates at the dock. [2]

[1]: /articles/pilots"""
NEVER = re.compile(
    r"\b(?:corpus|generation|encoder|embedd\w+|chunks?|snippets?|tokens?|index(?:es)?|database|claims?"
    r"|vectors?|BM25|cosine|hits?|jobs?|metadata|manuscript|import(?:s|ed)?|top_k|offset"
    r"|characters?\s\W*\d+|passage_id|article_id)\b",
    re.IGNORECASE,
)
# Shown where somebody opens details, or said of what a form or an address of our own never sends.
IN_DETAILS = {
    "Encoder %(encoder)s, generation %(generation)s of the index.",
    "By meaning (cosine)",
    "By words (BM25)",
}
OF_PROGRAMS = re.compile(
    r"top_k is|offset is|min_generation is|is not a passage id|has no passage at characters"
    r"|another process is writing|the corpus is being changed|the body holds"
    r"|job %\(id\)s|there is no job|nothing of job"
)


def outside_of_details(page: html.HtmlElement) -> str:
    for node in page.xpath("//details/*[not(self::summary)] | //script | //datalist"):
        node.drop_tree()
    return " ".join(page.xpath("string(//body)").split())


@pytest.mark.parametrize("path", READERS_PAGES)
def test_a_readers_page_says_what_readers_say(client: TestClient, path: str) -> None:
    said = outside_of_details(html.fromstring(client.get(path).text))

    assert NEVER.findall(said) == []


def test_a_checked_draft_says_what_readers_say(client: TestClient) -> None:
    page = html.fromstring(client.post("/check/text", files={"text": (None, DRAFT)}).text)

    assert NEVER.findall(outside_of_details(page)) == []


def test_no_message_of_a_page_says_otherwise() -> None:
    own = {key[1] for key in of_pages()} - IN_DETAILS
    told = [message for message in of_service("ru") if not OF_PROGRAMS.search(message)]

    assert [message for message in [*sorted(own), *told] if NEVER.search(message)] == []


@pytest.mark.parametrize("words", ["in the corpus", "Characters 1424–1571", "3 hits", "the index."])
def test_what_is_not_said_is_found(words: str) -> None:
    assert NEVER.search(words)
