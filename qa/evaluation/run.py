"""One judged set, in one or several configurations."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from embeddings import NO_PROMPTS, Encoder, Prompts
from qa.addresses import PostgresAddress
from qa.corpus import Corpus
from qa.errors import InvalidInput, NotFound
from qa.evaluation.judged import JudgedQuestion, JudgedSet, read_set, unanswerable
from qa.evaluation.measures import Values, abstention, interval, latency, means, per_question
from qa.evaluation.outcomes import (
    CONFIGURATIONS,
    ExpectedPlace,
    ask_all,
    expected_places,
    time_all,
)
from qa.ingest import Input, Limits, find_inputs, read_input
from qa.storage import DATABASE
from qa.types import Depth

# (configuration, questions in all, questions asked)
Progress = Callable[[str, int, int], None]
# Measures over the questions whose place was found, which are others in each configuration.
UNPAIRED = ("sentence_in_place", "words_f1", "words_exact")


def evaluate(
    path: Path,
    model: str,
    configurations: Sequence[str] = ("hybrid",),
    *,
    data: Path | PostgresAddress | None = None,
    foreign: Path | None = None,
    sample: int | None = None,
    threshold: float | None = None,
    read: Depth | None = None,
    prompts: Prompts = NO_PROMPTS,
    encoder: Encoder | None = None,
    progress: Progress = lambda configuration, total, done: None,
) -> list[dict[str, Any]]:
    """The figures of each configuration; from the second on, with the difference to the first.

    The set's articles go into a temporary corpus, or into the one in `data`, where they stay.
    Questions of `foreign` are asked too, as ones that this corpus does not answer. With `sample`
    every n-th question is asked, so that there are about that many.
    """
    _check(configurations)
    judged = read_set(path)
    others = unanswerable(read_set(foreign).questions) if foreign else ()
    loaded: dict[str, Any] = (
        {"encoder": encoder} if encoder else {"model": model, "prompts": prompts}
    )
    with (
        _folder(judged, data) as folder,
        Corpus.open(folder, threshold=threshold, read=read, **loaded) as corpus,
    ):
        built = _add(corpus, judged.articles)
        questions = _thinned(judged.questions, sample) + _thinned(others, sample)
        pairs = [(q, expected_places(corpus, q, strict=judged.strict)) for q in questions]
        built["passages"] = corpus.counts()["passages"]
        built |= {"questions": len(pairs), "left_out": judged.left_out}
        rows, values = [], []
        for name in configurations:
            figures, by_question = _measured(corpus, pairs, name, progress)
            rows.append({"name": judged.name, "mode": name, **built, **figures})
            values.append(by_question)
    for row, its_values in zip(rows[1:], values[1:], strict=True):
        row["compared"] = _compared(its_values, values[0])
    return rows


def _measured(
    corpus: Corpus,
    pairs: Sequence[tuple[JudgedQuestion, tuple[ExpectedPlace, ...]]],
    configuration: str,
    progress: Progress,
) -> tuple[dict[str, Any], dict[str, Values]]:
    """The figures of one configuration, and each measure question by question."""
    outcomes = ask_all(corpus, pairs, configuration, partial(progress, configuration, len(pairs)))
    values = per_question(outcomes)
    return {
        **means(values),
        "abstention": abstention(outcomes),
        **latency(time_all(corpus, [question for question, _ in pairs], configuration)),
    }, values


def _compared(
    values: Mapping[str, Values], baseline: Mapping[str, Values]
) -> dict[str, dict[str, float]]:
    """What each measure differs in from that of the first configuration, question by question."""
    return {
        measure: dict(
            zip(
                ("difference", "low", "high"),
                (round(x, 4) for x in interval(column, baseline[measure])),
                strict=True,
            )
        )
        for measure, column in values.items()
        if measure not in UNPAIRED
    }


def _check(configurations: Sequence[str]) -> None:
    for name in configurations:
        if name not in CONFIGURATIONS:
            raise InvalidInput(
                f"mode is {name!r}; give {', '.join(CONFIGURATIONS)}", code="invalid_mode"
            )


@contextmanager
def _folder(
    judged: JudgedSet, data: Path | PostgresAddress | None
) -> Iterator[Path | PostgresAddress]:
    if judged.articles and data is None:
        with tempfile.TemporaryDirectory() as temporary:
            yield Path(temporary)
        return
    folder = data or Path("data")
    there = isinstance(folder, PostgresAddress) or (folder / DATABASE).exists()
    if not judged.articles and not there:
        raise NotFound(
            f"there is no corpus in {folder} to ask: name its folder with --data",
            code="no_corpus",
        )
    yield folder


def _add(corpus: Corpus, paths: Sequence[Path]) -> dict[str, Any]:
    """How many articles the corpus has, and how fast those that are new were added."""
    started = time.perf_counter()
    counts: Counter[str] = Counter()
    for found in find_inputs(paths):
        if isinstance(found, Input):
            counts.update(outcome.name for outcome in corpus.add(read_input(found, Limits())))
    seconds = time.perf_counter() - started
    new = counts["added"] + counts["replaced"]
    return {
        "articles": corpus.counts()["articles"],
        "refused": counts["refused"],
        "added_per_second": round(new / seconds, 1) if new else None,
    }


def _thinned(questions: Sequence[Any], sample: int | None) -> list[Any]:
    """Every n-th question, from the first on."""
    step = max(1, round(len(questions) / sample)) if sample else 1
    return list(questions[::step])
