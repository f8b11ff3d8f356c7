"""Where a description begins that stands before a role or a name: MSNBC’s longtime host Ann Lee."""

from __future__ import annotations

import re

from qa.check.speakers.quoted_text import BLANK, SAYS
from qa.text.words.tables import listed

_MOST_WORDS = 8  # of a description
_LONGEST_WORD = 28
_PREFIXES = listed("role_prefixes")
_ADJECTIVES = listed("role_adjectives") | _PREFIXES
_DETERMINERS = listed("determiners")
_FUNCTION = listed("function")
_SAYS = SAYS | listed("say_bare") | listed("saying")
_PAST = listed("past_verbs")
_NO_PART = _FUNCTION | _SAYS | _PAST | listed("said_is") | listed("auxiliaries")
_PLAIN = re.compile(r"[\w-]+")
_POSSESSIVE = re.compile(r"\w['’]s?\Z")
_GAP = re.compile(f"[ \n{BLANK}]")
_A_WORD = re.compile(r"[\w&.’'/-]+")
_BEFORE = (*'\n(,;:–—-“„«"*', BLANK)  # what a clause may begin behind


def description_start(text: str, start: int) -> int:
    """Where a description begins that ends before a place: "Chile's new prime minister" -> 0.

    Adjectives known and words with capitals belong to it wherever it stands; any words do where
    it begins as a description or a clause does: with an article, or behind a comma or a say-verb.
    """
    sure = at = start
    is_sure = True
    following = ""
    for _ in range(_MOST_WORDS):
        word = _word_before(text, at)
        if _determines(word):
            return at - 1 - len(word)
        if not word or word.lower() in _NO_PART:
            break
        if not _A_WORD.fullmatch(word) or (word[0].isupper() and _is_verb(following)):
            return sure
        at -= 1 + len(word)
        is_sure = is_sure and _surely_modifies(word)
        sure = at if is_sure else sure
        following = word
    else:
        return sure
    return at if _begins(text, at) else sure


def _begins(text: str, at: int) -> bool:
    """Whether a description may begin there: behind a say-verb, a mark, or a function word."""
    before = text[at - 1 : at]
    if before == " ":
        before = text[at - 2 : at - 1]
        word = _word_before(text, at).lower()
        return word in _NO_PART or before in _BEFORE or before in (".", "!", "?")
    return before == "" or before in _BEFORE


def _word_before(text: str, at: int) -> str:
    if text[at - 1 : at] != " ":
        return ""
    word = _GAP.split(text[max(0, at - 2 - _LONGEST_WORD) : at - 1])[-1]
    return word if len(word) <= _LONGEST_WORD else ""


def _determines(word: str) -> bool:
    return word.lower() in _DETERMINERS or _POSSESSIVE.search(word) is not None


def _surely_modifies(word: str) -> bool:
    return word in _ADJECTIVES or (word[:1].isupper() and _PLAIN.fullmatch(word) is not None)


def _is_verb(word: str) -> bool:
    """Whether a word behind a name is its verb, and describes nobody: Bob Ray met envoy Ann Lee."""
    return word in _PAST or (word[:1].islower() and word.endswith(("ed", "s")))
