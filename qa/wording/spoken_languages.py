"""The languages of the pages, and which of them a browser asks for."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """A language that the pages speak: its tag (BCP 47), and what it calls itself."""

    tag: str
    name: str
    catalogue: str = ""  # the file that it is written in; "": none is needed
    in_cyrillic: bool = False  # what stands in the file is turned into Cyrillic letters


ENGLISH = Language("en", "English")
LANGUAGES = (
    ENGLISH,
    Language("sr-Latn", "Srpski", "sr_Latn"),
    Language("sr-Cyrl", "Српски", "sr_Latn", in_cyrillic=True),
    Language("ru", "Русский", "ru"),
)
# What the request at hand is answered in. What is no page is English.
speaking: ContextVar[Language] = ContextVar("speaking", default=ENGLISH)


def language_of(tag: str) -> Language | None:
    """The language with exactly this tag; None when there is none."""
    return next((one for one in LANGUAGES if one.tag == tag), None)


def asked_for(accept: str) -> Language:
    """The language that a browser likes best of ours, by its `Accept-Language`; else English.

    Serbian without a script is in Cyrillic, as browsers mean it; that of Montenegro in Latin.

    >>> asked_for("sr-RS;q=0.8, de").tag, asked_for("sr-Latn-RS,sr;q=0.9").tag, asked_for("*").tag
    ('sr-Cyrl', 'sr-Latn', 'en')
    """
    ranked = sorted(map(_ranked, accept[:1000].split(",")), key=lambda one: -one[1])
    found = (_nearest(tag) for tag, weight in ranked if weight > 0)
    return next(filter(None, found), ENGLISH)


def _ranked(part: str) -> tuple[str, float]:
    tag, _, rest = part.partition(";")
    weight = rest.strip().removeprefix("q=")
    try:
        return tag.strip().lower(), float(weight) if weight else 1.0
    except ValueError:
        return "", 0.0


def _nearest(tag: str) -> Language | None:
    first, *rest = tag.split("-")
    if first == "sr":
        in_latin = "latn" in rest or ("me" in rest and "cyrl" not in rest)
        return language_of("sr-Latn" if in_latin else "sr-Cyrl")
    return next((one for one in LANGUAGES if one.tag == first), None)
