"""What a digest tells: what changed from first to last, and how the pipeline stands."""

from datetime import date
from typing import Any

from store.board import Filter
from store.digest import Part, Rhythm
from store.digest_content import Content
from store.money import Money
from store.news import News
from store.recurring import DigestRow
from store.status import Status
from store.usecases import boards, digest_reading, opportunities, status
from tests.store.crm import DEALS, TEAM, Crm


def gbp(pounds: int) -> Money:
    return Money(pounds * 100, "GBP")


def digest(crm: Crm, **about: Any) -> int:
    """A digest in #deals, that told all until now."""
    said = boards.filter_as_json(about.pop("filter", Filter()))
    given = {
        "workspace_id": TEAM,
        "channel_id": DEALS,
        "maker_id": crm.alice.id,
        "rhythm": Rhythm.WEEKDAYS,
        "days": [],
        "month_day": 1,
        "at": "09:00",
        "tz": "Europe/London",
        "filter": said,
        "parts": [part.value for part in Part],
        "created_at": crm.now,
        "told_until": crm.now,
        "version": 1,
    }

    def keep(session: Any) -> int:
        row = DigestRow(**given | about)
        session.add(row)
        session.flush()
        return row.id

    return crm.store.write_now(keep)


def told(crm: Crm, digest_id: int) -> Content:
    return crm.store.read_now(digest_reading.preview, digest_id, by=crm.alice, now=crm.now)


def news(content: Content) -> dict[str, list[str]]:
    """Names by what became of them."""
    return {str(one.news): [row.deal.name for row in one.rows] for one in content.groups}


def test_each_thing_that_can_happen_to_a_deal(crm: Crm) -> None:
    stages = [Status.LEAD] * 5 + [Status.CLOSING] * 3
    names = ["up", "slips", "forward", "won", "lost", "back", "paused", "gone"]
    worth = {name: gbp(1_000 + at) for at, name in enumerate(names)}
    made = {
        name: crm.opened(name, stage=stage, value=worth[name], expected_close=date(2026, 11, 30))
        for name, stage in zip(names, stages, strict=True)
    }
    crm.turn(days=1)
    one = digest(crm)
    crm.turn(hours=1)
    assert told(crm, one).groups == ()
    crm.do(status.move, made["forward"], Status.QUOTING, seen=None)
    crm.do(status.move, made["back"], Status.PITCHING, seen=None)
    win = status.Win(final_value=gbp(900), closed_on=crm.now.date())
    crm.do(status.win, made["won"], win, seen=None)
    crm.do(status.lose, made["lost"], status.Loss(reason="Price"), seen=None)
    crm.do(status.pause, made["paused"], None, seen=None)
    crm.do(opportunities.reschedule, made["slips"], date(2026, 12, 15))
    crm.opened("fresh", value=gbp(5))
    crm.do(opportunities.archive, made["gone"])
    content = told(crm, one)
    assert news(content) == {
        "won": ["won"],
        "lost": ["lost"],
        "new": ["fresh"],
        "forward": ["forward"],
        "back": ["back"],
        "paused": ["paused"],
        "slipped": ["slips"],
    }
    won = content.groups[0]
    assert (won.total, won.sums) == (1, (gbp(900),))
    assert [one.rows[0].old for one in content.groups if one.news is News.FORWARD] == [Status.LEAD]
