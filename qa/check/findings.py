"""The places of a quote in several stretches of articles, the strongest kind of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from qa.check import ACCEPTED
from qa.check.quote.exact import Alignment, exact
from qa.check.quote.find import CLEARLY_ALTERED, nearly
from qa.check.quote.forms import Quote
from qa.check.quote.in_parts import parts_of
from qa.check.quote.parts import cover, tokens_of
from qa.check.sources import Stretch
from qa.check.types import VerdictName

LIMIT = 20  # places in one stretch
# Of the words that say something: the others may be written otherwise, with a soft hyphen.
NEARLY_ALL = 0.7
NEAREST = 8  # stretches that are aligned in full
# How much more similar than its share of words a place may be: function words are no part of that.
SLACK = 0.2


@dataclass(frozen=True, slots=True)
class Finding:
    """A place in an article; offsets are the article's."""

    article: int  # key
    alignment: Alignment


def kind(findings: Sequence[Finding]) -> VerdictName:
    return findings[0].alignment.kind if findings else "not_found"


def unchanged(quote: Quote, stretches: Iterable[Stretch]) -> list[Finding]:
    """Where it stands word for word; if nowhere, where in other typography."""
    near = (s for s in stretches if s.share >= NEARLY_ALL)
    found = [f for s in near for f in _shifted(exact(quote, s.text, LIMIT), s)]
    for wanted in ACCEPTED:
        if places := _distinct(f for f in found if f.alignment.kind == wanted):
            return places
    return []


def changed(quote: Quote, stretches: Sequence[Stretch]) -> list[Finding]:
    """Where it stands shortened, altered or spliced: the best explanation alone.

    The stretches come with those first that share most with the quote.
    """
    found: list[Finding] = []
    for stretch in stretches[:NEAREST]:
        if found and stretch.share + SLACK < max(f.alignment.similarity for f in found):
            break  # nothing there can be as similar
        place = nearly(quote, stretch.text)
        found += _shifted([place], stretch) if place else []
    found = sorted(_distinct(found), key=_rank)
    if found and _rank(found[0])[0] < _SCATTERED:
        return [f for f in found if _rank(f)[0] == _rank(found[0])[0]]
    return scattered(quote, stretches) or found


def _rank(finding: Finding) -> tuple[int, float]:
    alignment = finding.alignment
    clearly = alignment.similarity >= CLEARLY_ALTERED
    order = {"normalized": 0, "altered": 1 if clearly else 4, "spliced": 2}
    return order.get(alignment.kind, 0), -alignment.similarity


_SCATTERED = 3


def scattered(quote: Quote, stretches: Sequence[Stretch]) -> list[Finding]:
    """A quote put together from several stretches: a spliced finding for each of its parts."""
    pieces, lines = quote.pieces, [stretch.text.normalized for stretch in stretches]
    runs = cover(pieces, "\n".join(lines))
    words = [tokens_of(pieces[run.piece], run.first, run.end) for run in runs]
    if len(runs) < 2 or any(all(part in line for part in words) for line in lines):
        return []  # what stands in one stretch was judged there
    found: list[Finding] = []
    for run, part in zip(runs, words, strict=True):
        stretch = next(s for s, line in zip(stretches, lines, strict=True) if part in line)
        parts = parts_of(pieces, [run], stretch.text)
        found += _shifted(
            [Alignment("spliced", parts[0].start, parts[0].end, 1.0, (), parts)], stretch
        )
    return found


def _shifted(alignments: Iterable[Alignment], stretch: Stretch) -> Iterator[Finding]:
    """Offsets of the stretch as those of its article."""
    by = stretch.start
    for found in alignments:
        parts = tuple(replace(p, start=p.start + by, end=p.end + by) for p in found.parts)
        moved = replace(found, start=found.start + by, end=found.end + by, parts=parts)
        yield Finding(stretch.article, moved)


def _distinct(findings: Iterable[Finding]) -> list[Finding]:
    """Each place once: stretches of one article may overlap."""
    places = {(f.article, f.alignment.start, f.alignment.end): f for f in findings}
    return list(places.values())
