"""What the service takes and gives, by the names of its document."""

# Written by client/generate.py: change that, or what it reads.

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Model(BaseModel):
    """What a newer service says besides is kept."""

    model_config = ConfigDict(extra="allow")


class AddedOut(Model):
    id: str
    status: Literal["added", "replaced", "unchanged"] | str
    passages: int
    link: str
    notes: list[str] = Field(description="What of it was not understood: a date, say.")


class AgainstOut(Model):
    """What the draft was held against."""

    chosen: bool = Field(description="Not all articles of the corpus: those of `articles`.")
    beside: list[SourceOut] = Field(
        description="The sources that came beside it: ids that begin with `~`, and no page."
    )


class ArticleIn(Model):
    """One article. Fields that are not named here are kept in `extra`."""

    id: str | None = Field(default=None)
    title: str | None = Field(default=None)
    text: str | None = Field(default=None)
    html: str | None = Field(default=None)
    url: str | None = Field(default=None)
    publisher: str | None = Field(default=None)
    author: str | None = Field(default=None)
    authors: list[str] | None = Field(default=None)
    published: str | None = Field(default=None)
    language: str | None = Field(default=None)
    tags: list[str] | None = Field(default=None)
    extra: dict[str, Any] | None = Field(default=None)


class ArticleOut(Model):
    title: str | None
    url: str | None
    publisher: str | None
    author: str | None
    authors: list[str] = Field(description="The names in `author`, each apart.")
    published: str | None
    language: str | None
    id: str
    text: str
    tags: list[str]
    extra: dict[str, Any]
    pages: list[int] = Field(description="Where each page of a PDF begins in the text.")
    digest: str
    passages: list[PlaceOut]
    removed: list[RemovedOut] = Field(description="Lines that cleaning kept out of the text.")
    notes: list[str]
    encoding: str | None
    media_type: str
    added_at: str


class ArticlePatch(Model):
    """What is stated of an article, stated anew; null takes it out. Its text stays as it is."""

    title: str | None = Field(default=None)
    url: str | None = Field(default=None)
    publisher: str | None = Field(default=None)
    author: str | None = Field(default=None)
    authors: list[str] | None = Field(default=None)
    published: str | None = Field(default=None)
    language: str | None = Field(default=None)
    tags: list[str] | None = Field(default=None)
    extra: dict[str, Any] | None = Field(default=None)


class ArticleSummary(Model):
    title: str | None
    url: str | None
    publisher: str | None
    author: str | None
    authors: list[str] = Field(description="The names in `author`, each apart.")
    published: str | None
    language: str | None
    id: str
    tags: list[str]
    characters: int
    passages: int
    added_at: str


class ArticlesOut(Model):
    articles: list[ArticleSummary]
    total: int = Field(description="How many articles are selected, on all pages.")
    next: str | None = Field(
        description="Cursor of the next page; null on the last, and in another order than by id."
    )
    facets: dict[str, list[CountedOut]] = Field(
        description="Of each `facet` that was asked for the commonest values, at most twenty."
    )


class AskIn(Model):
    question: str
    top_k: int = Field(default=5, description="How many passages.")
    filters: FiltersIn | None = Field(default=None)
    mode: Literal["hybrid", "dense", "lexical"] | str = Field(default="hybrid")
    rerank: bool = Field(
        default=True, description="In hybrid mode: put the first passages in order anew."
    )
    threshold: float | None = Field(
        default=None, description="The confidence from which the question counts as answered."
    )
    read: Literal["deep", "fast", "off"] | str | None = Field(
        default=None,
        description="How much is read before the answer: `deep`, the first six passages, which puts them in order; `fast`, the first one, for its sentence and words; `off`, nothing. Left out: what the service is set to.",
    )
    offset: int = Field(
        default=0, description="How many passages are passed over: `next_offset` before."
    )
    sort: Literal["relevance", "-published", "published"] | str = Field(
        default="relevance",
        description="The order of the passages: the nearest first, or by date the newest (`-published`) or the oldest; those without a date come last. By date only those are put in order that come at least half as near as the nearest, of the 200 nearest.",
    )
    group_by: Literal["article"] | str | None = Field(
        default=None, description="`article`: of each article its best passage alone."
    )
    time: Literal["on", "off"] | str = Field(
        default="on",
        description="Whether words on the time (“since 2024”, “latest”) count: `understood`.",
    )


class AskOut(Model):
    question: str
    answered: bool
    confidence: float
    reason: str | None = Field(description="When not answered: why.")
    answer: StatementOut | None
    passages: list[HitOut]
    read: Literal["deep", "fast", "off"] | str = Field(
        description="How much was read: `off` too where the reader does not know the language, and for a question of more than 30 words."
    )
    understood: list[UnderstoodOut] = Field(
        description="What was read of the question besides its words; `time=off` leaves out the time, and the marks and the minus are the question's own."
    )
    offset: int
    next_offset: int | None = Field(description="Where the next page begins; null on the last.")
    index: IndexOut
    took_ms: float


class BesideIn(Model):
    """A source that comes beside a draft."""

    name: str = Field(description="Of its file, say.")
    text: str
    title: str | None = Field(default=None)
    url: str | None = Field(default=None)
    publisher: str | None = Field(default=None)
    author: str | None = Field(default=None)
    published: str | None = Field(default=None)
    language: str | None = Field(default=None)


class CalibrationOut(Model):
    """What the confidence was fitted to in this corpus."""

    read: Literal["deep", "fast", "off"] | str = Field(
        description="The depth of reading that it is for."
    )
    made: str = Field(description="When.")
    answerable: int = Field(description="Questions that the corpus answers.")
    unanswerable: int = Field(description="Questions that it does not.")
    in_use: bool = Field(description="Whether it still fits the model and the corpus.")


class CheckIn(Model):
    quote: str
    article_id: str | None = Field(default=None)
    passage_id: str | None = Field(default=None)
    speaker: str | None = Field(default=None)


class CheckOut(Model):
    quote: str
    verdict: (
        Literal["verbatim", "normalized", "altered", "spliced", "misattributed", "not_found"] | str
    )
    matches: list[MatchOut]
    note: str | None
    too_short: bool = Field(description="Under four words: it may stand anywhere.")
    source_changed: SourceChangeOut | None = Field(
        description="When the passage cited is of an earlier version of its article."
    )
    took_ms: float


class CheckTextIn(Model):
    text: str = Field(default="")
    citations: list[CitationIn] = Field(
        default_factory=list,
        description="Quotes that came beside the text, as in structured answers.",
    )
    dialogue: bool = Field(
        default=False, description="Whether dashes at the beginning of a line open quotations."
    )
    articles: list[str] | None = Field(
        default=None,
        description="Ids of the articles it is held against; [] for none. Left out: all.",
    )
    filters: FiltersIn | None = Field(
        default=None, description="It is held against the articles that pass, and no others."
    )
    sources: list[BesideIn] = Field(
        default_factory=list,
        description="Sources that it is held against besides. They are never added to the corpus.",
    )
    remember: bool = Field(default=False, description="Whether to answer with a `state`.")
    earlier: str | None = Field(
        default=None,
        description="The `state` of an earlier check. What has not changed since is taken over: the answer is that of a full check. After a restart of the service all is new.",
    )


class CheckTextOut(Model):
    quotations: list[QuotationOut]
    claims: list[ClaimOut]
    references: list[CitedOut]
    reading: ReadingOut
    looked_at: LookedAtOut
    against: AgainstOut
    generation: int = Field(description="Of the corpus: it grows with every change.")
    state: str | None = Field(
        description="What was found, sealed, for `earlier` of a later check; null unless it was asked for with `remember`."
    )
    took_ms: float


class CitationIn(Model):
    """A quote of a structured answer, and where it is said to be from."""

    quote: str
    source: str | None = Field(default=None, description="A URL, an id, a file name, a title.")


class CitationOut(Model):
    """A citation in every format. What the article does not state stands in none of them."""

    article_id: str
    start: int | None = Field(description="Of the cited words in the article's text; or null.")
    end: int | None
    words: str | None = Field(description="`text[start:end]`; null when all of it is cited.")
    plain: str = Field(description="A line to print.")
    markdown: str
    html: str
    bibtex: str
    ris: str
    csl: list[dict[str, Any]] = Field(description="CSL-JSON.")
    annotation: dict[str, Any] = Field(description="A W3C Web Annotation.")
    link: str = Field(description="The page of this service that shows the words in the article.")
    original: str | None = Field(
        description="The article's own address, where it states one, with a text fragment that leads a browser to the words; of a PDF, with the page."
    )


class CitedOut(Model):
    """A reference of a draft."""

    start: int = Field(description="Where it stands in the draft.")
    end: int
    label: str
    target: str | None = Field(description="What it says of its source; null: nothing.")
    source: SourceOut | None = Field(description="Null: it is no article of the corpus.")


class ClaimOut(Model):
    """A sentence or clause of a draft that cites a source."""

    key: str = Field(
        description="The same as long as its words, its references, its speaker and what they lead to are; `-2` behind what comes a second time."
    )
    taken_over: bool = Field(description="From `earlier`: nothing that it rests on has changed.")
    start: int
    end: int
    text: str
    references: list[CitedOut]
    supporting: SupportingOut | None = Field(
        description="By all that it cites together: the best passage, and what none of the articles has. Null: nothing it cites is here."
    )
    covered_by: Literal["mark", "paragraph"] | str = Field(
        description="`mark`: by its own reference; `paragraph`: by the next one of its paragraph."
    )
    by_source: list[SupportingOut] = Field(
        description="By each article alone, in the order of the references."
    )


class ContradictionOut(Model):
    """The sentence of a cited source that says the contrary."""

    passage_id: str
    start: int
    end: int
    text: str
    kind: Literal["number", "name", "date", "negation", "statement"] | str = Field(
        description="In what they differ; `statement` where it is no fact and no negation."
    )


class CopyOut(Model):
    passage_id: str
    start: int
    end: int
    source: SourceOut
    citation: str


class CountedOut(Model):
    value: str
    articles: int = Field(description="How many of the selected articles state it.")


class CutOut(Model):
    before: str | None = Field(description="What its sentence says before the quote.")
    after: str | None = Field(description="What its sentence says behind the quote.")


class DifferenceOut(Model):
    op: Literal["replace", "delete", "insert"] | str
    quote: str
    source: str
    kind: Literal["number", "negation", "name", "unit", "word"] | str
    same_value: bool = Field(
        description="Whether both say one number, written otherwise: 12 % and 12 percent."
    )


class DraftSpanOut(Model):
    """A stretch of the draft."""

    start: int
    end: int
    text: str


class EncoderOut(Model):
    """The model that the passages are embedded with."""

    name: str = Field(description="As `QA_MODEL` has it.")
    digest: str = Field(description="Of its weights.")
    dimension: int = Field(description="Of its vectors.")


class FieldProblem(Model):
    """What is wrong with one field of a body, or with one parameter."""

    field: str = Field(description="Its name, with the names that it stands below.")
    message: str = Field(description="What is wrong with it.")


class FiltersIn(Model):
    """Only passages of articles that pass every filter given."""

    article_ids: list[str] | None = Field(default=None)
    publishers: list[str] | None = Field(default=None)
    authors: list[str] | None = Field(default=None)
    languages: list[str] | None = Field(default=None)
    tags: list[str] | None = Field(default=None)
    published_from: str | None = Field(
        default=None, description="Dated in this year, month or day, or later."
    )
    published_to: str | None = Field(
        default=None, description="Dated in this year, month or day, or earlier."
    )


class HitOut(Model):
    id: str
    article_id: str
    start: int
    end: int
    text: str
    source: SourceOut
    citation: str
    also_in: list[SourceOut]
    score: float
    scores: ScoresOut
    highlights: list[SpanOut]


class IndexOut(Model):
    generation: int
    encoder: str


class JobOut(Model):
    id: str
    state: Literal["queued", "running", "done", "failed", "cancelled"] | str
    total: int = Field(description="Inputs: lines or files.")
    done: int = Field(description="Inputs dealt with and safely stored.")
    counts: dict[str, int]
    created: str
    finished: str | None
    problems: list[ProblemOfJob] = Field(description="The first thousand.")
    stated: dict[str, str | list[str]] = Field(
        description="What is said of all articles that do not say it."
    )
    retryable: int = Field(description="Inputs that `POST /v1/jobs/{id}/retry` tries again.")


class JobSummary(Model):
    id: str
    state: Literal["queued", "running", "done", "failed", "cancelled"] | str
    total: int = Field(description="Inputs: lines or files.")
    done: int = Field(description="Inputs dealt with and safely stored.")
    counts: dict[str, int]
    created: str
    finished: str | None


class JobsOut(Model):
    jobs: list[JobSummary]
    next: str | None = Field(description="Cursor of the next page; null on the last.")


class LiveOut(Model):
    """The process answers."""

    status: Literal["live"] | str = Field(description="Always `live`.")


class LookedAtOut(Model):
    """What of the draft was looked at, and what was not or could not be."""

    words: int
    quotations: int
    references: int
    nowhere: list[CitedOut] = Field(description="References that lead to no article.")
    uncited: list[DraftSpanOut] = Field(
        description="Sentences that no reference covers, in their order; those that only quote are not among them."
    )
    unclosed: list[DraftSpanOut] = Field(
        description="Quotation marks never closed, or never opened, with what stands behind them: nothing there was checked as a quotation."
    )
    outcome: Literal["good", "wrong", "unchecked"] | str = Field(
        description="`good`; `wrong`: a quotation, claim, reference or mark is; `unchecked`: nothing could be checked."
    )


class MarkIn(Model):
    """What a person says of an item."""

    ticked: bool = Field(default=False)
    note: str = Field(default="")
    rating: Literal["false", "mostly_false", "mixed", "mostly_true", "true"] | str | None = Field(
        default=None, description="Of what is said there, for ClaimReview."
    )


class MatchOut(Model):
    article_id: str
    passage_id: str
    field: Literal["text", "title", "standfirst", "removed"] | str = Field(
        description="Where it stands; offsets are of the text alone, and null elsewhere."
    )
    start: int | None
    end: int | None
    text: str
    similarity: float
    source: SourceOut
    citation: str
    differences: list[DifferenceOut]
    sentence: PlacedOut = Field(description="From the beginning of a sentence to its end.")
    parts: list[PartOut] = Field(description="When the quote is not in one piece: in its order.")
    speaker: SpeakerOut | None = Field(
        description="Never null when a speaker was asked about; else null where it is not clear."
    )
    also_in: list[CopyOut] = Field(description="The same place in copies of the article.")
    cut: CutOut | None = Field(
        description="What is cut off an accepted quote; null where its sentence is whole."
    )


class MissingOut(Model):
    kind: Literal["number", "name", "date"] | str
    text: str


class PartOut(Model):
    start: int | None = Field(description="In the article’s text; null in another field.")
    end: int | None
    text: str
    quote: str = Field(description="The words of the quote that stand there.")


class PassageOut(Model):
    id: str
    article_id: str
    start: int
    end: int
    text: str
    source: SourceOut
    citation: str
    also_in: list[SourceOut]


class PlaceOut(Model):
    id: str
    start: int
    end: int


class PlacedOut(Model):
    start: int | None = Field(description="In the article’s text; null in another field.")
    end: int | None
    text: str


class Problem(Model):
    """An error, as RFC 9457 has it."""

    type: str = Field(description="Always `about:blank`: `code` tells one error from another.")
    title: str = Field(description="The status in words.")
    status: int = Field(description="The status of the answer.")
    detail: str = Field(description="What is wrong, and what mends it.")
    code: (
        Literal[
            "bad_request",
            "invalid_host",
            "host_not_allowed",
            "unauthorized",
            "signed_out",
            "cross_site",
            "read_only_key",
            "not_found",
            "method_not_allowed",
            "too_slow",
            "headers_too_large",
            "body_too_large",
            "too_many_lines",
            "unsupported_media",
            "invalid_request",
            "too_many_wrong_keys",
            "too_many_connections",
            "internal",
            "starting",
            "shutting_down",
            "invalid_input",
            "too_large",
            "too_long",
            "empty",
            "invalid_json",
            "invalid_id",
            "encoding",
            "invalid_date",
            "invalid_field",
            "invalid_top_k",
            "invalid_offset",
            "missing_text",
            "text_or_passage",
            "passage_of_other",
            "too_many_quotations",
            "article_not_found",
            "passage_not_found",
            "source_changed",
            "job_not_found",
            "job_ended",
            "nothing_to_retry",
            "article_changed",
            "ended",
            "unreadable",
            "gave_up",
            "unknown_type",
            "no_text_column",
            "binary",
            "bad_front_matter",
            "bad_pdf",
            "encrypted",
            "no_text",
            "unreadable_text",
            "failed",
            "error",
            "unavailable",
            "overloaded",
            "outdated",
            "mismatch",
            "encoder_mismatch",
            "chunking_mismatch",
            "encoder_error",
            "corpus_broken",
            "no_corpus",
            "read_only",
            "storage_error",
            "unwritable",
            "unfinished",
            "disk_full",
        ]
        | str
    ) = Field(description="Which error it is; codes stay as they are.")
    instance: str | None = Field(default=None, description="The path that was called.")
    request_id: str | None = Field(default=None, description="As in `X-Request-ID` and in the log.")
    errors: list[FieldProblem] | None = Field(
        default=None, description="With `invalid_request`: at most twenty."
    )


class ProblemOfJob(Model):
    origin: str
    code: str
    reason: str


class QuotationOut(Model):
    key: str = Field(
        description="The same as long as its words, its references, its speaker and what they lead to are; `-2` behind what comes a second time."
    )
    taken_over: bool = Field(description="From `earlier`: nothing that it rests on has changed.")
    quote: str
    verdict: (
        Literal["verbatim", "normalized", "altered", "spliced", "misattributed", "not_found"] | str
    )
    matches: list[MatchOut]
    note: str | None
    too_short: bool = Field(description="Under four words: it may stand anywhere.")
    source_changed: SourceChangeOut | None = Field(
        description="When the passage cited is of an earlier version of its article."
    )
    took_ms: float
    start: int = Field(description="Where the quotation stands in the draft.")
    end: int
    references: list[CitedOut]
    speaker: str | None = Field(description="Who says it by the draft, where that is clear.")


class ReadingOut(Model):
    """How many claims were read beside what they cite; those that cite nothing here are neither."""

    depth: Literal["deep", "fast", "off"] | str
    read: int
    unread: int = Field(description="They are only compared: no contradiction is looked for.")


class ReadyOut(Model):
    """Questions are answered."""

    status: Literal["ready"] | str = Field(description="Always `ready`: else the answer is 503.")
    generation: int = Field(description="The state of the corpus: it counts the changes.")


class RelatedHitOut(Model):
    id: str
    article_id: str
    start: int
    end: int
    text: str
    source: SourceOut
    citation: str
    also_in: list[SourceOut]
    score: float
    scores: ScoresOut
    highlights: list[SpanOut]
    related: WhyOut


class RelatedIn(Model):
    text: str | None = Field(default=None)
    passage_id: str | None = Field(default=None)
    top_k: int = Field(default=5, description="How many passages.")
    other_sources_only: bool = Field(
        default=False, description="None of an article in which the passage or text itself stands."
    )


class RelatedOut(Model):
    passages: list[RelatedHitOut]
    copies: list[SourceOut] = Field(
        description="Articles in which the passage or text itself stands, exactly or nearly."
    )


class RemovedOut(Model):
    kind: str
    text: str


class ReportIn(Model):
    """A draft, and how it is handed over."""

    text: str = Field(default="")
    citations: list[CitationIn] = Field(
        default_factory=list,
        description="Quotes that came beside the text, as in structured answers.",
    )
    dialogue: bool = Field(
        default=False, description="Whether dashes at the beginning of a line open quotations."
    )
    articles: list[str] | None = Field(
        default=None,
        description="Ids of the articles it is held against; [] for none. Left out: all.",
    )
    filters: FiltersIn | None = Field(
        default=None, description="It is held against the articles that pass, and no others."
    )
    sources: list[BesideIn] = Field(
        default_factory=list,
        description="Sources that it is held against besides. They are never added to the corpus.",
    )
    remember: bool = Field(default=False, description="Whether to answer with a `state`.")
    earlier: str | None = Field(
        default=None,
        description="The `state` of an earlier check. What has not changed since is taken over: the answer is that of a full check. After a restart of the service all is new.",
    )
    format: Literal["html", "md", "csv", "jsonld"] | str = Field(default="html")
    name: str = Field(default="draft", description="Of the draft.")
    reviewer: str = Field(default="", description="Who answers for it; the author of reviews.")
    marks: dict[str, MarkIn] = Field(default_factory=dict, description="By the `key` of the item.")


class SaidByOut(Model):
    name: str = Field(description="As the article has it in full.")
    start: int = Field(description="Where the words stand that show it.")
    end: int
    text: str


class ScoresOut(Model):
    dense: float | None = Field(description="Cosine; null when not among the nearest by meaning.")
    lexical: float | None = Field(description="BM25; null when not among the best by words.")


class SourceChangeOut(Model):
    passage_id: str = Field(description="As it was cited.")
    article_id: str
    now: str | None = Field(description="The passage the quote stands in now; null: it is gone.")


class SourceOut(Model):
    title: str | None
    url: str | None
    publisher: str | None
    author: str | None
    authors: list[str] = Field(description="The names in `author`, each apart.")
    published: str | None
    language: str | None
    article_id: str
    page: int | None = Field(description="Of a PDF: the page on which the passage begins.")
    page_label: str | None = Field(
        description="What the PDF calls that page, where it is not its number: iv."
    )
    time: str | None = Field(description="Of subtitles: when what the passage says begins.")
    link: str = Field(
        description="Path of the page that shows the place in the article; “” for a source that came beside a draft, which has none."
    )


class SpanOut(Model):
    start: int
    end: int


class SpeakerOut(Model):
    name: str | None = Field(
        description="As the article names whoever says it; null where that is not clear."
    )
    start: int | None = Field(description="Where the words stand that show it.")
    end: int | None
    text: str | None
    agrees: bool | Literal["unknown"] | str = Field(
        description="With the speaker asked about; “unknown” also when nobody was."
    )


class StatementOut(Model):
    text: str
    article_id: str
    passage_id: str
    start: int
    end: int
    words: WordsOut | None = Field(
        description="The words of `text` that answer, as offsets of the article; asked who says it, the name, wherever it stands there. Null when the whole sentence answers, when nothing was read, and when it is not sure which words they are."
    )
    speaker: SaidByOut | None = Field(
        description="Who says what `text` quotes, or says, if that is asked. Null when it quotes nothing, and when the article leaves it unclear."
    )


class StatusOut(Model):
    """What the corpus holds, and how large it is."""

    folder: str = Field(description="Of the corpus, on the machine of the service.")
    generation: int = Field(description="The state of the corpus: it counts the changes.")
    counts: dict[str, int] = Field(
        description="Articles, passages and embedded ones; empty when `problems` say why."
    )
    encoder: EncoderOut
    chunking: str = Field(description="How articles are cut into passages.")
    bytes: dict[str, int] = Field(description="What the store and the indexes take on the disk.")
    mended: list[str] = Field(description="What was found damaged at the start, and made anew.")
    integrity: Literal["ok", "failed"] | str | None = Field(description="Null without `check`.")
    problems: list[str] = Field(description="What the check found.")
    calibration: list[CalibrationOut]


class SupportingOut(Model):
    """The passage of the cited source that supports a sentence best."""

    passage_id: str
    start: int = Field(description="Of its best sentence.")
    end: int
    text: str
    score: float = Field(description="0 to 1: how far it supports the sentence.")
    missing: list[MissingOut] = Field(
        description="What the sentence states and all of the source lacks."
    )
    contradicts: ContradictionOut | None = Field(
        description="What of the cited source says the contrary, by the reader; it may be wrong."
    )
    read: bool | None = Field(
        description="Whether the reader read what is cited: false where the draft has too much of it, or another language; null where nothing is read."
    )
    source: SourceOut
    citation: str


class UnderstoodOut(Model):
    """Words of the question that do more than to be looked for."""

    start: int
    end: int
    kind: Literal["phrase", "without", "since", "period", "latest"] | str = Field(
        description="`phrase`: passages have it word for word; `without`: none has it; `since`: articles dated before are left out; `period`, `latest`: what is of it, or is new, comes earlier."
    )
    effect: Literal["filter", "preference"] | str
    text: str = Field(description="== question[start:end]")
    words: str = Field(description="Of `phrase` and `without`: the words, without marks.")
    published_from: str | None
    published_to: str | None
    month: int | None = Field(description="Of any year: 5 for “in May”.")


class WhyOut(Model):
    similarity: float = Field(description="Cosine of the two passages' vectors.")
    shared_names: list[str] = Field(description="Names that both have, as this passage has them.")
    shared_terms: list[str] = Field(description="The rarest words that both have, at most five.")


class WordsOut(Model):
    start: int
    end: int
    text: str
