"""The lines of a body, cut and counted as they come."""

from __future__ import annotations

from collections.abc import AsyncIterator

from qa.errors import TooLarge
from qa.storage.records import JobInput

MOST_LINES = 100_000


async def items_of(body: AsyncIterator[bytes]) -> list[JobInput]:
    """An input for each line that is not blank. Raises TooLarge when there are too many."""
    items: list[JobInput] = []
    async for number, line in _numbered(body):
        if line.strip():
            items.append(JobInput(f"line {number}", line))
        if len(items) > MOST_LINES:
            async for _ in body:  # who is cut off while it sends sees no answer
                pass
            raise TooLarge(
                f"the body has more than {MOST_LINES:,} lines: send it in several requests",
                code="too_many_lines",
            )
    return items


async def _numbered(body: AsyncIterator[bytes]) -> AsyncIterator[tuple[int, bytes]]:
    number, rest = 1, bytearray()
    async for part in body:
        rest += part
        if b"\n" in part:  # else a long line in small parts would be searched again with each
            *lines, last = bytes(rest).split(b"\n")
            rest = bytearray(last)
            for line in lines:
                yield number, line
                number += 1
    yield number, bytes(rest)
