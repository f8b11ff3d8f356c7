"""Serbian messages in Latin letters, turned into Cyrillic ones where they are words of Serbian."""

from __future__ import annotations

import re
from functools import cache

from qa.text.spelling import CYRILLIC_OF, SERBIAN_LATIN
from qa.text.words.tables import alternatives

# What stays as it is: gaps to fill, tags, entities, addresses, suffixes, options, words with two
# capitals (HTML, BibTeX) or with letters that Serbian has not (Markdown), and what is listed.
_STAYS = re.compile(
    r"%\(\w+\)s|\{\w+\}|<[^<>]*>|&#?\w+;|(?<!\w)\w++://\S*|(?<!\w)\.[a-z]+\b|`[^`]*`"
    rf"|\b(?i:{alternatives('kept_in_latin', 'sr')})\b|(?<!\w)(?P<word>\w++)"
)
_IN_LATIN = re.compile("[A-Z]\\w*[A-Z]|[qwxyQWXY]")

# "nj" is two letters in "injekcija": the beginnings of such words stand in the table.
_LETTER = re.compile(
    rf"(?P<apart>\b(?:{alternatives('letters_apart', 'sr')}))|{SERBIAN_LATIN.pattern}",
    re.IGNORECASE,
)


@cache
def in_cyrillic(message: str) -> str:
    """A message of a catalogue in Cyrillic letters. Only as many are kept as catalogues have.

    >>> in_cyrillic("Ljubiteljima PDF-a: %(number)s članaka, <b>odživeti</b> (.txt)")
    'Љубитељима PDF-а: %(number)s чланака, <b>одживети</b> (.txt)'
    """
    found, at = [], 0
    for stays in _STAYS.finditer(message):
        if stays["word"] and not _IN_LATIN.search(stays["word"]):
            continue
        found += [cyrillic(message[at : stays.start()]), stays[0]]
        at = stays.end()
    return "".join([*found, cyrillic(message[at:])])


def cyrillic(text: str) -> str:
    """Serbian in Latin letters with Cyrillic ones.

    >>> cyrillic("Džepovi, NJIVA, Ljubav, injekcija i nadživeo")
    'Џепови, ЊИВА, Љубав, инјекција и надживео'
    """
    return _LETTER.sub(_signs, text)


def _signs(found: re.Match[str]) -> str:
    letters = found[0] if found["apart"] else [found[0]]
    signs = [(letter, CYRILLIC_OF[letter.lower()]) for letter in letters]
    return "".join(sign.upper() if letter[0].isupper() else sign for letter, sign in signs)
