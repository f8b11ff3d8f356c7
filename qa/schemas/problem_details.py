"""Errors as RFC 9457 has them."""

from __future__ import annotations

from pydantic import BaseModel, Field

from qa.errors import HttpCode


class FieldProblem(BaseModel):
    """What is wrong with one field of a body, or with one parameter."""

    field: str = Field(description="Its name, with the names that it stands below.")
    message: str = Field(description="What is wrong with it.")


class Problem(BaseModel):
    """An error, as RFC 9457 has it."""

    type: str = Field(description="Always `about:blank`: `code` tells one error from another.")
    title: str = Field(description="The status in words.")
    status: int = Field(description="The status of the answer.")
    detail: str = Field(description="What is wrong, and what mends it.")
    code: HttpCode = Field(description="Which error it is; codes stay as they are.")
    instance: str | None = Field(None, description="The path that was called.")
    request_id: str | None = Field(None, description="As in `X-Request-ID` and in the log.")
    errors: list[FieldProblem] | None = Field(
        None, description="With `invalid_request`: at most twenty."
    )
