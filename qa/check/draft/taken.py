"""What was read at a place of a draft, and where to read on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from qa.check.draft.marks import expanded
from qa.check.draft.types import Reference
from qa.types import Span


class Known(NamedTuple):
    """What the labels of lists and footnotes stand for."""

    links: Mapping[str, tuple[str, ...]]  # of link definitions alone
    labels: Mapping[str, tuple[str, ...]]  # "3", "^note", "talks"


class Taken(NamedTuple):
    """What stands at a place: often nothing."""

    end: int  # where to read on
    found: tuple[Reference, ...] = ()
    hidden: tuple[Span, ...] = ()  # what is no words of the draft


def mark(span: Span, label: str, targets: tuple[str, ...]) -> Taken:
    """A reference that is no words of the draft.

    [3:8] "^note" -> read on at 8, one reference, all of it hidden
    """
    return Taken(span.end, (Reference(span, label, targets),), (span,))


def numbers(span: Span, written: str, known: Known) -> Taken:
    """A reference for each number of a mark.

    [3:11] "1, 3-4" -> read on at 11, references "1", "3" and "4", all of it hidden
    """
    found = (Reference(span, number, known.labels.get(number, ())) for number in expanded(written))
    return Taken(span.end, tuple(found), (span,))
