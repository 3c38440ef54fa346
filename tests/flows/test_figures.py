"""`/pipeline stats` and **Figures** in Home: the words at once, their picture by direct message."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.delivery.posting import Posting
from store.opportunity.status import Status
from store.outbox.outbox import PICTURE
from store.tables.machinery import OutboxRow
from store.tables.records import OpportunityRow
from tests.flows.conftest import Office
from tests.flows.doing import closed_deals, opened, today
from tests.slack.files import File
from tests.slack.person import Person
from tests.slack.reading import text
from tests.slack.world import Message

DRAWN = 30.0
"""Seconds to wait for a picture: its program starts, and the machine may be busy."""


async def closed(work: Office, count: int = 20) -> None:
    """So many deals of Alice's, every other one won; without cards, as after an import."""
    await work.bot.app.store.write(
        closed_deals, work.slack.team.id, work.alice.id, count, today(work)
    )


async def pictured(work: Office, person: Person, title: str) -> Message:
    """The message with the picture, in their direct messages."""

    def look() -> Message | None:
        with_files = [m for m in person.dm.top() if "slack_file" in str(m.blocks)]
        return next((m for m in with_files if title in m.text), None)

    return await work.slack.until(look, f"a picture of {title}", DRAWN)


def file_of(work: Office, message: Message) -> File:
    return work.slack.files.all[message.blocks[0]["slack_file"]["id"]]


async def test_words_at_once_then_the_picture_then_another_period(everywhere: Office) -> None:
    work = everywhere
    await work.now_set_up()
    await closed(work)
    said = await work.alice.command("/pipeline stats", work.deals)
    assert said
    assert "Win rate\n50%\n10 won, 10 lost" in text(said)
    assert said.only_for == work.alice.id
    picture = await pictured(work, work.alice, "Figures this quarter")
    file = file_of(work, picture)
    assert file.data.startswith(b"\x89PNG")
    assert len(file.data) <= 200_000
    assert file.alt_text == picture.blocks[0]["alt_text"]
    assert "10 won, 10 lost" in file.alt_text
    await work.alice.choose("Period", "This year", on=said)
    again = await work.alice.hears("Figures this year")
    assert "50%" in text(again)
    assert (await pictured(work, work.alice, "Figures this year")).ts == picture.ts
    assert file_of(work, picture) is not file
    await work.alice.choose("Period", "Last year", on=again)
    assert "No deals were closed last year." in text(await work.alice.hears("No deals"))
    assert not [m for m in work.deals.top() if "Win rate" in text(m)]


async def test_too_few_get_no_picture(work: Office) -> None:
    await work.now_set_up()
    await closed(work, 7)
    said = await work.bob.command("/pipeline stats this year", work.random)
    assert said
    assert "Only 7 deals were closed this year: too few to say more." in text(said)
    await work.slack.quiet(0.3)
    assert not work.slack.calls("files.getUploadURLExternal")


async def test_a_period_that_is_none_is_answered_by_one_line(work: Office) -> None:
    said = await work.alice.command("/pipeline stats last decade", work.deals)
    assert said
    assert text(said).startswith("Write /pipeline stats and a period: this month, last month,")
    assert "\n" not in text(said)


async def test_home_opens_them_as_a_page(work: Office) -> None:
    await work.now_set_up()
    await closed(work)
    await opened(work, "Acme renewal")
    await work.alice.open_home()
    await work.slack.until(lambda: work.alice.id in work.slack.homes, "Home is published")
    await work.alice.press("Figures", on=work.alice.home)
    page = await work.alice.sees("only deals that you can see")
    await work.alice.choose("Period", "All time", on=page)
    await work.alice.sees("Only deals that you can see")
    assert await pictured(work, work.alice, "Figures of all time")


async def test_one_command_heard_twice_sends_one_picture(work: Office) -> None:
    await work.now_set_up()
    await closed(work)
    await work.alice.command("/pipeline stats", work.deals)
    await work.slack.repeat(2, kind="command")
    await pictured(work, work.alice, "Figures")
    await work.slack.quiet(1.0)
    assert sum("slack_file" in str(m.blocks) for m in work.alice.dm.top()) == 1


async def test_two_who_ask_at_once_get_theirs_one_after_the_other(work: Office) -> None:
    await work.now_set_up()
    await closed(work)
    await work.alice.command("/pipeline stats", work.deals)
    await work.bob.command("/pipeline stats this year", work.deals)
    assert await pictured(work, work.alice, "Figures this quarter")
    assert await pictured(work, work.bob, "Figures this year")


async def test_slack_takes_a_file_over_slowly(work: Office) -> None:
    """Longer than is waited for: the message is tried again, the file is not uploaded again."""
    await work.now_set_up()
    await closed(work)
    work.slack.files.looks = 4
    work.slack.faults.next("chat.postMessage", error="invalid_blocks", when=_shows_a_file)
    await work.alice.command("/pipeline stats", work.deals)
    await pictured(work, work.alice, "Figures")
    assert len(work.slack.calls("files.getUploadURLExternal")) == 1


def _shows_a_file(args: Any) -> bool:
    return "slack_file" in str(args.get("blocks"))


async def test_lost_answers_and_rates_delay_a_picture_and_nothing_else(work: Office) -> None:
    await work.now_set_up()
    await closed(work)
    work.slack.faults.next("files.getUploadURLExternal", retry_after=1)
    work.slack.faults.next("files.completeUploadExternal", lose_answer=True)
    work.slack.faults.next("chat.postMessage", lose_answer=True, when=_shows_a_file)
    await work.alice.command("/pipeline stats", work.deals)
    await work.alice.command("/opp new Acme renewal", work.deals)
    await work.alice.sees("New opportunity")
    assert await work.alice.submit() == {}
    await work.slack.heard(work.deals, "Acme renewal")
    await pictured(work, work.alice, "Figures")
    await work.slack.quiet(1.0, within=20)
    assert sum("slack_file" in str(m.blocks) for m in work.alice.dm.top()) == 1


@pytest.mark.parametrize("error", ["missing_scope", "file_uploads_disabled"])
async def test_where_no_picture_can_be_it_is_said_in_one_line(work: Office, error: str) -> None:
    await work.now_set_up()
    await closed(work)
    work.slack.faults.always("files.getUploadURLExternal", error=error)
    await work.alice.command("/pipeline stats", work.deals)
    sorry = "The picture of these figures can't be shown just now. The words have it all."
    told = await work.slack.heard(work.alice, sorry, within=DRAWN)
    assert text(told) == sorry
    await work.alice.command("/opp new Acme", work.deals)
    await work.alice.sees("New opportunity")
    assert await work.alice.submit() == {}
    await work.slack.heard(work.deals, "Acme")


async def test_a_drawing_that_fails_is_said_in_one_line(work: Office, tmp_path: Any) -> None:
    await work.now_set_up()
    await closed(work)
    program = tmp_path / "picture.py"
    program.write_text("raise SystemExit('no fonts')", "utf-8")
    posting: Posting = work.bot.app.delivery.posting
    posting.pictures.painter.program = program
    await work.alice.command("/pipeline stats", work.deals)
    await work.slack.heard(work.alice, "can't be shown just now", within=DRAWN)


async def test_who_lost_sight_of_the_deals_meanwhile_gets_no_picture(work: Office) -> None:
    await work.now_set_up()
    await closed(work)
    held = work.slack.faults.always("files.getUploadURLExternal", retry_after=1)
    await work.alice.command("/pipeline stats", work.deals)
    await work.slack.until(lambda: held.hits, "it is tried", DRAWN)
    await work.bot.app.store.write(_archive_all)
    held.stop()
    async with asyncio.timeout(DRAWN):
        while work.bot.app.store.read_now(_picture_state) != "dead":  # noqa: ASYNC110 - unheard.
            await asyncio.sleep(0.05)
    assert not [m for m in work.alice.dm.top() if "slack_file" in str(m.blocks)]


async def test_a_picture_of_deals_that_were_lost_sight_of_is_drawn_anew(work: Office) -> None:
    """It was uploaded, but its message had to wait; meanwhile some deals are not for these eyes."""
    await work.now_set_up()
    await closed(work, 30)
    held = work.slack.faults.always("chat.postMessage", error="invalid_blocks", when=_shows_a_file)
    await work.alice.command("/pipeline stats", work.deals)
    await work.slack.until(lambda: held.hits, "it is tried", DRAWN)
    await work.bot.app.store.write(_archive_some)
    held.stop()
    await pictured(work, work.alice, "Figures")
    assert len(work.slack.calls("files.getUploadURLExternal")) == 2


def _archive_some(session: Session) -> None:
    few = OpportunityRow.number < 1_003
    session.execute(update(OpportunityRow).where(few).values(shelf="archived"))


def _archive_all(session: Session) -> None:
    session.execute(update(OpportunityRow).values(shelf="archived", status=Status.LOST))


def _picture_state(session: Session) -> str:
    return session.query(OutboxRow).filter_by(kind=PICTURE).one().state
