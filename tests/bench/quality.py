"""`make bench-quality`: every figure of docs/quality.md.

    .venv/bin/python -m tests.bench.quality [--keep FOLDER] [--plots FOLDER]

Needs the evaluation data beside the project. Half an hour on two cores, a third of it for building
corpora; with --keep they are there the next time. Questions are every n-th of a set.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import embeddings
from embeddings import Encoder
from qa import Corpus
from qa.ask.statement import nearest
from qa.evaluation import evaluate
from qa.evaluation.judged import JudgedQuestion, read_set, unanswerable
from qa.evaluation.measures import calibration_error
from qa.evaluation.outcomes import expected_places, holds, time_all
from qa.evaluation.plots import draw
from qa.evaluation.result_tables import table
from qa.ingest import Input, Limits, find_inputs, read_input
from qa.retrieval.late_interaction import Interaction, Question, interactions
from qa.retrieval.reading import readings
from qa.types import Hit
from tests.bench.corpora import REPORTED, RETRIEVAL, ROOT, SHARED, TRAIN, corpus_of, hits_of

CONFIGURATIONS = ("deep", "fast", "off", "fused", "dense", "lexical")
TIMED = ("deep", "fast", "off", "fused")
QUESTIONS, FOREIGN = 1000, 150
SENTENCES = ("squadshifts_wiki", "clapnq_dev")
# Together about 20,000 passages.
LARGE = (*(RETRIEVAL / name for name in REPORTED), TRAIN / "fairytaleqa_train")


def main() -> None:
    kept, plots = _option("--keep"), _option("--plots")
    encoder = embeddings.load()
    with tempfile.TemporaryDirectory() as temporary:
        home = kept or Path(temporary)
        results = _ranking(encoder, home)
        _foreign(encoder, home)
        results += seeds(encoder)
        _deceptive(encoder, home)
        _sentences(encoder, home)
        _latency(encoder, home)
    if plots:
        for path in draw(results, plots):
            print(f"drawn: {path}")


def _ranking(encoder: Encoder, home: Path) -> list[dict[str, Any]]:
    """The reported sets in every configuration, and the means."""
    results = []
    for name in REPORTED:
        rows = evaluate(
            RETRIEVAL / name,
            encoder.name,
            CONFIGURATIONS,
            data=home / name,
            sample=QUESTIONS,
            encoder=encoder,
        )
        _print(rows)
        results += rows
    for mode in CONFIGURATIONS:
        scores = [row["ndcg@10"] for row in results if row["mode"] == mode]
        print(f"mean nDCG@10 of the {len(scores)} sets, {mode}: {np.mean(scores):.4f}")
    return results


def _foreign(encoder: Encoder, home: Path) -> None:
    """Questions of one set asked of another's corpus."""
    print("\nquestions of the next set among a set's own:")
    everything: list[tuple[float, bool]] = []
    for name, other in zip(REPORTED, (*REPORTED[1:], REPORTED[0]), strict=True):
        own = [q for q in read_set(RETRIEVAL / name).questions if q.answerable]
        foreign = [q for q in read_set(RETRIEVAL / other).questions if q.answerable]
        with corpus_of(RETRIEVAL / name, encoder, home) as corpus:
            with_answer, without = (
                [_confidence(corpus, q) for q in part[:: max(1, len(part) // FOREIGN)]]
                for part in (own, unanswerable(tuple(foreign)))
            )
        everything += with_answer + without
        area = _auroc([c for c, _ in with_answer], [c for c, _ in without])
        print(f"{name:18} asked {other:18} AUROC {area:.4f}", flush=True)
    confidence, right = map(np.array, zip(*everything, strict=True))
    print(f"all of these together: ECE {calibration_error(confidence, right):.4f}")


def _deceptive(encoder: Encoder, home: Path) -> None:
    """Questions of squad2_dev500 on articles that no training set has: answerable, or deceptive."""
    name = "squad2_dev500"
    clean = set((RETRIEVAL / name / "clean.txt").read_text("utf-8").split())
    questions = [q for q in read_set(RETRIEVAL / name).questions if q.id in clean]
    with corpus_of(RETRIEVAL / name, encoder, home) as corpus:
        for depth in ("deep", "fast", "off"):
            told = [corpus.ask(q.text, read=depth).confidence for q in questions]
            area = _auroc(
                [c for c, q in zip(told, questions, strict=True) if q.answerable],
                [c for c, q in zip(told, questions, strict=True) if not q.answerable],
            )
            print(
                f"{name}, {len(questions)} clean questions, {depth}: AUROC {area:.4f}", flush=True
            )


def _confidence(corpus: Corpus, question: JudgedQuestion) -> tuple[float, bool]:
    """And whether one of the first three passages is of an article that is expected."""
    answer = corpus.ask(question.text)
    expected = {e.article for e in question.expected}
    first = {hit.passage.article_id for hit in answer.hits[:3]}
    return answer.confidence, bool(expected & first)


def seeds(encoder: Encoder) -> list[dict[str, Any]]:
    results = []
    for name, folder in (("briefs", ROOT / "seeds"), ("originals", SHARED / "seeds")):
        if folder.is_dir():
            rows = evaluate(folder, encoder.name, CONFIGURATIONS, encoder=encoder)
            rows = [{**row, "name": name} for row in rows]
            _print(rows)
            results += rows
    return results


def _sentences(encoder: Encoder, home: Path) -> None:
    """Within the judged passage: how often does the sentence chosen hold the answer?"""
    print("\nsupporting sentence, within the judged passage, where some but not all hold it:")
    for name in SENTENCES:
        with corpus_of(RETRIEVAL / name, encoder, home) as corpus:
            outcomes = np.array(list(_choices(corpus, name)))
        cosine, unread, read = outcomes.mean(axis=0)
        low, high = _interval(outcomes[:, 2] - outcomes[:, 1])
        print(
            f"{name:18} cosine {cosine:.4f}  unread {unread:.4f}  read {read:.4f} "
            f"({low:+.4f} to {high:+.4f}), {len(outcomes)} passages",
            flush=True,
        )


def _interval(differences: NDArray[np.float64]) -> tuple[float, float]:
    """95 % of the mean over 1,000 bootstrap samples."""
    drawn = np.random.default_rng(0).integers(0, len(differences), (1000, len(differences)))
    low, high = np.percentile(differences[drawn].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


def _choices(corpus: Corpus, name: str) -> Iterator[tuple[float, ...]]:
    """Whether the choice of the cosine, ours, and with a reader is right, of each passage."""
    questions = [q for q in read_set(RETRIEVAL / name).questions if q.golds]
    for question in questions[:: max(1, len(questions) // QUESTIONS)]:
        [encoded] = corpus.encoder.encode_queries([question.text])
        asked = Question.of(question.text, encoded, corpus.view)
        for hit, read in _judged_passages(corpus, asked, question):
            texts = [hit.passage.text[s.span.start : s.span.end] for s in read.sentences]
            right = [holds(text, question.golds) for text in texts]
            if any(right) and not all(right):
                sentences = corpus.encoder.encode_passages(texts)
                cosines = [sentence.vector @ encoded.vector for sentence in sentences]
                [made] = readings(corpus.reader, question.text, [hit])
                with_reader = replace(read, reading=made)
                chosen = [read.sentences.index(nearest(hit, one)) for one in (read, with_reader)]
                yield tuple(float(right[i]) for i in (int(np.argmax(cosines)), *chosen))


def _judged_passages(
    corpus: Corpus, asked: Question, question: JudgedQuestion
) -> Iterator[tuple[Hit, Interaction]]:
    view = corpus.view
    for place in expected_places(corpus, question, strict=False):
        hits = hits_of(view, place.article)
        yield from zip(hits, interactions(view, asked, hits), strict=True)


def _latency(encoder: Encoder, home: Path) -> None:
    with Corpus.open(home / "large", encoder=encoder) as corpus:
        for folder in LARGE:
            for found in find_inputs([folder / "corpus.jsonl"]):
                if isinstance(found, Input):
                    # Ids of one set are those of another too: f"p{n}".
                    documents = read_input(found, Limits())
                    for _ in corpus.add(_renamed(documents, folder.name)):
                        pass
        questions = [q for name in REPORTED for q in read_set(RETRIEVAL / name).questions]
        print(f"\nlatency among {corpus.counts()['passages']:,} passages:")
        for mode in TIMED:
            took = time_all(corpus, questions, mode)
            print(f"{mode:8} p50 {np.median(took):.1f} ms, p99 {np.percentile(took, 99):.1f} ms")


def _renamed(documents: Any, prefix: str) -> Any:
    for document in documents:
        article = replace(document.article, id=f"{prefix}-{document.article.id}")
        yield replace(document, article=article)


def _auroc(with_answer: Sequence[float], without: Sequence[float]) -> float:
    """The probability that one with an answer is the more confident of two."""
    one, other = np.array(with_answer)[:, None], np.array(without)[None, :]
    return float(np.mean((one > other) + 0.5 * (one == other)))


def _print(rows: Sequence[dict[str, Any]]) -> None:
    print("\n".join(table(rows)) + "\n", flush=True)


def _option(name: str) -> Path | None:
    return Path(sys.argv[sys.argv.index(name) + 1]) if name in sys.argv else None


if __name__ == "__main__":
    main()
