"""How much one article, and one file, may hold, and what reading it may cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.errors import TooLarge

if TYPE_CHECKING:
    from qa.settings import Settings

MEBIBYTE = 1024 * 1024

# Markup, fonts and JSON escapes take room that the text itself does not.
RAW_FACTOR = 10


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds."""

    article_bytes: int = 5 * MEBIBYTE  # canonical text in UTF-8; also a text file's size
    file_bytes: int = 512 * MEBIBYTE  # a .json file, which has to be read whole
    # Of HTML, PDF and Markdown, which others' code reads (qa/ingest/isolated.py).
    parse_seconds: float = 60.0  # processor time
    parse_memory_bytes: int = 1024 * MEBIBYTE

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """Returns what the settings allow."""
        return cls(
            article_bytes=settings.max_article_bytes,
            parse_seconds=settings.max_parse_seconds,
            parse_memory_bytes=settings.max_parse_memory_bytes,
        )

    @property
    def raw_bytes(self) -> int:
        """Of HTML, of a PDF, and of one line of JSON Lines, before the text is taken out."""
        return self.article_bytes * RAW_FACTOR


def check_size(size: int, limit: int, what: str) -> None:
    """Raise TooLarge, naming the limit and the size, when `size` is over `limit`."""
    if size > limit:
        raise TooLarge(f"{what} has {size:,} bytes; the limit is {limit:,} bytes")
