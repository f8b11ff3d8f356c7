"""Names: capitalised words in a row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qa.check.facts.types import Found, Name, Word
from qa.check.facts.variants import is_place
from qa.check.facts.vocabulary import OPENERS, PARTICLES, PLACES, TITLES
from qa.check.facts.words import words
from qa.text.words import FUNCTION_WORDS

_SHORTEST_HEADLINE = 5  # words that are capitalised by the style of headlines alone


def names(plain: str) -> Iterator[Found]:
    """The names of a plain text: "President Vucic", "Bank of America", "COVID-19"."""
    found = words(plain)
    if _is_headline(plain, found):
        return
    within = {word.key for word in found if word.capital and not word.opens}
    for run in runs(found):
        if _is_name(core(run), within):
            name = Name(tuple(word.key for word in run), run)
            yield Found("name", run[0].start, run[-1].end, frozenset([name]))


def runs(found: Iterable[Word]) -> Iterator[tuple[Word, ...]]:
    """Capitalised words in a row, particles between them included, without function words."""
    run: list[Word] = []
    for word in [*found, None]:
        if word and word.joins and run and (word.capital or word.key in PARTICLES):
            run.append(word)
            continue
        if trimmed := _trimmed(run):
            yield trimmed
        run = [word] if word and word.capital else []


def core(run: Iterable[Word]) -> list[Word]:
    """What of a name compares: of "President of the United States" United, States."""
    return [word for word in run if word.capital and word.key not in TITLES]


def _trimmed(run: list[Word]) -> tuple[Word, ...]:
    """Without openers before and particles behind: "When Ana of the" -> "Ana"."""
    telling = [i for i, word in enumerate(run) if not _is_opener(word)]
    capital = [i for i, word in enumerate(run) if word.capital]
    return tuple(run[telling[0] : capital[-1] + 1]) if telling and capital else ()


def _is_opener(word: Word) -> bool:
    adverb = word.opens and word.key.endswith("ly") and word.key not in PLACES
    return not word.acronym and (word.key in OPENERS or adverb)


def _is_name(telling: list[Word], within: set[str]) -> bool:
    """A lone word that opens a sentence must look like a name, or be one elsewhere in the text."""
    if len(telling) != 1 or not telling[0].opens or telling[0].marked:
        return bool(telling)
    return telling[0].key in within or is_place(telling[0].key)


def _is_headline(plain: str, found: list[Word]) -> bool:
    """Where every word is capitalised, capitals mean nothing."""
    telling = [word for word in found if word.key not in FUNCTION_WORDS]
    title = len(telling) >= _SHORTEST_HEADLINE and all(word.capital for word in telling)
    return plain.isupper() or (title and not plain.rstrip("'\" ").endswith((".", "!", "?")))
