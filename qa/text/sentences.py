"""Where sentences begin and end, as exact spans.

Sentence rules are sentencex's; what is added here is the line structure. In most texts a line
break ends a statement (headlines, list items, paragraphs); in hard-wrapped texts it does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from sentencex import get_sentence_boundaries

from qa.text.notes import blanked
from qa.text.wrapping import stretches
from qa.types import Span

_QUOTES = re.compile('["“”„«»]')
# sentencex takes time quadratic in what it is given, with the interpreter's lock held: it looks for
# the partner of every mark to the end of the text, and copies the text for every boundary. A line
# with more marks than prose ever has is read without them, and a long one is read by stretches.
_MARKS = re.compile("[\"'`“”„‟«»‹›‘’‚‛()\\[\\]{}]")
MANY_MARKS = 200
STRETCH = 4_000  # characters; a boundary counts when this many of its stretch are behind it:
_AHEAD = 200
# A quotation of up to two lines is read in one piece.
LONG = 240
_NEAR = 4  # characters: a full stop, its number and spaces


def sentences(text: str, language: str | None = None) -> list[Span]:
    """The sentences of `text` in order, without the white space around them.

    >>> [(s.start, s.end) for s in sentences("A headline\\nMr. Smith came. He left.")]
    [(0, 10), (11, 26), (27, 35)]
    """
    return [
        span
        for block in stretches(text)
        for span in _in_block(text[block.start : block.end], block.start, language or "en")
    ]


def _in_block(block: str, offset: int, language: str) -> list[Span]:
    spans = []
    for start, end in _boundaries(block, language):
        piece = block[start:end]
        if len(piece) > LONG and _QUOTES.search(piece):
            # What stands between quotation marks counts as one sentence, however much it is: in a
            # long speech the marks are read as spaces, of the same length, so offsets hold.
            inner = _boundaries(_QUOTES.sub(" ", piece), language)
            spans += [_trimmed(block, start + s, start + e, offset) for s, e in inner]
        else:
            spans.append(_trimmed(block, start, end, offset))
    return [span for span in spans if span.start < span.end]


def _boundaries(text: str, language: str) -> list[tuple[int, int]]:
    if len(_MARKS.findall(text)) > MANY_MARKS:
        text = _MARKS.sub(" ", text)
    return list(pairwise((0, *_ends(text, language))))


def _ends(text: str, language: str) -> Iterator[int]:
    """Where sentences end, read by stretches of which each begins where the last sentence did.

    Of a stretch without an end the next one goes on at a space, in mid-sentence.
    """
    start = 0
    while len(text) - start > STRETCH:
        stretch = text[start : start + STRETCH]
        found = [end for end in _ends_in(stretch, language) if end <= STRETCH - _AHEAD]
        yield from (start + end for end in found)
        start += found[-1] if found else stretch.rfind(" ", STRETCH // 2) + 1 or STRETCH
    yield from (start + end for end in _ends_in(text[start:], language))


def _ends_in(text: str, language: str) -> list[int]:
    # A note number that is glued to a full stop keeps the sentence from ending: the council.12 The
    found = get_sentence_boundaries(language, blanked(text, markup=False))
    ends = [boundary["end_index"] for boundary in found]
    return [end for end in ends if not _is_in_date(text, end)]


def _is_in_date(text: str, end: int) -> bool:
    """Whether a full stop is that of an ordinal, as in “5. maja 2024. godine”."""
    before, behind = text[max(0, end - _NEAR) : end].rstrip(), text[end : end + _NEAR].lstrip()
    return before[-1:] == "." and before[-2:-1].isdigit() and behind[:1].islower()


def _trimmed(block: str, start: int, end: int, offset: int) -> Span:
    piece = block[start:end]
    start += len(piece) - len(piece.lstrip())
    end -= len(piece) - len(piece.rstrip())
    return Span(offset + start, offset + max(start, end))
