"""Drafts of Obsidian, Jekyll and Hugo as plain Markdown: without what no reader of them sees."""

from __future__ import annotations

from qa.check.draft.markdown import without_code
from qa.check.draft.rewriting import Rewriting
from qa.ingest.markdown.markdown_dialects import additions
from qa.types import Span

_SIGNS = ("%%", "==", "{%", "[!", "{::", "*[")


def as_plain_markdown(text: str) -> Rewriting | None:
    """The draft without comments, templates and the signs of highlights and callouts.

    What is a comment or a sign is told as in articles. None when the draft has nothing of these.
    """
    if not any(sign in text for sign in _SIGNS):
        return None
    new, at = Rewriting(text), 0
    for start, end, instead in sorted(additions(without_code(text))):
        if start >= at:
            new.keep(at, start)
            new.put(instead, Span(start, max(end, min(start + 1, len(text)))))
            at = end
    if not at:
        return None
    new.keep(at, len(text))
    return new
