"""`qa export`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from qa.cli.options import AsJson, Data, ReadOnly, corpus_of, settings_for
from qa.cli.output import err, out, print_json, utf8
from qa.cli.selecting import (
    Authors,
    Languages,
    Publishers,
    Since,
    Tags,
    Until,
    Words,
    rows_of,
    say_nothing_found,
    selection_of,
)
from qa.corpus import Corpus
from qa.errors import InvalidInput, NotFound
from qa.storage.records import Selection
from qa.text.printable import visible_json
from qa.types import Article


def export(
    file: Annotated[Path | None, typer.Argument(help="Where to; else standard output.")] = None,
    words: Words = "",
    publisher: Publishers = None,
    author: Authors = None,
    language: Languages = None,
    tag: Tags = None,
    since: Since = None,
    until: Until = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file.")] = False,
    data: Data = None,
    read_only: ReadOnly = False,
    as_json: AsJson = False,
) -> None:
    """Write articles as JSON Lines, which `qa add` takes back: texts, and all that is stated.

    The inputs as they came and the pages of PDFs are not in it: `qa backup` keeps all.
    """
    selection = selection_of(words, publisher, author, language, tag, since, until)
    with corpus_of(settings_for(data, read_only)) as corpus:
        articles = _articles(corpus, selection)
        if file is None:
            written, paged = _written(articles, sys.stdout, ascii_only=not utf8())
        else:
            written, paged = _to_file(articles, file, force)
        if not written:
            say_nothing_found(corpus)
    if paged:
        said = "1 article has pages" if paged == 1 else f"{paged} articles have pages"
        err.print(f"[yellow]note:[/] {said}, which are not in it: qa backup keeps them")
    if file is not None and as_json:
        print_json({"articles": written, "file": str(file)})
    elif file is not None:
        out.print(Text(f"{written} articles in {file}"))


def _articles(corpus: Corpus, selection: Selection) -> Iterator[Article]:
    for stored, _, _ in rows_of(corpus, selection, "id", 0, None):
        try:
            yield corpus.article(stored.article.id).article
        except NotFound:  # taken out meanwhile
            continue


def _to_file(articles: Iterator[Article], file: Path, force: bool) -> tuple[int, int]:
    """Writes the file whole or not at all."""
    if not file.parent.is_dir():
        raise NotFound(f"there is no folder {file.parent}")
    if file.is_dir():
        raise InvalidInput(f"{file} is a folder: name a file", code="is_folder")
    if file.exists() and not force:
        raise InvalidInput(f"{file} is there already: --force replaces it", code="file_exists")
    half = file.with_name(f"{file.name}.part")
    try:
        with half.open("w", encoding="utf-8") as stream:
            done = _written(articles, stream, ascii_only=False)
        half.replace(file)
    finally:
        half.unlink(missing_ok=True)
    return done


def _written(articles: Iterator[Article], stream: Any, *, ascii_only: bool) -> tuple[int, int]:
    """Writes the articles; gives their number, and of how many the pages are not in it."""
    written = paged = 0
    for article in articles:
        line = json.dumps(_record(article), ensure_ascii=ascii_only)
        stream.write(f"{visible_json(line)}\n")
        written += 1
        paged += bool(article.pages)
    return written, paged


def _record(article: Article) -> dict[str, Any]:
    fields = {
        "id": article.id,
        **article.stated(),
        **({"author": None} if len(article.authors) > 1 else {"authors": ()}),
        "tags": list(article.tags),
        "extra": dict(article.extra),
        "text": article.text,
    }
    return {name: value for name, value in fields.items() if value}
