"""Text of others, made fit for a terminal and for lines of a log."""

from __future__ import annotations

import re

# Controls, which a terminal obeys, and marks that make letters stand in another order than they do.
# A file called "a<ESC>]0;x<BEL>.txt" would set the title of the window. Line ends and tabs stay.
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    r"""The text with what would not be seen of it written out.

    >>> print(visible("a\x1b]0;x\x07 and \u202ecod.exe"))
    a\x1b]0;x\x07 and \u202ecod.exe
    """
    return _UNSEEN.sub(_written_out, text)


def visible_json(written: str) -> str:
    """Written JSON with the same written out: it stays JSON, of the same strings."""
    return _UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", written)


def _written_out(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
