"""A checked draft as Markdown: what was found of each item, and what a person noted."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.handover.handed import HandedItem, Place
from qa.handover.handover import Handover
from qa.handover.reviewer_marks import rating_named
from qa.wording.catalogue import say
from qa.wording.service_sentences import told

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
    yield f"# {say('Checked: %(name)s', name=plain(handover.name))}"
    yield _about(handover)
    counts = ", ".join(f"{number} {name.lower()}" for name, number in handover.counts.items())
    checked = say("%(number)s checked", number=len(handover.items))
    ticked = say("%(number)s ticked off.", number=handover.ticked)
    yield f"{checked}: {counts or say('nothing')}. {ticked}"
    for item in handover.items:
        yield "\n\n".join(_item(item))
    if handover.left_over:
        yield f"## {say('Noted of what is no longer in the draft')}"
        yield "\n".join(
            f"- “{plain(mark.words)}”: {plain(mark.note) or say('ticked off')}"
            for mark in handover.left_over
        )


def _about(handover: Handover) -> str:
    by = say(" by %(name)s", name=plain(handover.reviewer)) if handover.reviewer else ""
    on = say(" on %(day)s", day=handover.day.isoformat()) if handover.day else ""
    return say("Checked%(by)s%(on)s against %(what)s.", by=by, on=on, what=handover.against)


def _item(item: HandedItem) -> Iterator[str]:
    remark = told(item.remark).text if item.remark else ""
    yield f"## {item.number}. {item.label.name} ({say('line %(number)s', number=item.line)})"
    yield f"> {plain(item.words)}"
    yield item.label.meaning or plain(remark)
    if item.speaker:
        yield say("By the draft it is said by %(name)s.", name=plain(item.speaker))
    if remark and item.label.meaning:
        yield plain(remark)
    yield from map(_place, item.places)
    if item.differs:
        yield "\n".join(f"- {plain(one)}" for one in item.differs)
    yield f"- [{'x' if item.mark.ticked else ' '}] {say('ticked off')}"
    if item.mark.is_outdated:
        yield say("It was ticked off when the check had found something else.")
    if item.mark.rating:
        yield say("Rating: %(rating)s", rating=rating_named(item.mark.rating))
    if item.mark.note:
        yield say("Note: %(note)s", note=plain(item.mark.note))


def _place(place: Place) -> str:
    said_by = ""
    if place.said_by:
        said_by = f"\n>\n> {say('Said by %(name)s.', name=plain(place.said_by))}"
    words = f"{plain(place.before)} **{plain(place.text)}** {plain(place.after)}".strip()
    heading = say("The source says:")
    return f"{heading}\n\n> {words}\n>\n> — {plain(place.citation)}{said_by}"
