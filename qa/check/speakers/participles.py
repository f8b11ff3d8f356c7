"""Cues with a participle, words passed on, and any verb at all behind a quotation.

Ann Lee left, saying that it rains; “…”, Ann Lee is quoted as saying; “…”, Ann Lee harrumphed.
"""

from __future__ import annotations

import re

from qa.check.speakers.cues import Cue, Rule, Scene
from qa.check.speakers.people import Mention
from qa.check.speakers.pronouns import BEGINS
from qa.check.speakers.quoted_text import AFTER_SPEAKER, BLANK, Sentence
from qa.check.speakers.subjects import ADVERB, ALONE, DEPENDS, FAR, LED, is_somebody
from qa.text.words.tables import alternatives, listed
from qa.types import Span

_PAST = listed("past_verbs")
_NO_VERB = listed("function") | listed("role_nouns") | listed("roles")
# It rains, while also | adding that it pours.
_CONTINUES = re.compile(rf"(?:,|–|—)(?: (?:{alternatives('going_on')}))* \Z")
# Ann Lee left, | saying that it rains; by | saying
_SAYING_SO = re.compile(rf"(?:,|–|—|\bby)(?: (?:{alternatives('going_on')}|{ADVERB})){{0,3}} \Z")
_OTHER_CLAUSE = re.compile(
    rf"[;:\n]|\b(?:{alternatives('relative')})\b|{BLANK}[^,{BLANK}]* [a-z]+ed\b"
)
_HAS = re.compile(r"['’]s\b|-")
# Ann Lee | was quoted as | saying
_QUOTING = re.compile(rf"\b(?:{alternatives('quoting')}) \Z")
_QUOTED_AS = re.compile(rf" (?:{alternatives('quoted_as')}) \Z")
# By | saying that it rains
_OPENS = re.compile(rf"(?:(?:{alternatives('before_saying').title()}) )?")


# --- any verb, and any name, behind “…,” ---


def any_verb(scene: Scene, sentence: Sentence, verb: Span) -> Cue | None:
    """The cue that no list of verbs is needed for: “No,” Ann Lee harrumphed. “Never.”"""
    if not scene.text.startswith(BLANK, sentence.start) or not _looks_like_verb(scene, verb):
        return None
    subject = scene.mention_ending(verb.start - 1)
    first = subject is not None
    if subject and subject.start - 1 not in scene.commas:
        return None
    if not subject and verb.start - 1 in scene.commas:
        subject = scene.mention_at(verb.end + 1)
    if subject is None or not is_somebody(scene, subject):
        return None
    start, end = (subject.start, verb.end) if first else (verb.start, subject.end)
    if not AFTER_SPEAKER.match(scene.text, end, sentence.end):
        return None
    after = sentence.last_blank >= end
    rule: Rule = "speaker said" if first else "said speaker"
    return Cue(rule, start, end, subject, True, after, sentence.leads)


def _looks_like_verb(scene: Scene, verb: Span) -> bool:
    word = scene.text[verb.start : verb.end]
    if word in _NO_VERB or not word.islower():
        return False
    ends = scene.text[verb.end : verb.end + 1] in (",", ".", ";", ":")
    return word.endswith("ed") or word in _PAST or (word.endswith("s") and ends)


def quoted_as(scene: Scene, sentence: Sentence, verb: Span) -> Cue | None:
    """The cue of words that others pass on: “No,” Ann Lee is quoted as saying."""
    if cue := _quoted(scene, sentence, verb):
        return cue
    passed_on = _QUOTED_AS.search(scene.before(verb.start, sentence.start, 60))
    subject = scene.mention_ending(verb.start - len(passed_on[0])) if passed_on else None
    if subject is None or subject.start < sentence.start or not is_somebody(scene, subject):
        return None
    before = scene.before(subject.start, sentence.start)
    covers = before.rstrip().endswith(BLANK)
    after = sentence.last_blank >= verb.end or not covers
    return Cue("speaker said", subject.start, verb.end, subject, covers, after, sentence.leads)


def _quoted(scene: Scene, sentence: Sentence, verb: Span) -> Cue | None:
    """The cue of whoever is quoted by another: He quoted Ann Lee as saying that it rains."""
    subject = scene.mention_ending(verb.start - len(" as "))
    if subject is None or scene.text[subject.end : verb.start] != " as ":
        return None
    if not _QUOTING.search(scene.before(subject.start, sentence.start)):
        return None
    return Cue("saying", subject.start, verb.end, subject, after=True, leads=sentence.leads)


# --- adding that ---


def participle(scene: Scene, sentence: Sentence, verb: Span, follows: bool) -> Cue | None:
    """The cue of a participle; `follows` says whether a cue goes before it: …, adding that."""
    if scene.text[verb.start : verb.end] in ALONE and not LED.match(scene.text, verb.end):
        return None
    subject = next(iter(scene.last_mentions(verb.start, 1)), None)
    if subject and DEPENDS.search(scene.before(subject.start, sentence.start)):
        subject = None
    if subject and sentence.start <= subject.start and subject.end == verb.start - 1:
        return Cue("saying", subject.start, verb.end, subject, after=True)
    before = scene.before(verb.start, sentence.start, 40)
    if follows and _CONTINUES.search(before):
        return Cue("saying", verb.start, verb.end, None, after=True, leads=sentence.leads)
    if not follows and _SAYING_SO.search(before):
        doer = _doer(scene, sentence, verb)
        if doer and is_somebody(scene, doer):
            shown = Span(verb.start, verb.end)
            return Cue("saying", shown.start, shown.end, doer, after=True, leads=sentence.leads)
    opens = verb.start - sentence.start < 8
    if opens and _OPENS.fullmatch(scene.text, sentence.start, verb.start):
        return Cue("saying", verb.start, verb.end, None, after=True)
    return None


def _doer(scene: Scene, sentence: Sentence, verb: Span) -> Mention | None:
    """Whom a sentence is about that says nothing before: Ann Lee left, saying that it rains."""
    first = scene.first_mention(sentence.start)
    if first is None or first.end > verb.start or verb.start - first.end > FAR:
        return None
    if not BEGINS.fullmatch(scene.text, sentence.start, first.start):
        return None
    between = scene.text[first.end : verb.start]
    return None if _OTHER_CLAUSE.search(between) or _HAS.match(between) else first
