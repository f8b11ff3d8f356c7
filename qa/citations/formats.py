"""The formats by name, and which of them somebody accepts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from qa.citations.bibtex import bibtex
from qa.citations.block_quotes import html, markdown
from qa.citations.cited import Citation
from qa.citations.json_formats import annotation, csl
from qa.citations.ris import ris
from qa.citations.works import works

FormatName = Literal["plain", "markdown", "html", "bibtex", "ris", "csl", "annotation"]


@dataclass(frozen=True, slots=True)
class Format:
    """A form of citations: its media type, what its files end with, and how it is written."""

    media_type: str
    suffix: str
    write: Callable[[Sequence[Citation]], str]


def plain(citations: Sequence[Citation]) -> str:
    """A line each."""
    return "".join(f"{cited.plain}\n" for cited in citations)


FORMATS: Mapping[FormatName, Format] = {
    "plain": Format("text/plain", ".txt", plain),
    "markdown": Format("text/markdown", ".md", markdown),
    "html": Format("text/html", ".html", html),
    "bibtex": Format("application/x-bibtex", ".bib", lambda cited: bibtex(works(cited))),
    "ris": Format("application/x-research-info-systems", ".ris", lambda cited: ris(works(cited))),
    "csl": Format(
        "application/vnd.citationstyles.csl+json", ".json", lambda cited: csl(works(cited))
    ),
    "annotation": Format("application/ld+json", ".jsonld", annotation),
}
_BY_TYPE = {format_.media_type: name for name, format_ in FORMATS.items()}


def accepted(header: str) -> FormatName | None:
    """The format that an Accept header likes best; None for JSON with all of them.

    >>> accepted("application/x-bibtex, */*;q=0.1"), accepted("*/*"), accepted("")
    ('bibtex', None, None)
    """
    best, found = 0.0, None
    for part in header.split(","):
        media_type, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = _weight(parameters)
        known = media_type in _BY_TYPE or media_type in ("application/json", "*/*", "application/*")
        if known and weight > best:
            best, found = weight, _BY_TYPE.get(media_type)
    return found


def _weight(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(1.0, max(0.0, float(value)))
            except ValueError:
                return 0.0
    return 1.0
