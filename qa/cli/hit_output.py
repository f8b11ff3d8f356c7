"""How passages look on a terminal, and their footnotes for other programs."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from qa.citations.formats import FORMATS, FormatName
from qa.citations.line import citation
from qa.cli.output import out, print_text
from qa.corpus import Corpus
from qa.related.related import Related
from qa.schemas.citations import Citing
from qa.settings import Settings
from qa.types import Context, Hit, Why


def print_hits(hits: Iterable[Hit], before: int = 0) -> None:
    """Each passage with its number, the sentences that answer in bold, its footnote below."""
    for number, hit in enumerate(hits, before + 1):
        label = f"[{number}]"
        shown = hit.expanded or hit.passage
        line = Text.assemble((label, "cyan"), " ", shown.text.replace("\n", " "))
        shift = len(label) + 1 - shown.start
        for span in hit.highlights:
            line.stylize("bold", shift + span.start, shift + span.end)
        out.print(line)
        for below in (
            hit.expanded.citation if hit.expanded else hit.citation,
            hit.passage.id,
            *(f"also in {source.article_id}" for source, _ in hit.also_in),
            *_because(hit.why),
        ):
            out.print(Text(f"    {below}", "dim"))
        out.print()


def print_context(context: Context) -> None:
    """What goes into a prompt: each part with its footnote and the passages in it, and the rest."""
    for number, part in enumerate(context.parts, 1):
        out.print(Text.assemble((f"[{number}]", "cyan"), " ", part.text))
        for below in (part.citation, *(passage.id for passage in part.passages)):
            out.print(Text(f"    {below}", "dim"))
        out.print()
    out.print(Text(f"{context.tokens} of {context.max_tokens} tokens", "dim"))
    for left_out in context.left_out:
        out.print(Text(f"no room for {left_out}", "dim"))


def print_related(found: Related) -> None:
    """The passages, each with what relates it, and where the text itself stands."""
    print_notes(found.notes, out)
    print_hits(found.hits)
    for source, passage in found.copies:
        place = citation(source, passage.start, passage.end)
        out.print(Text(f"the same text: {source.article_id}, {place}", "dim"))


def print_notes(notes: Iterable[str], to: Console) -> None:
    """What of a question or a text was not asked for as it stands there."""
    for note in notes:
        to.print(Text(f"{note}\n", "yellow"))


def print_cited(
    corpus: Corpus, settings: Settings, hits: Iterable[Hit], format_: FormatName
) -> None:
    """The footnotes of the passages, with links to the service where it would be served."""
    base = f"http://{settings.host}:{settings.port}{settings.root_path}"
    print_text(FORMATS[format_].write(Citing(corpus, base).hits(hits)).rstrip("\n"))


def _because(why: Why | None) -> list[str]:
    if why is None:
        return []
    shared = [
        ("names", ", ".join(why.shared_names)),
        ("words", ", ".join(why.shared_terms)),
        ("cosine", f"{why.similarity:.2f}"),
    ]
    return ["related by " + "; ".join(f"{label} {what}" for label, what in shared if what)]
