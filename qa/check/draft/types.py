"""What a draft comes apart into: its references, quotations and claims."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from qa.check.types import Covering
from qa.types import Span

_WORD = re.compile(r"\w+(?:['’-]\w+)*")


@dataclass(frozen=True, slots=True)
class Reference:
    """A place in a draft that refers to a source."""

    span: Span  # as written: "[3]", "[a link](https://…)", "[^note]", a bare URL, a passage id
    label: str  # "3", "^note", the link's text, the URL, the id
    targets: tuple[str, ...]  # passage ids, URLs, then the entry's text; () when nothing says


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation of a draft."""

    span: Span  # between the marks; of a blockquote, without attribution
    references: tuple[Reference, ...]  # what it refers to, nearest first
    words: str = ""  # what is quoted: without marks of references, addresses and tags
    place: Span = field(default_factory=lambda: Span(0, 0))  # where it stands in the draft's prose
    speaker: str | None = None  # of a blockquote: whom the line below names
    joined: str | None = None  # with the other piece of “The dam,” Sol said, “held”


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence or clause that cites; what it quotes are words of it."""

    span: Span  # its reference marks included
    text: str  # in one line, without marks and Markdown; links by their text
    references: tuple[Reference, ...]
    covered_by: Covering  # whose marks they are: its own, or the next ones of its paragraph


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be checked in a draft."""

    text: str
    quotations: tuple[Quotation, ...]
    claims: tuple[Claim, ...]
    references: tuple[Reference, ...]
    prose: str  # as Markdown, with spaces for marks, URLs and lists of sources
    uncited: tuple[Span, ...] = ()  # the sentences that no reference covers, nor quotes alone
    unclosed: tuple[Span, ...] = ()  # quotation marks that nothing closes, or opens

    @property
    def words(self) -> int:
        """How many words the draft has, less its marks and lists of sources."""
        return sum(1 for _ in _WORD.finditer(self.prose))
