"""Settings from the environment. A wrong value refuses to start and names the variable.

Every secret may be given as ``NAME`` or as ``NAME_FILE``, a file holding it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

SECRETS = (
    "JIESU_SECRET_KEY",
    "JIESU_SECRET_KEY_BEFORE",
    "JIESU_TELEGRAM_TOKEN",
    "JIESU_TELEGRAM_WEBHOOK_SECRET",
    "JIESU_DEMO_PASSWORD",
    "JIESU_DATABASE_URL",
    "JIESU_RASA_URL",
    "JIESU_RASA_TOKEN",
    "JIESU_STT_URL",
    "JIESU_STT_TOKEN",
)
DRIVERS = ("sqlite+aiosqlite:///", "postgresql+asyncpg://")
MIB = 1024 * 1024


class WrongSetting(Exception):
    """A setting cannot be used; the message names the variable and what to do."""


class Settings(BaseSettings):
    """Everything the environment decides. Field names are the variables without ``JIESU_``."""

    model_config = SettingsConfigDict(env_prefix="JIESU_", extra="ignore", frozen=True)

    data_dir: Path = Field(Path("data"), description="Where the database, files and model live")
    database_url: str = Field("", description="sqlite+aiosqlite:///… or postgresql+asyncpg://…")
    secret_key: SecretStr | None = Field(
        None, description="Signs web chat tokens and codes on walls; 32+ characters"
    )
    secret_key_before: SecretStr | None = Field(
        None, description="Earlier keys, comma separated: codes signed with them stay good"
    )
    public_url: str | None = Field(
        None, description="Where residents reach this service, such as https://city.example"
    )
    telegram_name: str | None = Field(
        None, pattern=r"^[A-Za-z0-9_]{5,32}$", description="The bot's user name, for codes on walls"
    )
    config_dir: Path | None = Field(None, description="A city's own texts, forms and deadlines")
    telegram_token: SecretStr | None = Field(None, description="The bot's token from BotFather")
    telegram_api_base: str | None = Field(None, description="A local Bot API server")
    telegram_webhook_url: str | None = Field(
        None, description="Public https URL of /telegram/webhook; unset: long polling"
    )
    telegram_webhook_secret: SecretStr | None = Field(None, description="1-256 of A-Z a-z 0-9 _ -")
    telegram_rate: float = Field(
        30, ge=0, description="Messages a second over all chats; 0 lifts all limits"
    )
    nlu_engine: Literal["embedded", "rasa"] = Field(
        "embedded", description="Who ranks intents: embedded, or rasa with embedded beside it"
    )
    nlu_model: Path | None = Field(None, description="The language model; default: as trained here")
    rasa_url: str | None = Field(None, description="The Rasa server, such as http://rasa:5005")
    rasa_token: SecretStr | None = Field(None, description="The server's --auth-token")
    stt_url: str | None = Field(
        None, description="Speech to text, the address before /v1/audio/transcriptions; unset: off"
    )
    stt_token: SecretStr | None = Field(None, description="Bearer token of that server")
    stt_model: str = Field("whisper-1", min_length=1, description="The model it is asked for")
    stt_timeout: float = Field(
        20, ge=1, le=120, description="Seconds for a transcript, the second try included"
    )
    demo_password: SecretStr | None = Field(None, description="Password of the demo officers")
    max_file_bytes: int = Field(10 * MIB, gt=0, le=50 * MIB, description="Largest file kept")
    digest_at: str = Field("18:00", description="Local time of the evening digest")
    frame_ancestors: Annotated[tuple[str, ...], NoDecode] = Field(
        ("'self'",), description="Sites that may embed /chat, comma separated"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Log level")

    @field_validator("database_url")
    @classmethod
    def _known_driver(cls, value: str) -> str:
        if value and not value.startswith(DRIVERS):
            raise ValueError(f"must start with {' or '.join(DRIVERS)}")
        return value

    @field_validator("rasa_url", "stt_url", "public_url")
    @classmethod
    def _a_server(cls, value: str | None) -> str | None:
        if value is None:
            return None
        # Not told: the value itself, which may hold a password.
        try:
            parts = urlsplit(value)
            whole = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
        except ValueError:
            whole = False
        if not whole or parts.query or parts.fragment:
            raise ValueError("must be the server's address, such as http://127.0.0.1:5005")
        return value.rstrip("/")

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < 32:
            raise ValueError(
                "must have at least 32 characters, such as `openssl rand -hex 32` gives"
            )
        return value

    @field_validator("telegram_name", mode="before")
    @classmethod
    def _without_at(cls, value: object) -> object:
        return value.removeprefix("@") if isinstance(value, str) else value

    @field_validator("frame_ancestors", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",")) if isinstance(value, str) else value

    @field_validator("digest_at")
    @classmethod
    def _clock_time(cls, value: str) -> str:
        hour, _, minute = value.partition(":")
        if not (hour.isdecimal() and minute.isdecimal() and int(hour) < 24 and int(minute) < 60):
            raise ValueError("must be a time such as 18:00")
        return f"{int(hour):02}:{int(minute):02}"

    @model_validator(mode="after")
    def _go_together(self) -> Settings:
        if self.telegram_webhook_url and not self.telegram_webhook_secret:
            raise ValueError("JIESU_TELEGRAM_WEBHOOK_URL needs JIESU_TELEGRAM_WEBHOOK_SECRET")
        if self.nlu_engine == "rasa" and not self.rasa_url:
            raise ValueError("JIESU_NLU_ENGINE=rasa needs JIESU_RASA_URL, the server's address")
        return self

    @property
    def earlier_keys(self) -> tuple[str, ...]:
        """Secret keys of before, the newest first."""
        given = self.secret_key_before
        parts = given.get_secret_value().split(",") if given is not None else []
        return tuple(filter(None, (part.strip() for part in parts)))

    @property
    def url(self) -> str:
        """The database's URL; SQLite in the data directory unless one is given."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir / 'jiesu.db'}"


def _with_secret_files(environ: Mapping[str, str]) -> dict[str, str]:
    values = dict(environ)
    for name in SECRETS:
        path = environ.get(f"{name}_FILE")
        if not path:
            continue
        if name in environ:
            raise WrongSetting(f"{name} and {name}_FILE are both set: keep one")
        try:
            values[name] = Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise WrongSetting(f"{name}_FILE: cannot read {path}: {error.strerror}") from error
    return values


def load_settings(
    environ: Mapping[str, str] | None = None, *, data_dir: Path | None = None
) -> Settings:
    """The settings from the environment. Raises WrongSetting with one line per wrong variable."""
    values = _with_secret_files(os.environ if environ is None else environ)
    names = {f"JIESU_{name.upper()}": name for name in Settings.model_fields}
    given: dict[str, object] = {
        field: values[name] for name, field in names.items() if values.get(name)
    }
    if data_dir is not None:
        given["data_dir"] = data_dir
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        raise WrongSetting(
            "\n".join(_explain(each["loc"], each["msg"]) for each in error.errors())
        ) from None


def _explain(where: tuple[int | str, ...], message: str) -> str:
    reason = message.removeprefix("Value error, ")
    return f"JIESU_{str(where[0]).upper()}: {reason}" if where else reason
