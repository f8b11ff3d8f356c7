"""Number words, and what they are worth."""

from __future__ import annotations


def _in_a_row(words: str, first: int) -> dict[str, int]:
    return {word: number for number, word in enumerate(words.split(), first)}


ONES = _in_a_row("one two three four five six seven eight nine", 1)
TEENS = _in_a_row(
    """
    ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen
    """,
    10,
)
TENS = {
    word: 10 * number
    for word, number in _in_a_row(
        "twenty thirty forty fifty sixty seventy eighty ninety", 2
    ).items()
}
ORDINALS = _in_a_row(
    """
    first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth
    fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth
    """,
    1,
)
SCALES = {"dozen": 12.0, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
SHORT_SCALES = {"k": 1e3, "mn": 1e6, "mio": 1e6, "mln": 1e6, "bn": 1e9, "mrd": 1e9, **SCALES}
SMALL = {"zero": 0, "half": 0.5, **ONES, **TEENS, **TENS}
# Two thirds, a quarter: one divided by this.
PARTS = {"half": 2, "halves": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
