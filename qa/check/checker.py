"""Does what is quoted stand in its source? Where to look, what the findings add up to, who says it.

The verdicts and an example of each: docs/checking.md.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from qa.check import ACCEPTED
from qa.check.findings import Finding, changed, kind, unchanged
from qa.check.matches import SpeakersOf, matches, speakers_of_parts, with_speakers
from qa.check.quote.forms import Quote
from qa.check.quote.text import Prepared, prepare
from qa.check.sources import Sources
from qa.check.speakers import Speakers
from qa.check.types import Match, SourceChange, Verdict, VerdictName
from qa.ids import PassageId
from qa.storage.published import Snapshot
from qa.storage.sqlite import Store, StoredArticle

# A quote of fewer words than this may stand anywhere: it means nothing.
MIN_QUOTED_WORDS = 4
MAX_MATCHES = 20
CHANGED = "Article {} has changed since this passage was cited; checked as it is now."
TOO_SHORT = f"A quote of fewer than {MIN_QUOTED_WORDS} words may stand anywhere."


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of a quote."""

    verdict: VerdictName
    matches: tuple[Match, ...] = ()
    notes: tuple[str, ...] = ()
    too_short: bool = False


class Checker:
    """Checks quotes at one snapshot of a corpus."""

    def __init__(
        self,
        store: Store,
        snapshot: Snapshot,
        prepare: Callable[[str], Prepared] = prepare,
        speakers: SpeakersOf = Speakers,
    ) -> None:
        """`prepare` and `speakers` may be cached: a draft meets the same articles many times."""
        self._sources = Sources(store, snapshot, prepare)
        self._speakers = speakers

    def check(
        self, quote: str, article: StoredArticle | None = None, speaker: str | None = None
    ) -> Checked:
        """The verdict on a quote, said to be from an article, by a speaker, or neither."""
        short, quoted = is_too_short(quote), Quote(quote)
        if article is None:
            found = self._anywhere(quoted, short)
            checked = self._said(kind(found), found, speaker)
        else:
            checked = self._attributed(quoted, article, short, speaker)
        if not short:
            return checked
        return replace(checked, notes=(*checked.notes, TOO_SHORT), too_short=True)

    def _anywhere(self, quote: Quote, short: bool) -> list[Finding]:
        likely = self._sources.likely(quote)
        if (found := unchanged(quote, likely)) or short:
            return found
        possible = self._sources.ranked(quote, [*self._sources.possible(quote), *likely])
        return unchanged(quote, possible) or changed(quote, possible)

    def _attributed(
        self, quote: Quote, article: StoredArticle, short: bool, speaker: str | None
    ) -> Checked:
        """In the article that is named, else elsewhere."""
        stretches = self._sources.within(article, quote)
        here = unchanged(quote, stretches) or ([] if short else changed(quote, stretches))
        if kind(here) in ACCEPTED:
            return self._said(kind(here), here, speaker)
        others = [f for f in self._anywhere(quote, short) if f.article != article.key]
        id_ = article.article.id
        if kind(others) in ACCEPTED:
            checked = self._said("misattributed", [*others, *here], speaker)
            there = checked.matches[0].source.article_id
            note = f"Not in {id_}, but it stands in {there}."
            return replace(checked, notes=(note, *checked.notes))
        if here:
            return self._said(kind(here), here, speaker)
        if others:
            note = f"Not in {id_}; something like it stands elsewhere."
            checked = self._said(kind(others), others, speaker)
            return replace(checked, notes=(note, *checked.notes))
        return Checked("not_found")

    def _said(
        self, verdict: VerdictName, findings: Sequence[Finding], speaker: str | None
    ) -> Checked:
        """The verdict with its matches, and whether the speaker is theirs."""
        store, shown = self._sources.store, findings[:MAX_MATCHES]
        articles = store.articles_of({finding.article for finding in shown})
        found = matches(shown, articles, store)
        texts = {stored.article.id: stored.article.text for stored in articles.values()}
        found = with_speakers(found, texts, speaker, self._speakers)
        notes = list(_remarks(verdict, findings, found))
        if verdict == "normalized" and found and len(found[0].parts) > 1:
            text = texts[found[0].source.article_id]
            people = speakers_of_parts(found[0], text, self._speakers)
            if len(people) > 1:
                verdict = "spliced"
                notes.append(f"Its parts are said by different people: {', '.join(people)}.")
        if speaker and found:
            found.sort(key=lambda match: _agrees(match) is not True)
            if all(_agrees(match) is False for match in found) and verdict in ACCEPTED:
                verdict = "misattributed"
            notes += _of_speaker(speaker, found)
        return Checked(verdict, tuple(found), tuple(notes))


def verdict(
    quote: str, checked: Checked, started: float, changed: SourceChange | None = None
) -> Verdict:
    """What became of a quote that was begun to be checked at `started`."""
    notes = [CHANGED.format(changed.article_id), *checked.notes] if changed else checked.notes
    return Verdict(
        quote=quote,
        verdict=checked.verdict,
        matches=checked.matches,
        note=" ".join(notes) or None,
        took_ms=round((time.perf_counter() - started) * 1000, 2),
        too_short=checked.too_short,
        source_changed=changed,
    )


def changed_since(
    passage_id: str | None, stored: StoredArticle, checked: Checked
) -> SourceChange | None:
    """What became of a passage that is cited by its id, if its article has changed since."""
    if passage_id is None:
        return None
    if PassageId.parse(passage_id).is_of(stored.digest):
        return None
    id_ = stored.article.id
    here = [match.passage_id for match in checked.matches if match.source.article_id == id_]
    gone = not here or checked.verdict in ("misattributed", "not_found")
    return SourceChange(passage_id, id_, None if gone else here[0])


def is_too_short(quote: str) -> bool:
    """Whether a quote has too few words to mean anything."""
    return len(prepare(quote).words) < MIN_QUOTED_WORDS


def _agrees(match: Match) -> bool | None:
    return match.speaker.agrees if match.speaker else None


def _of_speaker(speaker: str, found: Sequence[Match]) -> list[str]:
    """What is said of a speaker whom the source does not have say it, or not clearly."""
    said = found[0].speaker
    if said is None:
        return ["Who says it is not clear from the source."]
    if said.agrees:
        return []
    if said.agrees is False:
        return [f"The source has {said.name} say it, not {speaker}."]
    return [f"The source has {said.name} say it; whether that is {speaker} is not known."]


def _remarks(
    verdict: VerdictName, findings: Sequence[Finding], found: Sequence[Match]
) -> list[str]:
    """What a reader should know besides the verdict."""
    said = []
    if verdict == "spliced":
        articles = {match.source.article_id for match in found}
        where = "in different articles" if len(articles) > 1 else "apart"
        said.append(f"Every part of it stands in a source, but {where}, or in another order.")
    if len(findings) > MAX_MATCHES:
        said.append(f"It stands in {len(findings)} places; the first {MAX_MATCHES} are shown.")
    return said
