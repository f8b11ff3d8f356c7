"""`qa ask`, `qa related`."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from qa.cli.hit_output import (
    print_cited,
    print_context,
    print_hits,
    print_notes,
    print_related,
)
from qa.cli.options import (
    AsJson,
    CiteName,
    Data,
    ModeName,
    ReadName,
    ReadOnly,
    Rerank,
    Threshold,
    TopK,
    corpus_of,
    settings_for,
)
from qa.cli.output import err, out, print_json
from qa.errors import InvalidInput
from qa.filters import Filters
from qa.ids import PassageId
from qa.request_limits import MAX_OFFSET, MAX_TOKENS
from qa.schemas.answers import AskOut, RelatedOut
from qa.types import Answer, Expand, Sort, Statement


def ask(
    question: Annotated[str, typer.Argument(help="In natural language.")],
    top_k: TopK = 5,
    mode: ModeName = "hybrid",
    article: Annotated[list[str] | None, typer.Option(help="Only this article.")] = None,
    publisher: Annotated[list[str] | None, typer.Option(help="Only this publisher.")] = None,
    author: Annotated[list[str] | None, typer.Option(help="Only this author.")] = None,
    language: Annotated[list[str] | None, typer.Option(help="Only this language.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="Only with this tag.")] = None,
    since: Annotated[str | None, typer.Option(help="Published from: YYYY[-MM[-DD]].")] = None,
    until: Annotated[str | None, typer.Option(help="Published to: YYYY[-MM[-DD]].")] = None,
    rerank: Rerank = True,
    read: ReadName = None,
    threshold: Threshold = None,
    cite: CiteName = None,
    offset: Annotated[
        int, typer.Option(min=0, max=MAX_OFFSET, help="Go on behind so many passages.")
    ] = 0,
    sort: Annotated[Sort, typer.Option(help="-published: the newest first.")] = "relevance",
    one_per_article: Annotated[
        bool, typer.Option("--one-per-article", help="Of each article its best passage.")
    ] = False,
    time: Annotated[
        bool, typer.Option("--time/--no-time", help="Heed “since 2024”, “latest” and the like.")
    ] = True,
    min_score: Annotated[
        float, typer.Option(min=0, max=1, help="Leave out passages that score less.")
    ] = 0.0,
    expand: Annotated[
        Expand | None, typer.Option(help="Show each passage within what stands around it.")
    ] = None,
    max_tokens: Annotated[
        int | None,
        typer.Option(min=1, max=MAX_TOKENS, help="Print what goes into a prompt of so many."),
    ] = None,
    data: Data = None,
    read_only: ReadOnly = False,
    as_json: AsJson = False,
) -> None:
    """Ask a question; get the answering sentence and the passages, each with its footnote.

    "Words in marks" have to stand in a passage, in a longer question they are preferred (and
    with a plus, +"words", required); a word behind a minus (-Lund) may not.
    """
    filters = Filters(
        tuple(article or ()),
        tuple(publisher or ()),
        tuple(author or ()),
        tuple(language or ()),
        tuple(tag or ()),
        since,
        until,
    )
    if cite and as_json:
        raise InvalidInput("--cite prints a format of its own: leave out --json")
    settings = settings_for(data, read_only)
    with corpus_of(settings) as corpus:
        answer = corpus.ask(
            question,
            top_k=top_k,
            mode=mode,
            filters=filters or None,
            rerank=rerank,
            threshold=threshold,
            read=read,
            offset=offset,
            sort=sort,
            group_by="article" if one_per_article else None,
            time=time,
            min_score=min_score,
            expand=expand,
            max_tokens=max_tokens,
        )
        if cite:
            print_cited(corpus, settings, answer.hits, cite)
    if not cite:
        _say(answer, as_json)
    elif not answer.answered:
        err.print(Text(f"Not answered. {answer.reason}", "yellow"))
    if cite:
        print_notes(answer.notes, err)


def _say(answer: Answer, as_json: bool) -> None:
    if as_json:
        print_json(AskOut.of(answer).model_dump())
        return
    if answer.statement:
        confidence = f"[1] confidence {answer.confidence:.0%}"
        out.print(_marked(answer.statement).append("  ").append(confidence, "dim"))
        _print_below(answer.statement)
        out.print()
    else:
        out.print(Text.assemble(("Not answered.", "yellow"), f" {answer.reason}\n"))
    print_notes(answer.notes, out)
    if answer.context:
        print_context(answer.context)
    else:
        print_hits(answer.hits, answer.offset)
    for one in answer.understood:
        heeded = f"{one.kind}: {one.text}"
        taken_off = "" if one.kind in ("phrase", "without") else "; --no-time leaves it out"
        vain = "; no passage has it" if one.stands is False else ""
        out.print(Text(f"{heeded} ({one.effect}{vain}{taken_off})", "dim"))
    if answer.next_offset:
        out.print(Text(f"more passages: --offset {answer.next_offset}", "dim"))


def _print_below(said: Statement) -> None:
    """The words that answer, where they cannot be underlined, and who says it."""
    if said.words and not (out.color_system and _has_words(said)):
        out.print(Text(f"    in the words: {said.words.text}"))
    if said.speaker:
        out.print(Text(f"    said by {said.speaker.name} (“{said.speaker.text}”)", "dim"))


def _has_words(said: Statement) -> bool:
    """Whether the words that answer stand in the sentence: a speaker's name need not."""
    words = said.words
    return words is not None and said.start <= words.start and words.end <= said.end


def _marked(said: Statement) -> Text:
    """The sentence, and in it the words that answer, if there are such."""
    sentence = Text.assemble((said.text, "bold"))
    if said.words and _has_words(said):
        sentence.stylize("underline", said.words.start - said.start, said.words.end - said.start)
    return sentence


def related(
    what: Annotated[str, typer.Argument(help="A passage id, or a text.")],
    top_k: TopK = 5,
    other_sources_only: Annotated[
        bool,
        typer.Option("--other-sources-only", help="Not from articles in which it stands itself."),
    ] = False,
    data: Data = None,
    read_only: ReadOnly = False,
    as_json: AsJson = False,
) -> None:
    """Find passages about the same matter."""
    with corpus_of(settings_for(data, read_only)) as corpus:
        named = PassageId.match(what) is not None
        found = corpus.related(
            passage_id=what if named else None,
            text=None if named else what,
            top_k=top_k,
            other_sources_only=other_sources_only,
        )
    if as_json:
        print_json(RelatedOut.of(found).model_dump())
    else:
        print_related(found)
