"""Whether a text is one: fonts may draw signs and not say which letters these are."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

_ENOUGH = 60  # letters; of fewer nothing can be said
_MOST = 200_000  # characters that are looked at
_GLYPH_NAMES = re.compile(r"(?:/[A-Za-z]{1,8}\d{1,4}\s?){3,}")
_WORD = re.compile(r"[^\W\d_]+")
_LETTERS_APART = re.compile(r"(?:(?<!\w)[^\W\d_] ){4,}")
# Scripts that write words without spaces, or join them to long ones.
_SPACED = re.compile(r"(?:LATIN|GREEK|CYRILLIC|ARMENIAN|GEORGIAN|HEBREW|ARABIC)\b")
# What one language writes beside one another.
_TOGETHER = frozenset(
    (
        *("CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HALFWIDTH", "FULLWIDTH", "HANGUL"),
        *("BOPOMOFO", "IDEOGRAPHIC", "MODIFIER", "MICRO", "OHM", "ANGSTROM", "FEMININE"),
        "MASCULINE",
    )
)
_RARE = re.compile("[\u0370-\u0377\u037b-\u037f\u03cf-\u03ff]")
_LONGEST_WORD = 26  # letters; German and Finnish have longer ones, but few


def illegible(text: str) -> bool:
    """Whether a text is names of glyphs, signs without letters, or letters without words.

    >>> illegible("/g18/g152/g135 " * 20), illegible("T h e  f e r r y  w i l l " * 9)
    (True, True)
    """
    text = text[:_MOST]
    words = _WORD.findall(text)
    letters = sum(map(len, words))
    shown = sum(map(len, text.split()))
    if shown < _ENOUGH:
        return False
    if _share(_GLYPH_NAMES, text) > 0.3 * len(text):
        return True
    chars = Counter(text)
    if sum(count for char, count in chars.items() if _is_no_letter(char)) > 0.25 * shown:
        return True
    if letters < _ENOUGH:
        return False
    if _share(_LETTERS_APART, text) > 0.4 * len(text):
        return True
    return _glued(words, letters) or _mixed(words, letters) or _without_vowels(words)


def _share(pattern: re.Pattern[str], text: str) -> int:
    return sum(len(found[0]) for found in pattern.finditer(text))


def _is_no_letter(char: str) -> bool:
    """Whether no reader knows what a character is: of private use, unassigned, or lost."""
    return char == "\ufffd" or (char > "~" and unicodedata.category(char) in ("Co", "Cn"))


def _glued(words: list[str], letters: int) -> bool:
    """Whether most letters stand in words that are too long for one: Thinkofyourfavoritescience."""
    long = [word for word in words if len(word) > _LONGEST_WORD and _script(word[0])]
    return sum(map(len, long)) > 0.4 * letters


def _mixed(words: list[str], letters: int) -> bool:
    """Whether many words are of several scripts, as no language writes them."""
    foreign = [word for word in words if not word.isascii() and len(word) > 2]
    if sum(map(len, foreign)) < 0.3 * letters:
        return False
    mixed = [word for word in foreign[:3000] if len(set(map(_script_of, word)) - _TOGETHER) > 1]
    rare = [word for word in foreign[:3000] if all(map(_is_rare, word))]
    return len(mixed) + len(rare) > 0.3 * min(len(foreign), 3000)


def _without_vowels(words: list[str]) -> bool:
    """Whether Latin words have fewer vowels than any language: each letter stands for another."""
    latin = [word for word in words if len(word) > 2 and word.isascii() and word.islower()]
    letters = sum(map(len, latin))
    chars = Counter("".join(latin))
    vowels = sum(chars[vowel] for vowel in "aeiouy")
    return letters > 400 and vowels < 0.2 * letters


def _script(char: str) -> bool:
    return bool(_SPACED.match(unicodedata.name(char, "")))


def _script_of(char: str) -> str:
    return unicodedata.name(char, "?").split()[0]


def _is_rare(char: str) -> bool:
    """Whether a letter is of the Greek block and of no Greek text: archaic and Coptic ones."""
    return bool(_RARE.match(char))
