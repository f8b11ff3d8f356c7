"""How many quotes each rule of checking decides: `python -m tests.bench.checking --without each`.

Every quote is checked once with all rules and once without each; a rule that was not asked while
it was checked with all of them cannot change what becomes of it, and is passed over.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from qa import Corpus
from qa.check.checker import Checked, Checker
from qa.check.quote.rules import MANY, RULES, Rules
from qa.check.quote.text import Text
from qa.check.speakers import Speakers
from tests.bench.quotes import Case

KEPT = 512  # texts and their speakers: the stretches of one quote, checked once for each rule
Right = Callable[[Case, Checked], bool]


@dataclass(slots=True)
class Count:
    """What becomes of the quotes without a rule."""

    asked: int = 0  # for so many it was asked
    verdicts: int = 0  # so many have another verdict without it
    places: int = 0  # so many have the same verdict, at another place or for other differences
    wrong: int = 0  # so many are right with it and wrong without
    right: int = 0  # so many the other way round


class Noting(Rules):
    """The rules, which note what is asked of them."""

    def __init__(self) -> None:
        super().__init__()
        object.__setattr__(self, "asked", set())

    def __getattribute__(self, name: str) -> Any:
        asked: set[str] = object.__getattribute__(self, "asked")
        asked.add(name)
        return super().__getattribute__(name)


def counts(
    corpus: Corpus, cases: Sequence[Case], names: Sequence[str], is_right: Right
) -> dict[str, Count]:
    """The counts of each rule; `is_right` says whether a quote is judged as it should be."""
    checked = _checking(corpus)
    found = {name: Count() for name in names}
    rules = {name: RULES.without(name) for name in names}
    for case in cases:
        noting = Noting()
        whole = checked(case, noting)
        for name in sorted(object.__getattribute__(noting, "asked").intersection(names)):
            other, count = checked(case, rules[name]), found[name]
            was, now = is_right(case, whole), is_right(case, other)
            count.asked += 1
            count.verdicts += other.verdict != whole.verdict
            count.places += other.verdict == whole.verdict and _told(other) != _told(whole)
            count.wrong += was and not now
            count.right += now and not was
    return found


def _checking(corpus: Corpus) -> Callable[[Case, Rules], Checked]:
    """Checks a case by some rules, at one moment; texts are kept, for no rule changes them."""
    view = corpus.view
    text_of, speakers = lru_cache(KEPT)(Text), lru_cache(KEPT)(Speakers)

    def checked(case: Case, rules: Rules) -> Checked:
        article = view.article(case.article) if case.named else None
        return Checker(view, text_of, speakers, rules).check(case.quote, article)

    return checked


def _told(checked: Checked) -> Checked:
    """What a reader is told, but for how alike it is."""
    return replace(checked, matches=tuple(replace(m, similarity=0.0) for m in checked.matches))


def table(found: dict[str, Count]) -> str:
    """A line for each rule, those first that decide most."""
    values = {rule.name: rule for rule in RULES}
    lines = [
        f"{'without':20}{'value':>11}{'instead':>11}{'asked':>8}{'verdicts':>10}{'places':>8}"
        f"{'wrong':>8}{'right':>8}"
    ]
    for name, n in sorted(found.items(), key=lambda pair: -pair[1].verdicts):
        value, off = _short(values[name].value), _short(values[name].off)
        lines.append(
            f"{name:20}{value:>11}{off:>11}{n.asked:8}{n.verdicts:10}{n.places:8}{n.wrong:8}"
            f"{n.right:8}"
        )
    return "\n".join(lines)


def meanings() -> str:
    """A line for each rule: its value, what it is without the rule, unit and meaning."""
    return "\n".join(
        f"{rule.name:20}{_short(rule.value):>11}{_short(rule.off):>11} {rule.unit:15}"
        f" {rule.meaning}"
        for rule in RULES
    )


def _short(value: Any) -> str:
    if isinstance(value, frozenset):
        return str(len(value))
    if value in (MANY, math.inf):
        return "no limit"
    return f"{value:g}" if isinstance(value, float) else f"{value:,}"
