"""Cues: words that say who speaks, of what goes before them, of what follows, or of a next line.

Cues without a verb are found here: according to Ann Lee; in Ann Lee’s words. Those with a verb are
found in verb_cues.py, those that are no more than a name in name_cues.py.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from qa.check.speakers.people import Cast, Mention, Person
from qa.check.speakers.quoted_text import BLANK, Sentence
from qa.text.words.tables import alternatives, tables
from qa.types import Span

# The rule by which words are taken for a cue, and how far a cue reaches to cover what is said.
Rule = Literal["speaker said", "said speaker", "saying", "according to", "in words of", "label"]
Reach = Literal["its sentence", "a colon", "its paragraph", "other lines", "either side"]

HAS_WORDS = re.compile(rf"[\w{BLANK}]")
# What makes a statement nobody's: whether Ann Lee said; but not according to Ann Lee.
UNREAL = re.compile(rf"\b(?:{alternatives('unreal')})(?: the)? \Z", re.I)
UNCLEAR = Mention(-1, -1, None)  # the subject of a cue where two speak


def _according_to(language: str) -> str:
    """According to | Ann Lee; remarks by | Ann Lee"""
    either = alternatives("according", *dict.fromkeys(("en", language)))
    return (
        rf"\b(?:(?P<either>{either})|{alternatives('in_words_of')}"
        rf"|(?:{alternatives('remarks')}) (?:{alternatives('remarks_by')})) "
    )


_ACCORDING = {
    language: re.compile(_according_to(language), re.I)
    for language, words in tables().items()
    if "according" in words
}
_ENDS = re.compile(rf"’s |'s |[,.;:!?)–—\n]| ?{BLANK}| (?:{alternatives('after_source')})\b|\Z")
# In | Ann Lee’s own words
_OWN = alternatives("own_words")
_IN = re.compile(rf"(?<!\w)(?i:{alternatives('own_words_before')}) (?=[^\n]{{2,80}}? (?:{_OWN})\b)")
_WORDS = re.compile(rf"(['’]s?)? (?:own )?(?:{_OWN})\b")


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that say who speaks: "Ann Lee said" at [0:12], of what comes after."""

    rule: Rule
    start: int
    end: int
    subject: Mention | None  # None: that of the cue before, as in "…, adding that"
    before: bool = False
    after: bool = False
    leads: bool = False
    with_: Mention | None = None  # who says it as well: Ann Lee and Bob Ray
    who: int | None = None  # in the cast
    who_with: int | None = None
    shown: Span | None = None  # where its subject speaks, if it has none of its own
    reach: Reach = "its sentence"
    doubted: bool = False  # no more than claimed, denied or supposed


def same_speaker(one: Cue, other: Cue) -> bool:
    """Whether two cues show the same speaker, or the same two."""
    return (one.who, one.who_with) == (other.who, other.who_with)


class Scene:
    """A text whose quotations are blanked, and who is mentioned where."""

    def __init__(
        self,
        text: str,
        cast: Cast,
        mentions: Sequence[Mention],
        language: str = "en",
        commas: Collection[int] = (),
    ) -> None:
        """`commas` is where quotations end whose last character is a comma: “No,”."""
        self.text = text
        self.language = language
        self.commas = commas
        self.cast = cast
        self.mentions = mentions  # in their order
        self._starts = [mention.start for mention in mentions]
        self._by_start = {mention.start: mention for mention in mentions}
        self._by_end = {mention.end: mention for mention in mentions}

    def person(self, mention: Mention) -> Person | None:
        """Who is mentioned, by name or by role."""
        return self.cast.of(mention)

    def mention_at(self, start: int) -> Mention | None:
        """The mention that begins there."""
        return self._by_start.get(start)

    def mention_ending(self, end: int) -> Mention | None:
        """The mention that ends there."""
        return self._by_end.get(end)

    def mentions_within(self, start: int, end: int) -> Sequence[Mention]:
        """The mentions that begin between two places."""
        return self.mentions[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def last_mentions(self, at: int, count: int) -> Sequence[Mention]:
        """The mentions that begin up to a place, the last one first."""
        stop = bisect_right(self._starts, at)
        return self.mentions[max(0, stop - count) : stop][::-1]

    def first_mention(self, at: int) -> Mention | None:
        """The first mention that begins at a place or behind it."""
        i = bisect_left(self._starts, at)
        return self.mentions[i] if i < len(self.mentions) else None

    def before(self, at: int, least: int, far: int = 30) -> str:
        """The text before a place: so many characters, or back to `least`."""
        return self.text[max(least, at - far) : at]


def resolved(cues: Sequence[Cue], known: Mapping[int, int | None]) -> list[Cue]:
    """The cues of a sentence with who speaks; `known` says who is mentioned at each place."""
    speaking = [cue for cue in cues if cue.subject]
    found, told = [], 0
    for cue in cues if speaking else ():
        told += cue.subject is not None
        by = speaking[max(0, told - 1)]
        who = known.get(by.subject.start) if by.subject else None
        shown = None if cue.subject else Span(by.start, by.end)
        both = known.get(by.with_.start) if by.with_ else None
        if by.with_ and both is None:
            who = None
        found.append(replace(cue, who=who, who_with=both, shown=shown))
    return found


# --- cues without a verb ---


def phrase_cues(scene: Scene, sentence: Sentence) -> list[Cue]:
    """The cues of a sentence that have no verb.

    "According to Ann Lee, it rains." -> "According to Ann Lee"
    """
    return [*_according(scene, sentence), *_in_words(scene, sentence)]


def _according(scene: Scene, sentence: Sentence) -> Iterator[Cue]:
    """The cues before a name: according to Ann Lee; remarks by Ann Lee that …"""
    pattern = _ACCORDING.get(scene.language, _ACCORDING["en"])
    for match in pattern.finditer(scene.text, sentence.start, sentence.end):
        source = scene.mention_at(match.end())
        if source is None or UNREAL.search(scene.before(match.start(), sentence.start)):
            continue
        if not _ENDS.match(scene.text, source.end):
            continue
        is_behind = HAS_WORDS.search(scene.text, sentence.start, match.start()) is not None
        before = match["either"] is not None and is_behind
        after = not before or scene.text.startswith(",", source.end)
        rule: Rule = "according to" if match["either"] else "in words of"
        yield Cue(rule, match.start(), source.end, source, before, after)


def _in_words(scene: Scene, sentence: Sentence) -> Iterator[Cue]:
    """The cues around a name: in Ann Lee’s own words; from her viewpoint."""
    for match in _IN.finditer(scene.text, sentence.start, sentence.end):
        speaker = scene.mention_at(match.end())
        words = _WORDS.match(scene.text, speaker.end) if speaker else None
        if speaker and words and (words[1] or _is_human(scene, speaker)):
            yield Cue("in words of", match.start(), words.end(), speaker, after=True)


def _is_human(scene: Scene, mention: Mention) -> bool:
    """Whether words may be theirs without an s: her words; not "from the Greek words"."""
    who = scene.person(mention)
    return mention.is_pronoun or (who is not None and who.is_human)
