"""What the pages say: verdicts, confidence, dates and counts, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from qa.check.types import DraftReport
from qa.handover.verdict_labels import (
    CONTRADICTED,
    KINDS,
    LACKING,
    NOT_CHECKED,
    NOT_READ,
    SUPPORTED,
    VERDICTS,
    WEAK,
    Label,
    of_claim,
    of_item,
    of_quote,
)
from qa.ingest import DraftText
from qa.schemas.draft_reports import with_following
from qa.storage.records import ArticleSort, Facet, JobState
from qa.types import Removed, Understood

__all__ = [
    "CONTRADICTED",
    "KINDS",
    "LACKING",
    "NOT_CHECKED",
    "NOT_READ",
    "SUPPORTED",
    "VERDICTS",
    "WEAK",
    "Label",
    "confidence",
    "count",
    "date",
    "left_out",
    "looked_at",
    "of_claim",
    "of_item",
    "of_quote",
    "reference",
    "sentence",
    "unread",
]

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


FACETS: dict[Facet, str] = {
    "publisher": "Publisher",
    "author": "Author",
    "year": "Year",
    "language": "Language",
    "tag": "Tag",
}
FIELDS = {
    "title": "The title",
    "url": "The address",
    "publisher": "The publisher",
    "author": "The author",
    "published": "The date",
    "language": "The language",
    "tags": "The tags",
}
SORTS: dict[ArticleSort, str] = {
    "title": "by title",
    "-title": "by title, from Z to A",
    "-published": "the newest first",
    "published": "the oldest first",
    "-added": "added or corrected last",
}
STATES: dict[JobState, str] = {
    "queued": "Waiting",
    "running": "Under way",
    "done": "Done",
    "failed": "Broken off",
    "cancelled": "Cancelled",
}
_OUTCOMES = {
    "added": "added",
    "replaced": "replaced",
    "unchanged": "there already",
    "refused": "not read",
    "skipped": "passed over",
}


def looked_at(report: DraftReport, read: DraftText) -> str:
    """What of a draft was looked at: "Read a.docx as Word: 812 words, 9 quotations, …"."""
    counted = (
        count(report.words, "word"),
        count(len(report.quotations), "quotation"),
        count(len(report.claims), "citing sentence"),
        count(len(report.references), "reference"),
    )
    return f"Read {read.name} as {read.kind}: {', '.join(counted)}."


def unread(report: DraftReport) -> list[str]:
    """What of a draft could not be checked, a line for each kind."""
    said = []
    if report.nowhere:
        names = ", ".join(dict.fromkeys(reference(cited.label) for cited in report.nowhere))
        verb = "leads" if len(report.nowhere) == 1 else "lead"
        said.append(f"{count(len(report.nowhere), 'reference')} {verb} to nothing here: {names}.")
    for mark in report.unclosed:
        shown = with_following(mark, report.text)
        words = " ".join(report.text[shown.start : shown.end].split())
        said.append(f"A quotation mark that nothing closes: {words}")
    if report.uncited:
        verb = "has" if len(report.uncited) == 1 else "have"
        counted = count(len(report.uncited), "sentence")
        said.append(f"{counted} {verb} no reference: not checked.")
    return said


def reference(label: str) -> str:
    """A label of a draft's reference, as the page shows it.

    >>> reference("1"), reference("^moon"), reference("KoSSev")
    ('[1]', '[^moon]', '“KoSSev”')
    """
    return f"[{label}]" if label.isdigit() or label.startswith("^") else f"“{label}”"


_FILTERED = {
    "publisher": "published by {}",
    "author": "by {}",
    "language": "in the language {}",
    "tag": "with the tag {}",
    "article_id": "in the article {}",
    "published_from": "dated from {}",
    "published_to": "dated to {}",
}


def filtered(name: str, value: str) -> str:
    """A filter in words.

    >>> filtered("published_from", "2024-05")
    'dated from May 2024'
    """
    return _FILTERED[name].format(date(value) if name.startswith("published_") else value)


def understood(one: Understood) -> str:
    """What words of a question were read as: with the phrase …, dated since …, the newest first."""
    since, until = (date(day) if day else "" for day in (one.published_from, one.published_to))
    if one.kind == "phrase" and one.effect == "filter":
        return f"with the words “{one.words}”"
    if one.kind == "phrase":
        return f"“{one.words}” first" if one.stands else f"the words of “{one.words}”, one by one"
    if one.kind == "without":
        return f"without “{one.words}”"
    if one.kind == "latest":
        return "the newest first"
    if one.kind == "since":
        return f"dated from {since}, or not dated"
    if one.month is not None:
        return f"{_MONTHS[one.month - 1]} of any year first"
    if since == until:
        return f"{since} first"
    return f"{' '.join(filter(None, [since and f'from {since}', until and f'to {until}']))} first"


def confidence(value: float) -> str:
    """A confidence in words, and as a number.

    >>> confidence(0.83)
    'high (0.83)'
    """
    words = ((0.9, "very high"), (0.75, "high"), (0.5, "fair"), (0.25, "low"), (0.0, "very low"))
    return f"{next(word for least, word in words if value >= least)} ({value:.2f})"


def date(iso: str) -> str:
    """A date in words, as precise as it is.

    >>> date("2024-05-02T10:00:00Z"), date("2024-05"), date("2024")
    ('2 May 2024', 'May 2024', '2024')
    """
    year, *rest = iso[:10].split("-")
    if not rest or not all(part.isdecimal() for part in rest) or not 1 <= int(rest[0]) <= 12:
        return iso
    day = f"{int(rest[1])} " if len(rest) > 1 else ""
    return f"{day}{_MONTHS[int(rest[0]) - 1]} {year}"


def count(number: int, noun: str, several: str = "") -> str:
    """A number with its noun.

    >>> count(1, "passage"), count(1200, "passage"), count(2, "file or line", "files or lines")
    ('1 passage', '1,200 passages', '2 files or lines')
    """
    return f"{number:,} {noun if number == 1 else several or f'{noun}s'}"


def sentence(message: str) -> str:
    """A message as a sentence: with a capital and a full stop.

    >>> sentence("question is empty: write something to look for")
    'Question is empty: write something to look for.'
    """
    end = "" if message.endswith((".", "!", "?", "…")) else "."
    return f"{message[:1].upper()}{message[1:]}{end}"


def left_out(removed: Iterable[Removed]) -> str:
    """The kinds of lines that cleaning kept out, with how often: "2 × caption, 1 × pagination"."""
    counts = Counter(line.kind for line in removed)
    return ", ".join(f"{number} × {kind}" for kind, number in counts.most_common())


def between(first: str, last: str) -> str:
    """A span of time in words.

    >>> between("2021", "2021"), between("2021-05", ""), between("2020", "2021")
    ('Date: 2021', 'From May 2021', 'Date: 2020 to 2021')
    """
    if not last:
        return f"From {date(first)}"
    if not first:
        return f"Until {date(last)}"
    return f"Date: {date(first)}" if first == last else f"Date: {date(first)} to {date(last)}"


def counted(counts: Mapping[str, int]) -> str:
    """What became of the articles of an addition: "3 added, 1 not read"."""
    return ", ".join(f"{counts[n]:,} {words}" for n, words in _OUTCOMES.items() if counts.get(n))


def moment(iso: str) -> str:
    """A moment in words, to the minute; it is in UTC.

    >>> moment("2024-05-02T10:04:33.123Z")
    '2 May 2024, 10:04 UTC'
    """
    return f"{date(iso)}, {iso[11:16]} UTC"


def size(count: int) -> str:
    """A number of bytes in words.

    >>> size(10 * 1024 * 1024), size(300)
    ('10 MB', '300 bytes')
    """
    for unit, name in ((1024 * 1024, "MB"), (1024, "kB")):
        if count >= unit:
            return f"{count / unit:.3g} {name}"
    return f"{count} bytes"
