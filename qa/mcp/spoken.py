"""Answers and verdicts as a model reads them: in lines, each passage with the id to cite it by."""

from __future__ import annotations

from collections.abc import Sequence

from qa.schemas.answers import AskOut, ExpandedOut, HitOut, RelatedOut
from qa.schemas.draft_reports import CheckTextOut, ClaimOut, QuotationOut
from qa.schemas.verdicts import MatchOut, VerdictOut

_SHOWN = 3  # places of one quote


def answer(found: AskOut) -> str:
    """The answering sentence, or why there is none, and the passages.

    >>> answer(AskOut.model_construct(answered=False, reason="No tea.", passages=[], notes=[]))
    'Not answered: No tea.'
    """
    return "\n".join([_answer(found), *found.notes])


def _answer(found: AskOut) -> str:
    if not found.answered or found.answer is None:
        first = f"Not answered: {found.reason}" if found.reason else "Not answered."
        nearest = f"\nThe nearest passages:\n\n{_shown(found)}"
        return first + (nearest if found.passages else "")
    said = found.answer
    by = f"\nWho says it: {said.speaker.name}" if said.speaker else ""
    first = f"Answered, confidence {found.confidence:.2f}: “{said.text}” [{said.passage_id}]{by}"
    return f"{first}\nPassages, best first:\n\n{_shown(found)}"


def _shown(found: AskOut) -> str:
    """The passages, or what of them goes into the tokens that there are."""
    if found.context is None:
        return passages(found.passages)
    parts = [
        f"{' '.join(f'[{passage.id}]' for passage in part.passages)} {part.citation}\n{part.text}"
        for part in found.context.parts
    ]
    left_out = " ".join(f"[{id_}]" for id_ in found.context.left_out)
    parts += [f"There was no room for {left_out}."] if left_out else []
    return "\n\n".join(parts) or "No passage was found."


def related(found: RelatedOut) -> str:
    """Passages about the same matter, and what of a text was not read."""
    return "\n".join([passages(found.passages), *found.notes])


def passages(hits: Sequence[HitOut]) -> str:
    """Passages with the ids to cite them by, each within what it is expanded to."""
    shown = (_passage(hit.id, hit.expanded or hit) for hit in hits)
    return "\n\n".join(shown) or "No passage was found."


def _passage(id_: str, shown: HitOut | ExpandedOut) -> str:
    return f"[{id_}] {shown.citation}\n{shown.text}"


def verdict(found: VerdictOut) -> str:
    """What became of a quote, and where it stands or nearly stands."""
    lines = [f"{found.verdict}: “{found.quote}”"]
    lines += [found.note] if found.note else []
    if found.source_changed:
        now = found.source_changed.now
        lines.append(f"The source has changed: {f'now in [{now}]' if now else 'it is gone'}.")
    for match in found.matches[:_SHOWN]:
        lines += _place(match)
    return "\n".join(lines)


def _place(match: MatchOut) -> list[str]:
    lines = [f"[{match.passage_id}] {match.citation}", f"There: “{match.text}”"]
    lines += [
        f"The quote has “{one.quote}”, the source “{one.source}” ({one.kind})."
        for one in match.differences
    ]
    if match.speaker:
        agrees = {True: "the one named", False: "not the one named", "unknown": "not compared"}
        name = match.speaker.name or "not clear"
        lines.append(f"Who says it there: {name} ({agrees[match.speaker.agrees]}).")
    return lines


def report(found: CheckTextOut) -> str:
    """What of a text is right and what is not, and what was looked at."""
    seen = found.looked_at
    lines = [
        f"{seen.outcome}: {seen.words} words, {seen.quotations} quotations, {len(found.claims)} "
        f"claims, {seen.references} references were looked at."
    ]
    lines += [_quotation(one) for one in found.quotations]
    lines += [_claim(one) for one in found.claims]
    lines += [f"This reference leads to no article: {one.label}" for one in seen.nowhere]
    lines += [f"This cites nothing: “{one.text}”" for one in seen.uncited]
    lines += [f"This quotation mark has no other: {one.text}" for one in seen.unclosed]
    return "\n\n".join(lines)


def _quotation(found: QuotationOut) -> str:
    return f"Quotation, {verdict(found)}"


def _claim(found: ClaimOut) -> str:
    best = found.supporting
    if best is None:
        return f"Claim, nothing it cites is here: “{found.text}”"
    lines = [f"Claim, support {best.score:.2f}: “{found.text}”"]
    lines.append(f"[{best.passage_id}] {best.text}")
    lines += [f"The source lacks the {one.kind} “{one.text}”." for one in best.missing]
    if best.contradicts:
        lines.append(f"The source may say the contrary: “{best.contradicts.text}”")
    return "\n".join(lines)


def article(text: str, end: int, characters: int) -> str:
    """A part of an article, and whether there is more.

    >>> article("The ferry", 9, 20)
    'The ferry\\n\\n(Here it goes on: start=9. The whole text has 20 characters.)'
    """
    if end >= characters:
        return text
    return f"{text}\n\n(Here it goes on: start={end}. The whole text has {characters} characters.)"
