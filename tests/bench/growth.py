"""How the service grows: 10^4, 10^5, 10^6 passages.

    .venv/bin/python -m tests.bench.growth [--sizes 10000 100000 1000000] [--keep FOLDER]
        [--kept FOLDER of corpora] [--json FILE]

The first passages are those of the judged sets, with their real vectors and token vectors. Past
them come copies of these with one word in seven exchanged, and the vector turned away from the
original by noise to a cosine of 0.8; their token vectors are the original's. Eight passages to an
article, and everything is committed as `Corpus.add` commits it, without the encoder. With `--keep`
a corpus that was built is measured again. A million take 22 GB of disk.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings import load
from qa import Corpus
from qa.filters import Filters
from qa.observe import work
from qa.passages.prepare import Batch, batches
from qa.retrieval.search import Query, search
from qa.storage import View
from qa.storage.records import Chunk, Entry, Placed
from qa.storage.vectors import VectorIndex
from qa.text.terms import terms
from qa.threads import behind_others
from qa.types import Article, Document
from tests.bench.corpora import REPORTED, RETRIEVAL, corpus_of

SIZES = (10_000, 100_000, 1_000_000)
PER_ARTICLE = 8
PER_BATCH = 125  # articles: a thousand passages
ALL = 10_000_000  # more than there are
OTHER = "-other"  # ends an id that no article has
COSINE = 0.8
EXCHANGED = 1 / 7
QUESTIONS = 200
TIMES = 30
# Publishers by the share of the articles that are theirs.
SHARES = {"half": 0.5, "tenth": 0.1, "hundredth": 0.01, "thousandth": 0.001}
Row = Callable[[dict[str, Any]], Any]  # what a result says in one line of the table


@dataclass(frozen=True)
class Base:
    """The passages that there are, and real questions."""

    texts: list[str]
    vectors: NDArray[np.float32]
    token_vectors: list[bytes]  # packed
    questions: list[str]
    asked: NDArray[np.float32]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--kept", type=Path, help="corpora of the judged sets, built before")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measured(options.measure)))
        return
    base, results = _base(options.kept), []
    with tempfile.TemporaryDirectory() as temporary:
        for size in options.sizes:
            folder = (options.keep or Path(temporary)) / f"growth-{size}"
            result = {"passages": size, **built(folder, base, size)}
            np.savez(folder / "asked.npz", vectors=base.asked, questions=np.array(base.questions))
            command = [sys.executable, "-m", "tests.bench.growth", "--measure", str(folder)]
            result |= json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
            results.append(result)
            _print(results)
            if options.json:
                options.json.write_text(json.dumps(results, indent=1), "utf-8")


# --- building ------------------------------------------------------------------------------------


def _base(kept: Path | None) -> Base:
    encoder, placed, questions = load(), list[Placed](), list[str]()
    for name in REPORTED:
        folder = RETRIEVAL / name
        with corpus_of(folder, encoder, kept) as corpus:
            ids = [stored.article.id for stored, _, _ in corpus.articles(limit=ALL)]
            parts = (part for entry in _stored(corpus, ids) for part in entry.placed)
            placed += {part.chunk.digest: part for part in parts}.values()
        lines = (folder / "queries.jsonl").read_text("utf-8").splitlines()
        questions += [json.loads(line)["text"] for line in lines[: QUESTIONS // len(REPORTED)]]
    return Base(
        [p.chunk.text for p in placed],
        np.stack([np.frombuffer(p.vector, "<f4") for p in placed]),
        [p.token_vectors for p in placed],
        questions,
        np.stack([encoded.vector for encoded in encoder.encode_queries(questions)]),
    )


def _stored(corpus: Corpus, ids: Iterable[str]) -> Iterator[Entry]:
    """Entries of articles with all that is stored of them.

    Prepared under another id, an article takes over what its very text has: nothing is encoded.
    """
    articles = (corpus.article(id_).article for id_ in ids)
    others = (_document(replace(article, id=f"{article.id}{OTHER}")) for article in articles)
    for batch in corpus.prepare(batches(others)):
        for document, entry in batch.items:
            assert isinstance(document, Document)
            assert entry
            article = document.article
            same = replace(article, id=article.id.removesuffix(OTHER))
            yield Entry(_document(same), entry.placed)


def _document(article: Article) -> Document:
    raw = article.text.encode()
    return Document(article, raw, "text/plain", size=len(raw))


def entries(base: Base, count: int) -> Iterator[Entry]:
    """Articles of `count` passages together; always the same."""
    for number in range(count // PER_ARTICLE):
        yield _entry(base, number)


def _entry(base: Base, number: int) -> Entry:
    rng = np.random.default_rng([number, 0])
    words, parts, placed = base.texts, [], []
    for at in range(number * PER_ARTICLE, (number + 1) * PER_ARTICLE):
        of, text, vector = at % len(words), words[at % len(words)], base.vectors[at % len(words)]
        if at >= len(words):
            text, vector = _exchanged(text, words, rng), _turned(vector, rng)
        parts.append((text, vector, base.token_vectors[of]))
    title, start = f"Report {number}", 0
    for text, vector, tokens in parts:
        chunk = Chunk(title, "", start == 0, text)
        placed.append(
            Placed(start, start + len(text), chunk, vector.astype("<f4").tobytes(), tokens)
        )
        start += len(text) + 2
    text = "\n\n".join(text for text, _, _ in parts)
    article = Article(
        f"a{number}",
        text,
        title=title,
        publisher=_publisher(number),
        published=f"{2000 + number % 25}",
    )
    return Entry(_document(article), tuple(placed))


def _publisher(number: int) -> str:
    for name, every, which in (
        ("thousandth", 1000, 5),
        ("hundredth", 100, 3),
        ("tenth", 10, 1),
        ("half", 2, 0),
    ):
        if number % every == which:
            return name
    return f"other {number % 500}"


def _exchanged(text: str, texts: list[str], rng: np.random.Generator) -> str:
    words, others = text.split(" "), texts[int(rng.integers(len(texts)))].split(" ")
    for at in np.flatnonzero(rng.random(len(words)) < EXCHANGED):
        words[at] = others[at % len(others)]
    return " ".join(words)


def _turned(vector: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    noise = rng.standard_normal(len(vector)).astype(np.float32)
    noise -= (noise @ vector) * vector
    turned = COSINE * vector + (1 - COSINE**2) ** 0.5 * noise / np.linalg.norm(noise)
    unit: NDArray[np.float32] = turned / np.linalg.norm(turned)
    return unit


def built(folder: Path, base: Base, size: int) -> dict[str, Any]:
    """Fills the corpus; every five seconds it is compacted, as the service does."""
    done = folder / "built.json"
    if done.exists():
        return dict(json.loads(done.read_text("utf-8")))
    with Corpus.open(folder, encoder=load()) as corpus:
        started, publishing = time.perf_counter(), list[float]()
        batch: list[Entry] = []
        with _compacting(corpus):
            for entry in entries(base, size):
                batch.append(entry)
                if len(batch) == PER_BATCH:
                    publishing.append(_put(corpus, batch))
                    batch = []
            _put(corpus, batch)
        took = time.perf_counter() - started
        started = time.perf_counter()
        while corpus.maintain():
            pass
        result = {
            "build_s": round(took, 1),
            "passages_per_s": round(size / took),
            "publishing_while_built_ms": _percentiles(publishing),
            "compaction_after_s": round(time.perf_counter() - started, 2),
            "resident_while_built_mb": _resident(),
        }
    done.write_text(json.dumps(result), "utf-8")
    return result


@contextmanager
def _compacting(corpus: Corpus) -> Iterator[None]:
    stopping = threading.Event()

    def compact() -> None:
        while not stopping.wait(5):
            while corpus.maintain():
                pass

    with ThreadPoolExecutor(1, initializer=behind_others) as threads:
        working = threads.submit(compact)
        try:
            yield
        finally:
            stopping.set()
            working.result()


def _put(corpus: Corpus, batch: Sequence[Entry]) -> float:
    """As `Corpus.add` stores and publishes; the milliseconds that publishing took."""
    items = tuple((entry.document, entry) for entry in batch)
    return _of_stage("publish", lambda: corpus.commit(Batch(items)))


# --- measuring, in a process of its own ----------------------------------------------------------


def measured(folder: Path) -> dict[str, Any]:
    before = _resident()
    started = time.perf_counter()
    corpus = Corpus.open(folder)
    opened = time.perf_counter() - started
    asked = np.load(folder / "asked.npz")
    questions = list(zip(asked["questions"].tolist(), asked["vectors"], strict=True))
    _ask(corpus, *questions[0])
    started_s = time.perf_counter() - started
    result: dict[str, Any] = {
        "open_s": round(opened, 2),
        "start_s": round(started_s, 2),
        "segments": [
            (len(s.keys), "codes" if s.codes else "exact") for s in _vectors(corpus).segments
        ],
        "mended": corpus.repairs,
        "imported_mb": before,
        "resident_opened_mb": _resident(),
    }
    view = corpus.view
    result["search_ms"] = _times(lambda q: _ask(corpus, *q), questions)
    result["dense_ms"] = _times(lambda q: view.nearest(q[1], 200), questions)
    result["lexical_ms"] = _times(lambda q: view.best(terms(q[0]), 200), questions)
    result["resident_mb"] = _resident()
    result["disk_mb"] = _disk(folder)
    result["recall@10"] = _recall(corpus, asked["vectors"], _vectors(corpus).keys())
    result["filters"] = {name: _filtered(corpus, name, questions) for name in SHARES}
    result["filter_after_a_change_ms"] = _after_a_change(corpus)
    result["write"] = _written(corpus, folder)
    result["compaction"] = _compaction(corpus, questions)
    corpus.close()
    return result


def _vectors(corpus: Corpus) -> VectorIndex:
    # Below `View`, the one place of all benchmarks: how the index is cut, and whether its codes
    # find what its own rows say is nearest. No reader asks for either.
    return corpus.storage.published.indexes.vectors


def _ask(corpus: Corpus, text: str, vector: NDArray[np.float32], name: str = "") -> None:
    filters = Filters(publishers=(name,)) if name else None
    search(corpus.view, Query(text, vector, "hybrid", filters, 20))


def _filtered(corpus: Corpus, name: str, questions: list[Any]) -> dict[str, Any]:
    filters, view = Filters(publishers=(name,)), corpus.view
    resolved = _resolved(view, filters)
    ratios = [  # one after the other, since the machine is not always the same
        (_took(_ask, corpus, *q, name), _took(_ask, corpus, *q)) for q in questions
    ]
    with_it, without = np.array(ratios).T
    allowed = _chunks(view, name)
    return {
        "chunks": len(allowed),
        "resolved_ms": round(resolved, 1),
        "recall@10": _recall(corpus, np.stack([v for _, v in questions]), allowed, filters),
        "search_ms": _percentiles(with_it),
        "ratio": round(float(np.median(with_it) / np.median(without)), 2),
        "dense_ms": _times(lambda q: view.nearest(q[1], 200, filters=filters), questions),
        "lexical_ms": _times(lambda q: view.best(terms(q[0]), 200, filters=filters), questions),
    }


def _resolved(view: View, filters: Filters) -> float:
    """Milliseconds until it is known which chunks pass."""
    return _of_stage("filter", lambda: view.best(["any"], 1, filters=filters))


def _chunks(view: View, publisher: str) -> NDArray[np.int64]:
    """The chunks of a publisher's articles, ascending."""
    every = [stored for stored, _, _ in view.articles(limit=ALL)]
    keys = [stored.key for stored in every if stored.article.publisher == publisher]
    return np.unique([chunk for key in keys for _, _, chunk in view.passages_of(key)])


def _after_a_change(corpus: Corpus) -> dict[str, float]:
    """Resolving a filter again after an article went."""
    took, filters = [], Filters(publishers=("half",))
    for _ in range(5):
        [entry] = _stored(corpus, ["a0"])
        corpus.remove(["a0"])
        took.append(_resolved(corpus.view, filters))
        _put(corpus, [_edited(entry)])
    return _percentiles(took)


def _edited(entry: Entry) -> Entry:
    """Another edition of an article, as long: each passage ends in another word."""
    article, placed = entry.document.article, []
    text = article.text
    for part in entry.placed:
        words = f"{part.chunk.text[:-6]}{np.random.default_rng().integers(10**5, 10**6)}"
        text = text[: part.start] + words + text[part.end :]
        placed.append(replace(part, chunk=replace(part.chunk, text=words)))
    return Entry(_document(replace(article, text=text)), tuple(placed))


def _written(corpus: Corpus, folder: Path) -> dict[str, Any]:
    """A batch of 100 passages, replacing and deleting an article; publishing included."""
    rng = np.random.default_rng(1)
    articles = [stored.article.id for stored, _, _ in corpus.articles(limit=20 * TIMES)]
    rng.shuffle(articles)
    again = [_edited(entry) for entry in _stored(corpus, articles)]
    several = [again[i * 12 : (i + 1) * 12] for i in range(TIMES)]
    rest = again[12 * TIMES :]
    publishing = list[float]()

    def put(batch: Sequence[Entry]) -> None:
        publishing.append(_put(corpus, batch))

    batches = [_took(put, batch) for batch in several]
    replacing = [_took(_put, corpus, [entry]) for entry in rest[:TIMES]]
    deleting = [_took(corpus.remove, [e.document.article.id]) for e in rest[TIMES : 2 * TIMES]]
    return {
        "batch_ms": _percentiles(batches),
        "publish_ms": _percentiles(publishing[:TIMES]),
        "replace_ms": _percentiles(replacing),
        "delete_ms": _percentiles(deleting),
    }


def _compaction(corpus: Corpus, questions: list[Any]) -> dict[str, Any]:
    """Everything is merged into one, while questions are asked."""
    to_merge, took = VectorIndex.to_merge, list[float]()
    VectorIndex.to_merge = lambda self: tuple(s for s in self.segments if s.name)  # type: ignore[method-assign]
    try:
        with ThreadPoolExecutor(1, initializer=behind_others) as threads:
            started = time.perf_counter()
            working = threads.submit(corpus.maintain)
            while not working.done():
                took += [_took(_ask, corpus, *questions[len(took) % len(questions)])]
            seconds = time.perf_counter() - started
    finally:
        VectorIndex.to_merge = to_merge  # type: ignore[method-assign]
    return {"seconds": round(seconds, 2), "done": working.result(), "search_ms": _percentiles(took)}


def _recall(
    corpus: Corpus,
    asked: NDArray[np.float32],
    allowed: NDArray[np.int64],
    filters: Filters | None = None,
) -> float:
    """Of the ten nearest by brute force, how many are found as the ten nearest."""
    nearest = _nearest(corpus, asked, allowed)
    found = [corpus.view.nearest(v, 200, filters=filters).keys[:10] for v in asked]
    shares = [len(np.intersect1d(f, n)) / len(n) for f, n in zip(found, nearest, strict=True)]
    return round(float(np.mean(shares)), 4)


def _nearest(
    corpus: Corpus, asked: NDArray[np.float32], keys: NDArray[np.int64]
) -> list[NDArray[np.int64]]:
    """The ten nearest of some chunks, by brute force."""
    best: NDArray[np.float32] = np.empty((len(asked), 0), np.float32)
    of: NDArray[np.int64] = np.empty((len(asked), 0), np.int64)
    for part in np.array_split(keys, 1 + len(keys) // 20_000):
        vectors = _vectors(corpus).vectors(part)
        best = np.concatenate([best, asked @ vectors.T], axis=1)
        of = np.concatenate([of, np.broadcast_to(part, (len(asked), len(part)))], axis=1)
        order = np.argsort(-best, axis=1, kind="stable")[:, :10]
        best, of = np.take_along_axis(best, order, 1), np.take_along_axis(of, order, 1)
    return list(of)


# --- figures -------------------------------------------------------------------------------------


def _took(do: Any, *arguments: Any) -> float:
    """Milliseconds."""
    started = time.perf_counter()
    do(*arguments)
    return 1000 * (time.perf_counter() - started)


def _of_stage(name: str, do: Callable[[], object]) -> float:
    """Milliseconds that one stage of what is done took."""
    took = dict[str, float]()
    with work("bench", lambda _, stage, seconds: took.update({stage: 1000 * seconds})):
        do()
    return took[name]


def _times(do: Any, questions: list[Any]) -> dict[str, float]:
    for question in questions[:20]:
        do(question)
    return _percentiles([_took(do, question) for question in questions])


def _percentiles(milliseconds: Any) -> dict[str, float]:
    return {f"p{p}": round(float(np.percentile(milliseconds, p)), 2) for p in (50, 99)}


def _resident() -> dict[str, int]:
    """Megabytes: all, and those of files that are mapped."""
    lines = dict(line.split(":") for line in Path("/proc/self/status").read_text().splitlines())
    return {
        name: round(int(lines[field].split()[0]) / 1000)
        for name, field in (("all", "VmRSS"), ("of_files", "RssFile"))
    }


def _disk(folder: Path) -> dict[str, float]:
    sizes = {"store": _size(folder.glob("footnote.db*"))}
    sizes["vectors"] = _size(folder.glob("index/segments/*"))
    sizes["lexical"] = _size(folder.glob("index/lexical-*/*"))
    return {name: round(size / 1e6, 1) for name, size in sizes.items()}


def _size(paths: Iterator[Path]) -> int:
    return sum(path.stat().st_size for path in paths)


def _print(results: list[dict[str, Any]]) -> None:
    def pair(value: dict[str, float]) -> str:
        return " / ".join(f"{v:g}" for v in value.values())

    def within(name: str) -> Row:
        return lambda r: pair(r["filters"][name]["search_ms"])

    def beside(name: str) -> Row:
        return lambda r: f"{r['filters'][name]['ratio']}, {r['filters'][name]['recall@10']}"

    rows: dict[str, Row] = {
        "built in s (passages/s)": lambda r: f"{r['build_s']} ({r['passages_per_s']})",
        "published while built, ms": lambda r: pair(r["publishing_while_built_ms"]),
        "100 passages published, ms": lambda r: pair(r["write"]["publish_ms"]),
        "100 passages stored and published": lambda r: pair(r["write"]["batch_ms"]),
        "article replaced, ms": lambda r: pair(r["write"]["replace_ms"]),
        "article deleted, ms": lambda r: pair(r["write"]["delete_ms"]),
        "start to first answer, s": lambda r: r["start_s"],
        "resident MB (of files)": lambda r: pair(r["resident_mb"]),
        "resident MB before opening": lambda r: pair(r["imported_mb"]),
        "disk MB: store/vectors/lexical": lambda r: pair(r["disk_mb"]),
        "search, ms": lambda r: pair(r["search_ms"]),
        "dense leg": lambda r: pair(r["dense_ms"]),
        "lexical leg": lambda r: pair(r["lexical_ms"]),
        "recall@10": lambda r: r["recall@10"],
        "everything merged, s": lambda r: r["compaction"]["seconds"],
        "search meanwhile, ms": lambda r: pair(r["compaction"]["search_ms"]),
    }
    for name in SHARES:
        rows[f"filter “{name}”, ms"] = within(name)
        rows["  times unfiltered, recall@10" + " " * len(rows)] = beside(name)
    print("".join([" " * 36, *(f"{r['passages']:>24,}" for r in results)]), "(p50 / p99)")
    for name, of in rows.items():
        print(f"{name.rstrip():<36}" + "".join(f"{of(r)!s:>24}" for r in results), flush=True)


if __name__ == "__main__":
    main()
