"""Many questions or quotes in one request: each has its own answer, or its own problem."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from qa.request_limits import MAX_BATCH
from qa.schemas.answers import AskOut
from qa.schemas.described import TookMs
from qa.schemas.problem_details import Problem
from qa.schemas.questions import AskIn, In
from qa.schemas.verdicts import CheckIn, CheckOut

_RESULT = "Null where there is a `problem`."
_PROBLEM = "What is wrong with this one; null where there is a `result`."


def _each(field: str) -> Callable[[Any, ValidatorFunctionWrapHandler], Any]:
    """Reads one of many. What is wrong with it is kept in its place, and refuses no other."""

    def read(given: Any, handler: ValidatorFunctionWrapHandler) -> Any:
        try:
            return handler({field: given} if isinstance(given, str) else given)
        except ValidationError as error:
            return error

    return read


class AskBatchIn(In):
    """Many questions, each with its options."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "questions": [
                        "What does the Russian ambassador call a compromise on Kosovo?",
                        {"question": "Who sells arms to Serbia?", "top_k": 3, "read": "fast"},
                    ]
                }
            ]
        },
    )
    questions: Annotated[
        # Of each what came of reading it: the question, or a ValidationError.
        list[
            Annotated[AskIn, WrapValidator(_each("question"), json_schema_input_type=AskIn | str)]
        ],
        Field(
            min_length=1,
            max_length=MAX_BATCH,
            description="Each as `POST /v1/ask` takes it, or a question alone. Together they may "
            "have 20,000 characters, and ask for 10,100 passages, with those passed over.",
        ),
    ]


class CheckBatchIn(In):
    """Many quotes, each with where and by whom it is said to be."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"quotes": ["Resolution 1245 exists until another agreement is reached"]},
            ]
        },
    )
    quotes: Annotated[
        list[
            Annotated[CheckIn, WrapValidator(_each("quote"), json_schema_input_type=CheckIn | str)]
        ],
        Field(
            min_length=1,
            max_length=MAX_BATCH,
            description="Each as `POST /v1/check` takes it, or a quote alone.",
        ),
    ]


class AskedOut(BaseModel):
    """What became of one question of many."""

    result: AskOut | None = Field(description=_RESULT)
    problem: Problem | None = Field(description=_PROBLEM)


class AskBatchOut(BaseModel):
    """What became of many questions."""

    items: list[AskedOut] = Field(description="One for each question, in their order.")
    took_ms: TookMs


class CheckedOut(BaseModel):
    """What became of one quote of many."""

    result: CheckOut | None = Field(description=_RESULT)
    problem: Problem | None = Field(description=_PROBLEM)


class CheckBatchOut(BaseModel):
    """What became of many quotes."""

    items: list[CheckedOut] = Field(description="One for each quote, in their order.")
    took_ms: TookMs
