"""Lines that say where a quotation is from: "— Ana Petrović, Talks", "Source: https://x.org"."""

from __future__ import annotations

import re

_SOURCE_WORDS = """
    source sources via quelle quellen izvor izvori fuente fuentes font fonti извор источник bron
    źródło
"""
_SOURCE = re.compile(
    rf"[ \t>*_(]*(?:{'|'.join(_SOURCE_WORDS.split())})[*_]{{0,2}}\s?[:：]", re.IGNORECASE
)
_DASH = re.compile(r"[ \t>]*(?:[—–―]|--?(?=[ \t]))[ \t]*[^\s\"“„«»—–-]")


def attributes(line: str) -> bool:
    """Whether a line may say where something is from: "— Ana" -> True, "– “Yes.”" -> False."""
    return begins_with_dash(line) or names_source(line)


def begins_with_dash(line: str) -> bool:
    """Whether a line begins with a dash and no quotation: "— Ana" -> True."""
    return _DASH.match(line) is not None


def names_source(line: str) -> bool:
    """Whether a line begins with a word for a source: "*Quelle:* Tanjug" -> True."""
    return _SOURCE.match(line) is not None
