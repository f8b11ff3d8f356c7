"""What a word is: number, negation, unit, place. The words stand in tables, one a language.

A word that no table knows is a plain word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.text.spelling import spelled
from qa.text.words.tables import any_of, listed

# The weights of words in a quote are measured with these; other languages' weigh in full.
FUNCTION_WORDS = listed("function", "en")
NEGATING_PREFIXES = listed("negating_prefixes")
NEGATING_PARTS = sorted(listed("negating_parts"))
NO_ONE = "no one"

# --- names ---

TITLES = listed("honorifics") | listed("roles") | listed("role_prefixes") | listed("role_plurals")
BODIES = listed("words_of_bodies")
PARTICLES = listed("particles")
TWO_WORD_PLACES = listed("two_word_places")
# English and German write days and months with capitals; Maja and Marta are months in Serbian.
MONTHS, WEEKDAYS = listed("months", "en", "de"), listed("weekdays", "en", "de")
BEFORE_MONTH = listed("before_month")
FUNCTION_OR_NAME = listed("function_or_name")
OPENERS = listed("openers") | listed("function")
ABBREVIATIONS = listed("abbreviations")


def _compared(words: frozenset[str]) -> frozenset[str]:
    """The words, and what they are where quotes are compared: fünf, fuenf."""
    return words | frozenset(map(spelled, words))


_NEGATIONS = _compared(listed("negations")) | {NO_ONE}
_NUMBERS = _compared(
    frozenset[str]().union(
        *map(listed, ("cardinals", "ordinals", "scales", "parts", "other_numbers", "number_signs"))
    )
)
_UNITS, _UNIT_LETTERS = _compared(listed("units")), listed("unit_letters")
_PLACES, _PLACE_ENDINGS = listed("places"), sorted(listed("place_endings"))
_SHORTEST_STEM = 4
_YES_OR_NO, _CHOICE = listed("yes_or_no"), listed("or")
_CONTINUING = listed("continuing")
_FIRST_WORD = re.compile(r"\w+")
_WHY = re.compile(rf"\b(?:{any_of(listed('asks_why'))})\b")
_WHOSE_WORDS = re.compile(rf"\b(?:{any_of(listed('asks_whose_words'))})\b")
# Who | has repeatedly | warned | that it rains?
_WHO_SAYS = re.compile(
    rf"\W*(?:{any_of(listed('asks_who'))})"
    rf"(?: (?:{any_of(listed('say_adverbs', 'en'))}|[a-z]{{3,12}}ly)){{0,3}}"
    rf" (?P<verb>{any_of(listed('say', 'en') | listed('say_bare', 'en'))})\b"
)
_SAID = listed("asks_said")
_WHAT_IS_SAID = re.compile(rf"[\"“„«:]|\b(?:{any_of(listed('that', 'en'))})\b")


def is_content(word: str) -> bool:
    """Whether a folded word says something of its own."""
    return word not in FUNCTION_WORDS


def is_number(word: str) -> bool:
    """Whether a word has digits, counts, or is a sign that compares numbers."""
    return word in _NUMBERS or any(char.isnumeric() or char.isdigit() for char in word)


def is_negation(word: str) -> bool:
    """Whether a word turns a statement round, n't included."""
    return word in _NEGATIONS or word.endswith("n't") or word.startswith("n'")


def is_unit(word: str, *, after_number: bool = False) -> bool:
    """Whether a word or sign says what is counted: kilometres, per cent, euros, years.

    Single letters and the like do right behind a number alone: 30 m, 500 t.
    """
    return word in _UNITS or (after_number and word in _UNIT_LETTERS)


def is_place(word: str) -> bool:
    """Whether a word is a country or of one: "serbian" -> True, "police" -> False."""
    return not _PLACES.isdisjoint(variants(word))


def variants(word: str) -> Iterator[str]:
    """The forms of a country's word, each from each: "serbian" -> "serbia", "serbians", …"""
    yield word
    for ending in _PLACE_ENDINGS:
        if len(word) >= _SHORTEST_STEM:
            yield word + ending
        if len(word) - len(ending) >= _SHORTEST_STEM and word.endswith(ending):
            yield word[: -len(ending)]


# --- questions ---


def asks_for_sentence(question: str) -> bool:
    """Whether a sentence answers, and no words of it: to why, and where yes or no is asked for.

    >>> asks_for_sentence("Did she resign?"), asks_for_sentence("Did she resign or retire?")
    (True, False)
    """
    words = question.casefold().replace("’", "'").split()
    yes_or_no = bool(words) and words[0] in _YES_OR_NO and _CHOICE.isdisjoint(words)
    return yes_or_no or bool(_WHY.search(" ".join(words)))


def asks_who_says(question: str) -> bool:
    """Whether a question asks who says something, and not who does it.

    >>> asks_who_says("Who claimed that it rains?"), asks_who_says("Who claimed the prize?")
    (True, False)
    """
    words = " ".join(question.casefold().replace("’", "'").split())
    who = _WHO_SAYS.match(words)
    if who and (who["verb"] in _SAID or _WHAT_IS_SAID.search(words, who.end())):
        return True
    return bool(_WHOSE_WORDS.search(words))


def continues(sentence: str) -> bool:
    """Whether a sentence goes on about what the one before names: "These comments …" -> True."""
    first = _FIRST_WORD.search(sentence)
    return first is not None and first.group().casefold() in _CONTINUING
