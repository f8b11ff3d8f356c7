"""What a list of sources begins under: "Sources:", "## Literatur", "**Izvori**"."""

from __future__ import annotations

import re

_TITLES = """
    sources, list of sources, source list, reference, references, reference list, notes, endnotes,
    footnotes, works cited, bibliography, citations, literature,
    quellen, quellenverzeichnis, quellenangaben, literatur, literaturverzeichnis, einzelnachweise,
    nachweise, belege, anmerkungen, fußnoten, fussnoten,
    références, bibliographie, notes de bas de page,
    izvori, literatura, napomene, fusnote, bilješke,
    fuentes, referencias, notas, bibliografía,
    fonti, riferimenti, bibliografia,
    извори, литература, напомене, референце, фусноте,
    источники, примечания
"""
_ANY_TITLE = "|".join(title.strip() for title in _TITLES.split(","))
_TITLE = re.compile(
    rf" {{0,3}}(?:#{{1,6}}\s++)?(?:\d{{1,2}}\.?\s++)?[*_]{{0,3}}(?:{_ANY_TITLE})[*_]{{0,3}}"
    r"\s?[:：]?[*_]{0,3}\s*+#*+\s*+",
    re.IGNORECASE,
)
_TITLE_BEFORE_NUMBER = re.compile(
    rf" {{0,3}}[*_]{{0,3}}(?:{_ANY_TITLE})[*_]{{0,3}}\s?[:：][*_]{{0,3}}\s+(?=\[\d)", re.IGNORECASE
)


def is_title(line: str) -> bool:
    """Whether a line is the title of a list of sources: "## 3. Sources:" -> True."""
    return _TITLE.fullmatch(line) is not None


def end_of_title(line: str) -> int | None:
    """Where a list begins in the line of its title: "Sources: [1] Talks" -> 9."""
    title = _TITLE_BEFORE_NUMBER.match(line)
    return title.end() if title else None
