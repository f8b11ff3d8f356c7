"""Whether words that say who speaks are meant: not in “Nobody heard her say”, “a forged letter”.

What is claimed, denied, forged, supposed or told by hearsay says nothing about who said it. Looked
at are the words before a cue, those within it, those behind the quotation, and the sentence after.
"""

from __future__ import annotations

import re

from qa.check.speakers.quoted_text import BLANK, Sentence
from qa.text.words.tables import alternatives

_FAR_BEHIND = 2_000  # characters: quotations are not longer
_PHRASE = 40  # characters
_FAR = 80  # characters before a cue; a sentence begins less far, or they are enough
# Posts claim that | Ann Lee said; the video in which | she says; had | she said
_BEFORE = re.compile(
    rf"\b(?:(?:{alternatives('claiming')})(?: (?:{alternatives('that')}))?"
    rf"|(?:{alternatives('supposing')})) \Z",
    re.I,
)
# According to a forged letter, | Ann Lee said
_UNSURE = re.compile(
    rf"\b(?:{alternatives('according')})"
    rf"[^,;:.{BLANK}]*?\b(?:{alternatives('unsure_sources')})\b[^,;:.{BLANK}]*, \Z",
    re.I,
)
# A viral post says | Ann Lee said; by what is written with capitals, the Post is meant
_UNSURE_SAYS = re.compile(
    rf"\b(?:[Aa]n? |[Tt]he |[Ss]ome )?(?:{alternatives('unsure_sources')})\b"
    rf"[^,;:.{BLANK}]{{0,60}} \Z"
)
# Ann Lee said “…”, | according to a hoax
_UNSURE_BEHIND = re.compile(
    rf"\b(?:{alternatives('according')}) [^,;:.{BLANK}]{{0,40}}"
    rf"\b(?:{alternatives('unsure_sources')})\b",
    re.I,
)
_FORGED = re.compile(rf"\b(?:{alternatives('forged')})\b[^,;:.{BLANK}]*(?:, \Z| \Z)", re.I)
# Ann Lee | allegedly | said
_WITHIN = re.compile(rf"\b(?:{alternatives('allegedly')})\b", re.I)
# “…”, | which she did not; “…” | is a fake
_BEHIND = re.compile(
    rf"{BLANK}[,.]?(?: [–—-])? "
    rf"(?:(?:(?:{alternatives('relative')}|{alternatives('conjunctions')}|but)"
    rf"(?: [\w’'-]+){{1,3}}? )?(?:{alternatives('taken_back')})(?!\w)"
    rf"|(?:{alternatives('is_words')}) (?:\w+ )?(?:{alternatives('forged')})\b)",
    re.I,
)
# “….” | She did not. It is a fake.
_AFTER = re.compile(
    rf"\s*(?:[\w’'-]+ ){{1,5}}?(?:(?:{alternatives('taken_back')})(?!\w)"
    rf"|(?:{alternatives('is_words')}) (?:\w+ )?(?:{alternatives('forged')})\b)",
    re.I,
)


def is_doubted(text: str, start: int, end: int, sentence: Sentence) -> bool:
    """Whether a cue at text[start:end] in a sentence is not meant.

    "Posts claim that Ann Lee said “no”.", "Ann Lee said “no”, which she did not." -> True
    """
    first, last = sentence.start, sentence.end
    before = text[max(first, start - _FAR) : start]
    if _BEFORE.search(before[-_PHRASE:]) or _FORGED.search(before) or _UNSURE.search(before):
        return True
    if _UNSURE_SAYS.search(before) or _UNSURE_BEHIND.search(text, end, min(last, end + _PHRASE)):
        return True
    if _WITHIN.search(text, start, end):
        return True
    if sentence.last_blank < first:
        return False
    ends = text[max(end, last - _FAR) : last]
    if _UNSURE_BEHIND.search(ends):
        return True
    behind = _BEHIND.search(text, end, min(last, end + _FAR_BEHIND))
    return behind is not None or _AFTER.match(text, last) is not None
