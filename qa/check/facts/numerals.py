"""Number words and units: which number is written, and what it counts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from qa.check.facts.unread import plain_text
from qa.text.words.tables import valued

_LONGEST = 40  # digits: more tell no more
_COMMAS = re.compile(r"-?[1-9]\d{0,2}(,\d{3})+(\.\d+)?")
_STOPS = re.compile(r"-?[1-9]\d{0,2}(\.\d{3})+(,\d+)?")
_WORD = re.compile("[a-z]+")
_SPACES = re.compile("[ ']")


def _valued(*keys: str) -> dict[str, float]:
    """The words under some keys, in plain text, with the numbers that they stand for."""
    found = {word: worth for key in keys for word, worth in valued(key).items()}
    return {plain_text(word)[0]: float(worth) for word, worth in found.items()}


def _within(words: Mapping[str, float], least: float, end: float) -> dict[str, float]:
    return {word: value for word, value in words.items() if least <= value < end}


_CARDINALS = _valued("cardinals")
ONES, TEENS, TENS = (_within(_CARDINALS, *limits) for limits in ((1, 10), (10, 20), (20, 100)))
ORDINALS, SCALES, PARTS = map(_valued, ("ordinals", "scales", "parts"))
SHORT_SCALES = {**_valued("short_scales"), **SCALES}
_SMALL = {"zero": 0.0, "half": 0.5, **_CARDINALS}

# Units and currencies, each with how many it is of its class: only what is of one class compares.
UNITS: dict[str, tuple[float, str]] = {
    plain_text(name)[0]: (float(factor), unit)
    for key in ("units", "unit_letters")
    for name, worth in valued(key).items()
    for unit, factor in [worth.split()]
}
CURRENCIES = ("$", "€", "£", "¥")
# Classes of what is written without a unit of its own: 3rd, 5 p.m., 5:00.
ORDINAL, MORNING, AFTERNOON, CLOCK = "th", "am", "pm", "o'clock"
# A number without a unit is also found where the text counts one of these.
LOOSE = frozenset(("year", *CURRENCIES, ORDINAL, MORNING, AFTERNOON, CLOCK))


def values(match: re.Match[str]) -> Iterator[float]:
    """What a match of numbers.NUMBER may be: of "1.500" 1500 and 1.5, of "two-thirds" 2/3."""
    if match["over"]:
        yield float(match["over"]) / (float(match["under"]) or 1)
    elif match["digits"]:
        yield from of_digits(match["digits"].replace("minus ", "-"))
    elif match["part"]:
        yield ONES.get(match["top"], 1) / PARTS[match["part"]]
    elif match["ordinal"]:
        yield TENS.get((match["tens"] or "-")[:-1], 0) + ORDINALS[match["ordinal"]]
    else:
        yield of_words(match["spelt"])


def of_digits(digits: str) -> Iterator[float]:
    """What digits may be: 1,000 -> 1000; 1.500 -> 1500 and 1.5; 1,5 -> 1.5."""
    digits = _SPACES.sub("", digits)[:_LONGEST]
    if _COMMAS.fullmatch(digits):
        yield float(digits.replace(",", ""))
        return
    if _STOPS.fullmatch(digits):
        yield float(digits.replace(".", "").replace(",", "."))
    if digits.count(".") + digits.count(",") <= 1:
        yield float(digits.replace(",", "."))


def of_words(words: str) -> float:
    """The value of number words: two hundred and five thousand -> 205000.0"""
    total, current = 0.0, 0.0
    for word in _WORD.findall(words):
        if word in SCALES:
            total, current = total + (current or 1) * SCALES[word], 0.0
        elif word == "hundred":
            current = (current or 1) * 100
        else:
            current += _SMALL.get(word, 0)
    return total + current
