"""What a reference looks like: its patterns, and what of them is read by hand."""

from __future__ import annotations

import re

MAX_NUMBERS = 10  # of one bracket: of [1-300] the first ten count

_NUMBERS = r"\d{1,3}(?:[ \t]*[,;–—-][ \t]*\d{1,3})*+"
_BARE = r"[^\s<>\[\]|\"“”„‟«»‹›`【】。，、）]"
# All that a paragraph is searched for, from left to right; what is escaped is passed over.
TOKEN = re.compile(
    rf"\\\[(?P<escaped>{_NUMBERS})\\\]|\\."
    rf"|【(?P<lenticular>{_NUMBERS})(?:[:†][^【】\n]*+)?】|<sup>(?P<raised>{_NUMBERS})</sup>"
    r"|(?P<superscript>[⁰¹²³⁴-⁹]{1,3})"
    r"|<(?P<autolink>[A-Za-z][A-Za-z0-9+.-]{1,30}:[^\s<>]+)>|(?P<tag><(?:!--|/?[A-Za-z])[^<>]*>)"
    r"|(?P<opening>[!^]?\[)"
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
    """Raised digits as others: "¹²" -> "12"."""
    return written.translate(_SUPERSCRIPTS)


def is_exponent_behind(before: str) -> bool:
    """Whether a raised number behind this is an exponent: "10 km" -> True, "said" -> False."""
    return _BEFORE_EXPONENT.search(before) is not None


def key(label: str) -> str:
    """By what a label is looked up: "The  Talks" -> "the talks"."""
    return " ".join(label.split()).casefold()


def is_source(url: str) -> bool:
    """Whether a link may lead to a source: "/a" -> True; "#note", "mailto:a@b.org" -> False."""
    return _NO_SOURCE.match(url) is None


def without_punctuation(url: str) -> str:
    """Less what ends the sentence: "https://x.org/a_(b))." -> "https://x.org/a_(b)"."""
    end, unopened = len(url), url.count(")") - url.count("(")
    while end and (url[end - 1] in _TRAILING or (url[end - 1] == ")" and unopened > 0)):
        unopened -= url[end - 1] == ")"
        end -= 1
    return url[:end]
