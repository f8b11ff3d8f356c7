"""Every place in a draft, plain or Markdown, that refers to a source, and what it refers to.

Links, URLs, [1], [1, 3-5], 【1】, footnotes and passage ids. Lists of sources and footnotes are
read for what their numbers stand for; they are no references themselves, nor is code. Linear time:
brackets are paired in one pass, and all else that is looked for is bounded or ends at the next one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from qa.check.draft.entries import Entry
from qa.check.draft.lists import entries
from qa.check.draft.markdown import blocks, cover, without_code
from qa.check.draft.scanning import Scanner, entry_targets
from qa.check.draft.taken import Known
from qa.check.draft.types import Reference
from qa.types import Span


class References(NamedTuple):
    """The references of a draft, in order, and what of it is not prose."""

    found: tuple[Reference, ...]  # "[1, 2]" is two of the same span
    entries: tuple[Span, ...]  # of lists of sources, and footnotes
    hidden: tuple[Span, ...]  # marks, URLs, titles, images and tags; not the text of links
    body: str  # the draft, as long as it was, without entries and code


def references(text: str) -> References:
    """The references of a draft, each with what it may be resolved by.

    "Yes [1].\\n\\n[1] Talks, https://x.org/a"
    -> Reference([4:7], "1", ("https://x.org/a", "Talks, https://x.org/a"))
    """
    clean = without_code(text)
    listed = entries(clean)
    spans = tuple(entry.span for entry in listed)
    body = cover(clean, spans, " ")
    scanner = Scanner(text, body, _known(text, clean, listed))
    found: list[Reference] = []
    hidden: list[Span] = []
    for block in blocks(body):
        scanned = scanner.read(block.span)
        found += scanned.found
        hidden += scanned.hidden
    return References(tuple(found), spans, tuple(sorted(hidden)), body)


def _known(text: str, clean: str, listed: Sequence[Entry]) -> Known:
    """What the labels of lists and footnotes stand for: the first entry of each counts."""
    links = {entry.label: entry.link for entry in reversed(listed) if entry.label and entry.link}
    labels = dict(links)
    for entry in listed:
        if entry.label and entry.label not in labels:
            labels[entry.label] = entry_targets(text, clean, links, entry.content)
    return Known(links, labels)
