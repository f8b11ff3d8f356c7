"""`qa list`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from qa.cli.options import AsJson, Data, ReadOnly, corpus_of, settings_for
from qa.cli.output import err, out, print_json, print_row
from qa.cli.selecting import (
    Authors,
    Languages,
    Limit,
    Offset,
    Publishers,
    Row,
    Since,
    Sort,
    Tags,
    Until,
    Words,
    rows_of,
    say_nothing_found,
    selection_of,
)
from qa.text.printable import visible

# Of each article, in a line of its own that other programs take apart.
COLUMNS = ("id", "title", "author", "publisher", "published", "passages")
# Below so many columns of the terminal a column is left out: a word a line is no table.
_ROOM = {"author": 90, "publisher": 70, "published": 50, "passages": 60}


def list_articles(
    words: Words = "",
    publisher: Publishers = None,
    author: Authors = None,
    language: Languages = None,
    tag: Tags = None,
    since: Since = None,
    until: Until = None,
    sort: Sort = "id",
    limit: Limit = None,
    offset: Offset = 0,
    data: Data = None,
    read_only: ReadOnly = False,
    as_json: AsJson = False,
) -> None:
    """List the articles, or those that are meant: a table; for other programs, lines with tabs."""
    selection = selection_of(words, publisher, author, language, tag, since, until)
    with corpus_of(settings_for(data, read_only)) as corpus:
        rows = list(rows_of(corpus, selection, sort, offset, limit))
        total = corpus.selected(selection, limit=1).total
        if as_json:
            print_json({"articles": [_fields(row) for row in rows], "total": total})
        elif not total:
            say_nothing_found(corpus)
    if not as_json:
        _print(rows)
        if len(rows) < total:
            err.print(f"{len(rows)} of {total} articles", style="dim")


def _fields(row: Row) -> dict[str, Any]:
    stored, characters, passages = row
    article = stored.article
    return {
        "id": article.id,
        **article.stated(),
        "tags": list(article.tags),
        "characters": characters,
        "passages": passages,
        "added_at": stored.added_at,
    }


def _print(rows: Sequence[Row]) -> None:
    cells = [[str(_fields(row)[name] or "") for name in COLUMNS] for row in rows]
    if out.is_terminal and cells:
        out.print(table(cells, out.width), soft_wrap=False)
    else:
        for row in cells:
            print_row(row)


def table(cells: Sequence[Sequence[str]], width: int) -> Table:
    """The articles' COLUMNS in a width; one that all leave empty, or has no room, is left out."""
    shown = [
        number
        for number, name in enumerate(COLUMNS)
        if width >= _ROOM.get(name, 0) and any(row[number] for row in cells)
    ]
    made = Table(box=None, pad_edge=False, header_style="dim")
    for number in shown:
        name = COLUMNS[number]
        style = "bold" if name == "id" else ""
        fixed = name in ("published", "passages")
        made.add_column(name, style=style, no_wrap=fixed, overflow="fold")
    for row in cells:
        made.add_row(*(Text(visible(row[number])) for number in shown))
    return made
