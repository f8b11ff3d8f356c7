"""Why two passages are related: their cosine, and the names and rare words that both have."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import replace
from itertools import islice

import numpy as np

from qa.storage.view import View
from qa.text.language import read_as
from qa.text.names import Name, certain, names
from qa.text.terms import terms
from qa.types import Hit, Why

MAX_TERMS = 5
_WORD = re.compile(r"\w+")
_PIECE = re.compile(r"[^\s.-]+")
_MOST_WORDS = 30  # of a name that are held against another: a line in capitals is one of hundreds


def explained(hits: Sequence[Hit], text: str, cosines: Sequence[float], view: View) -> list[Hit]:
    """The hits with what they share with a text, and their cosines to it, as `dense` too.

    Of "Tankers wait, says Ana Marin." and "Then Ana Marin guided a tanker." the names are
    ("Ana Marin",) and the words ("Tankers",): as the hit writes them, those of names left out.
    """
    asked, wanted = names(text), frozenset(view.sought(text).flat)
    found = []
    for hit, cosine in zip(hits, cosines, strict=True):
        here = names(hit.passage.text)
        common = shared(written(here, asked), written(asked, here))
        of_names = terms(" ".join(common), read_as(hit.passage.text))
        words = _rarest(hit.passage.text, wanted.difference(of_names), view)
        why = Why(round(cosine, 4), tuple(common), words)
        found.append(replace(hit, dense=cosine, why=why))
    return found


def _rarest(text: str, wanted: Set[str], view: View) -> tuple[str, ...]:
    """The rarest of the wanted index terms that a text has, as it writes them."""
    written: dict[str, str] = {}
    language = read_as(text)
    for word in _WORD.findall(text):
        for term in terms(word, language):
            if term in wanted and len(word) > 1:
                written.setdefault(term, word)
    rarity = view.frequencies(list(written)).rarity
    order = np.argsort(-rarity, kind="stable")[:MAX_TERMS]
    return tuple(list(written.values())[i] for i in order)


# --- names that both have ---


def written(found: Sequence[Name], beside: Sequence[Name] = ()) -> list[str]:
    """Names as they are written, each once; those `beside` tell which words are names here too.

    Botsan-Kharchenko and Botsan Kharchenko are one.
    """
    backwards = {_key(name.text): name.text for name in reversed(certain(found, beside))}
    return list(reversed(backwards.values()))


def shared(here: Iterable[str], there: Iterable[str]) -> list[str]:
    """The names of `here` that `there` has too, as `here` writes them; of longer ones, the part.

    >>> shared(["Ambassador Ana Marin", "Kosovo Police"], ["Dr. Ana Marin", "Kosovo"])
    ['Ana Marin', 'Kosovo']
    """
    others = [_key(name)[:_MOST_WORDS] for name in there]
    having: defaultdict[str, list[int]] = defaultdict(list)  # word -> the others that have it
    for number, other in enumerate(others):
        for word in set(other):
            having[word].append(number)
    found = []
    for name in here:
        alike = sorted({number for word in _key(name) for number in having.get(word, ())})
        found += [part] if (part := _part(name, [others[number] for number in alike])) else []
    return list({_key(part): part for part in found}.values())


def _part(name: str, others: Iterable[tuple[str, ...]]) -> str | None:
    """The longest run of a name's words that is another name, or two words of one at least."""
    pieces = list(islice(_PIECE.finditer(name), _MOST_WORDS))
    key = _key(name)[:_MOST_WORDS]
    start, end = max((_run(key, other) for other in others), key=_length, default=(0, 0))
    if not end:
        return None
    stop = pieces[end - 1].end()
    return name[pieces[start].start() : stop + name.startswith(".", stop)]  # U.S.


def _run(key: tuple[str, ...], other: tuple[str, ...]) -> tuple[int, int]:
    """Where the longest run of `other` lies in `key`, half open; (0, 0) when it tells nothing."""
    start, end = 0, 0
    before = [0] * (len(other) + 1)  # of each place in `other`: how long a run ends before it
    for i, word in enumerate(key, 1):
        here = [0, *(before[j] + 1 if word == known else 0 for j, known in enumerate(other))]
        if (longest := max(here)) > end - start:
            start, end = i - longest, i
        before = here
    return (start, end) if end - start in {len(key), len(other)} or end - start > 1 else (0, 0)


def _length(run: tuple[int, int]) -> int:
    return run[1] - run[0]


def _key(name: str) -> tuple[str, ...]:
    """What a name is compared by: Botsan-Kharchenko and Botsan Kharchenko are one."""
    return tuple(_PIECE.findall(name.casefold().replace("’", "'")))
