"""The settings: the only reader of the environment, and the plain words for what is wrong in it."""

import ipaddress
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic.functional_validators import ModelWrapValidatorHandler
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

SLACK_API_URL = "https://slack.com/api/"
PREFIX = re.compile("[a-z0-9][a-z0-9_-]{0,15}")
"""What the commands may begin with, so that two bots in a workspace can be told apart."""
SECRET_LENGTH = 32
"""The shortest SECRET_KEY that we take, in characters."""

_TOKENS = {
    "xoxb-": "a bot token, which belongs in SLACK_BOT_TOKEN",
    "xapp-": "an app-level token, which belongs in SLACK_APP_TOKEN",
    "xoxp-": "a user token, which Dealthread does not use",
    "xoxe": (
        "a token that expires, which Dealthread does not use: make the app anew from "
        "`dealthread manifest`, where token rotation is off"
    ),
}
_WHERE = {
    "SLACK_BOT_TOKEN": "your app's page, OAuth & Permissions",
    "SLACK_APP_TOKEN": "your app's page, Basic Information, App-Level Tokens",
    "SLACK_SIGNING_SECRET": "your app's page, Basic Information, Signing Secret",
    "SLACK_CLIENT_SECRET": "your app's page, Basic Information, Client Secret",
}


class BadSettings(Exception):
    """All that is wrong with the settings, a sentence each; never the value of a secret."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


class StoreSettings(BaseSettings):
    """What it takes to reach the database: all that `migrate`, `import` and `export` need.

    Making one reads the environment and `.env`, and raises BadSettings.
    """

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    database_url: SecretStr = SecretStr("sqlite:///dealthread.db")
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["text", "json"] = "text"

    @property
    def embedded(self) -> bool:
        """Whether the database is a file of this machine, and no server."""
        return self.database_url.get_secret_value().startswith("sqlite:")

    @model_validator(mode="wrap")
    @classmethod
    def _all_at_once(cls, given: Any, check: ModelWrapValidatorHandler[Self]) -> Self:
        """Tell the mistakes of single settings and of their company together, not one a run."""
        missing = list(cls._missing({k.upper() for k in given if given[k] not in (None, "")}))
        try:
            settings = check(given)
        except ValidationError as error:
            raise BadSettings([*_sentences(error), *missing]) from None
        if missing:
            raise BadSettings(missing)
        return settings

    @classmethod
    def _missing(cls, _present: set[str]) -> Iterator[str]:
        yield from ()

    @field_validator("*", mode="before")
    @classmethod
    def _trimmed(cls, value: Any) -> Any:
        return value.strip() if isinstance(value, str) else value

    @field_validator("log_level", "log_format", mode="before")
    @classmethod
    def _lower(cls, value: Any) -> Any:
        return value.lower() if isinstance(value, str) else value

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: SecretStr) -> SecretStr:
        scheme, _, rest = value.get_secret_value().partition("://")
        if scheme == "sqlite" and len(rest) > 1 and rest[0] == "/" and rest != "/:memory:":
            return value
        if scheme in {"postgresql", "postgres"} and rest:
            return value
        # Without what was given: it may hold a password.
        raise ValueError(
            "DATABASE_URL should be like sqlite:///dealthread.db or "
            "postgresql://user:password@host/database."
        )


class Settings(StoreSettings):
    """What it takes to run; see StoreSettings."""

    slack_bot_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_client_id: str | None = None
    slack_client_secret: SecretStr | None = None
    secret_key: SecretStr | None = None
    slack_api_url: str = SLACK_API_URL
    command_prefix: str = ""
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 3000

    @property
    def socket_mode(self) -> bool:
        """Socket Mode when there is an app-level token, else HTTP."""
        return self.slack_app_token is not None

    @property
    def oauth(self) -> bool:
        """Many workspaces, each with its token in the database; else one, with the token here."""
        return self.slack_client_id is not None

    @classmethod
    def _missing(cls, present: set[str]) -> Iterator[str]:
        if "SLACK_CLIENT_ID" in present:
            yield from _missing_of_many(present)
        elif "SLACK_CLIENT_SECRET" in present:
            yield "SLACK_CLIENT_SECRET is set, but SLACK_CLIENT_ID is missing: OAuth needs both."
        elif "SLACK_BOT_TOKEN" not in present:
            yield _is_missing("SLACK_BOT_TOKEN", "it begins with xoxb-")
        if not present & {"SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN"}:
            yield (
                "SLACK_APP_TOKEN and SLACK_SIGNING_SECRET are both missing. Set the first for "
                f"Socket Mode, where nothing has to reach this machine ({_WHERE['SLACK_APP_TOKEN']}"
                "; it begins with xapp-), or the second for HTTP "
                f"({_WHERE['SLACK_SIGNING_SECRET']})."
            )

    @field_validator("slack_bot_token")
    @classmethod
    def _bot_token(cls, value: SecretStr | None) -> SecretStr | None:
        return _begins(value, "SLACK_BOT_TOKEN", "xoxb-")

    @field_validator("slack_app_token")
    @classmethod
    def _app_token(cls, value: SecretStr | None) -> SecretStr | None:
        return _begins(value, "SLACK_APP_TOKEN", "xapp-")

    @field_validator("slack_signing_secret")
    @classmethod
    def _signing_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value and (kind := _kind(value)):
            raise ValueError(
                f"SLACK_SIGNING_SECRET is not a token. Yours begins with {kind}: that is "
                f"{_TOKENS[kind]}. Find the secret at {_WHERE['SLACK_SIGNING_SECRET']}."
            )
        return value

    @field_validator("secret_key")
    @classmethod
    def _secret_key(cls, value: SecretStr | None) -> SecretStr | None:
        if value and len(value.get_secret_value()) < SECRET_LENGTH:
            raise ValueError(
                f"SECRET_KEY should have at least {SECRET_LENGTH} random characters. Yours has "
                f"{len(value.get_secret_value())}."
            )
        return value

    @field_validator("command_prefix")
    @classmethod
    def _command_prefix(cls, value: str) -> str:
        if value and not PREFIX.fullmatch(value):
            raise ValueError(
                "COMMAND_PREFIX should be as in the manifest: up to 16 lower-case letters, digits, "
                "- and _, such as acme-."
            )
        return value

    @field_validator("slack_api_url")
    @classmethod
    def _api_url(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme == "https" or (parts.scheme == "http" and _is_here(parts.hostname)):
            return value.rstrip("/") + "/"
        # Each call carries the token: it must not cross a network in the clear.
        raise ValueError(
            "SLACK_API_URL should begin with https://; http:// does for this machine only."
        )


class GivenSettings(Settings):
    """Settings from arguments alone, for the demo and for tests: no environment, no file."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - pydantic calls it with these names.
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


def _missing_of_many(present: set[str]) -> Iterator[str]:
    if "SLACK_BOT_TOKEN" in present:
        yield (
            "SLACK_BOT_TOKEN is for one workspace, SLACK_CLIENT_ID for many: set only one of them."
        )
    if "SLACK_CLIENT_SECRET" not in present:
        yield _is_missing("SLACK_CLIENT_SECRET", "SLACK_CLIENT_ID needs it")
    if "SECRET_KEY" not in present:
        yield (
            "SECRET_KEY is missing: with SLACK_CLIENT_ID, tokens are kept in the database, "
            f"encrypted with it. Make up {SECRET_LENGTH} random characters or more."
        )


def _is_missing(name: str, remark: str) -> str:
    return f"{name} is missing: {remark}. Find it at {_WHERE[name]}."


def _kind(secret: SecretStr) -> str | None:
    value = secret.get_secret_value()
    return next((prefix for prefix in _TOKENS if value.startswith(prefix)), None)


def _begins(value: SecretStr | None, name: str, prefix: str) -> SecretStr | None:
    if value is None or value.get_secret_value().startswith(prefix):
        return value
    kind = _kind(value)
    yours = f" Yours begins with {kind}: that is {_TOKENS[kind]}." if kind else ""
    raise ValueError(f"{name} should begin with {prefix}.{yours} Find it at {_WHERE[name]}.")


def _is_here(host: str | None) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def _sentences(error: ValidationError) -> Iterator[str]:
    for one in error.errors(include_url=False, include_context=True):
        name = str(one["loc"][0]).upper() if one["loc"] else "The settings"
        yield _sentence(name, one["type"], one.get("ctx", {}))


def _sentence(name: str, kind: str, context: Mapping[str, Any]) -> str:
    if kind == "value_error":
        return str(context["error"])
    if kind == "literal_error":
        return f"{name} should be {context['expected'].replace(chr(39), '')}."
    if name == "PORT":
        return "PORT should be a whole number from 0 to 65535."
    return f"{name} can't be read."
