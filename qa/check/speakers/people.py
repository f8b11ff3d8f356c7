"""Whom a text speaks of: everybody in it, what it shows of each, and where it speaks of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from qa.check.speakers.roles import Apposition, Role
from qa.check.speakers.same_person import has_given_name, may_be_name
from qa.check.speakers.titled_names import TitledName
from qa.text.words.tables import listed

_MOST_ROLES = 12
_AGE = re.compile(r", (?:aged \d{1,3}\b|\d{1,3},)")
_WHO = (", who ", " who ")
_BODIES = listed("bodies")
_WEAK_TITLES = listed("weak_titles")
_SURE_TITLES = (listed("roles") | listed("honorifics")) - _WEAK_TITLES
PERHAPS_NOT_A_PERSON = listed("words_of_bodies") | listed("words_of_firms")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, or some body, that a text speaks of, and all that it shows of them."""

    name: str
    named: bool  # else only described
    may_be_person: bool  # by how the name is written; so may be a firm of two plain words
    is_person: bool = False  # the text shows it: by a title, a role, an age, he, a given name
    forms: tuple[str, ...] = ()  # by which the text calls them, in its order
    roles: tuple[Role, ...] = ()  # that say different things
    gender: str = ""  # m, f or not known
    namesakes: bool = False  # a surname that several have, where none of them is meant for sure

    @property
    def is_human(self) -> bool:
        """Whether he or she may be said of them: Ann Lee, the envoy; not the ministry, Moscow."""
        return self.may_be_person or (not self.named and self.roles[0].head not in _BODIES)


@dataclass(frozen=True, slots=True)
class Mention:
    """A place that speaks of somebody, by their number in the cast; None where that is unclear.

    A pronoun's number is found only as the text is read from its beginning.
    """

    start: int
    end: int
    who: int | None
    is_pronoun: bool = False


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody whom a text names or describes, and where it does so, by name or by role."""

    people: tuple[Person, ...]
    mentions: tuple[Mention, ...]

    def of(self, mention: Mention) -> Person | None:
        """Who is mentioned there, if that can be told."""
        return None if mention.who is None else self.people[mention.who]

    def knowing(self, genders: Mapping[int, str], persons: Collection[int]) -> Cast:
        """The cast with what the pronouns of the text show: who is a man, who surely a person."""
        people = (
            replace(
                one,
                gender=genders.get(who, one.gender),
                is_person=one.is_person or (who in persons and one.may_be_person),
            )
            for who, one in enumerate(self.people)
        )
        return Cast(tuple(people), self.mentions)


def shows_person(text: str, name: TitledName, beside: Apposition | None) -> bool:
    """Whether what stands there is a person for sure: "Mr. Xyz" yes, "Goldman Sachs" perhaps not.

    Beside a title that firms have in their names, a given name is needed: "General Mark Xyz".
    """
    words = text[name.start : name.end]
    words = words.title() if name.is_label else words
    if not all(map(may_be_name, words.split())):
        return False
    if name.title in _SURE_TITLES or (beside and _is_sure(beside, name)):
        return True
    if _AGE.match(text, name.end) or text.startswith(_WHO, name.end):
        return True
    if PERHAPS_NOT_A_PERSON.intersection(words.lower().split()):
        return False
    enough = " " in words or name.title or beside
    return bool(enough) and has_given_name(words)


def _is_sure(beside: Apposition, name: TitledName) -> bool:
    """Whether a role can only be a person's: not in "chief Goldman Sachs economist"."""
    role = beside.role
    apart = role.end + 1 != name.start
    return apart or (role.head not in _WEAK_TITLES and not role.places)


def outermost(mentions: Iterable[Mention]) -> list[Mention]:
    """The mentions in their order, without those within another: Trump in Trump aide Ann Lee."""
    found: list[Mention] = []
    for mention in sorted(mentions, key=lambda one: (one.start, -one.end)):
        if not found or mention.end > found[-1].end:
            found.append(mention)
    return found


def with_role(roles: tuple[Role, ...], role: Role) -> tuple[Role, ...]:
    """The roles with one more, unless the same words, or very many, are known."""
    known = {one.words for one in roles}
    return roles if len(roles) >= _MOST_ROLES or role.words in known else (*roles, role)
