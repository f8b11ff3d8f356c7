"""Where quotes and drafts are checked against a store; it keeps what may be needed again."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import lru_cache

from embeddings import Encoder
from qa.check.checker import Checker, changed_since, verdict
from qa.check.draft import read_draft
from qa.check.quote.text import prepare
from qa.check.report import report
from qa.check.resolve import Resolver
from qa.check.speakers import Speakers
from qa.check.supporting import Supporters
from qa.check.types import DraftReport, Verdict
from qa.errors import InvalidInput
from qa.storage.published import Snapshot
from qa.storage.sqlite import Store, StoredArticle

# Quotations and citing sentences of one draft; each takes milliseconds.
MAX_CITED = 300
# Texts that quotes were held against last, each with what aligning needs of it: some 100 KB.
PREPARED = 128


class Desk:
    """Safe to use from many threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._prepare = lru_cache(maxsize=PREPARED)(prepare)
        self._speakers = lru_cache(maxsize=PREPARED)(Speakers)
        # Addresses and titles are read once for each generation.
        self._resolver = lru_cache(maxsize=1)(lambda generation: Resolver(store, generation))

    def quote(
        self,
        quote: str,
        snapshot: Snapshot,
        article: StoredArticle | None,
        passage_id: str | None,
        speaker: str | None,
    ) -> Verdict:
        """Whether it stands in the corpus, or in the article that it is said to be of."""
        started = time.perf_counter()
        checked = self._checker(snapshot).check(quote, article, speaker)
        changed = changed_since(passage_id, article, checked) if article else None
        return verdict(quote, checked, started, changed)

    def draft(self, text: str, snapshot: Snapshot, encoder: Callable[[], Encoder]) -> DraftReport:
        """Every quotation with its verdict, every claim with what supports it."""
        draft = read_draft(text)
        quoted, claimed = len(draft.quotations), len(draft.claims)
        if quoted + claimed > MAX_CITED:
            raise InvalidInput(
                f"the draft has {quoted} quotations and {claimed} sentences that cite; at most "
                f"{MAX_CITED} are checked at a time: send it in parts",
                code="too_many_quotations",
            )
        supporters = Supporters(self._store, snapshot, encoder)
        resolver = self._resolver(snapshot.generation)
        return report(draft, self._checker(snapshot), resolver, supporters.of)

    def _checker(self, snapshot: Snapshot) -> Checker:
        return Checker(self._store, snapshot, self._prepare, self._speakers)
