"""The links of a sentence that only say where it is from: their text is no word of it.

"It fell in March ([Tanjug](/a); [b92.net](https://b92.net/b))." -> the bracket
"It fell in March, [b92.net](https://b92.net/b)." -> the link
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from qa.check.draft.layers import DraftLayers
from qa.check.draft.types import Reference
from qa.text.words.tables import alternatives
from qa.types import Span

# A bracket in which, links left out, at most a word for a source, pages, years and joints stand.
_BRACKET = re.compile(
    rf"[(\[](?:[\s,;:.&*_\d–-]"
    rf"|\b(?:{alternatives('source_words')}|{alternatives('and')}|see|pp?)\b)*+[)\]]",
    re.IGNORECASE,
)


def naming(draft: DraftLayers, said: Span) -> Iterator[Span]:
    """What of a statement only names its source, in no order.

    Links alone in brackets, and those whose text is their address or its host.
    """
    for bracket in _BRACKET.finditer(draft.bare, said.start, said.end):
        span = Span(*bracket.span())
        if draft.references_in(span):
            yield span
    for one in draft.references_in(said):
        if _is_address(one):
            yield one.span


def _is_address(one: Reference) -> bool:
    """Whether a link's text is its host, or its address: "example.org" of https://example.org/a."""
    label = one.label.casefold().strip().removeprefix("www.").rstrip("/")
    return "." in label and any(label in _addresses(target) for target in one.targets[:1])


def _addresses(target: str) -> tuple[str, str]:
    try:
        parts = urlsplit(target.casefold())
    except ValueError:
        return "", ""
    host = parts.netloc.removeprefix("www.")
    return host, f"{host}{parts.path.rstrip('/')}"
