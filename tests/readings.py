"""Readings made by hand: a token for each word and mark, one answer that is certain, or none;
and what a product may read by mistake.
"""

from __future__ import annotations

import re

import numpy as np

from embeddings import Reading

_TOKEN = re.compile(r"\w+|[^\w\s]")


def reading(
    text: str,
    answer: str = "",
    *,
    margin: float = 0.0,
    relevance: float = 0.0,
    says: tuple[float, float, float] = (0.0, 0.0, 0.0),
) -> Reading:
    """A reading of a text whose words `answer` are worth 20, and that none are worth less by
    `margin`.
    """
    spans = [match.span() for match in _TOKEN.finditer(text)]
    starts = ends = np.full(len(spans), -10, np.float32)
    if answer:
        at = text.index(answer)
        starts = np.array([10.0 if s == at else -10.0 for s, _ in spans], np.float32)
        ends = np.array([10.0 if e == at + len(answer) else -10.0 for _, e in spans], np.float32)
    best = 20.0 if answer else -20.0
    return Reading(
        np.array(spans, np.int32).reshape(-1, 2),
        starts,
        ends,
        best - margin,
        relevance,
        np.array(says, np.float32),
    )


def after_no_numbers(function):
    """The function, called when what lies on the stack is no number: BLAS may read beyond a row."""

    def called(*arguments):
        strided = np.full(400, 0x7FA00000, np.uint32).view(np.float32)[::2]
        found = function(*arguments)
        with np.errstate(all="ignore"):
            np.zeros((8, 200), np.float32) @ strided
        return found

    vars(called)["reduce"] = getattr(function, "reduce", None)
    return called
