"""What a reference looks like: its patterns, and what of them is read by hand.

Ids of passages are found in the text, in brackets, and alone in code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import ascii_letters
from string import digits as ascii_digits

from qa.ids import MAX_LENGTH, NEVER_FIRST, PASSAGE_ENDING, PASSAGE_ID, PassageId
from qa.text.words.tables import alternatives
from qa.types import Span

# What names a place within a source: [1, p. 4].
PLACE = rf"(?:{alternatives('places_in_source')}|§+|¶+)"

MAX_NUMBERS = 10  # of one bracket: of [1-300] the first ten count

_NUMBERS = r"\d{1,3}(?:[ \t]*[,;–—-][ \t]*\d{1,3})*+"
_BARE = r"[^\s<>\[\]|\"“”„‟«»‹›`【】。，、）]"
# All that a paragraph is searched for, from left to right; what is escaped is passed over.
TOKEN = re.compile(
    rf"\\\[(?P<escaped>{_NUMBERS})\\\]"
    r"|\\(?:foot|full|auto|text|paren)?cite[a-z]?\*?(?:\[[^\[\]\n]{0,80}\]){0,2}"
    r"\{(?P<latex>[^{}\n]{1,200})\}|\\."
    rf"|【(?P<lenticular>{_NUMBERS})\]?】|【(?P<program>\d{{1,3}}(?:[:†][^【】\n]*+)?)】"
    rf"|(?P<private>\ue200[^\ue200\ue201\n]{{0,300}}\ue201|:contentReference\[oaicite:\d{{1,3}}\]"
    r"\{index=\d{1,3}\}|\bcite(?:turn\d{1,3}[a-z]{3,12}\d{1,3})+)|##(?P<hashed>\d{1,3})\$\$"
    rf"|<sup>(?P<raised>{_NUMBERS})</sup>|(?P<superscript>[⁰¹²³⁴-⁹]{{1,3}})"
    r"|(?<![\[^])\^(?P<caret>\d{1,3})(?![\w^])"
    r"|<(?P<autolink>[A-Za-z][A-Za-z0-9+.-]{1,30}:[^\s<>]+)>|(?P<tag><(?:!--|/?[A-Za-z])[^<>]*>)"
    r"|(?P<opening>[!^]?\[)"
    r"|\{\{?(?P<braced>[^{}\n]{1,80})\}\}?|\((?P<parenthesis>[^()\n]{1,200})\)"
    rf"|(?P<url>(?<![A-Za-z0-9])(?:https?://|www\.){_BARE}++"
    r"|(?:(?<![\w/.:])|\b(?:localhost|127\.0\.0\.1)(?::\d{1,5})?)"
    rf"/(?:v1/articles|v1/passages|articles)/[A-Za-z0-9_]{_BARE}*+)",
    re.IGNORECASE,
)
ONLY_NUMBERS = re.compile(_NUMBERS)
_RANGE = re.compile(r"(\d+)(?:[ \t]*[–—-][ \t]*(\d+))?")
_NO_SOURCE = re.compile(r"#|(?:mailto|tel|javascript|data):|\Z", re.IGNORECASE)
# An exponent stands behind a unit, a single letter or a digit: 10 km², x².
_BEFORE_EXPONENT = re.compile(r"(?:(?<!\w)(?:[A-Za-zµ]|[kcdmµ]m|ft|in|yd|mi)|\d)\Z")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_TRAILING = frozenset(".,;:!?'’*_~…")

# --- numbers, labels, addresses ---


def expanded(written: str) -> list[str]:
    """The numbers that are meant: "1, 3-5" -> ["1", "3", "4", "5"]."""
    if written.isdigit():
        return [written.lstrip("0") or "0"]
    numbers: list[int] = []
    for piece in _RANGE.finditer(written):
        first, last = int(piece[1]), int(piece[2] or piece[1])
        numbers += range(first, last + 1) if first <= last else (first, last)
        if len(numbers) >= MAX_NUMBERS:
            break
    return [str(number) for number in dict.fromkeys(numbers[:MAX_NUMBERS])]


def digits(written: str) -> str:
    """The digits as they are when not raised: "¹²" -> "12"."""
    return written.translate(_SUPERSCRIPTS)


def is_exponent_behind(before: str) -> bool:
    """Whether a raised number behind this is an exponent: "10 km" -> True, "said" -> False."""
    return _BEFORE_EXPONENT.search(before) is not None


def key(label: str) -> str:
    """The key by which a label is looked up: "The  Talks" -> "the talks"."""
    return " ".join(label.split()).casefold()


def is_source(url: str) -> bool:
    """Whether a link may lead to a source: "/a" -> True; "#note", "mailto:a@b.org" -> False."""
    return _NO_SOURCE.match(url) is None


def without_punctuation(url: str) -> str:
    """The URL without what ends the sentence: "https://x.org/a_(b))." -> "https://x.org/a_(b)"."""
    end, unopened = len(url), url.count(")") - url.count("(")
    while end and (url[end - 1] in _TRAILING or (url[end - 1] == ")" and unopened > 0)):
        unopened -= url[end - 1] == ")"
        end -= 1
    return url[:end]


# --- ids of passages ---

_CHARS = frozenset(f"{ascii_letters}{ascii_digits}_{NEVER_FIRST}")
# An article id may itself end as the id of a passage does: of two endings the last counts.
_ENDING = re.compile(rf"{PASSAGE_ENDING}(?![\w-]|{PASSAGE_ENDING})")
_IN_CODE = re.compile(rf"(?<!`)(?P<ticks>`{{1,3}}) ?(?P<id>{PASSAGE_ID}) ?(?P=ticks)(?!`)")


def passage_ids(text: str, body: str, span: Span) -> Iterator[tuple[str, Span]]:
    """The ids in a paragraph, and where each stands with its brackets or backticks.

    "see [talks.1a2b3c4d.120-480]" -> ("talks.1a2b3c4d.120-480", [4:28])
    """
    yield from _in_text(body, span)
    yield from _in_code(text, body, span)


def _in_text(body: str, span: Span) -> Iterator[tuple[str, Span]]:
    """The ids in prose: found by their endings, then backwards, so no place is looked at twice."""
    last = span.start
    for ending in _ENDING.finditer(body, span.start, span.end):
        at = _start(body, max(last, ending.start() - MAX_LENGTH), ending)
        last = end = ending.end()
        if PassageId.match(body[at:end]):
            alone = body[at - 1 : at] == "[" and body[end : end + 1] == "]" and at > span.start
            yield body[at:end], Span(at - alone, end + alone)


def _start(body: str, first: int, ending: re.Match[str]) -> int:
    at, end = ending.start(), ending.end()
    while at > first and body[at - 1] in _CHARS:
        at -= 1
    return at + len(body[at:end]) - len(body[at:end].lstrip(NEVER_FIRST))


def _in_code(text: str, body: str, span: Span) -> Iterator[tuple[str, Span]]:
    for match in _IN_CODE.finditer(text, span.start, span.end):
        # Where backticks are no code, the id is found in the text.
        in_code = not body[match.start() : match.end()].strip("x")
        if in_code and PassageId.match(match["id"]):
            yield match["id"], Span(*match.span())
