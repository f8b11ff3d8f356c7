"""The start page, answers, and what is said when there is none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from fastapi.testclient import TestClient
from lxml import html

from qa.types import Article, Statement, Words
from qa.web.marking import answering

GUIDES = "Who guides ships through the narrow channel?"
COLOUR = "What colour is the crane?"
NOBODY = "Who bakes sourdough bread?"


def text_of(node: html.HtmlElement) -> str:
    return " ".join(node.text_content().split())


def test_the_start_page_asks_for_a_question_and_counts_the_collection(client: TestClient) -> None:
    page = html.fromstring(client.get("/").text)
    (field,) = page.xpath("//input[@name='q']")
    assert field.get("autofocus") is not None
    assert text_of(page.xpath("//p[@class='counts']")[0]) == (
        "6 articles, 7 passages in this collection."
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
    assert "The collection is empty." in empty.get("/").text
    assert 'action="/add"' in empty.get("/").text
    assert "The collection is empty." in empty.get("/articles").text


def test_the_answer_is_the_sentence_of_the_source_with_its_footnote(client: TestClient) -> None:
    page = html.fromstring(client.get("/", params={"q": GUIDES}).text)
    (answer,) = page.xpath("//section[@aria-labelledby='answer']//blockquote")
    assert answer.text == "A harbour pilot guides ships through the narrow channel."
    assert answer.get("lang") == "en"
    assert answer.xpath("sup/a/@href") == ["#passage-1"]
    (source,) = page.xpath("//figcaption")
    assert text_of(source) == ("Harbour pilots, Ana Marin, The Harbour Gazette, 2 May 2024, p. 1")
    assert source.xpath("a/@href") == ["/articles/pilots?start=0&end=56#cited"]
    (confidence,) = page.xpath("//p[@class='confidence']")
    assert re.fullmatch(r"Confidence: [a-z ]+ \(\d\.\d\d\)", text_of(confidence))


def test_the_words_that_answer_are_a_marked_piece_of_the_sentence() -> None:
    def answered(words: Words | None) -> list[tuple[str, bool]]:
        said = Statement("Two 🚢 came in 1871.", "a", "a.0.100-200", 110, 129, words)
        return [(piece.text, piece.marked) for piece in answering(said)]

    assert answered(Words("1871", 124, 128)) == [
        ("Two 🚢 came in ", False),
        ("1871", True),
        (".", False),
    ]
    assert answered(Words("Two 🚢", 110, 115)) == [("Two 🚢", True), (" came in 1871.", False)]
    # The name of who says it may stand elsewhere.
    for words in (Words("Ana", 100, 103), Words("Ana", 130, 133)):
        assert answered(words) == [("Two 🚢 came in 1871.", False)]
    assert answered(None) == [("Two 🚢 came in 1871.", False)]


def test_the_words_that_answer_are_marked_in_the_answer(client: TestClient) -> None:
    said = client.get("/v1/ask", params={"q": COLOUR, "read": "deep"}).json()["answer"]
    start, end = (said["words"][name] - said["start"] for name in ("start", "end"))
    shown = client.get("/", params={"q": COLOUR, "read": "deep"}).text
    assert (
        f'<blockquote class="large" dir="auto" lang="en">{said["text"][:start]}'
        f"<mark>{said['text'][start:end]}</mark>{said['text'][end:]}<sup>"
    ) in shown
    # Which sentence it is from is marked in the passage, as a whole.
    assert f"<mark>{said['text']}</mark>" in shown


def test_who_says_what_the_answer_quotes_is_told_beside_it(
    client_of: Callable[[Iterable[Article]], TestClient],
) -> None:
    text = "Ana <i>Marin</i> came. Ana Marin left. “We sail at dawn & noon,” she said."
    client = client_of([Article("talk", text, title="Talk", language="en")])
    response = client.get("/", params={"q": "Who said that they sail at dawn & noon?"})
    page = html.fromstring(response.text)
    (speaker,) = page.xpath("//section[@aria-labelledby='answer']//p[@class='speaker']")
    assert text_of(speaker) == "Said by Ana Marin: she said"
    start = text.index("she said")
    assert speaker.xpath("a/@href") == [f"/articles/talk?start={start}&end={start + 8}#cited"]
    assert speaker.xpath("a/q/@lang") == ["en"]
    # The name stands in another sentence: nothing of this one is marked.
    assert 'lang="en">“We sail at dawn &amp; noon,” she said.<sup>' in response.text
    assert page.xpath("//script[not(@src)]") == page.xpath("//*[@style]") == []
    other = html.fromstring(client.get("/", params={"q": "Who came?"}).text)
    assert other.xpath("//section[@aria-labelledby='answer']//p[@class='speaker']") == []


def test_without_words_that_answer_the_sentence_has_no_mark(client: TestClient) -> None:
    for options in ({"read": "off"}, {}):
        shown = client.get("/", params={"q": COLOUR, **options}).text
        said = 'dir="auto" lang="en">The crane is painted blue.<sup>'
        assert f'<blockquote class="large" {said}' in shown


def test_how_much_is_read_goes_on_to_the_next_question(client: TestClient) -> None:
    for query in ({"q": COLOUR}, {}):
        shown = client.get("/", params={**query, "read": "fast"}).text
        assert '<input name="read" type="hidden" value="fast">' in shown
        for options in ({}, {"read": "magic"}):
            assert 'name="read"' not in client.get("/", params={**query, **options}).text
    assert 'href="/?q=Harbour+pilots&amp;read=fast"' in shown


def test_a_passage_marks_its_supporting_sentence_and_links_to_it(client: TestClient) -> None:
    page = html.fromstring(client.get("/", params={"q": GUIDES}).text)
    (first,) = page.xpath("//li[@id='passage-1']")
    assert first.xpath(".//mark/text()") == [
        "A harbour pilot guides ships through the narrow channel."
    ]
    assert first.xpath("ul/li/a/@href") == [
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
    assert text_of(section.xpath("p")[0]).startswith("No passage has “bakes”, ")
    assert page.xpath("//h2[@id='passages']/text()") == ["The nearest passages"]
    assert page.xpath("//li[@id='passage-1']")


def test_the_options_are_kept_and_nonsense_in_them_is_passed_over(client: TestClient) -> None:
    page = html.fromstring(client.get("/", params={"q": GUIDES, "top_k": "1"}).text)
    assert len(page.xpath("//ol[@class='passages']/li")) == 1
    assert page.xpath("//input[@name='top_k']/@value") == ["1"]
    page = html.fromstring(client.get("/", params={"q": GUIDES, "mode": "lexical"}).text)
    assert page.xpath("//option[@selected]/@value") == ["lexical", "relevance"]
    odd = client.get("/", params={"q": GUIDES, "mode": "magic", "top_k": "-many"})
    page = html.fromstring(odd.text)
    assert odd.status_code == 200
    assert page.xpath("//option[@selected]/@value") == ["hybrid", "relevance"]
    assert page.xpath("//input[@name='top_k']/@value") == ["5"]


def test_a_question_that_is_too_long_comes_back_with_the_limit(client: TestClient) -> None:
    response = client.get("/", params={"q": "why " * 600})
    assert response.status_code == 422
    assert "Question has 2,399 characters; at most 2,000 are taken." in response.text
