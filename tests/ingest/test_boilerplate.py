import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.ingest.boilerplate import boilerplate_kind, clean, mark_boilerplate
from qa.ingest.canonical_text import canonical
from qa.types import Removed

LINES = st.sampled_from(
    [
        *("", " ", "A sentence.", "A headline", "  indented", "It ended. Read more:", "Read more:"),
        *("Foto: X", "0 comments", "page 1 of 2", "One two three One two three", "e\u0301"),
    ]
)
TEXTS = st.lists(LINES | st.text(), max_size=20).map("\n".join).map(canonical)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Foto: Printscreen", "caption"),
        ("Photo: Tanjug / AP", "caption"),
        ("FOTO:Reuters", "caption"),
        ("0 comments", "comment count"),
        ("12 Comments", "comment count"),
        ("1 comment", "comment count"),
        ("page 1 of 18 go to page", "pagination"),
        ("Page 3 of 7", "pagination"),
        ("page 1 of 18 go to page 1 2 3", "pagination"),
        ("Screenshot TV Prva Screenshot TV Prva", "repeated caption"),
        ("Foto Tanjug Foto Tanjug", "repeated caption"),
        (
            "Preuzimanje i objavljivanje tekstova sa portala KoSSev nije dozvoljeno.",
            "reprint notice",
        ),
    ],
)
def test_lines_of_the_page_are_known_by_their_shape(line, kind):
    assert kind == boilerplate_kind(line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Photography: a history",
        "The photo: it shows a harbour",
        "Foto: " + "a long paragraph that happens to begin like a caption " * 5,
        "There were 12 comments",
        "12 comments were made",
        "See page 1 of 18",
        "page one of two",
        "New York New York",
        "Nevermore Nevermore",
        "Row your boat, Row your boat",
        "row row row your boat row row row your boat",
        "And miles to go before I sleep.",
        "He said no. He said no.",
        "Screenshot TV Prva",
    ],
)
def test_lines_of_the_article_are_not(line):
    assert boilerplate_kind(line) is None


def test_a_title_may_say_a_thing_twice():
    assert boilerplate_kind("Home at last Home at last", first=True) is None
    assert mark_boilerplate(["", "Home at last Home at last", "A text."]).kinds == {}


def test_read_more_is_cut_only_after_a_finished_sentence():
    lines = [
        "It ended. Read more:",
        "She told him to read more:",
        "Spread more:",
        "Read more: here",
    ]

    assert mark_boilerplate(lines).ends == {0: 9}


def test_the_headline_after_read_more_goes_when_it_ends_the_piece():
    marks = mark_boilerplate(
        ["It ended.  READ MORE: ", "", "Another story", "Foto: X", "A third one", ""]
    )

    assert marks.ends == {0: 9}
    assert marks.kinds == {2: "teaser", 3: "caption", 4: "teaser"}


@pytest.mark.parametrize(
    "after", [["A heading", "And a sentence."], ["A verse"] * 6, ["A heading:"], ["x" * 201]]
)
def test_what_follows_read_more_stays_when_it_is_not_only_headlines(after):
    marks = mark_boilerplate(["It ended. Read more:", *after])

    assert (marks.kinds, marks.ends) == ({}, {0: 9})


# --- cutting it out ---


def test_a_text_without_boilerplate_is_left_alone():
    text = "Title\n\n\n\n\nBody  \n\n\nEnd"
    cleaned = clean(text)

    assert (text, ()) == (cleaned.text, cleaned.removed)
    assert cleaned.moved([0, 7, 20]) == (0, 7, 20)


def test_what_is_cut_out_is_recorded_and_leaves_one_blank_line():
    cleaned = clean(
        "Title\n\nFoto: X\n\nFirst. Read more:\n\n\n\nSecond.\n\n0 comments\n\n\nEnd\n\n1 comment"
    )

    assert cleaned.text == "Title\n\nFirst.\n\n\n\nSecond.\n\nEnd"
    assert (
        Removed("caption", "Foto: X"),
        Removed("read more", "Read more:"),
        Removed("comment count", "0 comments"),
        Removed("comment count", "1 comment"),
    ) == cleaned.removed


def test_nothing_is_left_of_nothing_but_boilerplate():
    cleaned = clean("Foto: X\n\n0 comments")

    assert cleaned.text == ""
    assert cleaned.moved([0, 9]) == (0, 0)


def test_the_first_line_left_loses_its_indent():
    assert clean("Foto: X\n   indented\nEnd").text == "indented\nEnd"


def test_offsets_move_with_their_text_and_out_of_what_was_cut():
    cleaned = clean("ab\nFoto: x\ncd")

    assert cleaned.text == "ab\ncd"
    assert cleaned.moved([0, 1, 2, 3, 9, 11, 12, 13]) == (0, 1, 2, 3, 3, 3, 4, 5)


@given(TEXTS)
def test_cleaning_only_deletes_and_is_canonical_and_idempotent(text):
    cleaned = clean(text)
    rest = iter(text)

    assert all(char in rest for char in cleaned.text)  # a subsequence
    assert cleaned.text == canonical(cleaned.text)
    assert cleaned.text == clean(cleaned.text).text


@given(TEXTS)
def test_every_character_that_stays_is_found_at_its_new_offset(text):
    cleaned = clean(text)
    spans = cleaned.kept if cleaned.removed else ()
    old = [offset for span in spans for offset in range(span.start, span.end)]

    assert [text[o] for o in old] == [cleaned.text[n] for n in cleaned.moved(old)]
    everywhere = cleaned.moved(range(len(text) + 1))
    assert list(everywhere) == sorted(everywhere)
    assert all(0 <= offset <= len(cleaned.text) for offset in everywhere)


def test_ordinary_lines_that_repeat_stay_however_often():
    refrain = "\n".join(["And miles to go before I sleep,"] * 10_000)

    assert refrain == clean(refrain).text


def test_time_is_linear_in_repeated_lines_and_in_long_ones():
    captions = "Title\n" + "Screenshot TV Prva Screenshot TV Prva\n" * 10_000 + "End"
    long_lines = [("a " * 100_000) + "Read more:", "Foto: " + "x" * 200_000, " " * 200_000 + "."]
    began = time.perf_counter()

    assert clean(captions).text == "Title\nEnd"
    for line in long_lines:
        clean(canonical(f"Title\n{line}\n" + "0 comments\n" * 1000 + "End"))
    assert time.perf_counter() - began < 2
