"""What a quote leaves out of its sentence at either end, and whether that turns what it says.

*She did not say that the bridge is safe*, quoted as “The bridge is safe”: the words stand there,
and a reader should be told what stands before them. Told is what negates, denies, doubts,
attributes or narrows what is quoted, or makes it depend on something; all else is cut off every
day.
"""

from __future__ import annotations

import re
from itertools import takewhile

from qa.check.types import Cut, Excerpt
from qa.text.notes import UNSEEN, blanked
from qa.text.tokens import DOUBLE_MARKS
from qa.text.words import is_negation
from qa.text.words.tables import any_of, listed

_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_CLAUSE_MARK = re.compile(r"[,:()–—]|\s-\s")
_JOINING = re.compile(rf";|,\s+(?=(?:{any_of(listed('joining'))})\b)", re.IGNORECASE)
_OPENING = re.compile(rf"(?:(?<=[\s(\[–—-])|\A)[{DOUBLE_MARKS}](?!\s)")
_MARK = re.compile(f"[{DOUBLE_MARKS}]")
_AROUND = " \t\n,.;:–—-…()[]‘’'" + DOUBLE_MARKS
# How many words away a word may be that governs: of a clause, and right beside.
_NEAR, _BESIDE = 8, 4
_SHOWN = 14  # words of what is cut

NEGATES, DENIES = "negates it", "denies or doubts it"
DEPENDS, ATTRIBUTES = "makes it depend on something", "makes it what somebody says or thinks"
NARROWS = "narrows it"
Words = list[str]


class _Listed:
    """The words and phrases of some tables, to be found among words."""

    def __init__(self, *keys: str) -> None:
        found = frozenset[str]().union(*map(listed, keys))
        self._words = frozenset(word for word in found if " " not in word)
        self._phrases = tuple(f" {word} " for word in sorted(found) if " " in word)

    def among(self, words: Words) -> bool:
        line = _line(words)
        return not self._words.isdisjoint(words) or any(one in line for one in self._phrases)

    def begin(self, words: Words) -> bool:
        return words[:1] != [] and (
            words[0] in self._words or _line(words).startswith(self._phrases)
        )

    def end(self, words: Words) -> bool:
        return words[:1] != [] and (
            words[-1] in self._words or _line(words).endswith(self._phrases)
        )


_CONDITIONS, _CLITIC_CONDITIONS = _Listed("conditions"), _Listed("conditions_with_comma")
_DENYING, _DOUBTING = _Listed("denying"), _Listed("doubting")
_ATTRIBUTING = _Listed("attributing", "according", "in_words_of")
_NARROWING, _NARROWING_BEHIND = _Listed("narrowing"), _Listed("narrowing_behind")
_PARTING = listed("parting")
_THAT = listed("that")
_FILLING = listed("determiners") | _THAT


def cut_of(sentence: Excerpt, start: int, end: int) -> Cut | None:
    """What the source's sentence says before a place and behind it; None where it is whole.

    "We will open" of "We will open if the ice melts." -> before None, after "if the ice melts"
    """
    before, after = _sides(sentence, start, end)
    found = Cut(before.strip(_AROUND) or None, after.strip(_AROUND) or None)
    return found if found.before or found.after else None


def warning(sentence: Excerpt, start: int, end: int) -> str | None:
    """What a reader must know of the words that are cut off; None where they turn nothing."""
    before, after = _sides(sentence, start, end)
    opened = next(reversed(list(_OPENING.finditer(before))), None)
    closed = _MARK.search(after)
    marked = bool(_MARK.search(before))
    quoted = bool(opened and not _MARK.search(before, opened.end())) or bool(
        not marked and closed and not _OPENING.match(after, closed.start())
    )
    said = []
    within = before[opened.end() :] if quoted and opened else "" if quoted and marked else before
    if turn := _turned_before(before, within):
        said.append(f"Before it the source has “{_shown(before, first=False)}”, which {turn}.")
    within = after[: closed.start()] if quoted and closed else after
    if turn := _turned_behind(after, within, quoted):
        said.append(f"Behind it the source has “{_shown(after, first=True)}”, which {turn}.")
    return " ".join(said) or None


def _sides(sentence: Excerpt, start: int, end: int) -> tuple[str, str]:
    """The words of a sentence on either side of a place, without notes and markup."""
    text = blanked(sentence.text).replace(UNSEEN, " ")
    return text[: max(0, start - sentence.start)], text[max(0, end - sentence.start) :]


# --- before a quote ---


def _turned_before(before: str, within: str) -> str | None:
    """What the words before a quote do to it; `within` are those of the same quotation."""
    clauses = _clauses(before)
    if any(_depends(clause, n > 0) for n, clause in enumerate(clauses)):
        return DEPENDS
    tail = _tail(before)
    if any(map(is_negation, tail)) or _negated_over_an_aside(clauses):
        return NEGATES
    if _DENYING.among(tail) or _DOUBTING.among(tail):
        return DENIES
    if _attributes(within):
        return ATTRIBUTES
    while tail and tail[-1] in _FILLING:
        tail = tail[:-1]
    return NARROWS if _NARROWING.end(tail) else None


def _tail(before: str) -> Words:
    """The words before a quote that go on into it: of its clause, or of one that ends with that."""
    *earlier, last = _clauses(_JOINING.split(before)[-1])
    if last and set(last) <= _THAT and earlier:
        last = earlier[-1] + last
    parted = [i for i, word in enumerate(last) if word in _PARTING]
    return last[parted[-1] + 1 :] if parted else last


def _attributes(within: str) -> bool:
    """Whether somebody is said to say or think what follows."""
    clauses, tail = _clauses(within), _tail(within)
    if tail:
        return _ATTRIBUTING.among(tail[-_BESIDE:]) or (
            tail[-1] in _THAT and _ATTRIBUTING.among(tail)
        )
    # According to the mayor, | … Allegedly, | …
    aside = clauses[-2] if len(clauses) > 1 else []
    return _ATTRIBUTING.among(aside) or (len(aside) < _BESIDE and _DOUBTING.among(aside))


def _negated_over_an_aside(clauses: list[Words]) -> bool:
    """Whether a negation stands before an aside: did not, he said, | sign; is not true, …, that."""
    if len(clauses) < 3 or not set(clauses[-1]) <= _THAT:
        return False
    return any(map(is_negation, clauses[-3][-3:] if clauses[-1] else clauses[-3][-1:]))


# --- behind it ---


def _turned_behind(after: str, within: str, quoted: bool) -> str | None:
    """What the words behind a quote do to it; `within` are those of the same quotation."""
    first, *rest = _JOINING.split(after, maxsplit=1)
    if rest and _narrows(_words(rest[0])):
        return NARROWS
    clauses = _clauses(first)
    if any(_depends(clause, n > 0) for n, clause in enumerate(clauses)):
        return DEPENDS
    if quoted and not within.strip(_AROUND):
        return _denied_behind(clauses)
    head, aside = _unparted(clauses[0]), (clauses[1:2] or [[]])[0]
    if any(map(is_negation, head)):
        return NARROWS if _NARROWING_BEHIND.begin(head) else NEGATES
    if _DENYING.among(head) or _DOUBTING.among(head) or _DENYING.among(aside[:_NEAR]):
        return DENIES
    if _NARROWING_BEHIND.begin(head) or _narrows(aside):
        return NARROWS
    if _DOUBTING.among(_unparted(aside)[:_BESIDE]):
        return DENIES
    spoken = [aside[:_NEAR], *(clause[:_NEAR] for clause in clauses[2:3])]
    if not quoted and (_ATTRIBUTING.begin(head) or any(map(_ATTRIBUTING.among, spoken))):
        return ATTRIBUTES
    return None


def _denied_behind(clauses: list[Words]) -> str | None:
    """Whether it is denied outside of the quotation: “…” is not what she said, he never said."""
    head = _unparted(next(filter(None, clauses), []))
    if _DENYING.among(head):
        return DENIES
    negated = next((i for i, word in enumerate(head) if is_negation(word)), None)
    if negated is None:
        return None
    return NEGATES if negated < 2 or _ATTRIBUTING.among(head[negated:]) else None


def _narrows(words: Words) -> bool:
    """Whether a clause takes something back: except …, but not …, but only …"""
    joined = words[1:] if words[:1] and words[0] in listed("joining") else []
    return _NARROWING_BEHIND.begin(words) or (
        bool(joined) and (is_negation(joined[0]) or _NARROWING_BEHIND.begin(joined))
    )


# --- words ---


def _depends(clause: Words, behind_comma: bool) -> bool:
    """Whether a clause begins with a condition, behind “and”, “that” and the like too."""
    for n, word in enumerate(["", *clause]):
        begins = not n or word in _PARTING or word in _THAT
        if begins and _CONDITIONS.begin(clause[n:]):
            return True
    return behind_comma and _CLITIC_CONDITIONS.begin(clause)


def _clauses(text: str) -> list[Words]:
    """The words between commas, dashes and the like."""
    return [_words(clause) for clause in _CLAUSE_MARK.split(text)]


def _words(text: str) -> Words:
    return [word.replace("’", "'").casefold() for word in _WORD.findall(text)]


def _unparted(words: Words) -> Words:
    """The words up to one that begins another clause."""
    return list(takewhile(lambda word: word not in _PARTING, words))


def _line(words: Words) -> str:
    return f" {' '.join(words)} "


def _shown(text: str, *, first: bool) -> str:
    """What is cut off, in a few words: those beside the quote."""
    words = text.strip(_AROUND).split()
    if len(words) <= _SHOWN:
        return " ".join(words)
    return f"{' '.join(words[:_SHOWN])} …" if first else f"… {' '.join(words[-_SHOWN:])}"
