"""Who says what stands at a place of an article, and the line to print under it."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from typing import Any

import numpy as np

from qa.storage.records import StoredArticle
from qa.types import Article, Source

_LONGEST_LABEL = 40  # characters
_CLOCK = re.compile(r"\d{2,3}:\d{2}:\d{2}")

# What turns letters around, and could end an isolate that is put around it.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Where all letters and digits are that are written from right to left, and some others.
_MAY_TURN = re.compile("[\u0590-\u08ff\u200f\ufb1d-\ufeff\U00010800-\U0001efff]")
_FIRST_STRONG_ISOLATE, _POP = "\u2068", "\u2069"
# A table program computes what begins with one of these.
_FORMULA = ("=", "+", "-", "@")


def source(stored: StoredArticle, start: int = 0) -> Source:
    """Who says what stands at `start` of an article."""
    article = stored.article
    pages = article.pages
    page = max(1, int(np.searchsorted(pages, start, side="right"))) if pages else None
    return Source(
        article_id=article.id,
        **article.stated(),
        page=page,
        page_label=page_label(article, page) if page else None,
        time=_time(article.extra.get("cues"), start),
    )


def page_label(article: Article, page: int) -> str | None:
    """What the PDF calls a page, when that is not its number: iv, A-3."""
    labels = article.extra.get("page_labels")
    if not isinstance(labels, list) or len(labels) != len(article.pages):
        return None
    label = labels[page - 1]
    fits = isinstance(label, str) and 0 < len(label) <= _LONGEST_LABEL
    return label if fits and label != str(page) else None


def citation(source: Source, start: int | None = None, end: int | None = None) -> str:
    """A line to print: who, what, where, when, which characters of the text, if it is some."""
    page = f"p. {source.printed_page}" if source.page else None
    characters = f"characters {start}–{end}" if start is not None else None
    return line(source, page, source.time, characters)


def line(source: Source, *places: str | None) -> str:
    """The line of a source, with the places in it that are meant.

    Where a part of it is written from right to left, each part is isolated: else the digits of a
    date between two Arabic names would be shown in another order than they are in. So it is where a
    table program would compute what it says.
    """
    parts = [
        source.author,
        f"“{source.title}”" if source.title else source.article_id,
        source.publisher,
        source.published,
        *places,
        source.url,
    ]
    said = [" ".join(_TURNS.sub("", part).split()) for part in parts if part]
    if any(map(_from_right, said)) or said[0].startswith(_FORMULA):
        said = [f"{_FIRST_STRONG_ISOLATE}{part}{_POP}" for part in said]
    return ", ".join(said)


def _from_right(text: str) -> bool:
    """Whether a letter or digit of it is written from right to left."""
    return any(
        unicodedata.bidirectional(character) in ("R", "AL", "AN")
        for character in _MAY_TURN.findall(text)
    )


def _time(cues: Any, start: int) -> str | None:
    """The time of the cue that is spoken at a place; None where `extra` holds something else."""
    try:
        _, time = cues[max(0, bisect_right(cues, start, key=lambda cue: cue[0]) - 1)]
        return time if _CLOCK.fullmatch(time) else None
    except (TypeError, ValueError, LookupError):
        return None
