"""Index terms: the words of a text as both ranking and the lexical index count them.

Lower case, without the small words of the text's language (stop words), its endings taken off,
accents folded to ASCII. They depend on no corpus: what is indexed, what ranks, what gives reasons
and what checks quotes must mean the same words.

One word, however it is written: Serbian in both scripts (Ђоко, Đoko, Djoko), ё and е, German ue and
ü, Arabic with and without its marks, digits of all scripts. Scripts that put no space between words
are indexed by pairs of characters.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from itertools import pairwise

import tantivy

from qa.text.language import stop_words, stopped
from qa.text.spelling import in_latin, unmarked
from qa.text.words.tables import listed

# Part of the manifest: another analysis is another index, and the old one is built anew.
ANALYSIS = "by language: stop words, spelling, stems, ascii fold, pairs; 2"
ENGLISH = "en"
_LONGEST_WORD = 60
_STEMMERS = {
    **{"ar": "arabic", "da": "danish", "de": "german", "el": "greek", "es": "spanish"},
    **{"fi": "finnish", "fr": "french", "hu": "hungarian", "it": "italian", "nl": "dutch"},
    **{"no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish"},
    **{"ta": "tamil", "tr": "turkish"},
}
_IN_CYRILLIC = frozenset(("ru", "uk", "bg"))
_IN_OTHER_SCRIPTS = frozenset(("ar", "bg", "el", "ru", "ta", "uk"))
# Words with their marks; the tokenizer that English takes parts हिन्दी and ไม่.
_WORDS = r"[\w--_]+"
# “Mueller” is “Müller” in German, and “neue”, “Bauer” and “Quelle” are not “neü”, “Baür”, “Qülle”.
WRITTEN_OUT = re.compile("(?<![aeiouäöüqAEIOUÄÖÜQ])([aouAOU])e")
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17d3\u3005\u3041-\u3096\u309d-\u309f\u30a1-\u30fa"
    "\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]+"
)
# What is left of a word when its ending is taken off, where tantivy has no stemmer.
_SHORTEST_STEM = 3


def sequence(text: str, language: str = ENGLISH) -> list[str]:
    """The index terms of a text, one after the other; it is read as of this language.

    >>> sequence("The pilots guided the ships."), sequence("Ђоков брод", "sr")
    (['pilot', 'guid', 'ship'], ['djok', 'brod'])
    """
    terms: list[str] = _analyzer(language).analyze(_settled(text, language))
    return list(map(_serbian_stem, terms)) if language == "sr" else terms


def terms(text: str, language: str = ENGLISH) -> list[str]:
    """The distinct index terms of a text, in order.

    >>> terms("Ships, ships and pilots")
    ['ship', 'pilot']
    """
    return list(dict.fromkeys(sequence(text, language)))


def _settled(text: str, language: str) -> str:
    """A text with each word in the one way that stands for all ways of writing it."""
    if not text.isascii():
        text = unmarked(unicodedata.normalize("NFC", text))
        if language not in _IN_CYRILLIC:
            text = in_latin(text)
        text = _UNSPACED.sub(_pairs, text)
    return WRITTEN_OUT.sub(r"\1", text) if language == "de" else text


def _pairs(run: re.Match[str]) -> str:
    """東京都 -> 東京 京都"""
    chars = run[0]
    return f" {' '.join(map(''.join, pairwise(chars))) or chars} "


@cache
def _analyzer(language: str) -> tantivy.TextAnalyzer:
    english = language == ENGLISH
    words = tantivy.Tokenizer.simple() if english else tantivy.Tokenizer.regex(_WORDS)
    plain = [tantivy.Filter.ascii_fold()]
    stem = [tantivy.Filter.stemmer(_STEMMERS[language])] if language in _STEMMERS else []
    # English words stand in texts of every script.
    if language == ENGLISH or language in _IN_OTHER_SCRIPTS or language not in stopped():
        stem += [*plain, tantivy.Filter.stemmer("english")]
    builder = tantivy.TextAnalyzerBuilder(words)
    for step in (
        tantivy.Filter.remove_long(_LONGEST_WORD),
        tantivy.Filter.lowercase(),
        tantivy.Filter.custom_stopword(sorted(stop_words(language))),
        *stem,
        *plain,
    ):
        builder = builder.filter(step)
    return builder.build()


@lru_cache(maxsize=65_536)
def _serbian_stem(word: str) -> str:
    """A Serbian word in plain letters without its ending: gradovima -> grad, Vucicem -> vucic."""
    for ending in _endings():
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word


@cache
def _endings() -> tuple[str, ...]:
    return tuple(sorted(listed("endings", "sr"), key=lambda ending: (-len(ending), ending)))
