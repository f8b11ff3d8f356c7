"""`POST /ask/run`: the question pipeline over the stored documents, served by hayhooks."""

import os
from typing import Any

from hayhooks import BasePipelineWrapper
from use_haystack import answer, asking, stored


class PipelineWrapper(BasePipelineWrapper):
    def setup(self) -> None:
        store = stored(os.environ["RACE_FOLDER"])
        self.pipeline = asking(store, os.environ["RACE_MODEL"])

    def run_api(self, question: str) -> list[dict[str, Any]]:
        found = answer(self.pipeline, question)
        return [{"id": d.id, "score": d.score, "text": d.content} for d in found]
