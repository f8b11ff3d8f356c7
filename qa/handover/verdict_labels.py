"""Verdicts in words: a sign, a name and what it means, for pages and for what is handed over."""

from __future__ import annotations

from dataclasses import dataclass, replace

from qa.check.types import CheckedClaim, CheckedQuotation, DifferenceKind, Verdict, VerdictName


@dataclass(frozen=True, slots=True)
class Label:
    """A verdict for the eye: a sign, a name and what it means; `tone` chooses the colour."""

    sign: str
    name: str
    meaning: str
    tone: str


VERDICTS: dict[VerdictName, Label] = {
    "verbatim": Label("✓", "Verbatim", "It stands in the source word for word.", "good"),
    "normalized": Label(
        "≈", "Same words", "Only capitals, dashes, quotation marks and the like differ.", "good"
    ),
    "altered": Label("≠", "Altered", "The source says something like it, but not this.", "warn"),
    "spliced": Label("⋯", "Spliced", "It is put together of parts.", "warn"),
    "misattributed": Label(
        "→", "Misattributed", "It does not stand in that article, but in another.", "warn"
    ),
    "not_found": Label("✕", "Not found", "Nothing like it stands in the collection.", "bad"),
}

_LEFT_OUT = "Words are left out, and it says so; the rest is the same."
_SAID_BY_OTHER = "It stands in the source, but somebody else says it."
_NOT_AMONG_CHOSEN = "Nothing like it stands in what it was held against."
_TOO_SHORT = Label("○", "Too short", "", "plain")

NOT_CHECKED = Label("–", "Not checked", "Nothing that it refers to is here.", "plain")
CONTRADICTED = Label(
    "↯", "Perhaps contradicted", "The source seems to say the contrary; read it.", "bad"
)
LACKING = Label("!", "Lacking facts", "The source lacks some of it, in all of it.", "warn")
WEAK = Label(
    "?", "Hardly supported", "The source says something else, or only a part of it.", "warn"
)
NOT_READ = Label(
    "○", "Not read", "The source comes near it, but was not read for the contrary.", "plain"
)
SUPPORTED = Label("✓", "Supported", "The source says much the same; read it.", "good")
# Support below this is nearer to that of sources which do not say it.
_SUPPORTS = 0.5

KINDS: dict[DifferenceKind, str] = {
    "number": "a number",
    "negation": "a negation",
    "name": "a name",
    "unit": "a unit",
    "word": "wording",
}


def of_quote(found: Verdict, narrowed: bool = False) -> Label:
    """The verdict on a quote; one that is too short to mean anything is neither good nor bad.

    `narrowed`: not all of the collection was looked through.
    """
    said = VERDICTS[found.verdict]
    if found.verdict == "not_found" and narrowed:
        said = replace(said, meaning=_NOT_AMONG_CHOSEN)
    if found.verdict == "normalized" and any(len(match.parts) > 1 for match in found.matches):
        said = replace(said, meaning=_LEFT_OUT)
    speakers = [match.speaker for match in found.matches]
    if found.verdict == "misattributed" and all(s and s.agrees is False for s in speakers):
        said = replace(said, meaning=_SAID_BY_OTHER)
    return replace(_TOO_SHORT, meaning=said.meaning) if found.too_short else said


def of_claim(claim: CheckedClaim) -> Label:
    """What is said of a sentence that cites without quoting."""
    found = claim.supporting
    if found is None:
        return NOT_CHECKED
    if found.contradicts:
        return CONTRADICTED
    if found.missing:
        return LACKING
    if found.score < _SUPPORTS:
        return WEAK
    return NOT_READ if found.read is False else SUPPORTED


def of_item(found: CheckedQuotation | CheckedClaim, narrowed: bool = False) -> Label:
    """The verdict on what a draft quotes or cites."""
    if isinstance(found, CheckedQuotation):
        return of_quote(found.verdict, narrowed)
    return of_claim(found)
