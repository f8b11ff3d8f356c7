"""What a question says of time, or quotes, as a preference: which hits come before which.

Of the first hits those move up that are of the time that is asked for, the newest where the latest
is, or have the words that are quoted: by a share of the score, so that what is of that time and
hardly of the matter stays behind what is of the matter. The shares were chosen on questions with
such words (docs/quality.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from qa.ask.request import Request
from qa.retrieval.late_interaction import Interaction
from qa.text.operators import Phrase, line_of
from qa.types import Hit, Understood

# What being of the time adds to a score, which is 0..1; and having all phrases.
PERIOD_SHARE, LATEST_SHARE = 0.15, 0.25
PHRASE_SHARE = 0.05


def preferred(
    request: Request, hits: Sequence[Hit], read: Sequence[Interaction], count: int
) -> tuple[list[Hit], list[Interaction]]:
    """Hits and interactions, the first `count` in the order that a question prefers.

    No score falls below one that was below it and has nothing that is preferred.
    """
    first, phrases = hits[:count], request.wording.preferred
    bonus = _of_times(request.preferred_times, first)
    if phrases:
        bonus += PHRASE_SHARE * np.array([_having(phrases, hit) for hit in first], float)
    if not bonus.any():
        return list(hits), list(read)
    most = 1 + PERIOD_SHARE + LATEST_SHARE + (PHRASE_SHARE if phrases else 0)
    scores = (np.array([hit.score for hit in first]) + bonus) / most
    order = np.argsort(-scores, kind="stable").tolist()
    moved = [replace(first[i], score=round(float(scores[i]), 6)) for i in order]
    behind = [replace(hit, score=round(hit.score / most, 6)) for hit in hits[count:]]
    return moved + behind, [*(read[i] for i in order), *read[count:]]


def _having(phrases: Sequence[Phrase], hit: Hit) -> float:
    """The share of the phrases that its text has."""
    line = line_of(hit.passage.text)
    return sum(phrase.stands_in(line) for phrase in phrases) / len(phrases)


def _of_times(times: Sequence[Understood], hits: Sequence[Hit]) -> NDArray[np.float64]:
    """What the time of each hit's article adds to its score; 0 for one without a date."""
    bonus = np.zeros(len(hits))
    periods = [one for one in times if one.kind == "period"]
    if periods:
        bonus += PERIOD_SHARE * np.array([_is_of(hit, periods) for hit in hits], float)
    if any(one.kind == "latest" for one in times):
        bonus += LATEST_SHARE * newness(hits)
    return bonus


def newness(hits: Sequence[Hit]) -> NDArray[np.float64]:
    """How new each is among these hits: 1 the newest, 0 the oldest and what has no date."""
    dates = sorted({day for hit in hits if (day := day_of(hit))})
    places = {day: place / max(1, len(dates) - 1) for place, day in enumerate(dates)}
    return np.array([places.get(day_of(hit), 0.0) for hit in hits])


def day_of(hit: Hit) -> str:
    """The day that its article is dated, the first one where less is stated; "" without a date."""
    published = hit.source.published
    return f"{published[:10]}-01-01"[:10] if published else ""


def _is_of(hit: Hit, periods: Sequence[Understood]) -> bool:
    published = hit.source.published
    return published is not None and any(_within(published, period) for period in periods)


def _within(published: str, period: Understood) -> bool:
    """Whether a date is within a period, as far as both are stated."""
    if period.month is not None:
        return published[5:7] == f"{period.month:02}"
    since, until = period.published_from or "", period.published_to or "9999"
    return published[: len(since)] >= since[: len(published)] and (
        published[: len(until)] <= until[: len(published)]
    )
