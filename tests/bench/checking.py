"""`python -m tests.bench.checking`: how quotes that are known to be true or false are judged.

    .venv/bin/python -m tests.bench.checking [--keep FOLDER] [--each 100] [--seed 1] [--show]
    .venv/bin/python -m tests.bench.checking --passages 5000 --without RULE[,RULE] | each
    .venv/bin/python -m tests.bench.checking --rules

Prints a confusion matrix over all kinds of cases, two baselines beside it, and how long checking
takes. With `--without`, how many of the cases a rule decides, or each of all rules; with `--rules`,
what rules there are. Quotes are made of real sentences (tests/bench/quotes.py). Needs the data
beside the project.
"""

from __future__ import annotations

import argparse
import difflib
import json
import random
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz

import embeddings
from embeddings import HashEncoder
from qa import Corpus
from qa.check.checker import Checked
from qa.check.quote.rules import RULES
from qa.check.types import Match, Verdict
from qa.types import Article, Document
from tests.bench import rule_counts
from tests.bench.corpora import RETRIEVAL, SHARED, TRAIN
from tests.bench.quotes import Case, Text, cases, text_of

ACCEPTED = ("verbatim", "normalized")
SETS = (
    *(RETRIEVAL / name for name in ("scifact", "squadshifts_wiki", "clapnq_dev", "squad2_dev500")),
    *(TRAIN / name for name in ("fairytaleqa_train", "squadshifts_reddit", "squadshifts_amazon")),
)
ABSENT = SHARED / "data" / "verdict" / "verdict_wice" / "pairs.jsonl"
THRESHOLD = 0.9
DRAFTS = 20


def main() -> None:
    arguments = _arguments()
    if arguments.rules:
        print(rule_counts.meanings())
        return
    with tempfile.TemporaryDirectory() as temporary:
        home = (arguments.keep or Path(temporary)) / f"checking-{arguments.passages}"
        with Corpus.open(home, encoder=HashEncoder()) as corpus:
            articles = list(_articles())
            if not corpus.counts()["articles"]:
                for _ in corpus.add(_document(id_, text) for id_, text in articles):
                    pass
            _fill_up(corpus, [text for _, text in articles], arguments.passages)
            texts = [text_of(id_, text) for id_, text in articles[:: arguments.every]]
            made = list(cases(texts, _absent(), arguments.each, arguments.seed))
            print(f"{len(made):,} cases, {corpus.counts()['passages']:,} passages")
            if arguments.without:
                print(
                    rule_counts.table(rule_counts.counts(corpus, made, arguments.without, is_right))
                )
                return
            judged = [(case, _check(corpus, case)) for case in made]
            by_id = dict(articles)
            simple = [_baselines(*pair, by_id) for pair in judged]
            _matrix(judged, simple)
            _totals(judged, simple)
            _latency(judged)
            _draft_latency(corpus, made, texts)
            if arguments.show:
                _show(judged)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--passages", type=int, default=0, help="at least; made up past the real")
    parser.add_argument("--each", type=int, default=100)
    parser.add_argument("--every", type=int, default=7)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--without", type=_names, help="rules, or each: how many cases they decide")
    parser.add_argument("--rules", action="store_true", help="print all rules of checking quotes")
    parser.add_argument("--show", action="store_true", help="print what was judged wrongly")
    return parser.parse_args()


def _names(listed: str) -> list[str]:
    known = [rule.name for rule in RULES]
    names = known if listed == "each" else listed.split(",")
    if unknown := sorted(set(names) - set(known)):
        raise argparse.ArgumentTypeError(
            f"no rule {', '.join(unknown)}; there are {', '.join(known)}"
        )
    return names


def _articles() -> Iterator[tuple[str, str]]:
    for folder in SETS:
        for line in (folder / "corpus.jsonl").open(encoding="utf-8"):
            record = json.loads(line)
            yield f"{folder.name}-{record['_id']}", record["text"]


def _document(id_: str, text: str) -> Document:
    return Document(Article(id_, text), text.encode(), "text/plain", origin=id_, size=len(text))


def _fill_up(corpus: Corpus, texts: Sequence[str], passages: int) -> None:
    """Further articles: real ones, half of whose words are drawn anew from all words.

    So words are as frequent as in the real ones, and no sentence stands twice.
    """
    rng = random.Random(5)
    words = [word for text in texts for word in text.split(" ")]
    number = 0
    while corpus.counts()["passages"] < passages:
        made = [
            " ".join(w if rng.random() < 0.5 else rng.choice(words) for w in text.split(" "))
            for text in rng.sample(list(texts), 2_000)
        ]
        for _ in corpus.add(_document(f"made-{number + i}", text) for i, text in enumerate(made)):
            pass
        number += len(made)


def _absent() -> list[str]:
    """Claims of Wikipedia on subjects that the corpus may know, in words that it has not."""
    claims = [json.loads(line)["claim"] for line in ABSENT.open(encoding="utf-8")]
    return [claim for claim in dict.fromkeys(claims) if 8 <= len(claim.split()) <= 40]


def _check(corpus: Corpus, case: Case) -> Verdict:
    return corpus.check(case.quote, article_id=case.article if case.named else None)


# --- what is right -------------------------------------------------------------------------------


def is_right(case: Case, verdict: Verdict | Checked) -> bool:
    if case.truth == "true":
        return verdict.verdict in ACCEPTED and _at_place(case, verdict.matches)
    if case.truth == "altered":
        best = [m for m in verdict.matches if m.similarity == verdict.matches[0].similarity]
        found = [m for m in best if _at_place(case, [m])]
        return verdict.verdict == "altered" and bool(found) and _names_words(case, found[0])
    return verdict.verdict == case.truth


def _at_place(case: Case, matches: Sequence[Match]) -> bool:
    """Whether a match lies in the source's sentence."""
    return any(
        case.article in (match.source.article_id, *(c.source.article_id for c in match.also_in))
        and (_bare(match.text) in _bare(case.place) or _bare(case.place) in _bare(match.text))
        for match in matches
    )


def _bare(text: str) -> str:
    return " ".join(text.split()).strip(".,!\"'“” ")


def _names_words(case: Case, match: Match) -> bool:
    """Whether the words that differ are those that were changed, and no others."""
    if case.said == "*":
        return bool(match.differences)
    if len(match.differences) != 1:
        return False
    sides = ((match.differences[0].quote, case.said), (match.differences[0].source, case.source))
    # A number's token holds its unit and range: 80 % for %, 4–18 for 4.
    return all(
        wanted in found and len(found) <= len(wanted) + (8 if any(map(str.isdigit, found)) else 1)
        for found, wanted in sides
    )


# --- baselines -----------------------------------------------------------------------------------


def by_difflib(quote: str, text: Text) -> bool:
    """As plain checkers do: a sentence, or two neighbours, with a ratio of 0.9 or more."""
    windows = [
        *text.sentences,
        *map(" ".join, zip(text.sentences, text.sentences[1:], strict=False)),
    ]
    matcher = difflib.SequenceMatcher(autojunk=False)
    matcher.set_seq2(quote)
    for window in windows:
        matcher.set_seq1(window)
        ratios = (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)  # ever dearer
        if all(ratio() >= THRESHOLD for ratio in ratios):
            return True
    return False


def by_partial_ratio(quote: str, text: str) -> bool:
    return fuzz.partial_ratio(quote, text) >= 100 * THRESHOLD


# --- what is printed -----------------------------------------------------------------------------

VERDICTS = ("verbatim", "normalized", "altered", "spliced", "misattributed", "not_found")


def _matrix(judged: Sequence[tuple[Case, Verdict]], simple: Sequence[tuple[bool, bool]]) -> None:
    """A line for each kind: how often each verdict, how often right, what baselines accept."""
    rows: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i, (case, _) in enumerate(judged):
        rows[case.truth, case.kind].append(i)
    names = " ".join(f"{name[:9]:>9}" for name in VERDICTS)
    print(f"\n{'accepted by':>98}\n{'':26}{names}    right   difflib   partial")
    for (truth, kind), found in rows.items():
        counts = Counter[str](judged[i][1].verdict for i in found)
        cells = " ".join(f"{counts[name]:9}" for name in VERDICTS)
        right = np.mean([is_right(*judged[i]) for i in found])
        one, other = np.mean([simple[i] for i in found], axis=0)
        print(f"{truth[:1].upper()} {kind:24}{cells} {right:8.1%} {one:9.0%} {other:9.0%}")


def _baselines(case: Case, verdict: Verdict, articles: dict[str, str]) -> tuple[bool, bool]:
    """Held against the article that it is from, or what we found; so they need not search."""
    found = [m.source.article_id for m in verdict.matches[:1]]
    text = articles.get(case.article or "".join(found), "")
    return by_difflib(case.quote, text_of("", text)), by_partial_ratio(case.quote, text)


def _totals(judged: Sequence[tuple[Case, Verdict]], simple: Sequence[tuple[bool, bool]]) -> None:
    print(f"\n{'':14}{'cases':>7}{'right':>9}{'accepted':>10}{'difflib':>9}{'partial':>9}")
    for truth in ("true", "altered", "spliced", "misattributed", "not_found"):
        at = [i for i, (case, _) in enumerate(judged) if case.truth == truth]
        right = np.mean([is_right(*judged[i]) for i in at])
        accepted = np.mean([judged[i][1].verdict in ACCEPTED for i in at])
        one, other = np.mean([simple[i] for i in at], axis=0)
        print(f"{truth:14}{len(at):7}{right:9.2%}{accepted:10.2%}{one:9.1%}{other:9.1%}")


def _latency(judged: Sequence[tuple[Case, Verdict]]) -> None:
    took = [verdict.took_ms for _, verdict in judged]
    print(f"a quote: p50 {np.median(took):.1f} ms, p99 {np.percentile(took, 99):.1f} ms")


def _draft_latency(corpus: Corpus, made: Sequence[Case], texts: Sequence[Text]) -> None:
    """Drafts of 2,000 words, each with 20 quotations and 20 sentences that cite."""
    rng = random.Random(7)
    took = []
    for _ in range(DRAFTS):
        draft = _draft(rng, made, texts)
        report = corpus.check_text(draft)
        counts = (len(draft.split()), len(report.quotations), len(report.claims))
        took.append(report.took_ms)
    print(
        f"a draft (the last had {counts[0]:,} words, {counts[1]} quotations, {counts[2]} claims): "
        f"p50 {np.median(took):.0f} ms, longest {max(took):.0f} ms of {DRAFTS}"
    )
    claims = [claim.text for claim in report.claims]
    encoder = embeddings.load()
    encoder.encode_passages(claims[:1])
    started = time.perf_counter()
    encoder.encode_passages(claims)
    print(f"and {encoder.name} for these claims: {1000 * (time.perf_counter() - started):.0f} ms")


def _draft(rng: random.Random, made: Sequence[Case], texts: Sequence[Text]) -> str:
    """Paragraphs of prose; every other one quotes, the others cite."""
    paragraphs: list[str] = []
    while sum(len(paragraph.split()) for paragraph in paragraphs) < 2_000:
        prose = " ".join(rng.choice(texts).sentences[0] for _ in range(2))
        said = rng.choice(made).quote.replace("\n", " ").replace("“", "").replace("”", "")
        cited = rng.choice(texts)
        claim = f"{cited.sentences[0].rstrip('.')} [here](/articles/{cited.id})."
        paragraphs.append(f"{prose} Somebody said: “{said}” That was all. {claim}")
    return "\n\n".join(paragraphs)


def _show(judged: Sequence[tuple[Case, Verdict]]) -> None:
    for case, verdict in judged:
        if not is_right(case, verdict):
            print(f"\n{case.truth} / {case.kind} ({case.article}) -> {verdict.verdict}")
            print(f"  quote  {case.quote!r}\n  source {case.place!r}")
            for match in verdict.matches[:2]:
                print(f"  {match.source.article_id} {match.similarity} {match.text[:300]!r}")
                print(f"  {[(d.op, d.quote, d.source, d.kind) for d in match.differences]}")


if __name__ == "__main__":
    main()
