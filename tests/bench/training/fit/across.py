"""Fits how sure an answer is to a question in another language than its passages.

    .venv/bin/python -m tests.bench.training.fit.across [--write]

Questions of seeds/, put into Russian, German and Serbian (both scripts), asked of its English
briefs with multilingual-e5-small. Words tell nothing there, so that the nearness of the best
sentence is all there is.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

import embeddings
from qa import Corpus
from qa.ask.confidence import Signals, coefficients
from qa.ask.rerank import RERANKED, rerank
from qa.evaluation.judged import read_set
from qa.retrieval.late_interaction import Question, interactions
from qa.retrieval.search import Query, search
from tests.bench.corpora import ROOT, corpus_of
from tests.bench.training.fit.__main__ import FILE

QUESTIONS = Path(__file__).parents[1] / "multilingual" / "questions.jsonl"
LANGUAGES = ("ru", "de", "sr", "sr-Cyrl")
_PAIRS = {"lj": "љ", "nj": "њ", "dž": "џ"}
_LETTERS = dict(zip("abvgdđežzijklmnoprstćufhcčš", "абвгдђежзијклмнопрстћуфхцчш", strict=True))


def main() -> None:
    encoder = embeddings.load(embeddings.MULTILINGUAL)
    with corpus_of(ROOT / "seeds", encoder) as corpus:
        found = [(*asked, signals(corpus, asked[1])) for asked in questions()]
    near = np.array([[its.sentence] for *_, its in found])
    right = np.array([answerable for *_, answerable, _ in found])
    for language in LANGUAGES:
        own = np.array([one[0] == language for one in found])
        print(language, "AUROC", round(float(roc_auc_score(right[own], near[own, 0])), 3))
    print("coverage", np.percentile([its.coverage for *_, its in found], [50, 90, 97, 100]))
    model = LogisticRegression(C=1000, class_weight="balanced").fit(near, right)
    weight, intercept = float(model.coef_[0, 0]), float(model.intercept_[0])
    # What is as likely answered as not stands at the threshold.
    least = coefficients(encoder.name).threshold["off"]
    moved = round(intercept + math.log(least / (1 - least)), 3)
    rule = {"intercept": moved, "weights": {"sentence": round(weight, 3)}}
    odds = intercept + weight * near[:, 0]
    for threshold in (0.3, 0.4, 0.5, 0.6):
        answered = 1 / (1 + np.exp(-odds)) >= threshold
        print(threshold, "right", (answered == right).mean().round(3), answered[right].mean())
    print(rule)
    if "--write" in sys.argv:
        content = json.loads(FILE.read_text("utf-8"))
        content["encoders"][encoder.name]["across"] = rule
        FILE.write_text(json.dumps(content, indent=2) + "\n", "utf-8")


def questions() -> Iterator[tuple[str, str, bool]]:
    """Language, question, and whether the briefs answer it."""
    answerable = {
        question.id: question.answerable for question in read_set(ROOT / "seeds").questions
    }
    for line in QUESTIONS.read_text("utf-8").splitlines():
        row = json.loads(line)
        row["sr-Cyrl"] = cyrillic(row["sr"])
        for language in LANGUAGES:
            yield language, row[language], answerable[row["id"]]


def cyrillic(text: str) -> str:
    """A Serbian text in Cyrillic letters.

    >>> cyrillic("Njegov džep i ljubav")
    'Његов џеп и љубав'
    """
    for latin, small in {**_PAIRS, **_LETTERS}.items():
        text = text.replace(latin, small).replace(latin.capitalize(), small.upper())
    return text


def signals(corpus: Corpus, text: str) -> Signals:
    """What confidence is computed from, where nothing is read."""
    view, encoder = corpus.view, corpus.encoder
    [encoded] = encoder.encode_queries([text])
    question = Question.of(text, encoded, view)
    hits = search(view, Query(text, encoded.vector, top_k=RERANKED))
    near = interactions(view, question, hits)
    _, in_order = rerank(hits, near, coefficients(encoder.name).ranking_of(question))
    return Signals.of(question, in_order)


if __name__ == "__main__":
    main()
