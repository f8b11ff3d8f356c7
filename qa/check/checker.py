"""Does what is quoted stand in its source? Candidates by words, then exact alignment.

Alignment itself is qa.check.alignment; here is where to look, and what the findings add up to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from qa.check.alignment import Alignment, Prepared, find, prepare
from qa.generations import Snapshot
from qa.search import citation, passage_id
from qa.store import Store, StoredArticle, source
from qa.types import Match, VerdictName

# Articles that are aligned in full. Those that hold every word of the quote come first.
CANDIDATE_CHUNKS = 60
CANDIDATE_ARTICLES = 24
# A quote is aligned from its rarest words: more of them find the same places, only slower.
SEARCH_TERMS = 32
MAX_MATCHES = 20
# "It is what it is" has no word that is indexed, and a sentence in Chinese has one: then the texts
# themselves are searched, which takes about a millisecond for each megabyte.
FEW_TERMS = 2


@dataclass(frozen=True, slots=True)
class _Finding:
    stored: StoredArticle
    alignment: Alignment


class Checker:
    """Checks quotes at one snapshot of a corpus."""

    def __init__(
        self, store: Store, snapshot: Snapshot, prepare: Callable[[str], Prepared] = prepare
    ) -> None:
        """`prepare` may be a cached one: a draft is held against the same articles many times."""
        self._store = store
        self._snapshot = snapshot
        self._prepare = prepare

    def check(
        self, quote: str, article: StoredArticle | None
    ) -> tuple[VerdictName, list[Match], str | None]:
        """The verdict, the places, and a sentence for the reader."""
        if article is None:
            verdict, found = _best(self._findings(quote, self._candidates(quote)))
            return verdict, self._matches(found), None
        verdict, here = _best(self._findings(quote, [article]))
        if verdict in ("verbatim", "normalized"):
            return verdict, self._matches(here), None
        others = (a for a in self._candidates(quote) if a.key != article.key)
        elsewhere, found = _best(self._findings(quote, others))
        if elsewhere in ("verbatim", "normalized"):
            note = f"Not in {article.article.id}, but it stands in {found[0].stored.article.id}."
            return "misattributed", self._matches([*found, *here]), note
        if verdict == "altered":
            return verdict, self._matches(here), None
        if elsewhere == "altered":
            note = f"Not in {article.article.id}; something like it stands elsewhere."
            return "altered", self._matches(found), note
        return "not_found", [], None

    def _candidates(self, quote: str) -> list[StoredArticle]:
        lexical = self._snapshot.lexical
        terms = lexical.terms(quote)
        rarest = [
            terms[i] for i in np.argsort(-lexical.rarity(terms), kind="stable")[:SEARCH_TERMS]
        ]
        keys = [
            *lexical.search_terms(rarest, CANDIDATE_CHUNKS, all_terms=True).keys.tolist(),
            *lexical.search_terms(rarest, CANDIDATE_CHUNKS).keys.tolist(),
        ]
        places = self._store.occurrences(list(dict.fromkeys(keys)), self._snapshot.generation)
        ids = [o.stored.article.id for key in dict.fromkeys(keys) for o in places.get(key, [])]
        if len(terms) < FEW_TERMS:
            generation = self._snapshot.generation
            ids += self._store.containing(quote.strip(), generation, CANDIDATE_ARTICLES)
        return self._articles(list(dict.fromkeys(ids))[:CANDIDATE_ARTICLES])

    def _articles(self, ids: Sequence[str]) -> list[StoredArticle]:
        found = (self._store.article(id_, self._snapshot.generation) for id_ in ids)
        return [stored for stored in found if stored is not None]

    def _findings(self, quote: str, articles: Iterable[StoredArticle]) -> list[_Finding]:
        findings = []
        for stored in articles:
            text: Prepared = self._prepare(stored.article.text)
            findings += [_Finding(stored, alignment) for alignment in find(quote, text)]
        return findings

    def _matches(self, findings: Sequence[_Finding]) -> list[Match]:
        return [self._match(finding) for finding in findings[:MAX_MATCHES]]

    def _match(self, finding: _Finding) -> Match:
        stored, found = finding.stored, finding.alignment
        spans = [(s, e) for s, e, _ in self._store.passages_of(stored.key)]
        start, end = next(((s, e) for s, e in spans if found.start < e), spans[-1])
        where = source(stored, found.start)
        return Match(
            source=where,
            passage_id=passage_id(stored.article.id, stored.digest, start, end),
            start=found.start,
            end=found.end,
            text=stored.article.text[found.start : found.end],
            similarity=round(found.similarity, 4),
            differences=found.differences,
            citation=citation(where, found.start, found.end),
        )


def _best(findings: Sequence[_Finding]) -> tuple[VerdictName, list[_Finding]]:
    """The strongest kind there is, and its findings; of altered ones the most similar first."""
    ranking: tuple[VerdictName, ...] = ("verbatim", "normalized", "altered")
    for verdict in ranking:
        found = [f for f in findings if f.alignment.kind == verdict]
        if found:
            return verdict, sorted(found, key=lambda f: -f.alignment.similarity)
    return "not_found", []
