"""Whom he and she stand for: the last who spoke, unless others were named since."""

from __future__ import annotations

import re

from qa.check.speakers.people import Cast, Mention
from qa.text.words.tables import alternatives, listed, tables

_SHE = listed("she")
NEVER_SPEAK = listed("never_subject")
# Elsewhere a firm, too, is a he or a she.
_OF_PERSONS = listed("he", "en") | listed("she", "en")
_MANY = 50  # people: among more, nobody can tell whom he and she mean


def _in_either_case(words: str) -> str:
    """The alternatives of a pattern, the first letter of each small or not."""
    return re.sub(r"\b\w", lambda first: f"[{first[0].upper()}{first[0]}]", words)


_BY_LANGUAGE = {
    language: re.compile(
        rf"(?<![\w’'-])(?:{_in_either_case(alternatives('he', language))}"
        rf"|{_in_either_case(alternatives('she', language))})(?![\w-])"
    )
    for language, words in tables().items()
    if words.get("he")
}


def with_pronouns(text: str, cast: Cast, language: str) -> list[Mention]:
    """The mentions of a text, with its pronouns among them, in their order."""
    pattern = _BY_LANGUAGE.get(language, _BY_LANGUAGE["en"])
    pronouns = [
        Mention(*found.span(), who=None, is_pronoun=True) for found in pattern.finditer(text)
    ]
    return sorted([*cast.mentions, *pronouns], key=lambda mention: mention.start)


class Memory:
    """Who spoke, and who was named since, as a text is read.

    Ann Lee speaks, Rome is mentioned, she -> Ann Lee; Ann Lee speaks, Eva Ray is mentioned, she ->
    nobody can tell. What is learnt by that is kept here: the cast stays as it is.
    """

    def __init__(self, cast: Cast) -> None:
        self._people = cast.people
        self.genders = {who: one.gender for who, one in enumerate(cast.people) if one.gender}
        self.persons: set[int] = set()  # surely, for they are a he or a she
        self._last: int | None = None
        self._since: set[int | None] = set()
        self._by_name: set[int] = set()  # who spoke, and not as he or she
        self._before: set[int] = set()  # who is mentioned in the sentence before
        self._here: set[int] = set()  # and in this one

    def next_sentence(self) -> None:
        """Forget whom the sentence before the last one mentioned."""
        self._before, self._here = self._here, set()

    def hear(self, mention: Mention, word: str, speaks: bool) -> int | None:
        """Who a mention is, and remember them."""
        if mention.is_pronoun:
            return self._recall(word.lower()) if speaks else None
        who = mention.who
        is_human = who is not None and self._people[who].is_human
        if speaks and who is not None:
            self._by_name.add(who)
        if speaks and who is not None and (is_human or self._last is None):
            self._speaks(who)
        elif who is None or (who != self._last and (speaks or is_human)):
            self._since.add(who)
        if who is not None and is_human:
            self._here.add(who)
        return who

    def _speaks(self, who: int) -> None:
        self._last, self._since = who, set()

    def _recall(self, word: str) -> int | None:
        gender, other = ("f", "m") if word in _SHE else ("m", "f")
        may_be = [who for who in self._candidates() if self.genders.get(who) != other]
        if len(may_be) != 1:
            self._last = None
            return None
        who = may_be[0]
        self.genders[who] = gender
        if word in _OF_PERSONS and who in self._by_name:
            self.persons.add(who)
        self._speaks(who)
        return who

    def _candidates(self) -> set[int]:
        if None in self._since or len(self._since) > _MANY:
            return set()
        since = {who for who in self._since if who is not None}
        if self._last is not None:
            return {self._last, *since}
        both = len(self._before) + len(self._here)
        return self._before | self._here if both <= _MANY else set()
