"""What a question was not asked for in full: what of it no encoder read, what it quotes in vain."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from textwrap import shorten

from embeddings import Encoded
from qa.types import Mode, Understood

_ANY_WORD = re.compile(r"\w")
# Of the words that were read last, characters.
_LAST = 50


def unread(text: str, encoded: Encoded) -> str:
    """The end of a text that is longer than its encoder reads; "" where all of it was read."""
    spans = encoded.tokens.spans
    rest = text[int(spans[-1, 1]) if len(spans) else 0 :]
    return rest.strip() if _ANY_WORD.search(rest) else ""


def cut_note(what: str, text: str, encoded: Encoded, mode: Mode = "hybrid") -> Iterator[str]:
    """One sentence where a text is longer than its encoder reads, which says what becomes of it.

    >>> import embeddings
    >>> [encoded] = embeddings.load("hash").encode_queries([long := "so " * 300 + "much"])
    >>> list(cut_note("question", long, encoded, "dense"))[0][:66]
    'The question is too long: by meaning only its first 254 tokens are'
    """
    rest = unread(text, encoded)
    if rest:
        count = len(encoded.tokens.spans)
        last = shorten(text.rstrip()[: -len(rest)].rstrip()[-_LAST:], _LAST, placeholder="")
        last = last.partition(" ")[2] or last  # which may begin in mid-word
        behind = "is not looked for" if mode == "dense" else "is looked for by its words alone"
        yield (
            f"The {what} is too long: by meaning only its first {count} tokens are read, up to "
            f"“… {last}”; what stands behind {behind}."
        )


def vain_notes(understood: Sequence[Understood]) -> Iterator[str]:
    """A sentence for each phrase that was preferred, and that no passage has."""
    for one in understood:
        if one.stands is False:
            yield (
                f"No passage was found that has “{one.words}” word for word: its words are looked "
                "for one by one."
            )
