"""How texts are cut, compared and named, without a page around them."""

from __future__ import annotations

import doctest
from types import ModuleType

import pytest

from qa.check.types import Excerpt, Match, Part
from qa.schemas import paths
from qa.types import Source, Span
from qa.web import diff, labels, marking
from qa.wording import dates


@pytest.mark.parametrize("module", [diff, labels, marking, paths])
def test_the_examples_in_the_docstrings_hold(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    "url", ["http://a.example", "https://a.example/b?c=d", "HTTPS://a.example/"]
)
def test_addresses_of_the_web_become_links(url: str) -> None:
    assert url == paths.external(url)


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
        *("http://user:pass@a.example", "https://bank.example@a.example/", "http://@a.example"),
        *("https://exa\u202emoc.elpm", "https://a.example/\u2066x\u2069", "https://a.example/\x1b"),
        "https://evil.example\\.bank.example/",
    ],
)
def test_other_addresses_do_not(url: str | None) -> None:
    assert paths.external(url) is None


def test_an_article_id_is_quoted_in_its_path() -> None:
    assert paths.article_path("a/b?c#d") == "/articles/a%2Fb%3Fc%23d"


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


def match_of(text: str, start: int, end: int, *parts: Part) -> Match:
    return Match(
        source=Source("a"),
        passage_id="a.00000000.0-9",
        start=start,
        end=end,
        text=text[start:end],
        similarity=1.0,
        differences=(),
        citation="a",
        sentence=Excerpt(0, len(text), text),
        parts=parts,
    )


def test_of_an_endless_sentence_the_surroundings_are_shown() -> None:
    text = "word " * 400 + "here it stands now" + " word" * 400
    found = [(p.text, p.marked) for p in marking.in_sentence(match_of(text, 2000, 2018))]
    assert found == [
        ("… ", False),
        ("word " * 79, False),
        ("here it stands now", True),
        (" word" * 79, False),
        (" …", False),
    ]


def test_words_without_spaces_are_cut_all_the_same() -> None:
    text = "字" * 3000
    found = [(p.text, p.marked) for p in marking.in_sentence(match_of(text, 1000, 1010))]
    assert found[1:-1] == [("字" * 400, False), ("字" * 10, True), ("字" * 400, False)]


def test_of_a_quote_in_parts_what_it_leaves_out_is_not_marked() -> None:
    text = "He left, as he did, early."
    parts = Part("He left", 0, 7, "He left"), Part("early", 20, 25, "early")
    found = marking.in_sentence(match_of(text, 0, 25, *parts))
    assert [(p.text, p.marked) for p in found] == [
        ("He left", True),
        (", as he did, ", False),
        ("early", True),
        (".", False),
    ]


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
    assert [(p.op, p.text) for p in diff.word_diff(source, quote)] == pieces


@pytest.mark.parametrize("date", ["2024-13", "about 1900", "2024-xx-01"])
def test_a_date_that_is_none_stays_as_it_is(date: str) -> None:
    assert dates.date(date) == date


@pytest.mark.parametrize(
    ("value", "words"), [(0.0, "very low (0.00)"), (0.5, "fair (0.50)"), (1.0, "very high (1.00)")]
)
def test_confidence_is_a_word_and_a_number(value: float, words: str) -> None:
    assert labels.confidence(value) == words
