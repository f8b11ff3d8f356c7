"""Where quotes and drafts are checked against a corpus; it keeps what may be needed again."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

from embeddings import Encoder, Reader
from qa.check.beside_draft import SourcesBeside
from qa.check.checker import Checker, changed_since, verdict
from qa.check.draft_view import DraftView
from qa.check.earlier import Earlier, key_of
from qa.check.quote.text import Text
from qa.check.report import report
from qa.check.resolve import Addresses, Resolver
from qa.check.said import with_speaker
from qa.check.speakers import Speakers
from qa.check.supporting import SupportFinder
from qa.check.types import Against, DraftReport, QuoteInquiry, Verdict
from qa.citations.line import source
from qa.errors import InvalidInput
from qa.ids import PassageId
from qa.observe import stage
from qa.passages.chunking import Chunking
from qa.retrieval import lookup
from qa.storage import View
from qa.types import Answer, Depth, Document

# How many quotations and how many claims one draft may have; each takes milliseconds.
MAX_QUOTED, MAX_CLAIMED = 300, 600
# How many texts are kept, those that were needed last, with what aligning needs: some 100 KB.
KEPT_TEXTS = 128
DEFAULT_CHUNKING = Chunking()


class CheckService:
    """Checks quotes and drafts at any moment of a corpus. Safe to use from many threads."""

    def __init__(self) -> None:
        self._text_of = lru_cache(maxsize=KEPT_TEXTS)(Text)
        self._speakers = lru_cache(maxsize=KEPT_TEXTS)(Speakers)
        self._known: Addresses | None = None
        self._own = secrets.token_hex(16)  # generations of another corpus have the same numbers

    def quote(self, view: View, quoted: QuoteInquiry) -> Verdict:
        """Whether a quote stands in the corpus, or in the article that it is said to be of.

        Raises NotFound for an article that is not there, and InvalidInput for a passage of another.
        """
        started = time.perf_counter()
        passage_id, article_id = quoted.passage_id, quoted.article_id
        cited = _cited(passage_id, article_id) if passage_id is not None else None
        named = cited.article if cited else article_id
        article = lookup.article(view, named) if named else None
        who = (quoted.speaker or "").strip() or None
        checked = self._checker(view).check(quoted.quote, article, who)
        changed = changed_since(cited, article, checked) if article and cited else None
        found = verdict(quoted.quote, checked, started, changed)
        return replace(found, generation=view.version)

    def draft(
        self,
        view: View,
        text: str,
        encoder: Callable[[], Encoder],
        reader: Callable[[], Reader],
        depth: Depth,
        citations: Sequence[tuple[str, str | None]] = (),
        dialogue: bool = False,
        against: Against | None = None,
        beside: Sequence[Document] = (),
        chunking: Chunking = DEFAULT_CHUNKING,
        earlier: Earlier | None = None,
    ) -> DraftReport:
        """Every quotation with its verdict, every claim with what supports it.

        `citations` came beside the text; with `dialogue` dashes open quotations. What `earlier`
        found is taken over where nothing that it rests on has changed. Raises NotFound for an
        article that is chosen and not there.
        """
        # Here: its patterns take 0.15 s to load, and neither a quote nor an answer needs them.
        from qa.check.draft import read_draft

        sources = SourcesBeside(beside, encoder, chunking)
        moment, own = view.version, sources.articles.values()
        against = replace(against or Against(), beside=tuple(map(source, own)))
        if own or against.is_narrowed:
            view = _narrowed(view, against, sources)
        basis = key_of(self._own, moment, depth, against, [(s.digest, s.removed) for s in own])
        known = earlier.on(basis) if earlier else Earlier(basis)
        resolver = Resolver(view, self._addresses)
        with stage("draft"):
            draft = read_draft(
                text, is_article=resolver.has, citations=citations, dialogue=dialogue
            )
        quoted, claimed = len(draft.quotations), len(draft.claims)
        if quoted > MAX_QUOTED or claimed > MAX_CLAIMED:
            raise InvalidInput(
                f"the draft has {quoted} quotations and {claimed} sentences that cite; at most "
                f"{MAX_QUOTED} and {MAX_CLAIMED} are checked at a time: send it in parts",
                code="too_many_quotations",
            )
        support = SupportFinder(view, encoder, reader, depth)
        found = report(draft, self._checker(view), resolver, support.of, known)
        return replace(found, depth=depth, generation=moment, against=against)

    def said(self, view: View, answer: Answer) -> Answer:
        """The answer with who says it, where its article shows that."""
        statement = answer.statement
        if statement is None:
            return answer
        article = lookup.article(view, statement.article_id).article
        told = with_speaker(answer.question, statement, article, self._speakers)
        return replace(answer, statement=told)

    def _checker(self, view: View) -> Checker:
        return Checker(view, self._text_of, self._speakers)

    def _addresses(self, view: View) -> Addresses:
        if isinstance(view, DraftView):  # it is seen once
            return Addresses(view)
        known = self._known
        if known is None or known.version != view.version:
            known = self._known = Addresses(view)
        return known


def _narrowed(view: View, against: Against, beside: SourcesBeside) -> DraftView:
    for id_ in against.chosen.article_ids if against.chosen else ():
        lookup.article(view, id_)
    return DraftView(view, beside, against)


def _cited(passage_id: str, article_id: str | None) -> PassageId:
    cited = PassageId.parse(passage_id)
    if article_id not in (None, cited.article):
        raise InvalidInput(
            f"passage {passage_id!r} is not of article {article_id!r}", code="passage_of_other"
        )
    return cited
