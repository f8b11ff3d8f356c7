"""The passages of an answer as a prompt takes them: expanded, merged, within a number of tokens.

What overlaps or adjoins in an article is one part, so nothing stands in a prompt twice. Tokens are
those of the encoder's own tokenizer.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache, partial

from qa.observe import stage
from qa.passages.chunking import Ruler, TokenSpans
from qa.retrieval.expansion import Surroundings
from qa.storage.view import View
from qa.types import Answer, Context, ContextPart, Expand, Hit, Span

# Articles whose text is held at a time: each may have megabytes.
_HELD = 8
# Characters of white space between what adjoins.
_GAP = 200
Articles = Callable[[str], Surroundings]


def in_context(
    view: View,
    answer: Answer,
    expand: Expand | None,
    max_tokens: int | None,
    token_spans: TokenSpans,
) -> Answer:
    """The answer with each passage expanded, and with what of them goes into so many tokens."""
    if expand is None and max_tokens is None:
        return answer
    with stage("context"):
        articles: Articles = lru_cache(_HELD)(partial(Surroundings.of, view))
        hits = _expanded(articles, answer.hits, expand) if expand else answer.hits
        context = None if max_tokens is None else prompt(articles, hits, max_tokens, token_spans)
    return replace(answer, hits=hits, context=context)


def _expanded(articles: Articles, hits: Sequence[Hit], expand: Expand) -> tuple[Hit, ...]:
    found = {
        hit.passage.id: articles(id_).expanded(hit.passage, expand)
        for id_, own in _by_article(hits).items()
        for hit in own
    }
    return tuple(replace(hit, expanded=found[hit.passage.id]) for hit in hits)


def prompt(
    articles: Articles, hits: Sequence[Hit], max_tokens: int, token_spans: TokenSpans
) -> Context:
    """What there is room for, the best first: each expanded, or else alone, or else left out."""
    strips = {
        id_: _Strip(articles(id_).text, [_widest(hit) for hit in own], token_spans)
        for id_, own in _by_article(hits).items()
    }
    room, left_out = max_tokens, []
    for hit in hits:
        strip = strips[hit.passage.article_id]
        ways = [(strip.cost(span), span) for span in (_widest(hit), _alone(hit))]
        cost, span = next((way for way in ways if way[0] <= room), (0, None))
        if span is None:
            left_out.append(hit.passage.id)
        else:
            strip.take(hit, span)
            room -= cost
    best = {hit.passage.id: place for place, hit in reversed(list(enumerate(hits)))}
    parts = [part for id_, strip in strips.items() for part in strip.parts(articles(id_))]
    parts.sort(key=lambda part: min(best[passage.id] for passage in part.passages))
    return Context(tuple(parts), max_tokens - room, max_tokens, tuple(left_out))


class _Strip:
    """What of an article may go into a prompt, and what was taken of it; each token counted once.

    The text is not kept, and nothing is tokenised but what the spans cover.
    """

    def __init__(self, text: str, spans: Iterable[Span], token_spans: TokenSpans) -> None:
        regions = _joined(spans, lambda a, b: b - a <= _GAP and text[a:b].isspace())
        self._starts = [region.start for region in regions]
        self._rulers = [Ruler(text[r.start : r.end], token_spans) for r in regions]
        self._taken: list[Span] = []
        self._hits: list[Hit] = []

    def cost(self, span: Span) -> int:
        """How many tokens it adds to what was taken."""
        return sum(map(self._tokens, self._with(span))) - sum(map(self._tokens, self._taken))

    def take(self, hit: Hit, span: Span) -> None:
        self._taken = self._with(span)
        self._hits.append(hit)

    def parts(self, article: Surroundings) -> Iterable[ContextPart]:
        """What was taken, in the order of the text."""
        passages = sorted((hit.passage for hit in self._hits), key=lambda passage: passage.start)
        for span in self._taken:
            inside = tuple(p for p in passages if span.start <= p.start < span.end)
            extract = article.extract(span)
            yield ContextPart(
                *(extract.start, extract.end, extract.text, extract.source, extract.citation),
                tokens=self._tokens(span),
                passages=inside,
            )

    def _with(self, span: Span) -> list[Span]:
        return _joined([*self._taken, span], self._adjoin)

    def _adjoin(self, end: int, start: int) -> bool:
        return self._region(end) == self._region(start) and not self._tokens(Span(end, start))

    def _tokens(self, span: Span) -> int:
        region = self._region(span.start)
        first = self._starts[region]
        return self._rulers[region].tokens(span.start - first, span.end - first)

    def _region(self, at: int) -> int:
        return bisect_right(self._starts, at) - 1


def _joined(spans: Iterable[Span], adjoin: Callable[[int, int], bool]) -> list[Span]:
    """The spans in order, those that overlap or adjoin as one; told by an end and a start."""
    joined: list[Span] = []
    for span in sorted(spans):
        last = joined[-1] if joined else None
        if last and (span.start <= last.end or adjoin(last.end, span.start)):
            joined[-1] = Span(last.start, max(last.end, span.end))
        else:
            joined.append(span)
    return joined


def _by_article(hits: Sequence[Hit]) -> dict[str, list[Hit]]:
    found: dict[str, list[Hit]] = {}
    for hit in hits:
        found.setdefault(hit.passage.article_id, []).append(hit)
    return found


def _widest(hit: Hit) -> Span:
    whole = hit.expanded or hit.passage
    return Span(whole.start, whole.end)


def _alone(hit: Hit) -> Span:
    return Span(hit.passage.start, hit.passage.end)
