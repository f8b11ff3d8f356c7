"""An answer -> who says it: of one that quotes, and of one to a question that asks who says it.

Somebody is named only where the article leaves no doubt, as in a report on a quote. What is quoted
within a quotation is left to nobody: who says it is not who says the words around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from qa.check.matches import SpeakersOf, around
from qa.check.speakers import Attribution, Speakers
from qa.check.speakers.quoted_text import quoted_stretches
from qa.observe import stage
from qa.text.words import asks_who_says
from qa.text.words.tables import alternatives
from qa.types import Article, SaidBy, Span, Statement, Words

# A mark within a quotation that may quote somebody else; no apostrophe: don’t.
_NESTED = re.compile(r"[\"“”„‟«»‹›‘‚]|(?<!\w)['’](?=\w)")
# Ann Lee asked | whether it rains.
_UNREAL = re.compile(rf" (?:{alternatives('unreal')})\b")


@dataclass(frozen=True, slots=True)
class _Around:
    """What is read of an article around a statement; all places are counted in it."""

    text: str
    place: Span  # of the statement
    words: Span | None  # that answer
    quotes: list[Span]  # that share characters with the statement, with their marks


def with_speaker(
    question: str, statement: Statement, article: Article, speakers: SpeakersOf
) -> Statement:
    """The statement with who says it; where that is asked, its words are where the name stands.

    "Who said no?", "“No,” said Ann Lee." -> said by Ann Lee, in the words "Ann Lee"
    """
    asked, (start, read) = asks_who_says(question), _read(statement, article.text)
    if not (read.quotes or asked):
        return statement
    with stage("speaker"):
        people = speakers(read.text, article.language)
        said = _asked(read, people) if asked else _quoted(read, people)
        if said is None:
            return statement
        words = _named(said, read.words, people) if asked else read.words
    shown = said.span
    by = SaidBy(said.name, start + shown.start, start + shown.end, _slice(read, shown))
    if words is None or words == read.words:
        return replace(statement, speaker=by)
    answering = Words(_slice(read, words), start + words.start, start + words.end)
    return replace(statement, speaker=by, words=answering)


def _read(statement: Statement, text: str) -> tuple[int, _Around]:
    """From where an article is read, and what is read."""
    start, end = around(text, statement.start, statement.end)
    text, words = text[start:end], statement.words
    place = Span(statement.start - start, statement.end - start)
    quotes = [
        Span(quote.start, quote.end)
        for quote in quoted_stretches(text)
        if quote.start < place.end and quote.end > place.start
    ]
    answering = Span(words.start - start, words.end - start) if words else None
    return start, _Around(text, place, answering, quotes)


def _quoted(read: _Around, people: Speakers) -> Attribution | None:
    """Who says the words that answer, if these are quoted, else all that the statement quotes."""
    words = read.words
    holding = [quote for quote in read.quotes if words and _within(words, quote)]
    quotes = holding or read.quotes
    if any(_NESTED.search(read.text, quote.start + 1, quote.end - 1) for quote in quotes):
        return None
    said = [words] if words and holding else [_common(quote, read.place) for quote in quotes]
    return _one(people.of(one.start, one.end) for one in said)


def _asked(read: _Around, people: Speakers) -> Attribution | None:
    """Who says all of the statement, quoted or not."""
    place = read.place
    whole = people.of(place.start, place.end)
    if read.quotes:
        within = any(_within(place, quote) for quote in read.quotes)
        quoted = _quoted(replace(read, words=None), people)
        return quoted if within else _one([quoted, whole])
    cue = people.cue(place.start, place.end)
    if cue is None or _UNREAL.match(read.text, cue.end):
        return None
    # She denies that it rains: the words that say who speaks are hers, and the others are not.
    besides = (people.of(place.start, cue.start), people.of(cue.end, place.end))
    return whole if any(_one([whole, one]) for one in besides) else None


def _named(said: Attribution, words: Span | None, people: Speakers) -> Span | None:
    """Where the speaker is named: by the words that answer, by those that show it, else before."""
    places = people.named(said)
    if words and any(_within(words, place) for place in places):
        return words
    near = [place for place in places if _within(place, said.span)]
    full = [place for place in places if place.end - place.start >= len(said.name)]
    before = [place for place in full if place.end <= said.span.end]
    return next(iter([*near, *before[::-1], *full]), None)


def _slice(read: _Around, span: Span) -> str:
    return read.text[span.start : span.end]


def _one(found: Iterable[Attribution | None]) -> Attribution | None:
    """The first, if all are the same person's."""
    first, *others = found
    same = first and all(one and one.names == first.names for one in others)
    return first if same else None


def _within(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _common(one: Span, other: Span) -> Span:
    return Span(max(one.start, other.start), min(one.end, other.end))
