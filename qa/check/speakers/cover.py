"""Which cue covers a place: one of its sentence, or for a lone quotation one of those around it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import replace

from qa.check.speakers.cues import Cue, Reach
from qa.check.speakers.people import Cast
from qa.check.speakers.quoted_text import Sentence

MANY = 60  # sentences: further nothing is looked for


def covering(cues: Sequence[Cue], start: int, end: int) -> Cue | None:
    """The cue that covers a stretch of its sentence: within it, or the nearest on either side."""
    inner = [cue for cue in cues if cue.start < end and cue.end > start]
    if not inner:
        previous = [cue for cue in cues if cue.end <= start][-1:]
        following = [cue for cue in cues if cue.start >= end][:1]
        inner = [cue for cue in previous if cue.after] + [cue for cue in following if cue.before]
    inner.sort(key=lambda cue: cue.shown is not None)
    return inner[0] if len({cue.who for cue in inner}) == 1 else None


class Neighbours:
    """The cues around a sentence that is a quotation and has none of its own."""

    def __init__(
        self,
        sentences: Sequence[Sentence],
        cues: Sequence[Sequence[Cue]],  # of each sentence
        cast: Cast,
        open_ends: set[int],  # of the quotations that nothing closes
        asked: Collection[int] = (),  # where quotations end that ask
    ) -> None:
        self._asked = asked
        self._sentences = sentences
        self._cues = cues
        self._cast = cast
        self._open_ends = open_ends
        self._speakers = {cue.who for own in cues for cue in own}

    def cue(self, i: int) -> Cue | None:
        """The cue that covers the i-th sentence, itself without any."""
        first, last = self._paragraph(i)
        if led := self._led(i):
            return _reaching(led, "a colon")
        cues = [cue for own in self._cues[first:last] for cue in own]
        if not cues:
            carried = _reaching(self._carried(first, last), "other lines")
            carried = carried or _reaching(self._between(first, last), "either side")
            return carried or _reaching(self._going_on(first), "other lines")
        if len({cue.who for cue in cues}) == 1:
            return _reaching(cues[0], "its paragraph")
        before = self._cues[i - 1] if i > first else []
        return _reaching(before[-1], "its paragraph") if before and before[-1].before else None

    def _paragraph(self, i: int) -> tuple[int, int]:
        """The sentences of the same line: the first, and the one behind the last."""
        line = self._sentences[i].line
        first, last = i, i + 1
        while first > max(0, i - MANY) and self._sentences[first - 1].line == line:
            first -= 1
        while last < min(len(self._sentences), i + MANY) and self._sentences[last].line == line:
            last += 1
        return first, last

    def _led(self, i: int) -> Cue | None:
        """The cue before a colon that a quotation follows, on its line or the next."""
        before = self._cues[i - 1] if i else []
        return before[-1] if before and before[-1].leads else None

    # --- quotations over several paragraphs ---

    def _carried(self, first: int, last: int) -> Cue | None:
        """The cue of a quotation over several paragraphs, or of one before a line “said X.”."""
        onward = self._onward(last)
        if onward:
            return onward if onward.before else None
        return self._backward(first) or self._next_line(last)

    def _onward(self, last: int) -> Cue | None:
        for i in range(last, min(last + MANY, len(self._sentences))):
            if not self._goes_on(i - 1):
                break
            if self._cues[i]:
                return self._cues[i][0]
        return None

    def _backward(self, first: int) -> Cue | None:
        for i in range(first - 1, max(-1, first - MANY), -1):
            if not self._goes_on(i):
                break
            previous = self._cues[i][-1] if self._cues[i] else self._led(i)
            if previous:
                return previous
        return None

    def _goes_on(self, i: int) -> bool:
        """Whether the quotation that ends a sentence is left open, for the next line to go on."""
        return self._sentences[i].end in self._open_ends

    def _next_line(self, last: int) -> Cue | None:
        """The first cue of the next sentence, if that is nothing else: said Ann Lee."""
        if last == len(self._sentences) or not self._cues[last]:
            return None
        cue, sentence = self._cues[last][0], self._sentences[last]
        alone = cue.start - sentence.start <= 3 and sentence.end - cue.end <= 2
        return cue if alone else None

    # --- a quotation between two cues ---

    def _between(self, first: int, last: int) -> Cue | None:
        """The cue before a lone quotation, when the one after it is the same person's."""
        earlier = self._cues[max(0, first - 5) : first]
        before = next((own[-1] for own in reversed(earlier) if own), None)
        after = next((own[0] for own in self._cues[last : last + 4] if own), None)
        if before is None or before.who is None:
            return None
        if not self._cast.people[before.who].may_be_person:
            return None
        stop = after.end if after else self._sentences[last - 1].end
        if self._others(before.who, before.end, stop):
            return None
        if after is None:
            alone = self._speakers == {before.who}
            return before if alone and self._cues[first - 1] else None
        return before if after.who == before.who else None

    def _going_on(self, first: int) -> Cue | None:
        """The cue of the paragraph before, when that quotes one speaker and ends with a cue.

        “One,” said Ann Lee. ⏎ “Two.” is all hers: somebody else would be named at once.
        """
        if not first or self._sentences[first - 1].line < self._sentences[first].line - 2:
            return None
        before, _ = self._paragraph(first - 1)
        cues = [cue for own in self._cues[before:first] for cue in own]
        quotes = any(one.last_blank >= 0 for one in self._sentences[before:first])
        same = len({cue.who for cue in cues}) == 1
        if not (cues and quotes and same and cues[-1].who is not None):
            return None
        if any(one.last_blank in self._asked for one in self._sentences[before:first]):
            return None  # somebody else may answer
        last = self._cues[first - 1]
        ends = (last and last[-1].before) or self._sentences[first - 1].is_quotation
        return cues[-1] if ends else None

    def _others(self, speaker: int, start: int, end: int) -> bool:
        """Whether anybody else is mentioned between two places, or perhaps is."""
        mentions = self._cast.mentions
        for mention in mentions[bisect_right(mentions, start, key=lambda one: one.start) :]:
            if mention.start >= end:
                break
            who = self._cast.of(mention)
            if who is None or (who.may_be_person and mention.who != speaker):
                return True
        return False


def _reaching(cue: Cue | None, reach: Reach) -> Cue | None:
    """The cue, with by what it covers a sentence that has none of its own."""
    return replace(cue, reach=reach) if cue else None
