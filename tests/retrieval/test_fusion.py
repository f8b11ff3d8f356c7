from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.retrieval.fusion import dense_weight, fuse, lead
from qa.types import Ranked


def ranked(scores):
    """A ranked list from {key: score}, best first."""
    pairs = sorted(scores.items(), key=lambda pair: -pair[1])
    keys, values = zip(*pairs, strict=True) if pairs else ((), ())
    return Ranked(np.array(keys, np.int64), np.array(values, np.float32))


def fused(dense, lexical, weight):
    found = fuse(ranked(dense), ranked(lexical), weight)
    return list(zip(found.keys.tolist(), found.scores.tolist(), strict=True))


def naive(dense, lexical, weight):
    """The same, one key at a time."""

    def stretch(scores, key):
        if key not in scores:
            return 0.0
        low, high = min(scores.values()), max(scores.values())
        return (scores[key] - low) / (high - low) if high > low else 1.0

    sums = {
        key: weight * stretch(dense, key) + (1 - weight) * stretch(lexical, key)
        for key in dense.keys() | lexical.keys()
    }
    return sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))


A, B, C, D = 1, 2, 3, 4


def test_the_worked_example():
    assert fused({A: 0.9, B: 0.5}, {B: 12.0, C: 4.0}, 0.5) == [(A, 0.5), (B, 0.5), (C, 0.0)]


@pytest.mark.parametrize(
    ("weight", "expected"),
    [
        (1.0, [(A, 1.0), (B, 0.25), (C, 0.0), (D, 0.0)]),
        (0.0, [(D, 1.0), (B, 0.5), (A, 0.0), (C, 0.0)]),
        (0.25, [(D, 0.75), (B, 0.4375), (A, 0.25), (C, 0.0)]),
    ],
)
def test_the_weight_is_that_of_the_dense_list(weight, expected):
    assert fused({A: 1.0, B: 0.25, C: 0.0}, {D: 8.0, B: 6.0, C: 4.0}, weight) == expected


def test_equal_sums_are_ordered_by_key():
    assert fused({9: 1.0, 4: 1.0, 7: 1.0}, {}, 0.5) == [(4, 0.5), (7, 0.5), (9, 0.5)]


def test_a_list_of_one_counts_in_full():
    assert fused({A: -0.25}, {B: 3.0}, 0.75) == [(A, 0.75), (B, 0.25)]


def test_two_empty_lists_give_an_empty_one():
    assert fused({}, {}, 0.5) == []


def test_negative_cosines_are_stretched_like_others():
    assert fused({A: 0.5, B: -0.5, C: 0.0}, {}, 1.0) == [(A, 1.0), (C, 0.5), (B, 0.0)]


SCORES = st.dictionaries(
    st.integers(0, 30), st.floats(-1.0, 40.0, width=16).map(float), max_size=20
)


@given(SCORES, SCORES, st.sampled_from([0.0, 0.25, 0.4, 0.5, 1.0]))
def test_it_equals_a_naive_reference(dense, lexical, weight):
    expected, found = dict(naive(dense, lexical, weight)), fused(dense, lexical, weight)

    assert expected.keys() == {key for key, _ in found}
    assert len(found) == len(expected)
    assert [score for _, score in found] == pytest.approx(sorted(expected.values())[::-1], abs=1e-5)
    assert [expected[key] for key, _ in found] == pytest.approx([s for _, s in found], abs=1e-5)
    assert all(key < other for (key, score), (other, after) in pairwise(found) if score == after)


@given(SCORES, SCORES)
def test_every_score_is_between_0_and_1(dense, lexical):
    assert all(0.0 <= score <= 1.0 for _, score in fused(dense, lexical, 0.4))


@pytest.mark.parametrize(
    ("coverage", "weight"),
    [(0.0, 0.55), (0.125, 0.475), (0.25, 0.4), (0.5, 0.25), (0.9, 0.1), (1.1, 0.1)],
)
def test_the_less_of_a_question_the_words_find_the_more_the_vectors_count(coverage, weight):
    assert dense_weight(coverage, 0.0) == weight


@pytest.mark.parametrize(("ahead", "weight"), [(-3.0, 0.28), (3.0, 0.52), (-20, 0.1), (20, 0.9)])
def test_the_list_that_is_surer_of_its_best_counts_more(ahead, weight):
    assert dense_weight(0.25, ahead) == weight


def test_words_count_little_in_a_language_that_the_passages_are_not_in():
    assert dense_weight(0.1, 0.0, foreign=True) == 0.84
    assert dense_weight(0.5, -2.0, foreign=True) == 0.52


@pytest.mark.parametrize(
    ("scores", "ahead"),
    [
        ({}, 0.0),
        ({A: 2.0}, 3.0),  # with nine of 0 a mean of 0.2 and a deviation of 0.6
        (dict.fromkeys(range(10), 1.5), 0.0),
        ({n: float(n == 0) for n in range(100)}, 0.99 / 0.0099**0.5),
    ],
)
def test_the_lead_of_a_list_is_that_of_its_best_in_deviations(scores, ahead):
    assert lead(ranked(scores)) == pytest.approx(ahead, rel=1e-5)
