"""The lines that belong to the page and not to the article, and cutting them out of a text.

All of it is whole lines of a known shape, or the words "Read more:" at a line's end. A line that
merely occurs often is never touched, since a refrain is part of its poem.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from qa.text.words.tables import listed
from qa.types import Removed, Span

_LONGEST = 400  # no boilerplate line is longer; keeps the patterns off book-length lines
_MOST_TEASERS = 5
_CAPTIONS = "|".join(sorted(listed("captions")))
_COMMENTS = "|".join(sorted(listed("comments")))
_NOTICES = "|".join(sorted(listed("reprint_notices")))
_PICTURES = "|".join(sorted(listed("pictures")))
_SHAPES = (
    ("caption", re.compile(rf"(?:{_CAPTIONS})\s*:.{{0,150}}", re.IGNORECASE)),
    (
        "comment count",
        re.compile(rf"(?<![0-9.,])[0-9][0-9.,]*+\s+(?:{_COMMENTS})", re.IGNORECASE),
    ),
    (
        "pagination",
        re.compile(r"page\s+[0-9]+\s+of\s+[0-9]+(?:\s+go to page(?:\s+[0-9]+)*)?", re.IGNORECASE),
    ),
    ("reprint notice", re.compile(rf"(?:{_NOTICES})\b.*", re.IGNORECASE)),
)
_PICTURE = re.compile(rf"(?:{_PICTURES})\b", re.IGNORECASE)
_READ_MORE = tuple(f"{phrase}:" for phrase in sorted(listed("read_more")))
_SENTENCE_ENDS = tuple("….!?\"'”\u2019“»)]")


@dataclass(slots=True)
class Marks:
    """The lines of boilerplate by number: of what kind each is, or where its text ends instead."""

    kinds: dict[int, str] = field(default_factory=dict)
    ends: dict[int, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.kinds or self.ends)


def mark_boilerplate(lines: Sequence[str]) -> Marks:
    """The boilerplate among `lines`, in time linear in their length."""
    marks = Marks()
    first = True
    for number, line in enumerate(lines):
        kind = boilerplate_kind(line.strip(), first)
        end = _before_read_more(line)
        if kind:
            marks.kinds[number] = kind
        elif end is not None:
            marks.ends[number] = end
            if end == 0:
                marks.kinds[number] = "read more"
        first = first and (bool(kind) or end == 0 or not line.strip())
    _mark_teasers(lines, marks)
    return marks


def boilerplate_kind(line: str, first: bool = False) -> str | None:
    """The kind of boilerplate that a whole line is; None for a line of the article."""
    if not line or len(line) > _LONGEST:
        return None
    for kind, shape in _SHAPES:
        if shape.fullmatch(line):
            return kind
    # A first line is the title, and a title may well say a thing twice.
    return "repeated caption" if not first and _is_doubled(line) else None


def _is_doubled(line: str) -> bool:
    """Whether a line is one phrase twice, as pages print a picture's description and its caption.

    Two words twice ("New York New York") can be a row of a table or a line of a song, so they
    must begin with a word for a picture.
    """
    half = len(line) // 2
    phrase = line[:half]
    if len(line) % 2 == 0 or not line[half].isspace() or phrase != line[half + 1 :]:
        return False
    if not (phrase[0].isupper() or phrase[0].isdigit()) or not phrase[-1].isalnum():
        return False
    words = len(phrase.split())
    return words >= 3 or (words == 2 and bool(_PICTURE.match(phrase)))


def _before_read_more(line: str) -> int | None:
    """Where the line ends once "Read more:" is off its end; only after a finished sentence."""
    stripped = line.rstrip()
    found = next((words for words in _READ_MORE if stripped[-len(words) :].lower() == words), None)
    if found is None:
        return None
    before = stripped[: -len(found)]
    sentence = before.rstrip()
    if sentence and (sentence == before or not sentence.endswith(_SENTENCE_ENDS)):
        return None
    return len(sentence)


def _mark_teasers(lines: Sequence[str], marks: Marks) -> None:
    """Marks headlines of other pieces, when only they are between "Read more:" and the end."""
    if not marks.ends:
        return
    after = range(max(marks.ends) + 1, len(lines))
    teasers = [n for n in after if n not in marks.kinds and lines[n].strip()]
    if len(teasers) <= _MOST_TEASERS and all(_is_headline(lines[n].strip()) for n in teasers):
        marks.kinds.update(dict.fromkeys(teasers, "teaser"))


def _is_headline(line: str) -> bool:
    return len(line) <= 200 and line[-1] not in ".!?…:"


# --- cutting it out ---


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What remained of a text, what did not, and the old places of the lines that remained."""

    text: str
    removed: tuple[Removed, ...] = ()
    kept: tuple[Span, ...] = ()  # of the old text; empty when nothing was removed

    def moved(self, offsets: Iterable[int]) -> tuple[int, ...]:
        """Where old offsets lie now; those in what was cut move to what follows it.

        "ab / Foto: x / cd" becomes "ab / cd": 0 stays 0, 3 (the caption) and 11 ("cd") become 3.
        """
        if not self.removed:
            return tuple(offsets)
        sizes = (span.end - span.start + 1 for span in self.kept)  # 1 for the line feed
        starts = list(accumulate(sizes, initial=0))
        return tuple(self._moved(offset, starts) for offset in offsets)

    def _moved(self, offset: int, starts: Sequence[int]) -> int:
        line = bisect_right(self.kept, offset, key=lambda span: span.start) - 1
        if line < 0:
            return 0
        span = self.kept[line]
        now = starts[line] + offset - span.start if offset <= span.end else starts[line + 1]
        return min(now, len(self.text))


def clean(text: str) -> Cleaned:
    """A canonical text without its boilerplate, canonical again."""
    lines = text.split("\n")
    marks = mark_boilerplate(lines)
    if not marks:
        return Cleaned(text)
    kept = _stripped(text, _kept(lines, marks))
    left = "\n".join(text[span.start : span.end] for span in kept)
    return Cleaned(left, tuple(_removed(lines, marks)), tuple(kept))


def _kept(lines: Sequence[str], marks: Marks) -> list[Span]:
    """The lines that stay. Blank lines around a hole shrink to one; others are left alone."""
    kept: list[Span] = []
    blanks = 0  # at the end of `kept`
    hole = True  # a text does not begin with a blank line
    start = 0
    for number, line in enumerate(lines):
        blank = not line.strip()
        if number in marks.kinds:
            hole = True
            del kept[len(kept) - max(blanks - 1, 0) :]
            blanks = min(blanks, 1)
        elif not (blank and hole and (blanks or not kept)):
            kept.append(Span(start, start + marks.ends.get(number, len(line))))
            blanks = blanks + 1 if blank else 0
            hole = hole and blank
        start += len(line) + 1
    return kept[: len(kept) - blanks]


def _stripped(text: str, kept: list[Span]) -> list[Span]:
    """The lines without the indent of the first and the white space after the last."""
    if kept:
        first = kept[0]
        head = text[first.start : first.end]
        kept[0] = Span(first.start + len(head) - len(head.lstrip()), first.end)
        last = kept[-1]
        kept[-1] = Span(last.start, last.start + len(text[last.start : last.end].rstrip()))
    return kept


def _removed(lines: Sequence[str], marks: Marks) -> Iterable[Removed]:
    for number in sorted(marks.kinds.keys() | marks.ends.keys()):
        if number in marks.kinds:
            yield Removed(marks.kinds[number], lines[number].strip())
        else:
            yield Removed("read more", lines[number][marks.ends[number] :].strip())
