"""Roles in a text: the former Russian ambassador to Serbia, and whose name stands beside which."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from qa.check.speakers.descriptions import description_start
from qa.check.speakers.titled_names import TitledName
from qa.text.words import FUNCTION_WORDS
from qa.text.words.tables import alternatives, listed
from qa.types import Span

_BODIES = listed("bodies")
_PAST = listed("past_roles")
_HEADS = listed("roles") | _BODIES
_DETERMINERS = listed("determiners")
_PREFIXES = listed("role_prefixes")
# Roles only where a name follows, and what all words for such people end in.
_BESIDE_NAMES = listed("role_nouns")
_ENDS_OF_NOUNS = tuple(sorted(listed("noun_endings")))
_ALSO_ADJECTIVES = listed("roles_or_adjectives")
_TWO_WORD_PLACES = listed("two_word_places")
_WORDS_OF_BODIES = listed("words_of_bodies")
# The roles that a wider one may stand for: of diplomat, the ambassador.
_NARROWER = {
    wider: frozenset([wider, *narrower])
    for wider, *narrower in map(str.split, listed("wider_roles"))
}
_SMALL = re.compile(r"[\w’'-]+")
_PLAIN = re.compile(r"[\w-]+")
_INK = re.compile(r"\S+")
_OF_A_ROLE = re.compile(r"[\w-]+(?:['’]s)?")
_VERBS_AND_PLURALS = ("s", "ed", "id", "ld")
_TO = re.compile(rf" (?:{alternatives('role_of')}) (?:the )?")
_OF = re.compile(rf" (?:{alternatives('place_of')}) (?:the )?")
_CLAUSE_BEGINS = re.compile(r"(?:^|[\n,–—\ue000.]) ?\Z")
_CLAUSE_ENDS = (",", ".", ";")


@dataclass(frozen=True, slots=True)
class Role:
    """A description, by its words: ambassador, {former, russian}, {serbia}."""

    start: int
    end: int
    head: str
    modifiers: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()

    @property
    def words(self) -> tuple[str, frozenset[str], frozenset[str]]:
        """What a role says, wherever it stands."""
        return self.head, self.modifiers, self.places

    @property
    def says_more(self) -> bool:
        """Whether a role says more than its head: "the Russian envoy", not "the envoy"."""
        return bool(self.modifiers or self.places)

    def may_be(self, other: Role) -> bool:
        """Whether this says no more than the other does of the same role."""
        heads = _NARROWER.get(self.head, {self.head})
        same_time = _PAST & self.modifiers == _PAST & other.modifiers
        return other.head in heads and self.modifiers <= other.modifiers and same_time


def find_roles(
    text: str, names: Sequence[TitledName], capital: Sequence[Span]
) -> tuple[list[Role], list[TitledName]]:
    """The roles and the names that are no part of one.

    "the envoy to Chile Ann Lee", with the name "Chile Ann Lee" -> the envoy to Chile; Ann Lee
    """
    names_at = {name.start: name for name in names}
    firsts = {name.first for name in names}
    spans = [*_in_small_letters(text, firsts), *capital]
    found = [_role(text, description_start(text, span.start), span.end) for span in spans]
    found.sort(key=lambda role: role.start)
    pairs = [_with_place(text, role, names_at) for role in found]
    roles = [role for role, _ in pairs]
    taken = {i for role in roles for i in range(role.start, role.end)}
    rest = [name for _, name in pairs if name]
    return roles, [name for name in [*names, *rest] if name.start not in taken]


def _in_small_letters(text: str, names: Collection[int]) -> Iterator[Span]:
    for word in _SMALL.finditer(text):
        if word[0] in _HEADS:
            is_role = _is_noun(text, word)
        else:
            is_role = word.end() + 1 in names and _may_describe(word[0])
        if is_role:
            yield Span(word.start(), word.end())


def _may_describe(word: str) -> bool:
    """Whether a word right before a name says what somebody is: host, guitarist."""
    last = word.rpartition("-")[2]
    return last in _BESIDE_NAMES or (len(last) > 5 and last.endswith(_ENDS_OF_NOUNS))


def _is_noun(text: str, word: re.Match[str]) -> bool:
    """Whether a role is meant: not in "an official invitation"."""
    following = _SMALL.match(text, word.end() + 1)
    if word[0] not in _ALSO_ADJECTIVES or not following or not following[0].islower():
        return True
    return following[0] in FUNCTION_WORDS or following[0].endswith(_VERBS_AND_PLURALS)


def _role(text: str, start: int, end: int) -> Role:
    words = _OF_A_ROLE.findall(text[start:end].lower())
    head, rest = words[-1], [word for word in words[:-1] if word not in _DETERMINERS]
    if rest and rest[-1] in _PREFIXES:
        head = f"{rest.pop()} {head}"
    return Role(start, end, head, frozenset(rest))


# --- what stands behind it ---


def _with_place(
    text: str, role: Role, names_at: Mapping[int, TitledName]
) -> tuple[Role, TitledName | None]:
    """A role with its place, "envoy to Chile", and the name that follows the place at once."""
    name = _name_behind(_TO, text, role.end, names_at)
    if name is None:
        return role, None
    words = list(_INK.finditer(text, name.start, name.end))
    count = _place_length([word[0].lower() for word in words])
    rest = TitledName(words[count].start(), name.end) if count < len(words) else None
    end = _with_possession(text, words[count - 1].end(), names_at)
    more = None if rest else _name_behind(_OF, text, end, names_at)
    end = more.end if more else end
    places = frozenset(_PLAIN.findall(text[name.start : end].lower()))
    return replace(role, end=end, places=places), rest


def _name_behind(
    preposition: re.Pattern[str], text: str, at: int, names_at: Mapping[int, TitledName]
) -> TitledName | None:
    match = preposition.match(text, at)
    return names_at.get(match.end()) if match else None


def _with_possession(text: str, end: int, names_at: Mapping[int, TitledName]) -> int:
    """Where a place ends, with what is its own: of Russia’s Ministry."""
    if text[end : end + 1] not in ("'", "’"):
        return end
    ministry = names_at.get(end + 3)
    return ministry.end if ministry else end + 2


def _place_length(words: list[str]) -> int:
    """How many of the words are the place: a person's name may follow it at once."""
    body = max((i + 1 for i, word in enumerate(words) if word in _WORDS_OF_BODIES), default=0)
    place = max(body, 2 if words[0] in _TWO_WORD_PLACES else 1)
    return place if len(words) - place >= 2 else len(words)


# --- roles beside names ---


class Apposition(NamedTuple):
    """A role beside a name, and where both together stand."""

    role: Role
    span: Span


def appositions(
    text: str, names: Sequence[TitledName], roles: Sequence[Role]
) -> dict[int, Apposition]:
    """The role that stands beside a name, for each place where such a name begins.

    "Ann Lee, the Russian envoy, met the envoy Bob Ray." -> 0: at [0:26], 42: at [32:49]
    """
    starts = {name.first: name for name in names}
    ends = {name.end: name for name in names}
    found: dict[int, Apposition] = {}
    for role in roles:
        if role.head in _BODIES:
            continue
        after = _directly_behind(text, role, starts) or _behind_comma(text, role, starts)
        before = None if after else _before_comma(text, role, ends)
        if after:
            found[after.start] = Apposition(role, Span(role.start, after.end))
        elif before and before.start in found:  # Speaker Ann Lee, the chair
            found[before.start] = Apposition(role, Span(found[before.start].span.start, role.end))
        elif before and role.says_more:
            found[before.start] = Apposition(role, Span(before.first, role.end))
        elif before:  # Ann Lee, the envoy: her name is enough
            found[before.start] = Apposition(role, Span(before.first, before.end))
    return found


def _directly_behind(text: str, role: Role, starts: Mapping[int, TitledName]) -> TitledName | None:
    return starts.get(role.end + 1) if text.startswith(" ", role.end) else None


def _behind_comma(text: str, role: Role, starts: Mapping[int, TitledName]) -> TitledName | None:
    name = starts.get(role.end + 2) if text.startswith(", ", role.end) else None
    if name is None or text.startswith(_CLAUSE_ENDS, name.end):
        return name
    # After meeting the envoy, Ann Lee said: no envoy is she.
    begins = _CLAUSE_BEGINS.search(text[max(0, role.start - 2) : role.start])
    return name if begins and " " in text[name.start : name.end] else None


def _before_comma(text: str, role: Role, ends: Mapping[int, TitledName]) -> TitledName | None:
    """The name before a role with an article or more: not in "president Ann Lee, minister, …"."""
    bare = " " not in text[role.start : role.end]
    ended = text[role.end : role.end + 1] in ("", "\n", *_CLAUSE_ENDS)
    if not bare and ended and text.startswith(", ", role.start - 2):
        return ends.get(role.start - 2)
    return None
