import math

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from qa.evaluation.platt import cross_validated, fit, log_odds, logistic


def loss(scale, shift, odds, right):
    """The cross-entropy that Platt's fit makes as small as can be."""
    r = sum(right)
    wanted = [(r + 1) / (r + 2) if one else 1 / (len(right) - r + 2) for one in right]
    total = 0.0
    for z, w in zip(odds, wanted, strict=True):
        p = 1 / (1 + math.exp(-(scale * z + shift)))
        total -= w * math.log(p) + (1 - w) * math.log(1 - p)
    return total


def test_two_kinds_of_questions_get_the_shares_that_platt_wants_of_them():
    # Of three right ones 4/5 is wanted, of six wrong ones 1/8.
    odds, right = np.array([2.0] * 3 + [-1.0] * 6), np.array([True] * 3 + [False] * 6)
    scale, shift = fit(odds, right)

    assert scale == pytest.approx((math.log(4) + math.log(7)) / 3, abs=1e-6)
    assert 2 * scale + shift == pytest.approx(math.log(4), abs=1e-6)
    assert logistic(scale * np.array([2.0, -1.0]) + shift) == pytest.approx([4 / 5, 1 / 8])


def test_where_right_and_wrong_are_mixed_their_mean_is_wanted():
    odds = np.array([3.0] * 4 + [0.5] * 5)
    right = np.array([True, True, True, False] + [False] * 4 + [True])
    scale, shift = fit(odds, right)

    # Four were right, 5/6, and five wrong, 1/7.
    high, low = (3 * 5 / 6 + 1 / 7) / 4, (5 / 6 + 4 / 7) / 5
    assert logistic(scale * np.array([3.0, 0.5]) + shift) == pytest.approx([high, low], abs=1e-6)


def test_no_other_numbers_do_better():
    odds = np.array([-3.1, -2.0, -1.2, -0.4, 0.3, 0.9, 1.8, 2.5, 3.3])
    right = np.array([False, False, True, False, False, True, True, False, True])
    scale, shift = fit(odds, right)

    tried = [
        (loss(a, b, odds, right), a, b)
        for a in np.arange(0.0, 2.0, 0.02)
        for b in np.arange(-1.0, 1.0, 0.02)
    ]
    best, a, b = min(tried)
    assert [scale, shift] == pytest.approx([a, b], abs=0.02)
    assert best - 1e-3 < loss(scale, shift, odds, right) <= best


@pytest.mark.parametrize("odds", [[2.0, 2.0, -1.0, -1.0], [1.5] * 4, [0.1] * 4])
def test_confidence_that_tells_nothing_apart_becomes_the_share_of_what_was_right(odds):
    scale, shift = fit(np.array(odds), np.array([False, False, True, False]))

    assert scale == 0  # and not below, where the right one has the lower confidence
    assert shift == pytest.approx(math.log((2 / 3 + 3 / 5) / (4 - 2 / 3 - 3 / 5)), abs=1e-6)


def test_questions_that_are_all_wrong_promise_nothing():
    scale, shift = fit(np.array([1.0, 2.0, 3.0]), np.array([False] * 3))

    assert scale == 0
    assert shift == pytest.approx(math.log((1 / 5) / (4 / 5)), abs=1e-6)


def test_each_tenth_is_judged_by_the_others():
    odds, right = np.array([2.0] * 10 + [-1.0] * 20), np.array([True] * 10 + [False] * 20)

    # Nine right ones are left, and eighteen wrong ones.
    expected = [10 / 11] * 10 + [1 / 20] * 20
    assert cross_validated(odds, right) == pytest.approx(expected, abs=1e-6)


def test_a_question_does_not_judge_itself():
    odds = np.array([4.0] + [2.0] * 9 + [-1.0] * 20)
    right = np.array([False] + [True] * 9 + [False] * 20)
    [first, *_] = cross_validated(odds, right)

    # Left are nine right ones at 2, and eighteen wrong ones at -1.
    scale = (math.log(10) + math.log(19)) / 3
    assert first == pytest.approx(1 / (1 + math.exp(-(math.log(10) + 2 * scale))), abs=1e-6)


def test_log_odds_of_what_is_told_with_four_digits():
    found = log_odds(np.array([0.0, 0.25, 0.5, 1.0]))

    end = math.log(0.99995 / 0.00005)
    assert found == pytest.approx([-end, math.log(1 / 3), 0, end])
    assert logistic(found) == pytest.approx([0.00005, 0.25, 0.5, 0.99995])
    assert logistic(np.array([-2000.0, 2000.0])).tolist() == [0, 1]


@pytest.mark.parametrize("seed", range(20))
def test_it_finds_what_a_library_finds(seed):
    chooser = np.random.default_rng(seed)
    odds = chooser.normal(0, chooser.choice([0.5, 1, 9]), 60).clip(-9.9, 9.9)
    right = chooser.random(60) < logistic(odds * 2 - 1)
    wanted = np.where(right, (right.sum() + 1) / (right.sum() + 2), 1 / ((~right).sum() + 2))
    rows, halves = np.tile(odds, 2)[:, None], np.repeat([1, 0], 60)
    library = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000, solver="newton-cholesky")
    library.fit(rows, halves, np.concatenate([wanted, 1 - wanted]))
    scale, shift = fit(odds, right)

    assert library.coef_[0, 0] > 0
    assert [scale, shift] == pytest.approx([library.coef_[0, 0], library.intercept_[0]], rel=1e-4)
