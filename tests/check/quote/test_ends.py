"""Attributions within a quote, differences at its ends, and of what kind they are."""

import pytest

from qa.check.quote.altered import half_altered
from qa.check.quote.find import find
from qa.check.quote.rules import RULES
from qa.check.quote.text import Text

JOINED = {
    "two sentences": (
        "“The roads are done,” said Ana Kos on Friday. “We shall borrow,” she added.",
        "The roads are done. We shall borrow",
        ["The roads are done", "We shall borrow"],
    ),
    "within one": (
        "“The bridge,” Berg said, “was closed to lorries.”",
        "The bridge was closed to lorries",
        ["The bridge", "was closed to lorries"],
    ),
    "with a comma of its own": (
        "“The bridge, which is old,” Berg said, “was closed.”",
        "The bridge, which is old, was closed",
        ["The bridge, which is old", "was closed"],
    ),
    "single marks": (
        "‘The bridge was closed,’ Berg said. ‘Nobody told us.’",
        "The bridge was closed. Nobody told us",
        ["The bridge was closed", "Nobody told us"],
    ),
    "straight marks": (
        '"The bridge was closed," Berg said. "Nobody told us."',
        "The bridge was closed. Nobody told us",
        ["The bridge was closed", "Nobody told us"],
    ),
    "Serbian": (
        "„Most je bio zatvoren“, rekao je Berg. „Niko nam nije javio.“",
        "Most je bio zatvoren. Niko nam nije javio",
        ["Most je bio zatvoren", "Niko nam nije javio"],
    ),
    "French": (
        "« Le pont était fermé », a dit Berg. « Nous ne savions rien. »",
        "Le pont était fermé. Nous ne savions rien",
        ["Le pont était fermé", "Nous ne savions rien"],
    ),
}


@pytest.mark.parametrize(("text", "quote", "parts"), JOINED.values(), ids=JOINED)
def test_what_one_speaker_says_around_an_attribution_is_joined(text, quote, parts):
    [found] = find(quote, text)
    assert (found.kind, [part.text for part in found.parts]) == ("normalized", parts)
    assert [text[p.start : p.end] for p in found.parts] == [p.text for p in found.parts]


@pytest.mark.parametrize(
    "between", ["Berg said. He was tired and looked away.", "Berg never said.", "It rained."]
)
def test_more_than_an_attribution_between_two_parts_keeps_them_apart(between):
    text = f"“The bridge was closed to us,” {between} “Nobody told us of it.”"
    [found] = find("The bridge was closed to us. Nobody told us of it", text)
    assert (found.kind, found.differences) == ("spliced", ())
    assert [part.text for part in found.parts] == [
        "The bridge was closed to us",
        "Nobody told us of it",
    ]


def test_a_word_changed_beside_an_attribution_is_the_only_difference():
    text = "“The bridge was closed,” Berg said. “Nobody told us of it before.”"
    [found] = find("The bridge was closed. Nobody told us of it after", text)
    assert (found.kind, [(d.quote, d.source) for d in found.differences]) == (
        "altered",
        [("after", "before")],
    )


TYPOGRAPHY = {
    "a mark repeated at a paragraph's head": (
        "“No one answered us.\n\n“We wrote four letters,” he said.",
        "No one answered us. We wrote four letters",
    ),
    "a closing mark left out": ("“We go this year,” said Ana.", "We go this year, said Ana"),
    "the stop of an abbreviation": ("It is real in the U.S. today.", "It is real in the U.S today"),
    "a space before a hyphen at a line's end": (
        "abnormal back -\nground noise",
        "abnormal background noise",
    ),
    "notes": (
        "opened in 1962[1] and rebuilt.[2] It is long",
        "opened in 1962 and rebuilt. It is long",
    ),
    "notes of the quote": ("the dam held, but barely", "the dam held [2], but barely"),
    "notes of both": (
        "The Saline test [53] showed more, [5] too",
        "the saline test [53] showed more",
    ),
    "brackets around what stands there": ("We will not go home", "[We] will not go home"),
    "editors' notes": ("We will not go home", "We will not go home (emphasis mine)"),
    "Markdown": ("The *median* age was [48 years](http://x.org)", "The median age was 48 years"),
    "two scripts": ("Наш став је познат свима", "Naš stav je poznat svima"),
}


@pytest.mark.parametrize(("text", "quote"), TYPOGRAPHY.values(), ids=TYPOGRAPHY)
def test_what_is_no_word_makes_no_difference(text, quote):
    assert {found.kind for found in find(quote, text)} == {"normalized"}


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("He closed [4] schools in the town", "He closed schools in the town"),
        ("He closed schools in the town", "He closed [4] schools in the town"),
        ("It was 10⁶ tickets in the town", "It was 106 tickets in the town"),
        ("The No.12 The bus of the town stops", "The No. The bus of the town stops"),
        ("There were 20 of them in the town", "There were 20[5] of them in the town"),
    ],
)
def test_a_number_that_is_no_note_is_a_difference(text, quote):
    [found] = find(quote, text)
    assert (found.kind, {d.kind for d in found.differences}) == ("altered", {"number"})


CHANGED = {
    "whole at the end": (
        "Springfield is a town and a state in the United States.",
        "Springfield is a town and a state in Mexico.",
        ("Mexico", "the United States", "name"),
    ),
    "whole at the beginning": (
        "The United States is a state in the new order.",
        "Mexico is a state in the new order.",
        ("Mexico", "The United States", "name"),
    ),
    "no one is no number": (
        "No one signed the paper in town.",
        "A couple signed the paper in town.",
        ("A couple", "No one", "negation"),
    ),
    "No. 5": ("The No. 5 bus stops there.", "The No. 6 bus stops there.", ("6", "5", "number")),
    "ordinals": (
        "The thirtieth visitor came to us.",
        "The fortieth visitor came to us.",
        ("fortieth", "thirtieth", "number"),
    ),
    "Serbian": (
        "Ми нећемо одустати од школе",
        "Ми ћемо одустати од школе",
        ("ћемо", "нећемо", "negation"),
    ),
    "Chinese": ("中方不会参加六月的会议", "中方会参加六月的会议", ("", "不", "negation")),
    "Japanese": ("彼は会議に参加しません。", "彼は会議に参加します", ("す", "せ", "negation")),
    "Thai": ("เขาไม่ไปที่โรงเรียน", "เขาไปที่โรงเรียน", ("", "ไม่", "negation")),
    "Hindi": ("हम इस कानून को नहीं मानेंगे", "हम इस कानून को मानेंगे", ("", "नहीं", "negation")),
    "Portuguese": ("Nós não vamos sair daqui", "Nós vamos sair daqui", ("", "não", "negation")),
}


@pytest.mark.parametrize(("text", "quote", "expected"), CHANGED.values(), ids=CHANGED)
def test_a_difference_has_its_whole_other_side_and_its_kind(text, quote, expected):
    [found] = find(quote, text)
    assert [(d.quote, d.source, d.kind) for d in found.differences] == [expected]


@pytest.mark.parametrize(
    ("said", "there", "same"),
    [
        ("12 %", "12 percent", True),
        ("twelve", "12", True),
        ("5 km", "5,000 metres", True),
        ("12", "21", False),
        ("5 km", "5 miles", False),
    ],
)
def test_one_value_in_two_wordings_is_a_difference_that_says_so(said, there, same):
    [found] = find(
        f"The repair of it takes {said} of all", f"The repair of it takes {there} of all"
    )
    assert (found.kind, [d.same_value for d in found.differences]) == ("altered", [same])


@pytest.mark.parametrize(
    ("text", "quote", "expected"),
    [
        (
            "He came. He was born in Arkansas. He left.",
            "He was born in Carter County, Tennessee.",
            ("Carter County, Tennessee", "Arkansas"),
        ),
        ("A dog sleeps on the sofa.", "A cat sleeps on the sofa", ("A cat", "A dog")),
    ],
)
def test_half_of_a_quote_in_the_article_named_is_enough(text, quote, expected):
    found = half_altered(Text(quote), Text(text), RULES)
    assert found is not None
    assert [(d.quote, d.source) for d in found.differences] == [expected]
