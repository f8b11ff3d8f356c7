"""The fitted numbers behind ranking and confidence: qa/ask/coefficients.json.

`python -m tests.bench.training.fit` fits them on training questions and prints how good they are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from qa.ask.confidence import Confidence


@dataclass(frozen=True, slots=True)
class Coefficients:
    """For one encoder."""

    ranking: Mapping[str, float]  # by feature (qa.ask.rerank)
    confidence: Confidence
    threshold: float  # from which confidence a question counts as answered


@cache
def coefficients(encoder: str) -> Coefficients:
    """Those of an encoder; those for words alone when it has none of its own."""
    data = json.loads(resources.files("qa.ask").joinpath("coefficients.json").read_text("utf-8"))
    found = data["encoders"].get(encoder, data["encoders"]["other"])
    return Coefficients(found["ranking"], Confidence(**found["confidence"]), found["threshold"])
