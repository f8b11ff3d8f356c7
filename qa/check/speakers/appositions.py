"""Roles that stand beside the name of whom they describe: the envoy Ann Lee; Ann Lee, the envoy."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from qa.check.speakers.capitals import Name
from qa.check.speakers.roles import Role
from qa.check.speakers.vocabulary import BODIES
from qa.types import Span

_CLAUSE_BEGINS = re.compile(r"(?:^|[\n,–—\ue000.]) ?\Z")
_CLAUSE_ENDS = (",", ".", ";")


class Apposition(NamedTuple):
    """A role beside a name, and where both together stand."""

    role: Role
    span: Span


def appositions(text: str, names: Sequence[Name], roles: Sequence[Role]) -> dict[int, Apposition]:
    """The role that stands beside a name, for each place where such a name begins.

    "Ann Lee, the Russian envoy, met the envoy Bob Ray." -> 0: at [0:26], 42: at [32:49]
    """
    starts = {name.first: name for name in names}
    ends = {name.end: name for name in names}
    found: dict[int, Apposition] = {}
    for role in roles:
        if role.head in BODIES:
            continue
        after = _directly_behind(text, role, starts) or _behind_comma(text, role, starts)
        before = None if after else _before_comma(text, role, ends)
        if after:
            found[after.start] = Apposition(role, Span(role.start, after.end))
        elif before and role.says_more:
            found[before.start] = Apposition(role, Span(before.first, role.end))
        elif before and before.start not in found:  # Ann Lee, the envoy: her name is enough
            found[before.start] = Apposition(role, Span(before.first, before.end))
    return found


def _directly_behind(text: str, role: Role, starts: Mapping[int, Name]) -> Name | None:
    return starts.get(role.end + 1) if text.startswith(" ", role.end) else None


def _behind_comma(text: str, role: Role, starts: Mapping[int, Name]) -> Name | None:
    name = starts.get(role.end + 2) if text.startswith(", ", role.end) else None
    if name is None or text.startswith(_CLAUSE_ENDS, name.end):
        return name
    # After meeting the envoy, Ann Lee said: no envoy is she.
    begins = _CLAUSE_BEGINS.search(text[max(0, role.start - 2) : role.start])
    return name if begins and " " in text[name.start : name.end] else None


def _before_comma(text: str, role: Role, ends: Mapping[int, Name]) -> Name | None:
    """The name before a role with an article or more: not in "president Ann Lee, minister, …"."""
    bare = " " not in text[role.start : role.end]
    ended = text[role.end : role.end + 1] in ("", "\n", *_CLAUSE_ENDS)
    if not bare and ended and text.startswith(", ", role.start - 2):
        return ends.get(role.start - 2)
    return None
