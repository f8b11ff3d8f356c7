"""How verdicts look on a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from rich.text import Text

from qa.check import BAD
from qa.check.types import (
    CheckedClaim,
    CheckedQuotation,
    Cited,
    Difference,
    DraftReport,
    Match,
    Verdict,
)
from qa.cli.output import out
from qa.ingest import DraftText
from qa.schemas.draft_reports import with_following

STYLES = {"verbatim": "green", "normalized": "green", "not_found": "yellow"}
# How many places of a draft's quote are shown; others are counted: `qa check QUOTE` shows all.
SHOWN_IN_DRAFT = 1
SHOWN_LABELS = 10
MAX_SENTENCE = 400  # characters


def print_verdict(verdict: Verdict, shown: int | None = None) -> None:
    """The verdict, its note, and the places that it rests on."""
    style = STYLES.get(verdict.verdict, "red")
    name = f"{verdict.verdict}{' (too short)' if verdict.too_short else ''}"
    out.print(Text.assemble((name, f"bold {style}"), "  ", verdict.quote.replace("\n", " ")))
    if verdict.note:
        _below(verdict.note)
    if verdict.source_changed:
        now = verdict.source_changed.now
        _below(f"It stands now in {now}." if now else "It is gone from the article.", "yellow")
    spliced = verdict.verdict == "spliced"
    for match in verdict.matches if spliced else verdict.matches[:shown]:
        _print_match(match)
    if not spliced and (more := len(verdict.matches[shown:]) if shown else 0):
        _below(f"and {more} more {'place' if more == 1 else 'places'}", "dim")


def _print_match(match: Match) -> None:
    _below(f"“{match.text}”")
    if _bare(match.sentence.text) != _bare(match.text):
        _below(f"in: {_one_line(match.sentence.text)}", "dim")
    _below(match.citation, "dim")
    _below(match.passage_id, "dim")
    for copy in match.also_in:
        _below(f"also in {copy.citation}", "dim")
    if match.speaker and match.speaker.shown_by:
        _below(f"said by {match.speaker.name} (“{match.speaker.shown_by.text}”)", "dim")
    for part in match.parts if len(match.parts) > 1 else ():
        _below(f"characters {part.start}–{part.end}: “{part.text}”", "dim")
    for difference in match.differences:
        out.print(Text.assemble("    ", (f"{difference.kind}:", "red"), " ", _said(difference)))


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MAX_SENTENCE else f"{line[:MAX_SENTENCE]}…"


def _bare(text: str) -> str:
    """A quote without the marks around it: a quote that is the whole sentence needs no sentence."""
    return " ".join(text.split()).strip(' .!?“”„"«»')


def _said(difference: Difference) -> str:
    if difference.op == "insert":
        return f"the quote adds “{difference.quote}”"
    if difference.op == "delete":
        return f"the quote leaves out “{difference.source}”"
    return f"the quote has “{difference.quote}”, the source “{difference.source}”"


def print_report(report: DraftReport, draft: DraftText | None = None) -> None:
    """What was read, every quotation and claim of a draft in its order, and what it adds up to."""
    if draft:
        out.print(Text(_looked_at(report, draft), "bold"))
        for note in draft.notes:
            _below(note, "yellow")
        out.print()
    items: list[CheckedQuotation | CheckedClaim] = [*report.quotations, *report.claims]
    for item in sorted(items, key=lambda item: item.span.start):
        line = report.text.count("\n", 0, item.span.start) + 1
        out.print(Text(f"line {line}{_referring(item.references)}", "cyan"))
        if isinstance(item, CheckedQuotation):
            print_verdict(item.verdict, SHOWN_IN_DRAFT)
        else:
            _print_claim(item)
        out.print()
    _print_unread(report)
    out.print(Text(_summary(report), "bold"))
    if read := _read(report):
        out.print(Text(read, "yellow" if report.unread else ""))


def _looked_at(report: DraftReport, draft: DraftText) -> str:
    """One line: "Read a.docx as Word: 812 words, 9 quotations, 3 citing sentences, …"."""
    counted = [
        _counted(report.words, "word"),
        _counted(len(report.quotations), "quotation"),
        _counted(len(report.claims), "citing sentence"),
        _counted(len(report.references), "reference"),
    ]
    return f"Read {draft.name} as {draft.kind}: {', '.join(counted)}."


def _print_unread(report: DraftReport) -> None:
    """What was not checked: marks that lead nowhere or stand alone, sentences that cite nothing."""
    labels = dict.fromkeys(cited.label for cited in report.nowhere)
    if labels:
        said = ", ".join(f"“{label}”" for label in list(labels)[:SHOWN_LABELS])
        more = f" and {len(labels) - SHOWN_LABELS} more" if len(labels) > SHOWN_LABELS else ""
        lead = _counted(len(report.nowhere), "reference")
        verb = "leads" if len(report.nowhere) == 1 else "lead"
        out.print(Text(f"{lead} {verb} to nothing in the collection: {said}{more}", "yellow"))
    for mark in report.unclosed:
        line = report.text.count("\n", 0, mark.start) + 1
        following = with_following(mark, report.text)
        shown = " ".join(report.text[following.start : following.end].split())
        out.print(Text(f"line {line}: a quotation mark that nothing closes: {shown}", "yellow"))
    if uncited := len(report.uncited):
        lacking = "has no reference" if uncited == 1 else "have no reference"
        out.print(Text(f"{_counted(uncited, 'sentence')} {lacking}: not checked.", "yellow"))


def _referring(references: Sequence[Cited]) -> str:
    said = [
        f"{cited.label} → {cited.source.article_id if cited.source else 'not in the collection'}"
        for cited in references
    ]
    return f", {'; '.join(said)}" if said else ""


def _print_claim(claim: CheckedClaim) -> None:
    supporting = claim.supporting
    if supporting is None:
        out.print(Text.assemble(("not checked", "bold yellow"), "  ", claim.text))
        _below("Nothing that it refers to is in the corpus.")
        return
    contrary = supporting.contradicts
    doubtful = supporting.missing or supporting.read is False
    style = "red" if contrary else "yellow" if doubtful else "green"
    out.print(Text.assemble((f"support {supporting.score:.0%}", f"bold {style}"), "  ", claim.text))
    if claim.covered_by == "paragraph":
        _below("It has no mark of its own: held against the next one of its paragraph.", "yellow")
    for one in claim.by_source:
        _below(f"“{one.text}”".replace("\n", " "))
        _below(one.citation, "dim")
    if contrary:
        words = f" ({contrary.kind}): “{contrary.text}”".replace("\n", " ")
        out.print(Text.assemble("    ", ("says the contrary", "red"), words))
    if supporting.read is False:
        out.print(Text.assemble("    ", ("not read", "yellow"), ", only compared"))
    if supporting.missing:
        lacking = ", ".join(f"{fact.text} ({fact.kind})" for fact in supporting.missing)
        out.print(Text.assemble("    ", ("missing there:", "yellow"), f" {lacking}"))


def _read(report: DraftReport) -> str:
    """One line: "50 citing sentences were read, 249 were not: …"; empty where nothing is read."""
    if report.depth == "off" or not (report.read or report.unread):
        return ""
    were = "was" if report.read == 1 else "were"
    said = f"{_counted(report.read, 'citing sentence')} {were} read"
    if not report.unread:
        return f"{said}."
    not_read = f"{report.unread} {'was' if report.unread == 1 else 'were'} not"
    return f"{said}, {not_read}: the sources may say the contrary."


def _summary(report: DraftReport) -> str:
    """One line: "8 quotations: 2 altered, 6 verbatim. 1 citing sentence, 1 lacks something"."""
    if not report.quotations and not report.claims:
        return "It quotes nothing, and no sentence cites a source."
    counts = Counter(
        "too short" if found.verdict.too_short else found.verdict.verdict
        for found in report.quotations
    )
    said = [f"{count} {name.replace('_', ' ')}" for name, count in _in_order(counts)]
    summed = _counted(len(report.quotations), "quotation") + (
        f": {', '.join(said)}." if said else "."
    )
    if not report.claims:
        return summed
    found = [claim.supporting for claim in report.claims if claim.supporting]
    contradicted = sum(one.contradicts is not None for one in found)
    lacking = sum(bool(one.missing) for one in found)
    citing = _counted(len(report.claims), "citing sentence")
    against = f", {contradicted} contradicted" if contradicted else ""
    return f"{summed} {citing}{against}{f', {lacking} with something missing' if lacking else ''}."


def _in_order(counts: Counter[str]) -> Iterable[tuple[str, int]]:
    order = (*BAD, "too short", "verbatim", "normalized")
    return ((name, counts[name]) for name in order if counts[name])


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")


def _below(text: str, style: str = "") -> None:
    out.print(Text(f"    {text}", style))
