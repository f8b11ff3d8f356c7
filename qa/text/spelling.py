"""One word written in several ways by the rules of its language, and in two scripts.

Equal in comparison: ё and е, ü and ue, đ and dj, Turkish ı and i, Arabic with and without its vowel
signs, the digits of all scripts, U.S. and U.S; and Serbian in Cyrillic and in Latin letters.

>>> spelled("müller"), spelled("٢٥"), spelled("u.s."), spelled(latin("љубав"))
('mueller', '25', 'u.s', 'ljubav')
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SERBIAN = dict(
    zip(
        "абвгдђежзијклљмнњопрстћуфхцчџш",
        [
            "a",
            "b",
            "v",
            "g",
            "d",
            "đ",
            "e",
            "ž",
            "z",
            "i",
            "j",
            "k",
            "l",
            "lj",
            "m",
            "n",
            "nj",
            "o",
            "p",
            "r",
            "s",
            "t",
            "ć",
            "u",
            "f",
            "h",
            "c",
            "č",
            "dž",
            "š",
        ],
        strict=True,
    )
)
CYRILLIC_OF = {latin: cyrillic for cyrillic, latin in _SERBIAN.items()}
_TO_LATIN = str.maketrans(
    {**_SERBIAN, **{c.upper(): one.capitalize() for c, one in _SERBIAN.items()}}
)
# Serbian letters and what the others' Cyrillic has besides, as names are written elsewhere.
_OTHER_CYRILLIC = {
    **{"й": "j", "ы": "y", "э": "e", "щ": "šč", "ю": "ju", "я": "ja", "ь": "", "ъ": ""},
    **{"і": "i", "ї": "ji", "є": "je", "ґ": "g"},
}
_ALL_TO_LATIN = _TO_LATIN | str.maketrans(
    _OTHER_CYRILLIC | {c.upper(): one.capitalize() for c, one in _OTHER_CYRILLIC.items()}
)
SERBIAN_LATIN = re.compile("dž|lj|nj|[abvgdđežzijklmnoprstćufhcčš]")
_NOT_SERBIAN = re.compile(r"[^\W\d_abvgdđežzijklmnoprstćufhcčš]")
_CYRILLIC, _LATIN = re.compile("[\u0400-\u04ff]"), re.compile("[a-zA-Z\u00c0-\u024f]")
_OTHER_SCRIPTS = re.compile("[\u0400-\u07ff]")

_TWO_DOTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
_DOTTED_I = re.compile("i\u0307+")
# Tatweel, and the vowel signs of Arabic and of Hebrew.
_POINTS = "\u0640\u0610-\u061a\u064b-\u0652\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
_POINTS += "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
_POINT = re.compile(f"[{_POINTS}]")
_LETTERS = str.maketrans({"ё": "е", "đ": "dj", "ı": "i", "ک": "ك", "ی": "ي", "٫": ".", "٬": ","})
_LETTERS_OF_ALL = str.maketrans({"ё": "е", "Ё": "Е", "ک": "ك", "ی": "ي"})
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")
_WITH_DJ = re.compile(r"(?<!\w)\w*[đĐ]\w*")  # a word without one is gone through once

# What may differ in the letters alone, and the characters by whose number it is told.
_WAYS = (
    ("ё or е", re.compile("[ёЁ]")),
    ("ä, ö, ü or ae, oe, ue", re.compile("[äöüÄÖÜ]|[aou]\u0308")),
    ("ß or ss", re.compile("[ßẞ]")),
    ("đ or dj", re.compile("[đĐ]")),
    ("dotted or dotless i", re.compile("[ıİ]")),
    ("vowel signs and stretched letters", _POINT),
    ("the digits of another script", re.compile(r"(?![0-9])\d")),
)


@lru_cache(maxsize=65_536)
def spelled(token: str) -> str:
    """What a folded token compares by, whichever way its language allows it is written in."""
    if token.endswith(".") and token[0].isalpha():
        token = token[:-1]
    if token.isascii():
        return token
    token = _DOTTED_I.sub("i", _POINT.sub("", token).translate(_TWO_DOTS).translate(_LETTERS))
    return "".join(map(_digit, token)) if any(map(str.isdecimal, token)) else token


def _digit(char: str) -> str:
    return str(unicodedata.decimal(char)) if char.isdecimal() else char


def latin(text: str) -> str:
    """The text with Serbian Cyrillic in Latin letters: “Љубав” -> “Ljubav”."""
    return text.translate(_TO_LATIN)


def cyrillic(text: str) -> str:
    """The text, in lower case, with Serbian in Cyrillic letters: “Ljubav” -> “љубав”."""
    return SERBIAN_LATIN.sub(lambda letter: CYRILLIC_OF[letter[0]], text.casefold())


def in_latin(text: str) -> str:
    """The text with all Cyrillic in Latin letters, and đ of Serbian words as dj.

    >>> in_latin("Ђоко Вучич"), in_latin("Đoko u Đà Nẵngu")
    ('Djoko Vučič', 'Djoko u Đà Nẵngu')
    """
    if _CYRILLIC.search(text):
        text = text.translate(_ALL_TO_LATIN)
    return _WITH_DJ.sub(_with_dj, text) if "đ" in text or "Đ" in text else text


def _with_dj(word: re.Match[str]) -> str:
    if _NOT_SERBIAN.search(word[0].lower()):  # Đà Nẵng
        return word[0]
    return word[0].replace("đ", "dj").replace("Đ", "Dj")


def unmarked(text: str) -> str:
    """A text without vowel signs and stretched letters, ё as е, and all digits as 0 to 9."""
    text = _POINT.sub("", text).replace("\u0130", "I").translate(_LETTERS_OF_ALL)
    return _OTHER_DIGIT.sub(lambda digit: _digit(digit[0]), text)


def scripts(text: str) -> tuple[bool, bool]:
    """Whether a text has letters of Cyrillic, and of Latin."""
    return bool(_CYRILLIC.search(text)), bool(_LATIN.search(text))


def other_ways(text: str) -> list[str]:
    """The text as it may be written elsewhere: in the other script of Serbian, without signs.

    >>> other_ways("Наш став"), other_ways("Njegov stav"), other_ways("why not")
    (['Naš stav'], ['његов став'], [])
    """
    low = text.casefold()
    found = []
    if _CYRILLIC.search(low):
        found.append(latin(text))
    elif not _NOT_SERBIAN.search(low):
        found.append(cyrillic(text))
    plain = _POINT.sub("", text).translate(_LETTERS)
    return [way for way in (*found, plain) if way not in (text, low)]


def first_look(text: str) -> str:
    """A text in lower case for a first look at its words, in Latin letters where it can be."""
    low = text.casefold()
    return latin(_POINT.sub("", low)).translate(_LETTERS) if _OTHER_SCRIPTS.search(low) else low


def written_otherwise(quote: str, source: str) -> str | None:
    """What a reader is told of words that are the same, and differ in their letters.

    >>> written_otherwise("Naš stav", "Наш став")
    'The source writes it in Cyrillic letters.'
    """
    (cyrillic, roman), (cyrillic_there, roman_there) = scripts(quote), scripts(source)
    if roman and not cyrillic and cyrillic_there:
        return "The source writes it in Cyrillic letters."
    if cyrillic and roman_there and not cyrillic_there:
        return "The source writes it in Latin letters."
    ways = [way for way, pattern in _WAYS if _count(pattern, quote) != _count(pattern, source)]
    return f"The source writes it with other letters: {'; '.join(ways)}." if ways else None


def _count(pattern: re.Pattern[str], text: str) -> int:
    return len(pattern.findall(text))
