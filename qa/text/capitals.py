"""The capitalised words of a text, and what they look like: names begin with them.

A headline counts as having none, for in it capitals tell nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from qa.text.words import ABBREVIATIONS, PARTICLES, is_content

UPPER = "".join(char for char in map(chr, range(0x2000)) if char.isupper() or char.istitle())
# A letter or digit, its marks, and what nobody sees.
_IN_WORD = r"[\w\u0300-\u036f\u00ad\u200b-\u200d]"
_WORD = re.compile(
    rf"(?<!{_IN_WORD})(?:[{UPPER}](?:\.[{UPPER}](?!{_IN_WORD}))+\.?"  # U.S.
    rf"|[a-z]{{0,2}}[{UPPER}]{_IN_WORD}*(?:['’]{_IN_WORD}+)*"  # Ana, O’Brien, iPhone
    rf"|(?<=[-‐‑])\d{_IN_WORD}*)"  # the 19 of COVID-19
)
_LINE = re.compile(r"[^\n]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_POSSESSIVE = re.compile(r"['’][sS]\Z")
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d."))
_UNSEEN[ord("’")] = "'"

# What may stand between the end of a sentence and the first word of the next.
_AROUND = " \t\xa0\n\"'“”„‟«»‹›‘’‚()[]{}*_–—-•"
_QUOTATION = tuple("\"'“”„‟«»‹›‘’‚")
_ENDS = tuple(".!?…:|")
_LOOK_BEHIND = 16
_LAST_WORD = re.compile(r"([^\W\d_]+)\.\Z")
_DASH = re.compile("[–—-]")

_HEADLINE_WORDS = 4
_HEADLINE = 0.6  # the share of capitalised words from which a line is one


class Capital(NamedTuple):
    """A capitalised word."""

    start: int
    end: int  # without 's
    key: str  # in lower case, without stops: what compares
    opens: bool  # a sentence, or what stands between quotation marks
    acronym: bool  # NATO, U.S.
    marked: bool  # a name by its look: NATO, iPhone, COVID-19


def capitals(text: str, *, headlines: bool = False) -> Iterator[list[Capital]]:
    """The capitalised words of each line that is no headline, or of those too.

    >>> [[word.key for word in line] for line in capitals("Then Ana left.\\nNATO Is An Old Hat")]
    [['then', 'ana']]
    """
    for line in _LINE.finditer(text):
        found = list(_WORD.finditer(text, *line.span()))
        if found and (headlines or not _is_headline(line[0], len(found))):
            yield list(_of_line(text, line.start(), found))


def _of_line(text: str, line: int, found: Iterable[re.Match[str]]) -> Iterator[Capital]:
    """The capitalised words of a line that begins at `line`, and what they look like."""
    before: Capital | None = None
    for match in found:
        start = match.start()
        key, length, acronym, marked = _look(match[0])
        end = start + length
        if text.startswith(".", end) and (len(key) == 1 or key in ABBREVIATIONS):
            end += 1
        before = Capital(start, end, key, _opens(text, line, before, start), acronym, marked)
        yield before


@lru_cache(maxsize=65_536)
def _look(word: str) -> tuple[str, int, bool, bool]:
    """A word's key, its length without 's, whether it is an acronym, and a name by its look."""
    bare = _POSSESSIVE.sub("", word)
    key = bare.translate(_UNSEEN).lower()
    marked = any(char.isupper() or char.isdigit() for char in bare[1:])
    return key, len(bare), bare.isupper() and len(key) > 1, marked


def _opens(text: str, line: int, last: Capital | None, start: int) -> bool:
    """Whether a sentence begins at a word; its line begins at `line`."""
    least = max(start - _LOOK_BEHIND, last.end if last else line)
    gap = text[least:start]
    bare = gap.rstrip(_AROUND)
    if bare.endswith(_ENDS):
        word = _LAST_WORD.search(bare)
        return not (word and word[1].lower() in ABBREVIATIONS)
    if gap.endswith(_QUOTATION):
        return True
    if bare:
        return False
    if last is None or least > last.end:
        return True
    # BELGRADE – Talks began. (Tanjug) – Talks began.
    return (last.acronym or ")" in gap) and _DASH.search(gap) is not None


def _is_headline(line: str, capitals: int) -> bool:
    """Whether Capitals Tell Nothing in a Line: no sentence, or ALL OF IT IN CAPITALS."""
    if line.isupper():
        return capitals > 1
    if line.rstrip(_AROUND).endswith((".", "!", "?", "…")):
        return False
    words = _LETTERS.findall(line)
    if len(words) < _HEADLINE_WORDS or capitals < _HEADLINE * len(words):
        return False
    small = [word for word in words if word[0].islower()]
    return not any(is_content(word) and word not in PARTICLES for word in small)


def is_initial(text: str, word: Capital) -> bool:
    """Whether a word is a letter with its full stop: J. K. Rowling."""
    return len(word.key) == 1 and text[word.end - 1] == "."
