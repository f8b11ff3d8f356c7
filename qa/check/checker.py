"""Whether what is quoted stands in its source: where to look, what is found there, who says it.

The verdicts and an example of each: docs/checking.md.
"""

from __future__ import annotations

import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from qa.check import ACCEPTED
from qa.check.findings import Finding, changed, half_changed, unchanged, verdict_of
from qa.check.matches import SpeakersOf, matches, speakers_of_parts, with_speakers
from qa.check.quote.forms import Quote
from qa.check.quote.rules import RULES, Rules
from qa.check.quote.text import Text
from qa.check.remarks import CHOSEN, EVERYWHERE, NAMED, of_place
from qa.check.sources import Sources
from qa.check.speakers import Speakers
from qa.check.types import Match, SourceChange, Verdict, VerdictName
from qa.ids import PassageId
from qa.storage import View
from qa.storage.records import StoredArticle

MAX_MATCHES = 20
CHANGED = "Article {} has changed since this passage was cited; checked as it is now."
TOO_SHORT = f"A quote of fewer than {RULES.min_quoted_words} words may stand anywhere."


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of a quote."""

    verdict: VerdictName
    matches: tuple[Match, ...] = ()
    notes: tuple[str, ...] = ()
    too_short: bool = False


class Checker:
    """Checks quotes at one moment of a corpus."""

    def __init__(
        self,
        view: View,
        text_of: Callable[[str], Text] = Text,
        speakers: SpeakersOf = Speakers,
        rules: Rules = RULES,
    ) -> None:
        """`text_of` and `speakers` may be cached: a draft meets the same articles many times."""
        self._view = view
        self._sources = Sources(view, text_of, rules)
        self._speakers = speakers
        self._rules = rules

    @property
    def is_narrowed(self) -> bool:
        """Whether only what was chosen is looked through."""
        return self._view.is_narrowed

    def check(
        self, quote: str, article: StoredArticle | None = None, speaker: str | None = None
    ) -> Checked:
        """The verdict on a quote, said to be from an article, by a speaker, or neither."""
        short, quoted = is_too_short(quote, self._rules), Quote(quote)
        if article is None:
            found = self._anywhere(quoted, short)
            checked = self._said(quoted, verdict_of(found), found, speaker)
            if not (found or short):
                where = CHOSEN if self.is_narrowed else EVERYWHERE
                checked = Checked("not_found", notes=(where,))
        else:
            checked = self._attributed(quoted, article, short, speaker)
        if not short:
            return checked
        return replace(checked, notes=(*checked.notes, TOO_SHORT), too_short=True)

    def _anywhere(self, quote: Quote, short: bool) -> list[Finding]:
        """Where a quote stands in all texts, else in titles."""
        likely, rules = self._sources.likely(quote), self._rules
        if found := unchanged(quote, likely, rules):
            return found
        if short:
            return unchanged(quote, self._sources.titles(likely), rules)
        possible = [*self._sources.possible(quote), *likely]
        ranked = self._sources.ranked(quote, possible)
        found = unchanged(quote, ranked, rules) or changed(quote, ranked, rules)
        if verdict_of(found) in ACCEPTED:
            return found
        titles = self._sources.ranked(quote, self._sources.titles([*likely, *possible]))
        return unchanged(quote, titles, rules) or found or changed(quote, titles, rules)

    def _within(self, quote: Quote, article: StoredArticle, short: bool) -> list[Finding]:
        """Where a quote stands in an article: its text, its title, what was left out of it."""
        stretches, rules = self._sources.within(article, quote), self._rules
        found = unchanged(quote, stretches, rules)
        if not (found or short):
            found = changed(quote, stretches, rules)
        if verdict_of(found) in ACCEPTED:
            return found
        lines = [*self._sources.titled(article), *self._sources.removed(article)]
        if besides := unchanged(quote, lines, rules):
            return besides
        if found or short:
            return found
        return changed(quote, lines, rules) or half_changed(quote, stretches, rules)

    def _attributed(
        self, quote: Quote, article: StoredArticle, short: bool, speaker: str | None
    ) -> Checked:
        """The verdict on a quote in the article that is named, else elsewhere."""
        here = self._within(quote, article, short)
        if verdict_of(here) in ACCEPTED:
            return self._said(quote, verdict_of(here), here, speaker)
        others = [f for f in self._anywhere(quote, short) if f.article != article.key]
        id_ = article.article.id
        if verdict_of(others) in ACCEPTED:
            checked = self._said(quote, "misattributed", [*others, *here], speaker)
            there = checked.matches[0].source.article_id
            note = f"Not in {id_}, but it stands in {there}."
            return replace(checked, notes=(note, *checked.notes))
        if here:
            return self._said(quote, verdict_of(here), here, speaker)
        if others:
            note = f"Not in {id_}; something like it stands elsewhere."
            checked = self._said(quote, verdict_of(others), others, speaker)
            return replace(checked, notes=(note, *checked.notes))
        return Checked("not_found", notes=() if short else (NAMED.format(id_),))

    def _said(
        self,
        quote: Quote,
        verdict: VerdictName,
        findings: Sequence[Finding],
        speaker: str | None,
    ) -> Checked:
        """The verdict with its matches, and whether the speaker is theirs."""
        shown = findings[:MAX_MATCHES]
        articles = self._view.articles_by_key({finding.article for finding in shown})
        found = matches(self._view, shown, articles)
        stored = {one.article.id: one for one in articles.values()}
        texts = {id_: one.article.text for id_, one in stored.items()}
        in_texts = [match for match in found if match.field == "text"]
        besides = [match for match in found if match.field != "text"]
        found = [*with_speakers(in_texts, texts, speaker, self._speakers), *besides]
        notes = list(_remarks(verdict, findings, found))
        over = [
            _over_pages(match, stored[match.source.article_id].article.pages) for match in in_texts
        ]
        if verdict == "verbatim" and over and all(over) and not besides:
            verdict = "normalized"  # what is printed at the edges of pages stands between
            notes.append(f"It runs over a page break: pages {over[0]}.")
        if verdict_of(findings) in ACCEPTED:
            short = is_too_short(quote.given, self._rules)
            places = found[: sum(f.alignment.kind in ACCEPTED for f in shown)] or found
            notes += of_place(quote, places, short)
        if verdict == "normalized" and in_texts and len(found[0].parts) > 1:
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


def changed_since(cited: PassageId, stored: StoredArticle, checked: Checked) -> SourceChange | None:
    """What became of a passage that is cited by its id, if its article has changed since."""
    if cited.is_of(stored.digest):
        return None
    id_ = stored.article.id
    here = [match.passage_id for match in checked.matches if match.source.article_id == id_]
    gone = not here or checked.verdict in ("misattributed", "not_found")
    return SourceChange(str(cited), id_, None if gone else here[0])


def is_too_short(quote: str, rules: Rules = RULES) -> bool:
    """Whether a quote has too few words to mean anything."""
    return len(Text(quote).words) < rules.min_quoted_words


def _over_pages(match: Match, pages: Sequence[int]) -> str:
    """The pages of a PDF that a match stands on, "4–5"; "" when it is one, or no PDF."""
    first, last = bisect_right(pages, match.start), bisect_left(pages, match.end)
    return f"{first}–{last}" if 0 < first < last else ""


def _agrees(match: Match) -> bool | None:
    return match.speaker.agrees if match.speaker else None


def _of_speaker(speaker: str, found: Sequence[Match]) -> list[str]:
    """What is said of a speaker whom the source does not have say it, or not clearly."""
    said = found[0].speaker
    if said is not None and said.doubted:
        return ["The source does not state who said it: it is claimed, denied or supposed there."]
    if said is None or said.name is None:
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
