"""What was imported, as people meet it: no cards at first, then each where it belongs."""

import asyncio
from pathlib import Path

import pytest

from bot.transfer import importing
from bot.transfer.importing import Asked
from store.database import Store
from tests.flows.conftest import Office
from tests.slack.reading import text


async def imported(work: Office, path: Path, csv: str, **asked: str) -> list[str]:
    """Runs the import beside the bot, as `dealthread import` does."""
    return await asyncio.to_thread(_imported, work.url, path, csv, asked)


def _imported(url: str, path: Path, csv: str, asked: dict[str, str]) -> list[str]:
    path.write_text(csv, encoding="utf-8")
    store = Store(url)
    try:
        return list(importing.run(store, Asked(path, **asked)))
    finally:
        store.close()


@pytest.fixture(autouse=True)
def _settings(work: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment that `dealthread import` finds: it may ask Slack who people are."""
    monkeypatch.chdir(tmp_path)
    for name, value in work.slack.environment(sockets=False).items():
        monkeypatch.setenv(name, value)


async def test_an_imported_deal_gets_its_card_at_its_first_change(
    work: Office, tmp_path: Path
) -> None:
    await work.now_set_up()
    said = await imported(
        work,
        tmp_path / "deals.csv",
        "Name,Contact,Value,Stage,Owner,Region\n"
        "Acme renewal,Jane Doe,£12k,Pitching,Bob Stone,EMEA\nBeta pilot,,,,carol king,\n",
    )
    assert said == [
        "Not read, for want of a place: Region.",
        "Imported 2 opportunities and 1 contact.",
        "No cards were posted: each comes at its first change, or by Post card in its menu.",
    ]
    await work.slack.quiet()
    assert work.deals.top() == []
    await work.alice.command("/opp 1 quoting", work.deals)
    card = await work.slack.heard(work.deals, "Acme renewal")
    assert "#1 · £12,000" in text(card)
    assert "Bob Stone" in text(card)
    await work.slack.heard(work.deals, "moved it from Pitching to Quoting", thread=card)
    await work.alice.command("/opp jane", work.deals)
    await work.alice.sees("Acme renewal")


async def test_an_import_for_a_private_channel_is_for_its_members(
    work: Office, tmp_path: Path
) -> None:
    vip = work.slack.channel("vip", members=[work.alice, work.slack.bot], private=True)
    await work.now_set_up()
    await work.alice.command("/opp new Known", vip)
    await work.alice.sees("New opportunity")
    await work.alice.choose("Post card in", vip)
    assert await work.alice.submit() == {}
    await work.slack.heard(vip, "Known")
    await imported(
        work,
        tmp_path / "deals.csv",
        "Name,Owner,Post card in\nSecret merger,Alice Johnson,#vip\n",
    )
    await work.bob.command("/opp merger", work.deals)
    await work.bob.hears('No deal matches "merger"')
    await work.alice.command("/opp 2 closing", work.deals)
    await work.slack.heard(vip, "Secret merger")


async def test_a_dry_run_changes_nothing(work: Office, tmp_path: Path) -> None:
    await work.now_set_up()
    csv = "Name,Owner\nAcme renewal,Bob Stone\n"
    said = await imported(work, tmp_path / "d.csv", csv, dry_run=True)
    assert said == ["Every line can be read: 1 opportunity and 0 contacts. Nothing was changed."]
    await work.alice.command("/opp renewal", work.deals)
    await work.alice.hears('No deal matches "renewal"')
