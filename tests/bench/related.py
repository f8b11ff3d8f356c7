"""Related passages: how many of those that belong to a passage are among the first ten.

    .venv/bin/python -m tests.bench.related [--keep FOLDER] [--train]

multihop_facts: each question is answered by two to four facts, each from an article of its own. For
every (question, fact) the fact's passage is given, and the question's other facts are to be found.
Prints Recall@10 of the stored vectors' cosine, of BM25, of both fused as for questions, and of
`Corpus.related`; the 95 % interval of its difference to the cosine (bootstrap over the questions);
and how long it takes, among about 20,000 passages too. With --train, the sets that the weights were
chosen on: no title is shown that would give the story away.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

import embeddings
from embeddings import Encoder
from qa import Corpus
from qa.retrieval.search import Query, search
from qa.types import Article, Document, Hit, Passage
from tests.bench.corpora import RETRIEVAL, SHARED, TRAIN, corpus_of

TOP, ROUNDS, TIMED = 10, 10_000, 200
SENTENCES = 4  # of each tale or article
WAYS = ("dense", "lexical", "fused", "related")
Pair = tuple[str, str, frozenset[str]]  # group, article asked about, articles to be found


def main() -> None:
    kept = Path(sys.argv[sys.argv.index("--keep") + 1]) if "--keep" in sys.argv else None
    encoder = embeddings.load()
    print(f"{'set':18}{'pairs':>7}" + "".join(f"{way:>10}" for way in WAYS) + "  against dense")
    if "--train" in sys.argv:
        for name, (articles, pairs) in _training().items():
            with _corpus(name, articles, encoder, kept) as corpus:
                _report(name, corpus, pairs)
        with corpus_of(TRAIN / "scifact_train", encoder, kept) as corpus:
            _report("co-cited", corpus, _of_one_question(TRAIN / "scifact_train"))
        return
    with corpus_of(RETRIEVAL / "multihop_facts", encoder, kept) as corpus:
        _report("multihop_facts", corpus, _of_one_question(RETRIEVAL / "multihop_facts"))
    if kept and (kept / "large").is_dir():  # `tests.bench.quality` makes it
        with Corpus.open(kept / "large", encoder=encoder) as corpus:
            _latency(corpus)


def _report(name: str, corpus: Corpus, pairs: list[Pair]) -> None:
    recall: dict[str, list[float]] = {way: [] for way in WAYS}
    for _, id_, wanted in pairs:
        [passage, *_] = corpus.passages_of(corpus.article(id_))
        for way in WAYS:
            found = list(dict.fromkeys(_FOUND[way](corpus, passage)))[:TOP]
            recall[way].append(len(wanted.intersection(found)) / min(len(wanted), TOP))
    low, high = _interval([group for group, _, _ in pairs], recall)
    figures = "".join(f"{np.mean(recall[way]):10.4f}" for way in WAYS)
    print(f"{name:18}{len(pairs):7}{figures}  {low:+.4f} to {high:+.4f}", flush=True)


def _interval(groups: list[str], recall: Mapping[str, list[float]]) -> tuple[float, float]:
    """Of related - dense; pairs of one question go together."""
    difference: dict[str, list[float]] = defaultdict(list)
    for group, one, other in zip(groups, recall["related"], recall["dense"], strict=True):
        difference[group].append(one - other)
    sums = np.array([(sum(d), len(d)) for d in difference.values()])
    drawn = np.random.default_rng(0).integers(0, len(sums), (ROUNDS, len(sums)))
    means = sums[drawn, 0].sum(axis=1) / sums[drawn, 1].sum(axis=1)
    low, high = np.percentile(means, (2.5, 97.5))
    return float(low), float(high)


# --- ways ---------------------------------------------------------------------------------------


def _by(mode: Any) -> Callable[[Corpus, Passage], Iterator[str]]:
    def found(corpus: Corpus, passage: Passage) -> Iterator[str]:
        view, here = corpus.view, corpus.passage(passage.id)
        [vector] = view.vectors([here.chunk])
        text = f"{here.source.title or ''}\n{passage.text}"
        query = Query(text, vector, mode, top_k=TOP, exclude=frozenset([here.chunk]))
        yield from _articles(search(view, query))

    return found


def _related(corpus: Corpus, passage: Passage) -> Iterator[str]:
    """Copies first: whoever looks for related passages sees them too."""
    found = corpus.related(passage_id=passage.id, top_k=TOP)
    yield from (source.article_id for source, _ in found.copies)
    yield from _articles(found.hits)


def _articles(hits: Iterable[Hit]) -> Iterator[str]:
    for hit in hits:
        yield hit.passage.article_id
        yield from (source.article_id for source, _ in hit.also_in)


_FOUND = {"dense": _by("dense"), "lexical": _by("lexical"), "fused": _by("hybrid")}
_FOUND["related"] = _related


def _latency(corpus: Corpus) -> None:
    ids = [stored.article.id for stored, _, _ in corpus.articles(limit=20_000)]
    passages = [
        corpus.passages_of(corpus.article(id_))[0] for id_ in ids[:: max(1, len(ids) // TIMED)]
    ]
    for top_k in (5, TOP):
        took = []
        for passage in passages:
            started = time.perf_counter()
            corpus.related(passage_id=passage.id, top_k=top_k)
            took.append((time.perf_counter() - started) * 1000)
        print(
            f"{corpus.counts()['passages']:,} passages, top_k {top_k}: p50 "
            f"{np.median(took):.1f} ms, p99 {np.percentile(took, 99):.1f} ms"
        )


# --- sets ---------------------------------------------------------------------------------------


def _of_one_question(folder: Path) -> list[Pair]:
    """What is judged relevant to one question belongs together."""
    [qrels] = (folder / "qrels").glob("*.tsv")
    judged: dict[str, list[str]] = defaultdict(list)
    for line in qrels.read_text("utf-8").splitlines()[1:]:
        question, article, _ = line.split("\t")
        judged[question].append(article)
    return _pairs(judged)


def _pairs(groups: Mapping[str, list[str]]) -> list[Pair]:
    return [
        (group, member, frozenset(members) - {member})
        for group, members in groups.items()
        for member in members
        if len(members) > 1
    ]


def _training() -> dict[str, tuple[dict[str, str], list[Pair]]]:
    """Articles by id, and pairs."""
    tales: dict[str, list[str]] = defaultdict(list)
    for row in _rows(TRAIN / "fairytaleqa_train" / "corpus.jsonl"):
        tales[_plain(row["_id"].rpartition(":")[0])].append(row["text"])
    reports = {row["context"]: _plain(row["_id"]) for row in _rows(_WICE)}
    return {
        "sections of a tale": _split(dict(list(tales.items())[::2]), 5),
        "sentences of a tale": _split({t: _some(" ".join(s)) for t, s in tales.items()}),
        "of a report": _split({id_: _some(text) for text, id_ in reports.items()}),
        "neighbours": _neighbours(),
    }


_WICE = SHARED / "data" / "verdict" / "verdict_wice" / "pairs.jsonl"


def _split(
    stories: Mapping[str, list[str]], reach: int = 10**6
) -> tuple[dict[str, str], list[Pair]]:
    """Each part an article; those within `reach` of it in its story belong to it."""
    articles, pairs = {}, []
    for story, parts in stories.items():
        articles.update({f"{story}.{i}": part for i, part in enumerate(parts)})
        for i in range(len(parts)):
            near = range(max(0, i - reach), min(len(parts), i + reach + 1))
            wanted = frozenset(f"{story}.{j}" for j in near if j != i)
            if wanted:
                pairs.append((f"{story}.{i // 100}", f"{story}.{i}", wanted))
    return articles, pairs[:: max(1, len(pairs) // 500)]


def _neighbours() -> tuple[dict[str, str], list[Pair]]:
    """Sentences of Wikipedia in their order: within three of one another."""
    rows = [row["text"] for row in _rows(TRAIN / "squad_sents_test" / "corpus.jsonl")]
    return _split({"s": rows}, 3)


def _some(text: str) -> list[str]:
    """A few sentences, evenly spread."""
    found = [s.strip() for s in re.split(r"(?<=[.!?])\s+|\n", text)]
    found = [s for s in found if 10 <= len(s.split()) <= 50]
    count = SENTENCES if len(found) >= SENTENCES else 0
    return [found[i * len(found) // SENTENCES] for i in range(count)]


def _plain(name: str) -> str:
    return re.sub(r"[^\w-]", "-", name)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


@contextmanager
def _corpus(
    name: str, articles: Mapping[str, str], encoder: Encoder, kept: Path | None
) -> Iterator[Corpus]:
    with tempfile.TemporaryDirectory() as temporary:
        home = (kept or Path(temporary)) / f"related-{_plain(name)}"
        with Corpus.open(home, encoder=encoder) as corpus:
            if not corpus.counts()["articles"]:
                texts = articles.items()
                made = (Document(Article(i, t), t.encode(), "text/plain") for i, t in texts)
                for _ in corpus.add(made):
                    pass
            yield corpus


if __name__ == "__main__":
    main()
