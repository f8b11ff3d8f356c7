"""Which number is written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.check.facts.numerals import ONES, ORDINALS, PARTS, SCALES, SMALL, TENS

_LONGEST = 40  # digits: more tell no more
_COMMAS = re.compile(r"-?[1-9]\d{0,2}(,\d{3})+(\.\d+)?")
_STOPS = re.compile(r"-?[1-9]\d{0,2}(\.\d{3})+(,\d+)?")


def values(match: re.Match[str]) -> Iterator[float]:
    """What a match of NUMBER may be: of "1.500" 1500 and 1.5, of "two-thirds" 2/3."""
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
    """1,000 -> 1000; 1.500 -> 1500 and 1.5; 1,5 -> 1.5."""
    digits = re.sub("[ ']", "", digits)[:_LONGEST]
    if _COMMAS.fullmatch(digits):
        yield float(digits.replace(",", ""))
        return
    if _STOPS.fullmatch(digits):
        yield float(digits.replace(".", "").replace(",", "."))
    if digits.count(".") + digits.count(",") <= 1:
        yield float(digits.replace(",", "."))


def of_words(words: str) -> float:
    """two hundred and five thousand -> 205000.0"""
    total, current = 0.0, 0.0
    for word in re.findall("[a-z]+", words):
        if word in SCALES:
            total, current = total + (current or 1) * SCALES[word], 0.0
        elif word == "hundred":
            current = (current or 1) * 100
        else:
            current += SMALL.get(word, 0)
    return total + current
