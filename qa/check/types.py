"""What checking says: of a quote, and of a draft with all that it quotes and cites.

Offsets are those of `qa.types`: of an article's text, or of the draft where that is said.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from qa.check import ACCEPTED, BAD
from qa.filters import Filters
from qa.request_limits import checked_text
from qa.types import Depth, Source, Span

DifferenceKind = Literal["number", "negation", "name", "unit", "word"]
DifferenceOp = Literal["replace", "delete", "insert"]
MatchField = Literal["text", "title", "standfirst", "removed"]
VerdictName = Literal["verbatim", "normalized", "altered", "spliced", "misattributed", "not_found"]


@dataclass(frozen=True, slots=True)
class QuoteInquiry:
    """A quote to check, and where and by whom it is said to be."""

    quote: str
    article_id: str | None = None
    passage_id: str | None = None
    speaker: str | None = None

    def checked(self) -> QuoteInquiry:
        """The same, fit to be looked for. Raises InvalidInput when it is empty or too long."""
        return replace(self, quote=checked_text(self.quote, "quote"))


@dataclass(frozen=True, slots=True)
class Difference:
    """Words that differ between a quote and its source."""

    op: DifferenceOp  # what was done to the source: delete (left out), insert (added), replace
    quote: str
    source: str
    kind: DifferenceKind
    same_value: bool = False  # one number, written in two ways: 12 % and 12 percent


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a quote, and where it stands."""

    quote: str
    start: int
    end: int
    text: str  # == article.text[start:end]
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Words of an article."""

    start: int
    end: int
    text: str  # == article.text[start:end]


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says a quote in its source, and the words that show it; nobody where it is not clear."""

    name: str | None
    shown_by: Excerpt | None
    agrees: bool | None  # with the speaker that was asked about; None: unknown, or nobody was
    doubted: bool = False  # the source reports it as claimed, denied, supposed or forged


@dataclass(frozen=True, slots=True)
class Copy:
    """The same place in a syndicated copy."""

    source: Source
    passage_id: str
    start: int
    end: int
    citation: str


@dataclass(frozen=True, slots=True)
class Cut:
    """What a source's sentence says before a quote and behind it; None where nothing is."""

    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Match:
    """A place in a source that a quote was held against."""

    source: Source
    passage_id: str
    start: int
    end: int
    text: str  # == article.text[start:end]
    similarity: float  # 0..1
    differences: tuple[Difference, ...]
    citation: str
    sentence: Excerpt  # what it stands in, from the beginning of a sentence to the end of one
    parts: tuple[Part, ...] = ()  # when the quote is not in one piece: in its order
    speaker: Speaker | None = None  # None: nobody was asked about, and it is not clear who
    also_in: tuple[Copy, ...] = ()
    cut: Cut | None = None  # of an accepted quote; None: its sentence is whole
    field: MatchField = "text"  # where it stands; in another field offsets are that field's


@dataclass(frozen=True, slots=True)
class SourceChange:
    """What became of a cited passage whose article has changed since."""

    passage_id: str  # as it was cited
    article_id: str
    now: str | None  # the passage that the quote stands in now; None: it is gone


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `check` says of a quote."""

    quote: str
    verdict: VerdictName
    matches: tuple[Match, ...]
    note: str | None  # one or two sentences for the reader
    took_ms: float
    too_short: bool = False  # under four words: it may stand anywhere
    source_changed: SourceChange | None = None
    generation: int = field(default=0, compare=False)  # of the corpus


@dataclass(frozen=True, slots=True)
class Cited:
    """A reference of a draft, and the article that it refers to."""

    span: Span  # in the draft
    label: str
    target: str | None  # what it says of its source: a URL, a passage id, a title; None: nothing
    source: Source | None  # None: no article of the corpus
    passage_id: str | None = None  # as it was cited


@dataclass(frozen=True, slots=True)
class CheckedQuotation:
    """A quotation of a draft, and what became of it."""

    span: Span
    verdict: Verdict
    references: tuple[Cited, ...]
    speaker: str | None = None  # who says it by the draft
    key: str = ""  # of all that the verdict follows from: the same key, the same verdict
    taken_over: bool = False  # from an earlier check


@dataclass(frozen=True, slots=True)
class Missing:
    """A number, date or name of a sentence that all of its source lacks."""

    kind: Literal["number", "name", "date"]
    text: str


ContradictionKind = Literal["number", "name", "date", "negation", "statement"]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """The sentence of a cited source that says the contrary of a sentence."""

    passage_id: str
    start: int
    end: int
    text: str  # == article.text[start:end]
    kind: ContradictionKind  # in what they differ; "statement" where it is none of the others


@dataclass(frozen=True, slots=True)
class SupportingPassage:
    """The passage of a cited source that supports a sentence best."""

    source: Source
    passage_id: str
    start: int
    end: int
    text: str  # of its best sentence: == article.text[start:end]
    citation: str
    score: float  # 0..1
    missing: tuple[Missing, ...]
    contradicts: Contradiction | None = None  # None: nothing does, or nothing was read
    read: bool | None = None  # whether a reader read what is cited; None: none reads


class Supported(NamedTuple):
    """What supports a sentence: by all that it cites together, and by each article alone."""

    best: SupportingPassage | None  # None: nothing that it cites is here
    by_source: tuple[SupportingPassage, ...]
    to_read: int = 0  # how many passages would be read for it alone
    read: int = 0  # and how many were: all of these, or none where the draft has too many


# Whose reference a sentence is held against: its own, or the next one of its paragraph.
Covering = Literal["mark", "paragraph"]


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A sentence or clause of a draft that cites, and what supports it."""

    span: Span
    text: str
    references: tuple[Cited, ...]
    # By all that it cites: the best passage, and what none of the articles has. None: none is here.
    supporting: SupportingPassage | None
    covered_by: Covering = "mark"
    # By each article that it cites, in their order: its best passage, and what all of it lacks.
    by_source: tuple[SupportingPassage, ...] = ()
    key: str = ""
    taken_over: bool = False
    to_read: int = 0
    passages_read: int = 0

    @property
    def supported(self) -> Supported:
        """What supports it, to be taken over by a later check."""
        return Supported(self.supporting, self.by_source, self.to_read, self.passages_read)


# Of a draft: "unchecked" when it holds nothing that could be checked, "wrong" when a quotation does
# not stand as it is, a claim lacks something, or a reference or quotation mark leads nowhere.
Outcome = Literal["good", "wrong", "unchecked"]


@dataclass(frozen=True, slots=True)
class Against:
    """What a draft is held against."""

    chosen: Filters | None = None  # articles of the corpus; None: all of them
    none_chosen: bool = False  # the corpus is left out
    beside: tuple[Source, ...] = ()  # sources that came with the draft

    @property
    def is_narrowed(self) -> bool:
        return self.none_chosen or self.chosen is not None


ALL = Against()


@dataclass(frozen=True, slots=True)
class DraftReport:
    """What `check_text` says of a draft."""

    text: str
    quotations: tuple[CheckedQuotation, ...]
    claims: tuple[CheckedClaim, ...]
    references: tuple[Cited, ...]
    took_ms: float
    depth: Depth = "off"  # how much is read for each claim
    words: int = 0
    uncited: tuple[Span, ...] = ()  # sentences that no reference covers, nor quotes alone
    unclosed: tuple[Span, ...] = ()  # quotation marks that nothing closes, or opens
    basis: str = (
        ""  # what every finding rests on: a corpus at its moment, and what was chosen of it
    )
    generation: int = 0
    against: Against = ALL  # what it was held against

    @property
    def nowhere(self) -> tuple[Cited, ...]:
        """The references that lead to no article of the corpus."""
        return tuple(cited for cited in self.references if cited.source is None)

    @property
    def outcome(self) -> Outcome:
        """What became of the draft as a whole."""
        if not self._has_checked:
            return "unchecked"
        return "wrong" if self._has_wrong else "good"

    @property
    def _has_checked(self) -> bool:
        verdicts = [found.verdict for found in self.quotations]
        tried = any(v.verdict in ACCEPTED or not v.too_short for v in verdicts)
        return tried or bool(self._supporting)

    @property
    def _has_wrong(self) -> bool:
        # An expression of three words that is nowhere was perhaps no quotation.
        verdicts = [found.verdict for found in self.quotations]
        false = any(v.verdict in BAD and not v.too_short for v in verdicts)
        unsupported = any(one.contradicts or one.missing for one in self._supporting)
        return bool(false or unsupported or self.nowhere or self.unclosed)

    @property
    def read(self) -> int:
        """How many claims were read beside what they cite."""
        return sum(found.read is True for found in self._supporting)

    @property
    def unread(self) -> int:
        """How many were only compared with it: too many, in another language, or no reader."""
        return sum(found.read is not True for found in self._supporting)

    @property
    def _supporting(self) -> list[SupportingPassage]:
        return [claim.supporting for claim in self.claims if claim.supporting]
