"""A text without accents, typography and what nobody sees."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_LETTERS = "ß=ss đ=dj Đ=Dj ø=o Ø=O ł=l Ł=L æ=ae"
_SAME = dict(pair.split("=") for pair in _LETTERS.split())
_SAME |= dict.fromkeys("‘’ʼ´`", "'") | dict.fromkeys("–−‑‐‒", "-") | dict.fromkeys("“”„«»", '"')
_SAME |= {"½": " 1/2", "¼": " 1/4", "¾": " 3/4"}
# A dash parts a sentence, as the end of a line does; other space is but space.
_SAME |= {"—": "|", "\n": "\n"}


def plain_text(text: str) -> tuple[str, list[int]]:
    """The plain text, and where each of its characters was: "Čà" -> ("Ca", [0, 1])."""
    bases = {char: _base(char) for char in set(text)}
    places = [i for i, char in enumerate(text) for _ in bases[char]]
    return "".join(map(bases.__getitem__, text)), places


@lru_cache(maxsize=65_536)
def _base(char: str) -> str:
    if char in _SAME:
        return _SAME[char]
    if unicodedata.category(char) in ("Mn", "Cf"):
        return ""
    if char.isspace():
        return " "
    compatible = unicodedata.normalize("NFKD", char)
    return compatible if len(compatible) == 1 else unicodedata.normalize("NFD", char)[0]
