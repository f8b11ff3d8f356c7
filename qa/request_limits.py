"""What may be asked: how long a text may be, and how many passages may be wanted."""

from __future__ import annotations

from qa.errors import InvalidInput

MAX_QUESTION = 2_000  # characters
MAX_DRAFT = 200_000
MAX_TOP_K = 100
MAX_OFFSET = 10_000


def checked_text(text: str, field: str, limit: int = MAX_QUESTION) -> str:
    """The text, storable and without NUL. Raises InvalidInput when it is empty or too long."""
    text = text.encode("utf-8", "replace").decode().replace("\0", " ")
    if not text.strip():
        raise InvalidInput(f"{field} is empty: write something to look for", code="empty")
    if len(text) > limit:
        raise InvalidInput(
            f"{field} has {len(text):,} characters; at most {limit:,} are taken", code="too_long"
        )
    return text


def check_top_k(top_k: int) -> None:
    """Raises InvalidInput when nobody may want so many passages."""
    if not 1 <= top_k <= MAX_TOP_K:
        raise InvalidInput(f"top_k is {top_k}; give 1 to {MAX_TOP_K}", code="invalid_top_k")


def check_page(top_k: int, offset: int) -> None:
    """Raises InvalidInput when nobody may want so many passages, or any so far down."""
    check_top_k(top_k)
    if not 0 <= offset <= MAX_OFFSET:
        raise InvalidInput(f"offset is {offset}; give 0 to {MAX_OFFSET:,}", code="invalid_offset")
