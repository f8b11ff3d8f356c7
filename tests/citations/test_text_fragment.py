"""What a link says of the words that it leads to; tests/web follows such links in a browser."""

from urllib.parse import unquote

import pytest

from qa.citations.text_fragment import OriginalPage, directive, in_original
from qa.types import Span

LONG = (
    "The council met on Monday to hear nine witnesses of the flood. The chief engineer said that "
    "the pumps had been tested every week, and that no failure of the main valve was known. "
    "The council met on Monday to hear nine others."
)


def told(text: str, words: str, nth: int = 0, title: str = "") -> str:
    """The directive for the nth place of some words, decoded."""
    at = -1
    for _ in range(nth + 1):
        at = text.index(words, at + 1)
    return directive(OriginalPage(title, text), Span(at, at + len(words)))


def test_short_words_are_told_whole_and_every_sign_of_a_directive_is_encoded():
    text = "He said: well-known, 50% & more (a+b) #1 / ü?"
    assert told(text, text) == (
        "He%20said%3A%20well%2Dknown%2C%2050%25%20%26%20more%20%28a%2Bb%29%20%231%20%2F%20%C3%BC%3F"
    )


@pytest.mark.parametrize(
    ("text", "words", "nth", "title", "expected"),
    [
        # twice: told apart by what stands before
        (
            "It rained. The dam held. It snowed. The dam held.",
            "The dam held.",
            0,
            "",
            "The dam held.",
        ),
        (
            *("It rained. The dam held. It snowed. The dam held.", "The dam held.", 1, ""),
            "It snowed.-,The dam held.",
        ),
        # the words before are the same, too: more of them
        (
            *("a b c. The dam held. x b c. The dam held.", "The dam held.", 1, ""),
            "held. x b c.-,The dam held.",
        ),
        # in the headline, and nothing before: by what follows
        (
            *("The dam held. It is old.", "The dam held.", 0, "The dam held."),
            "The dam held.,-It is",
        ),
        # in other capitals, which browsers do not tell apart
        ("THE DAM held. Then the dam broke.", "the dam", 0, "", "held. Then-,the dam"),
        ("İZMİR HELD. Then Izmir held.", "Izmir held.", 0, "", "HELD. Then-,Izmir held."),
        ("İt ran. THE DAM held. Then the dam held.", "the dam", 0, "", "held. Then-,the dam"),
        # in another paragraph than the words before
        ("The dam.\n\nIt held.\n\nThe dam.", "The dam.", 1, "", "It held.-,The dam."),
        # whole words
        ("A well-tested pump", "tested pum", 0, "", "tested pump"),
        ("A pump  ran\tdry today", "pump  ran\tdry", 0, "", "pump ran dry"),
        ("A pump ran", " pump ", 0, "", "pump"),
        ("A pump ran", " ", 0, "", ""),
    ],
)
def test_what_a_link_says(text, words, nth, title, expected):
    assert unquote(told(text, words, nth, title)) == expected


def test_long_words_are_told_by_their_first_and_last():
    assert unquote(told(LONG, LONG[63:])) == "The chief engineer said,to hear nine others."


def test_the_last_words_are_as_many_as_end_it_first_there():
    text = "Start " + "of the day again. " * 8 + "This is the end of the day again."
    assert unquote(told(text, text)).endswith(",This is the end of the day again.")


def test_the_first_words_grow_before_anything_is_put_before_them():
    title = "The council met on Monday"
    assert unquote(told(LONG, LONG, title=title)) == (
        "The council met on Monday to hear nine,to hear nine others."
    )


def test_words_of_several_paragraphs_are_told_by_lines():
    text = "One line here, first of all.\n\nA second one.\n\nAnd the third ends it."
    assert unquote(told(text, text)) == "One line here, first,the third ends it."


def test_a_script_without_spaces_is_cut_at_its_stops():
    text = "外交部发言人王丽周三表示,中方不会参加六月的会议。我们反对任何形式的单边制裁,她说。" * 4
    first, last = unquote(told(text, text)).split(",", 1)
    assert (first, text.endswith(last)) == ("外交部发言人王丽周三表示", True)


def test_what_would_be_too_long_is_no_link():
    assert told("ก" * 1000, "ก" * 1000) == ""


@pytest.mark.parametrize(
    ("url", "number", "expected"),
    [
        ("https://x.org/a", None, "https://x.org/a#:~:text=It%20ran."),
        ("https://x.org/a#part", None, "https://x.org/a#part:~:text=It%20ran."),
        ("https://x.org/a#:~:text=Old", None, "https://x.org/a#:~:text=It%20ran."),
        ("https://x.org/a.PDF?b#c", 7, "https://x.org/a.PDF?b#page=7"),
        ("https://x.org/about-the-report", 7, "https://x.org/about-the-report"),
    ],
)
def test_the_address_of_words(url, number, expected):
    assert in_original(url, OriginalPage("", "It ran."), Span(0, 7), number) == expected
