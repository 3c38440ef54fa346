"""The worker itself: mistakes of ours end in one logged reference, and stop nothing else."""

import asyncio
import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, text
from sqlalchemy.orm import Session

from bot.slack import Trouble, reason, trouble
from store.outbox import outbox
from store.tables.machinery import OutboxRow
from tests.flows.conftest import Office, office


@pytest.fixture
async def work(migrated_sqlite_url: str) -> Any:
    async with office(migrated_sqlite_url) as working:
        await working.now_set_up()
        yield working


async def _until(check: Callable[[], bool]) -> None:
    """For what no change in Slack tells of."""
    async with asyncio.timeout(5):
        while not check():  # noqa: ASYNC110 - no event tells of it.
            await asyncio.sleep(0.02)


def _state(session: Session, key: str) -> tuple[str, str | None]:
    row = session.query(OutboxRow).filter_by(key=key).one()
    return row.state, row.error


async def test_a_row_about_nothing_is_buried_with_a_reference(work: Office, caplog: Any) -> None:
    app = work.bot.app
    team = work.slack.team.id
    for ref in (998, 999):
        await app.store.write(outbox.want, team, outbox.CARD, ref, app.clock(), channel_id="C1")
    await _until(
        lambda: all(app.store.read_now(_state, f"card:{n}")[0] == "dead" for n in (998, 999))
    )
    state, error = app.store.read_now(_state, "card:999")
    assert state == "dead"
    assert error is not None
    reference = re.search(r"reference ([0-9A-F]{6})$", error)
    assert reference
    assert any(reference[1] in r.getMessage() and r.exc_info for r in caplog.records)
    await work.alice.command("/opp new Acme", work.deals)
    await work.alice.sees("New opportunity")
    assert await work.alice.submit() == {}
    await work.slack.heard(work.deals, "Acme")


async def test_a_claim_that_fails_does_not_end_delivery(work: Office, caplog: Any) -> None:
    app = work.bot.app

    def broken(session: Session) -> None:
        session.execute(delete(OutboxRow))
        session.execute(text("ALTER TABLE outbox RENAME TO elsewhere"))
        session.info["outbox"] = True

    def mended(session: Session) -> None:
        session.execute(text("ALTER TABLE elsewhere RENAME TO outbox"))
        session.info["outbox"] = True

    await app.store.write(broken)
    await _until(lambda: "Delivery can't take what is due" in caplog.text)
    await app.store.write(mended)
    await work.alice.command("/opp new Acme", work.deals)
    await work.alice.sees("New opportunity")
    assert await work.alice.submit() == {}
    await work.slack.heard(work.deals, "Acme")


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({"status": 500}, Trouble.MAYBE),
        ({"retry_after": 3}, Trouble.WAIT),
        ({"lose_answer": True}, Trouble.MAYBE),
        ({"error": "fatal_error"}, Trouble.MAYBE),
        ({"error": "is_archived"}, Trouble.PLACE),
        ({"error": "cannot_reply_to_message"}, Trouble.THREAD),
        ({"error": "message_not_found"}, Trouble.GONE),
        ({"error": "token_revoked"}, Trouble.LOCKED_OUT),
        ({"error": "invalid_blocks"}, Trouble.BAD),
        ({"error": "never_heard_of"}, Trouble.BAD),
    ],
    ids=str,
)
async def test_what_a_failed_call_means(work: Office, fault: dict, expected: Trouble) -> None:
    work.slack.faults.next("auth.test", **fault)
    client = work.bot.app.slack.client(work.slack.team.id)
    with pytest.raises(Exception) as failed:  # noqa: PT011 - of several families, as FAILURES.
        await client.auth_test()
    assert trouble(failed.value) is expected
    assert reason(failed.value)
