"""The QA_* settings: the only reader of the environment and of `.env`."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from qa.errors import InvalidInput

MEBIBYTE = 1024 * 1024


class Settings(BaseSettings):
    """What can be set from outside; docs/settings.md lists it all."""

    model_config = SettingsConfigDict(env_prefix="QA_", env_file=".env", extra="ignore")

    data: Path = Field(Path("data"), description="Folder of the corpus.")
    host: str = Field("127.0.0.1", description="Address to serve on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to serve on.")
    model: str = Field(
        "all-MiniLM-L6-v2",
        description="The packaged default, or any sentence-transformers name or folder.",
    )
    api_keys: Annotated[list[SecretStr], NoDecode] = Field(
        default_factory=list,
        description="Comma-separated keys; needed on any address but loopback.",
    )
    threshold: float | None = Field(
        None,
        ge=0,
        le=1,
        description="The confidence from which a question counts as answered.",
    )
    max_body_bytes: int = Field(10 * MEBIBYTE, gt=0, description="Largest request body.")
    max_article_bytes: int = Field(5 * MEBIBYTE, gt=0, description="Largest article text.")
    max_parse_seconds: float = Field(
        60, gt=0, description="Processor time for reading one HTML, PDF or Markdown input."
    )
    max_parse_memory_bytes: int = Field(
        1024 * MEBIBYTE, gt=0, description="Memory for reading one such input."
    )
    max_pending_bytes: int = Field(
        8 * MEBIBYTE, gt=0, description="So many bytes of articles are prepared at a time."
    )
    max_concurrent: int = Field(
        40, gt=0, description="So many questions are worked on at a time, and as many writes."
    )
    log_format: str = Field("text", pattern="^(text|json)$", description="`text` or `json`.")

    @field_validator("api_keys", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return (
            [k.strip() for k in value.split(",") if k.strip()] if isinstance(value, str) else value
        )

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the service."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    def refuse_open_door(self) -> None:
        """Raises when others could reach the service and no key guards it."""
        if not self.loopback and not self.api_keys:
            raise InvalidInput(
                f"{self.host} can be reached from other machines: set QA_API_KEYS to one or more "
                "secret keys (comma-separated), or serve on 127.0.0.1",
                code="keys_required",
            )
