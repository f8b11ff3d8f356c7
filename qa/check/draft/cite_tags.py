"""Tags by which language models and wikis cite: <cite>1</cite>, <ref>…</ref>, <co: 1>…</co: 1>.

Each is written anew as a mark that `references` reads: [1], <https://…>, [source: talks.txt].
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from qa.check.draft.reference_patterns import ONLY_NUMBERS
from qa.text.words.tables import alternatives

CITING = frozenset(("cite", "citation", "citations", "co", "ref", "reference", "source", "sources"))
# Of <cite> alone the words may be no source, but the name of a work or a person.
_NAMES = frozenset(("cite",))
_ATTRIBUTES = (
    *("href", "url", "source", "src", "doc", "document", "docs", "id", "index", "ref"),
    *("n", "number", "key", "name", "citation"),
)
# In 0-3,0-4 the number before the dash is that of the document, the other that of its sentence.
_SENTENCES = re.compile(r"\d+-\d+(?::\d+)?(?:,\s*\d+-\d+(?::\d+)?)*")
_URL = re.compile(r"(?:https?://|www\.)\S+\Z")
_NUMBERED = re.compile(rf"(?:{alternatives('mark_words')})?[\s:_#.-]*(\d{{1,3}})", re.IGNORECASE)
_CONTENT = re.compile(r"([^<>\n]{1,300})</", re.IGNORECASE)
_LONGEST_NAME = 120


class CitedInTag(NamedTuple):
    """What an opening tag becomes, and what its closing tag."""

    before: str
    behind: str = ""
    is_empty: bool = False  # no closing tag follows


def cited_in_tag(text: str, tag: re.Match[str], attributes: Mapping[str, str]) -> CitedInTag:
    """What a tag that cites is written as.

    <cite>1</cite> -> [ and ]; <cite id="1">Yes</cite> -> "" and [1]; <ref name="a"/> -> [source: a]
    """
    rest = tag["rest"].strip()
    is_empty = rest.endswith("/")
    value = _value(rest, attributes)
    if is_empty:
        return CitedInTag(mark_of(value), is_empty=True)
    content = _CONTENT.match(text, tag.end())
    words = content[1].strip() if content else ""
    if value and not (words and _is_mark(words)):
        return CitedInTag("", f" {mark_of(value)}")
    if not words or len(words) > _LONGEST_NAME:
        return CitedInTag("")
    if words[0] in "[(【" or _URL.match(words):
        return CitedInTag(" ", " ")
    if _is_mark(words) or tag["tag"].lower() in _NAMES:
        return CitedInTag(" [", "]")
    return CitedInTag(" [source: ", "]")


def mark_of(value: str) -> str:
    """A mark for what an attribute says: "1" -> [1], "talks.txt" -> [source: talks.txt]."""
    value = " ".join(value.split()).strip("[]")
    if _SENTENCES.fullmatch(value):
        documents = dict.fromkeys(part.partition("-")[0].strip() for part in value.split(","))
        return "".join(f"[{number}]" for number in documents)
    if ONLY_NUMBERS.fullmatch(value):
        return f"[{value}]"
    if _URL.match(value):
        return f"<{value}>" if "//" in value else f" {value} "
    return f"[source: {value}]" if value else ""


def _value(rest: str, attributes: Mapping[str, str]) -> str:
    if rest.startswith(":"):  # <co: 0,2>
        return rest.strip(": /")
    return next((attributes[name] for name in _ATTRIBUTES if attributes.get(name)), "")


def _is_mark(words: str) -> bool:
    return bool(ONLY_NUMBERS.fullmatch(words) or _NUMBERED.fullmatch(words))
