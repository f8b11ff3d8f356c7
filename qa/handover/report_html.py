"""A checked draft as one HTML file: to be read, printed, sent on, and handed in again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from qa.handover.handed import HandedItem
from qa.handover.handover import Handover
from qa.handover.reviewer_marks import rating_named
from qa.schemas.paths import external
from qa.text.language import tag_of
from qa.wording.catalogue import speak
from qa.wording.service_sentences import told, told_in
from qa.wording.spoken_languages import speaking


def _lang(stated: str | None, text: str) -> Markup:
    """The attribute of an element whose words are in a language that is known."""
    tag = tag_of(stated, text)
    return Markup(' lang="{}"').format(tag) if tag else Markup("")


_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
speak(_TEMPLATES)
_TEMPLATES.globals.update(
    external=external,
    lang=_lang,
    language=speaking.get,
    rating_named=rating_named,
    told_in=told_in,
)
_TEMPLATES.filters.update(told=lambda message: told(message).text)


@dataclass(frozen=True, slots=True)
class OwnedStretch:
    """A stretch of a draft, and the items that it belongs to: the innermost is the last."""

    text: str
    item: HandedItem | None
    ends: bool = False  # the item ends here


def as_html(handover: Handover) -> str:
    """The page: nothing in it is loaded from anywhere, and nothing runs."""
    return _TEMPLATES.get_template("handover.html").render(
        handover=handover,
        stretches=stretches(handover.report.text, handover.items),
        carried=handover.carried.packed(),
    )


def stretches(text: str, items: Sequence[HandedItem]) -> list[OwnedStretch]:
    """The draft cut at its items; where one stands within another, it is the inner one's."""
    edges = {edge for item in items for edge in (item.span.start, item.span.end)}
    cuts = sorted({0, len(text), *edges})
    waiting, open_items = list(reversed(items)), list[HandedItem]()
    found = []
    for start, end in pairwise(cuts):
        while waiting and waiting[-1].span.start <= start:
            open_items.append(waiting.pop())
        open_items = [item for item in open_items if item.span.end > start]
        item = open_items[-1] if open_items else None
        found.append(OwnedStretch(text[start:end], item, bool(item and item.span.end == end)))
    return found
