import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.ingest.canonical_text import canonical, one_line, storable
from tests.timing import BESIDE

ANY_TEXT = st.text(st.characters(exclude_categories=()))  # lone surrogates too
NASTY = st.text(
    st.sampled_from("ae\u0301\u0327\r\n\t \x00\x0c\x85\u2028\ufeff\ud800\u1fef\u2000\xa0")
)


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\u2028b\u2029c", "a\nb\nc"),
        ("\ufeffa\ufeffb", "ab"),
        ("a\x00b\x0cc\x1fd\x7fe\x85f\x9fg", "a b c d e f g"),
        ("a\tb", "a\tb"),
        ("cafe\u0301", "caf\xe9"),
        ("e\ufeff\u0301", "\xe9"),
        ("a\ud800b", "a\ufffdb"),
        (" \n\xa0a  b \x00\n", "a  b"),
        ("one\n\n\n\ntwo", "one\n\n\n\ntwo"),
        ("\x00\ufeff \r\n", ""),
    ],
)
def test_canonical_changes_exactly_what_it_says(given_text, expected):
    assert expected == canonical(given_text)


@given(st.one_of(ANY_TEXT, NASTY))
def test_canonical_is_idempotent(text):
    once = canonical(text)

    assert once == canonical(once)


@given(st.one_of(ANY_TEXT, NASTY))
def test_canonical_text_is_nfc_without_controls_and_can_be_stored(text):
    result = canonical(text)

    assert unicodedata.is_normalized("NFC", result)
    assert not {c for c in result if unicodedata.category(c) == "Cc"} - {"\n", "\t"}
    assert result == result.encode().decode()


def test_one_line_collapses_every_white_space():
    assert one_line(" Source:\xa0 Vecernje\n\tnovosti ") == "Source: Vecernje novosti"


def test_storable_changes_lone_surrogates_alone():
    assert storable(" a\udfff\x00e\u0301 ") == " a\ufffd\x00e\u0301 "


@pytest.mark.no_cover
def test_a_long_run_of_combining_marks_takes_no_quadratic_time():
    started = time.thread_time()
    text = canonical("a" + "\u0301\u0323" * 32_000)
    assert time.thread_time() - started < 1.0 * BESIDE  # three and more when sorted as one run
    assert canonical(text) == text
