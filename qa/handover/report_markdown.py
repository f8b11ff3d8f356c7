"""A checked draft as Markdown: what was found of each item, and what a person noted."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.handover.handed import HandedItem, Place
from qa.handover.handover import Handover

_SIGNS = re.compile(r"[\\`*_{}\[\]<>()#+!|~&$^=-]|(?<=\d)\.")


def as_markdown(handover: Handover) -> str:
    """The report; what it quotes of others makes no headings, links or tags of it."""
    return "\n\n".join(_parts(handover)) + "\n"


def plain(text: str) -> str:
    r"""Words in one line, with every sign that Markdown reads made a letter.

    >>> plain("# a *b*\n[c](d)")
    '\\# a \\*b\\* \\[c\\]\\(d\\)'
    """
    return _SIGNS.sub(r"\\\g<0>", " ".join(text.split()))


def _parts(handover: Handover) -> Iterator[str]:
    yield f"# Checked: {plain(handover.name)}"
    yield f"{_about(handover)}"
    counts = ", ".join(f"{number} {name.lower()}" for name, number in handover.counts.items())
    yield f"{len(handover.items)} checked: {counts or 'nothing'}. {handover.ticked} ticked off."
    for item in handover.items:
        yield "\n\n".join(_item(item))
    if handover.left_over:
        yield "## Noted of what is no longer in the draft"
        yield "\n".join(
            f"- “{plain(mark.words)}”: {plain(mark.note) or 'ticked off'}"
            for mark in handover.left_over
        )


def _about(handover: Handover) -> str:
    by = f" by {plain(handover.reviewer)}" if handover.reviewer else ""
    on = f" on {handover.day.isoformat()}" if handover.day else ""
    return f"Checked{by}{on} against {handover.against}."


def _item(item: HandedItem) -> Iterator[str]:
    tick = "x" if item.mark.ticked else " "
    yield f"## {item.number}. {item.label.name} (line {item.line})"
    yield f"> {plain(item.words)}"
    yield item.label.meaning or plain(item.remark or "")
    if item.speaker:
        yield f"By the draft it is said by {plain(item.speaker)}."
    if item.remark and item.label.meaning:
        yield plain(item.remark)
    yield from map(_place, item.places)
    if item.differs:
        yield "\n".join(f"- {plain(one)}" for one in item.differs)
    yield f"- [{tick}] ticked off"
    if item.mark.is_outdated:
        yield "It was ticked off when the check had found something else."
    if item.mark.rating:
        yield f"Rating: {item.mark.rating.replace('_', ' ')}"
    if item.mark.note:
        yield f"Note: {plain(item.mark.note)}"


def _place(place: Place) -> str:
    said_by = f"\n>\n> Said by {plain(place.said_by)}." if place.said_by else ""
    words = f"{plain(place.before)} **{plain(place.text)}** {plain(place.after)}".strip()
    return f"The source says:\n\n> {words}\n>\n> — {plain(place.citation)}{said_by}"
