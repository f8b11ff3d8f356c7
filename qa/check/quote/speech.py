"""One speaker's words with an attribution between them, and how a quote joins them.

“The bridge was closed,” Berg said. “Nobody told us.” is quoted as “The bridge was closed. Nobody
told us”: nothing is left out of what Berg said. Between the two there may be no more than who says
it; narration, or “he never said”, keeps them apart.
"""

from __future__ import annotations

import re

from qa.text.tokens import DOUBLE_MARKS
from qa.text.words import ABBREVIATIONS, is_negation
from qa.text.words.tables import listed

_SAYS = listed("say") | listed("attributing")
_MARKS = f"{DOUBLE_MARKS}‘’'"
MOST = 150  # characters between two quotations
MOST_CROSSED = 1_000  # the same, where more than an attribution is
_JOINT = re.compile(
    rf"""(?P<stop>[,.!?…–—-]?)(?:(?<=\S)[{_MARKS}]|»)(?P<behind>[,.]?)\s+
         (?P<said>[^{DOUBLE_MARKS}‘\n]{{2,{MOST}}})(?<=\s)(?:[{_MARKS}](?=\S)|«)""",
    re.VERBOSE,
)
_CROSSING = re.compile(
    rf"(?:\S[{_MARKS}]|»)[,.]?\s[^{DOUBLE_MARKS}]{{0,{MOST_CROSSED}}}\s(?:[{_MARKS}]\S|«)"
)
_WORD = re.compile(r"\w+(?:['’]\w+)*")
_SENTENCE_ENDS = re.compile(r"(?<!\w)(\w*+)[.!?]\s++(?=\S)")
_MOST_WORDS = 20


def joints(text: str) -> list[re.Match[str]]:
    """The attributions between two quotations, with the marks around them."""
    return [found for found in _JOINT.finditer(text) if _attributes(found)]


def without_attributions(text: str, found: list[re.Match[str]], comma: str) -> str:
    """The text with a stop or a comma for each attribution, every offset as it was.

    Where a sentence goes on behind the attribution, it may have had a `comma` or nothing.
    """
    parts, at = [], 0
    for joint in found:
        size = joint.end() - joint.start()
        parts += [text[at : joint.start()], _between(joint, comma).ljust(size)]
        at = joint.end()
    return "".join([*parts, text[at:]])


def crosses_speech(text: str) -> bool:
    """Whether a quotation ends in a stretch of a text and another begins."""
    return _CROSSING.search(text) is not None


def _between(joint: re.Match[str], comma: str) -> str:
    if joint["stop"] and joint["stop"] != ",":
        return joint["stop"]
    return "." if joint["said"].rstrip()[-1:] in ".;" or joint["behind"] == "." else comma


def _attributes(joint: re.Match[str]) -> bool:
    """Whether what stands between two quotations says who speaks, and nothing else."""
    said = joint["said"]
    words = [word.casefold().replace("’", "'") for word in _WORD.findall(said)]
    if not joint["stop"] and not joint["behind"] and joint[0][0] in "'’":
        return False  # an apostrophe
    one = all(end[1].casefold() in ABBREVIATIONS for end in _SENTENCE_ENDS.finditer(said.strip()))
    says = not _SAYS.isdisjoint(words)
    return one and says and len(words) <= _MOST_WORDS and not any(map(is_negation, words))
