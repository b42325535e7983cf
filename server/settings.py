"""What the operator sets: by flag, else by environment (PROMPTOGRAPH_*), else in a file, else the default.

Guarantees
1. Flags win over the environment, the environment over the file.
2. An unknown key in the file, or a value out of bounds, is refused with its name.
3. A public bind is refused unless it is asked for and a token was chosen for it.
4. No route changes a setting, and none shows a secret.
"""

import ipaddress
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import platformdirs
from pydantic import ByteSize, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

MEGABYTE = 2**20
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
FILE = "promptograph.toml"

Name = Annotated[str, Field(min_length=1, max_length=253)]
Names = Annotated[tuple[Name, ...], NoDecode, Field(max_length=64)]


class RefusedError(Exception):
    """The server cannot be started like this; says what to change."""


class Settings(BaseSettings):
    """All settings of one server."""

    model_config = SettingsConfigDict(env_prefix="PROMPTOGRAPH_", frozen=True, extra="forbid", env_ignore_empty=True)

    host: Name = "127.0.0.1"
    port: int = Field(default=8420, ge=0, le=65535)  # 0 takes any free port
    data: Path = Field(default_factory=lambda: platformdirs.user_data_path("promptograph") / "server")
    cache: Path = Field(default_factory=lambda: platformdirs.user_cache_path("promptograph"))
    database: str = ""  # a URL; empty is SQLite in the data folder

    token: SecretStr | None = None
    token_file: Path | None = None
    allow_public: bool = False
    hosts: Names = ()  # names that may stand in `Host`, beside those of this machine
    origins: Names = ()  # pages that may ask, beside our own

    catalog: str = Field(default="nodes:CATALOG", pattern=r"^[A-Za-z_][\w.]*:[A-Za-z_]\w*$", max_length=200)
    models: Annotated[tuple[Path, ...], NoDecode, Field(max_length=64)] = ()  # folders of model files
    devices: Names = Field(default=("auto",), min_length=1)  # one worker for each
    worker_memory: ByteSize | None = Field(default=None, ge=64 * MEGABYTE)
    disk_reserve: ByteSize = Field(default=ByteSize(256 * MEGABYTE), ge=0)

    requests: int = Field(default=256, ge=1, le=10_000)  # that are answered at the same time
    connections: int = Field(default=4_096, ge=1, le=100_000)
    receipt: float = Field(default=15.0, gt=0, le=600)  # seconds in which a request has to arrive
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @property
    def database_url(self) -> str:
        """Where graphs, runs and events are kept."""
        return self.database or f"sqlite:///{self.data.absolute() / 'promptograph.sqlite'}"

    @property
    def public(self) -> bool:
        """Whether other machines can reach the server."""
        try:
            return not ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host != "localhost"

    @field_validator("hosts", "origins", "devices", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @field_validator("models", mode="before")
    @classmethod
    def _paths(cls, value: object) -> object:
        return (
            [Path(part).expanduser() for part in value.split(os.pathsep) if part] if isinstance(value, str) else value
        )

    @model_validator(mode="after")
    def _guarded(self) -> "Settings":
        if self.token and self.token_file:
            raise ValueError("--token and --token-file exclude each other")
        if not self.public:
            return self
        if not self.allow_public:
            raise ValueError(
                f"{self.host} can be reached by other machines; bind 127.0.0.1, or give --allow-public and a token, "
                "and put TLS in front"
            )
        if not self.token and not self.token_file:
            raise ValueError(f"{self.host} can be reached by other machines; choose a token with --token-file")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Leave out .env and secret files: what is not said aloud sets nothing."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load(flags: Mapping[str, Any], *, file: Path | None = None) -> Settings:
    """Put the settings together; `flags` holds only what was given, `file` is the user's where it is not named."""
    if file and not file.is_file():
        raise RefusedError(f"{file}: there is no such file")

    class Filed(Settings):
        model_config = SettingsConfigDict(toml_file=file or platformdirs.user_config_path("promptograph") / FILE)

    try:
        return Filed(**flags)
    except ValidationError as error:
        raise RefusedError("; ".join(_sentence(dict(fault)) for fault in error.errors())) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise RefusedError(f"{Filed.model_config['toml_file']}: {error}") from None


def _sentence(fault: dict[str, Any]) -> str:
    place = ".".join(str(part) for part in fault["loc"][:2])
    message = str(fault["msg"]).removeprefix("Value error, ")
    if fault["type"] == "extra_forbidden":
        return f"{place[:60]}: there is no such setting"
    return f"{place}: {message[:1].lower()}{message[1:]}" if place else message
