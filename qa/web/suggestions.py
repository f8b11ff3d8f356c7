"""What the collection holds, for fields in which it is typed: publishers, authors, languages, tags.

A `datalist` of HTML: no script is needed, and anything else can be typed.
"""

from __future__ import annotations

from qa.corpus import Corpus
from qa.errors import FootnoteError
from qa.storage.records import MOST_SUGGESTED, Facet, Selection
from qa.web.citing import here

_FACETS: dict[str, Facet] = {
    "publisher": "publisher",
    "author": "author",
    "language": "language",
    "tag": "tag",
    "tags": "tag",
}
# Of more, counting after each change would hold up the page.
_MOST_ARTICLES = 20_000


def known(field: str) -> list[str]:
    """What most of the articles state of a field; nothing where there is no page at hand."""
    request, facet = here(), _FACETS.get(field)
    if request is None or facet is None:
        return []
    corpus: Corpus = request.app.state.service.corpus
    try:
        if corpus.counts()["articles"] > _MOST_ARTICLES:
            return []
        counted = corpus.facets(Selection(), [facet], most=MOST_SUGGESTED)[facet]
    except FootnoteError:
        return []
    return [one.value for one in counted]
