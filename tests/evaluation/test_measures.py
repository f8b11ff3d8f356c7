import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from qa.evaluation.judged import Expected, JudgedQuestion
from qa.evaluation.measures import (
    abstention,
    auroc,
    calibration_error,
    interval,
    latency,
    per_question,
    words_exact,
    words_f1,
)
from qa.evaluation.outcomes import ExpectedPlace, QuestionOutcome


def asked(id_, confidence, *, answerable=True, first=0, ranking=("a",), **fields):
    expected = (Expected("a"),) if answerable else ()
    return QuestionOutcome(
        JudgedQuestion(id_, "?", expected, (), answerable, fields.get("answers", ())),
        (ExpectedPlace("a", None, 1),) if answerable else (),
        ranking,
        first if answerable else None,
        confidence >= 0.5,
        confidence,
        fields.get("sentence"),
        fields.get("sentence_in_place"),
        fields.get("words", ""),
    )


def test_each_measure_is_over_the_questions_that_it_is_defined_for():
    found = per_question(
        [
            asked("1", 0.9, sentence=True, sentence_in_place=True),
            asked("2", 0.2, ranking=("b", "a"), first=1, sentence=False),
            asked("3", 0.1, answerable=False, ranking=("b",)),
        ]
    )

    assert found["success@1"].tolist() == [1, 0]
    assert found["mrr@10"].tolist() == [1, 0.5]
    assert found["ndcg@10"] == pytest.approx([1, 1 / np.log2(3)])
    assert found["sentence"].tolist() == [1, 0]
    assert found["sentence_in_place"].tolist() == [1]
    assert found["right"].tolist() == [1, 0, 1]


def test_a_question_that_finds_nothing_counts_as_0():
    assert per_question([asked("1", 0.0, ranking=())])["ndcg@10"].tolist() == [0]


def test_two_questions_may_have_one_id():
    found = per_question([asked("1", 0.9), asked("1", 0.2, ranking=("b", "a"), first=1)])

    assert found["success@1"].tolist() == [1, 0]


@pytest.mark.parametrize(
    ("words", "golds", "f1", "exact"),
    [
        ("The harbour-pilot!", ["harbourpilot"], 1, 1),  # SQuAD takes punctuation away
        ("at  Dawn", ["noon", "at dawn"], 1, 1),
        ("boards at dawn", ["at dawn"], 2 * 2 / 5, 0),
        ("boards at dawn", ["dawn", "at noon", "dawn boards"], 2 * 2 / 5, 0),
        ("a pilot and a pilot", ["the pilot"], 2 * 1 / 4, 0),  # of three words one, and once
        ("another", ["other"], 0, 0),
        ("the", ["A"], 1, 1),
        ("the", ["pilot"], 0, 0),
        ("", ["pilot"], 0, 0),
        ("", ["the"], 0, 0),  # nothing was said
    ],
)
def test_words_are_compared_as_in_squad(words, golds, f1, exact):
    assert words_f1(words, golds) == pytest.approx(f1)
    assert words_exact(words, golds) == exact


def test_words_count_where_some_are_known_and_the_first_passage_is_the_right_one():
    found = per_question(
        [
            asked("1", 0.9, answers=("at dawn",), words="dawn"),
            asked("2", 0.9, answers=("at dawn",)),
            asked("3", 0.9, answers=("at dawn",), words="at dawn", first=1),
            asked("4", 0.9, words="at dawn"),
            asked("5", 0.9, answers=("dawn",), words="the dawn"),
        ]
    )

    assert found["words_f1"].tolist() == [pytest.approx(2 / 3), 0, 1]
    assert found["words_exact"].tolist() == [0, 0, 1]
    assert "words_f1" not in per_question([asked("1", 0.9, words="dawn")])


def test_abstention_needs_questions_of_both_kinds():
    assert abstention([asked("1", 0.9)]) is None
    assert "right" not in per_question([asked("1", 0.9)])


def test_auroc_is_that_of_a_library_where_many_are_equal_too():
    chooser = np.random.default_rng(7)
    for digits in (0, 1, 4):
        confidence, right = chooser.random(200).round(digits), chooser.random(200) < 0.3
        assert auroc(right, confidence) == pytest.approx(roc_auc_score(right, confidence))


def test_abstention_by_hand():
    found = abstention(
        [
            asked("1", 0.95),
            asked("2", 0.85, answerable=False),
            asked("3", 0.75, first=2),
            asked("4", 0.45, first=3),
            asked("5", 0.05, answerable=False),
        ]
    )

    assert found
    # Of the six pairs of one with and one without an answer, 1-2, 1-5, 3-5, 4-5 are in order.
    assert found["auroc"] == pytest.approx(4 / 6, abs=1e-4)
    assert found["right"] == pytest.approx(3 / 5)
    # 4 has its place too far down: right are 1 and 3.
    gaps = [1 - 0.95, 0.85, 1 - 0.75, 0.45, 0.05]
    assert found["ece"] == pytest.approx(sum(gaps) / 5, abs=1e-4)
    risks = [0, 1 / 2, 1 / 3, 2 / 4, 3 / 5]
    assert found["aurc"] == pytest.approx(sum(risks) / 5, abs=1e-4)
    assert found["risk_coverage"][-1] == {"coverage": 1.0, "risk": 0.6}
    assert (found["questions"], found["unanswerable"]) == (5, 2)


@pytest.mark.parametrize(
    ("confidence", "right", "expected"),
    [([1.0, 1.0], [1, 1], 0.0), ([0.0, 1.0], [1, 0], 1.0), ([0.6, 0.6], [1, 0], 0.1)],
)
def test_calibration_error(confidence, right, expected):
    found = calibration_error(np.array(confidence), np.array(right, bool))

    assert found == pytest.approx(expected)


def test_the_interval_is_that_of_the_differences():
    values = np.array([1.0, 0.0, 1.0, 1.0] * 50)

    assert interval(values, values) == (0.0, 0.0, 0.0)
    assert interval(values, values - 0.25) == pytest.approx((0.25, 0.25, 0.25))
    mean, low, high = interval(values, np.zeros(200))
    # The standard error of a share of 3/4 among 200 is 0.0306.
    assert mean == 0.75
    assert (low, high) == pytest.approx((0.75 - 1.96 * 0.0306, 0.75 + 1.96 * 0.0306), abs=0.01)


def test_latency_is_median_and_tail():
    assert latency([1.0] * 99 + [100.0]) == {
        "ask_p50_ms": 1.0,
        "ask_p99_ms": pytest.approx(2, abs=0.1),
    }
