"""The settings: what is read, and that every mistake is told at once, without a secret."""

from pathlib import Path

import pytest

from bot.settings import BadSettings, GivenSettings, Settings, StoreSettings

NAMES = [name.upper() for name in Settings.model_fields]
BOT = "xoxb-1-secret"
APP = "xapp-1-secret"


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable of ours is set, and there is no .env here."""
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def mistakes(**given: str) -> list[str]:
    with pytest.raises(BadSettings) as caught:
        GivenSettings(**given)
    return caught.value.mistakes


def test_socket_mode_takes_two_tokens() -> None:
    settings = GivenSettings(slack_bot_token=BOT, slack_app_token=APP)
    assert settings.socket_mode
    assert not settings.oauth
    assert settings.embedded
    assert (settings.host, settings.port) == ("127.0.0.1", 3000)
    assert settings.slack_api_url == "https://slack.com/api/"
    assert (settings.log_level, settings.log_format) == ("info", "text")


def test_http_takes_the_signing_secret() -> None:
    settings = GivenSettings(slack_bot_token=BOT, slack_signing_secret="a" * 32)
    assert not settings.socket_mode


@pytest.mark.parametrize("prefix", ["/", "Acme", "a b", "-", "x" * 17])
def test_a_prefix_that_slack_would_not_take_is_told(prefix: str) -> None:
    (told,) = mistakes(slack_bot_token=BOT, slack_app_token=APP, command_prefix=prefix)
    assert told.startswith("COMMAND_PREFIX should be as in the manifest")


def test_many_workspaces_take_a_client_and_a_key() -> None:
    settings = GivenSettings(
        slack_client_id="1.2",
        slack_client_secret="s",
        secret_key="k" * 32,
        slack_signing_secret="a" * 32,
    )
    assert settings.oauth


def test_the_environment_is_read_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text(
        f"SLACK_BOT_TOKEN={BOT}\nSLACK_APP_TOKEN={APP}\nPORT=1\nOTHER=x\n", encoding="utf-8"
    )
    monkeypatch.setenv("PORT", "8080")
    monkeypatch.setenv("LOG_LEVEL", "DEBUG")
    monkeypatch.setenv("LOG_FORMAT", "")
    settings = Settings()
    assert (settings.port, settings.log_level, settings.log_format) == (8080, "debug", "text")
    assert settings.slack_bot_token is not None
    assert settings.slack_bot_token.get_secret_value() == BOT


def test_given_settings_read_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "8080")
    monkeypatch.setenv("SLACK_CLIENT_ID", "1.2")
    settings = GivenSettings(slack_bot_token=BOT, slack_app_token=APP)
    assert settings.port == 3000
    assert not settings.oauth


def test_the_store_needs_no_slack() -> None:
    assert StoreSettings().embedded


def test_nothing_set_says_what_is_missing_and_where_to_find_it() -> None:
    first, second = mistakes()
    assert first.startswith("SLACK_BOT_TOKEN is missing: it begins with xoxb-. Find it at")
    assert "SLACK_APP_TOKEN and SLACK_SIGNING_SECRET are both missing" in second
    assert "Socket Mode" in second


def test_all_mistakes_are_told_at_once_without_a_secret() -> None:
    told = mistakes(
        database_url="mysql://root:hunter2@host/x",
        slack_bot_token="xapp-1-hunter2",
        slack_signing_secret="xoxb-hunter2",
        slack_app_token="hunter2",
        slack_client_secret="hunter2",
        secret_key="hunter2",
        slack_api_url="http://slack.example.com/api",
        port="http",
        log_level="loud",
        log_format="xml",
    )
    assert [sentence.split()[0] for sentence in told] == [
        "DATABASE_URL",
        "LOG_LEVEL",
        "LOG_FORMAT",
        "SLACK_BOT_TOKEN",
        "SLACK_SIGNING_SECRET",
        "SLACK_APP_TOKEN",
        "SECRET_KEY",
        "SLACK_API_URL",
        "PORT",
        "SLACK_CLIENT_SECRET",
    ]
    assert "hunter2" not in "".join(told)
    assert "should begin with xoxb-. Yours begins with xapp-: that is an app-level token" in told[3]


def test_many_workspaces_say_what_they_lack() -> None:
    told = mistakes(slack_client_id="1.2", slack_bot_token=BOT, slack_signing_secret="a" * 32)
    assert [sentence.split()[0] for sentence in told] == [
        "SLACK_BOT_TOKEN",
        "SLACK_CLIENT_SECRET",
        "SECRET_KEY",
    ]


@pytest.mark.parametrize("port", ["-1", "65536", "3000.5", "x"])
def test_a_port_is_a_number_in_range(port: str) -> None:
    told = mistakes(slack_bot_token=BOT, slack_app_token=APP, port=port)
    assert told == ["PORT should be a whole number from 0 to 65535."]


@pytest.mark.parametrize(
    ("url", "embedded"),
    [
        ("sqlite:///dealthread.db", True),
        ("sqlite:////var/lib/dealthread.db", True),
        ("postgresql://user:word@host:5432/deals?sslmode=require", False),
        ("postgresql://postgres:@/deals?host=/run/postgresql", False),
        ("postgres://host/deals", False),
    ],
)
def test_plain_database_urls_do(url: str, embedded: bool) -> None:
    settings = GivenSettings(slack_bot_token=BOT, slack_app_token=APP, database_url=url)
    assert settings.embedded is embedded


@pytest.mark.parametrize(
    "url",
    ["", "dealthread.db", "sqlite://", "sqlite:///", "sqlite:///:memory:", "mysql://h/d", "//"],
)
def test_other_database_urls_do_not(url: str) -> None:
    told = mistakes(slack_bot_token=BOT, slack_app_token=APP, database_url=url)
    assert told[0].startswith("DATABASE_URL should be like sqlite:///")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/api", "http://localhost/api/", "https://x/api"]
)
def test_the_api_is_reached_in_the_clear_on_this_machine_only(url: str) -> None:
    settings = GivenSettings(slack_bot_token=BOT, slack_app_token=APP, slack_api_url=url)
    assert settings.slack_api_url == url.rstrip("/") + "/"


def test_secrets_are_hidden_from_logs() -> None:
    settings = GivenSettings(
        slack_bot_token=BOT,
        slack_app_token=APP,
        slack_signing_secret="c0ffee" * 5,
        database_url="postgresql://u:hunter2@h/d",
    )
    for hidden in (BOT, APP, "c0ffee", "hunter2"):
        assert hidden not in repr(settings)
        assert hidden not in settings.model_dump_json()


def test_tokens_are_trimmed() -> None:
    settings = GivenSettings(slack_bot_token=f" {BOT}\n", slack_app_token=APP)
    assert settings.slack_bot_token is not None
    assert settings.slack_bot_token.get_secret_value() == BOT
