"""A draft held against the corpus: every quotation, every sentence that cites."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from qa.check import ACCEPTED, BAD
from qa.check.checker import Checked, Checker, changed_since, is_too_short, verdict
from qa.check.draft import Claim, Draft, Quotation, Reference
from qa.check.resolve import Resolved, Resolver
from qa.check.speakers import Speakers
from qa.check.types import (
    CheckedClaim,
    CheckedQuotation,
    Cited,
    DraftReport,
    SourceChange,
    Supported,
)
from qa.ids import PassageId
from qa.storage.records import StoredArticle

# What supports each of some sentences, in the articles that each cites.
FindSupport = Callable[[Sequence[tuple[str, Sequence[StoredArticle]]]], list[Supported]]
ByReference = Mapping[Reference, Resolved]
# The better verdict of several references counts.
_BEST = (*ACCEPTED, *BAD)


def report(draft: Draft, checker: Checker, resolver: Resolver, support: FindSupport) -> DraftReport:
    """Every quotation with its verdict, every claim with what supports it."""
    started = time.perf_counter()
    speakers = Speakers(draft.prose)
    found = resolver.resolve_all(draft.references)
    resolved = dict(zip(draft.references, found, strict=True))
    quotations = tuple(
        _quotation(quoted, _of(quoted.references, resolved), checker, speakers)
        for quoted in draft.quotations
    )
    claims = _claims(draft.claims, resolved, support)
    took = round((time.perf_counter() - started) * 1000, 2)
    references = tuple(cited for cited, _ in found)
    return DraftReport(
        draft.text,
        quotations,
        claims,
        references,
        took,
        words=draft.words,
        uncited=draft.uncited,
        unclosed=draft.unclosed,
    )


def _of(references: Sequence[Reference], resolved: ByReference) -> list[Resolved]:
    return [resolved[reference] for reference in references]


def _quotation(
    quoted: Quotation,
    references: Sequence[Resolved],
    checker: Checker,
    speakers: Speakers,
) -> CheckedQuotation:
    started = time.perf_counter()
    quote = quoted.words
    speaker = None if is_too_short(quote) else _speaker(quoted, references, speakers)
    checked, changed = _best(quote, references, checker, speaker)
    if quoted.joined and is_too_short(quote) and not is_too_short(quoted.joined):
        together, since = _best(quoted.joined, references, checker, None)
        if _says_more(quote, together):
            quote, checked, changed = quoted.joined, together, since
    checked = replace(checked, notes=(*checked.notes, *_unresolved(references)))
    found = verdict(quote, checked, started, changed)
    return CheckedQuotation(quoted.span, found, tuple(c for c, _ in references), speaker)


def _speaker(quoted: Quotation, references: Sequence[Resolved], speakers: Speakers) -> str | None:
    """Whom the draft has say it, by name, where that is clear."""
    if quoted.speaker and not any(_is_of(quoted.speaker, cited) for cited, _ in references):
        return quoted.speaker
    said = speakers.of(quoted.place.start, quoted.place.end)
    return said.name if said and said.name[:1].isupper() else None


def _says_more(piece: str, together: Checked) -> bool:
    """Whether a short piece is judged by what it is a piece of.

    It is when all of that stands there, or nearly all, and the piece does not.
    """
    if together.verdict in ACCEPTED:
        return True
    said = piece.strip(" ,.!?…").casefold()
    found = [match.sentence.text.casefold() for match in together.matches]
    return together.verdict == "altered" and not any(said in sentence for sentence in found)


def _is_of(name: str, cited: Cited) -> bool:
    """Whether a name below a quotation is that of its source: "— Port Report [1]"."""
    source = cited.source
    stated = (source.title, source.publisher, source.author) if source else ()
    written = " ".join(filter(None, (*stated, cited.label))).casefold()
    return name.casefold() in written


def _best(
    quote: str, references: Sequence[Resolved], checker: Checker, speaker: str | None
) -> tuple[Checked, SourceChange | None]:
    """What became of a quote in the source it refers to, in the best of several, or anywhere."""
    found: list[tuple[Checked, SourceChange | None]] = []
    known: dict[int, Checked] = {}  # by article: it may be cited many times
    for cited, stored in references:
        if stored:
            checked = known.get(stored.key) or checker.check(quote, stored, speaker)
            known[stored.key] = checked
            found.append((checked, _changed(cited, stored, checked)))
            if checked.verdict in ACCEPTED:
                break
    if not found:
        return checker.check(quote, None, speaker), None
    return min(found, key=lambda pair: _BEST.index(pair[0].verdict))


def _changed(cited: Cited, stored: StoredArticle, checked: Checked) -> SourceChange | None:
    passage = PassageId.match(cited.passage_id) if cited.passage_id else None
    return changed_since(passage, stored, checked) if passage else None


def _unresolved(references: Sequence[Resolved]) -> list[str]:
    """What is said of a quotation's references when none of them leads anywhere."""
    if not references or any(stored for _, stored in references):
        return []
    labels = ", ".join(dict.fromkeys(f"“{cited.label}”" for cited, _ in references))
    return [f"What it refers to ({labels}) is not in the corpus; it was looked for in all of it."]


def _claims(
    claims: Sequence[Claim], resolved: ByReference, support: FindSupport
) -> tuple[CheckedClaim, ...]:
    cited = [_of(claim.references, resolved) for claim in claims]
    asked = [
        (claim.text, list({stored.key: stored for _, stored in references if stored}.values()))
        for claim, references in zip(claims, cited, strict=True)
    ]
    return tuple(
        CheckedClaim(
            span=claim.span,
            text=claim.text,
            references=tuple(cited for cited, _ in references),
            supporting=supported.best,
            covered_by=claim.covered_by,
            by_source=supported.by_source,
        )
        for claim, references, supported in zip(claims, cited, support(asked), strict=True)
    )
