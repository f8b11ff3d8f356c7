"""The places of a quote in several stretches of articles, the strongest kind of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from qa.check import ACCEPTED
from qa.check.quote.altered import half_altered
from qa.check.quote.exact import Alignment, exact
from qa.check.quote.find import nearly
from qa.check.quote.forms import Quote
from qa.check.quote.parts import cover, parts_of
from qa.check.quote.rules import RULES, Rules
from qa.check.sources import Stretch
from qa.check.types import MatchField, VerdictName


@dataclass(frozen=True, slots=True)
class Finding:
    """A place in an article; offsets are those of its text, or of the `line` of another field."""

    article: int  # key
    alignment: Alignment
    field: MatchField = "text"
    line: str = ""


def verdict_of(findings: Sequence[Finding]) -> VerdictName:
    """The verdict that findings of one kind stand for."""
    return findings[0].alignment.kind if findings else "not_found"


def unchanged(quote: Quote, stretches: Iterable[Stretch], rules: Rules = RULES) -> list[Finding]:
    """Where a quote stands word for word; if nowhere, where in other typography."""
    near = (s for s in stretches if s.share >= rules.unchanged_share)
    found = [f for s in near for f in _shifted(exact(quote, s.text, rules.max_places, rules), s)]
    for wanted in ACCEPTED:
        if places := _distinct(f for f in found if f.alignment.kind == wanted):
            return places
    return []


def changed(quote: Quote, stretches: Sequence[Stretch], rules: Rules = RULES) -> list[Finding]:
    """Where a quote stands shortened, altered or spliced: the best explanation alone.

    The stretches come with those first that share most with the quote.
    """
    found: list[Finding] = []
    for stretch in stretches[: rules.aligned_stretches]:
        best = max((f.alignment.similarity for f in found), default=0.0)
        if stretch.share + rules.share_slack < best:
            break  # nothing there can be as similar
        place = nearly(quote, stretch.text, rules)
        found += _shifted([place], stretch) if place else []
    found = _distinct(found)
    found.sort(key=lambda f: _rank(f, rules))
    if found and (first := _rank(found[0], rules)[0]) < _SCATTERED:
        return [f for f in found if _rank(f, rules)[0] == first]
    return scattered(quote, stretches, rules) or found


def half_changed(quote: Quote, stretches: Sequence[Stretch], rules: Rules = RULES) -> list[Finding]:
    """Where half of a quote stands in an article that is named, and the other half is changed."""
    for stretch in stretches:
        if place := half_altered(quote.words, stretch.text, rules):
            return list(_shifted([place], stretch))
    return []


def _rank(finding: Finding, rules: Rules) -> tuple[int, float]:
    alignment = finding.alignment
    clearly = alignment.similarity >= rules.clearly_similar
    order = {"normalized": 0, "altered": 1 if clearly else 4, "spliced": 2}
    return order.get(alignment.kind, 0), -alignment.similarity


_SCATTERED = 3


def scattered(quote: Quote, stretches: Sequence[Stretch], rules: Rules) -> list[Finding]:
    """A quote put together from several stretches: a spliced finding for each of its parts."""
    pieces, lines = quote.pieces, [stretch.text.normalized for stretch in stretches]
    runs = cover(pieces, "\n".join(lines), rules)
    words = [pieces[run.piece].line(run.first, run.end) for run in runs]
    if len(runs) < 2 or any(all(part in line for part in words) for line in lines):
        return []  # what stands in one stretch was judged there
    found: list[Finding] = []
    for run, part in zip(runs, words, strict=True):
        stretch = next(s for s, line in zip(stretches, lines, strict=True) if part in line)
        parts = parts_of(pieces, [run], stretch.text, rules)
        found += _shifted(
            [Alignment("spliced", parts[0].start, parts[0].end, 1.0, (), parts)], stretch
        )
    return found


def _shifted(alignments: Iterable[Alignment], stretch: Stretch) -> Iterator[Finding]:
    """The alignments as findings, with offsets of the article in place of the stretch's."""
    by = stretch.start
    for found in alignments:
        parts = tuple(replace(p, start=p.start + by, end=p.end + by) for p in found.parts)
        moved = replace(found, start=found.start + by, end=found.end + by, parts=parts)
        line = "" if stretch.field == "text" else stretch.text.text
        yield Finding(stretch.article, moved, stretch.field, line)


def _distinct(findings: Iterable[Finding]) -> list[Finding]:
    """The findings, each place once: stretches of one article may overlap."""
    places = {(f.article, f.line, f.alignment.start, f.alignment.end): f for f in findings}
    return list(places.values())
