"""What may stand in a bracket and refers to a source: "Source 1", "1, p. 4", "talks.txt", "@key".

Language models, citation programs and people each have their own marks. A mark of a kind that
means nothing else is a reference even if it leads nowhere; any other is one if a list has it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Literal, NamedTuple

from qa.check.draft.author_years import AUTHOR_YEARS, Authors, author_years
from qa.check.draft.reference_patterns import PLACE, expanded, key
from qa.text.words.tables import alternatives, any_of, listed

Brackets = Literal["[]", "{}", "()"]
Cited = tuple[str, tuple[str, ...]]  # a label, and what it may be resolved by

_WORD = alternatives("mark_words")
# They also stand in brackets where nothing is cited: [Note 3], (article 5), [S1].
_WEAK = listed("weak_mark_words")
_SURE_WORD = any_of(listed("mark_words") - _WEAK)
_JOINED = rf"[ \t]*(?:[,;&–—-]|{alternatives('and')})[ \t]*"
_BEFORE_NUMBER = r"[\s:_#.№-]{0,3}"
# p. 4; †L3-L9; :12
_LOCATOR = (
    rf"(?:†[^\n]*|[ \t]*[,:;][ \t]*{PLACE}\.?[ \t]*[\dIVXLivxl][\w., \t–-]{{0,30}}"
    r"|[ \t]*:[ \t]*\d{1,4}(?:[–-]\d{1,4})?)"
)
NUMBERED = re.compile(
    rf"(?:(?P<word>{_WORD}){_BEFORE_NUMBER}|(?P<sign>#)[ \t]?)?"
    rf"(?P<numbers>\d{{1,3}}(?:{_JOINED}(?:(?:{_SURE_WORD}){_BEFORE_NUMBER})?\d{{1,3}})*+)"
    rf"(?P<locator>{_LOCATOR})?",
    re.IGNORECASE,
)
_NAMED = re.compile(
    rf"(?:{_WORD})[ \t]*[:=][ \t]*(?P<name>[^\s\d][^\n]*|\d[^\n]*[^\d\s,;–-][^\n]*)", re.I
)
_FILE = re.compile(
    r"(?P<name>[^\s/\\,;:|<>\[\](){}\"“”][^/\\,;:|<>\[\](){}\"“”\n]{0,120}"
    r"\.(?:txt|md|markdown|html?|pdf|docx?|jsonl?|ndjson|csv|rtf|odt|epub))"
    rf"(?:[ \t]*[#:][ \t]*[\w.=–-]{{1,40}}|{_LOCATOR})?",
    re.IGNORECASE,
)
_KEYS = re.compile(r"(?:^|(?<=[\s;,\[-]))@(?P<key>[^\W_][\w:.#$%&+?~/-]*[\w/])")
_ADDRESS = re.compile(r"https?://|www\.", re.IGNORECASE)
_STRONG_IN_PARENTHESES = listed("source_words")


class Targets(NamedTuple):
    """What the marks of a draft can lead to."""

    numbers: Mapping[str, tuple[str, ...]] = {}
    authors: Authors = Authors()
    article: Callable[[str], bool] = lambda name: False  # whether the corpus has one so called
    in_parentheses: bool = False  # whether (1) is a mark


def cited(inner: str, brackets: Brackets, known: Targets) -> list[Cited]:
    """What the content of a bracket refers to; nothing when it is no mark.

    "Source 1, 3" -> [("1", …), ("3", …)]; "talks.txt" -> [("talks.txt", ("talks.txt",))]
    """
    inner = inner.strip()
    if found := NUMBERED.fullmatch(inner):
        return _numbers(found, brackets, known)
    if brackets == "[]" and (keys := [found["key"] for found in _KEYS.finditer(inner)]):
        return [(name, known.numbers.get(key(name), (name,))) for name in keys]
    if files := _files(inner):
        return [(name, (name,)) for name in files]
    if (named := _NAMED.fullmatch(inner)) and not _ADDRESS.search(inner):
        return _named(named["name"], brackets, known)
    if AUTHOR_YEARS.fullmatch(inner):
        return author_years(inner, known.authors)
    if brackets != "{}" and known.article(inner):
        return [(inner, (inner,))]
    return []


def _numbers(found: re.Match[str], brackets: Brackets, known: Targets) -> list[Cited]:
    word = (found["word"] or "").casefold()
    numbers = expanded(found["numbers"])
    listed_ones = [number for number in numbers if number in known.numbers]
    if not _is_certain(word, found, brackets) and len(listed_ones) < len(numbers):
        return []
    if not word and brackets == "()" and not known.in_parentheses:
        return []
    return [(number, known.numbers.get(number, ())) for number in numbers]


def _is_certain(word: str, found: re.Match[str], brackets: Brackets) -> bool:
    """Whether nothing but a mark is written so: [Source 1], [1, p. 4], (source 1)."""
    if brackets == "()":
        return word in _STRONG_IN_PARENTHESES
    if brackets == "[]" and not word:
        return found["locator"] is not None
    return bool(word) and word not in _WEAK


def _files(inner: str) -> list[str]:
    if whole := _FILE.fullmatch(inner):
        return [whole["name"]]
    pieces = [_FILE.fullmatch(piece.strip()) for piece in re.split("[;,]", inner)]
    return [piece["name"] for piece in pieces if piece] if all(pieces) else []


def _named(name: str, brackets: Brackets, known: Targets) -> list[Cited]:
    """[source: talks.txt]; in parentheses what the corpus has: (Source: Reuters) is a credit."""
    if files := _files(name):
        return [(file, (file,)) for file in files]
    pieces = [piece.strip() for piece in name.split(";") if piece.strip()]
    if brackets == "()" and not all(map(known.article, pieces)):
        return []
    return [(piece, known.numbers.get(key(piece), (piece,))) for piece in pieces]


def marks_of_programs(found: re.Match[str], known: Targets) -> Iterator[Cited]:
    """What other marks refer to: \\cite{a,b}, 【4:0†talks】, those of ChatGPT."""
    kind = found.lastgroup
    written = found[kind] if kind else ""
    if kind == "latex":
        for name in filter(None, (part.strip() for part in written.split(","))):
            yield name, known.numbers.get(key(name), (name,))
    elif kind == "private":
        yield _visible(written), ()
    else:
        yield from _program_number(written, known)


def _program_number(written: str, known: Targets) -> Iterator[Cited]:
    """4:0†talks -> number 4 of a list, else the file "talks"."""
    numbers, _, name = written.partition("†")
    name = name.strip()
    targets = (name,) if name and name.casefold() not in _WEAK | listed("mark_words") else ()
    for number in expanded(numbers.partition(":")[0].strip()):
        yield number, (*targets, *known.numbers.get(number, ()))


def _visible(written: str) -> str:
    """The label of a mark in characters for private use: what can be read of it."""
    return " ".join(re.findall(r"[A-Za-z0-9:]+", written)) or "mark"
