"""The lines of a PDF's page, each with its place, as pdfium finds the words."""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

# What pdfium puts for a hyphen at the end of a line (or U+0002); the next line goes on at once.
PARTED = "\ufffe"
_WORD = re.compile(rf"[^\s{PARTED}]+{PARTED}?")
_LIGATURES = {
    0xFB00: "ff",
    0xFB01: "fi",
    0xFB02: "fl",
    0xFB03: "ffi",
    0xFB04: "ffl",
    0xFB05: "st",
    0xFB06: "st",
}
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_CONTROLS = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_DIGITS = re.compile(r"[0-9]+")
_ORIGIN, _BOX = pdfium.FPDFText_GetCharOrigin, pdfium.FPDFText_GetLooseCharBox
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")


@dataclass(slots=True)
class PlacedWord:
    """A word and its place, in points from the left and the foot of the page."""

    text: str
    left: float
    right: float
    base: float  # line that its letters stand on
    size: float  # from the deepest letter of its font to the highest
    follows: bool  # the words before and this one are of one line, as pdfium says
    spaced: bool  # there is a space before it


class PrintedLine:
    """The words of a line in order; `wide` says that gaps as in a table part them."""

    __slots__ = ("base", "left", "page", "right", "size", "text", "wide", "words")

    def __init__(self, words: list[PlacedWord], page: int, wide: bool = False) -> None:
        self.words, self.page, self.wide = words, page, wide
        first = main = words[0]
        self.left, self.right = first.left, first.right
        parts = [first.text]
        for word in words[1:]:
            if word.spaced:
                parts.append(" ")
            parts.append(word.text)
            # The word of most letters: a raised mark or one word in another font says nothing.
            if len(word.text) > len(main.text):
                main = word
            if word.left < self.left:
                self.left = word.left
            if word.right > self.right:
                self.right = word.right
        self.text = "".join(parts)
        self.base, self.size = main.base, main.size


class Glyphs:
    """Asks pdfium for the characters of one page and where they stand."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self._page = textpage = page.get_textpage()  # it would close when nothing refers to it
        self._raw = textpage.raw
        self._width, self._height = page.get_size()
        if page.get_rotation() % 180:  # of the page as it lies in the file
            self._width, self._height = self._height, self._width
        self._x, self._y, self._box = ctypes.c_double(), ctypes.c_double(), pdfium.FS_RECTF()
        self._level, self._base = (math.nan, math.nan), 0.0
        count = textpage.count_chars()
        text = textpage.get_text_range() if count else ""
        # What has no letter, or stands beyond the first plane, would move all that follows it.
        if len(text) != count:
            text = "".join(map(self._letter, range(count)))
        text = text.replace("\x02", PARTED)
        # A glyph without a letter is a control character: one a bullet, many are said.
        if len(_CONTROLS.findall(text)) > 0.05 * count:
            text = _CONTROLS.sub("\ufffd", text)
        self.text = text
        self._turned = self._turn(count)

    def _turn(self, count: int) -> int:
        """By how many degrees, with the clock, most of the text is turned on its page."""
        places = range(0, count, max(1, count // 9))
        angles = [pdfium.FPDFText_GetCharAngle(self._raw, place) for place in places]
        turns = Counter(
            round(math.degrees(angle) / 90) * 90 % 360 for angle in angles if angle >= 0
        )
        return turns.most_common(1)[0][0] if turns else 0

    def words(self) -> Iterator[PlacedWord]:
        """The words in the order in which the file has them."""
        end = 0
        for found in _WORD.finditer(self.text):
            first, between = found.start(), self.text[end : found.start()]
            end, text = found.end(), found[0]
            last = end - 2 if text[-1] == PARTED and len(text) > 1 else end - 1
            left, base, size, right = self._place(first, last)
            if len(text) > 1 and _DIGITS.search(text):
                text = self._with_raised(text, first, base, size)
            if not text.isascii():
                text = text.translate(_LIGATURES)
            yield PlacedWord(text, left, right, base, size, "\n" not in between, bool(between))

    def _place(self, first: int, last: int) -> tuple[float, float, float, float]:
        """Left, base, size and right of the characters, as the page is shown.

        Two letters that reach as far down and as far up stand on one line: pdfium is asked for it
        once, as a question to it costs as much as all else that is done for a word.
        """
        box = self._box
        _BOX(self._raw, first, box)
        edges = left, foot, _, head = box.left, box.bottom, box.right, box.top
        if (foot, head) != self._level or self._turned:
            _ORIGIN(self._raw, first, self._x, self._y)
            self._level, self._base = (foot, head), self._y.value
        if first != last:
            _BOX(self._raw, last, box)
        if not self._turned:
            return left, self._base, head - foot, box.right
        start, end = self._seen(*edges), self._seen(box.left, box.bottom, box.right, box.top)
        base = self._point(self._x.value, self._y.value)[1]
        return start[0], base, start[3] - start[1], end[2]

    def _seen(
        self, left: float, bottom: float, right: float, top: float
    ) -> tuple[float, float, float, float]:
        (x0, y0), (x1, y1) = self._point(left, bottom), self._point(right, top)
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)

    def _point(self, x: float, y: float) -> tuple[float, float]:
        """A point of the page when its text is upright."""
        if self._turned == 270:
            return y, self._width - x
        if self._turned == 180:
            return self._width - x, self._height - y
        return self._height - y, x

    def _with_raised(self, text: str, first: int, base: float, size: float) -> str:
        """The word with raised digits as such: 10⁶ and war³, not 106 and war3."""
        for digits in _DIGITS.finditer(text):
            start, end = max(digits.start(), 1), digits.end()
            at = end
            while at > start and self._is_raised(first + at - 1, base, size):
                at -= 1
            text = text[:at] + text[at:end].translate(_RAISED) + text[end:]
        return text

    def _is_raised(self, index: int, base: float, size: float) -> bool:
        _, own, height, _ = self._place(index, index)
        return own - base > 0.15 * size and height < 0.9 * size

    def _letter(self, index: int) -> str:
        code = pdfium.FPDFText_GetUnicode(self._raw, index)
        return chr(code) if 0 < code <= 0x10FFFF else "\ufffd"


def lines(words: Iterable[PlacedWord], page: int) -> Iterator[PrintedLine]:
    """The lines that the words make: one ends where the next word stands lower, or to the left."""
    line: list[PlacedWord] = []
    wide = False
    main: PlacedWord | None = None  # the largest of the line
    for word in words:
        if line and main and not _goes_on(line[-1], main, word):
            yield PrintedLine(line, page, wide)
            line, wide = [], False
        if main is None or not line or word.size > main.size:
            main = word
        if line:
            gap = word.left - line[-1].right
            if word.base - main.base > 0.15 * main.size and word.size < 0.9 * main.size:
                word.text, word.spaced = word.text.translate(_RAISED), gap > 0.3 * word.size
            elif not word.follows:
                word.spaced = gap > 0.1 * word.size
            wide = wide or gap > 1.2 * main.size
        line.append(word)
    if line:
        yield PrintedLine(line, page, wide)


def _goes_on(before: PlacedWord, main: PlacedWord, word: PlacedWord) -> bool:
    """Whether a word stands on the line of the one before it; `main` is the line's largest."""
    if before.text.endswith(PARTED):
        return False
    off = abs(word.base - main.base)
    if word.follows and off < 0.5 * max(main.size, word.size):
        return True
    if off > 0.45 * main.size or word.size > 1.5 * main.size:
        return False
    if _RIGHT_TO_LEFT.search(word.text):
        return off < 0.2 * main.size and word.right <= before.left + 0.3 * main.size
    return before.right - 0.3 * main.size < word.left < before.right + 2 * main.size
