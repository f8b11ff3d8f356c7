"""Findings -> matches: a place with its words, its sentence, its source and who says it there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from qa.check import ACCEPTED
from qa.check.cuts import cut_of
from qa.check.findings import Finding
from qa.check.speakers import Speakers, agrees
from qa.check.types import Copy, Excerpt, Match, Part, Speaker
from qa.citations.line import citation, source
from qa.ids import PassageId
from qa.storage import View
from qa.storage.records import StoredArticle
from qa.text.sentences import sentences
from qa.text.shingles import Shingles

# Characters around a place: enough for the sentences that it stands in.
SENTENCE_CONTEXT_CHARS = 3_000
# Characters on either side that two places share when one article is a copy of the other: a
# statement that two reporters quote stands in different words.
COPY_CONTEXT_CHARS = 500


SpeakersOf = Callable[[str, str | None], Speakers]
# Who says it is looked up for the first matches; for all when somebody asks who.
WITH_SPEAKER = 5
# Articles up to this many characters are read whole for who speaks; of longer ones, so much before
# and behind a place.
READ_WHOLE, READ_BEFORE, READ_BEHIND = 60_000, 15_000, 3_000


def with_speakers(
    found: Sequence[Match], texts: Mapping[str, str], asked: str | None, speakers: SpeakersOf
) -> list[Match]:
    """The matches with who says it in the source; `texts` are those of the articles by id."""
    read = len(found) if asked else WITH_SPEAKER
    return [
        replace(match, speaker=_speaker(match, texts[match.source.article_id], asked, speakers))
        for match in found[:read]
    ] + list(found[read:])


def speakers_of_parts(match: Match, text: str, speakers: SpeakersOf) -> list[str]:
    """The people who say the parts of a quote by the source, where that is clear, each once."""
    first, last = around(text, match.start, match.end)
    people = speakers(text[first:last], match.source.language)
    said = [people.of(part.start - first, part.end - first) for part in match.parts]
    return list(dict.fromkeys(one.name for one in said if one and one.is_person))


def around(text: str, start: int, end: int) -> tuple[int, int]:
    """What of a text is read for who speaks at a place: from where to where."""
    if len(text) <= READ_WHOLE:
        return 0, len(text)
    return max(0, start - READ_BEFORE), min(len(text), end + READ_BEHIND)


def _speaker(match: Match, text: str, asked: str | None, speakers: SpeakersOf) -> Speaker | None:
    first, last = around(text, match.start, match.end)
    people = speakers(text[first:last], match.source.language)
    said = people.of(match.start - first, match.end - first)
    if said is None:
        doubted = people.doubted(match.start - first, match.end - first)
        return Speaker(None, None, None, doubted) if asked else None
    start, end = said.span.start + first, said.span.end + first
    agreeing = agrees(asked, said) if asked else None
    return Speaker(said.name, Excerpt(start, end, text[start:end]), agreeing)


def matches(
    view: View, findings: Sequence[Finding], articles: Mapping[int, StoredArticle]
) -> list[Match]:
    """One match for each place, those in copies of an article as one.

    A spliced quote has a match for each of its parts.
    """
    found: list[tuple[Match, Shingles]] = []
    for finding in findings:
        stored = articles[finding.article]
        text = finding.line or stored.article.text
        for match in _of(view, stored, finding):
            around = Shingles.of(
                text[max(0, match.start - COPY_CONTEXT_CHARS) : match.end + COPY_CONTEXT_CHARS]
            )
            copied = next((i for i, pair in enumerate(found) if _copies(match, around, *pair)), -1)
            if copied < 0:
                found.append((match, around))
            else:
                first = found[copied][0]
                also_in = (*first.also_in, _copy(match))
                found[copied] = replace(first, also_in=also_in), found[copied][1]
    return [match for match, _ in found]


def _copies(match: Match, around: Shingles, other: Match, around_other: Shingles) -> bool:
    """Whether a place is another one again, in a copy of the article."""
    fields = {match.field, other.field}
    if match.source.article_id == other.source.article_id or fields != {"text"}:
        return False
    same = match.differences == other.differences and match.text == other.text
    return same and around.near(around_other)


def _copy(match: Match) -> Copy:
    return Copy(match.source, match.passage_id, match.start, match.end, match.citation)


def _of(view: View, stored: StoredArticle, finding: Finding) -> Iterator[Match]:
    found = finding.alignment
    apart = found.kind == "spliced"
    in_text = finding.field == "text"
    text = stored.article.text if in_text else finding.line
    for place in found.parts if apart else (found,):
        where = source(stored, place.start if in_text else 0)
        whole = Excerpt(0, len(text), text)
        sentence = _sentence(stored, place.start, place.end) if in_text else whole
        cut = cut_of(sentence, place.start, place.end) if found.kind in ACCEPTED else None
        yield Match(
            source=where,
            passage_id=_passage(view, stored, place.start if in_text else 0),
            start=place.start,
            end=place.end,
            text=text[place.start : place.end],
            similarity=round(found.similarity, 4),
            differences=place.differences,
            citation=citation(where, *((place.start, place.end) if in_text else ())),
            sentence=sentence,
            parts=(place,) if isinstance(place, Part) else found.parts,
            cut=cut,
            field=finding.field,
        )


def _passage(view: View, stored: StoredArticle, start: int) -> str:
    """The id of the passage in which a place begins."""
    spans = [(s, e) for s, e, _ in view.passages_of(stored.key)]
    first, end = next(((s, e) for s, e in spans if start < e), spans[-1])
    return str(PassageId.of(stored.article.id, stored.digest, first, end))


def _sentence(stored: StoredArticle, start: int, end: int) -> Excerpt:
    """The sentences of a place, from the beginning of the first to the end of the last."""
    text, language = stored.article.text, stored.article.language
    blank = text.rfind("\n\n", 0, start)
    first = max(blank + 2 if blank >= 0 else 0, start - SENTENCE_CONTEXT_CHARS)
    last = text.find("\n\n", end, end + SENTENCE_CONTEXT_CHARS)
    around = text[first : last if last >= 0 else end + SENTENCE_CONTEXT_CHARS]
    spans = [s for s in sentences(around, language) if first + s.end > start]
    spans = [s for s in spans if first + s.start < end]
    start = min([start, *(first + s.start for s in spans)])
    end = max([end, *(first + s.end for s in spans)])
    return Excerpt(start, end, text[start:end])
