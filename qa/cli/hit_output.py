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
from qa.types import Hit, Why


def print_hits(hits: Iterable[Hit], before: int = 0) -> None:
    """Each passage with its number, the sentences that answer in bold, its footnote below."""
    for number, hit in enumerate(hits, before + 1):
        label = f"[{number}]"
        line = Text.assemble((label, "cyan"), " ", hit.passage.text.replace("\n", " "))
        shift = len(label) + 1 - hit.passage.start
        for span in hit.highlights:
            line.stylize("bold", shift + span.start, shift + span.end)
        out.print(line)
        for below in (
            hit.citation,
            hit.passage.id,
            *(f"also in {source.article_id}" for source, _ in hit.also_in),
            *_because(hit.why),
        ):
            out.print(Text(f"    {below}", "dim"))
        out.print()


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
