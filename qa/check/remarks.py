"""What a reader is told of a quote besides its verdict, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qa.check.cuts import warning
from qa.check.quote.forms import Quote
from qa.check.types import Match
from qa.text.spelling import written_otherwise

_FIELDS = {
    "title": "It stands in the title.",
    "standfirst": "It stands in what introduces the article, not in its text.",
    "removed": "It stands in a line that is left out of the article’s text, such as a caption.",
}
EVERYWHERE = (
    "It was looked for in all texts, and in the titles of the articles that come nearest; captions"
    " and other lines left out of texts are looked through in an article that is named."
)
CHOSEN = (
    "It was looked for in the texts and titles of what was chosen for this draft, and nowhere else."
)
NAMED = (
    "It was looked for in the text and title of {}, in the captions and other lines left out of it,"
    " and in the texts and titles of the others."
)


def of_place(quote: Quote, found: Sequence[Match], short: bool) -> Iterator[str]:
    """What is said of the place where an accepted quote stands: the field, the letters, the cut.

    Of several places that leave something out none is told if the quote is whole at another.
    """
    first = found[0]
    if first.field in _FIELDS:
        yield _FIELDS[first.field]
    if otherwise := written_otherwise(quote.given, first.text):
        yield otherwise
    if not short:
        cuts = [warning(match.sentence, match.start, match.end) for match in found]
        if cuts[0] and all(cuts):
            yield cuts[0]
