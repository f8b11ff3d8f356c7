"""How the service grows: 10^4, 10^5, 10^6 passages.

    .venv/bin/python -m tests.bench.growth [--sizes 10000 100000 1000000] [--keep FOLDER]
        [--kept FOLDER of corpora] [--json FILE]

The first passages are those of the judged sets, with their real vectors and token readings. Past
them come copies of these with one word in seven exchanged, and the vector turned away from the
original by noise to a cosine of 0.8; their token readings are the original's. Eight passages to an
article, and everything goes through the store and the indexes as `Corpus.add` does it, without the
encoder. With `--keep` a corpus that was built is measured again. A million take 22 GB of disk.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings import load
from qa import Corpus
from qa.filters import Filters
from qa.retrieval.search import Query, search
from qa.storage.sqlite import Chunk, Entry, Placed
from qa.storage.vectors import VectorIndex
from qa.threads import behind_others
from qa.types import Article, Document
from tests.bench.corpora import REPORTED, RETRIEVAL, corpus_of

SIZES = (10_000, 100_000, 1_000_000)
PER_ARTICLE = 8
PER_BATCH = 125  # articles: a thousand passages
COSINE = 0.8
EXCHANGED = 1 / 7
QUESTIONS = 200
TIMES = 30
# Publishers by the share of the articles that are theirs.
SHARES = {"half": 0.5, "tenth": 0.1, "hundredth": 0.01, "thousandth": 0.001}


@dataclass(frozen=True)
class Base:
    """The passages that there are, and real questions."""

    texts: list[str]
    vectors: NDArray[np.float32]
    readings: list[bytes]
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
    encoder = load()
    texts, vectors, readings, questions = [], [], [], []
    for name in REPORTED:
        folder = RETRIEVAL / name
        with corpus_of(folder, encoder, kept) as corpus:
            keys = corpus.store.live_chunks(corpus.snapshot.generation)
            vectors.append(corpus.store.vectors(keys, encoder.dimension))
            for part in np.array_split(keys, 1 + len(keys) // 500):
                found, read = (
                    ask(part.tolist()) for ask in (corpus.store.chunk_texts, corpus.store.readings)
                )
                texts += [found[key] for key in part.tolist()]
                readings += [read[key] for key in part.tolist()]
        lines = (folder / "queries.jsonl").read_text("utf-8").splitlines()
        questions += [json.loads(line)["text"] for line in lines[: QUESTIONS // len(REPORTED)]]
    asked = np.stack([encoder.encode_queries([text])[0].vector for text in questions])
    return Base(texts, np.concatenate(vectors), readings, questions, asked)


def entries(base: Base, count: int, first: int = 0) -> Iterator[Entry]:
    """Articles number `first` and on, of `count` passages together; always the same."""
    for number in range(first, first + count // PER_ARTICLE):
        yield _entry(base, number)


def _entry(base: Base, number: int, edition: str = "") -> Entry:
    rng = np.random.default_rng([number, len(edition)])
    words, parts, placed = base.texts, [], []
    for at in range(number * PER_ARTICLE, (number + 1) * PER_ARTICLE):
        of, text, vector = at % len(words), words[at % len(words)], base.vectors[at % len(words)]
        if at >= len(words) or edition:
            text, vector = _exchanged(text, words, rng), _turned(vector, rng)
        parts.append((f"{text} {edition}".strip(), vector, base.readings[of]))
    title, start = f"Report {number}", 0
    for text, vector, reading in parts:
        chunk = Chunk(title, "", start == 0, text)
        placed.append(
            Placed(start, start + len(text), chunk, vector.astype("<f4").tobytes(), reading)
        )
        start += len(text) + 2
    text = "\n\n".join(text for text, _, _ in parts)
    article = Article(
        f"a{number}", text, title, publisher=_publisher(number), published=f"{2000 + number % 25}"
    )
    return Entry(Document(article, text.encode(), "text/plain", size=len(text)), tuple(placed))


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
    return turned / np.linalg.norm(turned)


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
        while corpus.compact():
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

    def work() -> None:
        while not stopping.wait(5):
            while corpus.compact():
                pass

    with ThreadPoolExecutor(1, initializer=behind_others) as threads:
        working = threads.submit(work)
        try:
            yield
        finally:
            stopping.set()
            working.result()


def _put(corpus: Corpus, batch: Sequence[Entry]) -> float:
    """As `Corpus.add` stores and publishes; the milliseconds that publishing took."""
    with corpus.lock.held():
        corpus.generations.advance()
        with corpus.store.transaction():
            generation = corpus.store.next_generation()
            for entry in batch:
                corpus.store.put(entry, generation)
            corpus.store.retire_orphans(generation)
            corpus.store.purge()
        started = time.perf_counter()
        corpus.generations.advance()
        return 1000 * (time.perf_counter() - started)


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
            (len(s.keys), "codes" if s.codes else "exact") for s in corpus.snapshot.vectors.segments
        ],
        "mended": corpus.generations.mended,
        "imported_mb": before,
        "resident_opened_mb": _resident(),
    }
    result["search_ms"] = _times(lambda q: _ask(corpus, *q), questions)
    result["dense_ms"] = _times(lambda q: corpus.snapshot.vectors.search(q[1], 200), questions)
    result["lexical_ms"] = _times(lambda q: corpus.snapshot.lexical.search(q[0], 200), questions)
    result["resident_mb"] = _resident()
    result["disk_mb"] = _disk(folder)
    result["recall@10"] = _recall(
        corpus, asked["vectors"], corpus.store.live_chunks(corpus.snapshot.generation)
    )
    result["filters"] = {name: _filtered(corpus, name, questions) for name in SHARES}
    result["filter_after_a_change_ms"] = _after_a_change(corpus)
    result["write"] = _written(corpus, folder)
    result["compaction"] = _compaction(corpus, questions)
    corpus.close()
    return result


def _ask(corpus: Corpus, text: str, vector: NDArray[np.float32], name: str = "") -> None:
    filters = Filters(publishers=(name,)) if name else None
    search(corpus.store, corpus.snapshot, Query(text, vector, "hybrid", filters, 20))


def _filtered(corpus: Corpus, name: str, questions: list[Any]) -> dict[str, Any]:
    filters, generation = Filters(publishers=(name,)), corpus.snapshot.generation
    started = time.perf_counter()
    allowed = corpus.store.matching_chunks(filters, generation)
    first = time.perf_counter() - started
    vectors, lexical = corpus.snapshot.vectors, corpus.snapshot.lexical
    ratios = [  # one after the other, since the machine is not always the same
        (_took(_ask, corpus, *q, name), _took(_ask, corpus, *q)) for q in questions
    ]
    with_it, without = np.array(ratios).T
    return {
        "chunks": len(allowed),
        "resolved_ms": round(1000 * first, 1),
        "recall@10": _recall(corpus, np.stack([v for _, v in questions]), allowed),
        "search_ms": _percentiles(with_it),
        "ratio": round(float(np.median(with_it) / np.median(without)), 2),
        "dense_ms": _times(lambda q: vectors.search(q[1], 200, allowed), questions),
        "lexical_ms": _times(lambda q: lexical.search(q[0], 200, allowed), questions),
    }


def _after_a_change(corpus: Corpus) -> dict[str, float]:
    """Resolving a filter again after an article came."""
    took = []
    for _ in range(5):
        document = corpus.store.document(corpus.article("a0").key)
        corpus.remove(["a0"])
        took += [
            _took(
                lambda: corpus.store.matching_chunks(
                    Filters(publishers=("half",)), corpus.snapshot.generation
                )
            )
        ]
        _put(corpus, [_again(corpus, document)])
    return _percentiles(took)


def _again(corpus: Corpus, document: Document) -> Entry:
    """An article to be stored once more, each passage with another last word."""
    article = document.article
    stored = next(
        key
        for (key,) in corpus.store.reader.execute(
            "SELECT key FROM articles WHERE id = ? ORDER BY key DESC", (article.id,)
        )
    )
    placed = []
    for start, end, chunk in corpus.store.passages_of(stored):
        text = f"{article.text[start : end - 6]}{np.random.default_rng().integers(10**5, 10**6)}"
        [vector] = corpus.store.vectors(np.array([chunk]), corpus.snapshot.vectors.dimension)
        reading = corpus.store.readings([chunk])[chunk]
        placed.append(
            Placed(
                start,
                end,
                Chunk(article.title or "", "", start == 0, text),
                vector.tobytes(),
                reading,
            )
        )
    return Entry(document, tuple(placed))


def _written(corpus: Corpus, folder: Path) -> dict[str, Any]:
    """A batch of 100 passages, replacing and deleting an article; publishing included."""
    rng = np.random.default_rng(1)
    articles = [stored.article.id for stored, _, _ in corpus.articles(limit=20 * TIMES)]
    rng.shuffle(articles)
    documents = [corpus.store.document(corpus.article(id_).key) for id_ in articles]
    again = [_again(corpus, document) for document in documents]
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
    VectorIndex.to_merge = lambda index: tuple(s for s in index.segments if s.name)  # type: ignore[method-assign]
    try:
        with ThreadPoolExecutor(1, initializer=behind_others) as threads:
            started = time.perf_counter()
            working = threads.submit(corpus.generations.compact)
            while not working.done():
                took += [_took(_ask, corpus, *questions[len(took) % len(questions)])]
            seconds = time.perf_counter() - started
    finally:
        VectorIndex.to_merge = to_merge  # type: ignore[method-assign]
    return {"seconds": round(seconds, 2), "done": working.result(), "search_ms": _percentiles(took)}


def _recall(corpus: Corpus, asked: NDArray[np.float32], allowed: NDArray[np.int64]) -> float:
    """Of the ten nearest by brute force, how many the index has among its ten."""
    nearest = _nearest(corpus, asked, allowed)
    among = None if len(allowed) == len(corpus.snapshot.vectors) else allowed
    found = [corpus.snapshot.vectors.search(v, 200, among).keys[:10] for v in asked]
    shares = [len(np.intersect1d(f, n)) / len(n) for f, n in zip(found, nearest, strict=True)]
    return round(float(np.mean(shares)), 4)


def _nearest(
    corpus: Corpus, asked: NDArray[np.float32], keys: NDArray[np.int64]
) -> list[NDArray[np.int64]]:
    """The ten nearest of some chunks, by brute force."""
    best = np.empty((len(asked), 0), np.float32)
    of = np.empty((len(asked), 0), np.int64)
    for part in np.array_split(keys, 1 + len(keys) // 20_000):
        vectors = corpus.snapshot.vectors.vectors(part)
        best = np.concatenate([best, asked @ vectors.T], axis=1)
        of = np.concatenate([of, np.broadcast_to(part, (len(asked), len(part)))], axis=1)
        order = np.argsort(-best, axis=1, kind="stable")[:, :10]
        best, of = (np.take_along_axis(a, order, axis=1) for a in (best, of))
    return list(of)


# --- figures -------------------------------------------------------------------------------------


def _took(do: Any, *arguments: Any) -> float:
    """Milliseconds."""
    started = time.perf_counter()
    do(*arguments)
    return 1000 * (time.perf_counter() - started)


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

    rows = {
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
        rows[f"filter “{name}”, ms"] = lambda r, n=name: pair(r["filters"][n]["search_ms"])
        rows["  times unfiltered, recall@10" + " " * len(rows)] = lambda r, n=name: (
            f"{r['filters'][n]['ratio']}, {r['filters'][n]['recall@10']}"
        )
    print("".join([" " * 36, *(f"{r['passages']:>24,}" for r in results)]), "(p50 / p99)")
    for name, of in rows.items():
        print(f"{name.rstrip():<36}" + "".join(f"{of(r)!s:>24}" for r in results), flush=True)


if __name__ == "__main__":
    main()
