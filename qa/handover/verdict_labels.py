"""Verdicts in words: a sign, a name and what it means, for pages and for what is handed over."""

from __future__ import annotations

from dataclasses import dataclass, replace

from qa.check.types import (
    CheckedClaim,
    CheckedQuotation,
    ContradictionKind,
    DifferenceKind,
    Verdict,
    VerdictName,
)
from qa.wording.catalogue import marked, say


@dataclass(frozen=True, slots=True)
class Label:
    """A verdict for the eye: a sign, a name and what it means; `tone` chooses the colour."""

    sign: str
    english: str
    explained: str
    tone: str

    @property
    def name(self) -> str:
        """In the language that is spoken."""
        return say(self.english)

    @property
    def meaning(self) -> str:
        """In the language that is spoken."""
        return say(self.explained) if self.explained else ""

    @property
    def slug(self) -> str:
        """The name as a class of the stylesheet, and in addresses: "Not found" -> "not-found"."""
        return self.english.lower().replace(" ", "-")


VERDICTS: dict[VerdictName, Label] = {
    "verbatim": Label(
        "✓", marked("Verbatim"), marked("It stands in the source word for word."), "good"
    ),
    "normalized": Label(
        "≈",
        marked("Same words"),
        marked("Only capitals, dashes, quotation marks and the like differ."),
        "good",
    ),
    "altered": Label(
        "≠", marked("Altered"), marked("The source says something like it, but not this."), "warn"
    ),
    "spliced": Label("⋯", marked("Spliced"), marked("It is put together of parts."), "warn"),
    "misattributed": Label(
        "→",
        marked("Misattributed"),
        marked("It does not stand in that article, but in another."),
        "warn",
    ),
    "not_found": Label(
        "✕", marked("Not found"), marked("Nothing like it stands in the collection."), "bad"
    ),
}

_LEFT_OUT = marked("Words are left out, and it says so; the rest is the same.")
_SAID_BY_OTHER = marked("It stands in the source, but somebody else says it.")
_NOT_AMONG_CHOSEN = marked("Nothing like it stands in what it was held against.")
_TOO_SHORT = Label("○", marked("Too short"), "", "plain")

NOT_CHECKED = Label(
    "–", marked("Not checked"), marked("Nothing that it refers to is here."), "plain"
)
CONTRADICTED = Label(
    "↯",
    marked("Perhaps contradicted"),
    marked("The source seems to say the contrary; read it."),
    "bad",
)
LACKING = Label(
    "!", marked("Lacking facts"), marked("The source lacks some of it, in all of it."), "warn"
)
WEAK = Label(
    "?",
    marked("Hardly supported"),
    marked("The source says something else, or only a part of it."),
    "warn",
)
NOT_READ = Label(
    "○",
    marked("Not read"),
    marked("The source comes near it, but was not read for the contrary."),
    "plain",
)
SUPPORTED = Label(
    "✓", marked("Supported"), marked("The source says much the same; read it."), "good"
)
# Support below this is nearer to that of sources which do not say it.
_SUPPORTS = 0.5

_KINDS: dict[str, str] = {
    "number": marked("a number"),
    "negation": marked("a negation"),
    "name": marked("a name"),
    "unit": marked("a unit"),
    "date": marked("a date"),
    "word": marked("wording"),
    "statement": marked("something else is said"),
}


def kind_named(kind: DifferenceKind | ContradictionKind) -> str:
    """In what a quote differs, what is missing, or what is contradicted, in words.

    >>> kind_named("word"), kind_named("date")
    ('wording', 'a date')
    """
    return say(_KINDS[kind])


def of_quote(found: Verdict, narrowed: bool = False) -> Label:
    """The verdict on a quote; one that is too short to mean anything is neither good nor bad.

    `narrowed`: not all of the collection was looked through.
    """
    said = VERDICTS[found.verdict]
    if found.verdict == "not_found" and narrowed:
        said = replace(said, explained=_NOT_AMONG_CHOSEN)
    if found.verdict == "normalized" and any(len(match.parts) > 1 for match in found.matches):
        said = replace(said, explained=_LEFT_OUT)
    speakers = [match.speaker for match in found.matches]
    if found.verdict == "misattributed" and all(s and s.agrees is False for s in speakers):
        said = replace(said, explained=_SAID_BY_OTHER)
    return replace(_TOO_SHORT, explained=said.explained) if found.too_short else said


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


def in_order() -> list[Label]:
    """The verdicts as a summary lists them: what needs looking at comes first."""
    first = (VERDICTS[name] for name in ("altered", "spliced", "misattributed", "not_found"))
    good = (VERDICTS[name] for name in ("verbatim", "normalized"))
    claims = (CONTRADICTED, LACKING, WEAK, NOT_CHECKED, NOT_READ, SUPPORTED)
    return [*first, _TOO_SHORT, *good, *claims]
