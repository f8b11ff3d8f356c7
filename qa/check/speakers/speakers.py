"""Who says a stretch of a text, by the words that say so."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from qa.check.draft import quotations
from qa.check.speakers.cast import cast
from qa.check.speakers.cover import MANY, Neighbours, covering
from qa.check.speakers.cues import HAS_WORDS, Cue, Scene, phrase_cues, resolved, same_speaker
from qa.check.speakers.doubts import is_doubted
from qa.check.speakers.languages import language_of
from qa.check.speakers.name_cues import answer, interviewee, labels
from qa.check.speakers.nested import Nested, OuterQuotation
from qa.check.speakers.people import Cast, Mention
from qa.check.speakers.pronouns import BEGINS, Memory, with_pronouns
from qa.check.speakers.quoted_text import (
    Sentence,
    blanked,
    comma_ends,
    cut,
    quoted_stretches,
)
from qa.check.speakers.same_person import describes
from qa.check.speakers.verb_cues import verb_cues
from qa.types import Span


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says a stretch of a text, and the words that show it."""

    name: str  # in full where the article has it so, else the description: "the ambassador"
    span: Span  # of "said Botsan-Kharchenko", "he emphasized", "According to the ambassador"
    names: tuple[str, ...]  # every form by which the article calls them, descriptions included
    is_person: bool  # whether it surely is a named person, and no body or mere description
    others: tuple[str, ...] = ()  # the other people whom the article names
    namesakes: bool = False  # whether others have the same surname, and no more is said
    numbers: tuple[int, ...] = field(default=(), compare=False, repr=False)  # in the cast


@dataclass(frozen=True, slots=True)
class SpokenQuotation:
    """A quotation of a text, who says it, and the cue that decided: none where none is clear."""

    span: Span
    said: Attribution | None
    cue: Cue | None


class Speakers:
    """The people who speak in a text.

    Speakers("“No,” said Ann Lee.").of(1, 3) -> Ann Lee, by "said Ann Lee" at [6:18]
    """

    def __init__(self, text: str, language: str | None = None) -> None:
        language = language_of(text, language)
        quotes = quoted_stretches(text)
        self._plain = blanked(text, quotes)
        self._sentences = cut(text, self._plain, quotes, language)
        self._starts = [sentence.start for sentence in self._sentences]
        people = cast(self._plain)
        mentions = with_pronouns(self._plain, people, language)
        self._cast, self._cues = read(
            Scene(self._plain, people, mentions, language, comma_ends(text, quotes)),
            self._sentences,
        )
        self._nested, self._language = Nested(text, quotes), language
        self._inners: dict[int, Speakers] = {}
        open_ends = {quote.end for quote in quotes if quote.is_open}
        asked = {quote.end - 1 for quote in quotes if "?" in text[quote.end - 2 : quote.end]}
        self._neighbours = Neighbours(self._sentences, self._cues, self._cast, open_ends, asked)

    def of(self, start: int, end: int) -> Attribution | None:
        """Who says text[start:end]; None where the text does not say, or not clearly."""
        if inner := self._nested.around(start, end):
            return self._quoted_within(inner, start, end)
        cue = self.cue(start, end)
        if cue is None or cue.who is None or cue.doubted:
            return None
        return self._attribution(cue, cue.who)

    def doubted(self, start: int, end: int) -> bool:
        """Whether the text reports it only as claimed, denied, supposed or forged."""
        cue = self.cue(start, end)
        return cue is not None and cue.doubted

    def _quoted_within(self, outer: OuterQuotation, start: int, end: int) -> Attribution | None:
        """Who says what a quotation quotes, by its own words: “Ann Lee told me: ‘It rains.’”"""
        said = self._inner(outer).of(start - outer.start, end - outer.start)
        if said is None:
            return None
        span = Span(said.span.start + outer.start, said.span.end + outer.start)
        people = [(i, one) for i, one in enumerate(self._cast.people) if one.is_person]
        same = tuple(i for i, one in people if one.name in said.names)
        others = {one.name for i, one in people if i not in same}
        return replace(
            said,
            span=span,
            is_person=said.is_person or bool(same),
            others=tuple(sorted(others)),
            numbers=same,
        )

    def _inner(self, outer: OuterQuotation) -> Speakers:
        if outer.start not in self._inners:
            self._inners[outer.start] = Speakers(outer.text, self._language)
        return self._inners[outer.start]

    def cue(self, start: int, end: int) -> Cue | None:
        """The cue that shows who says text[start:end]: the first, where all show the same."""
        shown: Cue | None = None
        first = max(0, bisect_right(self._starts, start) - 1)
        for i in range(first, len(self._sentences)):
            sentence = self._sentences[i]
            if sentence.start >= end:
                break
            clip = max(start, sentence.start), min(end, sentence.end)
            if clip[0] >= clip[1] or not HAS_WORDS.search(self._plain, *clip):
                continue
            cue = self._covering(i, *clip) if i - first < MANY else None
            if cue is None or cue.who is None or (shown and not same_speaker(shown, cue)):
                return None
            shown = shown or cue
        return shown

    def named(self, said: Attribution) -> list[Span]:
        """Where the text names somebody who speaks; whom it never names, where it describes them.

        Speakers("“No,” said Ann Lee. “Yes,” said the envoy, Lee.") -> Ann Lee, and later Lee
        """
        own = [name for name in said.names if not describes(name)] or said.names
        names = sorted(own, key=len, reverse=True)
        mentions = (mention for mention in self._cast.mentions if mention.who in said.numbers)
        return [place for mention in mentions for place in self._names(mention, names)]

    def _names(self, mention: Mention, names: Sequence[str]) -> Iterator[Span]:
        """Where a mention has the first of the names that it has: "Lee" of "the envoy, Lee"."""
        words = self._plain[mention.start : mention.end]
        opening = words[0].lower()[:1] + words[1:]  # The envoy is the envoy
        places = ((form.find(name), name) for name in names for form in (words, opening))
        for at, name in places:
            if at >= 0:
                yield Span(mention.start + at, mention.start + at + len(name))
                return

    def _covering(self, i: int, start: int, end: int) -> Cue | None:
        """The cue that covers a stretch of the i-th sentence."""
        if self._cues[i]:
            return covering(self._cues[i], start, end)
        return self._neighbours.cue(i) if self._sentences[i].is_quotation else None

    def _attribution(self, cue: Cue, speaker: int) -> Attribution:
        numbers = (speaker,) if cue.who_with is None else (speaker, cue.who_with)
        who = [self._cast.people[number] for number in numbers]
        others = {one.name for one in self._cast.people if one.is_person and one not in who}
        return Attribution(
            " and ".join(one.name for one in who),
            cue.shown or Span(cue.start, cue.end),
            tuple(form for one in who for form in one.forms),
            all(one.is_person for one in who),
            tuple(sorted(others)),
            any(one.namesakes for one in who),
            numbers,
        )


def spoken(text: str, language: str | None = None) -> list[SpokenQuotation]:
    """Every quotation of a text with who says it and the cue that decided.

    "“No,” said Ann Lee." -> [1:4], Ann Lee, by the rule "said speaker"
    """
    speakers = Speakers(text, language)
    return [
        SpokenQuotation(span, speakers.of(span.start, span.end), speakers.cue(span.start, span.end))
        for span in quotations(text)
    ]


def read(scene: Scene, sentences: Sequence[Sentence]) -> tuple[Cast, list[list[Cue]]]:
    """The cues of each sentence with who speaks, and the cast with what its pronouns show.

    The scene stays as it is: read again, it gives the same.
    """
    memory, at = Memory(scene.cast, scene.text), 0
    starts = [mention.start for mention in scene.mentions]
    asked = interviewee(scene)
    cues: list[list[Cue]] = []
    for sentence in sentences:
        stop = bisect_left(starts, sentence.end, lo=at)
        found = _cues(scene, sentence, scene.mentions[at:stop], memory)
        reply = answer(scene, sentence, asked) if asked else None
        cues.append([replace(reply, who=asked.who)] if asked and reply else found)
        at = stop
    return scene.cast.knowing(memory.genders, memory.persons), cues


def _cues(
    scene: Scene, sentence: Sentence, mentions: Sequence[Mention], memory: Memory
) -> list[Cue]:
    """The cues of a sentence; all that it mentions is remembered."""
    memory.next_sentence()
    if not mentions:
        return []
    cues = [*phrase_cues(scene, sentence), *labels(scene, sentence)]
    cues += verb_cues(scene, sentence, follows=bool(cues))
    cues.sort(key=lambda cue: cue.start)
    subjects = {one.start for cue in cues for one in (cue.subject, cue.with_) if one}
    known: dict[int, int | None] = {}
    for mention in mentions:
        words = scene.text[mention.start : mention.end]
        begins = BEGINS.fullmatch(scene.text, sentence.start, mention.start) is not None
        known[mention.start] = memory.hear(mention, words, mention.start in subjects, begins)
    if any(cue.with_ for cue in cues):
        memory.forget()
    return [
        replace(cue, doubted=is_doubted(scene.text, cue.start, cue.end, sentence))
        for cue in resolved(cues, known)
    ]
