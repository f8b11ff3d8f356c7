"""What multilingual-e5-small expects, packed or as it was published.

Its prompts; texts in small letters; and token vectors without what all of them have in common: two
that have nothing to do with each other have a cosine of 0.8 in the mean, and without it of 0.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from embeddings.types import Vectors

# Where the publisher has it, in float32.
ORIGINAL = "intfloat/multilingual-e5-small"
CENTRE = Path(__file__).with_name("centre.npy")
# A text of so many capitals is one in capitals, if it has as many of them as a headline.
_CAPITALS, _HEADLINE = 0.8, 12


@cache
def centre() -> Vectors:
    """What token vectors have in common: the mean of unit vectors, over texts in 28 languages.

    `python -m tests.bench.training.ranges` writes it.
    """
    found: Vectors = np.load(CENTRE, allow_pickle=False)
    return found


def lowered(text: str) -> str:
    """A text that is in capitals throughout in lower case, each sign in its place; others as is.

    The model knows few words in capitals: it cuts them into letters.

    >>> lowered("PRESIDENT SIGNS THE TREATY"), lowered("NATO"), lowered("He signs the NATO treaty")
    ('president signs the treaty', 'NATO', 'He signs the NATO treaty')
    """
    capitals = sum(map(str.isupper, text))
    if capitals < _HEADLINE or capitals < _CAPITALS * (capitals + sum(map(str.islower, text))):
        return text
    small = text.lower()
    if len(small) == len(text):
        return small
    # "İ" is two code points in lower case: spans would count otherwise.
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)
