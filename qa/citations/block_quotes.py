"""Words with the line that tells where they stand: Markdown and HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from qa.citations.cited import Citation
from qa.text.paragraphs import paragraph_spans

# What Markdown could take for a mark of its own, wherever it stands, and at the head of a line.
_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~&$])")
_HEAD = re.compile(r"[+=-]|\d+(?=[.)])", re.ASCII)
_NOT_IN_LINKS = re.compile(r"[\s()<>\\\"]")


def markdown(citations: Sequence[Citation]) -> str:
    """Each as a block quote, the title a link to the original."""
    return "\n\n".join(map(_markdown, citations)) + "\n"


def html(citations: Sequence[Citation]) -> str:
    """Each as a block quote with its line below; each part in its own direction."""
    return "\n".join(map(_html, citations)) + "\n"


def _markdown(cited: Citation) -> str:
    told = cited.source
    title = _plain_markdown(told.title or told.article_id)
    parts = [
        _plain_markdown(told.author or ""),
        f"[{title}]({_NOT_IN_LINKS.sub(_percent, cited.original)})" if cited.original else title,
        *(_plain_markdown(part or "") for part in (told.publisher, told.published, cited.place)),
        f"accessed {cited.accessed}" if cited.accessed else "",
    ]
    line = ", ".join(filter(None, parts))
    if not cited.words:
        return line
    quoted = [_plain_markdown(words) for words in _paragraphs(cited.words)]
    return "\n>\n".join([*(f"> {words}" for words in quoted), f"> — {line}"])


def _plain_markdown(text: str) -> str:
    """The text on one line, as Markdown that shows it as it is."""
    escaped = _MARKS.sub(r"\\\1", " ".join(text.split()))
    head = _HEAD.match(escaped)
    return escaped if head is None else _escaped_head(head[0]) + escaped[head.end() :]


def _escaped_head(head: str) -> str:
    """A mark that would open a list: "- one" -> "\\- one", "1. one" -> "1\\. one"."""
    return head + "\\" if head.isdigit() else "\\" + head


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode())


def _html(cited: Citation) -> str:
    told = cited.source
    title = f"<cite>{escape(told.title or told.article_id)}</cite>"
    published = (
        told.published
        and f'<time datetime="{escape(told.published)}">{escape(told.published)}</time>'
    )
    parts = [
        escape(told.author or ""),
        f'<a href="{escape(cited.original)}">{title}</a>' if cited.original else title,
        escape(told.publisher or ""),
        published,
        cited.place,
        f"accessed {cited.accessed}" if cited.accessed else "",
    ]
    line = ", ".join(f"<bdi>{part}</bdi>" for part in parts if part)
    if not cited.words:
        return f"<p>{line}</p>"
    language = f' lang="{escape(told.language)}"' if told.language else ""
    address = f' cite="{escape(cited.original)}"' if cited.original else ""
    quoted = "".join(f"<p>{escape(words)}</p>" for words in _paragraphs(cited.words))
    return f'<blockquote dir="auto"{language}{address}>{quoted}</blockquote>\n<p>— {line}</p>'


def _paragraphs(words: str) -> list[str]:
    return [" ".join(words[s.start : s.end].split()) for s in paragraph_spans(words)]
