"""Questions changed so that their passage no longer answers, and statements so that it contradicts.

"When did the Normans settle in France?" beside a passage on the Normans becomes "When did the
Danes settle in France?": a name for a name, a number for a number, a word for its opposite.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from tests.bench.quotes import _ANTONYM as ANTONYM
from tests.bench.quotes import KINDS, Case, Text, text_of

_NAME = re.compile(r"(?<=[a-z,] )[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*")
_NUMBER = re.compile(r"(?<![\w.,-])\d[\d,.]*\d|\b\d\b")
_WORD = re.compile(r"[a-z]+")
CONTRADICTING = (
    "number",
    "number word",
    "negation added",
    "negation left out",
    "name",
    "unit",
    "antonym",
)
SUPPORTING = ("cut out", "stop moved inside", "word dropped", "words dropped")


def altered_question(
    rng: random.Random, question: str, passage: str, names: Sequence[str]
) -> str | None:
    """The question with something else in it that is asked about, or None if nothing can change."""
    ways: list[Callable[[], str | None]] = [
        lambda: _name(rng, question, passage, names),
        lambda: _number(rng, question, passage),
        lambda: _antonym(question),
    ]
    rng.shuffle(ways)
    return next((found for way in ways if (found := way())), None)


def _name(rng: random.Random, question: str, passage: str, names: Sequence[str]) -> str | None:
    asked = [m for m in _NAME.finditer(question) if m.group() in passage]
    if not asked:
        return None
    match = rng.choice(asked)
    here = {m.group() for m in _NAME.finditer(passage)}
    others = [n for n in sorted(here) if n not in question and match.group() not in n]
    if not others or rng.random() < 0.5:
        others = [
            n
            for n in rng.sample(names, min(20, len(names)))
            if n not in question and n not in passage
        ]
    return _put(question, match, rng.choice(others)) if others else None


def _number(rng: random.Random, question: str, passage: str) -> str | None:
    asked = list(_NUMBER.finditer(question))
    if not asked:
        return None
    match = rng.choice(asked)
    others = sorted({m.group() for m in _NUMBER.finditer(passage)} - {match.group()})
    if not others or rng.random() < 0.5:
        digits = [
            str((int(c) + rng.randint(1, 8)) % 10) if c.isdigit() else c for c in match.group()
        ]
        if len(digits) == 4 and match.group()[0] in "12":
            digits[:2] = match.group()[:2]
        others = ["".join(digits)]
    return _put(question, match, rng.choice(others))


def _antonym(question: str) -> str | None:
    for match in _WORD.finditer(question):
        if match.group() in ANTONYM and match.start() > 0:
            return _put(question, match, ANTONYM[match.group()])
    return None


def _put(text: str, match: re.Match[str], new: str) -> str | None:
    return text[: match.start()] + new + text[match.end() :] if new != match.group() else None


def altered_statement(
    rng: random.Random, text: Text, number: int, kinds: Sequence[str]
) -> Case | None:
    """The sentence of that number changed in one of the ways, as far as one can be found."""
    for kind in rng.sample(list(kinds), len(kinds)):
        case = KINDS[kind](rng, text, number)
        if case and case.quote != text.sentences[number]:
            return case
    return None


__all__ = ["CONTRADICTING", "SUPPORTING", "altered_question", "altered_statement", "text_of"]
