import math

import numpy as np
import pytest

from embeddings import Reading
from qa.retrieval import reading as readings
from qa.retrieval.reading import (
    LONGEST,
    log_odds,
    margin,
    probabilities,
    readable,
    shares,
    words,
)
from qa.types import Hit, Passage, Source, Span
from tests.readings import after_no_numbers

# "Pilots guide ships. Crews sleep at night." in words.
TEXT = "Pilots guide ships. Crews sleep at night."
SPANS = [(0, 6), (7, 12), (13, 18), (18, 19), (20, 25), (26, 31), (32, 34), (35, 40), (40, 41)]
FIRST, SECOND = Span(0, 19), Span(20, 41)


def reading(starts, ends, none=0.0, says=(0.0, 0.0, 0.0), spans=SPANS):
    def array(values):
        full = np.full(len(spans), -20.0, np.float32)
        for place, value in values.items():
            full[place] = value
        return full

    return Reading(
        np.array(spans, np.int32).reshape(-1, 2),
        array(starts),
        array(ends),
        none,
        0.0,
        np.array(says, np.float32),
    )


def test_the_margin_is_the_best_start_and_end_in_order_less_that_nothing_answers():
    assert margin(reading({0: 2.0}, {2: 3.0}, none=1.0)) == 4.0
    # The end before the start is no answer: 5 - 20 or -20 + 3.
    assert margin(reading({2: 5.0}, {0: 3.0})) == -15.0


def test_an_answer_is_no_longer_than_thirty_tokens():
    spans = [(2 * n, 2 * n + 1) for n in range(40)]

    assert LONGEST == 30
    assert margin(reading({0: 4.0}, {29: 4.0}, spans=spans)) == 8.0
    assert margin(reading({0: 4.0}, {30: 4.0}, spans=spans)) == -16.0


def test_margin_and_words_are_those_of_the_best_of_all_pairs():
    numbers = np.random.default_rng(3)
    for count in (1, 29, 30, 31, 75):
        spans = [(3 * n, 3 * n + 2) for n in range(count)]
        starts, ends = numbers.normal(size=(2, count)).astype(np.float32)
        one = Reading(np.array(spans, np.int32), starts, ends, 0.5, 0.0, np.zeros(3, np.float32))
        pairs = [(i, j) for i in range(count) for j in range(i, min(count, i + 30))]

        assert margin(one) == max(float(starts[i] + ends[j]) for i, j in pairs) - 0.5
        sentence = Span(3 * (count // 5), 3 * count - 3 * (count // 4))
        inside = [(i, j) for i, j in pairs if count // 5 <= i and j < count - count // 4]
        i, j = max(inside, key=lambda pair: starts[pair[0]] + ends[pair[1]])
        found = words(one, sentence)
        assert found
        assert found[0] == Span(3 * i, 3 * j + 2)


def test_where_nothing_was_read_nothing_answers():
    nothing = reading({}, {}, none=2.5, spans=[])

    assert margin(nothing) == -2.5
    assert shares(nothing, [FIRST, SECOND]).tolist() == [0.0, 0.0]
    assert words(nothing, FIRST) is None


def test_a_sentence_has_the_share_of_what_begins_in_it_times_what_ends_in_it():
    # Of the starts a half each, of the ends three quarters and one quarter.
    one = reading({0: 1.0, 7: 1.0}, {2: math.log(3), 7: 0.0})

    found = shares(one, [FIRST, SECOND])

    assert found.tolist() == pytest.approx([0.5 * 0.75, 0.5 * 0.25], abs=1e-6)


def test_shares_of_no_sentences_are_none():
    assert shares(reading({0: 1.0}, {0: 1.0}), []).tolist() == []


def test_the_words_are_the_best_ones_within_the_sentence_and_say_how_probable_they_are():
    one = reading({0: 9.0, 7: 9.0 - math.log(3)}, {2: 9.0, 7: 9.0 - math.log(3)})

    found = words(one, FIRST)
    assert found
    span, probable = found
    assert TEXT[span.start : span.end] == "Pilots guide ships"
    assert probable == pytest.approx(0.75 * 0.75, abs=1e-6)
    found = words(one, SECOND)
    assert found
    span, probable = found
    assert TEXT[span.start : span.end] == "night"
    assert probable == pytest.approx(0.25 * 0.25, abs=1e-6)


def test_a_sentence_behind_what_was_read_has_no_words():
    assert words(reading({0: 1.0}, {0: 1.0}), Span(50, 60)) is None


def test_what_is_said_is_a_softmax_and_its_odds_are_against_the_two_others():
    one = reading({}, {}, says=(math.log(2), math.log(1), math.log(5)))

    assert probabilities(one).tolist() == pytest.approx([2 / 8, 1 / 8, 5 / 8])
    assert log_odds(one, 0) == pytest.approx(math.log(2 / 6), abs=1e-5)
    assert log_odds(one, 2) == pytest.approx(math.log(5 / 3), abs=1e-5)
    # However sure, it stays finite.
    assert log_odds(reading({}, {}, says=(99.0, 0.0, 0.0)), 0) == pytest.approx(13.8, abs=0.1)


@pytest.mark.parametrize(
    ("question", "languages", "expected"),
    [
        ("Who guides ships?", ["en", None], True),
        ("Who guides ships?", ["en", "sr"], True),
        ("Who guides ships?", ["sr", "sr", None], False),
        ("Ко води бродове?", ["en"], False),
        ("Where is Ђоковић from?", [None], True),
        ("1999?", [None], True),
    ],
)
def test_only_english_is_read(question, languages, expected):
    hits = [
        Hit(Passage("a.0", "a", 0, 1, "x"), Source("a", language=language), 1.0, None, None)
        for language in languages
    ]

    assert readable(question, hits) is expected


@pytest.mark.parametrize("count", range(2, 9))
def test_what_lay_in_memory_before_warns_of_nothing(monkeypatch, count):
    monkeypatch.setattr(readings, "_within", after_no_numbers(readings._within))

    [share] = shares(reading({0: 4.0}, {0: 4.0}, spans=SPANS[:count]), [SECOND])

    assert share < 1e-8
