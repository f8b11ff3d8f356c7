"""The words of a question, or of a claim, as the languages of a corpus have them.

A text is indexed by the rules of its language, so a word that is looked for has a form by the rules
of each language that the corpus has: “Путина” is путин in Russian articles, and putin in English
ones. In a corpus of one language a word has one form, as ever.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from qa.text.language import may_be
from qa.text.spelling import spelled
from qa.text.terms import ENGLISH, WRITTEN_OUT, sequence
from qa.types import Frequencies

_WORD = re.compile(r"\w+")
_UMLAUT = re.compile("[äöüÄÖÜ]")
# “Mueller” is looked for as “Muller” too, where nothing has it as it is; “blue” is not.
_SHORTEST_NAME = 5
# Of the passages: those of a language that counts, and those that show that it is there at all.
LEAST_SHARE, ANY_SHARE = 0.01, 0.001
# Of the words of a text: as many are not there by chance, and the text is in no foreign language.
# Of German, Serbian and Russian questions among English passages at most two in three are; of
# English claims that seem to be in another one (“Charcoal shows no benefit”) four in five or more.
OWN_SHARE = 0.75
Forms = tuple[str, ...]


class CountedWords(Protocol):
    """What knows which languages are indexed, and how often terms are."""

    @property
    def languages(self) -> Mapping[str, int]: ...

    def frequencies(self, terms: Sequence[str]) -> Frequencies: ...


@dataclass(frozen=True, slots=True)
class Sought:
    """The words of a text; each of their terms is named by its first form."""

    words: Mapping[str, Forms]  # as written -> the names of its terms, in order
    forms: Mapping[str, Forms]  # name -> the forms that the index has, or the name alone
    rarity: Mapping[str, float]  # by name: of all its forms together
    boosts: Mapping[str, float]  # what makes each of several forms count as its name does
    absent: frozenset[str]  # names that no passage has in any form
    common: frozenset[str]  # names of words that say little in one of the languages
    rarest: float  # the rarity of a name that no passage has
    # It is in a language that no passage is in, or one of thousands, and lacks some of its words.
    foreign: bool
    # What is absent may be there all the same: in another language, or in a form that no rule joins
    # with its own, as it can be in any language but English.
    in_other_forms: bool

    @property
    def flat(self) -> list[str]:
        """All forms, each once."""
        return list(dict.fromkeys(form for forms in self.forms.values() for form in forms))


def sought(text: str, index: CountedWords, *, rare_languages: bool = False) -> Sought:
    """The words of a text as they stand in an index.

    A language that few passages have counts where the text is in it, or with `rare_languages`: a
    list of names or a piece of code is soon taken for one.
    """
    may = may_be(text)
    asked = may[0] if len(may) == 1 else None
    passages = sum(index.languages.values())
    least = 0 if rare_languages else LEAST_SHARE * passages
    languages = [one for one, n in index.languages.items() if n >= least or one == asked]
    foreign = bool(may) and sum(index.languages.get(one, 0) for one in may) < ANY_SHARE * passages
    languages = languages or [ENGLISH]
    words: dict[str, Forms] = {}
    forms: dict[str, Forms] = {}
    common: set[str] = set()
    for word in dict.fromkeys(_WORD.findall(text)):
        read = _readings(word, asked, languages)
        full = [terms for terms in read if terms]
        words[word] = names = tuple(full[0]) if full else ()
        alike = [terms for terms in full if len(terms) == len(names)]
        for name, *others in zip(*alike, strict=True):
            forms[name] = tuple(dict.fromkeys((*forms.get(name, ()), name, *others)))
        if len(full) < len(read):
            common.update(names)
    other = asked not in (None, ENGLISH) or languages != [ENGLISH]
    return _counted(words, forms, frozenset(common), index, foreign, other)


def _readings(word: str, asked: str | None, languages: Sequence[str]) -> list[list[str]]:
    """The terms of a word by each language, that of the question first; all may be none."""
    own = sequence(word, asked) if asked else []
    if asked and not own:
        return []
    ways = [word, spelled(word.casefold())] if _UMLAUT.search(word) else [word]
    read = [own] if asked in languages else []
    read += [
        sequence(way, language)
        for way in ways
        for language in languages
        if way != word or language != asked
    ]
    if asked and asked not in languages:
        stems = " ".join(own)
        read += [sequence(stems, language) for language in languages]
    return read


def _counted(
    words: Mapping[str, Forms],
    forms: Mapping[str, Forms],
    common: frozenset[str],
    index: CountedWords,
    foreign: bool,
    in_other_forms: bool,
) -> Sought:
    """With how often each is there; forms that no passage has are left out."""
    spare = {name: other for word, names in words.items() for name, other in _spare(word, names)}
    flat = list(dict.fromkeys([*(f for group in forms.values() for f in group), *spare.values()]))
    found = index.frequencies(flat)
    counts = dict(zip(flat, found.counts.tolist(), strict=True))
    own = dict(zip(flat, found.rarity.tolist(), strict=True))
    there = {}
    for name, group in forms.items():
        present = tuple(form for form in group if counts[form])
        if not present and counts.get(spare.get(name, ""), 0):
            present = (spare[name],)
        there[name] = present or (name,)
    sums = [sum(counts[form] for form in group) for group in there.values()]
    foreign = foreign and sum(map(bool, sums)) < OWN_SHARE * max(1, len(sums))
    together = Frequencies(np.minimum(np.array(sums, np.int64), found.total), found.total)
    rarity = dict(zip(there, together.rarity.tolist(), strict=True))
    return Sought(
        words=words,
        forms=there,
        rarity=rarity,
        boosts={
            form: rarity[name] / own[form]
            for name, group in there.items()
            if len(group) > 1
            for form in group
        },
        absent=frozenset(name for name, count in zip(there, sums, strict=True) if not count),
        common=common,
        rarest=found.highest_rarity,
        foreign=foreign,
        in_other_forms=foreign or in_other_forms,
    )


def _spare(word: str, names: Forms) -> list[tuple[str, str]]:
    if len(names) != 1 or len(word) < _SHORTEST_NAME or not word[0].isupper():
        return []
    other = sequence(WRITTEN_OUT.sub(r"\1", word))
    return [(names[0], other[0])] if len(other) == 1 and other[0] != names[0] else []
