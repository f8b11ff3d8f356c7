"""How much one article, and one file, may hold."""

from __future__ import annotations

from dataclasses import dataclass

from qa.errors import TooLarge

# Markup, fonts and JSON escapes take room that the text itself does not.
RAW_FACTOR = 10


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds in bytes."""

    article_bytes: int = 5 * 1024 * 1024  # canonical text in UTF-8; also a text file's size
    file_bytes: int = 512 * 1024 * 1024  # a .json file, which has to be read whole

    @property
    def raw_bytes(self) -> int:
        """Of HTML, of a PDF, and of one line of JSON Lines, before the text is taken out."""
        return self.article_bytes * RAW_FACTOR


def check_size(size: int, limit: int, what: str) -> None:
    """Raise TooLarge, naming the limit and the size, when `size` is over `limit`."""
    if size > limit:
        raise TooLarge(f"{what} has {size:,} bytes; the limit is {limit:,} bytes")
