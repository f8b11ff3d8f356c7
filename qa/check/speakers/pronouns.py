"""Whom he and she stand for: the last who spoke, unless others were named since."""

from __future__ import annotations

import re
from bisect import bisect_right

from qa.check.speakers.people import Cast, Mention
from qa.text.words import is_place
from qa.text.words.tables import alternatives, listed, tables

_SHE = listed("she")
NEVER_SPEAK = listed("never_subject")
# Elsewhere a firm, too, is a he or a she.
_OF_PERSONS = listed("he", "en") | listed("she", "en")
_NO_SURNAMES = listed("words_of_bodies") | listed("bodies") | listed("function")
_GOES_ON = re.compile(r",? [a-z]")
_PREDICATE = re.compile(rf"(?:\b(?:{alternatives('predicating')})|,) \Z")
# Him and her as somebody besides: he met her there; not her house.
_OBJECTS = listed("object_pronouns")
_OBJECT = re.compile(
    rf"\W*(?:\Z|[\n.,;:!?)]|(?:{alternatives('function', 'en')}|there|here|yesterday)\b)"
)
# On Monday, | Ann Lee came: she is whom the sentence is about.
BEGINS = re.compile(r"(?:[^,;:.!?\n]{0,60},)?(?: ?[A-Za-z]{1,10}){0,1} ?")
_MANY = 50  # people: among more, nobody can tell whom he and she mean


def _in_either_case(words: str) -> str:
    """The alternatives of a pattern, the first letter of each small or not."""
    return re.sub(r"\b\w", lambda first: f"[{first[0].upper()}{first[0]}]", words)


_GLUED = ("fr", "pt")  # languages in which it hangs on a verb: a-t-elle dit, disse-me ele


def _pronouns(language: str) -> str:
    he, she = (_in_either_case(alternatives(key, language)) for key in ("he", "she"))
    before = "" if language in _GLUED else "-"
    return rf"(?<![\w’'{before}])(?:{he}|{she})(?![\w-])"


_BY_LANGUAGE = {
    language: re.compile(_pronouns(language))
    for language, words in tables().items()
    if words.get("he")
}


def with_pronouns(text: str, cast: Cast, language: str) -> list[Mention]:
    """The mentions of a text, with its pronouns among them, in their order."""
    pattern = _BY_LANGUAGE.get(language, _BY_LANGUAGE["en"])
    starts = [mention.start for mention in cast.mentions]

    def is_named(at: int) -> bool:
        """Whether a name is there: Him Lal; his own words in “Mr. Lee, his lawyer” are not."""
        last = cast.mentions[max(0, bisect_right(starts, at) - 1)] if starts else None
        return last is not None and last.start == at < last.end

    pronouns = [
        Mention(*found.span(), who=None, is_pronoun=True)
        for found in pattern.finditer(text)
        if not is_named(found.start())
    ]
    return sorted([*cast.mentions, *pronouns], key=lambda mention: mention.start)


class Memory:
    """Who spoke, and who was named since, as a text is read.

    Ann Lee speaks, Rome is mentioned, she -> Ann Lee; Ann Lee speaks, Eva Ray is mentioned, she ->
    nobody can tell, unless a sentence is about one of them: Eva Ray came with Ann Lee, she said.
    What is learnt by that is kept here: the cast stays as it is.
    """

    def __init__(self, cast: Cast, text: str) -> None:
        self._people = cast.people
        self._text = text
        self.genders = {who: one.gender for who, one in enumerate(cast.people) if one.gender}
        self.persons: set[int] = set()  # surely, for they are a he or a she
        self._last: int | None = None
        self._since: set[int | None] = set()
        self._by_name: set[int] = set()  # who spoke, and not as he or she
        self._before: set[int] = set()  # who is mentioned in the sentence before
        self._here: set[int] = set()  # and in this one
        self._topic: int | None = None  # whom the last sentence is about that is about a person
        self._beside: set[str] = set()  # the genders of whom it has besides: Ann Lee met her
        self._opens = False  # whether nothing of the sentence was heard yet

    def next_sentence(self) -> None:
        """Forget whom the sentence before the last one mentioned."""
        self._before, self._here = self._here, set()
        self._opens = True

    def forget(self) -> None:
        """Two have spoken: nobody can tell whom he or she means."""
        self._last, self._since, self._topic = None, {None}, None

    def hear(self, mention: Mention, word: str, speaks: bool, subject: bool) -> int | None:
        """Who a mention is, and remember them; `subject` says whether the sentence is about it."""
        opens, self._opens = self._opens and subject, False
        if mention.is_pronoun:
            return self._hear_pronoun(mention, word.lower(), speaks, opens)
        if not speaks and self._is_predicate(mention):
            return mention.who
        who = mention.who
        is_human = who is not None and self._people[who].is_human
        if speaks and who is not None:
            self._by_name.add(who)
        if speaks and who is not None and (is_human or self._last is None):
            self._speaks(who)
        elif who is None or (who != self._last and (speaks or is_human)):
            self._since.add(who)
        elif opens and not is_human and self._may_be_human(mention):
            self._since.add(None)
        if who is not None and is_human:
            self._here.add(who)
        if speaks and is_human:
            self._topic, self._beside = who, set()
        elif opens and who != self._topic and (who is None or is_human):
            self._topic = None
        return who

    def _may_be_human(self, mention: Mention) -> bool:
        """Whether a lone name that opens a sentence may be a surname: Obama came; not Congress."""
        one = self._people[mention.who] if mention.who is not None else None
        if one is None or not one.named or " " in one.name or one.name.isupper():
            return False
        if not _GOES_ON.match(self._text, mention.end):
            return False
        word = one.name.lower()
        return not (word in _NO_SURNAMES or is_place(word))

    def _is_predicate(self, mention: Mention) -> bool:
        """Whether a description says what somebody else is: as the envoy; Ann Lee, the envoy."""
        if mention.who is None or self._people[mention.who].named:
            return False
        return _PREDICATE.search(self._text[max(0, mention.start - 12) : mention.start]) is not None

    def _hear_pronoun(self, mention: Mention, word: str, speaks: bool, opens: bool) -> int | None:
        gender = "f" if word in _SHE else "m"
        if speaks:
            return self._recall(word, gender)
        if opens and word not in NEVER_SPEAK:
            return self._recall(word, gender)
        if word in _OBJECTS and _OBJECT.match(self._text, mention.end):
            self._beside.add(gender)
        return None

    def _speaks(self, who: int) -> None:
        self._last, self._since = who, set()

    def _recall(self, word: str, gender: str) -> int | None:
        other = "m" if gender == "f" else "f"
        fit = {who for who in self._candidates() if self.genders.get(who) != other}
        may_be = self._likely(fit, gender)
        if len(may_be) != 1:
            self._last = None
            return None
        who = min(may_be)
        self.genders[who] = gender
        if word in _OF_PERSONS and who in self._by_name:
            self.persons.add(who)
        self._speaks(who)
        return who

    def _likely(self, fit: set[int], gender: str) -> set[int]:
        """Of those whom a pronoun may mean, whom the last sentence was about."""
        if len(fit) > 1 and self._topic in fit and gender not in self._beside:
            return {self._topic}
        return fit

    def _candidates(self) -> set[int]:
        if None in self._since or len(self._since) > _MANY:
            return set()
        since = {who for who in self._since if who is not None}
        if self._last is not None:
            return {self._last, *since}
        both = len(self._before) + len(self._here)
        return self._before | self._here if both <= _MANY else set()
