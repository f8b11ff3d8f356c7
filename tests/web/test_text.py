"""How texts are cut, compared and named, without a page around them."""

from __future__ import annotations

import doctest

import pytest

from qa.types import Span
from qa.web import differing, links, marking, wording


@pytest.mark.parametrize("module", [differing, links, marking, wording])
def test_the_examples_in_the_docstrings_hold(module: object) -> None:
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    "url", ["http://a.example", "https://a.example/b?c=d", "HTTPS://a.example/"]
)
def test_addresses_of_the_web_become_links(url: str) -> None:
    assert url == links.external(url)


@pytest.mark.parametrize(
    "url",
    [
        *(
            None,
            "",
            "javascript:alert(1)",
            "JavaScript://a.example/%0aalert(1)",
            "data:text/html,x",
        ),
        *("//a.example", "ftp://a.example", "https:", "http://[", "java\nscript:alert(1)"),
    ],
)
def test_other_addresses_do_not(url: str | None) -> None:
    assert links.external(url) is None


def test_an_article_id_is_quoted_in_its_path() -> None:
    assert links.article_path("a/b?c#d") == "/articles/a%2Fb%3Fc%23d"


def test_paragraphs_hold_every_visible_character_of_a_text() -> None:
    text = "One\n  two\n\n \nthree\n\n\n\nfour"
    found = ["".join(p.text for p in pieces) for pieces in marking.paragraphs(text, None)]
    assert found == ["One\n  two", "three", "four"]


def test_long_lines_are_paragraphs_where_no_line_is_blank() -> None:
    line = "word " * 40
    found = list(marking.paragraphs(f"{line}\n{line}", Span(0, 4)))
    assert [[(p.text, p.marked) for p in pieces] for pieces in found] == [
        [("word", True), (line[4:], False)],
        [(line, False)],
    ]


def test_marks_that_touch_or_overlap_cover_what_either_covers() -> None:
    marks = [Span(0, 3), Span(2, 5), Span(5, 6)]
    found = marking.pieces("abcdefgh", Span(0, 8), marks)
    assert "".join(p.text for p in found if p.marked) == "abcdef"


@pytest.mark.parametrize(
    ("source", "quote", "pieces"),
    [
        ("It is not so.", "it is so", [("same", "It is "), ("del", "not"), ("same", " so.")]),
        ("It is so.", "It is not so", [("same", "It is "), ("ins", "not"), ("same", " so.")]),
        ("He left", "He left early", [("same", "He left "), ("ins", "early")]),
        ("He left", "Then he left", [("ins", "Then"), ("same", " He left")]),
        ("Yes, he said", "Yes he said", [("same", "Yes"), ("del", ","), ("same", " he said")]),
    ],
)
def test_a_difference_is_shown_in_its_place(
    source: str, quote: str, pieces: list[tuple[str, str]]
) -> None:
    assert [(p.op, p.text) for p in differing.word_diff(source, quote)] == pieces


@pytest.mark.parametrize("date", ["2024-13", "about 1900", "2024-xx-01"])
def test_a_date_that_is_none_stays_as_it_is(date: str) -> None:
    assert wording.date(date) == date


@pytest.mark.parametrize(
    ("value", "words"), [(0.0, "very low (0.00)"), (0.5, "fair (0.50)"), (1.0, "very high (1.00)")]
)
def test_confidence_is_a_word_and_a_number(value: float, words: str) -> None:
    assert wording.confidence(value) == words
