"""What stands in a text and is none of its words: reference marks, editors' notes, markup.

"The *port* was shut[4] in [May](https://ex.org).12 It …" says "The port was shut in May. It …".
They are blanked in place, so that every offset stays what it is. A number that may be one of the
text's own stays: “of [4] schools”, [50] percent, 10<sup>6</sup>, km², No.12.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from qa.text.words import is_content, is_unit
from qa.text.words.tables import any_of, listed

UNSEEN = "\u200b"  # no token begins or ends at it: **bo**ld is bold
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_BEFORE_NUMBERS = listed("before_numbers")
# “[citation needed]”, “(emphasis mine)”, “[sic]”
_EDITOR_NOTE = re.compile(rf" ?[\[(]\s*(?:{any_of(listed('editor_notes'))})\s*[\])]", re.IGNORECASE)
_NUMBER = r"\^?\d{1,3}(?:\s?[,;–-]\s?\^?\d{1,3})*"
_MARK = rf"(?:{_NUMBER}|\^[\w.-]{{1,40}}|[a-z]|(?i:note|nb|n|fn)\.?\ ?\d{{1,3}})"
_ATTRIBUTES = r"""(?:\s+[\w:-]+="[^"<>]*")*+\s*/?"""
# Every way begins with a sign that plain prose rarely has.
_NOTE = re.compile(
    rf"""<(?i:sup){_ATTRIBUTES}>\s*+(?:<[aA]{_ATTRIBUTES}>\s*+)?
          (?P<sup>\[[^\[\]<>]{{1,40}}\]|[\d*†‡]{{1,3}})\s*+(?:</[aA]>\s*+)?</(?i:sup)>
      | (?P<tag></?[a-zA-Z][a-zA-Z0-9]{{0,9}}{_ATTRIBUTES}>)
      | \[?(?P<marks>(?:\[{_MARK}\])++)\]?(?P<target>\([^()\s]*+\))?
      | !?\[(?P<words>[^\[\]\n]*+)\](?P<address>\((?:[^()\s]|\([^()\s]*+\))*+
          (?:\s+"(?:[^"\\\n]|\\.)*+")?\))
      | (?P<sign>[.!?,;:”»“)])(?P<glued>\d{{1,3}})(?=\s|\Z)
      | (?P<raised>[{_RAISED}]{{1,3}}|[†‡])(?!\w)
      | (?P<emphasis>(?<![\w$€£%])[*_]{{1,3}}(?=[^\s%$€£])|(?<=[^\s%$€£])[*_]{{1,3}}(?![\w%$€£])
          |(?<![\d%$€£])`{{1,2}})
      | (?P<line>^\ {{0,3}}(?:\#{{1,6}}|>++)\ )""",
    re.VERBOSE | re.MULTILINE,
)
# What a text without any of it need not be read for.
_DIGITS = frozenset("0123456789")
_SIGNS, _OTHER_SIGNS = "<[*_`", f"{_RAISED}†‡"
_GLUED = re.compile(r"[.!?,;:”»“)]\d")
_BRACKETED_NUMBER = re.compile(r"\[\d")
_LAST_WORD = re.compile(r"(?:(?<![^\W\d_])[^\W\d_]++|(?<!\d)\d++)\Z")
_NEXT_WORD = re.compile(r"\s*+([^\W\d_]+|%)")
_YEAR = re.compile(r"(?<!\d)(?:1\d|20)\d\d\Z")


def blanked(text: str, *, markup: bool = True, quoted: bool = False) -> str:
    """The text with spaces for its marks and notes, without its markup; every offset stays.

    Of what somebody `quoted`, [5] between two words may be a number that was put in.

    >>> blanked("The port was shut[4] [emphasis added] by 10.")
    'The port was shut                     by 10.'
    """
    if _may_have_notes(text):
        style = _Style(markup, quoted, len(_BRACKETED_NUMBER.findall(text)) > 1)
        text = _NOTE.sub(lambda found: _blank(found, style), text)
    if "[" in text or "(" in text:
        text = _EDITOR_NOTE.sub(lambda found: " " * len(found[0]), text)
    return text


def _may_have_notes(text: str) -> bool:
    if any(sign in text for sign in _SIGNS) or text[:1] in "#>" or "\n#" in text or "\n>" in text:
        return True
    if not text.isascii() and any(sign in text for sign in _OTHER_SIGNS):
        return True
    return any(text[max(0, at.start() - 1)] not in _DIGITS for at in _GLUED.finditer(text))


class _Style(NamedTuple):
    """What is read: with its markup or not, of whom, and whether it has several [4]."""

    markup: bool
    quoted: bool
    numbered: bool


def _blank(found: re.Match[str], style: _Style) -> str:
    """What stands in place of something that may be a note."""
    whole, size = found[0], len(found[0])
    if found["glued"]:
        return whole[0] + " " * (size - 1) if _is_glued_mark(found) else whole
    if found["raised"] or found["sup"]:
        return " " * size if _is_raised_mark(found) else whole
    if found["marks"]:
        return " " * size if found["target"] or _is_bracketed_mark(found, style) else whole
    if not style.markup:
        return whole
    if found["address"]:
        opening = found.start("words") - found.start()
        return UNSEEN * opening + found["words"] + UNSEEN * (len(found["address"]) + 1)
    return UNSEEN * size


def _is_bracketed_mark(found: re.Match[str], style: _Style) -> bool:
    """Whether what is in brackets is a mark: “tests [4] show”, not “of [4] schools”.

    Neither is “closed [4] schools” where it is the only such number of a text, or a quote's, nor
    the “20[5]” of a quote.
    """
    before, behind = _around(found)
    if not found["marks"][1:2].isdigit() and found["marks"][1:2] != "^":
        # “president[a] of”, “war.[d]”, and neither “[t]he” nor “plan[s]”
        letter = len(found["marks"]) == 3 and found["marks"][1] not in "abc"
        return (
            bool(before.strip())
            and not behind[:1].isalpha()
            and not (before[-1].isspace() or (letter and before[-1].isalpha()))
        )
    if before and not before[-1].isspace():
        return not (style.quoted and before[-1].isdigit()) or bool(_YEAR.search(before))
    last, following = _last_word(before.rstrip()), _next_word(behind)
    if not before.strip() or last.isdigit() or (last and not is_content(last)):
        return False
    if (
        following
        and (style.quoted or not style.numbered)
        and (is_content(following) or following == "of")
    ):
        return False
    return following != "%" and not is_unit(following)


def _is_raised_mark(found: re.Match[str]) -> bool:
    """Whether what is raised refers to a note: war³, 1962¹ and not m³, 10⁶."""
    before, _ = _around(found)
    if (found["sup"] or "").startswith("["):
        return True
    if before[-1:].isdigit():
        return bool(_YEAR.search(before))
    word = _last_word(before)
    return bool(before) and (not word or (len(word) > 2 and not is_unit(word)))


def _is_glued_mark(found: re.Match[str]) -> bool:
    """Whether a number is glued to the end of a clause: “the council.12 The”, not “No.12 The”."""
    before, behind = _around(found)
    word, following = _last_word(before), _next_word(behind)
    if found["sign"] in ",;:":
        return (
            word.isalpha() and bool(following) and not is_content(following) and (following != "of")
        )
    if not word:
        return before[-1:] in tuple(".!?,%)”»“")
    if word.isdigit() or (found["sign"] == "." and (len(word) < 3 or word in _BEFORE_NUMBERS)):
        return False
    return not behind.lstrip()[:1].islower() and not is_unit(following)


def _around(found: re.Match[str]) -> tuple[str, str]:
    """Some characters before something, and some behind it."""
    start, end = found.span()
    return found.string[max(0, start - 40) : start], found.string[end : end + 40]


def _last_word(text: str) -> str:
    found = _LAST_WORD.search(text)
    return found[0].casefold() if found else ""


def _next_word(text: str) -> str:
    found = _NEXT_WORD.match(text)
    return found[1].casefold() if found else ""
