"""A corpus's confidence, calibrated on questions that somebody judged: `qa calibrate`."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from qa.ask.calibration import Calibration
from qa.ask.confidence import JUDGED
from qa.corpus import Corpus
from qa.errors import InvalidInput
from qa.evaluation.judged import JudgedQuestion, read_set
from qa.evaluation.measures import auroc, calibration_error
from qa.evaluation.outcomes import QuestionOutcome, ask_all, expected_places
from qa.evaluation.platt import cross_validated, fit, log_odds
from qa.types import Depth

# Of the questions with an answer, and of those without: fewer say nothing.
FEWEST = 10

# (questions in all, questions asked)
Asking = Callable[[int, int], None]


def calibrate(
    corpus: Corpus,
    path: Path,
    depth: Depth | None = None,
    *,
    keep: bool = True,
    progress: Asking = lambda total, done: None,
) -> dict[str, Any]:
    """Fits the calibration for a depth, stores it if it is to be kept, and says what it is worth.

    The corpus is asked without the calibration that it may have. Raises InvalidInput when the
    questions do not suffice, and ReadOnly.
    """
    depth = depth or corpus.depth
    if keep:
        corpus.storage.store.refuse_when_read_only()
    outcomes = _asked(corpus, _questions(path), depth, progress)
    right = np.array([one.right for one in outcomes])
    odds = log_odds(np.array([one.confidence for one in outcomes]))
    scale, shift = fit(odds, right)
    _refuse_useless(scale, outcomes)
    answerable = sum(one.question.answerable for one in outcomes)
    made = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    counts = answerable, len(outcomes) - answerable
    if keep:
        own = Calibration(scale, shift, *counts, made, corpus.made_for(depth))
        corpus.calibrations.keep(depth, own)
    return {
        "read": depth,
        "answerable": counts[0],
        "unanswerable": counts[1],
        "right": int(right.sum()),
        "scale": scale,
        "shift": shift,
        "before": _worth(outcomes, [one.confidence for one in outcomes]),
        "after": _worth(outcomes, cross_validated(odds, right).tolist()),
        "stored": keep,
    }


def _questions(path: Path) -> tuple[JudgedQuestion, ...]:
    if path.is_dir():
        raise InvalidInput(
            f"{path} is a folder: give the questions alone, a .csv or .jsonl", code="not_judged"
        )
    questions = read_set(path).questions
    answerable = sum(question.answerable for question in questions)
    if min(answerable, len(questions) - answerable) < FEWEST:
        raise InvalidInput(
            f"{path} has {answerable} questions with an answer and {len(questions) - answerable} "
            f"without: calibrating needs {FEWEST} of either kind, and is better with more",
            code="too_few_questions",
        )
    return questions


def _asked(
    corpus: Corpus, questions: Sequence[JudgedQuestion], depth: Depth, progress: Asking
) -> list[QuestionOutcome]:
    pairs = [(question, expected_places(corpus, question)) for question in questions]
    total = len(pairs)
    asking = {"top_k": JUDGED, "calibrated": False}
    return ask_all(corpus, pairs, depth, lambda done: progress(total, done), **asking)


def _refuse_useless(scale: float, outcomes: Sequence[QuestionOutcome]) -> None:
    if not any(one.right for one in outcomes):
        raise InvalidInput(
            f"none of the questions has its place among the first {JUDGED} passages: `qa eval` "
            "shows where they are",
            code="nothing_to_calibrate",
        )
    if not scale:
        raise InvalidInput(
            "among these questions the confidence is no higher where the answer is right: no "
            "calibration mends that",
            code="nothing_to_calibrate",
        )


def _worth(outcomes: Sequence[QuestionOutcome], confidence: Sequence[float]) -> dict[str, float]:
    """How far these confidences are from what came true, and how well they tell apart."""
    right = np.array([one.right for one in outcomes])
    answerable = np.array([one.question.answerable for one in outcomes])
    return {
        "ece": round(calibration_error(np.array(confidence), right), 4),
        "auroc": round(auroc(answerable, np.array(confidence)), 4),
    }
