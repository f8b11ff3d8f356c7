"""The way in: a draft is read for what it quotes, claims and refers to.

JSON and HTML are first written anew as Markdown (`structured`, `markup`); all spans are those of
the draft as it came.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from qa.check.draft.attributions import speaker_named
from qa.check.draft.claims import claims
from qa.check.draft.dialects import as_plain_markdown
from qa.check.draft.layers import DraftLayers, layers
from qa.check.draft.markup import as_markdown
from qa.check.draft.placing import cited_quotations, place_quotations, place_references
from qa.check.draft.rewriting import Rewriting
from qa.check.draft.statements import DraftStatement, statements
from qa.check.draft.structured import as_prose, with_citations
from qa.check.draft.types import Claim, Draft, Quotation, Reference
from qa.types import Span

_LONGEST_ATTRIBUTION = 80  # characters between two pieces of a quotation, marks included
_ATTRIBUTION = re.compile(r"[”\"“»«’',]{1,3}\s[^.!?…;:“”\"„«»\n]+[“\"„«»‘']\s?")
Origin = Callable[[Span], Span]


def read_draft(
    text: str,
    language: str | None = None,
    *,
    is_article: Callable[[str], bool] = lambda name: False,
    citations: Sequence[tuple[str, str | None]] = (),
    dialogue: bool = False,
) -> Draft:
    """The quotations, claims and references of a draft: Markdown, plain text, HTML or JSON.

    `citations` are quotes with their sources that came beside it; `is_article` tells what the
    corpus has, for names in brackets; with `dialogue` dashes open quotations.

    "He said “we will go home” [1]. The talks ended in May. [2]"
    -> quotation [9:24] with [1], claim [31:58] "The talks ended in May." with [2]
    """
    written, origin = _as_markdown(text, citations)
    draft = layers(written, is_article, dialogue)
    said = statements(draft, language)
    place_references(draft, said)
    place_quotations(draft, said)
    claimed = claims(draft, said)
    quoted = tuple(_joined(draft, _continued(draft, tuple(_complete(draft, said)))))
    return _as_it_came(
        Draft(
            text,
            quoted,
            claimed.cited,
            draft.references,
            draft.prose,
            claimed.uncited,
            tuple(Span(at, at + 1) for at in draft.lone_marks),
        ),
        origin,
    )


# --- what a draft is written as ---


def readable(text: str) -> str:
    """A draft as it is to be shown: HTML and JSON as the Markdown that they are read as."""
    return _as_markdown(text, ())[0].strip()


def _as_markdown(text: str, citations: Sequence[tuple[str, str | None]]) -> tuple[str, Origin]:
    """The draft as Markdown, with its citations, and where each stretch of that comes from."""
    prose = as_prose(text)
    written = prose.text if prose else text
    common = as_plain_markdown(written)
    written = common.text if common else written
    markdown = as_markdown(written)
    beside = with_citations(text, citations)
    steps = [step for step in (markdown, common, prose) if step]
    whole = markdown.text if markdown else written
    return whole + beside.text, _origin(steps, len(whole), beside)


def _origin(steps: Sequence[Rewriting], length: int, beside: Rewriting) -> Origin:
    def origin(span: Span) -> Span:
        if span.start >= length:
            return beside.origin(Span(span.start - length, span.end - length))
        for step in steps:
            span = step.origin(span)
        return span

    return origin


def _as_it_came(draft: Draft, origin: Origin) -> Draft:
    """The draft with spans of the text that was given."""
    moved = {found: replace(found, span=origin(found.span)) for found in draft.references}

    def references(found: Sequence[Reference]) -> tuple[Reference, ...]:
        return tuple(moved[one] for one in found)

    def quotation(one: Quotation) -> Quotation:
        return replace(one, span=origin(one.span), references=references(one.references))

    def claim(one: Claim) -> Claim:
        return replace(one, span=origin(one.span), references=references(one.references))

    return replace(
        draft,
        quotations=tuple(map(quotation, draft.quotations)),
        claims=tuple(map(claim, draft.claims)),
        references=references(draft.references),
        uncited=tuple(map(origin, draft.uncited)),
        unclosed=tuple(map(origin, draft.unclosed)),
    )


# --- quotations ---


def _complete(draft: DraftLayers, said: Sequence[DraftStatement]) -> Iterator[Quotation]:
    """The quotations with their words, and whom the line below a blockquote names."""
    speakers = dict(_speakers_below(draft, said))
    for found in cited_quotations(draft, said):
        yield replace(
            found,
            words=draft.quoted_words(found.span),
            place=found.span,
            speaker=speakers.get(found.span),
        )


def _speakers_below(
    draft: DraftLayers, said: Sequence[DraftStatement]
) -> Iterator[tuple[Span, str | None]]:
    """Whom the last line of a blockquote, or the one below it, names as its speaker."""
    for i, statement in enumerate(said):
        if statement.kind == "blockquote":
            for span in statement.quotes:
                yield span, speaker_named(_line_below(draft, said, i, span))


def _line_below(draft: DraftLayers, said: Sequence[DraftStatement], i: int, quote: Span) -> str:
    within = draft.text[quote.end : said[i].end].strip("> \t\r\n")
    following = said[i + 1] if i + 1 < len(said) else None
    if not within and following and following.kind == "attribution":
        return draft.text[following.start : following.end]
    return within


def _continued(draft: DraftLayers, quotations: tuple[Quotation, ...]) -> tuple[Quotation, ...]:
    """The quotations, each paragraph of a longer one with the references of the next, or last."""
    found = list(quotations)
    pairs = list(pairwise(range(len(found))))
    for earlier, later in [*reversed(pairs), *pairs]:
        if found[earlier].place in draft.going_on:
            shared = found[earlier].references or found[later].references
            for i in (earlier, later):
                if not found[i].references:
                    found[i] = replace(found[i], references=shared)
    return tuple(found)


def _joined(draft: DraftLayers, quotations: Sequence[Quotation]) -> Iterator[Quotation]:
    """The quotations, both pieces of “The dam,” Sol said, “held” with what they are together."""
    joined: dict[Span, str] = {}
    for one, other in pairwise(quotations):
        between = draft.prose[one.place.end : other.place.start]
        is_attribution = len(between) <= _LONGEST_ATTRIBUTION and _ATTRIBUTION.fullmatch(between)
        goes_on = "," in one.words[-1:] + between and other.words[:1].islower()
        if is_attribution and goes_on:
            together = f"{one.words.rstrip(' ,')} {other.words}"
            joined |= {one.place: together, other.place: together}
    for quotation in quotations:
        yield replace(quotation, joined=joined.get(quotation.place))
