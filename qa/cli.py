"""The command line: `qa`. Every command takes --data and --json.

Exit codes: 0 all well; 1 something was refused, not found, or wrong (and is named); 2 the command
itself is not right; 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape

from qa.adding import Outcome
from qa.corpus import Corpus
from qa.errors import FootnoteError, InvalidInput
from qa.filters import Filters
from qa.ingest import Input, Limits, find_inputs, read_input, read_stream
from qa.settings import Settings
from qa.types import Document, Hit, Mode, Refused, Verdict

app = typer.Typer(
    name="qa",
    help="Footnote: ask a collection of articles; every answer with its exact place in the source.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

Data = Annotated[
    Path | None, typer.Option("--data", help="Folder of the corpus (QA_DATA; ./data).")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
TopK = Annotated[int, typer.Option("--top-k", "-k", min=1, max=100, help="How many passages.")]
VERDICT_STYLES = {"verbatim": "green", "normalized": "green", "altered": "red"}


def main() -> None:
    """Runs the command; an error of ours is one line, not a traceback."""
    try:
        app()
    except FootnoteError as error:
        _fail(error)
    except ValidationError as error:
        first = error.errors()[0]
        name = "QA_" + "_".join(str(part) for part in first["loc"]).upper()
        _fail(InvalidInput(f"{name}: {first['msg']}", code="invalid_setting"))
    except BrokenPipeError:  # `qa list | head`
        sys.stderr.close()


@app.command()
def add(
    paths: Annotated[list[str], typer.Argument(help="Files, folders, or - for standard input.")],
    data: Data = None,
    as_json: AsJson = False,
    if_empty: Annotated[
        bool, typer.Option("--if-empty", help="Do nothing when there are articles already.")
    ] = False,
) -> None:
    """Add articles: .txt .md .html .pdf .json .jsonl, and folders of them."""
    settings = _settings(data)
    with _corpus(settings) as corpus:
        if if_empty and corpus.articles(limit=1):
            _say_if_human(as_json, f"The corpus in {settings.data} has articles already.")
            return
        limits = Limits(article_bytes=settings.max_article_bytes)
        outcomes = _add(corpus, paths, limits, quiet=as_json)
    counts: Counter[str] = Counter(outcome.name for outcome in outcomes)
    removed = Counter(
        r.kind for o in outcomes if o.document and o.name != "unchanged" for r in o.document.removed
    )
    problems = [o.refused for o in outcomes if o.refused]
    if as_json:
        _print_json(
            {
                "counts": counts,
                "removed_lines": removed,
                "problems": [dataclasses.asdict(problem) for problem in problems],
                "notes": {
                    o.origin: o.document.notes for o in outcomes if o.document and o.document.notes
                },
            }
        )
    else:
        _report(outcomes, counts, removed)
    if counts["refused"]:
        raise typer.Exit(1)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="In natural language.")],
    top_k: TopK = 5,
    mode: Annotated[str, typer.Option(help="hybrid, dense or lexical.")] = "hybrid",
    article: Annotated[list[str] | None, typer.Option(help="Only this article.")] = None,
    publisher: Annotated[list[str] | None, typer.Option(help="Only this publisher.")] = None,
    author: Annotated[list[str] | None, typer.Option(help="Only this author.")] = None,
    language: Annotated[list[str] | None, typer.Option(help="Only this language.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="Only with this tag.")] = None,
    since: Annotated[str | None, typer.Option(help="Published from: YYYY[-MM[-DD]].")] = None,
    until: Annotated[str | None, typer.Option(help="Published to: YYYY[-MM[-DD]].")] = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Ask a question; get the answering sentence and the passages, each with its footnote."""
    filters = Filters(
        tuple(article or ()),
        tuple(publisher or ()),
        tuple(author or ()),
        tuple(language or ()),
        tuple(tag or ()),
        since,
        until,
    )
    with _corpus(_settings(data)) as corpus:
        answer = corpus.ask(question, top_k=top_k, mode=_mode(mode), filters=filters or None)
    if as_json:
        from qa.api.schemas import AskOut

        _print_json(AskOut.of(answer).model_dump())
        return
    if answer.statement:
        out.print(
            f"[bold]{escape(answer.statement.text)}[/]  [dim][1] confidence "
            f"{answer.confidence:.0%}[/]\n"
        )
    else:
        out.print(f"[yellow]Not answered.[/] {escape(answer.reason or '')}\n")
    _print_hits(answer.hits)


@app.command()
def related(
    what: Annotated[str, typer.Argument(help="A passage id, or a text.")],
    top_k: TopK = 5,
    other_sources_only: Annotated[
        bool, typer.Option("--other-sources-only", help="Not from the passage's own article.")
    ] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Find passages about the same matter."""
    with _corpus(_settings(data)) as corpus:
        named = _is_passage_id(what)
        hits = corpus.related(
            passage_id=what if named else None,
            text=None if named else what,
            top_k=top_k,
            other_sources_only=other_sources_only,
        )
    if as_json:
        from qa.api.schemas import HitOut, RelatedOut

        _print_json(RelatedOut(passages=[HitOut.of(hit) for hit in hits]).model_dump())
    else:
        _print_hits(hits)


@app.command()
def check(
    quote: Annotated[
        str, typer.Argument(help="The quote; a file with a draft; - for standard input.")
    ],
    article: Annotated[str | None, typer.Option(help="The article it is said to be from.")] = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Check whether a quote, or every quotation of a draft, stands in its source.

    Exit code 1 when something is altered, misattributed or not found.
    """
    draft = _draft(quote)
    with _corpus(_settings(data)) as corpus:
        if draft is None:
            verdicts = [corpus.check(quote, article_id=article)]
        else:
            verdicts = [found.verdict for found in corpus.check_text(draft)]
    if as_json:
        from qa.api.schemas import CheckOut

        shown = [CheckOut.of(verdict).model_dump() for verdict in verdicts]
        _print_json(shown[0] if draft is None else {"quotations": shown})
    else:
        for verdict in verdicts:
            _print_verdict(verdict)
        if not verdicts:
            out.print("No quotation of four words or more was found.")
    if any(verdict.verdict not in ("verbatim", "normalized") for verdict in verdicts):
        raise typer.Exit(1)


@app.command("list")
def list_(data: Data = None, as_json: AsJson = False) -> None:
    """List the articles."""
    with _corpus(_settings(data)) as corpus:
        rows = [
            {
                "id": stored.article.id,
                "title": stored.article.title,
                "publisher": stored.article.publisher,
                "author": stored.article.author,
                "published": stored.article.published,
                "characters": length,
                "passages": passages,
            }
            for stored, length, passages in _all_articles(corpus)
        ]
    if as_json:
        _print_json({"articles": rows})
        return
    for row in rows:
        about = [row["author"], row["publisher"], row["published"], f"{row['passages']} passages"]
        out.print(f"[bold]{escape(str(row['id']))}[/]  {escape(str(row['title'] or '(no title)'))}")
        out.print(f"    [dim]{escape(', '.join(str(a) for a in about if a))}[/]")


@app.command()
def show(
    article_id: Annotated[str, typer.Argument(help="An article's id.")],
    raw: Annotated[bool, typer.Option("--raw", help="The input as it came.")] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Show an article: what is known of it, and its text."""
    with _corpus(_settings(data)) as corpus:
        if raw:
            sys.stdout.buffer.write(corpus.raw(article_id))
            return
        stored = corpus.article(article_id)
    fields = dataclasses.asdict(stored)
    if as_json:
        _print_json(fields)
        return
    article = fields.pop("article")
    for name, value in {**article, **fields}.items():
        if value and name not in ("text", "key", "removed"):
            out.print(f"[dim]{name}:[/] {escape(str(value))}")
    for removed in stored.removed:
        out.print(f"[dim]left out ({removed.kind}):[/] {escape(removed.text)}")
    out.print(f"\n{escape(stored.article.text)}")


@app.command()
def remove(
    article_ids: Annotated[list[str], typer.Argument(help="Ids of articles.")],
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Remove articles."""
    with _corpus(_settings(data)) as corpus:
        gone = corpus.remove(article_ids)
    missing = [id_ for id_ in article_ids if id_ not in gone]
    if as_json:
        _print_json({"removed": gone, "not_found": missing})
    else:
        out.print(f"Removed {len(gone)}.")
        for id_ in missing:
            err.print(f"[red]not found:[/] {escape(id_)}")
    if missing:
        raise typer.Exit(1)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address (QA_HOST; 127.0.0.1).")] = None,
    port: Annotated[int | None, typer.Option(help="Port (QA_PORT; 8000).")] = None,
    data: Data = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write logs as JSON.")] = False,
) -> None:
    """Serve the HTTP API and the pages."""
    from qa.server import serve as serve_

    given = {"host": host, "port": port, "log_format": "json" if as_json else None}
    serve_(_settings(data, **{k: v for k, v in given.items() if v is not None}))


@app.command("eval")
def eval_(
    folders: Annotated[list[Path], typer.Argument(help="Folders in BEIR layout.")],
    mode: Annotated[str, typer.Option(help="hybrid, dense or lexical.")] = "hybrid",
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Measure retrieval on judged questions: nDCG@10, Recall, MRR, latency.

    With --data the corpus that is built stays there, and the next run starts from it.
    """
    from qa.evaluate import evaluate

    settings = _settings(None)
    results = [evaluate(folder, settings.model, _mode(mode), data) for folder in folders]
    if as_json:
        _print_json({"results": results})
        return
    for result in results:
        out.print(
            f"[bold]{escape(str(result['name']))}[/]  "
            + "  ".join(f"{name} {value}" for name, value in result.items() if name != "name")
        )


@app.command()
def status(
    data: Data = None,
    as_json: AsJson = False,
    quick: Annotated[bool, typer.Option("--quick", help="Without the integrity check.")] = False,
) -> None:
    """Show counts, generation, encoder, sizes, and the result of an integrity check."""
    with _corpus(_settings(data)) as corpus:
        found = corpus.status(check=not quick)
    if as_json:
        _print_json(found)
    else:
        for name, value in found.items():
            shown = (
                ", ".join(f"{k} {v}" for k, v in value.items())
                if isinstance(value, dict)
                else value
            )
            out.print(f"[dim]{name:>11}[/]  {escape(str(shown))}")
    if found["problems"]:
        raise typer.Exit(1)


@app.command()
def reindex(data: Data = None, as_json: AsJson = False) -> None:
    """Build the indexes anew; embed everything anew when encoder or chunking have changed."""
    from rich.progress import Progress

    with _corpus(_settings(data), reindexing=True) as corpus, Progress(console=err) as bar:
        task = bar.add_task("embedding", total=None)
        said = corpus.reindex(lambda done, total: bar.update(task, completed=done, total=total))
    if as_json:
        _print_json({"done": said})
    else:
        out.print(said)


# --- helpers -----------------------------------------------------------------------------------


def _settings(data: Path | None, **given: Any) -> Settings:
    if data is not None:
        given["data"] = data
    return Settings(**given)


def _corpus(settings: Settings, *, reindexing: bool = False) -> Corpus:
    corpus = Corpus.open(settings.data, model=settings.model, reindexing=reindexing)
    for mended in corpus.generations.mended:
        err.print(f"[yellow]mended:[/] {escape(mended)}")
    return corpus


def _add(corpus: Corpus, paths: list[str], limits: Limits, *, quiet: bool) -> list[Outcome]:
    from qa.progress import bar

    found: list[Input | Refused] = list(find_inputs([Path(p) for p in paths if p != "-"]))
    total = sum(item.size for item in found)
    outcomes: list[Outcome] = []
    with bar(err, total, quiet=quiet) as advance:
        try:
            for outcome in corpus.add(_documents(found, "-" in paths, limits)):
                outcomes.append(outcome)
                advance(outcome)
        except KeyboardInterrupt:
            counts = Counter(o.name for o in outcomes)
            err.print(
                f"\nStopped. {counts['added'] + counts['replaced']} articles are safely stored; "
                "the same command goes on from there."
            )
            raise typer.Exit(130) from None
    return outcomes


def _documents(
    found: list[Input | Refused], standard_input: bool, limits: Limits
) -> Iterator[Document | Refused]:
    if standard_input:
        yield from read_stream(sys.stdin.buffer.read(), None, limits)
    for item in found:
        if isinstance(item, Refused):
            yield item
        else:
            yield from read_input(item, limits)


def _report(outcomes: list[Outcome], counts: Counter[str], removed: Counter[str]) -> None:
    for outcome in outcomes:
        if outcome.refused:
            style = "dim" if outcome.name == "skipped" else "red"
            err.print(
                f"[{style}]{outcome.name}:[/] {escape(outcome.refused.origin)}: "
                f"{escape(outcome.refused.reason)}"
            )
        elif outcome.document:
            for note in outcome.document.notes:
                err.print(f"[yellow]note:[/] {escape(str(outcome.origin))}: {escape(note)}")
    names = ("added", "replaced", "unchanged", "skipped", "refused")
    out.print(", ".join(f"{counts[name]} {name}" for name in names if counts[name]) or "Nothing.")
    if removed:
        lines = ", ".join(f"{n} {kind}" for kind, n in removed.most_common())
        out.print(
            f"[dim]kept out of the text ({removed.total()} lines): {lines}; see qa show ID[/]"
        )


def _print_hits(hits: Iterable[Hit]) -> None:
    for number, hit in enumerate(hits, 1):
        text, start = hit.passage.text, hit.passage.start
        marked, at = "", 0
        for span in hit.highlights:
            marked += escape(text[at : span.start - start])
            marked += f"[bold]{escape(text[span.start - start : span.end - start])}[/]"
            at = span.end - start
        out.print(f"[cyan][{number}][/] {marked}{escape(text[at:])}".replace("\n", " "))
        out.print(f"    [dim]{escape(hit.citation)}[/]")
        out.print(f"    [dim]{escape(hit.passage.id)}[/]")
        for source, _ in hit.also_in:
            out.print(f"    [dim]also in {escape(source.article_id)}[/]")
        out.print()


def _print_verdict(verdict: Verdict) -> None:
    style = VERDICT_STYLES.get(verdict.verdict, "yellow")
    out.print(f"[bold {style}]{verdict.verdict}[/]  {escape(verdict.quote)}")
    if verdict.note:
        out.print(f"    {escape(verdict.note)}")
    for match in verdict.matches:
        out.print(f"    “{escape(match.text)}”\n    [dim]{escape(match.citation)}[/]")
        for d in match.differences:
            out.print(
                f"    [red]{d.kind}:[/] the quote has “{escape(d.quote)}”, "
                f"the source “{escape(d.source)}”"
            )


def _draft(quote: str) -> str | None:
    """The draft when the argument names one; None when it is itself the quote."""
    if quote == "-":
        return sys.stdin.read()
    try:
        path = Path(quote)
        return path.read_text("utf-8", "replace") if path.is_file() else None
    except OSError:  # a quote may be too long for a file name
        return None


def _mode(mode: str) -> Mode:
    modes: tuple[Mode, ...] = ("hybrid", "dense", "lexical")
    for known in modes:
        if mode == known:
            return known
    raise InvalidInput(f"mode is {mode!r}; give hybrid, dense or lexical", code="invalid_mode")


def _is_passage_id(text: str) -> bool:
    from qa.corpus import parse_passage_id

    try:
        parse_passage_id(text)
    except FootnoteError:
        return False
    return True


def _all_articles(corpus: Corpus) -> Iterator[Any]:
    after = ""
    while page := corpus.articles(after=after, limit=500):
        yield from page
        after = page[-1][0].article.id


def _say_if_human(as_json: bool, message: str) -> None:
    if as_json:
        _print_json({"message": message})
    else:
        out.print(escape(message))


def _print_json(value: Any) -> None:
    json.dump(value, sys.stdout, indent=2, ensure_ascii=not _utf8(sys.stdout), default=str)
    sys.stdout.write("\n")


def _utf8(stream: Any) -> bool:
    return (stream.encoding or "").lower().replace("-", "") == "utf8"


def _fail(error: FootnoteError) -> NoReturn:
    if "--json" in sys.argv:
        _print_json({"error": {"code": error.code, "message": error.message}})
    else:
        err.print(f"[red]error:[/] {escape(error.message)}", soft_wrap=True)
    sys.exit(1)
