"""Which language a text is in: by its script, its small words and its letters.

A chance word tells nothing: where two languages are as likely, no language is given. Croatian and
Bosnian, written as Serbian is, are read as Serbian.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from qa.text.spelling import cyrillic
from qa.text.words.tables import listed, tables, valued

SEEN = 500  # characters: some eighty words, of which half are small
_WORD = re.compile(r"[^\W\d_]+")
_APART = "".join(chr(code) if chr(code).islower() else " " for code in range(128))
# Scripts of one language, or of one that is by far the most written in it.
_SCRIPTS = {
    "ja": re.compile("[\u3041-\u30ff]"),
    "zh": re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"),
    "ko": re.compile("[\u1100-\u11ff\uac00-\ud7af]"),
    "ar": re.compile("[\u0620-\u064a\u0671-\u06d3]"),
    "el": re.compile("[\u0370-\u03ff\u1f00-\u1fff]"),
    "he": re.compile("[\u05d0-\u05ea]"),
    "hi": re.compile("[\u0900-\u097f]"),
    "bn": re.compile("[\u0980-\u09ff]"),
    "ta": re.compile("[\u0b80-\u0bff]"),
    "th": re.compile("[\u0e00-\u0e7f]"),
    "ka": re.compile("[\u10a0-\u10ff]"),
    "hy": re.compile("[\u0530-\u058f]"),
    "cyrillic": re.compile("[\u0400-\u04ff]"),
}
_NOT_LATIN = re.compile("[^\0-\u024f\u1e00-\u2bff]")
# Of the characters; of a text in Chinese that has as much kana as this, it is Japanese.
_SHARE = 0.25
_KANA_SHARE = 0.05
_IN_CYRILLIC = ("bg", "ru", "sr", "uk")
_PERSIAN = re.compile("[پچژگکی]")
# Letters that a language has not.
_FOREIGN = {
    "sr": re.compile("[йщъыьэюяёіїєґ]"),
    "bg": re.compile("[ыэёіїєґђјљњћџ]|ь(?!о)"),
    "ru": re.compile("[іїєґђјљњћџ]"),
    "uk": re.compile("[ыэёъђјљњћџ]"),
}
# A letter of one language alone tells as much as half a small word of it.
_OF_A_LETTER = 0.5
_OF_ONE_LETTER = 0.3  # “Vitamin D”
LEAST, LEAST_SHARE, AHEAD = 1.0, 0.05, 1.25


def language_of(text: str) -> str | None:
    """The language of a text, by its beginning: "de"; None where it is not clear.

    >>> language_of("Wer ist der Bürgermeister von Senta?"), language_of("Ко је председник?")
    ('de', 'sr')
    """
    low = text[:SEEN].casefold()
    script = _script(low)
    if script in ("latin", "cyrillic"):
        return _by_words(low)
    return "fa" if script == "ar" and _PERSIAN.search(low) else script


def may_be(text: str) -> tuple[str, ...]:
    """The languages that a text may be in: one, all that its letters allow, or none: any may be.

    >>> may_be("Что это?"), may_be("Поставляет ли Сербия оружие?"), may_be("Lavrov")
    (('ru',), ('bg', 'ru', 'sr', 'uk'), ())
    """
    found = language_of(text)
    if found:
        return (found,)
    return _IN_CYRILLIC if _script(text[:SEEN].casefold()) == "cyrillic" else ()


def stated_or_told(stated: str | None, text: str) -> str | None:
    """The language that an article states, else the one that a text of it is in."""
    return stated or language_of(text)


def tag_of(stated: str | None, text: str | None) -> str | None:
    """The tag of a text's language, as `lang` of HTML has it; of Serbian with its script.

    >>> tag_of(None, "Ko je predsednik Srbije?"), tag_of("sr", "Ко је?"), tag_of("de", None)
    ('sr-Latn', 'sr-Cyrl', 'de')
    """
    found = stated_or_told(stated, text or "")
    if found != "sr" or not text:
        return found
    return "sr-Latn" if _script(text[:SEEN].casefold()) == "latin" else "sr-Cyrl"


def read_as(text: str) -> str:
    """The language by whose rules the words of a text are read: what is not clear is English.

    >>> read_as("Ko je Vučić?"), read_as("Lavrov in Sotschi"), read_as("Лавров")
    ('sr', 'en', 'ru')
    """
    found = language_of(text)
    return found or ("ru" if _script(text[:SEEN].casefold()) == "cyrillic" else "en")


def _script(low: str) -> str:
    """The script of a text: "latin", "cyrillic", or the language whose script it is."""
    if low.isascii() or len(_NOT_LATIN.findall(low)) < _SHARE * len(low):
        return "latin"
    counts = {name: len(letters.findall(low)) for name, letters in _SCRIPTS.items()}
    if counts["ja"] > _KANA_SHARE * counts["zh"]:
        counts["ja"] += counts["zh"]
    return max(counts, key=lambda name: counts[name])


def _by_words(low: str) -> str | None:
    scores: defaultdict[str, float] = defaultdict(float)
    known, letters = _small_words(), _letters()
    words = set(_words(low))
    for word in known.keys() & words:
        for language, weight in known[word]:
            scores[language] += weight
    if not low.isascii():  # as every letter of one language alone
        for letter in letters.keys() & set(low):
            scores[letters[letter]] += _OF_A_LETTER
    likely = [language for language in scores if not _has_foreign(low, language)]
    ranked = sorted(likely, key=lambda language: -scores[language])
    score, next_ = [*(scores[language] for language in ranked[:2]), 0.0, 0.0][:2]
    clear = score >= max(LEAST, LEAST_SHARE * len(words)) and score >= AHEAD * next_
    return ranked[0] if clear else None


def _words(low: str) -> list[str]:
    """The words of a text in small letters; of ASCII in a third of the time."""
    return low.translate(_APART).split() if low.isascii() else _WORD.findall(low)


def _has_foreign(low: str, language: str) -> bool:
    return language in _FOREIGN and _FOREIGN[language].search(low) is not None


@cache
def _small_words() -> Mapping[str, tuple[tuple[str, float], ...]]:
    """The languages that have each small word, and how much it tells: less where they are many."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for language in stopped():
        for word in stop_words(language) | _function(language):
            found[word].append(language)
    return {
        word: tuple((language, _telling(word) / len(languages) ** 0.5) for language in languages)
        for word, languages in found.items()
    }


def _telling(word: str) -> float:
    return 1.0 if len(word) > 1 else _OF_ONE_LETTER


def _function(language: str) -> frozenset[str]:
    return listed("function", language) if language in tables() else frozenset()


@cache
def _letters() -> Mapping[str, str]:
    return valued("letters")


@cache
def stopped() -> tuple[str, ...]:
    """The languages whose small words are known."""
    keys = (key for key in tables()["mul"] if key.startswith("stop_"))
    return (*sorted(tables().keys() - {"mul"}), *(key.removeprefix("stop_") for key in keys))


@cache
def stop_words(language: str) -> frozenset[str]:
    """The words of a language that no index has; none where they are not known."""
    if language not in stopped():
        return frozenset()
    if language not in tables():
        return listed(f"stop_{language}")
    found = listed("stop", language)
    return found | frozenset(map(cyrillic, found)) if language == "sr" else found


# All that a text may be in, as far as is known here.
LANGUAGES = tuple(dict.fromkeys((*stopped(), *_SCRIPTS, "fa")))
