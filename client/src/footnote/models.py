"""What the service takes and gives, by the names of its document."""

# Written by client/generate.py: change that, or what it reads.

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Model(BaseModel):
    """What a newer service says besides is kept."""

    model_config = ConfigDict(extra="allow")


class AddedOut(Model):
    """What became of an article that was sent."""

    id: str = Field(description="The id of the article.")
    status: Literal["added", "replaced", "unchanged"] | str = Field(
        description="Whether it is new, in the place of another, or was here just so."
    )
    passages: int = Field(description="How many passages it has.")
    link: str = Field(description="Path of its page.")
    notes: list[str] = Field(description="What of it was not understood: a date, say.")
    generation: int = Field(
        description="The state of the corpus that it is in: `min_generation` of who looks for it."
    )


class AgainstOut(Model):
    """What the draft was held against."""

    chosen: bool = Field(description="Not all articles of the corpus: those of `articles`.")
    beside: list[SourceOut] = Field(
        description="The sources that came beside it: ids that begin with `~`, and no page."
    )


class ArticleIn(Model):
    """One article. Fields that are not named here are kept in `extra`."""

    id: str | None = Field(
        default=None,
        description="Its id; the article that has it is replaced. Left out: made of the URL.",
    )
    title: str | None = Field(default=None, description="Its headline.")
    text: str | None = Field(
        default=None, description="Its text, which is not cleaned; or else `html`."
    )
    html: str | None = Field(default=None, description="Its page, of which the text is read.")
    url: str | None = Field(default=None, description="Its own address.")
    publisher: str | None = Field(default=None, description="Who publishes it.")
    author: str | None = Field(default=None, description="Who wrote it; several, with commas.")
    authors: list[str] | None = Field(
        default=None, description="Instead of `author`: each name apart."
    )
    published: str | None = Field(
        default=None, description="When, as precise as it says: YYYY, YYYY-MM, YYYY-MM-DD, a time."
    )
    language: str | None = Field(
        default=None, description="The language as BCP 47 has it: `en`, `sr`."
    )
    tags: list[str] | None = Field(default=None, description="Words to file it under.")
    extra: dict[str, Any] | None = Field(default=None, description="What else is known of it.")


class ArticleOut(Model):
    """An article with its text."""

    title: str | None = Field(description="Its headline.")
    url: str | None = Field(description="Its own address.")
    publisher: str | None = Field(description="Who publishes it.")
    author: str | None = Field(description="Who wrote it; several, with commas.")
    authors: list[str] = Field(description="The names in `author`, each apart.")
    published: str | None = Field(
        description="When, as precise as it says: YYYY, YYYY-MM, YYYY-MM-DD, a time."
    )
    language: str | None = Field(description="The language as BCP 47 has it: `en`, `sr`.")
    id: str = Field(description="The id of the article.")
    text: str = Field(description="The canonical text, which all offsets are of.")
    tags: list[str] = Field(description="Its tags.")
    extra: dict[str, Any] = Field(description="What else was said of it, as it was given.")
    pages: list[int] = Field(description="Where each page of a PDF begins in the text.")
    digest: str = Field(description="SHA-256 of the text, in hex.")
    passages: list[PlaceOut] = Field(description="The passages of the text, in order.")
    removed: list[RemovedOut] = Field(description="Lines that cleaning kept out of the text.")
    notes: list[str] = Field(description="What of it was not understood, or is to be known.")
    encoding: str | None = Field(description="How its bytes were read; null when they were text.")
    media_type: str = Field(description="What it came as.")
    added_at: str = Field(description="When it was added, in UTC.")


class ArticlePatch(Model):
    """What is stated of an article, stated anew; null takes it out. Its text stays as it is."""

    title: str | None = Field(default=None, description="Its headline.")
    url: str | None = Field(default=None, description="Its own address.")
    publisher: str | None = Field(default=None, description="Who publishes it.")
    author: str | None = Field(default=None, description="Who wrote it; several, with commas.")
    authors: list[str] | None = Field(
        default=None, description="Instead of `author`: each name apart."
    )
    published: str | None = Field(
        default=None, description="When, as precise as it says: YYYY, YYYY-MM, YYYY-MM-DD, a time."
    )
    language: str | None = Field(
        default=None, description="The language as BCP 47 has it: `en`, `sr`."
    )
    tags: list[str] | None = Field(default=None, description="Words to file it under.")
    extra: dict[str, Any] | None = Field(default=None, description="What else is known of it.")


class ArticleSummary(Model):
    """An article in a list."""

    title: str | None = Field(description="Its headline.")
    url: str | None = Field(description="Its own address.")
    publisher: str | None = Field(description="Who publishes it.")
    author: str | None = Field(description="Who wrote it; several, with commas.")
    authors: list[str] = Field(description="The names in `author`, each apart.")
    published: str | None = Field(
        description="When, as precise as it says: YYYY, YYYY-MM, YYYY-MM-DD, a time."
    )
    language: str | None = Field(description="The language as BCP 47 has it: `en`, `sr`.")
    id: str = Field(description="The id of the article.")
    tags: list[str] = Field(description="Its tags.")
    characters: int = Field(description="Of its text, as code points.")
    passages: int = Field(description="How many passages it has.")
    added_at: str = Field(description="When it was added, in UTC.")


class ArticlesOut(Model):
    """A page of articles."""

    articles: list[ArticleSummary] = Field(description="Those of this page, in order.")
    total: int = Field(description="How many articles are selected, on all pages.")
    next: str | None = Field(
        description="Cursor of the next page; null on the last, and in another order than by id."
    )
    facets: dict[str, list[CountedOut]] = Field(
        description="Of each `facet` that was asked for the commonest values, at most twenty."
    )


class AskBatchIn(Model):
    """Many questions, each with its options."""

    questions: list[AskIn | str] = Field(
        description="Each as `POST /v1/ask` takes it, or a question alone. Together they may have 20,000 characters, and ask for 10,100 passages, with those passed over."
    )


class AskBatchOut(Model):
    """What became of many questions."""

    items: list[AskedOut] = Field(description="One for each question, in their order.")
    took_ms: float = Field(description="Milliseconds that it took.")


class AskIn(Model):
    """A question, and how it is to be answered."""

    question: str = Field(description="The question, in natural language.")
    top_k: int = Field(default=5, description="How many passages.")
    filters: FiltersIn | None = Field(
        default=None, description="Only passages of articles that pass every filter given."
    )
    mode: Literal["hybrid", "dense", "lexical"] | str = Field(
        default="hybrid",
        description="Both indexes, or one alone: `dense` by meaning, `lexical` by words.",
    )
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
    min_score: float = Field(
        default=0.0, description="Passages whose `score` is lower are left out."
    )
    expand: Literal["paragraph", "neighbours"] | str | None = Field(
        default=None,
        description="What each passage is shown within besides, as `expanded`: its `paragraph`, or between its `neighbours`, the passage before and the one behind.",
    )
    max_tokens: int | None = Field(
        default=None,
        description="How many tokens a prompt has room for: `context` has what of the passages goes into it. The encoder's own tokenizer counts: an estimate for other models.",
    )
    min_generation: int | None = Field(
        default=None,
        description="The generation that is asked of, or a later one: that of an addition, to find it on any server. This one waits a second for it; then it is 503 `behind`.",
    )


class AskOut(Model):
    """What answers a question."""

    question: str = Field(description="As it was asked.")
    answered: bool = Field(description="Whether the passages answer it: `confidence` is enough.")
    confidence: float = Field(description="How probable it is that the first passages answer.")
    reason: str | None = Field(description="When not answered: why.")
    answer: StatementOut | None = Field(description="The sentence that answers; null: none does.")
    passages: list[HitOut] = Field(
        description="The best first; when not answered, the nearest all the same."
    )
    context: ContextOut | None = Field(description="For a prompt; null without `max_tokens`.")
    read: Literal["deep", "fast", "off"] | str = Field(
        description="How much was read: `off` too where the reader does not know the language, and for a question of more than 30 words."
    )
    understood: list[UnderstoodOut] = Field(
        description="What was read of the question besides its words; `time=off` leaves out the time, and the marks and the minus are the question's own."
    )
    notes: list[str] = Field(
        description="What of the question was not asked for as it stands there: the end of one that is too long, a quoted phrase that no passage has."
    )
    unread: str = Field(
        description="The end of a question that is longer than the encoder reads, else “”: found by its words alone, in dense mode by nothing."
    )
    offset: int = Field(description="How many passages are on the pages before.")
    next_offset: int | None = Field(description="Where the next page begins; null on the last.")
    index: IndexOut = Field(description="What the question was asked of.")
    took_ms: float = Field(description="Milliseconds that it took.")


class AskedOut(Model):
    """What became of one question of many."""

    result: AskOut | None = Field(description="Null where there is a `problem`.")
    problem: Problem | None = Field(
        description="What is wrong with this one; null where there is a `result`."
    )


class BesideIn(Model):
    """A source that comes beside a draft."""

    name: str = Field(description="Of its file, say.")
    text: str = Field(description="What it says.")
    title: str | None = Field(default=None, description="Its headline.")
    url: str | None = Field(default=None, description="Its own address.")
    publisher: str | None = Field(default=None, description="Who publishes it.")
    author: str | None = Field(default=None, description="Who wrote it; several, with commas.")
    published: str | None = Field(
        default=None, description="When, as precise as it says: YYYY, YYYY-MM, YYYY-MM-DD, a time."
    )
    language: str | None = Field(
        default=None, description="The language as BCP 47 has it: `en`, `sr`."
    )


class CalibrationOut(Model):
    """What the confidence was fitted to in this corpus."""

    read: Literal["deep", "fast", "off"] | str = Field(
        description="The depth of reading that it is for."
    )
    made: str = Field(description="When.")
    answerable: int = Field(description="Questions that the corpus answers.")
    unanswerable: int = Field(description="Questions that it does not.")
    in_use: bool = Field(description="Whether it still fits the model and the corpus.")


class CheckBatchIn(Model):
    """Many quotes, each with where and by whom it is said to be."""

    quotes: list[CheckIn | str] = Field(
        description="Each as `POST /v1/check` takes it, or a quote alone."
    )


class CheckBatchOut(Model):
    """What became of many quotes."""

    items: list[CheckedOut] = Field(description="One for each quote, in their order.")
    took_ms: float = Field(description="Milliseconds that it took.")


class CheckIn(Model):
    """A quote, and where and by whom it is said to be."""

    quote: str = Field(description="The words that are quoted.")
    article_id: str | None = Field(default=None, description="The article it is said to be from.")
    passage_id: str | None = Field(default=None, description="The passage it is said to be from.")
    speaker: str | None = Field(default=None, description="Who is said to say it.")
    min_generation: int | None = Field(
        default=None,
        description="The generation that is asked of, or a later one: that of an addition, to find it on any server. This one waits a second for it; then it is 503 `behind`.",
    )


class CheckOut(Model):
    """What became of a quote, and of which state of the corpus that is said."""

    quote: str = Field(description="As it was given.")
    verdict: (
        Literal["verbatim", "normalized", "altered", "spliced", "misattributed", "not_found"] | str
    ) = Field(
        description="`verbatim` and `normalized` (only typography differs) are right; the others are not: `altered`, `spliced`, `misattributed`, `not_found`."
    )
    matches: list[MatchOut] = Field(description="Where it stands, or nearly; the best first.")
    note: str | None = Field(description="What else is to be known, in sentences.")
    too_short: bool = Field(description="Under four words: it may stand anywhere.")
    source_changed: SourceChangeOut | None = Field(
        description="When the passage cited is of an earlier version of its article."
    )
    took_ms: float = Field(description="Milliseconds that it took.")
    generation: int = Field(
        description="The state of the corpus that was looked at: it counts the changes."
    )


class CheckTextIn(Model):
    """A draft, and what it is held against."""

    text: str = Field(
        default="", description="The draft: Markdown, plain text, HTML, or JSON with citations."
    )
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
    min_generation: int | None = Field(
        default=None,
        description="The generation that is asked of, or a later one: that of an addition, to find it on any server. This one waits a second for it; then it is 503 `behind`.",
    )
    remember: bool = Field(default=False, description="Whether to answer with a `state`.")
    earlier: str | None = Field(
        default=None,
        description="The `state` of an earlier check. What has not changed since is taken over: the answer is that of a full check. After a restart of the service all is new.",
    )


class CheckTextOut(Model):
    """What of a draft stands in its sources, and what does not."""

    quotations: list[QuotationOut] = Field(description="All that it quotes, in order.")
    claims: list[ClaimOut] = Field(description="All sentences that cite, in order.")
    references: list[CitedOut] = Field(description="All that it refers to, in order.")
    reading: ReadingOut = Field(description="How many claims were read.")
    looked_at: LookedAtOut = Field(description="What of it was looked at, and what was not.")
    against: AgainstOut = Field(description="What it was held against.")
    generation: int = Field(description="Of the corpus: it grows with every change.")
    state: str | None = Field(
        description="What was found, sealed, for `earlier` of a later check; null unless it was asked for with `remember`."
    )
    took_ms: float = Field(description="Milliseconds that it took.")


class CheckedOut(Model):
    """What became of one quote of many."""

    result: CheckOut | None = Field(description="Null where there is a `problem`.")
    problem: Problem | None = Field(
        description="What is wrong with this one; null where there is a `result`."
    )


class CitationIn(Model):
    """A quote of a structured answer, and where it is said to be from."""

    quote: str = Field(description="The words that are quoted.")
    source: str | None = Field(default=None, description="A URL, an id, a file name, a title.")


class CitationOut(Model):
    """A citation in every format. What the article does not state stands in none of them."""

    article_id: str = Field(description="The id of the article.")
    start: int | None = Field(description="Of the cited words in the article's text; or null.")
    end: int | None = Field(description="Where they end there, half open; or null.")
    words: str | None = Field(description="`text[start:end]`; null when all of it is cited.")
    plain: str = Field(description="A line to print.")
    markdown: str = Field(description="The words as a block quote, with the line below.")
    html: str = Field(description="The same as HTML.")
    bibtex: str = Field(description="An entry `@misc`, also for BibLaTeX.")
    ris: str = Field(description="RIS.")
    csl: list[dict[str, Any]] = Field(description="CSL-JSON.")
    annotation: dict[str, Any] = Field(description="A W3C Web Annotation.")
    link: str = Field(description="The page of this service that shows the words in the article.")
    original: str | None = Field(
        description="The article's own address, where it states one, with a text fragment that leads a browser to the words; of a PDF, with the page."
    )


class CitedOut(Model):
    """A reference of a draft."""

    start: int = Field(description="Where it stands in the draft.")
    end: int = Field(description="Where it ends there, half open.")
    label: str = Field(description="As the draft writes it.")
    target: str | None = Field(description="What it says of its source; null: nothing.")
    source: SourceOut | None = Field(description="Null: it is no article of the corpus.")


class ClaimOut(Model):
    """A sentence or clause of a draft that cites a source."""

    key: str = Field(
        description="The same as long as its words, its references, its speaker and what they lead to are; `-2` behind what comes a second time."
    )
    taken_over: bool = Field(description="From `earlier`: nothing that it rests on has changed.")
    start: int = Field(description="Where it begins in the draft, in code points.")
    end: int = Field(description="Where it ends there, half open.")
    text: str = Field(description="As the draft has it.")
    references: list[CitedOut] = Field(description="What it refers to, in order.")
    supporting: SupportingOut | None = Field(
        description="By all that it cites together: the best passage, and what none of the articles has. Null: nothing it cites is here."
    )
    covered_by: Literal["mark", "paragraph"] | str = Field(
        description="`mark`: by its own reference; `paragraph`: by the next one of its paragraph."
    )
    by_source: list[SupportingOut] = Field(
        description="By each article alone, in the order of the references."
    )


class ContextOut(Model):
    """What of the passages goes into a prompt."""

    parts: list[ContextPartOut] = Field(description="The part with the best passage first.")
    tokens: int = Field(description="Of all parts together.")
    max_tokens: int = Field(description="How many there is room for.")
    left_out: list[str] = Field(description="Ids of the passages for which there was no room.")


class ContextPartOut(Model):
    """A part of an article for a prompt: what overlaps or adjoins is one part."""

    article_id: str = Field(description="The id of the article.")
    start: int = Field(description="Where it begins in the article's text, in code points.")
    end: int = Field(description="Where it ends there, half open: `text[start:end]`.")
    text: str = Field(description="The words: `text[start:end]` of the article.")
    tokens: int = Field(description="Of the `text`, as the encoder's own tokenizer counts them.")
    passages: list[WithinOut] = Field(description="The passages in it, in the order of the text.")
    source: SourceOut = Field(description="Who says it.")
    citation: str = Field(description="A line to print: who, what, where, when, which characters.")


class ContradictionOut(Model):
    """The sentence of a cited source that says the contrary."""

    passage_id: str = Field(
        description="The id of the passage, which holds for this version of its article."
    )
    start: int = Field(description="Where it begins in the article's text, in code points.")
    end: int = Field(description="Where it ends there, half open: `text[start:end]`.")
    text: str = Field(description="The words: `text[start:end]` of the article.")
    kind: Literal["number", "name", "date", "negation", "statement"] | str = Field(
        description="In what they differ; `statement` where it is no fact and no negation."
    )


class CopyOut(Model):
    """The same place in a copy of the article."""

    passage_id: str = Field(
        description="The id of the passage, which holds for this version of its article."
    )
    start: int = Field(description="Where it begins in the article's text, in code points.")
    end: int = Field(description="Where it ends there, half open: `text[start:end]`.")
    source: SourceOut = Field(description="Who says it there.")
    citation: str = Field(description="A line to print: who, what, where, when, which characters.")


class CountedOut(Model):
    """A value that articles state."""

    value: str = Field(description="The publisher, author, year, language or tag.")
    articles: int = Field(description="How many of the selected articles state it.")


class CutOut(Model):
    """What the sentence of a quote says besides."""

    before: str | None = Field(description="What its sentence says before the quote.")
    after: str | None = Field(description="What its sentence says behind the quote.")


class DifferenceOut(Model):
    """Words that differ between a quote and its source."""

    op: Literal["replace", "delete", "insert"] | str = Field(
        description="What was done to the source: `delete`, left out; `insert`, added; `replace`."
    )
    quote: str = Field(description="What the quote has there.")
    source: str = Field(description="What the source has there.")
    kind: Literal["number", "negation", "name", "unit", "word"] | str = Field(
        description="What of it differs."
    )
    same_value: bool = Field(
        description="Whether both say one number, written otherwise: 12 % and 12 percent."
    )


class DraftSpanOut(Model):
    """A stretch of the draft."""

    start: int = Field(description="Where it begins in the draft, in code points.")
    end: int = Field(description="Where it ends there, half open.")
    text: str = Field(description="As the draft has it.")


class EncoderOut(Model):
    """The model that the passages are embedded with."""

    name: str = Field(description="As `QA_MODEL` has it.")
    digest: str = Field(description="Of its weights.")
    dimension: int = Field(description="Of its vectors.")


class ExpandedOut(Model):
    """What a passage stands within: at most 6,000 characters."""

    start: int = Field(description="Where it begins in the article's text, in code points.")
    end: int = Field(description="Where it ends there, half open: `text[start:end]`.")
    text: str = Field(description="The words: `text[start:end]` of the article.")
    passage: SpanOut = Field(description="Where the passage stands in this `text`.")
    citation: str = Field(description="A line to print: who, what, where, when, which characters.")


class FieldProblem(Model):
    """What is wrong with one field of a body, or with one parameter."""

    field: str = Field(description="Its name, with the names that it stands below.")
    message: str = Field(description="What is wrong with it.")


class FiltersIn(Model):
    """Only passages of articles that pass every filter given."""

    article_ids: list[str] | None = Field(
        default=None, description="Articles with any of these ids."
    )
    publishers: list[str] | None = Field(default=None, description="Of any of these publishers.")
    authors: list[str] | None = Field(default=None, description="Of any of these authors.")
    languages: list[str] | None = Field(
        default=None,
        description="As articles state them: `en` finds en-GB, `sr` sr-Latn and sr-Cyrl.",
    )
    tags: list[str] | None = Field(default=None, description="With any of these tags.")
    published_from: str | None = Field(
        default=None, description="Dated in this year, month or day, or later."
    )
    published_to: str | None = Field(
        default=None, description="Dated in this year, month or day, or earlier."
    )


class HitOut(Model):
    """A passage that was found."""

    id: str = Field(
        description="The id of the passage, which holds for this version of its article."
    )
    article_id: str = Field(description="The id of the article.")
    start: int = Field(description="Where it begins in the article's text, in code points.")
    end: int = Field(description="Where it ends there, half open: `text[start:end]`.")
    text: str = Field(description="The words: `text[start:end]` of the article.")
    language: str | None = Field(
        description="The language that the article states, else the one that the passage is told to be in by its script and its small words (Croatian and Bosnian as `sr`); null where that is not clear."
    )
    source: SourceOut = Field(description="Who says it.")
    citation: str = Field(description="A line to print: who, what, where, when, which characters.")
    also_in: list[SourceOut] = Field(description="Other articles with the same text.")
    expanded: ExpandedOut | None = Field(description="What it stands within, with `expand`.")
    score: float = Field(description="0 to 1, the best first; of this list alone.")
    scores: ScoresOut = Field(description="Of each index.")
    highlights: list[SpanOut] = Field(
        description="Sentences that support, in the article's offsets, the best first."
    )


class IndexOut(Model):
    """A state of the corpus."""

    generation: int = Field(
        description="The state of the corpus that was looked at: it counts the changes."
    )
    encoder: str = Field(description="The model that the passages are embedded with.")


class JobOut(Model):
    """A bulk addition with what was refused of it."""

    id: str = Field(description="Its id.")
    state: Literal["queued", "running", "done", "failed", "cancelled"] | str = Field(
        description="Whether it waits, is under way, or how it ended."
    )
    total: int = Field(description="Inputs: lines or files.")
    done: int = Field(description="Inputs dealt with and safely stored.")
    counts: dict[str, int] = Field(description="How many articles became what.")
    created: str = Field(description="When it was acknowledged, in UTC.")
    finished: str | None = Field(description="When it ended; null while it has not.")
    problems: list[ProblemOfJob] = Field(description="The first thousand.")
    stated: dict[str, str | list[str]] = Field(
        description="What is said of all articles that do not say it."
    )
    retryable: int = Field(description="Inputs that `POST /v1/jobs/{id}/retry` tries again.")
    generation: int | None = Field(
        default=None,
        description="Once it is done: a state of the corpus that all of it is in, for `min_generation`. Else null.",
    )


class JobSummary(Model):
    """A bulk addition, and how far it is."""

    id: str = Field(description="Its id.")
    state: Literal["queued", "running", "done", "failed", "cancelled"] | str = Field(
        description="Whether it waits, is under way, or how it ended."
    )
    total: int = Field(description="Inputs: lines or files.")
    done: int = Field(description="Inputs dealt with and safely stored.")
    counts: dict[str, int] = Field(description="How many articles became what.")
    created: str = Field(description="When it was acknowledged, in UTC.")
    finished: str | None = Field(description="When it ended; null while it has not.")


class JobsOut(Model):
    """A page of bulk additions."""

    jobs: list[JobSummary] = Field(description="Those of this page, the newest first.")
    total: int = Field(description="How many there are, on all pages.")
    next: str | None = Field(description="Cursor of the next page; null on the last.")


class LiveOut(Model):
    """The process answers."""

    status: Literal["live"] | str = Field(description="Always `live`.")


class LookedAtOut(Model):
    """What of the draft was looked at, and what was not or could not be."""

    words: int = Field(description="How many words the draft has.")
    quotations: int = Field(description="How many quotations were found in it.")
    references: int = Field(description="How many references.")
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

    ticked: bool = Field(default=False, description="Whether it is dealt with.")
    note: str = Field(default="", description="A remark of yours.")
    rating: Literal["false", "mostly_false", "mixed", "mostly_true", "true"] | str | None = Field(
        default=None, description="Of what is said there, for ClaimReview."
    )


class MatchOut(Model):
    """A place where a quote stands, or nearly does."""

    article_id: str = Field(description="The id of the article.")
    passage_id: str = Field(
        description="The id of the passage, which holds for this version of its article."
    )
    field: Literal["text", "title", "standfirst", "removed"] | str = Field(
        description="Where it stands; offsets are of the text alone, and null elsewhere."
    )
    start: int | None = Field(description="Where it begins in the article's text.")
    end: int | None = Field(description="Where it ends there, half open.")
    text: str = Field(description="The words as the source has them.")
    similarity: float = Field(description="How much of the quote stands there: 1 is all.")
    source: SourceOut = Field(description="Who says it there.")
    citation: str = Field(description="A line to print: who, what, where, when, which characters.")
    differences: list[DifferenceOut] = Field(description="What of the words differs, in order.")
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
    """What a sentence states and its source lacks."""

    kind: Literal["number", "name", "date"] | str = Field(description="What it is.")
    text: str = Field(description="As the draft writes it.")


class PartOut(Model):
    """A part of a quote that is not in one piece."""

    start: int | None = Field(description="In the article’s text; null in another field.")
    end: int | None = Field(description="Where they end there, half open; null likewise.")
    text: str = Field(description="The words as the article has them.")
    quote: str = Field(description="The words of the quote that stand there.")


class PassageOut(Model):
    """A passage of an article, with its footnote."""

    id: str = Field(
        description="The id of the passage, which holds for this version of its article."
    )
    article_id: str = Field(description="The id of the article.")
    start: int = Field(description="Where it begins in the article's text, in code points.")
    end: int = Field(description="Where it ends there, half open: `text[start:end]`.")
    text: str = Field(description="The words: `text[start:end]` of the article.")
    language: str | None = Field(
        description="The language that the article states, else the one that the passage is told to be in by its script and its small words (Croatian and Bosnian as `sr`); null where that is not clear."
    )
    source: SourceOut = Field(description="Who says it.")
    citation: str = Field(description="A line to print: who, what, where, when, which characters.")
    also_in: list[SourceOut] = Field(description="Other articles with the same text.")
    expanded: ExpandedOut | None = Field(description="What it stands within, with `expand`.")


class PlaceOut(Model):
    """A passage, and where it stands."""

    id: str = Field(
        description="The id of the passage, which holds for this version of its article."
    )
    start: int = Field(description="Where it begins in the article's text, in code points.")
    end: int = Field(description="Where it ends there, half open: `text[start:end]`.")


class PlacedOut(Model):
    """Words of an article, and where they stand."""

    start: int | None = Field(description="In the article’s text; null in another field.")
    end: int | None = Field(description="Where they end there, half open; null likewise.")
    text: str = Field(description="The words as the article has them.")


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
            "behind",
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
            "database_away",
        ]
        | str
    ) = Field(description="Which error it is; codes stay as they are.")
    instance: str | None = Field(default=None, description="The path that was called.")
    request_id: str | None = Field(default=None, description="As in `X-Request-ID` and in the log.")
    errors: list[FieldProblem] | None = Field(
        default=None, description="With `invalid_request`: at most twenty."
    )


class ProblemOfJob(Model):
    """An input that was not added."""

    origin: str = Field(description="Which: `line 317`, or the name of a file.")
    code: str = Field(description="Which error it is; codes stay as they are.")
    reason: str = Field(description="What is wrong, and what mends it.")


class QuotationOut(Model):
    """A quotation of a draft, and what became of it."""

    key: str = Field(
        description="The same as long as its words, its references, its speaker and what they lead to are; `-2` behind what comes a second time."
    )
    taken_over: bool = Field(description="From `earlier`: nothing that it rests on has changed.")
    quote: str = Field(description="As it was given.")
    verdict: (
        Literal["verbatim", "normalized", "altered", "spliced", "misattributed", "not_found"] | str
    ) = Field(
        description="`verbatim` and `normalized` (only typography differs) are right; the others are not: `altered`, `spliced`, `misattributed`, `not_found`."
    )
    matches: list[MatchOut] = Field(description="Where it stands, or nearly; the best first.")
    note: str | None = Field(description="What else is to be known, in sentences.")
    too_short: bool = Field(description="Under four words: it may stand anywhere.")
    source_changed: SourceChangeOut | None = Field(
        description="When the passage cited is of an earlier version of its article."
    )
    took_ms: float = Field(description="Milliseconds that it took.")
    start: int = Field(description="Where the quotation stands in the draft.")
    end: int = Field(description="Where it ends there, half open.")
    references: list[CitedOut] = Field(description="What it refers to, in order.")
    speaker: str | None = Field(description="Who says it by the draft, where that is clear.")


class ReadingOut(Model):
    """How many claims were read beside what they cite; those that cite nothing here are neither."""

    depth: Literal["deep", "fast", "off"] | str = Field(description="How much is read.")
    read: int = Field(description="They are read beside what they cite.")
    unread: int = Field(description="They are only compared: no contradiction is looked for.")


class ReadyOut(Model):
    """Questions are answered."""

    generation: int = Field(description="The state of the corpus: it counts the changes.")
    stored: int = Field(description="The newest that is stored, by whichever server.")
    behind: int = Field(description="How many changes this server does not show yet.")
    behind_seconds: float = Field(description="How long the oldest of them has waited for that.")
    status: Literal["ready"] | str = Field(description="Always `ready`: else the answer is 503.")


class RelatedHitOut(Model):
    """A passage about the same matter."""

    id: str = Field(
        description="The id of the passage, which holds for this version of its article."
    )
    article_id: str = Field(description="The id of the article.")
    start: int = Field(description="Where it begins in the article's text, in code points.")
    end: int = Field(description="Where it ends there, half open: `text[start:end]`.")
    text: str = Field(description="The words: `text[start:end]` of the article.")
    language: str | None = Field(
        description="The language that the article states, else the one that the passage is told to be in by its script and its small words (Croatian and Bosnian as `sr`); null where that is not clear."
    )
    source: SourceOut = Field(description="Who says it.")
    citation: str = Field(description="A line to print: who, what, where, when, which characters.")
    also_in: list[SourceOut] = Field(description="Other articles with the same text.")
    expanded: ExpandedOut | None = Field(description="What it stands within, with `expand`.")
    score: float = Field(description="0 to 1, the best first; of this list alone.")
    scores: ScoresOut = Field(description="Of each index.")
    highlights: list[SpanOut] = Field(
        description="Sentences that support, in the article's offsets, the best first."
    )
    related: WhyOut = Field(description="What it has in common with the other.")


class RelatedIn(Model):
    """What others are to be related to: a text or a passage."""

    text: str | None = Field(default=None, description="A text of yours.")
    passage_id: str | None = Field(
        default=None, description="The id of a passage, in place of a text."
    )
    top_k: int = Field(default=5, description="How many passages.")
    other_sources_only: bool = Field(
        default=False, description="None of an article in which the passage or text itself stands."
    )
    min_generation: int | None = Field(
        default=None,
        description="The generation that is asked of, or a later one: that of an addition, to find it on any server. This one waits a second for it; then it is 503 `behind`.",
    )


class RelatedOut(Model):
    """Passages about the same matter as another, or as a text."""

    passages: list[RelatedHitOut] = Field(description="The nearest first.")
    copies: list[SourceOut] = Field(
        description="Articles in which the passage or text itself stands, exactly or nearly."
    )
    notes: list[str] = Field(description="Of a text that is longer than the encoder reads.")
    generation: int = Field(
        description="The state of the corpus that was looked at: it counts the changes."
    )


class RemovedOut(Model):
    """A line that cleaning kept out of the text."""

    kind: str = Field(description="What it is: a caption, a count of comments.")
    text: str = Field(description="The line.")


class ReportIn(Model):
    """A draft, and how it is handed over."""

    text: str = Field(
        default="", description="The draft: Markdown, plain text, HTML, or JSON with citations."
    )
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
    min_generation: int | None = Field(
        default=None,
        description="The generation that is asked of, or a later one: that of an addition, to find it on any server. This one waits a second for it; then it is 503 `behind`.",
    )
    remember: bool = Field(default=False, description="Whether to answer with a `state`.")
    earlier: str | None = Field(
        default=None,
        description="The `state` of an earlier check. What has not changed since is taken over: the answer is that of a full check. After a restart of the service all is new.",
    )
    format: Literal["html", "md", "csv", "jsonld"] | str = Field(
        default="html", description="What file the report is."
    )
    name: str = Field(default="draft", description="Of the draft.")
    reviewer: str = Field(default="", description="Who answers for it; the author of reviews.")
    marks: dict[str, MarkIn] = Field(default_factory=dict, description="By the `key` of the item.")


class SaidByOut(Model):
    """Who says it."""

    name: str = Field(description="As the article has it in full.")
    start: int = Field(description="Where the words stand that show it.")
    end: int = Field(description="Where it ends there, half open: `text[start:end]`.")
    text: str = Field(description="The words: `text[start:end]` of the article.")


class ScoresOut(Model):
    """How near a passage is by each index."""

    dense: float | None = Field(description="Cosine; null when not among the nearest by meaning.")
    lexical: float | None = Field(description="BM25; null when not among the best by words.")


class SourceChangeOut(Model):
    """What became of a passage whose article has changed."""

    passage_id: str = Field(description="As it was cited.")
    article_id: str = Field(description="The id of the article.")
    now: str | None = Field(description="The passage the quote stands in now; null: it is gone.")


class SourceOut(Model):
    """Who says what stands at a place, as far as the article states it."""

    title: str | None = Field(description="Its headline.")
    url: str | None = Field(description="Its own address.")
    publisher: str | None = Field(description="Who publishes it.")
    author: str | None = Field(description="Who wrote it; several, with commas.")
    authors: list[str] = Field(description="The names in `author`, each apart.")
    published: str | None = Field(
        description="When, as precise as it says: YYYY, YYYY-MM, YYYY-MM-DD, a time."
    )
    language: str | None = Field(description="The language as BCP 47 has it: `en`, `sr`.")
    article_id: str = Field(description="The id of the article.")
    page: int | None = Field(description="Of a PDF: the page on which the passage begins.")
    page_label: str | None = Field(
        description="What the PDF calls that page, where it is not its number: iv."
    )
    time: str | None = Field(description="Of subtitles: when what the passage says begins.")
    link: str = Field(
        description="Path of the page that shows the place in the article; “” for a source that came beside a draft, which has none."
    )


class SpanOut(Model):
    """A stretch of an article's text."""

    start: int = Field(description="Where it begins in the article's text, in code points.")
    end: int = Field(description="Where it ends there, half open: `text[start:end]`.")


class SpeakerOut(Model):
    """Who says a quote in its source."""

    name: str | None = Field(
        description="As the article names whoever says it; null where that is not clear."
    )
    start: int | None = Field(description="Where the words stand that show it.")
    end: int | None = Field(description="Where they end.")
    text: str | None = Field(description="The words that show it.")
    agrees: bool | Literal["unknown"] | str = Field(
        description="With the speaker asked about; “unknown” also when nobody was."
    )


class StatementOut(Model):
    """The sentence that answers."""

    text: str = Field(description="The words: `text[start:end]` of the article.")
    article_id: str = Field(description="The id of the article.")
    passage_id: str = Field(
        description="The id of the passage, which holds for this version of its article."
    )
    start: int = Field(description="Where it begins in the article's text, in code points.")
    end: int = Field(description="Where it ends there, half open: `text[start:end]`.")
    words: WordsOut | None = Field(
        description="The words of `text` that answer, as offsets of the article; asked who says it, the name, wherever it stands there. Null when the whole sentence answers, when nothing was read, and when it is not sure which words they are."
    )
    speaker: SaidByOut | None = Field(
        description="Who says what `text` quotes, or says, if that is asked. Null when it quotes nothing, and when the article leaves it unclear."
    )
    language: str | None = Field(
        description="The language that the article states, else the one that the passage is told to be in by its script and its small words (Croatian and Bosnian as `sr`); null where that is not clear."
    )


class StatusOut(Model):
    """What the corpus holds, and how large it is."""

    generation: int = Field(description="The state of the corpus: it counts the changes.")
    stored: int = Field(description="The newest that is stored, by whichever server.")
    behind: int = Field(description="How many changes this server does not show yet.")
    behind_seconds: float = Field(description="How long the oldest of them has waited for that.")
    folder: str = Field(description="Of the corpus, on the machine of the service.")
    counts: dict[str, int] = Field(
        description="Articles, passages and embedded ones; empty when `problems` say why."
    )
    encoder: EncoderOut = Field(description="What it was embedded with.")
    chunking: str = Field(description="How articles are cut into passages.")
    bytes: dict[str, int] = Field(description="What the store and the indexes take on the disk.")
    mended: list[str] = Field(description="What was found damaged at the start, and made anew.")
    integrity: Literal["ok", "failed"] | str | None = Field(description="Null without `check`.")
    problems: list[str] = Field(description="What the check found.")
    calibration: list[CalibrationOut] = Field(description="For each depth of reading, if any.")


class SupportingOut(Model):
    """The passage of the cited source that supports a sentence best."""

    passage_id: str = Field(
        description="The id of the passage, which holds for this version of its article."
    )
    start: int = Field(description="Of its best sentence, in the article's text.")
    end: int = Field(description="Where it ends there, half open: `text[start:end]`.")
    text: str = Field(description="The words: `text[start:end]` of the article.")
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
    source: SourceOut = Field(description="Who says it.")
    citation: str = Field(description="A line to print: who, what, where, when, which characters.")


class UnderstoodOut(Model):
    """Words of the question that do more than to be looked for."""

    start: int = Field(description="Where they begin in the question.")
    end: int = Field(description="Where they end there.")
    kind: Literal["phrase", "without", "since", "period", "latest"] | str = Field(
        description="`phrase`: passages have it word for word, or as a preference come earlier if they do; `without`: none has it; `since`: articles dated before are left out; `period`, `latest`: what is of it, or is new, comes earlier."
    )
    effect: Literal["filter", "preference"] | str = Field(
        description="Whether others are left out, or come later."
    )
    text: str = Field(description="== question[start:end]")
    words: str = Field(description="Of `phrase` and `without`: the words, without marks.")
    published_from: str | None = Field(description="From when on, as precise as it is said.")
    published_to: str | None = Field(description="Until when, likewise.")
    month: int | None = Field(description="Of any year: 5 for “in May”.")
    stands: bool | None = Field(
        description="Of a `phrase` that is a preference: whether a passage has it word for word."
    )


class WhyOut(Model):
    """What two passages have in common."""

    similarity: float = Field(description="Cosine of the two passages' vectors.")
    shared_names: list[str] = Field(description="Names that both have, as this passage has them.")
    shared_terms: list[str] = Field(description="The rarest words that both have, at most five.")


class WithinOut(Model):
    """A passage that was found, within a part of a context."""

    id: str = Field(
        description="The id of the passage, which holds for this version of its article."
    )
    start: int = Field(description="Where it begins in the `text` of the part.")
    end: int = Field(description="Where it ends there, half open.")


class WordsOut(Model):
    """Words of an article."""

    start: int = Field(description="Where it begins in the article's text, in code points.")
    end: int = Field(description="Where it ends there, half open: `text[start:end]`.")
    text: str = Field(description="The words: `text[start:end]` of the article.")
