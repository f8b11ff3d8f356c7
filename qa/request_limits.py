"""What may be asked: how long a text may be, and how many passages may be wanted."""

from __future__ import annotations

from qa.errors import InvalidInput, TooLarge

MAX_QUESTION = 2_000  # characters
MAX_DRAFT = 200_000
MAX_TOP_K = 100
MAX_OFFSET = 10_000
MAX_TOKENS = 100_000  # of a prompt
MOST_GENERATIONS = 2**53 - 1  # what every reader of JSON takes
MAX_BATCH = 100  # questions or quotes
# Of all questions of a batch together: as many passages as one may want and pass over, and ten
# times the characters. Of quotes the characters of a draft.
MAX_BATCH_WANTED = MAX_OFFSET + MAX_TOP_K
MAX_BATCH_CHARACTERS = 10 * MAX_QUESTION


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


def check_max_tokens(max_tokens: int | None) -> None:
    """Raises InvalidInput when no prompt has so few tokens, or so many."""
    if max_tokens is not None and not 1 <= max_tokens <= MAX_TOKENS:
        raise InvalidInput(
            f"max_tokens is {max_tokens}; give 1 to {MAX_TOKENS:,}", code="invalid_field"
        )


def check_min_generation(generation: int) -> None:
    """Raises InvalidInput for what is the number of no change."""
    if not 0 <= generation <= MOST_GENERATIONS:
        raise InvalidInput(
            f"min_generation is {generation}; give the generation of an addition",
            code="invalid_field",
        )


def check_batch(size: int, characters: int, most: int, wanted: int = 0) -> None:
    """Raises TooLarge when a batch asks for more than is worked on at a time."""
    for found, limit, what in (
        (size, MAX_BATCH, "items"),
        (characters, most, "characters"),
        (wanted, MAX_BATCH_WANTED, "passages, with those passed over,"),
    ):
        if found > limit:
            raise TooLarge(
                f"the batch has {found:,} {what} together; at most {limit:,} are taken: send it in "
                "parts"
            )
