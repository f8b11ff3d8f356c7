"""What Obsidian, Jekyll, Hugo, Pandoc and others add to Markdown, written anew as CommonMark.

Comments, templates and marks that no reader sees go; highlights and callouts lose their signs.
Code is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pyromark

from qa.types import Removed

# Canonical text has no control characters, so that these stand for code and nothing else.
_OPEN, _CLOSE = "\x01", "\x02"
_HIDDEN = re.compile(f"{_OPEN}(\\d+){_CLOSE}")

# No content may hold what opens another one: every character is read a fixed number of times.
_COMMENT = re.compile(
    r"%%(?:[^%]|%(?!%))*+%%|<!--(?:[^<-]|-(?!->)|<(?!!--))*+-->"
    r"|\{%-?\s*comment\s*-?%\}(?:[^{]|\{(?!%-?\s*(?:end)?comment))*+\{%-?\s*endcomment\s*-?%\}"
    r"|\{::comment\}(?:[^{]|\{(?!:))*+\{:/(?:comment)?\}"
    r"|^\*\[[^\[\]\n]*+\]:.*$",  # *[HTML]: an abbreviation that is spelt out
    re.MULTILINE,
)
_TEMPLATE = re.compile(
    r"\{%(?:[^%{]|%(?!\})|\{(?!%))*+%\}|\{\{(?:[^{}]|\}(?!\})|\{(?!\{))*+\}\}"
    r"|\{:[^{}\n]*+\}|(?<=[\])`])\{[.#=][^{}\n]*+\}|^ {0,3}:::.*$|^\[(?:TOC|\[_?TOC_?\])\]\s*$",
    re.MULTILINE | re.IGNORECASE,
)
_SPAN = re.compile(r"(?<![!\]\\])\[([^\[\]\n]*+)\]\{[.#][^{}\n]*+\}")
_CALLOUT = re.compile(r"^([ \t]*>[> \t]*)\[![\w-]+(?:\|[^\]\n]*)?\][+-]?[ \t]*(.*)$", re.MULTILINE)
_HIGHLIGHT = re.compile(
    r"(?<![\\=A-Za-z0-9])==(?=[^\s=])((?:[^=\n]|=(?!=)|\n(?!\s*\n))*+)==(?![=A-Za-z0-9])"
)
_RAISED = re.compile(r"(?<=[\w)])\^([^\s^\[\]]{1,20})\^")
_LOWERED = re.compile(r"(?<=\w)~([^\s~]{1,20})~(?!~)")
_INLINE_NOTE = re.compile(r"(?<!\\)\^\[((?:[^\[\]]|\[[^\[\]]*+\])*+)\]")
_NOTE = re.compile(
    r"(^[> \t]*\[\^[^\[\]\n]+\]:)|(?<!\\)\[\^[^\[\]\s]+\](?:\([^()\s\[]*+\))?", re.MULTILINE
)
# [[4]](url) is a link to a note, and no wikilink.
_BRACKETED_LINK = re.compile(r"\[\[([^\[\]\n]*+)\]\](?=\()")
_BLOCK_ID = re.compile(r"(?:^|(?<=\s))\^(?=[0-9-]*[A-Za-z])[A-Za-z0-9-]{3,}[ \t]*$", re.MULTILINE)
_PART = re.compile(r"(!?)\[\[([^\[\]|#\n]*+)#\^?([^\[\]|\n]++)\]\]")
_SIGNS = ("%%", "<!--", "{", "==", "^", "~", ">", ":::", "[", "*[")


def as_commonmark(source: str) -> tuple[str, tuple[Removed, ...]]:
    """The source in the parser's own Markdown, and the templates that were taken out of it.

    "The ==old== port[^1] %%ask Ann%% {% include map %}" -> "The old port  "
    """
    if not any(sign in source for sign in _SIGNS):
        return source, ()
    code, text = _without_code(source)
    removed: list[Removed] = []
    text = _COMMENT.sub("", text)
    text = _SPAN.sub(r"\1", text)
    text = _TEMPLATE.sub(_taken(removed), text)
    text = _CALLOUT.sub(_callout, text)
    text = _HIGHLIGHT.sub(r"\1", text)
    notes = [note[1] for note in _INLINE_NOTE.finditer(text)]
    text = _INLINE_NOTE.sub("", text)
    text = _BRACKETED_LINK.sub(r"[\\[\1\\]]", text)
    text = _NOTE.sub(_note, text)
    text = _RAISED.sub(r"<sup>\1</sup>", text)
    text = _LOWERED.sub(r"<sub>\1</sub>", text)
    text = _BLOCK_ID.sub("", text)
    text = _PART.sub(_part, text)
    text = "\n\n".join([text, *notes])
    return _HIDDEN.sub(lambda hidden: code[int(hidden[1])], text), tuple(removed)


def additions(source: str) -> Iterator[tuple[int, int, str]]:
    """What these dialects add to some Markdown, as start and end, and what stands for it.

    For who needs to know where words stand: "==old== %%ask Ann%%" -> the four signs, the comment.
    """
    for found in _COMMENT.finditer(source):
        yield *found.span(), ""
    for found in _TEMPLATE.finditer(source):
        if found[0].startswith("{%"):
            yield *found.span(), ""
    for found in _HIGHLIGHT.finditer(source):
        yield found.start(), found.start() + 2, ""
        yield found.end() - 2, found.end(), ""
    for found in _CALLOUT.finditer(source):
        yield found.start(), found.start(2), ""
        if found[2]:  # the title is a paragraph of its own, and no part of what is quoted
            yield found.end(), found.end(), "\n"


def _without_code(source: str) -> tuple[list[str], str]:
    """The code of a source, and the source with a sign in place of each."""
    code: list[str] = []
    parts: list[str] = []
    data, at = source.encode(), 0
    for event, place in pyromark.events_with_range(source):
        match event:
            case {"Code": _} | {"Start": {"CodeBlock": _}} if place["start"] >= at:
                parts += [data[at : place["start"]].decode(), f"{_OPEN}{len(code)}{_CLOSE}"]
                code.append(data[place["start"] : place["end"]].decode())
                at = place["end"]
    return code, "".join(parts) + data[at:].decode()


def _taken(removed: list[Removed]) -> Callable[[re.Match[str]], str]:
    def take(found: re.Match[str]) -> str:
        if found[0].startswith(("{%", "{{")):
            removed.append(Removed("template", " ".join(found[0].split())))
        return ""

    return take


def _note(found: re.Match[str]) -> str:
    """What says of a note stays, apart from the one before it; what refers to it goes."""
    if not found[1]:
        return ""
    return found[1] if found[1].startswith((">", " ", "\t")) else f"\n{found[1]}"


def _callout(found: re.Match[str]) -> str:
    """The title of a callout as a paragraph of its own: > [!info]- Talks -> > Talks."""
    return f"{found[1]}{found[2]}\n{found[1]}"


def _part(found: re.Match[str]) -> str:
    """A link to a part of a note, in the words that Obsidian shows: [[A#B]] -> [[A#B|A > B]]."""
    if found[1]:
        return found[0]
    shown = " > ".join(filter(None, (found[2], found[3].replace("#", " > "))))
    return f"[[{found[2]}#{found[3]}|{shown}]]"
