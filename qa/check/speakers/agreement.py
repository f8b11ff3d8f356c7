"""Whether the one who says a quote in the article is the speaker that somebody names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.check.speakers.same_person import describes, is_full_name, name_words, same_name
from qa.check.speakers.speakers import Attribution
from qa.text.tokens import normalize
from qa.text.words.tables import alternatives

_DETERMINER = re.compile(rf"^(?:{alternatives('determiners', 'en')}) ")


def agrees(speaker: str, attribution: Attribution | None) -> bool | None:
    """Whether a named speaker is the one who says it; None where that cannot be known.

    "A. Lee" or "the envoy", whom the article calls the envoy Ann Lee -> True; "Bob Ray" -> False
    """
    if attribution is None or not speaker.strip():
        return None
    wanted = _plain(speaker)
    if any(_plain(name) == wanted for name in attribution.names):
        return True
    if _only_describes(speaker):
        return None
    sure = attribution.is_person and not attribution.namesakes
    if sure and any(_plain(other) == wanted for other in attribution.others):
        return False
    own = [same_name(speaker, name) for name in _telling(attribution.names, speaker)]
    if True in own:
        return None if attribution.namesakes else True
    if not attribution.is_person or None in own or not own:
        return None
    if any(same_name(speaker, other) for other in attribution.others):
        return False
    # Dick Cheney may be Richard Cheney; who is named nowhere in the article, nobody can tell.
    relatives = any(name_words(speaker)[-1:] == name_words(name)[-1:] for name in attribution.names)
    return False if is_full_name(speaker) and not relatives else None


def _telling(names: Sequence[str], speaker: str) -> list[str]:
    """The names to compare a speaker with: for a full name the full ones, where there are any.

    "Lyudmila Putin" is not he whom the article calls "Vladimir Putin" and then "Putin".
    """
    found = [name for name in names if not _only_describes(name)]
    full = [name for name in found if len(name_words(name)) > 1]
    return full if full and len(name_words(speaker)) > 1 else found


def _only_describes(name: str) -> bool:
    return describes(name) and not name_words(name)


def _plain(words: str) -> str:
    return _DETERMINER.sub("", normalize(words[:300]))
