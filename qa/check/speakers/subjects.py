"""Whom a say-verb may have as its subject, and where a clause begins that has one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from qa.check.speakers.cues import Scene
from qa.check.speakers.people import Mention
from qa.check.speakers.pronouns import NEVER_SPEAK
from qa.check.speakers.quoted_text import BLANK, SAYS, Sentence
from qa.text.words.tables import alternatives, listed
from qa.types import Span

_SAY = listed("say_bare")
_NOUNS = listed("say_nouns")
ALONE = listed("say_alone")
ROLES = listed("roles")
FAR = 260  # how far a subject may be from its verb
_SUBJECTS = 3  # that are considered
_NEAREST = 6  # mentions: further no subject is looked for
# What may stand between a speaker and the verb: Ann Lee (45), who was there, later also said.
ADVERB = rf"(?:{alternatives('say_adverbs')}|[a-z]{{3,12}}ly)"
_BETWEEN = re.compile(
    rf"(?: (?:{alternatives('place_of')}|from)\b[^,.;:\n{BLANK}()]{{1,60}}?)?"
    r"(?:,? \([^()]{1,60}\))?"
    rf"(?:, [^;:\n{BLANK}]{{1,200}}?,|,)?"
    rf"(?: {ADVERB},?){{0,3}} "
)
# It rains, but | Ann Lee said.
_CLAUSE_BEGINS = re.compile(
    rf"(?:\A|[,;:–—(\n{BLANK}.!?]|\b(?:{alternatives('conjunctions')})) ?\Z", re.I
)
_LONGEST_CONJUNCTION = 16  # characters, with what stands around it
# Ann Lee tweeted | on Sunday: “…”
LED = re.compile(rf"(?! to )[^.,;:\n{BLANK}]{{0,60}}[,:]? ?{BLANK}")
# A friend of | Ann Lee said.
DEPENDS = re.compile(rf"\b(?:{alternatives('prepositions')}|[a-z]+ing)(?: the)? \Z", re.I)
# Bob Ray and | Ann Lee said.
_JOINED = re.compile(rf"(?: (?:{alternatives('and')}|{alternatives('or')})) \Z")
_WORDS_OF_ROLE = 5


def may_say(scene: Scene, subject: Mention, verb: Span) -> bool:
    """Whether a verb fits its subject: "she says", "officials say"; not "she say", "her says"."""
    subject_words, word = (scene.text[one.start : one.end] for one in (subject, verb))
    if subject.is_pronoun and subject_words.lower() in NEVER_SPEAK:
        return False
    if word in ALONE and not _stands_alone(scene, subject, verb):
        return False
    if word in _NOUNS and not subject.is_pronoun:
        who = scene.person(subject)
        return who is not None and who.may_be_person
    return word in SAYS or (word in _SAY and subject_words.endswith("s"))


def _stands_alone(scene: Scene, subject: Mention, verb: Span) -> bool:
    """Whether a mark or a quotation stands beside a verb and its subject: “No,” she continued."""
    start, end = min(subject.start, verb.start), max(subject.end, verb.end)
    behind = LED.match(scene.text, end) is not None
    return behind or BLANK in scene.text[max(0, start - 2) : start]


def is_somebody(scene: Scene, subject: Mention) -> bool:
    """Whether a mention is a person’s who may speak: Ann Lee, she; not her, Moscow."""
    if subject.is_pronoun:
        return scene.text[subject.start : subject.end].lower() not in NEVER_SPEAK
    who = scene.person(subject)
    return who is not None and who.may_be_person


def subjects_of(scene: Scene, sentence: Sentence, verb: Span) -> list[Mention]:
    """The mentions before a verb with but an aside between: Ann Lee, who met Bob Ray, later said.

    The nearest person who begins a clause comes first: Ann Lee, 45, of Dover, Del., said.
    """

    def is_aside(mention: Mention) -> bool:
        who = scene.person(mention)
        is_person = mention.is_pronoun or who is None or who.is_human
        before = scene.before(mention.start, sentence.start)
        return not (is_person and begins(before))

    possible = _possible_subjects(scene, sentence, verb)
    return sorted(islice(possible, _SUBJECTS), key=is_aside)


def _possible_subjects(scene: Scene, sentence: Sentence, verb: Span) -> Iterator[Mention]:
    for mention in scene.last_mentions(verb.start, _NEAREST):
        if mention.start < sentence.start or verb.start - mention.end > FAR:
            return
        if _is_beside(scene, mention):
            continue
        if _BETWEEN.fullmatch(scene.text, mention.end, max(mention.end, verb.start)):
            yield mention


def _is_beside(scene: Scene, mention: Mention) -> bool:
    """Whether a mention describes the name before it: Ann Lee, an aide to Bob Ray, said."""
    who = scene.person(mention)
    described = who is not None and not who.named
    apart = scene.text.startswith(", ", mention.start - 2)
    named = scene.mention_ending(mention.start - 2) is not None
    return described and apart and (named or scene.text.startswith(")", mention.start - 3))


def joined_with(scene: Scene, subject: Mention) -> Mention | None:
    """Who speaks besides: Ann Lee and Bob Ray said."""
    joined = _JOINED.search(scene.before(subject.start, 0, 6))
    return scene.mention_ending(subject.start - len(joined[0])) if joined else None


def begins(before: str) -> bool:
    """Whether a clause begins behind these words."""
    return _CLAUSE_BEGINS.search(before[-_LONGEST_CONJUNCTION:]) is not None


def without_role(before: str) -> str:
    """What stands before a name, without a role or a verb that belong to it.

    "No, глава района " -> "No, "; "No, a-t-" -> "No"
    """
    if before.endswith("-"):
        return before.rpartition(" ")[0].rstrip(" ,")
    if not before.endswith(" ") or begins(before):
        return before
    words = before.split(" ")[:-1]
    last = words[-_WORDS_OF_ROLE:]
    at = next((i for i, word in enumerate(last) if word.lower() in ROLES), None)
    if at is None:
        return before
    shorter = " ".join([*words[: len(words) - len(last) + at], ""])
    return shorter if shorter and begins(shorter) else before
