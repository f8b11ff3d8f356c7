"""Cues with a say-verb: Ann Lee said that …; “…”, said Ann Lee; …, adding that …"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from qa.check.speakers.cues import HAS_WORDS, UNCLEAR, UNREAL, Cue, Rule, Scene
from qa.check.speakers.people import Mention
from qa.check.speakers.pronouns import BEGINS, NEVER_SPEAK
from qa.check.speakers.quoted_text import AFTER_SPEAKER, BLANK, SAYS, WORD, Sentence
from qa.text.capitals import UPPER
from qa.text.words.tables import alternatives, listed
from qa.types import Span

_SAY = listed("say_bare")
_SAYING = listed("saying")
_VERBS = SAYS | _SAY | _SAYING
_NOUNS = listed("say_nouns")
_DENIES = listed("say_not")
_ALONE = listed("say_alone")
_TO_SOMEBODY = listed("say_to")
_FAR = 260  # how far a subject may be from its verb
_SUBJECTS = 3  # that are considered
_NEAREST = 6  # mentions: further no subject is looked for
_DASHES = ("–", "—", "-")
# What may stand between a speaker and the verb: Ann Lee (45), who was there, later also said.
_ADVERB = rf"(?:{alternatives('say_adverbs')}|[a-z]{{3,12}}ly)"
_BETWEEN = re.compile(
    rf"(?: (?:{alternatives('place_of')}|from)\b[^,.;:\n{BLANK}()]{{1,60}}?)?"
    r"(?:,? \([^()]{1,60}\))?"
    rf"(?:, [^;:\n{BLANK}]{{1,200}}?,|,)?"
    rf"(?: {_ADVERB},?){{0,3}} "
)
# It rains, but | Ann Lee said.
_CLAUSE_BEGINS = re.compile(
    rf"(?:\A|[,;:–—(\n{BLANK}.!?]|\b(?:{alternatives('conjunctions')})) ?\Z", re.I
)
_LONGEST_CONJUNCTION = 16  # characters, with what stands around it
# Ann Lee told | reporters that
_THAT = re.compile(rf"[^,.;:]{{0,60}}?(?:\b(?:{alternatives('that')})\b|:)")
_ENDS = re.compile(rf"[ ,]*(?:\Z|[{BLANK}.])")
# Ann Lee tweeted | on Sunday: “…”
_LED = re.compile(rf"(?! to )[^.,;:\n{BLANK}]{{0,60}}[,:]? ?{BLANK}")
# It rains, while also | adding that it pours.
_CONTINUES = re.compile(rf"(?:,|–|—)(?: (?:{alternatives('going_on')}))* \Z")
# Ann Lee left, | saying that it rains; by | saying
_SAYING_SO = re.compile(rf"(?:,|–|—|\bby)(?: (?:{alternatives('going_on')}|{_ADVERB}))* \Z")
_OTHER_CLAUSE = re.compile(rf"[;:\n]|\b(?:{alternatives('relative')})\b|{BLANK}[^,]* [a-z]+ed\b")
_HAS = re.compile(r"['’]s\b|-")
# Ann Lee | was quoted as | saying
_QUOTED_AS = re.compile(rf" (?:{alternatives('quoted_as')}) \Z")
_PAST = listed("past_verbs")
_ROLES = listed("roles")
_FUNCTION = listed("function")
_NO_VERB = _FUNCTION | listed("role_nouns") | listed("roles")
_OR = re.compile(rf" (?:{alternatives('or')}) ")
# By | saying that it rains
_OPENS = re.compile(rf"(?:(?:{alternatives('before_saying').title()}) )?")
# A friend of | Ann Lee said.
_DEPENDS = re.compile(rf"\b(?:{alternatives('prepositions')}|[a-z]+ing)(?: the)? \Z", re.I)
_AND = re.compile(rf" (?:{alternatives('and')}) ")
# Bob Ray and | Ann Lee said.
_JOINED = re.compile(rf"(?: (?:{alternatives('and')}|{alternatives('or')})) \Z")
# Ann Lee a | déclaré
_AUXILIARY = re.compile(rf" (?:{alternatives('auxiliaries')}) \Z")
# rekla | je Ana Lukić
_IS = re.compile(rf" (?:(?:{alternatives('said_is')}) )?|-(?:t-)?")
# said | chief of the village | Ann Lee
_WORDS_OF_ROLE = re.compile(rf"((?:[^\W\d_{UPPER}][\w’'-]* ){{1,5}})(?=[{UPPER}])")
_ROLE_BEFORE = re.compile(r"(?:[\w’'-]+ ){1,5}\Z")
_GLUE = re.compile(r"[ ,]*\b\w+-(?:t-)?\Z")  # “…”, a-t-elle dit
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
            cue = _any_verb(scene, sentence, verb)
        elif word[0] in _SAYING:
            cue = _quoted_as(scene, sentence, verb) or _participle(scene, sentence, verb, follows)
        else:
            cue = _subject_first(scene, sentence, verb) or _verb_first(scene, sentence, verb)
        if cue:
            follows = True
            yield cue


def _may_say(
    scene: Scene, subject: Mention, verb: Span, *, participle: bool = False
) -> bool:
    """Whether a verb fits its subject: "she says", "officials say"; not "she say", "her says"."""
    subject_words, word = (scene.text[one.start : one.end] for one in (subject, verb))
    if subject.is_pronoun and subject_words.lower() in NEVER_SPEAK:
        return False
    if participle:
        who = scene.person(subject)
        return subject.is_pronoun or (who is not None and who.is_human)
    if word in _ALONE and not _stands_alone(scene, subject, verb):
        return False
    if word in _NOUNS and not subject.is_pronoun:
        who = scene.person(subject)
        return who is not None and who.may_be_person
    return word in SAYS or (word in _SAY and subject_words.endswith("s"))


def _stands_alone(scene: Scene, subject: Mention, verb: Span) -> bool:
    """Whether a mark or a quotation stands beside a verb and its subject: “No,” she continued."""
    start, end = min(subject.start, verb.start), max(subject.end, verb.end)
    behind = _LED.match(scene.text, end) is not None
    return behind or BLANK in scene.text[max(0, start - 2) : start]


# --- Ann Lee said ---


def _subject_first(scene: Scene, sentence: Sentence, verb: Span) -> Cue | None:
    for subject in _subjects_of(scene, sentence, verb):
        if _may_say(scene, subject, verb) and (cue := _said_by(scene, sentence, verb, subject)):
            return cue
    return None


def _said_by(scene: Scene, sentence: Sentence, verb: Span, subject: Mention) -> Cue | None:
    text, first = scene.text, _joined_with(scene, subject)
    start = first.start if first else subject.start
    before = _without_role(scene.before(start, sentence.start, 60))
    that = _THAT.match(text, verb.end, sentence.end) is not None
    if not _begins(before):
        if not (that or _ENDS.match(text, verb.end, sentence.end)):
            return None
        if UNREAL.search(before) or _DEPENDS.search(before):
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


def _subjects_of(scene: Scene, sentence: Sentence, verb: Span) -> list[Mention]:
    """The mentions before a verb with but an aside between: Ann Lee, who met Bob Ray, later said.

    The nearest person who begins a clause comes first: Ann Lee, 45, of Dover, Del., said.
    """

    def is_aside(mention: Mention) -> bool:
        who = scene.person(mention)
        is_person = mention.is_pronoun or who is None or who.is_human
        before = scene.before(mention.start, sentence.start)
        return not (is_person and _begins(before))

    possible = _possible_subjects(scene, sentence, verb)
    return sorted(islice(possible, _SUBJECTS), key=is_aside)


def _begins(before: str) -> bool:
    """Whether a clause begins behind these words."""
    return _CLAUSE_BEGINS.search(before[-_LONGEST_CONJUNCTION:]) is not None


def _without_role(before: str) -> str:
    """What stands before a name, without a role or a verb that belong to it.

    "No, глава района " -> "No, "; "No, a-t-" -> "No"
    """
    if before.endswith("-"):
        return _GLUE.sub("", before)
    if not before.endswith(" ") or _begins(before):
        return before
    words = _ROLE_BEFORE.search(before)
    found = list(WORD.finditer(before, words.start())) if words else []
    at = next((word.start() for word in found if word[0].lower() in _ROLES), 0)
    return before[:at] if at and _begins(before[:at]) else before


def _possible_subjects(scene: Scene, sentence: Sentence, verb: Span) -> Iterator[Mention]:
    for mention in scene.last_mentions(verb.start, _NEAREST):
        if mention.start < sentence.start or verb.start - mention.end > _FAR:
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
    return described and apart and scene.mention_ending(mention.start - 2) is not None


def _is_aside(before: str, scene: Scene, sentence: Sentence, verb: Span) -> bool:
    """Whether what goes before a subject is what it says: “…” Ann Lee said; … – Ann Lee said."""
    content = before.rstrip()
    if content.rstrip(" ,.–—-").endswith(BLANK):
        return True
    ends = AFTER_SPEAKER.match(scene.text, verb.end, sentence.end) is not None
    return ends and content.endswith((",", *_DASHES))


def _joined_with(scene: Scene, subject: Mention) -> Mention | None:
    """Who speaks besides: Ann Lee and Bob Ray said."""
    joined = _JOINED.search(scene.before(subject.start, 0, 6))
    return scene.mention_ending(subject.start - len(joined[0])) if joined else None


# --- said Ann Lee ---


def _verb_first(scene: Scene, sentence: Sentence, verb: Span) -> Cue | None:
    gap = _IS.match(scene.text, verb.end)
    at = gap.end() if gap else verb.end + 1
    subject = _behind_role(scene, at) or scene.mention_at(at)
    if scene.text[verb.start : verb.end] in _TO_SOMEBODY:
        return None
    content = _AUXILIARY.sub("", scene.before(verb.start, sentence.start)).rstrip()
    aside = content.endswith((",", *_DASHES, "!", "?", BLANK))
    as_said = _AS.search(content) is not None
    aside = aside or as_said
    if subject is None or not aside or not _may_say(scene, subject, verb):
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
    """Whoever follows words in small letters with a role among them: chief of the village Ann Lee."""
    words = _WORDS_OF_ROLE.match(scene.text, at)
    said = set(words[1].split()) if words else set()
    if words is None or not said & _ROLES or said & (SAYS | _FUNCTION):
        return None
    return scene.mention_at(words.end())


# --- any verb, and any name, behind “…,” ---


def _any_verb(scene: Scene, sentence: Sentence, verb: Span) -> Cue | None:
    """The cue that no list of verbs is needed for: “No,” Ann Lee harrumphed. “Never.”"""
    word = scene.text[verb.start : verb.end]
    if not scene.text.startswith(BLANK, sentence.start) or not _looks_like_verb(scene, verb):
        return None
    subject = scene.mention_ending(verb.start - 1)
    first = subject is not None
    if subject and subject.start - 1 not in scene.commas:
        return None
    if not subject and verb.start - 1 in scene.commas:
        subject = scene.mention_at(verb.end + 1)
    if subject is None or not _is_somebody(scene, subject):
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


def _is_somebody(scene: Scene, subject: Mention) -> bool:
    if subject.is_pronoun:
        return scene.text[subject.start : subject.end].lower() not in NEVER_SPEAK
    who = scene.person(subject)
    return who is not None and who.may_be_person


def _quoted_as(scene: Scene, sentence: Sentence, verb: Span) -> Cue | None:
    """The cue of words that others pass on: “No,” Ann Lee is quoted as saying."""
    passed_on = _QUOTED_AS.search(scene.before(verb.start, sentence.start, 60))
    subject = scene.mention_ending(verb.start - len(passed_on[0])) if passed_on else None
    if subject is None or subject.start < sentence.start or not _is_somebody(scene, subject):
        return None
    before = scene.before(subject.start, sentence.start)
    covers = before.rstrip().endswith(BLANK)
    after = sentence.last_blank >= verb.end or not covers
    return Cue("speaker said", subject.start, verb.end, subject, covers, after, sentence.leads)


# --- adding that ---


def _participle(scene: Scene, sentence: Sentence, verb: Span, follows: bool) -> Cue | None:
    if scene.text[verb.start : verb.end] in _ALONE and not _LED.match(scene.text, verb.end):
        return None
    subject = next(iter(scene.last_mentions(verb.start, 1)), None)
    if subject and _DEPENDS.search(scene.before(subject.start, sentence.start)):
        subject = None
    if subject and sentence.start <= subject.start and subject.end == verb.start - 1:
        return Cue("saying", subject.start, verb.end, subject, after=True)
    before = scene.before(verb.start, sentence.start, 40)
    if follows and _CONTINUES.search(before):
        return Cue("saying", verb.start, verb.end, None, after=True, leads=sentence.leads)
    if not follows and _SAYING_SO.search(before):
        doer = _doer(scene, sentence, verb)
        if doer and _may_say(scene, doer, verb, participle=True):
            shown = Span(verb.start, verb.end)
            return Cue(
                "saying", shown.start, shown.end, doer, after=True, leads=sentence.leads
            )
    opens = verb.start - sentence.start < 8
    if opens and _OPENS.fullmatch(scene.text, sentence.start, verb.start):
        return Cue("saying", verb.start, verb.end, None, after=True)
    return None


def _doer(scene: Scene, sentence: Sentence, verb: Span) -> Mention | None:
    """Whom a sentence is about that says nothing before: Ann Lee left, saying that it rains."""
    first = scene.first_mention(sentence.start)
    if first is None or first.end > verb.start or verb.start - first.end > _FAR:
        return None
    if not BEGINS.fullmatch(scene.text, sentence.start, first.start):
        return None
    between = scene.text[first.end : verb.start]
    return None if _OTHER_CLAUSE.search(between) or _HAS.match(between) else first
