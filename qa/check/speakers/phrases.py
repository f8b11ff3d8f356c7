"""Cues without a verb: according to Ann Lee; in Ann Lee’s words; Ann Lee: …"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.check.speakers.cues import HAS_WORDS, UNREAL, Cue, Scene
from qa.check.speakers.person import Mention
from qa.check.speakers.pronouns import Pronoun
from qa.check.speakers.quoted import Sentence

_ACCORDING = re.compile(
    r"\b(?:according to|as per|in the words of|(?:remarks|comments|statements?|words)"
    r" (?:attributed to|from|by|of|made by)|laut|selon|d[’']après|prema rečima"
    r"|по словам) ",
    re.I,
)
# One of these is in each of them, and in few other sentences.
_HINTS = (
    *("ccording", "s per ", "words", "emarks", "omments", "tatement", "opinion", "view"),
    *("assessment", "aut ", "elon ", "après", "rečima", "словам"),
)
_ENDS = re.compile(r"’s |'s |[,.;:!?)–—\n]| (?:as|on|in|that|when|during|who|which)\b|\Z")
_IN = re.compile(
    r"(?<!\w)(?:[Ii]n|[Ff]rom) (?=[^\n]{2,80}? (?:words|opinion|view|viewpoint|assessment)\b)"
)
_WORDS = re.compile(r"(['’]s?)? (?:own )?(?:words|opinion|view|viewpoint|assessment)\b")


def phrase_cues(scene: Scene, sentence: Sentence) -> list[Cue]:
    """The cues of a sentence that have no verb.

    "According to Ann Lee, it rains." -> "According to Ann Lee"
    """
    words = scene.text[sentence.start : sentence.end]
    if not any(hint in words for hint in _HINTS):
        return list(_label(scene, sentence))
    return [*_according(scene, sentence), *_in_words(scene, sentence), *_label(scene, sentence)]


def _according(scene: Scene, sentence: Sentence) -> Iterator[Cue]:
    """According to Ann Lee, …; …, according to Ann Lee; remarks by Ann Lee that …"""
    for match in _ACCORDING.finditer(scene.text, sentence.start, sentence.end):
        source = scene.mention_at(match.end())
        if source is None or UNREAL.search(scene.before(match.start(), sentence.start)):
            continue
        if not _ENDS.match(scene.text, source.end):
            continue
        before = (
            "ccording" in match[0]
            and HAS_WORDS.search(scene.text, sentence.start, match.start()) is not None
        )
        after = not before or scene.text.startswith(",", source.end)
        yield Cue(match.start(), source.end, source, before, after)


def _in_words(scene: Scene, sentence: Sentence) -> Iterator[Cue]:
    """In Ann Lee’s own words, …; From her viewpoint, …"""
    for match in _IN.finditer(scene.text, sentence.start, sentence.end):
        speaker = scene.mention_at(match.end())
        words = _WORDS.match(scene.text, speaker.end) if speaker else None
        if speaker and words and (words[1] or _is_human(speaker)):
            yield Cue(match.start(), words.end(), speaker, after=True)


def _is_human(mention: Mention) -> bool:
    """Whether words may be theirs without an s: her words; not "from the Greek words"."""
    return isinstance(mention, Pronoun) or (mention.who is not None and mention.who.is_human)


def _label(scene: Scene, sentence: Sentence) -> Iterator[Cue]:
    """Ann Lee: …, at the beginning of a line."""
    start, end = sentence.start, sentence.end
    speaker = scene.mention_at(start)
    if speaker is None or not speaker.who or not speaker.who.may_be_person:
        return
    begins = start == 0 or scene.text[start - 1] == "\n"
    if begins and scene.text.startswith(":", speaker.end):
        leads = not HAS_WORDS.search(scene.text, speaker.end, end)
        yield Cue(start, speaker.end + 1, speaker, after=True, leads=leads)
