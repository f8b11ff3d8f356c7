"""A draft held against the corpus: every quotation, every sentence that cites."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from qa.check import ACCEPTED, BAD
from qa.check.checker import Checked, Checker, changed_since, is_too_short, verdict
from qa.check.draft import Claim, Draft, Quotation, Reference
from qa.check.earlier import Earlier, key_of
from qa.check.resolve import Resolved, Resolver
from qa.check.speakers import Speakers
from qa.check.types import (
    CheckedClaim,
    CheckedQuotation,
    Cited,
    DraftReport,
    SourceChange,
    Supported,
    Verdict,
)
from qa.ids import PassageId
from qa.observe import stage
from qa.storage.records import StoredArticle

# What supports each of some sentences, in the articles that each cites, and what of that is known.
Asked = tuple[str, Sequence[StoredArticle]]
FindSupport = Callable[[Sequence[Asked], Sequence[Supported | None]], list[Supported]]
ByReference = Mapping[Reference, Resolved]
# The better verdict of several references counts.
_BEST = (*ACCEPTED, *BAD)


@dataclass(frozen=True, slots=True)
class _Held:
    """What quotations are held against, and what is known of them."""

    checker: Checker
    speakers: Speakers
    earlier: Earlier


def report(
    draft: Draft, checker: Checker, resolver: Resolver, support: FindSupport, earlier: Earlier
) -> DraftReport:
    """Every quotation with its verdict, every claim with what supports it."""
    started = time.perf_counter()
    held = _Held(checker, Speakers(draft.prose), earlier)
    found = resolver.resolve_all(draft.references)
    resolved = dict(zip(draft.references, found, strict=True))
    with stage("quotations"):
        quotations = tuple(
            _quotation(one, _of(one.references, resolved), held) for one in draft.quotations
        )
    with stage("claims"):
        claims = _claims(draft.claims, resolved, support, earlier)
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
        basis=earlier.basis,
    )


def _of(references: Sequence[Reference], resolved: ByReference) -> list[Resolved]:
    return [resolved[reference] for reference in references]


def _quotation(quoted: Quotation, references: Sequence[Resolved], held: _Held) -> CheckedQuotation:
    quote = quoted.words
    short = is_too_short(quote)
    speaker = None if short else _speaker(quoted, references, held.speakers)
    against = [(c.label, c.passage_id, stored and _version(stored)) for c, stored in references]
    key = key_of("quotation", quote, short and quoted.joined, against, speaker)
    known = held.earlier.quotations.get(key)
    found = known or _verdict(quoted, references, held.checker, speaker)
    cited = tuple(c for c, _ in references)
    return CheckedQuotation(quoted.span, found, cited, speaker, key, known is not None)


def _version(stored: StoredArticle) -> tuple[str, str]:
    return stored.article.id, stored.digest


def _verdict(
    quoted: Quotation, references: Sequence[Resolved], checker: Checker, speaker: str | None
) -> Verdict:
    started = time.perf_counter()
    quote = quoted.words
    checked, changed = _best(quote, references, checker, speaker)
    if quoted.joined and is_too_short(quote) and not is_too_short(quoted.joined):
        together, since = _best(quoted.joined, references, checker, None)
        if _says_more(quote, together):
            quote, checked, changed = quoted.joined, together, since
    unresolved = _unresolved(references, checker.is_narrowed)
    checked = replace(checked, notes=(*checked.notes, *unresolved))
    return verdict(quote, checked, started, changed)


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


def _unresolved(references: Sequence[Resolved], narrowed: bool) -> list[str]:
    """What is said of a quotation's references when none of them leads anywhere."""
    if not references or any(stored for _, stored in references):
        return []
    labels = ", ".join(dict.fromkeys(f"“{cited.label}”" for cited, _ in references))
    if narrowed:
        return [f"What it refers to ({labels}) is not among what was chosen for this draft."]
    return [
        f"What it refers to ({labels}) is not in the collection; it was looked for in all of it."
    ]


def _claims(
    claims: Sequence[Claim], resolved: ByReference, support: FindSupport, earlier: Earlier
) -> tuple[CheckedClaim, ...]:
    cited = [_of(claim.references, resolved) for claim in claims]
    asked = [
        (claim.text, list({stored.key: stored for _, stored in references if stored}.values()))
        for claim, references in zip(claims, cited, strict=True)
    ]
    keys = [key_of("claim", text, list(map(_version, articles))) for text, articles in asked]
    known = [earlier.claims.get(key) for key in keys]
    found = zip(claims, cited, keys, known, support(asked, known), strict=True)
    return tuple(
        CheckedClaim(
            span=claim.span,
            text=claim.text,
            references=tuple(cited for cited, _ in references),
            supporting=supported.best,
            covered_by=claim.covered_by,
            by_source=supported.by_source,
            key=key,
            taken_over=supported is before,
            to_read=supported.to_read,
            passages_read=supported.read,
        )
        for claim, references, key, before, supported in found
    )
