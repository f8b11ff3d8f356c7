"""Links that lead a browser to words of a page (URL Fragment Text Directives).

`#:~:text=prefix-,first words,last words,-suffix`: the browser takes the first place that fits, and
looks for whole words, without regard to case; each term has to stand in one line. A viewer of PDFs
opens a page instead.
"""

from __future__ import annotations

import re
from functools import cached_property
from urllib.parse import quote, urlsplit

from qa.types import Span

# Longer words, and those of several lines, are named by their beginning and their end.
_SHORT = 120
# A term that is longer (in a script without spaces, say) makes no link that anybody could send.
_LONGEST = 400
_COUNTS = (4, 8, 16, 32)
_CONTEXT_COUNTS = (2, 4, 8, 16)
_WINDOW = 1000  # characters in which the last words of a line are looked for
_STOPS = "、。，．！？；：「」『』（）"
# A word with what follows it; scripts without spaces are cut at their punctuation.
_WORD = re.compile(rf"[^\s{_STOPS}]+[{_STOPS}]*|[{_STOPS}]+")
_SPACE = re.compile(r"\s")
_LONGEST_WORD = 40


class OriginalPage:
    """The words of a page as far as they are known: its headline and its text."""

    def __init__(self, title: str, text: str) -> None:
        self.text = text
        self._title = title

    @cached_property
    def _folded(self) -> str:
        return _folded(self.text)

    @cached_property
    def _folded_title(self) -> str:
        return _folded(self._title)

    def is_new(self, span: Span) -> bool:
        """Whether the words of a stretch stand nowhere before it, nor in the headline."""
        wanted = _folded(self.text[span.start : span.end])
        return wanted not in self._folded_title and (
            self._folded.find(wanted, 0, max(0, span.end - 1)) < 0
        )

    def is_within(self, span: Span, start: int) -> bool:
        """Whether the words of a stretch stand between `start` and it, too."""
        wanted = _folded(self.text[span.start : span.end])
        return self._folded.find(wanted, start, max(0, span.end - 1)) >= 0


def in_original(url: str, page: OriginalPage, span: Span, number: int | None) -> str:
    """The address of words in the original; of a PDF that of their page, which has this number."""
    bare, _, fragment = url.partition("#")
    if number:
        is_pdf = urlsplit(url).path.lower().endswith(".pdf")
        return f"{bare}#page={number}" if is_pdf else url
    told = directive(page, span)
    return f"{bare}#{fragment.partition(':~:')[0]}:~:text={told}" if told else url


def directive(page: OriginalPage, span: Span) -> str:
    """What follows `text=` for a stretch of a page; nothing when it would be too long.

    >>> directive(OriginalPage("", "It ran. The ferry-boat, he said, waits."), Span(8, 31))
    'The%20ferry%2Dboat%2C%20he%20said'
    >>> directive(OriginalPage("Rain fell", "Rain fell. Rain fell all night."), Span(11, 20))
    'fell.-,Rain%20fell'
    """
    span = _in_whole_words(page.text, span)
    if span.start >= span.end:
        return ""
    first, last = _ends(page, span)
    before, after = _context(page, first, last)
    terms = [first, *filter(None, [last, before, after])]
    if any(term.end - term.start > _LONGEST for term in terms):
        return ""
    written = [
        f"{_encoded(page.text, before)}-" if before else "",
        _encoded(page.text, first),
        _encoded(page.text, last) if last else "",
        f"-{_encoded(page.text, after)}" if after else "",
    ]
    return ",".join(filter(None, written))


def _ends(page: OriginalPage, span: Span) -> tuple[Span, Span | None]:
    """All of a short stretch; else its first words, and the last that end it and nothing before."""
    text = page.text
    is_line = "\n" not in text[span.start : span.end]
    if is_line and span.end - span.start <= _SHORT:
        return span, None
    openings, closings = _first_words(text, span), _last_words(text, span)
    heads = [Span(span.start, openings[:n][-1].end) for n in _COUNTS]
    first = next((head for head in heads if page.is_new(head)), heads[0])
    tails = [Span(closings[-n:][0].start, span.end) for n in _COUNTS]
    last = next((tail for tail in tails if not page.is_within(tail, first.end)), tails[-1])
    return (span, None) if is_line and last.start <= first.end else (first, last)


def _context(page: OriginalPage, first: Span, last: Span | None) -> tuple[Span | None, Span | None]:
    """The words before, or else behind, that tell a stretch from the same words earlier."""
    if page.is_new(first):
        return None, None
    text = page.text
    preceding = _last_words(text, Span(0, len(text[: first.start].rstrip())))
    prefixes = [
        Span(preceding[-n:][0].start, preceding[-1].end) for n in _CONTEXT_COUNTS if preceding
    ]
    for prefix in prefixes:
        if page.is_new(Span(prefix.start, first.end)):
            return prefix, None
    end = (last or first).end
    following = _first_words(text, Span(end, len(text)))
    suffixes = [
        Span(following[0].start, following[:n][-1].end) for n in _CONTEXT_COUNTS if following
    ]
    for suffix in suffixes:
        if page.is_new(Span(first.start, suffix.end)):
            return None, suffix
    return (prefixes[-1] if prefixes else None), None


def _first_words(text: str, span: Span) -> list[Span]:
    """The first words of a stretch, as many as its first line has, or as are needed."""
    found: list[Span] = []
    for word in _WORD.finditer(text, span.start, span.end):
        if found and (len(found) == _COUNTS[-1] or "\n" in text[found[-1].end : word.start()]):
            break
        found.append(Span(*word.span()))
    return found


def _last_words(text: str, span: Span) -> list[Span]:
    """The last words of a stretch, as many as its last line has, or as are needed."""
    line = max(span.start, text.rfind("\n", span.start, span.end) + 1)
    window = max(line, span.end - _WINDOW)
    found = [Span(*word.span()) for word in _WORD.finditer(text, window, span.end)]
    whole = found[1:] if window > line and len(found) > 1 else found
    return whole[-_COUNTS[-1] :]


def _in_whole_words(text: str, span: Span) -> Span:
    """The stretch without white space around it, and with the words whole that it begins in."""
    words = text[span.start : span.end]
    start = span.end - len(words.lstrip())
    end = span.start + len(words.rstrip())
    if start >= end:
        return Span(start, start)
    head, tail = start, end
    while head > 0 and start - head < _LONGEST_WORD and text[head - 1 : head + 1].isalnum():
        head -= 1
    while tail < len(text) and tail - end < _LONGEST_WORD and text[tail - 1 : tail + 1].isalnum():
        tail += 1
    # Longer runs are of scripts that write words without spaces, or no words.
    start = head if start - head < _LONGEST_WORD else start
    return Span(start, tail if tail - end < _LONGEST_WORD else end)


def _encoded(text: str, span: Span) -> str:
    """A term: percent-encoded, also the hyphen, which parts a prefix from what follows it."""
    words = " ".join(text[span.start : span.end].split())
    return quote(words, safe="").replace("-", "%2D")


def _folded(text: str) -> str:
    """The text in small letters and with spaces for white space, as long as it is."""
    # Of all capitals only this one has a small form of two characters.
    return _SPACE.sub(" ", text.replace("İ", "i").lower())
