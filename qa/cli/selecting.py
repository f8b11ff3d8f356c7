"""The options that say which articles are meant, and those articles."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Annotated

import typer

from qa.cli.output import err
from qa.corpus import Corpus
from qa.filters import Filters
from qa.storage.records import ArticleSort, Selection, StoredArticle

Row = tuple[StoredArticle, int, int]  # an article without its text, its length, its passages

PAGE = 500  # articles that are read at a time
_Several = list[str] | None

Words = Annotated[str, typer.Option("--words", help="Only articles that have all these words.")]
Publishers = Annotated[_Several, typer.Option("--publisher", help="Only this publisher.")]
Authors = Annotated[_Several, typer.Option("--author", help="Only this author.")]
Languages = Annotated[_Several, typer.Option("--language", help="Only this language.")]
Tags = Annotated[_Several, typer.Option("--tag", help="Only with this tag.")]
Since = Annotated[str | None, typer.Option("--since", help="Published from: YYYY[-MM[-DD]].")]
Until = Annotated[str | None, typer.Option("--until", help="Published to: YYYY[-MM[-DD]].")]
Sort = Annotated[
    ArticleSort, typer.Option("--sort", help="A minus turns it round; undated ones come last.")
]
Limit = Annotated[int | None, typer.Option("--limit", min=1, help="At most so many.")]
Offset = Annotated[int, typer.Option("--offset", min=0, help="Leave out so many before.")]


def selection_of(
    words: str,
    publisher: _Several,
    author: _Several,
    language: _Several,
    tag: _Several,
    since: str | None,
    until: str | None,
) -> Selection:
    """What the options select. Raises InvalidInput."""
    filters = Filters(
        publishers=tuple(publisher or ()),
        authors=tuple(author or ()),
        languages=tuple(language or ()),
        tags=tuple(tag or ()),
        published_from=since,
        published_to=until,
    )
    return Selection(filters, words)


def rows_of(
    corpus: Corpus, selection: Selection, sort: ArticleSort, offset: int, limit: int | None
) -> Iterator[Row]:
    """The selected articles from `offset` on, in order, a page read at a time."""
    left = limit
    for page in count():
        size = PAGE if left is None else min(PAGE, left)
        start = offset + page * PAGE
        rows = corpus.selected(selection, sort=sort, offset=start, limit=size).rows
        yield from rows
        left = None if left is None else left - len(rows)
        if len(rows) < size or left == 0:
            return


def say_nothing_found(corpus: Corpus) -> None:
    """Says why nothing came, where nobody takes it for something that did."""
    if corpus.articles(limit=1):
        err.print("No article is so.", style="yellow")
    else:
        err.print("The collection has no articles: qa add FOLDER", style="yellow")
