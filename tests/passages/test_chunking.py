import re
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings import HashEncoder
from qa.passages.chunking import (
    MAX_CHARACTERS,
    STRETCH,
    Chunking,
    Ruler,
    chunk,
    title_prefix,
    with_title,
)
from qa.passages.prepare import passages
from qa.types import Article, Span

TOKENS = HashEncoder().token_spans


def cut(text, budget):
    return [text[s.start : s.end] for s in chunk(text, budget=budget, token_spans=TOKENS)]


def bytes_of(text):
    """Spans of a tokenizer whose tokens are bytes: one character may be four of them."""
    return [(i, i + 1) for i, char in enumerate(text) for _ in char.encode()]


def greedy(text):
    """Spans of a tokenizer that reads "ab" as one token: half of it alone counts as much."""
    return [match.span() for match in re.finditer(r"ab|\S", text)]


def test_a_long_text_is_tokenised_in_parts_that_cut_no_word():
    asked = []

    def token_spans(text):
        asked.append(len(text))
        return TOKENS(text)

    text = "The harbour pilot boards at dawn.\n" * 2000
    assert Ruler(text, token_spans).starts == [start for start, _ in TOKENS(text)]
    assert (len(asked), max(asked) <= STRETCH) == (5, True)
    assert Ruler("x" * 3 * STRETCH, bytes_of).starts == list(range(3 * STRETCH))


# --- exact passages ----------------------------------------------------------------------------


def test_as_many_whole_sentences_go_into_a_passage_as_fit():
    text = "One two three. Four five. Six.\nSeven eight nine ten."

    assert cut(text, 4) == ["One two three.", "Four five.", "Six.", "Seven eight nine", "ten."]
    assert cut(text, 5) == ["One two three.", "Four five. Six.", "Seven eight nine ten."]
    assert cut(text, 7) == ["One two three. Four five.", "Six.\nSeven eight nine ten."]
    assert cut(text, 14) == [text]


def test_spans_leave_out_the_white_space_around():
    text = " \n One two. \n\n Three four.  "

    assert chunk(text, budget=3, token_spans=TOKENS) == [Span(3, 11), Span(15, 26)]
    assert chunk(text, budget=6, token_spans=TOKENS) == [Span(3, 26)]


def test_a_long_sentence_is_cut_at_the_last_clause_that_fits():
    text = "One two three four five six, seven eight nine ten"

    assert cut(text, 9) == ["One two three four five six,", "seven eight nine ten"]


def test_a_clause_end_in_the_first_two_thirds_is_too_early_to_cut():
    text = "One, two three four five six seven eight nine"

    assert cut(text, 6) == ["One, two three four five", "six seven eight nine"]


def test_a_word_that_does_not_fit_is_cut_anywhere():
    assert cut("x" * 100, 2) == ["x" * 64, "x" * 36]


def test_a_budget_of_one_gives_each_token_its_passage():
    assert cut("One two, three.", 1) == ["One", "two", ",", "three", "."]


@pytest.mark.parametrize("budget", [0, -3])
def test_a_budget_below_one_is_refused(budget):
    with pytest.raises(ValueError, match=f"at least one token, not {budget}"):
        chunk("One", budget=budget, token_spans=TOKENS)


@pytest.mark.parametrize("text", ["", " \n\t "])
def test_a_text_of_white_space_has_no_passage(text):
    assert chunk(text, budget=5, token_spans=TOKENS) == []


def test_a_character_of_more_tokens_than_the_budget_stays_whole():
    assert chunk("🚢🚢a", budget=2, token_spans=bytes_of) == [Span(0, 1), Span(1, 2), Span(2, 3)]


def test_a_passage_that_counts_more_tokens_alone_is_halved():
    def shrinking(text):  # two characters are a token in a long text, one is in a short text
        step = 2 if len(text) > 20 else 1
        return [(i, i + step) for i in range(0, len(text), step)]

    spans = chunk("x" * 32, budget=6, token_spans=shrinking)
    assert [s.end - s.start for s in spans] == [6, 6, 6, 6, 4, 4]


# --- long texts --------------------------------------------------------------------------------


def test_ten_thousand_equal_lines_are_cut_alike():
    line = "The same line once again."
    passages = cut(f"{line}\n" * 10_000, 60)

    assert passages == ["\n".join([line] * 10)] * 1000


@pytest.mark.parametrize("unit", ["x", "🚢", "é", ".", "東", "a\u0301", "\u200b", "\u200f"])
def test_a_line_of_200000_characters_without_a_space_is_cut_in_seconds(unit):
    text = (unit * 200_000)[:200_000]
    started = time.perf_counter()
    spans = chunk(text, budget=200, token_spans=TOKENS)

    assert time.perf_counter() - started < 10
    assert (spans[0].start, spans[-1].end) == (0, 200_000)
    assert all(one.end == other.start for one, other in pairwise(spans))
    assert max(s.end - s.start for s in spans) <= MAX_CHARACTERS


def test_what_is_one_token_however_long_is_bounded_by_characters():
    text = "x" * 4000
    spans = chunk(text, budget=200, token_spans=lambda t: [(0, len(t))] if t else [])

    assert spans == [Span(0, 1500), Span(1500, 3000), Span(3000, 4000)]


# --- titles ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "limit", "expected"),
    [
        (None, 5, ""),
        ("", 5, ""),
        ("Pilots of  the\nharbour", 5, "Pilots of the harbour"),
        ("Pilots of the harbour", 4, "Pilots of the harbour"),
        ("Pilots of the harbour", 2, "Pilots of"),
        ("x" * 3000, 100, "x" * 1500),
    ],
)
def test_a_title_is_one_line_and_goes_as_far_as_its_limit(title, limit, expected):
    assert title_prefix(title, TOKENS, limit) == expected


@pytest.mark.parametrize(
    ("title", "passage", "expected"),
    [
        ("Pilots", "They board.", "Pilots\nThey board."),
        ("Pilots", "Pilots board.", "Pilots board."),
        ("", "They board.", "They board."),
    ],
)
def test_a_title_stands_in_front_unless_the_passage_begins_with_it(title, passage, expected):
    assert with_title(title, passage) == expected


def test_every_passage_leaves_room_for_the_title():
    article = Article("a", "word " * 40, title="one two three four five six")

    title, spans = passages(article, HashEncoder(), Chunking(tokens=300, title_tokens=4))
    assert title == "one two three four"
    assert [s.end - s.start for s in spans] == [199]
    title, spans = passages(
        Article("a", "word " * 500, title="one two"), HashEncoder(), Chunking(tokens=300)
    )
    assert [(s.end - s.start + 1) // 5 for s in spans] == [252, 248]


def test_the_fingerprint_names_what_decides_the_passages():
    others = [Chunking(tokens=50), Chunking(title_tokens=7), Chunking(tokens=7, title_tokens=50)]

    assert Chunking().fingerprint.endswith(" tokens=200 title=48")
    assert len({chunking.fingerprint for chunking in [Chunking(), *others]}) == 4


# --- properties --------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        *(
            "The pilot boards. ",
            "a",
            " ",
            "\n",
            "\r\n",
            "\0",
            "\t",
            "3.5 %",
            "—",
            "“Yes,” he said. ",
        ),
        *(
            "e\u0301",
            "a\u0301\u0323\u0308",
            "🚢",
            "👩‍👩‍👧",
            "🇷🇸",
            "مرحبا بالعالم ",
            "שלום",
            "\u202e",
            "\u200f",
        ),
        *(
            "東京。",
            "\u200b",
            "\u00ad",
            "\ufeff",
            "\ud7ff",
            "\U0010ffff",
            "x" * 300,
            "ﬁ",
            "ẞ",
            "\u3000",
        ),
    ]
)
HOSTILE = st.lists(PIECES | st.text(max_size=8), max_size=60).map("".join)


def assert_well_cut(text, spans):
    covered = [i for span in spans for i in range(span.start, span.end)]
    assert covered == sorted(set(covered))
    assert {i for i, char in enumerate(text) if not char.isspace()} <= set(covered)
    assert all(text[s.start : s.end].strip() == text[s.start : s.end] != "" for s in spans)


@given(HOSTILE, st.integers(1, 40), st.sampled_from([TOKENS, greedy]))
def test_passages_cover_the_text_and_keep_the_budget(text, budget, token_spans):
    spans = chunk(text, budget=budget, token_spans=token_spans)

    assert_well_cut(text, spans)
    assert all(len(token_spans(text[s.start : s.end])) <= budget for s in spans)


@given(HOSTILE, st.integers(4, 40))
def test_passages_keep_the_budget_in_bytes(text, budget):
    spans = chunk(text, budget=budget, token_spans=bytes_of)

    assert_well_cut(text, spans)
    assert all(len(text[s.start : s.end].encode()) <= budget for s in spans)


@given(HOSTILE, HOSTILE | st.none(), st.integers(1, 300), st.integers(1, 300))
def test_a_passage_under_its_title_is_never_cut_off(text, title, tokens, title_tokens):
    encoder = HashEncoder()
    prefix, spans = passages(
        Article("a", text, title=title), encoder, Chunking(tokens, title_tokens)
    )

    assert_well_cut(text, spans)
    for span in spans:
        read = encoder.token_spans(with_title(prefix, text[span.start : span.end]))
        assert len(read) <= encoder.max_tokens


@pytest.mark.slow
@given(text=HOSTILE, title=HOSTILE | st.none(), tokens=st.sampled_from([20, 200, 1000]))
@settings(max_examples=50)
def test_the_model_reads_every_passage_to_its_end(minilm, text, title, tokens):
    prefix, spans = passages(Article("a", text, title=title), minilm, Chunking(tokens))

    assert_well_cut(text, spans)
    for span in spans:
        read = minilm.token_spans(with_title(prefix, text[span.start : span.end]))
        assert len(read) <= 256 - 2


@pytest.mark.slow
@pytest.mark.parametrize("text", ["The same line again.\n" * 10_000, "x" * 200_000])
def test_the_model_reads_long_texts_to_their_end(minilm, text):
    _, spans = passages(Article("a", text), minilm, Chunking())

    assert_well_cut(text, spans)
    assert all(len(minilm.token_spans(text[s.start : s.end])) <= 200 for s in spans)
