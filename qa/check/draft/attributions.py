"""What attributes a quotation, lines and marks, and the quotations without it.

"— Ana Petrović, Talks", "Source: https://x.org"
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.check.draft.markdown import cover
from qa.check.draft.quotations import Quoted, quoted
from qa.check.draft.types import Reference
from qa.text.capitals import UPPER
from qa.text.words.tables import alternatives
from qa.types import Span

_SOURCE = re.compile(
    rf"[ \t>*_(]*(?:{alternatives('source_words')})[*_]{{0,2}}\s?[:：]", re.IGNORECASE
)
_DASH = re.compile(r"[ \t>]*(?:[—–―]|--?(?=[ \t]))[ \t]*[^\s\"“„«»—–-]")
# — Ana Petrović; — Minister Ana Petrović, in May; — [Ana Petrović](https://…)
_NAMED = re.compile(
    rf"[ \t>]*[—–―-]{{1,3}}[ \t\[*_]*(?P<name>(?:[{UPPER}][\w'’.-]*[ \t]+){{1,3}}[{UPPER}][\w'’-]+)"
    r"[*_\]]*[ \t]*(?=[,;:(\[.\n]|\]|\Z|[ \t]|【|<)(?![ \t]+\w)"
)
_BODY = re.compile(rf"(?:\A|[ \t])(?:{alternatives('words_of_bodies')}|the)\b", re.IGNORECASE)
_NO_BRACKET = re.compile(r"[^\[\]()<>\n]")


def attributes(line: str) -> bool:
    """Whether a line may say where something is from: "— Ana" -> True, "– “Yes.”" -> False."""
    return begins_with_dash(line) or names_source(line)


def begins_with_dash(line: str) -> bool:
    """Whether a line begins with a dash and no quotation: "— Ana" -> True."""
    return _DASH.match(line) is not None


def names_source(line: str) -> bool:
    """Whether a line begins with a word for a source: "*Quelle:* Tanjug" -> True."""
    return _SOURCE.match(line) is not None


def trimmed_quotations(
    text: str, body: str, found: Sequence[Reference], hidden: Sequence[Span], dialogue: bool = False
) -> Quoted:
    """The quotations of a draft, without the marks and attributions that stand at their ends.

    "“We go.[1]”\\n\\n> yes\\n> — Ana" -> "We go.", "yes"
    """
    marks = set(hidden)
    mark_ending_at = {one.span.end: one.span.start for one in found if one.span in marks}
    # What stands in a URL or a title is no quotation.
    seen = cover(body, hidden, "x", _NO_BRACKET)
    quotes = quoted(seen, dialogue)

    def trimmed(span: Span) -> Span:
        end = _end_of_said(text, span)
        while (mark := mark_ending_at.get(end, -1)) > span.start:
            end = _stripped(text, span.start, mark)
        return Span(span.start, end) if end > span.start else span

    going_on = frozenset(map(trimmed, quotes.going_on))
    return Quoted(tuple(map(trimmed, quotes.spans)), going_on, quotes.lone)


def speaker_named(line: str) -> str | None:
    """The person whom a line below a blockquote names, at its beginning: "— Ana Ilić, 2 May".

    One name alone may be a newspaper or an agency: "— Tanjug".
    """
    if not begins_with_dash(line):
        return None
    found = _NAMED.match(line)
    if found is None or _BODY.search(found["name"]):
        return None
    return found["name"]


def _end_of_said(text: str, span: Span) -> int:
    """Where a quotation ends; a blockquote ends before a last line that attributes it."""
    line = text.rfind("\n", span.start, span.end)
    if line >= 0 and _is_blockquote(text, span) and attributes(text[line + 1 : span.end]):
        return _stripped(text, span.start, line)
    return span.end


def _is_blockquote(text: str, span: Span) -> bool:
    line = text.rfind("\n", 0, span.start) + 1
    return ">" in text[line : min(span.start, line + 9)]


def _stripped(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] in "> \t\r\n":
        end -= 1
    return end
