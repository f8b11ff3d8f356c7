"""What stands in front of questions and passages: models are trained with such words, or without.

A model's folder says its own in `config_sentence_transformers.json`. Some that need them do not.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Prompts:
    """The words in front of a question and of a passage; None: as the model has it."""

    query: str | None = None
    passage: str | None = None

    def over(self, own: Mapping[str, str | None]) -> dict[str, str | None]:
        """A model's own prompts by their names, with these in their places."""
        given = {"query": self.query, "document": self.passage}
        return {**own, **{name: prompt for name, prompt in given.items() if prompt is not None}}

    @property
    def given(self) -> bool:
        """Whether any is set."""
        return self != NO_PROMPTS


NO_PROMPTS = Prompts()
E5_PROMPTS = Prompts("query: ", "passage: ")
# By what stands in a model's name, as their publishers say it.
_NEEDED = (
    (re.compile(r"(?:\b|_)e5(?:\b|_)"), E5_PROMPTS),
    (re.compile(r"nomic-embed-text"), Prompts("search_query: ", "search_document: ")),
)


def needed_by(name: str) -> Prompts | None:
    """The prompts that a model of this name was trained with, if it is known to need any.

    >>> needed_by("intfloat/e5-base-v2").query, needed_by("BAAI/bge-m3")
    ('query: ', None)
    """
    found = (prompts for known, prompts in _NEEDED if known.search(name.lower()))
    return next(found, None)


def warn_when_needed(name: str) -> None:
    """Says that a model of this name has no prompts, and which it needs, if that is known."""
    needed = needed_by(name)
    if needed:
        log.warning(
            "%s was trained with prompts and its files name none: set QA_QUERY_PROMPT=%r and "
            "QA_PASSAGE_PROMPT=%r, then run `qa reindex`",
            name,
            needed.query,
            needed.passage,
        )
