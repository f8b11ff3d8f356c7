"""Names of people, compared: whether two are one person's."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from qa.check.speakers.spelling import sound
from qa.check.speakers.vocabulary import (
    ARTICLES,
    GIVEN_NAMES,
    HONORIFICS,
    NICKNAMES,
    NOT_A_PERSON,
    PARTICLES,
    ROLES,
)
from qa.text.tokens import tokenize

_LONGEST = 200  # characters: nobody's name is longer
_FAMILIES = {
    sound(name): i for i, names in enumerate(NICKNAMES.split("\n")) for name in names.split()
}
_GIVEN_NAMES = frozenset(map(sound, GIVEN_NAMES))
_LETTERS = re.compile(r"[^\W\d_]+")
_BRACKETS = re.compile(r"\([^()]*\)?")
_AFTER_ROLE = re.compile(r"\s*(?:(?:to|in|of|for|at)\s+(?:the\s+)?\S+)?[\s,]*")
# An initial, and any shorter form of a given name that is more than a syllable: Alex, Christo.
_SHORT_FORMS = (1, 3, 4, 5, 6, 7, 8)


def same_name(one: str, other: str) -> bool | None:
    """Whether two names are one person's; None where that cannot be known.

    "Dr A. Vučić", "Aleksandar Vucic" -> True; "Peter Smith", "Anna Smith" -> False; "Anna",
    "Anna Smith" -> None
    """
    a, b = sorted((name_words(one), name_words(other)), key=len)
    if not a:
        return None
    if a == b[-len(a) :] or sorted(a) == sorted(b):
        return True
    last = _same_surname(a[-1], b[-1])
    if last is False or len(a) == 1:
        return last or (None if _overlap(a, b) else False)
    first = _same_given(a[0], b[0])
    if first is None:
        return None
    return None if first and not _middles_agree(a, b) else first and last


def _overlap(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether a surname of one is somewhere in the other, or a lone name anywhere."""
    if len(a) == 1:
        return a[0] in b
    return bool(set(a[1:]) & set(b) or set(a) & set(b[1:]))


def _middles_agree(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    return all(any(_same_given(x, y) for y in b[1:]) for x in a[1:-1])


def _same_surname(one: str, other: str) -> bool | None:
    if one == other:
        return True
    return None if min(len(one), len(other)) > 3 and _likeness(one, other) >= 0.8 else False


def _same_given(one: str, other: str) -> bool | None:
    """None for Maria and Mario: alike, but for the ending."""
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    if long.startswith(short) and len(short) in _SHORT_FORMS:
        return True
    if one in _FAMILIES and _FAMILIES[one] == _FAMILIES.get(other):
        return True
    if len(short) <= 3 or _likeness(one, other) < 0.75:
        return False
    return True if one[-1] == other[-1] and len(short) > 4 else None


def _likeness(one: str, other: str) -> float:
    return float(Levenshtein.normalized_similarity(one, other))


# --- the words of a name ---


def name_words(name: str) -> tuple[str, ...]:
    """The words of a name as they sound, without titles: "Dr. Vučić-Khan" -> ("vucic", "han")."""
    return _name_words(name[:_LONGEST])


@lru_cache(maxsize=16_384)
def _name_words(name: str) -> tuple[str, ...]:
    folded = tokenize(_without_role(name)).folded
    if folded[:1] == ["the"]:
        folded = folded[1:]
    plain = [sound(word) for word in folded if word[0].isalpha() and word not in HONORIFICS]
    return tuple(word for word in plain if word)


def _without_role(name: str) -> str:
    """A name without its role: "the envoy to Serbia Ivan Ivanov" -> "Ivan Ivanov"."""
    name = _BRACKETS.sub(" ", name[:_LONGEST])
    first, comma, _ = name.partition(",")
    if comma and not describes(first):
        return first
    roles = [word for word in _LETTERS.finditer(name) if word[0].lower() in ROLES]
    if not roles:
        return name
    after = _AFTER_ROLE.match(name, roles[-1].end())
    return name[after.end() if after else roles[-1].end() :]


def describes(words: str) -> bool:
    """Whether a role is among the words: "the Russian ambassador" -> True, "Ann Lee" -> False."""
    return any(word in ROLES for word in _LETTERS.findall(words[:_LONGEST].lower()))


# --- whether it is a person's ---


def is_full_name(name: str) -> bool:
    """Whether this is written as a person's name is: "Dr Anna Smith" -> True, "Moscow" -> False."""
    words = _without_role(name).split()
    words = [word for word in words if word.strip(".").lower() not in HONORIFICS]
    if words and words[0].lower() in ARTICLES:  # The Guardian, Le Monde
        return False
    return 2 <= len(words) <= 4 and all(map(may_be_name, words))


def may_be_name(word: str) -> bool:
    """Whether a word can be in a person's name: "Lee", "van" -> True; "Bank", "EU" -> False."""
    plain = word.strip(".,").lower()
    if plain in NOT_A_PERSON or any(char.isdigit() for char in word):
        return False
    return plain in PARTICLES or (word[0].isalpha() and not (word.isupper() and "." not in word))


def has_given_name(name: str) -> bool:
    """Whether a name begins with one often given: "Anna Xyz" -> True, "Goldman Sachs" -> False."""
    if name.partition(" ")[0].lower() in ARTICLES:  # Le Monde, which sounds like Lee
        return False
    return not _GIVEN_NAMES.isdisjoint(name_words(name)[:1])
