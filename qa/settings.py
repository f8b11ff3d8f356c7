"""The QA_* settings: the only reader of the environment and of `.env`."""

from __future__ import annotations

import ipaddress
import os
import re
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from embeddings import Prompts
from qa.addresses import PostgresAddress
from qa.errors import InvalidInput
from qa.keys import Key, read_keys
from qa.types import Depth

MEBIBYTE = 1024 * 1024
ENV_FILE = ".env"
_PROJECT = Path(__file__).resolve().parents[1]
Names = Annotated[list[str], NoDecode]
# What may be left empty: "none", and "at the root".
_MAY_BE_EMPTY = ("api_keys", "allowed_hosts", "trusted_proxies", "root_path")
# What is no place, and begins and ends as it is written.
_AS_IT_STANDS = ("query_prompt", "passage_prompt")
# "s3://bucket", and "s3:/bucket", as which a Path has it; not "C:/folder".
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")


def is_address(given: str) -> bool:
    """Whether it leads to something that is no folder, of whatever kind."""
    return _ADDRESS.match(given.strip()) is not None


def expanded(given: str) -> str:
    """A setting with the home folder for "~": no shell does that in `.env` or a service's file.

    Raises ValueError for one that is empty, an address, or of a user that is not there. It does not
    say the value: an address may have a password in it.
    """
    if not given.strip():
        raise ValueError("it is empty: give a value, or leave it out")
    if is_address(given):
        scheme = given.strip().partition(":")[0]
        raise ValueError(f"{scheme}:// leads to no place of this machine: give one without it")
    home = os.path.expanduser(given)
    if home.startswith("~"):
        raise ValueError("~ stands for nobody's home folder: write the folder out")
    return home


def address_in(given: str) -> PostgresAddress | None:
    """The address of a database; None for what may be a folder. Raises ValueError."""
    try:
        return PostgresAddress.read(given)
    except InvalidInput as error:
        raise ValueError(error.message) from error


class Settings(BaseSettings):
    """What can be set from outside; docs/settings.md lists it all."""

    model_config = SettingsConfigDict(env_prefix="QA_", env_file=ENV_FILE, extra="ignore")

    data: Path | PostgresAddress = Field(
        Path("data"), description="Folder of the corpus, or the address of its database."
    )
    cache: Path | None = Field(
        None, description="Folder for the indexes of a corpus that is in a database."
    )
    read_only: bool = Field(False, description="The corpus is read, and nothing in it written.")
    work: bool = Field(
        True,
        description="Whether the service works on bulk additions, or leaves that to `qa work`.",
    )
    host: str = Field("127.0.0.1", description="Address to serve on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to serve on.")
    uds: Path | None = Field(None, description="Unix socket to serve on, and on no address.")
    model: str = Field(
        "all-MiniLM-L6-v2",
        description="A packaged model, or any sentence-transformers name or folder.",
    )
    query_prompt: str | None = Field(
        None, description="What stands in front of a question, for models that do not say it."
    )
    passage_prompt: str | None = Field(
        None, description="What stands in front of a passage, likewise."
    )
    api_keys: Annotated[list[SecretStr], NoDecode] = Field(
        default_factory=list,
        description="Comma-separated keys; needed on any address but loopback.",
    )
    allowed_hosts: Names = Field(
        default_factory=list, description="Comma-separated names that the service has."
    )
    cors_origins: Names = Field(
        default_factory=list, description="Comma-separated origins whose pages may call the API."
    )
    trusted_proxies: Names = Field(
        default_factory=list, description="Comma-separated addresses and networks of proxies."
    )
    root_path: str = Field(
        "",
        pattern=r"^(/[A-Za-z0-9._~-]+)*$",
        description="The path under which a proxy offers the service.",
    )
    tls_cert: Path | None = Field(None, description="File with the certificate and its chain.")
    tls_key: Path | None = Field(None, description="File with the certificate's private key.")
    threshold: float | None = Field(
        None,
        ge=0,
        le=1,
        description="The confidence from which a question counts as answered.",
    )
    read: Depth | None = Field(
        None, description="How much is read before a question is answered: deep, fast or off."
    )
    mcp: bool = Field(False, description="Whether assistants are served at /mcp.")
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
    batch_seconds: float = Field(
        30, gt=0, description="So long is one batch of questions or quotes worked on."
    )
    max_connections: int = Field(512, gt=0, description="So many may be connected at a time.")
    header_seconds: float = Field(10, gt=0, description="So long may the headers take to come.")
    body_seconds: float = Field(30, gt=0, description="So long may a body pause.")
    log_format: str = Field("text", pattern="^(text|json)$", description="`text` or `json`.")
    log_queries: bool = Field(False, description="Whether the log has what was asked by GET.")
    audit_log: Path | None = Field(None, description="File that every write is added to.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """`.env` is read from the corpus's folder, and below that from the project's.

        Never from the folder that one stands in: it may be anybody's.
        """
        above = init_settings, env_settings
        if getattr(dotenv_settings, "env_file", None) != ENV_FILE:
            return *above, dotenv_settings
        project = DotEnvSettingsSource(settings_cls, _PROJECT / ENV_FILE if _checkout() else None)
        data = next(filter(None, (source().get("data") for source in (*above, project))), "data")
        if isinstance(data, PostgresAddress) or is_address(str(data)):
            return *above, project
        folder = Path(os.path.expanduser(data))
        beside = (folder / ENV_FILE).absolute()  # else a "~" that is left would be looked up
        return *above, DotEnvSettingsSource(settings_cls, beside), project

    @field_validator("*", mode="before")
    @classmethod
    def _usable(cls, value: object, info: ValidationInfo) -> object:
        if info.field_name in (*_MAY_BE_EMPTY, *_AS_IT_STANDS) or not isinstance(value, str | Path):
            return value
        if info.field_name == "data" and (address := address_in(str(value))):
            return address
        if info.field_name == "host" and value == "":  # every address: refused without keys
            return value
        return expanded(str(value))

    @field_validator("api_keys", "allowed_hosts", "cors_origins", "trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return (
            [k.strip() for k in value.split(",") if k.strip()] if isinstance(value, str) else value
        )

    @field_validator("trusted_proxies")
    @classmethod
    def _addresses(cls, value: list[str]) -> list[str]:
        try:
            return [str(ipaddress.ip_network(proxy)) for proxy in value]
        except ValueError:  # which says the value
            raise ValueError("give addresses and networks: 10.0.0.1, 10.0.0.0/8") from None

    @property
    def prompts(self) -> Prompts:
        """What stands in front of questions and passages, as far as it is set."""
        return Prompts(self.query_prompt, self.passage_prompt)

    @property
    def access_keys(self) -> list[Key]:
        """The keys of `api_keys`. Raises InvalidInput for one that is short or stands twice."""
        return read_keys(key.get_secret_value() for key in self.api_keys)

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the service."""
        if self.uds or self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    def refuse_open_door(self) -> None:
        """Raises when others could reach the service and no good key guards it, or half a lock."""
        if bool(self.tls_cert) != bool(self.tls_key):
            raise InvalidInput("set QA_TLS_CERT and QA_TLS_KEY, or neither", code="invalid_tls")
        if not self.access_keys and not self.loopback:
            raise InvalidInput(
                f"{self.host} can be reached from other machines: set QA_API_KEYS to one or more "
                "secret keys (comma-separated), or serve on 127.0.0.1",
                code="keys_required",
            )


def _checkout() -> bool:
    return (_PROJECT / "pyproject.toml").exists()
