"""Quotes in several parts: honestly shortened, altered, or spliced."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.check.quote.find import find
from qa.check.quote.forms import Quote, pieces, unquoted, without_marks
from tests.timing import BESIDE

TEXT = (
    "The talks lasted, it seems, 3.5 hours. No one signed the paper. The port was closed all day. "
    "Mr Ilić did not say why he left. The U.S. delegation flew home, and we never met again."
)


def parts(quote, text=TEXT):
    """The kind, the words of each part, and the differences."""
    [found] = find(quote, text)
    assert all(text[part.start : part.end] == part.text for part in found.parts)
    changed = [(d.op, d.quote, d.source, d.kind) for d in found.differences]
    return found.kind, [part.text for part in found.parts], changed


SHORTENED = {
    "within a sentence": (
        "The talks lasted … 3.5 hours",
        ["The talks lasted", "3.5 hours"],
    ),
    "from one sentence to the next": (
        "No one signed [...] The port was closed.",
        ["No one signed", "The port was closed"],
    ),
    "twice": (
        "The talks … hours. No one … the paper",
        ["The talks", "hours. No one", "the paper"],
    ),
    "in parentheses": ("The talks (…) 3.5 hours", ["The talks", "3.5 hours"]),
    "with four stops": ("The talks lasted.... 3.5 hours", ["The talks lasted", "3.5 hours"]),
    "in other typography": ("the TALKS lasted . . . 3.5 hours", ["The talks lasted", "3.5 hours"]),
    "over an abbreviation": (
        "The U.S. delegation … and we never met again",
        ["The U.S. delegation", "and we never met again"],
    ),
    "the nearest of several places": (
        "the paper. The … was closed",
        ["the paper. The", "was closed"],
    ),
}


@pytest.mark.parametrize(("quote", "expected"), SHORTENED.values(), ids=SHORTENED.keys())
def test_an_ellipsis_between_parts_that_follow_on_is_no_change(quote, expected):
    assert parts(quote) == ("normalized", expected, [])


@pytest.mark.parametrize(
    ("quote", "place"),
    [
        ("…the port was closed…", "The port was closed"),
        ("[t]he port was closed", "The port was closed"),
        ("The port was [sic] closed (sic!) all day", "The port was closed all day"),
        ("“[...] the port was closed.”", "The port was closed"),
        ("No one signed the paper,", "No one signed the paper"),
        ("No one *signed*[12] the paper", "No one signed the paper"),
        ("The port was&nbsp;closed all day", "The port was closed all day"),
    ],
)
def test_brackets_and_ellipses_around_a_quote_are_no_change(quote, place):
    [found] = find(quote, TEXT)
    assert (found.kind, TEXT[found.start : found.end]) == ("normalized", place)


def test_brackets_that_stand_in_the_source_are_verbatim():
    [found] = find("he said [sic] so … often", "Well, he said [sic] so … often.")
    assert (found.kind, found.start) == ("verbatim", 6)


ALTERED = {
    "a part with another number": (
        "The talks lasted … 35 hours. No one signed",
        ["The talks lasted", "3.5 hours. No one signed"],
        [("replace", "35", "3.5", "number")],
    ),
    "a negation under the ellipsis": (
        "Mr Ilić did … say why he left",
        ["Mr Ilić did", "say why he left"],
        [("delete", "", "not", "negation")],
    ),
    "a subject that is a negation": (
        "The talks lasted … signed the paper",
        ["The talks lasted", "signed the paper"],
        [("delete", "", "it seems, 3.5 hours. No one", "number")],
    ),
    "part of a number under the ellipsis": (
        "The talks lasted … hours",
        ["The talks lasted", "hours"],
        [("delete", "", "it seems, 3.5", "number")],
    ),
    "a question of the last part": (
        "The port was … all day?",
        ["The port was", "all day"],
        [("insert", "?", "", "word")],
    ),
    "a question in brackets": (
        "The port was closed all day (?)",
        [],
        [("insert", "?", "", "word")],
    ),
    "words of one's own in brackets": (
        "The port [of Senta] was closed all day",
        [],
        [("insert", "of Senta", "", "name")],
    ),
    "an ending in brackets": (
        "No one sign[s] the paper",
        [],
        [("replace", "signs", "signed", "word")],
    ),
    "a word left out in silence": (
        "Mr Ilić did not say he left",
        [],
        [("delete", "", "why", "word")],
    ),
    "a question of a statement": (
        "The port was closed all day?",
        [],
        [("insert", "?", "", "word")],
    ),
}


@pytest.mark.parametrize(("quote", "expected", "changed"), ALTERED.values(), ids=ALTERED.keys())
def test_what_is_changed_is_named_in_parts_too(quote, expected, changed):
    assert parts(quote) == ("altered", expected, changed)


def test_of_more_pieces_than_a_writer_leaves_none_is_looked_for_changed():
    said = [f"the pilot took ship {n} home." for n in range(41)]
    text = " ".join(f"On day {n} {one}" for n, one in enumerate(said))
    changed = [one.replace("took", "brought") for one in said]

    assert find(" … ".join(changed[:40]), text)[0].kind == "altered"
    assert find(" … ".join(changed), text) == []
    assert find(" … ".join(said), text)[0].kind == "normalized"


HIDDEN = [
    ("They paid 5 … euros for it", "They paid 5 million euros for it", "million", "number"),
    ("Profits rose … percent last year", "Profits rose 30 percent last year", "30", "number"),
    ("They have … nuclear arms", "They have zero nuclear arms", "zero", "number"),
    ("the vaccine is … safe", "the vaccine is far from safe", "far from", "word"),
    (
        "We will … attack the city",
        "We will not under any circumstances whatsoever, today or ever, attack the city",
        "not under any circumstances whatsoever, today or ever",
        "negation",
    ),
]


@pytest.mark.parametrize(("quote", "text", "hidden", "kind"), HIDDEN)
def test_what_an_ellipsis_hides_is_named(quote, text, hidden, kind):
    [found] = find(quote, text)
    assert [(d.op, d.source, d.kind) for d in found.differences] == [("delete", hidden, kind)]


SPLICED = {
    "in another order": (
        "No one signed the paper … The talks lasted",
        ["No one signed the paper", "The talks lasted"],
    ),
    "with a sentence between": (
        "No one signed the paper … Mr Ilić did not say why",
        ["No one signed the paper", "Mr Ilić did not say why"],
    ),
    "in silence": (
        "No one signed the paper. Mr Ilić did not say why he left.",
        ["No one signed the paper", "Mr Ilić did not say why he left"],
    ),
    "within a sentence": (
        "The port was closed and we never met again",
        ["The port was closed", "and we never met again"],
    ),
    "with a word that joins them": (
        "No one signed the paper, so we never met again",
        ["No one signed the paper", "we never met again"],
    ),
}


@pytest.mark.parametrize(("quote", "expected"), SPLICED.values(), ids=SPLICED.keys())
def test_parts_that_do_not_follow_on_are_spliced(quote, expected):
    assert parts(quote) == ("spliced", expected, [])


@pytest.mark.parametrize(
    ("quote", "text", "place"),
    [
        ("close cooperation it is", "close coop-\neration it is", "close coop-\neration it is"),
        ("close coop-\neration it is", "close cooperation it is", "close cooperation it is"),
        ("close coop- eration it is", "close cooperation it is", "close cooperation it is"),
        ("a well-known port", "a well-\nknown port", "a well-\nknown port"),
        ("a well-\nknown port", "a well-known port", "a well-known port"),
        ("co\u00ad\noperation now", "a cooperation now", "cooperation now"),
    ],
)
def test_a_line_break_that_parts_a_word_is_no_change(quote, text, place):
    [found] = find(quote, text)
    assert (found.kind, text[found.start : found.end]) == ("normalized", place)


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("he earned $5million in May", "he earned $5 million in May"),
        ("a road of 20 km in length", "a road of 20km in length"),
        ("a road of 20km in length", "a road of 20\u00a0km in length"),
    ],
)
def test_a_space_between_a_number_and_its_unit_is_no_change(quote, text):
    assert [(found.kind, found.end) for found in find(quote, text)] == [("normalized", len(text))]


@pytest.mark.parametrize(
    ("quote", "text", "expected"),
    [
        (
            "Turnout was between 45 and 40 percent",
            "Turnout was between 40 and 45 percent",
            [("replace", "45", "40"), ("replace", "40", "45")],
        ),
        (
            "the minister never said that the work was done",
            "the minister said that the work was never done",
            [("insert", "never", ""), ("delete", "", "never")],
        ),
    ],
)
def test_what_differs_is_the_least_that_explains_it(quote, text, expected):
    [found] = find(quote, text)
    assert [(d.op, d.quote, d.source) for d in found.differences] == expected


def test_a_sign_within_a_quote_is_no_mark_of_a_blockquote():
    [found] = find("of those > or =60 it was so", "of those > or =60 it was not so")
    assert [(d.op, d.source, d.kind) for d in found.differences] == [("delete", "not", "negation")]


def test_a_source_that_writes_characters_as_html_is_held_against_as_it_is():
    [found] = find("it is not 2&#34; wide and not thick", "it is 2&#34; wide and not thick")
    assert [(d.op, d.quote, d.kind) for d in found.differences] == [("insert", "not", "negation")]


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        (
            "He … signed the treaty in Vienna",
            "He went home. " * 99 + "He then signed the treaty in Vienna.",
        ),
        (
            "We will … attack the city",
            "We will not attack the city. So they said. We will, as promised, attack the city.",
        ),
        (
            "The port was closed.[1][2, 3] It opened in May",
            "The port was closed. It opened in May.",
        ),
        ("> The port was closed\n> in May", "The port was closed in May."),
    ],
)
def test_an_honest_place_is_found_among_others(quote, text):
    assert [found.kind for found in find(quote, text)] == ["normalized"]


@pytest.mark.no_cover
@pytest.mark.timeout(20)
@pytest.mark.parametrize("quote", ["the … cat … " * 150, "the cat and the dog " * 100])
def test_parts_that_stand_in_a_thousand_places_are_chained_quickly(quote):
    started = time.thread_time()
    find(quote, "the cat and the dog went to the port of the town. " * 6_000)
    assert time.thread_time() - started < 6 * BESIDE


def test_an_acronym_is_one_word_with_its_stops():
    text = "Nobody asked. The U.S. will leave by the end of May."
    [found] = find("The US will leave by the end of May", text)
    assert [(d.op, d.quote, d.source, d.kind) for d in found.differences] == [
        ("replace", "US", "U.S.", "name")
    ]
    assert text[found.start : found.end] == "The U.S. will leave by the end of May"


@pytest.mark.parametrize(
    ("quote", "text"),
    [("it is 1-\n000 now", "it is 1000 now"), ("re-\nSign the paper", "resign the paper")],
)
def test_a_line_break_joins_neither_numbers_nor_names(quote, text):
    assert all(found.kind == "altered" for found in find(quote, text))


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("tbe port was clsed all day", [("tbe", "The"), ("clsed", "closed")]),
        ("No one slgned tbe papcr", [("slgned tbe papcr", "signed the paper")]),
    ],
)
def test_words_misread_by_a_machine_are_changed_words_at_the_right_place(quote, expected):
    [found] = find(quote, TEXT)
    assert [(d.quote, d.source) for d in found.differences] == expected
    assert {d.kind for d in found.differences} == {"word"}


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("One … two [...] three", ["One", "two", "three"]),
        ("… …", []),
        ("1. . . 2", ["1", "2"]),
        ("no ellipsis. At all", ["no ellipsis. At all"]),
    ],
)
def test_a_quote_is_cut_at_its_ellipses(quote, expected):
    assert pieces(quote) == expected


def test_what_editors_put_in_brackets_is_taken_out():
    assert without_marks("[T]he port [sic] of [the] town") == "The port of the town"
    assert without_marks("the *port* of __Senta__[2] was closed") == "the port of Senta was closed"
    assert without_marks("a [50] and 20[5] of them, 2*3*4") == "a 50 and 20[5] of them, 2*3*4"
    assert unquoted(" „Yes, yes“ ") == "Yes, yes"
    assert [form.text for form in Quote("“[W]e left”").forms] == ["[W]e left", "We left"]


sentences = st.lists(
    st.lists(st.sampled_from("abcdefghij"), min_size=4, max_size=7).map(
        lambda letters: " ".join(f"word{letter}" for letter in letters)
    ),
    min_size=3,
    max_size=6,
    unique=True,
)


@given(sentences, st.data())
def test_two_pieces_of_one_sentence_in_order_are_never_spliced(made, data):
    text = ". ".join(s.capitalize() for s in made) + "."
    words = data.draw(st.sampled_from(made)).split()
    cut = data.draw(st.integers(1, len(words) - 1))
    [found, *_] = find(f"{' '.join(words[:cut])} … {' '.join(words[cut:])}", text)
    assert found.kind == "normalized"


@given(st.text(alphabet="ab …[]().’“-\n", max_size=60), st.text(alphabet="ab .“-\n", max_size=60))
def test_every_part_stands_where_it_is_said_to(quote, text):
    for found in find(quote, text):
        assert 0 <= found.start < found.end <= len(text)
        for part in found.parts:
            assert text[part.start : part.end] == part.text
            assert found.start <= part.start < part.end <= found.end


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "quote",
    [
        "… a b c d e " * 150,
        "a b c d e f " * 300,
        "[a]" * 600,
        "a-\n" * 900,
        "... " * 500,
        " and ".join(f"the word{i} of it" for i in range(100)),
    ],
    ids=lambda quote: ascii(quote[:8]),
)
def test_hostile_quotes_are_answered(quote):
    text = "a b c d e f. " * 3_000 + " ".join(f"the word{i} of it." for i in range(3_000))
    assert len(find(quote, text)) <= 20
