"""`qa edit`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.text import Text

from qa.cli.options import AsJson, Data, corpus_of, settings_for
from qa.cli.output import out, print_json


class Field(StrEnum):
    """What can be stated of an article, as the options are called."""

    TITLE = "title"
    AUTHOR = "author"
    PUBLISHER = "publisher"
    DATE = "date"
    URL = "url"
    LANGUAGE = "language"
    TAGS = "tags"


_Text = Annotated[str | None, typer.Option(help="As it should be.")]


def edit(
    article_ids: Annotated[list[str], typer.Argument(help="Ids of articles.")],
    title: _Text = None,
    author: Annotated[
        list[str] | None, typer.Option("--author", help="As it should be; repeat for several.")
    ] = None,
    publisher: _Text = None,
    date: Annotated[str | None, typer.Option(help="2024, 2024-05, 2024-05-31.")] = None,
    url: _Text = None,
    language: _Text = None,
    tag: Annotated[
        list[str] | None, typer.Option("--tag", help="In place of all tags; repeat for several.")
    ] = None,
    clear: Annotated[
        list[Field] | None, typer.Option("--clear", help="Take out what is stated there.")
    ] = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Correct what is known of articles: author, date and the like, and no text."""
    given: dict[str, Any] = {
        Field.TITLE: title,
        Field.AUTHOR: author,
        Field.PUBLISHER: publisher,
        Field.DATE: date,
        Field.URL: url,
        Field.LANGUAGE: language,
        Field.TAGS: tag,
    }
    stated = {_name(field): value for field, value in given.items() if value is not None}
    stated |= {_name(field): None for field in clear or ()}
    if not stated:
        raise typer.BadParameter("say what to correct: --author, --date …, or --clear author")
    with corpus_of(settings_for(data)) as corpus:
        for id_ in article_ids:  # before one of them is changed
            corpus.article(id_)
        became = [(id_, corpus.restate(id_, stated).name) for id_ in article_ids]
        generation = corpus.stored_generation()
    if as_json:
        changed = [{"id": id_, "status": name} for id_, name in became]
        print_json({"articles": changed, "generation": generation})
        return
    for id_, name in became:
        out.print(Text.assemble((id_, "bold"), f"  {name}"))


def _name(field: str) -> str:
    return "published" if field == Field.DATE else str(field)
