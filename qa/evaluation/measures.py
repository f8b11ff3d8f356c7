"""What came back -> figures. Retrieval measures are those of ir-measures.

Every figure is a mean over questions (or their median), so that two configurations can be compared
question by question: `interval` resamples the differences (paired bootstrap, 95 %).
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import ir_measures
import numpy as np
from ir_measures import RR, R, Success, nDCG
from numpy.typing import NDArray

from qa.evaluation.outcomes import QuestionOutcome

MEASURES = {
    "ndcg@10": nDCG @ 10,
    "recall@20": R @ 20,
    "recall@100": R @ 100,
    "mrr@10": RR @ 10,
    "success@1": Success @ 1,
    "success@3": Success @ 3,
}
BINS = 10
RESAMPLES = 10_000
_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
Values = NDArray[np.float64]


def per_question(outcomes: Sequence[QuestionOutcome]) -> dict[str, Values]:
    """For each measure, its values over the questions it is defined for, in order."""
    judged = [one for one in outcomes if one.question.answerable and one.places]
    by_name = {measure: name for name, measure in MEASURES.items()}
    # By number: what somebody calls two questions may be the same.
    found = {name: [0.0] * len(judged) for name in MEASURES}
    for metric in ir_measures.iter_calc(list(by_name), _judgements(judged), _run(judged)):
        found[by_name[metric.measure]][int(metric.query_id)] = float(metric.value)
    found["sentence"] = [float(one.sentence) for one in outcomes if one.sentence is not None]
    found["sentence_in_place"] = [
        float(one.sentence_in_place) for one in outcomes if one.sentence_in_place is not None
    ]
    told = [one for one in outcomes if one.question.answers and one.first == 0]
    found["words_f1"] = [words_f1(one.words, one.question.answers) for one in told]
    found["words_exact"] = [words_exact(one.words, one.question.answers) for one in told]
    if _both(outcomes):
        found["right"] = [float(one.answered == one.question.answerable) for one in outcomes]
    return {name: np.array(column) for name, column in found.items() if column}


def words_f1(words: str, golds: Sequence[str]) -> float:
    """How much the words and a gold have in common, at best: F1 of their tokens, as SQuAD has it.

    >>> words_f1("the harbour pilot", ["A pilot"])
    0.6666666666666666
    """
    return max((_overlap(_plain(words), _plain(gold)) for gold in golds if words), default=0.0)


def words_exact(words: str, golds: Sequence[str]) -> float:
    """Whether the words are one of the golds, 1 or 0, as SQuAD compares them.

    >>> words_exact("The Pilot.", ["ship", "pilot"])
    1.0
    """
    return float(bool(words) and _plain(words) in [_plain(gold) for gold in golds])


def _plain(text: str) -> list[str]:
    """The words in small letters, without punctuation and articles."""
    return _ARTICLES.sub(" ", text.lower().translate(_NO_PUNCTUATION)).split()


def _overlap(words: list[str], gold: list[str]) -> float:
    if not (words and gold):  # of one that is an article alone, nothing is left
        return float(words == gold)
    return 2 * (Counter(words) & Counter(gold)).total() / (len(words) + len(gold))


def abstention(outcomes: Sequence[QuestionOutcome]) -> dict[str, Any] | None:
    """How well confidence tells apart; None unless some questions have an answer and some not.

    auroc: that a question with an answer gets a higher confidence than one without.
    ece: expected calibration error over ten bins of confidence; right is an answerable question
    with an expected place among the first three passages.
    risk: the share of wrong ones among the most confident 10 %, 20 %, … of the questions.
    """
    if not _both(outcomes):
        return None
    confidence = np.array([one.confidence for one in outcomes])
    answered = np.array([one.answered for one in outcomes])
    answerable = np.array([one.question.answerable for one in outcomes])
    right = np.array([one.right for one in outcomes])
    return {
        "questions": len(outcomes),
        "unanswerable": int((~answerable).sum()),
        "auroc": round(auroc(answerable, confidence), 4),
        "right": round(float(np.mean(answered == answerable)), 4),
        "ece": round(calibration_error(confidence, right), 4),
        "aurc": round(float(np.mean(_risks(confidence, right))), 4),
        "risk_coverage": _curve(confidence, right),
        "calibration": _bins(confidence, right),
    }


def auroc(right: NDArray[np.bool_], confidence: Values) -> float:
    """How often one that is right has the higher confidence of two; equal ones count half.

    >>> auroc(np.array([True, False, True]), np.array([0.9, 0.5, 0.5]))
    0.75
    """
    _, place, count = np.unique(confidence, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2)[place]
    yes = int(right.sum())
    return float(ranks[right].sum() - yes * (yes + 1) / 2) / (yes * (len(right) - yes))


def calibration_error(confidence: Values, right: NDArray[np.bool_]) -> float:
    """The expected calibration error, over ten bins of confidence.

    >>> calibration_error(np.array([0.8, 0.8, 0.8, 0.8]), np.array([True, True, True, False]))
    0.050000000000000044
    """
    return sum(
        b["questions"] * abs(b["confidence"] - b["right"]) for b in _bins(confidence, right)
    ) / len(confidence)


def interval(values: Values, baseline: Values) -> tuple[float, float, float]:
    """The mean difference per question, and its 95 % interval."""
    differences = values - baseline
    chooser = np.random.default_rng(0)
    means = [
        float(differences[chooser.integers(0, len(differences), len(differences))].mean())
        for _ in range(RESAMPLES)
    ]
    low, high = np.percentile(means, [2.5, 97.5])
    return float(differences.mean()), float(low), float(high)


def latency(took_ms: Sequence[float]) -> dict[str, float]:
    """Milliseconds a question, inside the service."""
    return {f"ask_p{p}_ms": round(float(np.percentile(took_ms, p)), 1) for p in (50, 99)}


def means(values: Mapping[str, Values]) -> dict[str, float]:
    return {name: round(float(column.mean()), 4) for name, column in values.items()}


def _both(outcomes: Sequence[QuestionOutcome]) -> bool:
    return {one.question.answerable for one in outcomes} == {True, False}


def _judgements(outcomes: Sequence[QuestionOutcome]) -> list[Any]:
    return [
        ir_measures.Qrel(str(number), place.name, place.grade)
        for number, one in enumerate(outcomes)
        for place in one.places
    ]


def _run(outcomes: Sequence[QuestionOutcome]) -> list[Any]:
    return [
        ir_measures.ScoredDoc(str(number), name, -float(rank))
        for number, one in enumerate(outcomes)
        for rank, name in enumerate(one.ranking)
    ]


def _bins(confidence: Values, right: NDArray[np.bool_]) -> list[dict[str, float]]:
    index = np.minimum((confidence * BINS).astype(int), BINS - 1)
    return [
        {
            "from": b / BINS,
            "questions": int((index == b).sum()),
            "confidence": float(confidence[index == b].mean()),
            "right": float(right[index == b].mean()),
        }
        for b in range(BINS)
        if (index == b).any()
    ]


def _risks(confidence: Values, right: NDArray[np.bool_]) -> Values:
    """The share of wrong ones among the n most confident, for every n."""
    wrong = ~right[np.argsort(-confidence, kind="stable")]
    return np.cumsum(wrong) / np.arange(1, len(wrong) + 1)


def _curve(confidence: Values, right: NDArray[np.bool_]) -> list[dict[str, float]]:
    risks = _risks(confidence, right)
    steps = [max(1, round(len(risks) * n / 20)) for n in range(1, 21)]
    return [{"coverage": n / len(risks), "risk": round(float(risks[n - 1]), 4)} for n in steps]
