"""What the pages say of articles, questions and drafts, in words of the language that is spoken.

Verdicts are said in `qa.handover.verdict_labels`, numbers and dates in `qa.wording`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from markupsafe import Markup

from qa.check.types import DraftReport
from qa.ingest import DraftText
from qa.schemas.draft_reports import with_following
from qa.storage.records import ArticleSort, JobState
from qa.types import Removed, Understood
from qa.wording.catalogue import marked, say, say_many
from qa.wording.counts import count
from qa.wording.dates import date, decimal, month, number
from qa.wording.service_sentences import told

FACETS: dict[str, str] = {
    "publisher": marked("Publisher"),
    "author": marked("Author"),
    "year": marked("Year"),
    "language": marked("Language"),
    "tag": marked("Tag"),
}
FIELDS = {
    "title": marked("The title"),
    "url": marked("The address"),
    "publisher": marked("The publisher"),
    "author": marked("The author"),
    "published": marked("The date"),
    "language": marked("The language"),
    "tags": marked("The tags"),
}
SORTS: dict[ArticleSort, str] = {
    "title": marked("by title"),
    "-title": marked("by title, from Z to A"),
    "-published": marked("the newest first"),
    "published": marked("the oldest first"),
    "-added": marked("added or corrected last"),
}
STATES: dict[JobState, str] = {
    "queued": marked("Waiting"),
    "running": marked("Under way"),
    "done": marked("Done"),
    "failed": marked("Broken off"),
    "cancelled": marked("Cancelled"),
}
_OUTCOMES = {
    "added": marked("%(number)s added"),
    "replaced": marked("%(number)s replaced"),
    "unchanged": marked("%(number)s there already"),
    "refused": marked("%(number)s not read"),
    "skipped": marked("%(number)s passed over"),
}
_FILTERED = {
    "publisher": marked("published by %(name)s"),
    "author": marked("by %(name)s"),
    "language": marked("in the language %(name)s"),
    "tag": marked("with the tag %(name)s"),
    "article_id": marked("in the article %(name)s"),
    "published_from": marked("dated from %(name)s"),
    "published_to": marked("dated to %(name)s"),
}
_CONFIDENCE = (
    (0.9, marked("very high (%(number)s)")),
    (0.75, marked("high (%(number)s)")),
    (0.5, marked("fair (%(number)s)")),
    (0.25, marked("low (%(number)s)")),
    (0.0, marked("very low (%(number)s)")),
)
_LEFT_OUT = {
    "caption": marked("caption"),
    "comment count": marked("comment count"),
    "line number": marked("line number"),
    "page number": marked("page number"),
    "pagination": marked("pagination"),
    "read more": marked("read more"),
    "repeated caption": marked("repeated caption"),
    "reprint notice": marked("reprint notice"),
    "running foot": marked("running foot"),
    "running head": marked("running head"),
    "struck out": marked("struck out"),
    "teaser": marked("teaser"),
    "template": marked("template"),
}
YOUR_DRAFT = marked("your draft")
_READ_AS = {"text": marked("text")}


def looked_at(report: DraftReport, read: DraftText) -> str:
    """What of a draft was looked at: "Read a.docx as Word: 812 words, 9 quotations, …"."""
    counted = (
        count(report.words, "word"),
        count(len(report.quotations), "quotation"),
        count(len(report.claims), "citing sentence"),
        count(len(report.references), "reference"),
    )
    kind = say(_READ_AS[read.kind]) if read.kind in _READ_AS else read.kind
    return say(
        "Read %(name)s as %(kind)s: %(counted)s.",
        name=draft_named(read.name),
        kind=kind,
        counted=", ".join(counted),
    )


def draft_named(name: str) -> str:
    """What a draft is called: by its file, or as that of whoever reads the page."""
    return say(name) if name == YOUR_DRAFT else name


def unread(report: DraftReport) -> list[str]:
    """What of a draft could not be checked, a line for each kind."""
    lines = []
    if report.nowhere:
        names = ", ".join(dict.fromkeys(reference(cited.label) for cited in report.nowhere))
        lines.append(
            say_many(
                "%(num)s reference leads to nothing here: %(names)s.",
                "%(num)s references lead to nothing here: %(names)s.",
                len(report.nowhere),
                num=number(len(report.nowhere)),
                names=names,
            )
        )
    for mark in report.unclosed:
        shown = with_following(mark, report.text)
        words = " ".join(report.text[shown.start : shown.end].split())
        lines.append(say("A quotation mark that nothing closes: %(words)s", words=words))
    if report.uncited:
        lines.append(
            say_many(
                "%(num)s sentence has no reference: not checked.",
                "%(num)s sentences have no reference: not checked.",
                len(report.uncited),
                num=number(len(report.uncited)),
            )
        )
    return lines


def reference(label: str) -> str:
    """A label of a draft's reference, as the page shows it.

    >>> reference("1"), reference("^moon"), reference("KoSSev")
    ('[1]', '[^moon]', '“KoSSev”')
    """
    return f"[{label}]" if label.isdigit() or label.startswith("^") else f"“{label}”"


def filtered(name: str, value: str) -> str:
    """A filter in words; what somebody wrote has a direction of its own.

    >>> filtered("published_from", "2024-05")
    Markup('dated from <bdi>May 2024</bdi>')
    """
    return _isolated(_FILTERED[name], date(value) if name.startswith("published_") else value)


def of_facet(facet: str, value: str) -> str:
    """What a list is narrowed down to: "Publisher: Evening Wire"."""
    return Markup("{}: <bdi>{}</bdi>").format(say(FACETS[facet]), value)


def understood(one: Understood) -> str:
    """What words of a question were read as: with the phrase …, dated since …, the newest first."""
    since, until = (date(day) if day else "" for day in (one.published_from, one.published_to))
    if one.kind == "phrase" and one.effect == "filter":
        return _isolated(marked("with the words “%(name)s”"), one.words)
    if one.kind == "phrase":
        first = marked("“%(name)s” first")
        apart = marked("the words of “%(name)s”, one by one")
        return _isolated(first if one.stands else apart, one.words)
    if one.kind == "without":
        return _isolated(marked("without “%(name)s”"), one.words)
    if one.kind == "latest":
        newest = SORTS["-published"]
        return say(newest)
    if one.kind == "since":
        return say("dated from %(date)s, or not dated", date=since)
    if one.month is not None:
        return say("%(month)s of any year first", month=month(one.month))
    if since and until and since != until:
        return say("from %(first)s to %(last)s first", first=since, last=until)
    if since == until:
        return say("%(date)s first", date=since)
    return say("from %(date)s first", date=since) if since else say("to %(date)s first", date=until)


def _isolated(message: str, written: str) -> str:
    return Markup(say(message)) % {"name": Markup("<bdi>{}</bdi>").format(written)}


def confidence(value: float) -> str:
    """A confidence in words, and as a number.

    >>> confidence(0.83)
    'high (0.83)'
    """
    words = next(words for least, words in _CONFIDENCE if value >= least)
    return say(words, number=decimal(value))


def sentence(message: str) -> str:
    """A message as a sentence: with a capital and a full stop.

    >>> sentence("question is empty: write something to look for")
    'Question is empty: write something to look for.'
    """
    said = told(message).text
    end = "" if said.endswith((".", "!", "?", "…")) else "."
    return f"{said[:1].upper()}{said[1:]}{end}"


def left_out(removed: Iterable[Removed]) -> str:
    """The kinds of lines that cleaning kept out, with how often: "2 × caption, 1 × pagination"."""
    counts = Counter(line.kind for line in removed)
    return ", ".join(f"{number} × {kind_left_out(kind)}" for kind, number in counts.most_common())


def kind_left_out(kind: str) -> str:
    """The kind of a line that cleaning kept out, in words."""
    return say(_LEFT_OUT.get(kind, kind))


def between(first: str, last: str) -> str:
    """A span of time in words.

    >>> between("2021", "2021"), between("2021-05", ""), between("2020", "2021")
    ('Date: 2021', 'From May 2021', 'Date: 2020 to 2021')
    """
    if not last:
        return say("From %(date)s", date=date(first))
    if not first:
        return say("Until %(date)s", date=date(last))
    if first == last:
        return say("Date: %(date)s", date=date(first))
    return say("Date: %(first)s to %(last)s", first=date(first), last=date(last))


def counted(counts: Mapping[str, int]) -> str:
    """What became of the articles of an addition: "3 added, 1 not read"."""
    found = ((words, counts.get(name)) for name, words in _OUTCOMES.items())
    return ", ".join(say(words, number=number(n)) for words, n in found if n)
