"""PDFs drawn line by line, as the places of the lines matter to their reader."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from fpdf import FPDF


class Put(NamedTuple):
    """A line, where it begins (millimetres from the left and from the top), and its size."""

    x: float
    y: float
    text: str
    size: float = 11


def printed(*pages: Sequence[Put], title: str = "") -> bytes:
    """The PDF of pages of 148 by 210 mm with these lines."""
    made = FPDF(format=(148, 210))
    made.set_auto_page_break(False)
    if title:
        made.set_title(title)
    for page in pages:
        made.add_page()
        for put in page:
            made.set_font("Helvetica", size=put.size)
            made.text(put.x, put.y, put.text)
    return bytes(made.output())


def set_in(lines: Sequence[str], x: float = 15, y: float = 25, size: float = 11) -> list[Put]:
    """Lines one below the other."""
    return [Put(x, y + n * size * 0.5, line, size) for n, line in enumerate(lines)]
