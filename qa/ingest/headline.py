"""The title of a plain text: its headline, or failing that its first sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.ingest.canonical_text import one_line
from qa.text.words.tables import listed

LONGEST_HEADLINE = 200
LONGEST_SENTENCE = 150

_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”\u2019“»)\]]*+(?=\s|$)")
_LAST_WORD = re.compile(r"\S{1,40}$")
_ABBREVIATIONS = listed("abbreviations") | listed("month_abbreviations")


def headline(lines: Sequence[str]) -> tuple[str | None, bool]:
    """The title that the non-blank `lines` of a text begin with, and whether it is a sentence.

    A text of one line has none: nothing says that its beginning is more than a beginning.
    """
    if len(lines) < 2:
        return None, False
    first = one_line(lines[0][: LONGEST_HEADLINE + 100])
    if _is_headline(first, lines[1]):
        return first, False
    sentence = first_sentence(first)
    if sentence is None or len(sentence) > LONGEST_SENTENCE:
        return None, False
    ellipsis = sentence.endswith("..")
    return (sentence if ellipsis else sentence.removesuffix(".")), True


def first_sentence(line: str) -> str | None:
    """The line up to the first full stop that no abbreviation owns; None when there is none."""
    for end in _END.finditer(line):
        if not (end[0] == "." and _is_abbreviation(line[max(0, end.start() - 40) : end.start()])):
            return line[: end.end()]
    return None


def _is_headline(line: str, following: str) -> bool:
    if len(line) > LONGEST_HEADLINE or line[-1] in ".!?…:;," or first_sentence(line) is not None:
        return False
    # A lower-case letter below means that this is the first line of a wrapped paragraph.
    return not following.lstrip()[0].islower()


def _is_abbreviation(before: str) -> bool:
    """Whether `before`, which a full stop follows, ends in "U.S", "St", an initial or the like."""
    found = _LAST_WORD.search(before)
    word = found[0].lstrip("\"'“„\u2018(").lower() if found else ""
    return len(word) == 1 or word in _ABBREVIATIONS or ("." in word and word[-2:-1] == ".")
