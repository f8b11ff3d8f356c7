import time

from hypothesis import given
from hypothesis import strategies as st

from qa.ingest.cleaning import clean
from qa.ingest.text import canonical
from qa.types import Removed

LINES = st.sampled_from(
    [
        *("", " ", "A sentence.", "A headline", "  indented", "It ended. Read more:", "Read more:"),
        *("Foto: X", "0 comments", "page 1 of 2", "One two three One two three", "e\u0301"),
    ]
)
TEXTS = st.lists(LINES | st.text(), max_size=20).map("\n".join).map(canonical)


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
