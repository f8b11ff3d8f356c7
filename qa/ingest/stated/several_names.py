"""One text that names several people -> each name: "Ana Berg, Max Blum and Bo Ek"."""

from __future__ import annotations

import re
from functools import cache

from qa.text.words.tables import any_of, listed

_JOIN = any_of(listed("name_joins"))
_APART = re.compile(r" ?[;|] ?| / ")
_BETWEEN = re.compile(rf" ?, ?(?:(?:{_JOIN}) )?| (?:{_JOIN}) ")
_JOINED = re.compile(rf" (?:{_JOIN}) ")
_INVERTED = re.compile(r"(?:[a-z]{1,3} ){0,2}[^\s,]+, [^,]+")  # Berg, Ana; van Dijk, Bo
# Behind a comma and part of the name, as Jr. is.
_OF_NAMES = re.compile(r",\s*(?=(?:[JS]r|I{2,3}|Ph\.?\s?D|M\.?D|Esq)\b)", re.IGNORECASE)


def names_in(text: str) -> tuple[str, ...]:
    """The names of a text that names several people; else the text as it is.

    A name that is turned round and a body's stay whole.

    >>> names_in("Ana Berg; Bo Ek"), names_in("Berg, Ana"), names_in("Board of Food and Health")
    (('Ana Berg', 'Bo Ek'), ('Berg, Ana',), ('Board of Food and Health',))
    """
    pieces = [piece for piece in (piece.strip(" ,") for piece in _APART.split(text)) if piece]
    names = tuple(name for piece in pieces for name in _listed(piece))
    return names if len(names) > 1 else (text,)


def _listed(text: str) -> list[str]:
    turned = _JOINED.split(text)
    if len(turned) > 1 and all(map(_INVERTED.fullmatch, turned)):
        return turned
    pieces = _BETWEEN.split(_OF_NAMES.sub("\0", text))
    pieces = [piece.strip(" ,").replace("\0", ", ") for piece in pieces]
    pieces = list(filter(None, pieces))
    people = [piece for piece in pieces if is_name(piece) and not _is_of_a_body(piece)]
    several = len(people) > 1 and people[0] == pieces[0]
    whole = "," in text or len(people) == len(pieces)  # Ann Lee and Reuters are not two people
    return pieces if several and whole else [text]


def is_name(name: str) -> bool:
    """Whether a name looks like that of a person: two to five words, nearly all with capitals."""
    words = name.partition(",")[0].split()
    plain = [word for word in words if word[0].islower() or not word[0].isalpha()]
    return (
        2 <= len(words) <= 5
        and len(name) <= 50
        and not any(character.isdigit() or character in "!?&:" for character in name)
        and all(len(word) <= 3 and word.isalpha() for word in plain)
        and _small_words().isdisjoint(plain)
        and all(word[-1] != "-" for word in words)
        and len(plain) < len(words) - 1
    )


@cache
def _small_words() -> frozenset[str]:
    return listed("function", "en", "de") - listed("particles", "en", "de")


def _is_of_a_body(name: str) -> bool:
    """Whether a name is a body's or says what somebody is: Board of Food, Chief Economist."""
    words = name.lower().split()
    if words[0] in listed("given_names"):  # Stephen King
        return False
    return any(word.strip(".") in _words_of_bodies() for word in words)


@cache
def _words_of_bodies() -> frozenset[str]:
    return listed("words_of_bodies") | listed("names_of_bodies") | listed("roles")
