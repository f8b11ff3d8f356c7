"""Models -> answers.

An endpoint that returns its model has FastAPI check it once more and write it in a thread of its
own: of a question over 20,000 passages that took half a millisecond. The models are made from our
own dataclasses and need no second look; `response_model` still documents them.
"""

from __future__ import annotations

from pydantic import BaseModel
from starlette.responses import Response

from qa.observe import stage


def json_of(model: BaseModel, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """The model as JSON, written in the thread that made it."""
    with stage("write"):
        return Response(model.model_dump_json(), status, headers, "application/json")
