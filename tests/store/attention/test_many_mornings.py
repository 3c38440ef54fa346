"""Many mornings of one owner, with clocks that step, zones that change and a bot that is down:
never two messages on a day, never in the night, never the same thing twice.
"""

from collections import Counter
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from store.outbox.outbox import WORD
from tests.store.attention.mornings import know, late, make_due, rounds_made, told
from tests.store.crm import Crm
from tests.store.doing import wanted

ZONES = ("Europe/London", "America/New_York", "Asia/Tokyo", "Pacific/Auckland")
DAYS = 60


@pytest.mark.parametrize("seed", range(3))
def test_many_mornings(crm: Crm, seed: int) -> None:
    dice = Random(seed)  # noqa: S311 - The same days in each run.
    zone, deals, hours = ZoneInfo("Europe/London"), 0, list[datetime]()
    start = crm.now
    while crm.now < start + timedelta(days=DAYS):
        (minutes,) = dice.choices((20, 60, 240, 3 * 24 * 60), (30, 30, 30, 2))
        crm.turn(minutes=minutes)
        if dice.random() < 0.03:
            crm.now -= timedelta(hours=2)
        if dice.random() < 0.03:
            zone = ZoneInfo(dice.choice(ZONES))
            know(crm, crm.alice, tz=zone.key)
        if dice.random() < 0.05:
            late(crm, f"Deal {deals}")
            deals += 1
        if dice.random() < 0.05:
            crm.store.write_now(make_due, crm.now)
        before = len(told(crm))
        rounds_made(crm)
        hours += [crm.now.astimezone(zone)] * (len(told(crm)) - before)
    messages = told(crm)
    days = [data["on"] for data in messages]
    assert len(messages) == len(hours) == len(wanted_words(crm)) >= 10
    assert [max(Counter(days).values()), len(set(days))] == [1, len(days)]
    assert all(at.isoweekday() <= 5 and 9 <= at.hour < 18 for at in hours)
    said = Counter(deal for data in messages for deal in data["deals"])
    assert len(said) >= deals - 8  # The last ones wait for their morning.
    assert max(said.values()) <= 4  # Overdue, two weeks later; red, much too long.


def wanted_words(crm: Crm) -> list[str]:
    return [key for key in wanted(crm, WORD) if ":attention:" in key]
