"""The lines that say who wrote a page: "By Ann Lee on 5 March", "Autor: Bo Ek"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from qa.ingest.canonical_text import one_line
from qa.ingest.stated.authors import NOWHERE, SIGNED, Site, people
from qa.ingest.stated.several_names import is_name
from qa.text.words.tables import any_of, listed

_LONGEST = 100  # characters; what is longer is a sentence
_WEEKDAY = any_of(listed("weekdays"))
_MONTH = any_of(listed("months") | listed("month_abbreviations"))
_ON = any_of(listed("date_joins"))
_LABEL = any_of(listed("published_labels") | listed("changed_labels"))
# What follows a name in a byline: on Monday, 21 April 2020, am 21. April, | 5 min read, Updated;
# and what stands before one: 21.04.2020 – Ann Lee.
_DATED = re.compile(
    rf"(?: (?:{_ON}|·|-|–|—|\||@|//))?"
    rf"(?:[\s,(|·–—-]{{1,8}}(?:{_WEEKDAY}|{_LABEL})\b.*"
    rf"|(?: (?:{_MONTH})\.?(?=\s[0-9]))?(?:[\s,(|·–—-]{{1,8}}+|(?=[0-9]{{1,2}}[./][0-9]))[0-9].*)",
    re.IGNORECASE,
)
_DATE_BEFORE = re.compile(r"[0-9]{1,2}([./])[0-9]{1,2}\1(?:[0-9]{2}){1,2}\s*[-–—|·,]\s*")
_SHORT = 25  # characters of a name of one word
_ROLE = re.compile(r", (?!(?:[JS]r|I{2,3}|Ph\.?\s?D|M\.?D|Esq)\b).*", re.IGNORECASE)
# Ann Lee (head of the harbour)
_BEHIND = re.compile(r"(?<!\s)\s*+(?:\([^()]{0,80}\)?|—|–|\|)\s*+\Z")


def signed(lines: Iterable[str], site: Site = NOWHERE) -> tuple[str, ...]:
    """The names of the first line that is a byline: "Von ANA LEE am 21. April 2020"."""
    named = (_named(line, site, roles=True) for line in lines)
    return next(filter(None, named), ())


def is_signed(line: str) -> bool:
    """Whether a line is "By Ann Lee" or the like, and nothing more than a name follows."""
    if len(line) > _LONGEST or not (SIGNED.match(line) or _DATE_BEFORE.match(line)):
        return False
    names = _named(line, NOWHERE, roles=_is_clear(line))
    return bool(names) and not SIGNED.match(names[0])  # Von der Insel zum Land


def is_author_label(label: str) -> bool:
    """Whether a label says that an author follows: Author, Verfasst von."""
    return one_line(label).lower() in listed("signed_by")


def _named(line: str, site: Site, *, roles: bool) -> tuple[str, ...]:
    """Who is named, when all are named as people are; `roles`: what somebody is may follow."""
    bare = _BEHIND.sub("", _DATED.sub("", _DATE_BEFORE.sub("", one_line(line), count=1)))
    names = tuple(map(_without_stop, people([bare], site)))
    if roles:
        names = tuple(map(_without_role, names))
    if names and is_name(names[0]) and all(is_name(name) or _is_short(name) for name in names):
        return names
    alone = len(names) == 1 and " " not in names[0] and _is_clear(bare)
    return names if alone and len(names[0]) <= _SHORT else ()


def _is_short(name: str) -> bool:
    """Whether a name is that of an agency, behind those of people: NDR."""
    return name.isupper() and len(name) <= 5


def _is_clear(line: str) -> bool:
    """Whether it is said in so many words that a name follows: Posted by, Autor:."""
    found = SIGNED.match(line)
    return found is not None and (" " in found[0].strip() or ":" in found[0])


def _without_stop(name: str) -> str:
    """Ann Lee. -> Ann Lee; not of Ann Lee Jr."""
    return name.removesuffix(".") if len(name.split()[-1]) > 4 else name


def _without_role(name: str) -> str:
    """Ann Lee, head of the harbour -> Ann Lee."""
    first = _ROLE.sub("", name).strip()
    return first if is_name(first) else name
