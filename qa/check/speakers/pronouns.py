"""Whom he and she stand for: the last who spoke, unless others were named since."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.check.speakers.person import Mention, Person
from qa.check.speakers.vocabulary import listed

_WORDS = {
    "en": r"[Hh]e|[Ss]he|him|her|[Hh]is|[Hh]er",
    "de": r"[Ee]r|[Ss]ie",
    "fr": r"[Ii]l|[Ee]lle",
    "sr": r"[Oo]n|[Oo]na",
    "ru": r"[Оо]на?",
}
_BY_LANGUAGE = {
    language: re.compile(rf"(?<![\w’'-])(?:{words})(?![\w-])") for language, words in _WORDS.items()
}
_SHE = listed("elle her ona she sie она")
NEVER_SPEAK = listed("her him his")
# Elsewhere a firm, too, is a he or a she.
_OF_PERSONS = listed("he her him his she")
_MANY = 50  # people: among more, nobody can tell whom he and she mean


class Pronoun(Mention):
    """He, she, him: somebody that was mentioned before."""

    __slots__ = ()


def with_pronouns(text: str, mentions: Sequence[Mention], language: str) -> list[Mention]:
    """The mentions of a text, with its pronouns among them, in their order."""
    pattern = _BY_LANGUAGE.get(language, _BY_LANGUAGE["en"])
    pronouns = [Pronoun(found.start(), found.end(), None) for found in pattern.finditer(text)]
    return sorted([*mentions, *pronouns], key=lambda mention: mention.start)


class Memory:
    """Who spoke, and who was named since, as a text is read.

    Ann Lee speaks, Rome is mentioned, she -> Ann Lee; Ann Lee speaks, Eva Ray is mentioned, she ->
    nobody can tell
    """

    def __init__(self) -> None:
        self._last: Person | None = None
        self._since: set[Person | None] = set()
        self._by_name: set[Person] = set()  # who spoke, and not as he or she
        self._recent: list[set[Person | None]] = [
            set(),
            set(),
        ]  # in the sentence before, and in this

    def next_sentence(self) -> None:
        """Forget whom the sentence before the last one mentioned."""
        self._recent = [self._recent[1], set()]

    def hear(self, mention: Mention, word: str, speaks: bool) -> Person | None:
        """Who a mention is, and remember them."""
        if isinstance(mention, Pronoun):
            return self._recall(word.lower()) if speaks else None
        who = mention.who
        if speaks and who:
            self._by_name.add(who)
        if speaks and who and (who.is_human or self._last is None):
            self._speaks(who)
        elif who is None or (who is not self._last and (speaks or who.is_human)):
            self._since.add(who)
        if who and who.is_human:
            self._recent[1].add(who)
        return who

    def _speaks(self, who: Person) -> None:
        self._last, self._since = who, set()

    def _recall(self, word: str) -> Person | None:
        gender, other = ("f", "m") if word in _SHE else ("m", "f")
        may_be = [who for who in self._candidates() if who and who.gender != other]
        if len(may_be) != 1:
            self._last = None
            return None
        who = may_be[0]
        who.gender = gender
        sure = word in _OF_PERSONS and who in self._by_name
        who.is_person |= who.may_be_person and sure
        self._speaks(who)
        return who

    def _candidates(self) -> set[Person | None]:
        if None in self._since or len(self._since) > _MANY:
            return set()
        if self._last:
            return {self._last, *self._since}
        before, here = self._recent
        return before | here if len(before) + len(here) <= _MANY else set()
