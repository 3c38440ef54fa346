"""What is claimed, in which order, how often, and what becomes of it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, text, update
from sqlalchemy.orm import Session

from store.database import Store
from store.outbox import claims, leases, outbox
from store.outbox.claims import Claim, claim
from store.outbox.outbox import BOARD, CARD, LEASE, LINE, Job
from store.tables.machinery import OutboxRow
from store.usecases import workspaces
from store.usecases.delivery import outcomes, upkeep
from store.usecases.workspaces import Identity

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
MANY = 1000
A, B = "copy-a", "copy-b"


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.fixture
def store(migrated_url: str) -> Iterator[Store]:
    found = Store(migrated_url)
    yield found
    found.close()


def want(store: Store, kind: str, ref: int, **about: Any) -> None:
    given = {"opportunity_id": ref, "channel_id": "C1"} | about
    team, now = given.pop("team", "T1"), given.pop("now", NOW)
    store.write_now(outbox.want, team, kind, ref, now, **given)


def take(store: Store, now: datetime = NOW, limit: int = MANY, lessee: str = A) -> Claim:
    return store.write_now(claim, lessee, now, limit)


def keys(found: Claim) -> list[str]:
    return [job.key for job in found.jobs]


def sent(store: Store, job: Job, now: datetime = NOW, **known: Any) -> bool:
    aimed = store.write_now(leases.aim, job, A, now, "C1", None)
    assert aimed is not None
    return store.write_now(leases.done, aimed, A, now, ts="1.0", channel_id="C1", **known)


def stand(store: Store, kind: str, ref: int, **about: Any) -> None:
    """A thing that stands in Slack already."""
    want(store, kind, ref, **about)
    values = {"state": "idle", "due_at": None, "ts": f"{ref}.0", "done": 1}
    store.write_now(
        lambda session: session.execute(
            update(OutboxRow).where(OutboxRow.key == f"{kind}:{ref}").values(values)
        )
    )


def state(store: Store, key: str) -> tuple[str, datetime | None]:
    def look(session: Session) -> tuple[str, datetime | None]:
        row = session.query(OutboxRow).filter_by(key=key).one()
        return row.state, row.due_at

    return store.read_now(look)


def test_cards_go_before_lines_before_boards(store: Store) -> None:
    want(store, BOARD, 1, opportunity_id=None, channel_id="C2")
    stand(store, CARD, 3)
    want(store, LINE, 9, opportunity_id=3, channel_id="C3")
    want(store, CARD, 2)
    assert keys(take(store)) == ["card:2", "line:9", "board:1"]


def test_lines_go_one_by_one_and_after_a_missing_card(store: Store) -> None:
    want(store, CARD, 1)
    for ref in (7, 8):
        want(store, LINE, ref, opportunity_id=1)
    (card,) = take(store).jobs
    assert card.key == "card:1"
    assert keys(take(store)) == []
    sent(store, card)
    (line,) = take(store).jobs
    assert line.key == "line:7"
    store.write_now(leases.retry, line, A, after(60), "500")
    assert keys(take(store, after(30))) == []
    (line,) = take(store, after(60)).jobs
    sent(store, line, after(60))
    assert keys(take(store, after(60))) == ["line:8"]


def test_what_was_claimed_comes_back_after_its_lease(store: Store) -> None:
    want(store, CARD, 1)
    (first,) = take(store).jobs
    assert keys(take(store, after(LEASE.total_seconds() - 1), lessee=B)) == []
    (second,) = take(store, NOW + LEASE, lessee=B).jobs
    # It was never aimed, so nothing can have arrived.
    assert not second.unsure
    assert store.write_now(leases.aim, first, A, NOW, "C1", None) is None


def test_an_aimed_post_comes_back_unsure_and_a_late_answer_does_not_count(store: Store) -> None:
    want(store, CARD, 1)
    (first,) = take(store).jobs
    aimed = store.write_now(leases.aim, first, A, NOW, "C1", None)
    (second,) = take(store, NOW + LEASE, lessee=B).jobs
    assert second.unsure
    assert second.aimed_at == NOW
    assert not store.write_now(leases.done, aimed, A, NOW + LEASE, ts="1.0", channel_id="C1")
    assert store.write_now(leases.done, second, B, NOW + LEASE, ts="1.0", channel_id="C1")
    assert state(store, "card:1") == ("idle", None)


def test_what_is_wanted_while_it_is_sent_is_sent_again_a_second_later(store: Store) -> None:
    want(store, CARD, 1)
    (job,) = take(store).jobs
    for _ in range(9):
        want(store, CARD, 1)
    assert keys(take(store)) == []
    sent(store, job)
    assert state(store, "card:1") == ("due", after(1))
    assert keys(take(store, after(0.9))) == []
    (again,) = take(store, after(1)).jobs
    assert again.ts == "1.0"
    store.write_now(leases.done, again, A, after(1))
    assert state(store, "card:1") == ("idle", None)


def test_a_board_is_drawn_at_most_every_ten_seconds(store: Store) -> None:
    want(store, BOARD, 1)
    sent(store, take(store).jobs[0])
    store.write_now(outbox.want_boards, "T1", after(3))
    assert keys(take(store, after(9.9))) == []
    assert keys(take(store, after(10))) == ["board:1"]


def test_what_changes_by_itself_is_due_then_or_when_it_is_wanted_before(store: Store) -> None:
    want(store, CARD, 1)
    sent(store, take(store).jobs[0], again_at=after(600))
    assert state(store, "card:1") == ("due", after(600))
    assert take(store).next_at == after(600)
    want(store, CARD, 1, now=after(60))
    (job,) = take(store, after(60)).jobs
    store.write_now(leases.done, job, A, after(60), again_at=after(600))
    assert keys(take(store, after(599))) == []
    assert keys(take(store, after(600))) == ["card:1"]


def test_what_slack_will_not_tell_is_not_sent_again(store: Store) -> None:
    want(store, CARD, 1)
    (job,) = take(store).jobs
    store.write_now(leases.give_up, job, A, "missing_scope", state=outbox.UNKNOWN)
    want(store, CARD, 1, now=after(5))
    assert keys(take(store, after(5))) == []
    assert store.read_now(upkeep.backlog, after(5)) == {"unknown": 1, "due": 0}


def test_a_card_sent_elsewhere_while_it_is_posted_is_posted_there(store: Store) -> None:
    want(store, CARD, 1)
    (job,) = take(store).jobs
    aimed = store.write_now(leases.aim, job, A, NOW, "C1", None)
    moved = update(OutboxRow).values(channel_id="C2")
    store.write_now(lambda session: session.execute(moved))
    assert not store.write_now(leases.done, aimed, A, NOW, ts="1.0", channel_id="C1")
    (again,) = take(store).jobs
    assert (again.ts, again.channel_id, again.unsure) == (None, "C2", False)


def test_a_row_that_waits_for_its_pace_hides_nothing_behind_the_limit(store: Store) -> None:
    for ref in range(100):
        want(store, CARD, ref)
    want(store, CARD, 500, channel_id="C2", now=after(0.1))
    want(store, CARD, 500, team="T2", now=after(0.1))
    found: list[str] = []
    for _ in range(5):
        found += [f"{job.workspace_id} {job.key}" for job in take(store, after(0.1), 4).jobs]
    assert found[:3] == ["T1 card:0", "T1 card:1", "T1 card:2"]
    assert set(found[3:]) == {"T1 card:500", "T2 card:500"}


def test_workspaces_do_not_wait_for_each_other(store: Store) -> None:
    for ref in range(60):
        stand(store, CARD, ref)
        want(store, CARD, ref)
    want(store, CARD, 99, team="T2", now=after(0.5))
    taken = [job for _ in range(8) for job in take(store, after(0.5), 16).jobs]
    assert "T2" in {job.workspace_id for job in taken}
    assert len(taken) < 60


def test_a_channel_gets_a_message_a_second_and_the_next_look_is_then(store: Store) -> None:
    for ref in range(10):
        want(store, CARD, ref)
    assert len(take(store).jobs) == 3
    looked = take(store)
    assert looked.jobs == []
    assert looked.next_at == after(1)
    assert [len(take(store, after(second)).jobs) for second in (1, 2, 3)] == [1, 1, 1]


def test_slack_said_wait(store: Store) -> None:
    for ref in range(5):
        stand(store, CARD, ref)
        want(store, CARD, ref)
    jobs = take(store, limit=2).jobs
    for job in jobs:
        store.write_now(outcomes.held, job, A, after(30), "ratelimited")
    assert keys(take(store, after(29))) == []
    assert len(take(store, after(30)).jobs) == 1


def test_a_dead_token_leaves_one_call_at_a_time(store: Store) -> None:
    for ref in range(20):
        want(store, CARD, ref, channel_id=f"C{ref}")
    (job, *_) = take(store, limit=1).jobs
    store.write_now(outcomes.locked_out, job, A, after(60), "token_revoked")
    assert keys(take(store, after(59))) == []
    assert len(take(store, after(60)).jobs) == 1


def test_a_bug_is_buried_and_what_may_have_arrived_is_not_sent_again(store: Store) -> None:
    want(store, CARD, 1)
    want(store, CARD, 2)
    first, second = take(store).jobs
    store.write_now(leases.aim, second, A, NOW, "C1", None)
    for job in (first, second):
        store.write_now(outcomes.buried, job, A, "KeyError, reference ABC123")
    assert state(store, "card:1")[0] == "dead"
    assert state(store, "card:2")[0] == "unknown"


def test_a_stopping_copy_gives_back_what_it_had(store: Store) -> None:
    want(store, CARD, 1)
    want(store, CARD, 2)
    first, _ = take(store).jobs
    store.write_now(leases.aim, first, A, NOW, "C1", None)
    store.write_now(leases.release, A, after(1))
    assert [job.unsure for job in take(store, after(1), lessee=B).jobs] == [True, False]


def test_words_of_one_person_have_a_pace_of_their_own(store: Store) -> None:
    for number in range(5):
        store.write_now(outbox.tell, "T1", "U1", f"one:{number}", {}, NOW)
    store.write_now(outbox.tell, "T1", "U2", "two", {}, NOW)
    assert keys(take(store)) == ["word:one:0", "word:one:1", "word:one:2", "word:two"]


def fill(session: Session, idle: int, due: int) -> None:
    def row(number: int, **about: Any) -> dict[str, Any]:
        return {
            "workspace_id": "T1",
            "key": f"line:{number}",
            "kind": LINE,
            "priority": 1,
            "opportunity_id": number % 1000,
            "not_before": NOW,
            "created_at": NOW,
            "channel_id": f"C{number % 50}",
        } | about

    rows = [row(n, state="idle", due_at=None, ts=f"{n}.0") for n in range(idle)]
    rows += [
        row(idle + n, state="due", due_at=NOW, ts=None, priority=n % 2, kind=(CARD, LINE)[n % 2])
        for n in range(due)
    ]
    session.execute(insert(OutboxRow), rows)


def plan(session: Session, statement: str) -> str:
    return "\n".join(str(row) for row in session.execute(text(statement)))


def test_a_large_outbox_is_not_read_through(store: Store) -> None:
    """100,000 rows that were delivered long ago, and 10,000 that are due."""
    store.write_now(fill, 100_000, 10_000)
    if not store.sqlite:
        store.write_now(lambda session: session.execute(text("ANALYZE outbox")))

    def explained(session: Session) -> list[str]:
        prefix = "EXPLAIN QUERY PLAN " if store.sqlite else "EXPLAIN "
        return [
            plan(session, prefix + statement)
            for waiting in ([], list(_closed()))
            for statement in _statements(session, waiting)
        ]

    for found in store.read_now(explained):
        assert "ix_outbox_due" in found, found
        assert "SCAN outbox" not in found, found
        assert "Seq Scan on outbox" not in found, found
    taken = take(store, limit=16)
    assert len(taken.jobs) == 16


def _closed() -> Iterator[Any]:
    yield claims.Charge("T1", "channel:C1")
    yield claims.Charge("T1", "chat.update")


def _statements(session: Session, waiting: list[Any]) -> Iterator[str]:
    for priority in (0, 1):
        found = claims.next_rows(NOW, priority, 16, waiting)
        compiled = found.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        yield str(compiled).partition("FOR UPDATE")[0]


def test_what_an_uninstalled_workspace_waits_for_is_parked_till_it_is_back(store: Store) -> None:
    one = Identity(workspace_id="T1", name="", app_id="A1", bot_id="B1", bot_user_id="U1")
    store.write_now(workspaces.install, one, NOW)
    for number in (1, 2, 3):
        want(store, CARD, number)
    unsure, under_way = take(store, limit=2).jobs
    aimed = store.write_now(leases.aim, unsure, A, NOW, "C1", None)
    store.write_now(leases.retry, aimed, A, NOW, "timeout", unsure=True)
    want(store, CARD, 4, team="T2")
    store.write_now(workspaces.uninstall, "T1", NOW)
    assert keys(take(store, after(1))) == ["card:4"]
    # What was on its way, and what is wanted meanwhile, is parked when it meets the closed door.
    store.write_now(outcomes.locked_out, under_way, A, after(60), "not_authed")
    want(store, CARD, 5, now=after(61))
    (late,) = (job for job in take(store, after(61)).jobs if job.workspace_id == "T1")
    want(store, CARD, 6, now=after(61))
    store.write_now(outcomes.locked_out, late, A, after(120), "not_authed")
    assert keys(take(store, after(3600))) == ["card:4"]
    store.write_now(workspaces.install, one, NOW)
    back = [*take(store, after(3600)).jobs, *take(store, after(3605)).jobs]
    assert [job.key for job in back if job.unsure] == [unsure.key]
    assert {job.key for job in back} == {f"card:{n}" for n in (1, 2, 3, 5, 6)}


def test_cards_that_a_setting_changes_wait_behind_what_people_change(store: Store) -> None:
    for number in (1, 2, 3):
        stand(store, CARD, number)
    stand(store, BOARD, 9)
    want(store, CARD, 4)
    store.write_now(outbox.want_standing, "T1", outbox.CARD, NOW)
    want(store, BOARD, 9)
    want(store, CARD, 3)
    assert keys(take(store, limit=3)) == ["card:3", "card:4", "board:9"]
    assert keys(take(store, after(1))) == ["card:1", "card:2"]
