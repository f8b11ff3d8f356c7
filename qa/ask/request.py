"""A question as it is understood: its words, and what some of them do besides being looked for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from qa.ask.time_words import time_words
from qa.errors import InvalidInput
from qa.filters import Filters
from qa.text.operators import Phrase, Wording, wording
from qa.types import Understood


@dataclass(frozen=True, slots=True)
class Request:
    """A question, its words without operators, and what it says of the time."""

    question: str
    wording: Wording
    times: tuple[Understood, ...] = ()

    def understood(self, stand: Collection[Phrase]) -> tuple[Understood, ...]:
        """All that is more than words to be looked for, in the order of the question.

        `stand` are the preferred phrases that some passage has.
        """
        phrases = [_understood(self.question, phrase, stand) for phrase in self.wording.phrases]
        return tuple(sorted([*phrases, *self.times], key=lambda one: one.start))

    @property
    def preferred_times(self) -> tuple[Understood, ...]:
        return tuple(one for one in self.times if one.effect == "preference")

    @property
    def prefers(self) -> bool:
        """Whether some of the first passages are to come before others."""
        return bool(self.preferred_times or self.wording.preferred)

    def filters(self, given: Filters | None) -> Filters | None:
        """The filters that were given, and what the question says besides."""
        since = [one.published_from for one in self.times if one.effect == "filter"]
        return replace(given or Filters(), not_before=max(filter(None, since))) if since else given


def understand_request(
    question: str, filters: Filters | None, *, time: bool = True, today: date | None = None
) -> Request:
    """What a question asks for. Raises InvalidInput where it only says what is not wanted.

    Its words on time count if they are to, and unless the filters say of when articles are to be.
    """
    words = wording(question)
    if not words.text.strip("?!.,; "):
        without = ", ".join(phrase.text for phrase in words.excluded)
        raise InvalidInput(
            f"the question only says what is not wanted ({without}): "
            "write something to look for besides",
            code="empty",
        )
    dated = filters is not None and (filters.published_from or filters.published_to)
    times = time_words(question, today or date.today()) if time and not dated else ()
    apart = [
        one for one in times if all(one.end <= p.start or p.end <= one.start for p in words.phrases)
    ]
    return Request(question, words, tuple(apart))


def _understood(question: str, phrase: Phrase, stand: Collection[Phrase]) -> Understood:
    return Understood(
        "without" if phrase.excluded else "phrase",
        "preference" if phrase.preferred else "filter",
        question[phrase.start : phrase.end],
        phrase.start,
        phrase.end,
        words=phrase.text,
        stands=phrase in stand if phrase.preferred else None,
    )
