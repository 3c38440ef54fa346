"""What a digest tells, against how all deals were at its beginning and are at its end."""

from collections import Counter
from contextlib import suppress
from datetime import date, timedelta
from random import Random

import pytest

from store.digest.news import News
from store.errors import Refusal
from store.money import Money
from store.opportunity.opportunity import Opportunity
from store.opportunity.status import STAGES, Status, rank
from store.usecases.opportunity import reversing, status
from tests.store.crm import Crm
from tests.store.telling import digest, edit, eur, gbp, lose, move, told, win

LATER = date(2026, 12, 15)
Was = dict[int, Opportunity]


def expected(before: Was, after: Was) -> set[tuple[News, int]]:
    """What the two states of all deals say, without a look at their history."""
    found = {(News.NEW, n) for n in after.keys() - before.keys() if not after[n].status.is_closed}
    for number, now in after.items():
        was = before.get(number)
        if was is None:
            if now.status.is_closed:
                found.add((News(now.status.value), number))
            continue
        found |= {(kind, number) for kind in (_of_status(was.status, now.status),) if kind}
        if not now.status.is_closed:
            found |= {(kind, number) for kind in _of_rest(was, now)}
    return found


def _of_status(was: Status, now: Status) -> News | None:
    if was is now:
        return None
    if now in (Status.WON, Status.LOST, Status.PAUSED):
        return News(now.value)
    if was is Status.PAUSED:
        return News.RETURNED
    if was.is_closed:
        return News.REOPENED
    return News.FORWARD if rank(now) < rank(was) else News.BACK


def _of_rest(was: Opportunity, now: Opportunity) -> set[News]:
    found = set()
    old, new = was.expected_close, now.expected_close
    if old and (new is None or new > old):
        found.add(News.SLIPPED)
    if was.value != now.value:
        found.add(_of_value(was.value, now.value))
    return found


def _of_value(was: Money | None, now: Money | None) -> News:
    if was and now and was.currency != now.currency:
        return News.REPRICED
    return News.UP if was is None or (now and now.minor > was.minor) else News.DOWN


class Days:
    """People who do this and that to a handful of deals, the same in each run."""

    def __init__(self, crm: Crm, seed: int) -> None:
        self.crm = crm
        self.dice = Random(seed)  # noqa: S311 - Not a secret.
        self.made = [crm.opened(f"Deal {n}", value=gbp(10)) for n in range(6)]

    def now(self) -> Was:
        return {number: self.crm.look(number) for number in self.made}

    def do(self) -> None:
        """One thing; what can't be done to that deal just now is not."""
        crm, dice = self.crm, self.dice
        crm.turn(seconds=dice.randint(1, 400))
        number = dice.choice(self.made)
        with suppress(Refusal):
            match dice.randrange(9):
                case 0:
                    self.made.append(crm.opened("Fresh", value=gbp(dice.randint(1, 9))))
                case 1 | 2:
                    move(crm, number, dice.choice(STAGES))
                case 3:
                    win(crm, number, gbp(5))
                case 4:
                    lose(crm, number)
                case 5:
                    crm.do(status.pause, number, None, seen=None)
                case 6 if crm.look(number).status is Status.PAUSED:
                    crm.do(status.resume, number)
                case 6:
                    crm.do(status.reopen, number, LATER)
                case 7:
                    value = dice.choice([None, gbp(dice.randint(1, 30)), eur(dice.randint(1, 30))])
                    days = dice.choice([None, timedelta(days=dice.randint(1, 60))])
                    close = crm.now.date() + days if days else None
                    edit(crm, number, value=value, expected_close=close)
                case 8 if undo := crm.look(number).undo:
                    crm.do(reversing.undo, number, undo.history_id)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_it_tells_how_the_end_differs_from_the_beginning(
    crm: Crm, seed: int
) -> None:
    days = Days(crm, seed)
    for _ in range(6):
        one, before = digest(crm), days.now()
        for _ in range(days.dice.randint(0, 14)):
            days.do()
        after, content = days.now(), told(crm, one)
        numbers = {(group.news, group.total) for group in content.groups}
        wanted = expected(before, after)
        assert numbers == set(Counter(kind for kind, _ in wanted).items())
        named = {(g.news, row.deal.number) for g in content.groups for row in g.rows}
        assert named <= wanted
