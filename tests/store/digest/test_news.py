"""What became of deals, from first to last: what was taken back meanwhile is no news."""

from datetime import date, timedelta

from store.board import Query
from store.digest.news import News, Told
from store.opportunity.status import STAGES, Status
from store.transfer import Closing, ImportedOpportunity, Since
from store.usecases.opportunity import opportunities, reversing, status
from store.usecases.opportunity.status import return_due
from store.usecases.pipeline import boards
from store.usecases.transfer import imports
from tests.store.crm import TEAM, Crm
from tests.store.telling import (
    digest,
    edit,
    eur,
    gbp,
    lose,
    move,
    news,
    on_board,
    sides,
    told,
    win,
)

LEAD, PITCHING, QUOTING, CLOSING = STAGES
MONDAY, LATER = date(2026, 11, 30), date(2026, 12, 15)


def test_each_thing_that_can_happen(crm: Crm) -> None:
    names = ("won", "lost", "forward", "back", "paused", "slipped", "up", "down", "gone")
    deals = {
        name: crm.opened(name, stage=PITCHING, value=gbp(1_000), expected_close=MONDAY)
        for name in names
    }
    one = digest(crm)
    assert told(crm, one).groups == ()
    win(crm, deals["won"], gbp(900))
    lose(crm, deals["lost"])
    move(crm, deals["forward"], CLOSING)
    move(crm, deals["back"], LEAD)
    crm.do(status.pause, deals["paused"], date(2027, 1, 12), seen=None)
    crm.do(opportunities.reschedule, deals["slipped"], LATER)
    edit(crm, deals["up"], value=gbp(1_200))
    edit(crm, deals["down"], value=gbp(800))
    move(crm, deals["gone"], CLOSING)
    crm.do(opportunities.archive, deals["gone"])
    crm.opened("new", value=gbp(5))
    content = told(crm, one)
    kinds = ("won", "lost", "new", "forward", "back", "paused", "slipped", "up", "down")
    assert news(content) == {kind: [kind] for kind in kinds}
    assert sides(content, News.FORWARD) == [(PITCHING, CLOSING)]
    assert sides(content, News.BACK) == [(PITCHING, LEAD)]
    assert sides(content, News.SLIPPED) == [(MONDAY, LATER)]
    assert sides(content, News.UP) == [(gbp(1_000), gbp(1_200))]
    assert [one.sums for one in content.groups[:3]] == [
        (gbp(900),),
        (gbp(1_000),),
        (gbp(5),),
    ]
    for group in content.groups:
        assert on_board(crm, content, group.news) == [group.news.value]


def test_it_is_net(crm: Crm) -> None:
    there_and_back, further = crm.opened("and back"), crm.opened("further")
    priced = crm.opened("priced", value=gbp(10), expected_close=MONDAY)
    one = digest(crm)
    move(crm, there_and_back, CLOSING)
    move(crm, further, PITCHING)
    move(crm, further, LEAD)
    move(crm, further, QUOTING)
    for value in (gbp(20), eur(5), gbp(10)):
        edit(crm, priced, value=value)
    for day in (LATER, date(2026, 11, 28), MONDAY):
        crm.do(opportunities.reschedule, priced, day)
    move(crm, there_and_back, LEAD)
    content = told(crm, one)
    assert news(content) == {"forward": ["further"]}
    assert sides(content, News.FORWARD) == [(LEAD, QUOTING)]


def test_what_was_undone_is_no_news_and_what_was_told_and_then_undone_is(crm: Crm) -> None:
    number = crm.opened("Acme", value=gbp(10))
    one = digest(crm)
    line = move(crm, number, CLOSING)
    crm.do(reversing.undo, number, line)
    assert told(crm, one).groups == ()
    line = move(crm, number, CLOSING)
    assert news(told(crm, one)) == {"forward": ["Acme"]}
    other = digest(crm)
    crm.do(reversing.undo, number, line)
    assert sides(told(crm, other), News.BACK) == [(CLOSING, LEAD)]


def test_closed_and_reopened_counts_as_it_ended(crm: Crm) -> None:
    switched, again, back = (crm.opened(n, value=gbp(10)) for n in ("switched", "again", "back"))
    win(crm, again, gbp(7))
    win(crm, back, gbp(7))
    one = digest(crm)
    win(crm, switched, gbp(9))
    crm.do(status.reopen, switched, None)
    lose(crm, switched)
    crm.do(status.reopen, again, None)
    win(crm, again, gbp(8))
    crm.do(status.reopen, back, None)
    content = told(crm, one)
    assert news(content) == {"lost": ["switched"], "reopened": ["back"]}
    assert sides(content, News.REOPENED) == [(Status.WON, LEAD)]


def test_back_from_a_pause_by_hand_or_by_itself(crm: Crm) -> None:
    by_hand, itself, further = (crm.opened(n) for n in ("by hand", "itself", "further"))
    for number in (by_hand, itself, further):
        crm.do(status.pause, number, date(2026, 11, 25), seen=None)
    one = digest(crm)
    for number in (by_hand, further):
        crm.do(status.resume, number)
    move(crm, further, CLOSING)
    crm.turn(days=3)
    crm.store.write_now(return_due, crm.now)
    content = told(crm, one)
    assert sorted(news(content)["returned"]) == ["by hand", "further", "itself"]
    assert sorted(sides(content, News.RETURNED), key=str) == [
        (Status.PAUSED, CLOSING),
        (Status.PAUSED, LEAD),
        (Status.PAUSED, LEAD),
    ]


def test_what_is_new_is_told_as_it_is(crm: Crm) -> None:
    one = digest(crm)
    moved, won, paused = (crm.opened(n, value=gbp(10)) for n in ("moved", "won", "paused"))
    move(crm, moved, QUOTING)
    edit(crm, moved, value=gbp(20), expected_close=MONDAY)
    crm.do(opportunities.reschedule, moved, LATER)
    win(crm, won, gbp(9))
    crm.do(status.pause, paused, None, seen=None)
    crm.do(opportunities.archive, crm.opened("gone"))
    content = told(crm, one)
    assert {kind: sorted(names) for kind, names in news(content).items()} == {
        "won": ["won"],
        "new": ["moved", "paused"],
    }
    assert sorted(new for _, new in sides(content, News.NEW)) == ["paused", "quoting"]


def test_values_that_come_go_and_change_their_currency(crm: Crm) -> None:
    came, went = crm.opened("came"), crm.opened("went", value=gbp(10))
    other = crm.opened("other", value=gbp(10))
    one = digest(crm)
    edit(crm, came, value=eur(3))
    edit(crm, went, value=None)
    edit(crm, other, value=eur(9))
    content = told(crm, one)
    assert news(content) == {"up": ["came"], "down": ["went"], "repriced": ["other"]}
    assert sides(content, News.UP) == [(None, eur(3))]
    assert sides(content, News.DOWN) == [(gbp(10), None)]
    assert sides(content, News.REPRICED) == [(gbp(10), eur(9))]


def test_large_values_are_compared_as_numbers(crm: Crm) -> None:
    number = crm.opened("Acme", value=gbp(9))
    one = digest(crm)
    edit(crm, number, value=gbp(90_000_000_000))
    assert sides(told(crm, one), News.UP) == [(gbp(9), gbp(90_000_000_000))]


def test_a_close_date_slips_later_or_away(crm: Crm) -> None:
    dates = {"later": LATER, "away": None, "sooner": date(2026, 11, 27)}
    deals = {name: crm.opened(name, expected_close=MONDAY) for name in dates}
    dated = crm.opened("dated")
    one = digest(crm)
    for name, day in dates.items():
        crm.do(opportunities.reschedule, deals[name], day)
    crm.do(opportunities.reschedule, dated, LATER)
    assert sorted(news(told(crm, one))["slipped"]) == ["away", "later"]


def test_a_deal_may_move_and_slip_and_be_worth_more(crm: Crm) -> None:
    number = crm.opened("Acme", value=gbp(10), expected_close=MONDAY)
    one = digest(crm)
    edit(crm, number, status=QUOTING, value=gbp(20), expected_close=LATER)
    assert news(told(crm, one)) == {"forward": ["Acme"], "slipped": ["Acme"], "up": ["Acme"]}


def test_what_is_closed_has_no_other_news(crm: Crm) -> None:
    number = crm.opened("Acme", value=gbp(10), expected_close=MONDAY)
    one = digest(crm)
    edit(crm, number, value=gbp(20), expected_close=LATER)
    lose(crm, number)
    assert news(told(crm, one)) == {"lost": ["Acme"]}


def test_it_begins_after_the_last_one_and_ends_when_it_was_decided(crm: Crm) -> None:
    number, other = crm.opened("Acme"), crm.opened("Globex")
    move(crm, number, PITCHING)
    one = digest(crm)
    crm.turn(minutes=-1)
    assert told(crm, one).groups == ()
    crm.turn(minutes=5)
    move(crm, other, QUOTING)
    content = told(crm, one)
    assert (content.until, news(content)) == (crm.now, {"forward": ["Globex"]})
    crm.turn(microseconds=1)
    following = digest(crm)
    assert told(crm, following).groups == ()


def imported(crm: Crm, name: str, status: Status, ago: timedelta) -> None:
    """As from a file: a deal that was made so long ago, in whatever state it was."""
    made = crm.now - ago
    closed = crm.now.date() if status.is_closed else None
    deal = ImportedOpportunity(
        name=name,
        notes="",
        contact=None,
        value=gbp(10),
        status=status,
        stage=QUOTING,
        probability=50,
        owner_id=crm.alice.id,
        expected_close=None,
        spot=None,
        closing=Closing(closed_on=closed),
        since=Since(created_at=made, stage_since=made, status_since=made, archived_at=None),
    )
    crm.store.write_now(imports.save, TEAM, [deal], mark=name, done=1, now=crm.now)


def test_imported_deals_are_new_if_they_were_just_made_and_are_not_over(crm: Crm) -> None:
    one = digest(crm)
    nothing, long = timedelta(0), timedelta(days=90)
    imported(crm, "old", QUOTING, long)
    imported(crm, "fresh", QUOTING, nothing)
    imported(crm, "won", Status.WON, nothing)
    imported(crm, "long lost", Status.LOST, long)
    assert news(told(crm, one)) == {"new": ["fresh"]}


def test_a_board_of_it_is_kept_and_one_of_before_has_none(crm: Crm) -> None:
    query = Query(told=Told(News.SLIPPED, crm.now, crm.now + timedelta(days=1, microseconds=7)))
    kept = boards.as_json(query)
    assert boards.from_json(kept) == query
    assert boards.from_json({name: kept[name] for name in kept if name != "told"}) == Query()
