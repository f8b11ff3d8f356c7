"""The names that a text has, told by its capitals: people, places, organisations.

No list of names and no model: a name is a run of capitalised words, with the particles between
them. What is capitalised for another reason is left out: headlines, days and months, titles alone,
the words that open a sentence. A lone word that opens one may be a name or not; it is given, but
not `sure`: `certain` keeps those that stand within a sentence elsewhere.

>>> [name.text for name in names("Yesterday Theresa May met the Bank of England's Mr. Bailey.")]
['Theresa May', 'Bank of England', 'Mr. Bailey']
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from qa.text.capitals import UPPER, Capital, capitals, is_initial
from qa.text.words import (
    BEFORE_MONTH,
    BODIES,
    FUNCTION_OR_NAME,
    MONTHS,
    OPENERS,
    TITLES,
    TWO_WORD_PLACES,
    WEEKDAYS,
    is_content,
    is_number,
    is_place,
)
from qa.text.words.tables import alternatives, listed

# Languages that write all nouns with capitals are told by words that no other one has.
_NOUN_CAPITALS = listed("function", "de") - listed("function", "en", "fr", "sr", "ru")
_NO_NOUN_CAPITALS = listed("function", "en", "fr", "sr", "ru") - listed("function", "de")

# What stands between two words of one name.
_FARTHEST = 24
_PARTICLE = rf"(?:of|{alternatives('particles')})[ \xa0]+"
_JOINS = re.compile(rf"[ \xa0]+(?:{_PARTICLE}){{0,2}}(?:[dl]['’]|(?:al|el)-)?|[-‐‑]|")
# They join behind another particle alone: Ursula von der Leyen; not “sagte Ann Lee der Zeitung”.
_ARTICLES_TOO = listed("articles", "de") | listed("particles", "de") - {"von"}
_JOINS_BODY = re.compile(r"[ \xa0](?:of the|for|for the)[ \xa0]")  # Ministry of the Interior

_DATED_BEFORE = re.compile(r"(?:\d(?:st|nd|rd|th|\.)?(?: of)?|\b(?P<word>\w+))[ \xa0-]\Z")
_DATED_BEHIND = re.compile(r"\.?,?[ \xa0]\d")
_LOOK_BEHIND = 16  # characters in which a date's day or preposition stands
_REST = re.compile(r"[^.!?…\n]*")

# Before a name only in the slot of whoever speaks: Him Lal said; never before a clause.
_NO_OPENERS = listed("no_openers")
_DETERMINERS = listed("determiners", "en") | listed("articles") | listed("possessive")
_SAYS = alternatives("say")
_SAY_BEFORE = re.compile(rf"(?<!\w)(?:{_SAYS}|{alternatives('according')}) \Z", re.IGNORECASE)
_SAY_BEHIND = re.compile(
    rf"(?: [{UPPER}][\w’'-]+)?,? (?:{_SAYS}|{alternatives('say_bare')}|who|whose)\b"
)

_GIVEN_NAMES = listed("given_names")

_SAMPLE = 2_000  # characters by which it is told whether all nouns have capitals


@dataclass(frozen=True, slots=True)
class Name:
    """A name and where it stands: ``text[start:end]``, with its titles."""

    text: str
    start: int
    end: int
    title: str  # the last title before it: "minister" of "Prime Minister Ann Lee", "" without
    sure: bool  # else a lone word whose capital may have another reason
    words: tuple[Capital, ...]  # without particles

    @property
    def opens(self) -> bool:
        """Whether the name opens a sentence."""
        return self.words[0].opens

    @property
    def acronym(self) -> bool:
        """Whether the name is an acronym: NATO, U.S."""
        return len(self.words) == 1 and self.words[0].acronym

    @property
    def core(self) -> tuple[Capital, ...]:
        """The words that tell whose name it is: of "President Vučić" Vučić."""
        return tuple(word for word in self.words if word.key not in TITLES)


def names(text: str) -> list[Name]:
    """All names in their order; of lone words that open a sentence, all that may be one."""
    nouns = _has_noun_capitals(text)
    found = runs(text)
    return [_name(text, run, nouns) for run in found if any(w.key not in TITLES for w in run)]


def runs(text: str, *, headlines: bool = False) -> Iterator[list[Capital]]:
    """The capitalised words in a row that are names or titles, or are in headlines if asked for."""
    for line in capitals(text, headlines=headlines):
        yield from _runs(text, line)


def certain(found: Sequence[Name], *beside: Sequence[Name]) -> list[Name]:
    """The names without the words that only open a sentence.

    What is a name within a sentence, there or in the names `beside`, is one at the beginning too.
    """
    known = {
        word.key
        for some in (found, *beside)
        for name in some
        if name.sure
        for word in name.words[len(name.words) > 1 and name.words[0].key in TWO_WORD_PLACES :]
    }
    return [name for name in found if name.sure or name.words[-1].key in known]


def _has_noun_capitals(text: str) -> bool:
    """Whether a text is in a language that writes all nouns with capitals, as German does."""
    words = text[:_SAMPLE].lower().replace("von der ", "").split()
    telling = sum(word in _NOUN_CAPITALS for word in words)
    return telling > 1 and telling > 2 * sum(word in _NO_NOUN_CAPITALS for word in words)


# --- runs of words ---


def _runs(text: str, words: Iterable[Capital]) -> Iterator[list[Capital]]:
    """Capitalised words in a row that are a name."""
    run: list[Capital] = []
    for word in words:
        if run and not _joins(text, run, word):
            yield from _trimmed(text, run)
            run = []
        if _is_date(text, word, run) or _is_i(text, word):
            yield from _trimmed(text, run)
            run = []
        elif run or not word.key[0].isdigit():
            run.append(word)
    yield from _trimmed(text, run)


def _joins(text: str, run: Sequence[Capital], word: Capital) -> bool:
    """Whether nothing is between two words that parts a name: J. K. Rowling, Botsan-Kharchenko."""
    gap = text[run[-1].end : min(word.start, run[-1].end + _FARTHEST)]
    if is_initial(text, run[-1]) and not is_content(word.key):  # It was I. Then he left.
        return False
    if _JOINS.fullmatch(gap):
        return gap.strip() not in _ARTICLES_TOO
    return _JOINS_BODY.fullmatch(gap) is not None and any(one.key in BODIES for one in run)


def _is_date(text: str, word: Capital, run: Sequence[Capital]) -> bool:
    """Whether a word is a day or a month; "May" within or before a name is none: Theresa May."""
    if word.key in WEEKDAYS:
        return True
    if word.key not in MONTHS or word.acronym or _is_in_name(run):
        return False
    if _DATED_BEHIND.match(text, word.end):
        return True
    before = _DATED_BEFORE.search(text[max(0, word.start - _LOOK_BEHIND) : word.start])
    if before and (not before["word"] or before["word"].lower() in BEFORE_MONTH):
        return True
    return word.key not in FUNCTION_OR_NAME


def _is_in_name(run: Sequence[Capital]) -> bool:
    """Whether a name has begun: in Theresa May, 62."""
    return bool(run) and is_content(run[-1].key) and run[-1].key not in OPENERS


def _is_i(text: str, word: Capital) -> bool:
    """Whether a word is the pronoun: I, I'm; not the initial of I. Petrović."""
    return word.key.partition("'")[0] == "i" and not is_initial(text, word)


def _trimmed(text: str, run: list[Capital]) -> Iterator[list[Capital]]:
    """A run without the words before its name: "When Ana" -> "Ana"."""
    first = 0
    while first < len(run) and _only_opens(text, run[first], run[first + 1 : first + 2]):
        first += 1
    if first < len(run):
        yield run[first:]


def _only_opens(text: str, word: Capital, following: Sequence[Capital]) -> bool:
    """Whether a word is capitalised, but no part of the name that follows it."""
    if word.marked or word.key in TITLES or (following and is_initial(text, word)):
        return False
    if word.key in FUNCTION_OR_NAME:
        return not _may_be_given(text, word, following)
    if not is_content(word.key):
        return not _is_speaker(text, word, following)
    adverb = word.key.endswith("ly") and not (is_place(word.key) or _is_named(text, word))
    return word.opens and (word.key in OPENERS or is_number(word.key) or adverb)


def _is_named(text: str, word: Capital) -> bool:
    """Whether a word in -ly is a name where it opens a sentence: Jolly, who left; Kelly said."""
    return word.key in _GIVEN_NAMES or _SAY_BEHIND.match(text, word.end) is not None


def _is_speaker(text: str, word: Capital, following: Sequence[Capital]) -> bool:
    """Whether a function word is a given name by where it stands: said So Yun; “…,” In Kim said."""
    if not following or not _JOINS.fullmatch(text, word.end, following[0].start):
        return False
    if following[0].key in TITLES or word.key in _DETERMINERS:
        return False
    if not word.opens and _SAY_BEFORE.search(text[max(0, word.start - _LOOK_BEHIND) : word.start]):
        return True
    return word.key in _NO_OPENERS and _SAY_BEHIND.match(text, following[0].end) is not None


def _may_be_given(text: str, word: Capital, following: Sequence[Capital]) -> bool:
    """Whether a function word is a given name: Will Smith left; not in "Will Serbia join?"."""
    if not following:
        return word.key in MONTHS or not word.opens
    behind = following[0]
    if behind.key in TITLES or behind.acronym or is_place(behind.key):
        return False
    if word.key == "an" and behind.key[0] in "aeiouh":
        return False
    rest = _REST.match(text, behind.end)
    return not (word.opens and rest and text.startswith("?", rest.end()))


def _name(text: str, run: Sequence[Capital], noun_capitals: bool) -> Name:
    first = run[0]
    doubtful = len(run) == 1 and (first.opens or noun_capitals or first.key in MONTHS)
    sure = not doubtful or first.marked or is_place(first.key)
    titles = [word.key for word in run[:-1] if word.key in TITLES]
    start = first.start
    end = run[-1].end - is_initial(text, run[-1])  # World War I.
    return Name(text[start:end], start, end, titles[-1] if titles else "", sure, tuple(run))
