"""The multilingual model's tokenizer: words are cut into the pieces that are most probable.

As SentencePiece does it (Kudo, 2018), with the vocabulary that the model's file carries. Of our own
since the tokenizers library holds these 250,002 pieces in 229 MB, and this in 40.

What is read is brought to NFC first: the file replaces code points one by one, so that an accent of
its own would stay apart. No text can say a special piece: "<s>" is cut like any other word.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from math import inf
from typing import NamedTuple

from embeddings.e5.packed_file import Vocabulary

_BLANK, _OPENS = " ", "▁"  # as which a piece has the blank before a word
_WORD = re.compile(f"[^{_BLANK}]+")
_UNKNOWN_PENALTY = 10.0
_WORDS_KEPT, _LONGEST_KEPT = 32_768, 32


class Pieces(NamedTuple):
    """The numbers of a text's pieces, and the code points that each is of."""

    numbers: list[int]
    spans: list[tuple[int, int]]


class PieceTokenizer:
    """Cuts texts into pieces. Safe to use from many threads."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        # What has the log-probability 0 is a sign of the model's, and no word.
        self._numbers = {
            piece: number
            for number, (piece, score) in enumerate(
                zip(vocabulary.pieces, vocabulary.scores.tolist(), strict=True)
            )
            if score < 0
        }
        self._scores = array("d", vocabulary.scores)
        self._unknown = vocabulary.unknown
        self._unknown_score = min(self._scores) - _UNKNOWN_PENALTY
        self._longest = max(map(len, self._numbers), default=1)
        self._table = str.maketrans(dict(vocabulary.replacements))
        blanks = [char for char, by in vocabulary.replacements.items() if by == _BLANK]
        self._blanks = str.maketrans(dict.fromkeys(blanks, _BLANK))
        self._cut_kept = lru_cache(_WORDS_KEPT)(self._cut)

    def __call__(self, text: str) -> Pieces:
        """The pieces of a text, in order."""
        found = Pieces([], [])
        for match in _WORD.finditer(text.translate(self._blanks)):
            word, at = match[0], match.start()
            kept = len(word) <= _LONGEST_KEPT
            numbers, spans = self._cut_kept(word) if kept else self._cut(word)
            found.numbers.extend(numbers)
            found.spans.extend([(at + start, at + end) for start, end in spans])
        return found

    def _cut(self, word: str) -> tuple[list[int], list[tuple[int, int]]]:
        """The pieces of what stands between blanks; its signs may be replaced by several words."""
        if word.translate(self._table) == word and unicodedata.is_normalized("NFC", word):
            found = self._most_probable(_OPENS + word)
            # Without the blank before the word; a piece of it alone has no code point.
            spans = [(max(start - 1, 0), end - 1) for _, start, end in found]
            return [number for number, _, _ in found], spans
        numbers: list[int] = []
        spans = []
        for blank, part in groupby(self._replaced(word), key=lambda one: one[0] == _BLANK):
            if blank:
                continue
            chars, starts, ends = zip(*part, strict=True)
            for number, start, end in self._most_probable(_OPENS + "".join(chars)):
                numbers.append(number)
                first, last = starts[max(start - 1, 0)], ends[end - 2] if end > 1 else starts[0]
                spans.append((first, last))
        return numbers, spans

    def _replaced(self, word: str) -> Iterator[tuple[str, int, int]]:
        """What is read of a word, sign by sign, each with where it stands in the word."""
        for start, end in _letters(word):
            for char in unicodedata.normalize("NFC", word[start:end]):
                for read in char.translate(self._table):
                    yield read, start, end

    def _most_probable(self, text: str) -> list[tuple[int, int, int]]:
        """The pieces whose probabilities have the greatest product: number, start and end of each.

        What no piece has is unknown, and one piece however long it is (Viterbi, 1967).
        """
        get, logs, unknown, length = self._numbers.get, self._scores, self._unknown, len(text)
        scores = [0.0, *[-inf] * length]
        ways = [(unknown, 0)] * (length + 1)  # the piece that ends here, and its start
        for start in range(length):
            score = scores[start]
            for end in range(start + 1, min(length, start + self._longest) + 1):
                number = get(text[start:end])
                if number is not None and score + logs[number] > scores[end]:
                    scores[end], ways[end] = score + logs[number], (number, start)
            if score + self._unknown_score > scores[start + 1]:
                scores[start + 1] = score + self._unknown_score
                ways[start + 1] = (unknown, start)
        found: list[tuple[int, int, int]] = []
        end = length
        while end:
            number, start = ways[end]
            if number == unknown and found and found[-1][0] == unknown:
                found[-1] = (unknown, start, found[-1][2])
            else:
                found.append((number, start, end))
            end = start
        return found[::-1]


def _letters(word: str) -> Iterator[tuple[int, int]]:
    """Where each letter of a word stands, with the marks that follow it and join it in NFC."""
    if unicodedata.is_normalized("NFC", word):
        yield from zip(range(len(word)), range(1, len(word) + 1), strict=True)
        return
    start = 0
    for end in range(1, len(word) + 1):
        if end < len(word) and unicodedata.combining(word[end]):
            continue
        if end == len(word) or not _join(word[start:end], word[end]):
            yield start, end
            start = end


def _join(letter: str, char: str) -> bool:
    """Whether a sign that is no mark becomes one with the letter before it, as the parts of 한."""
    last = unicodedata.normalize("NFC", letter)[-1]
    return len(unicodedata.normalize("NFC", last + char)) == 1
