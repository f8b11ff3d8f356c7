"""How well qa.check.speakers tells who says a quotation, on news that others annotated.

    .venv/bin/python -m tests.bench.speakers FOLDER [--split train] [--half 0 | 1] [--show]

FOLDER is a copy of PolNeAR (github.com/networkdynamics/PolNeAR). What a case is:
tests/bench/polnear.py. Printed are the right speakers confirmed and denied, the wrong ones denied
and confirmed, and how often a confirmation and a denial are right; beside it the same for the
nearest capitalised name. `--half` takes every other article by the hash of its name: one to look
at, one for figures. With `--show`, the cases that were judged wrongly.
"""

from __future__ import annotations

import argparse
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from qa.check.speakers import Speakers, agrees
from qa.check.speakers.same_person import same_name
from qa.text.names import names
from tests.bench.polnear import Case, Named, articles

Judge = Callable[[Case], bool | None]
Counts = Counter[tuple[bool, bool | None]]  # (whether the case is true, what is said of it)


def main() -> None:
    arguments = _arguments()
    found = articles(arguments.folder, arguments.split, arguments.half)
    cases = [case for article in found for case in article.cases()]
    right = sum(case.is_true for case in cases)
    print(f"{right:,} true, {len(cases) - right:,} false cases of {arguments.split}\n")
    print(
        f"{'':34}{'true':>6}{'false':>7}{'confirmed':>11}{'denied':>8}{'silent':>8}"
        f"{'wrong denied':>14}{'wrong confirmed':>17}{'prec. true':>12}{'false':>8}"
    )
    for name, judge in (("Footnote", _judged), ("nearest capitalised name", _nearest)):
        by_kind = _counts(cases, judge)
        for kind, counts in sorted(by_kind.items()):
            print(_row(f"{name}, {kind}"[:34], counts))
    if arguments.show:
        _show(cases)


def _counts(cases: Iterable[Case], judge: Judge) -> dict[str, Counts]:
    by_kind: defaultdict[str, Counts] = defaultdict(Counter)
    for case in cases:
        said = judge(case)
        for kind in ("all", case.kind):
            by_kind[kind][case.is_true, said] += 1
    return by_kind


def _row(name: str, counts: Counts) -> str:
    right = sum(count for (is_true, _), count in counts.items() if is_true)
    wrong = counts.total() - right
    confirmed, denied = counts[True, True], counts[True, False]
    wrongly, rightly = counts[False, True], counts[False, False]
    return (
        f"{name:34}{right:6}{wrong:7}{_share(confirmed, right):>11}{_share(denied, right):>8}"
        f"{_share(counts[True, None], right):>8}{_share(rightly, wrong):>14}"
        f"{wrongly:17}{_share(confirmed, confirmed + wrongly):>12}"
        f"{_share(rightly, rightly + denied):>8}"
    )


def _share(some: int, of: int) -> str:
    return f"{some / of:.3f}" if of else "-"


def _show(cases: Iterable[Case]) -> None:
    for case in cases:
        said = _judged(case)
        if said is not None and said is not case.is_true:
            start, end = case.place.start, case.place.end
            print(f"\n{case.article}: {case.asked} ({case.kind}), said {said}")
            print(case.text[max(0, start - 200) : end + 120])


# --- judges ---


@lru_cache(maxsize=4)
def _speakers(text: str) -> Speakers:
    return Speakers(text, "en")


def _judged(case: Case) -> bool | None:
    """What Footnote says."""
    return agrees(case.asked, _speakers(case.text).of(case.place.start, case.place.end))


@lru_cache(maxsize=4)
def _capitalised(text: str) -> list[Named]:
    return [Named(one.start, one.end, one.text) for one in names(text) if one.sure]


def _nearest(case: Case) -> bool | None:
    """Whether the nearest name outside the quotation is that of whoever is asked about."""
    found = _capitalised(case.text)
    at = bisect_left(found, case.place.start, key=lambda one: one.start)
    near = sorted(_outside(found[max(0, at - 20) : at + 60], case))
    return same_name(case.asked, near[0][1]) is True if near else None


def _outside(found: Iterable[Named], case: Case) -> Iterator[tuple[int, str]]:
    start, end = case.place.start, case.place.end
    for one in found:
        if one.end <= start or one.start >= end:
            yield max(start - one.end, one.start - end), one.name


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--split", default="train")
    parser.add_argument("--half", type=int, choices=(0, 1))
    parser.add_argument("--show", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
