"""Who says a stretch of a text, by the words that say so."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from qa.check.speakers.covering import MANY, Neighbours, covering
from qa.check.speakers.cues import HAS_WORDS, Cue, Scene, resolved
from qa.check.speakers.people import People
from qa.check.speakers.person import Mention, Person
from qa.check.speakers.phrases import phrase_cues
from qa.check.speakers.pronouns import Memory, with_pronouns
from qa.check.speakers.quoted import Sentence, blanked, cut, quoted
from qa.check.speakers.said import verb_cues
from qa.types import Span


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says a stretch of a text, and the words that show it."""

    name: str  # in full where the article has it so, else the description: "the ambassador"
    span: Span  # of "said Botsan-Kharchenko", "he emphasized", "According to the ambassador"
    names: tuple[str, ...]  # every form by which the article calls them, descriptions included
    is_person: bool  # whether it surely is a named person, and no body or mere description
    others: tuple[str, ...] = ()  # the other people whom the article names


class Speakers:
    """The people who speak in a text.

    Speakers("“No,” said Ann Lee.").of(1, 3) -> Ann Lee, by "said Ann Lee" at [6:18]
    """

    def __init__(self, text: str, language: str | None = None) -> None:
        language = (language or "en")[:2]
        quotes = quoted(text)
        self._plain = blanked(text, quotes)
        self._mentions = People(self._plain).mentions
        self._sentences = cut(text, self._plain, quotes, language)
        self._starts = [sentence.start for sentence in self._sentences]
        mentions = with_pronouns(self._plain, self._mentions, language)
        self._cues = _read(self._plain, self._sentences, mentions)
        open_ends = {quote.end for quote in quotes if quote.is_open}
        self._neighbours = Neighbours(self._sentences, self._cues, self._mentions, open_ends)

    def of(self, start: int, end: int) -> Attribution | None:
        """Who says text[start:end]; None where the text does not say, or not clearly."""
        shown: Cue | None = None
        first = max(0, bisect_right(self._starts, start) - 1)
        for i in range(first, len(self._sentences)):
            sentence = self._sentences[i]
            if sentence.start >= end:
                break
            clip = max(start, sentence.start), min(end, sentence.end)
            if clip[0] >= clip[1] or not HAS_WORDS.search(self._plain, *clip):
                continue
            cue = self._cue(i, *clip) if i - first < MANY else None
            if cue is None or cue.who is None or (shown and shown.who is not cue.who):
                return None
            shown = shown or cue
        return self._attribution(shown, shown.who) if shown and shown.who else None

    def _cue(self, i: int, start: int, end: int) -> Cue | None:
        """The cue that covers a stretch of the i-th sentence."""
        if self._cues[i]:
            return covering(self._cues[i], start, end)
        return self._neighbours.cue(i) if self._sentences[i].is_quotation else None

    def _attribution(self, cue: Cue, who: Person) -> Attribution:
        people = {mention.who for mention in self._mentions if mention.who}
        others = {one.name for one in people if one.is_person and one is not who}
        span = cue.shown or Span(cue.start, cue.end)
        return Attribution(who.name, span, tuple(who.forms), who.is_person, tuple(sorted(others)))


def _read(text: str, sentences: Sequence[Sentence], mentions: Sequence[Mention]) -> list[list[Cue]]:
    """The cues of each sentence, with who speaks."""
    scene, memory, at = Scene(text, mentions), Memory(), 0
    starts = [mention.start for mention in mentions]
    read: list[list[Cue]] = []
    for sentence in sentences:
        stop = bisect_left(starts, sentence.end, lo=at)
        read.append(_cues(scene, sentence, mentions[at:stop], memory))
        at = stop
    return read


def _cues(
    scene: Scene, sentence: Sentence, mentions: Sequence[Mention], memory: Memory
) -> list[Cue]:
    """The cues of a sentence; all that it mentions is remembered."""
    memory.next_sentence()
    if not mentions:
        return []
    cues = phrase_cues(scene, sentence)
    cues += verb_cues(scene, sentence, follows=bool(cues))
    cues.sort(key=lambda cue: cue.start)
    subjects = {cue.subject.start for cue in cues if cue.subject}
    known: dict[int, Person | None] = {}
    for mention in mentions:
        words = scene.text[mention.start : mention.end]
        known[mention.start] = memory.hear(mention, words, mention.start in subjects)
    return resolved(cues, known)
