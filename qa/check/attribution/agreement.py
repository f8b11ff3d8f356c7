"""Whether the one who says it is the one who is said to."""

from __future__ import annotations

import re

from qa.check.attribution.names import describes, is_full_name, name_words, same_name
from qa.check.attribution.speakers import Attribution
from qa.normalize import normalize

_DETERMINER = re.compile(r"^(?:the|this|that|an?) ")


def agrees(speaker: str, attribution: Attribution | None) -> bool | None:
    """Whether a speaker is the one who says it; None where that cannot be known.

    "A. Lee" or "the envoy", whom the article calls the envoy Ann Lee -> True; "Bob Ray" -> False
    """
    if attribution is None or not speaker.strip():
        return None
    wanted = _plain(speaker)
    if any(_plain(name) == wanted for name in attribution.names):
        return True
    if _only_describes(speaker):
        return None
    own = [same_name(speaker, name) for name in attribution.names if not _only_describes(name)]
    if True in own:
        return True
    if not attribution.is_person or None in own or not own:
        return None
    known = any(same_name(speaker, other) for other in attribution.others)
    return False if known or is_full_name(speaker) else None


def _only_describes(name: str) -> bool:
    return describes(name) and not name_words(name)


def _plain(words: str) -> str:
    return _DETERMINER.sub("", normalize(words[:300]))
