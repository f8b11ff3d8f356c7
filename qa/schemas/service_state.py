"""How the service is, and what it holds."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, Field

from qa.storage.lag import Lag
from qa.types import Depth


class LiveOut(BaseModel):
    """The process answers."""

    status: Literal["live"] = Field(description="Always `live`.")


class LagOut(BaseModel):
    """Which state of the corpus this server answers from, and how far that is behind."""

    generation: int = Field(description="The state of the corpus: it counts the changes.")
    stored: int = Field(description="The newest that is stored, by whichever server.")
    behind: int = Field(description="How many changes this server does not show yet.")
    behind_seconds: float = Field(description="How long the oldest of them has waited for that.")

    @classmethod
    def of(cls, lag: Lag) -> Self:
        return cls.model_validate(lag.told())


class ReadyOut(LagOut):
    """Questions are answered."""

    status: Literal["ready"] = Field(description="Always `ready`: else the answer is 503.")


class EncoderOut(BaseModel):
    """The model that the passages are embedded with."""

    name: str = Field(description="As `QA_MODEL` has it.")
    digest: str = Field(description="Of its weights.")
    dimension: int = Field(description="Of its vectors.")


class CalibrationOut(BaseModel):
    """What the confidence was fitted to in this corpus."""

    read: Depth = Field(description="The depth of reading that it is for.")
    made: str = Field(description="When.")
    answerable: int = Field(description="Questions that the corpus answers.")
    unanswerable: int = Field(description="Questions that it does not.")
    in_use: bool = Field(description="Whether it still fits the model and the corpus.")


class StatusOut(LagOut):
    """What the corpus holds, and how large it is."""

    folder: str = Field(description="Of the corpus, on the machine of the service.")
    counts: dict[str, int] = Field(
        description="Articles, passages and embedded ones; empty when `problems` say why."
    )
    encoder: EncoderOut = Field(description="What it was embedded with.")
    chunking: str = Field(description="How articles are cut into passages.")
    bytes: dict[str, int] = Field(description="What the store and the indexes take on the disk.")
    mended: list[str] = Field(description="What was found damaged at the start, and made anew.")
    integrity: Literal["ok", "failed"] | None = Field(description="Null without `check`.")
    problems: list[str] = Field(description="What the check found.")
    calibration: list[CalibrationOut] = Field(description="For each depth of reading, if any.")
