"""Somebody that a text speaks of, and how it shows that they are a person."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from qa.check.speakers.appositions import Apposition
from qa.check.speakers.capitals import Name
from qa.check.speakers.names import has_given_name, may_be_name
from qa.check.speakers.roles import Role
from qa.check.speakers.vocabulary import (
    BODIES,
    PERHAPS_NOT_A_PERSON,
    TITLES,
    WEAK_TITLES,
)

_MOST_ROLES = 12
_AGE = re.compile(r", (?:aged \d{1,3}\b|\d{1,3},)")


@dataclass(slots=True, eq=False)
class Person:
    """Somebody, or some body, that a text speaks of."""

    name: str
    named: bool  # else only described
    may_be_person: bool  # by how the name is written; so may be a firm of two plain words
    is_person: bool = False  # the text shows it: by a title, a role, an age, he, a given name
    forms: dict[str, None] = field(default_factory=dict)  # in the order of the text
    roles: list[Role] = field(default_factory=list)  # that say different things
    gender: str = ""  # m, f or not known

    def __post_init__(self) -> None:
        self.forms[self.name] = None

    @property
    def is_human(self) -> bool:
        """Whether he or she may be said of them: Ann Lee, the envoy; not the ministry, Moscow."""
        return self.may_be_person or (not self.named and self.roles[0].head not in BODIES)

    def add_role(self, role: Role) -> None:
        """Remember a role, unless the same words, or very many, are known."""
        known = {one.words for one in self.roles}
        if len(known) < _MOST_ROLES and role.words not in known:
            self.roles.append(role)


@dataclass(frozen=True, slots=True)
class Mention:
    """A place that speaks of somebody; nobody when it cannot be told whom."""

    start: int
    end: int
    who: Person | None


def shows_person(text: str, name: Name, beside: Apposition | None) -> bool:
    """Whether what stands there is a person for sure: "Mr. Xyz" yes, "Goldman Sachs" perhaps not.

    Beside a title that firms have in their names, a given name is needed: "General Mark Xyz".
    """
    words = text[name.start : name.end]
    if not all(map(may_be_name, words.split())):
        return False
    if name.title in TITLES - WEAK_TITLES or (beside and _is_sure(beside, name)):
        return True
    if _AGE.match(text, name.end):
        return True
    if PERHAPS_NOT_A_PERSON.intersection(words.lower().split()):
        return False
    enough = " " in words or name.title or beside
    return bool(enough) and has_given_name(words)


def _is_sure(beside: Apposition, name: Name) -> bool:
    """Whether a role can only be a person's: not in "chief Goldman Sachs economist"."""
    role = beside.role
    apart = role.end + 1 != name.start
    return apart or (role.head not in WEAK_TITLES and not role.places)
