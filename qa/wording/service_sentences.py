"""What the service says in English, known again and said in the language that is spoken.

Errors, reasons and notes are formed where they arise, for every way in alike, and some are stored.
A page knows one again by the message that it was formed of: "article %(id)s has changed …" stands
in the catalogue under that name, and what fills its gaps is filled in again. What is not known
again stays English, and the page says so (`lang`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from markupsafe import Markup

from qa.wording.catalogue import catalogue, spoken
from qa.wording.spoken_languages import Language, speaking

_GAP = re.compile(r"%\((\w+)\)s")
_NEXT = re.compile(r"(?<=[.?!]) (?=[A-Z])")
_TOLD_AGAIN = ("reason", "why", "advice")  # gaps that hold a message themselves
_LONGEST = 4_000  # characters of a message; what is longer repeats what somebody sent
CONTEXT = "service"  # of these messages in a catalogue


@dataclass(frozen=True, slots=True)
class ServiceSentence:
    """A message with gaps: the words before, between and behind them, and the gaps' names."""

    message: str
    words: tuple[str, ...]
    gaps: tuple[str, ...]

    @classmethod
    def of(cls, message: str) -> ServiceSentence:
        parts = _GAP.split(message)
        return cls(message, tuple(parts[::2]), tuple(parts[1::2]))

    def filled(self, said: str) -> dict[str, str] | None:
        """What fills the gaps of something that was said; None when it is another message.

        Each stretch of words is looked for once, from where the one before has ended.
        """
        first, last = self.words[0], self.words[-1]
        if not self.gaps:
            return {} if said == first else None
        if len(said) < len(first) + len(last) or not said.startswith(first):
            return None
        if not said.endswith(last):
            return None
        at, end, found = len(first), len(said) - len(last), []
        for words in self.words[1:-1]:
            there = said.find(words, at, end)
            if there < 0:
                return None
            found.append(said[at:there])
            at = there + len(words)
        return dict(zip(self.gaps, [*found, said[at:end]], strict=True))


@dataclass(frozen=True, slots=True)
class Told:
    """A message as it is shown, and whether it is in the language that is spoken."""

    text: str
    is_known: bool


def told(message: str) -> Told:
    """A message of the service, in the language that is spoken as far as it is known."""
    if not speaking.get().catalogue or not message:
        return Told(message, True)
    if len(message) > _LONGEST:
        return Told(message, False)
    whole = _said(message)
    if whole is not None:
        return Told(whole, True)
    parts = [_said(part) for part in _NEXT.split(message)]
    said = [part for part in parts if part is not None]
    return Told(" ".join(said), True) if len(said) == len(parts) else Told(message, False)


def told_in(message: str | None) -> str:
    """The attribute of an element with a message that is not in the language of the page."""
    return "" if message is None or told(message).is_known else Markup(' lang="en"')


def _said(message: str, within: bool = False) -> str | None:
    """The message said again; `within`: it fills a gap of another one, and none of its own is."""
    for sentence in _sentences(speaking.get()):
        gaps = sentence.filled(message)
        if gaps is None:
            continue
        told_again = () if within else _TOLD_AGAIN
        again = {name: _said(gaps[name], True) or gaps[name] for name in told_again if name in gaps}
        return spoken().pgettext(CONTEXT, sentence.message) % {**gaps, **again}
    return None


@cache
def _sentences(language: Language) -> tuple[ServiceSentence, ...]:
    """The messages of a catalogue, those with the most words first: they say what is meant."""
    found = map(ServiceSentence.of, catalogue(language).messages_of(CONTEXT))
    return tuple(sorted(found, key=lambda one: -sum(map(len, one.words))))
