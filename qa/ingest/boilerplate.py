"""Which lines belong to the page and not to the article.

All of it is whole lines of a known shape, or the words "Read more:" at a line's end. A line that
merely occurs often is never touched, since a refrain is part of its poem.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

_LONGEST = 400  # no boilerplate line is longer; keeps the patterns off book-length lines
_MOST_TEASERS = 5
_SHAPES = (
    ("caption", re.compile(r"(?:foto|photos?|фото)\s*:.{0,150}", re.IGNORECASE)),
    ("comment count", re.compile(r"(?<![0-9.,])[0-9][0-9.,]*+\s+comments?", re.I)),
    (
        "pagination",
        re.compile(r"page\s+[0-9]+\s+of\s+[0-9]+(?:\s+go to page(?:\s+[0-9]+)*)?", re.IGNORECASE),
    ),
    ("reprint notice", re.compile(r"preuzimanje i objavljivanje tekstova sa portala\b.*", re.I)),
)
_PICTURE = re.compile(r"(?:screenshot|printscreen|foto|photo)\b", re.IGNORECASE)
_READ_MORE = "read more:"
_SENTENCE_ENDS = tuple("….!?\"'”\u2019“»)]")


@dataclass(slots=True)
class Marks:
    """By line number: the kind of boilerplate it is, or where its text ends instead."""

    kinds: dict[int, str] = field(default_factory=dict)
    ends: dict[int, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.kinds or self.ends)


def mark(lines: Sequence[str]) -> Marks:
    """The boilerplate among `lines`, in time linear in their length."""
    marks = Marks()
    first = True
    for number, line in enumerate(lines):
        kind = kind_of(line.strip(), first)
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


def kind_of(line: str, first: bool = False) -> str | None:
    """The kind of boilerplate that a whole line is; None for a line of the article."""
    if not line or len(line) > _LONGEST:
        return None
    for kind, shape in _SHAPES:
        if shape.fullmatch(line):
            return kind
    # A first line is the title, and a title may well say a thing twice.
    return "repeated caption" if not first and _is_doubled(line) else None


def _is_doubled(line: str) -> bool:
    """One phrase twice, as pages print a picture's description and its caption on one line.

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
    if stripped[-len(_READ_MORE) :].lower() != _READ_MORE:
        return None
    before = stripped[: -len(_READ_MORE)]
    sentence = before.rstrip()
    if sentence and (sentence == before or not sentence.endswith(_SENTENCE_ENDS)):
        return None
    return len(sentence)


def _mark_teasers(lines: Sequence[str], marks: Marks) -> None:
    """Headlines of other pieces, when only they stand between "Read more:" and the end."""
    if not marks.ends:
        return
    after = range(max(marks.ends) + 1, len(lines))
    teasers = [n for n in after if n not in marks.kinds and lines[n].strip()]
    if len(teasers) <= _MOST_TEASERS and all(_is_headline(lines[n].strip()) for n in teasers):
        marks.kinds.update(dict.fromkeys(teasers, "teaser"))


def _is_headline(line: str) -> bool:
    return len(line) <= 200 and line[-1] not in ".!?…:"
