"""Bulk additions: how far each is, and what of it was refused."""

from __future__ import annotations

from dataclasses import asdict
from typing import Self

from pydantic import BaseModel, Field

from qa.storage.records import Job, JobState


class ProblemOfJob(BaseModel):
    origin: str
    code: str
    reason: str


class JobSummary(BaseModel):
    id: str
    state: JobState
    total: int = Field(description="Inputs: lines or files.")
    done: int = Field(description="Inputs dealt with and safely stored.")
    counts: dict[str, int] = Field(examples=[{"added": 48, "unchanged": 1, "refused": 1}])
    created: str
    finished: str | None

    @classmethod
    def of(cls, job: Job, done: int) -> Self:
        """The model of a job, with what the class has fields for."""
        return cls.model_validate({**asdict(job), "done": done})


class JobOut(JobSummary):
    problems: list[ProblemOfJob] = Field(description="The first thousand.")
    stated: dict[str, str | list[str]] = Field(
        description="What is said of all articles that do not say it."
    )
    retryable: int = Field(description="Inputs that `POST /v1/jobs/{id}/retry` tries again.")

    @classmethod
    def told(cls, job: Job, done: int, retryable: int) -> Self:
        """The model of a job, with how many of its inputs can be tried again."""
        return cls.model_validate({**asdict(job), "done": done, "retryable": retryable})


class JobsOut(BaseModel):
    jobs: list[JobSummary]
    next: str | None = Field(description="Cursor of the next page; null on the last.")
