"""Cues with a say-verb: Ann Lee said that …; “…”, said Ann Lee."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.check.speakers.cues import HAS_WORDS, UNCLEAR, UNREAL, Cue, Scene
from qa.check.speakers.participles import any_verb, participle, quoted_as
from qa.check.speakers.people import Mention
from qa.check.speakers.quoted_text import AFTER_SPEAKER, BLANK, SAYS, WORD, Sentence
from qa.check.speakers.subjects import (
    DEPENDS,
    ROLES,
    begins,
    joined_with,
    may_say,
    subjects_of,
    without_role,
)
from qa.text.capitals import UPPER
from qa.text.words.tables import alternatives, listed
from qa.types import Span

_SAYING = listed("saying")
_VERBS = SAYS | listed("say_bare") | _SAYING
_DENIES = listed("say_not")
_TO_SOMEBODY = listed("say_to")
_FUNCTION = listed("function")
_DASHES = ("–", "—", "-")
# Ann Lee told | reporters that
_THAT = re.compile(rf"[^,.;:]{{0,60}}?(?:\b(?:{alternatives('that')})\b|:)")
_ENDS = re.compile(rf"[ ,]*(?:\Z|[{BLANK}.])")
_AND = re.compile(rf" (?:{alternatives('and')}) ")
_OR = re.compile(rf" (?:{alternatives('or')}) ")
# Ann Lee a | déclaré
_AUXILIARY = re.compile(rf" (?:{alternatives('auxiliaries')}) \Z")
# rekla | je Ana Lukić
_IS = re.compile(rf" (?:(?:{alternatives('said_is')}) )?|-(?:t-)?")
# said | chief of the village | Ann Lee
_WORDS_OF_ROLE = re.compile(rf"((?:[^\W\d_{UPPER}][\w’'-]* ){{1,5}})(?=[{UPPER}])")
# its head | of policy, | Ann Lee
_TO_NAME = re.compile(rf"[^,.;:\n{BLANK}()]{{0,60}}, ")
# As | Ann Lee says, says Ann Lee
_AS = re.compile(rf"(?:\A|[,;:–—] ?)(?:{alternatives('as_says')})(?: [\w’'-]+)?\Z", re.I)


def verb_cues(scene: Scene, sentence: Sentence, follows: bool) -> Iterator[Cue]:
    """The cues of a sentence that have a say-verb; `follows` says that others go before them.

    "Ann Lee said it rains, adding that it pours." -> "Ann Lee said", "adding"
    """
    for word in WORD.finditer(scene.text, sentence.start, sentence.end):
        verb = Span(word.start(), word.end())
        glued = word[0].partition("-")[0]  # dit-elle
        if glued in SAYS and glued != word[0]:
            verb = Span(word.start(), word.start() + len(glued))
            cue = _verb_first(scene, sentence, verb)
        elif word[0] not in _VERBS:
            cue = any_verb(scene, sentence, verb)
        elif word[0] in _SAYING:
            cue = quoted_as(scene, sentence, verb) or participle(scene, sentence, verb, follows)
        else:
            cue = _subject_first(scene, sentence, verb) or _verb_first(scene, sentence, verb)
        if cue:
            follows = True
            yield cue


# --- Ann Lee said ---


def _subject_first(scene: Scene, sentence: Sentence, verb: Span) -> Cue | None:
    for subject in subjects_of(scene, sentence, verb):
        if may_say(scene, subject, verb) and (cue := _said_by(scene, sentence, verb, subject)):
            return cue
    return None


def _said_by(scene: Scene, sentence: Sentence, verb: Span, subject: Mention) -> Cue | None:
    text, first = scene.text, joined_with(scene, subject)
    start = first.start if first else subject.start
    before = without_role(scene.before(start, sentence.start, 60))
    that = _THAT.match(text, verb.end, sentence.end) is not None
    if not begins(before):
        if not (that or _ENDS.match(text, verb.end, sentence.end)):
            return None
        if UNREAL.search(before) or DEPENDS.search(before):
            return None
    elif UNREAL.search(before):
        return None
    covers = not that and _is_aside(before, scene, sentence, verb)
    more = HAS_WORDS.search(text, verb.end, sentence.end) is not None
    says = text[verb.start : verb.end] not in _DENIES
    after = says and more and (that or not covers or sentence.last_blank >= verb.end)
    if first and _OR.match(text, first.end):
        return Cue("speaker said", start, verb.end, UNCLEAR, covers, after, sentence.leads)
    who, other = (first, subject) if first else (subject, None)
    return Cue("speaker said", start, verb.end, who, covers, after, sentence.leads, other)


def _is_aside(before: str, scene: Scene, sentence: Sentence, verb: Span) -> bool:
    """Whether what goes before a subject is what it says: “…” Ann Lee said; … – Ann Lee said."""
    content = before.rstrip()
    if content.rstrip(" ,.–—-").endswith(BLANK):
        return True
    ends = AFTER_SPEAKER.match(scene.text, verb.end, sentence.end) is not None
    return ends and content.endswith((",", *_DASHES))


# --- said Ann Lee ---


def _verb_first(scene: Scene, sentence: Sentence, verb: Span) -> Cue | None:
    gap = _IS.match(scene.text, verb.end)
    at = gap.end() if gap else verb.end + 1
    subject = _behind_role(scene, at) or scene.mention_at(at)
    subject = _beside_role(scene, subject) if subject else None
    if scene.text[verb.start : verb.end] in _TO_SOMEBODY:
        return None
    content = _AUXILIARY.sub("", scene.before(verb.start, sentence.start)).rstrip()
    aside = content.endswith((",", *_DASHES, "!", "?", BLANK))
    as_said = _AS.search(content) is not None
    aside = aside or as_said
    if subject is None or not aside or not may_say(scene, subject, verb):
        return None
    start, end = min(subject.end, sentence.end), sentence.end
    joined = _AND.match(scene.text, start, end)
    other = scene.mention_at(joined.end()) if joined else None
    if other and other.end <= end and AFTER_SPEAKER.match(scene.text, other.end, end):
        start = other.end
    else:
        other = None
    if not AFTER_SPEAKER.match(scene.text, start, end):
        return None
    that = _THAT.match(scene.text, start, end) is not None
    after = that or as_said or sentence.last_blank >= start
    return Cue("said speaker", verb.start, start, subject, True, after, sentence.leads, other)


def _behind_role(scene: Scene, at: int) -> Mention | None:
    """Whoever follows words in small letters with a role among them: глава района Анна Ли."""
    words = _WORDS_OF_ROLE.match(scene.text, at)
    said = set(words[1].split()) if words else set()
    if words is None or not said & ROLES or said & (SAYS | _FUNCTION):
        return None
    return scene.mention_at(words.end())


def _beside_role(scene: Scene, subject: Mention) -> Mention:
    """Whoever is named behind what describes them: said its head of policy, Ann Lee."""
    who = scene.person(subject)
    owns = scene.text.startswith(("’s ", "'s "), subject.end)
    if not owns and (who is None or who.named):
        return subject
    gap = _TO_NAME.match(scene.text, subject.end)
    named = scene.mention_at(gap.end()) if gap else None
    person = scene.person(named) if named else None
    return named if named and person and person.named and person.may_be_person else subject
