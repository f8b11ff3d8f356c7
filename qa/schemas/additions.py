"""Bulk additions: how far each is, and what of it was refused."""

from __future__ import annotations

from dataclasses import asdict
from typing import Self

from pydantic import BaseModel, Field

from qa.storage.records import Job, JobState


class ProblemOfJob(BaseModel):
    """An input that was not added."""

    origin: str = Field(description="Which: `line 317`, or the name of a file.")
    code: str = Field(description="Which error it is; codes stay as they are.")
    reason: str = Field(description="What is wrong, and what mends it.")


class JobSummary(BaseModel):
    """A bulk addition, and how far it is."""

    id: str = Field(description="Its id.")
    state: JobState = Field(description="Whether it waits, is under way, or how it ended.")
    total: int = Field(description="Inputs: lines or files.")
    done: int = Field(description="Inputs dealt with and safely stored.")
    counts: dict[str, int] = Field(
        description="How many articles became what.",
        examples=[{"added": 48, "unchanged": 1, "refused": 1}],
    )
    created: str = Field(description="When it was acknowledged, in UTC.")
    finished: str | None = Field(description="When it ended; null while it has not.")

    @classmethod
    def of(cls, job: Job, done: int) -> Self:
        """The model of a job, with what the class has fields for."""
        return cls.model_validate({**asdict(job), "done": done})


class JobOut(JobSummary):
    """A bulk addition with what was refused of it."""

    problems: list[ProblemOfJob] = Field(description="The first thousand.")
    stated: dict[str, str | list[str]] = Field(
        description="What is said of all articles that do not say it."
    )
    generation: int | None = Field(
        None,
        description="Once it is done: a state of the corpus that all of it is in, for "
        "`min_generation`. Else null.",
    )
    retryable: int = Field(description="Inputs that `POST /v1/jobs/{id}/retry` tries again.")

    @classmethod
    def told(cls, job: Job, done: int, retryable: int, generation: int) -> Self:
        """The model of a job, with how many of its inputs can be tried again.

        `generation` is one that came after all that the job had stored by then.
        """
        ended = {"generation": generation if job.state == "done" else None}
        return cls.model_validate({**asdict(job), "done": done, "retryable": retryable, **ended})


class JobsOut(BaseModel):
    """A page of bulk additions."""

    jobs: list[JobSummary] = Field(description="Those of this page, the newest first.")
    total: int = Field(description="How many there are, on all pages.")
    next: str | None = Field(description="Cursor of the next page; null on the last.")
