"""What people see of a view, once the strict Slack has taken it, and records to look at."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from handlers.views.blocks import Message
from handlers.views.text import Style
from store.board import Board, Query, StageTotal, Sum
from store.contact import Contact, ContactRef
from store.money import Money
from store.opportunity.opportunity import Card, Change, Opportunity
from store.opportunity.status import STAGES, Status
from store.person.person import Person
from store.task.task import Due, NextStep
from store.workspace import Workspace
from tests.slack import blocks as strict
from tests.slack import reading

NOW = datetime(2026, 11, 23, 14, 2, tzinfo=UTC)
ALICE, BOB = Person("U0000ALICE", "Alice"), Person("U000000BOB", "Bob")
STYLE = Style(Workspace(id="T1", tz="Europe/London", deals_channel="C0000DEALS"), NOW)
LINK = "https://acme-industries.slack.com/archives/C0123456789/p1700000000000000"

OPP = Opportunity(
    workspace_id="T1",
    id=1,
    number=12,
    name="Acme renewal",
    status=Status.QUOTING,
    stage=Status.QUOTING,
    probability=50,
    value=Money(12_000_00, "GBP"),
    contact=ContactRef(5, "Jane Doe", "Acme Ltd"),
    owner=ALICE,
    creator=BOB,
    expected_close=date(2026, 11, 30),
    created_at=NOW - timedelta(days=34),
    stage_since=NOW - timedelta(days=4),
    status_since=NOW - timedelta(days=4),
    status_by=ALICE,
    days=4,
    next_step=NextStep("Send the quote", BOB, Due(date(2026, 11, 27))),
)
WON = replace(
    OPP,
    status=Status.WON,
    final_value=Money(11_500_00, "GBP"),
    closed_on=date(2026, 11, 21),
    created_at=datetime(2026, 10, 18, 9, tzinfo=UTC),
)
LOST = replace(
    OPP,
    status=Status.LOST,
    closed_on=date(2026, 11, 21),
    lost_reason="Price",
    lost_note="They went with X",
)
PAUSED = replace(OPP, status=Status.PAUSED, paused_until=date(2026, 12, 12))
ARCHIVED = replace(OPP, archived_at=NOW, archived_by=BOB)
STATES = {"open": OPP, "won": WON, "lost": LOST, "paused": PAUSED, "archived": ARCHIVED}

NASTY = "<!channel> & *b* _i_ ~s~ `c` > q שלום 🤷🏽‍♀️ " * 40
"""What a name or a note may hold at worst; cut to what each field allows."""
RICH = 10**13
WORST = replace(
    OPP,
    number=999_999,
    name=("&<>*" * 38)[:150],
    value=Money(RICH, "USD"),
    contact=ContactRef(2**53, NASTY[:200], "&" * 200),
    owner=Person("U0000WORST", NASTY[:80]),
    creator=Person("U0000WORST", NASTY[:80]),
    notes=(NASTY * 3)[:3000],
    lost_reason="Not a fit",
    lost_note=NASTY[:1000],
    final_value=Money(RICH, "KWD"),
    card=Card("C0123456789", "1700000000.000000", LINK),
    overdue=True,
    days=12_345,
    next_step=NextStep(
        NASTY[:200],
        Person("U0000WORST", NASTY[:80]),
        Due(date(2199, 12, 30), datetime(2199, 12, 30, 12, tzinfo=UTC)),
    ),
)
CONTACT = Contact(
    workspace_id="T1",
    id=5,
    name="Jane Doe",
    company="Acme Ltd",
    email="jane_doe@acme.com",
    created_at=NOW,
    updated_at=NOW,
    open_deals=2,
)


def board_of(**changes: Any) -> Board:
    """42 open opportunities, of which the first is shown."""
    counts = zip(reversed(STAGES), (5, 8, 11, 18), (80, 50, 30, 10), strict=True)
    totals = tuple(
        StageTotal(stage, n, 0, (Sum(gbp(n * 10_000), gbp(n * 100 * percent)),))
        for stage, n, percent in counts
    )
    shown = replace(OPP, card=Card("C0000DEALS", "1.2", LINK))
    plain = Board(
        query=Query(),
        totals=totals,
        paused=6,
        rows=(shown,),
        matching=42,
        previous=None,
        next=Query(after=(1, "2026-11-30", 12), first=11, back=(None,)),
        at=NOW,
    )
    return replace(plain, **changes)


def gbp(pounds: int) -> Money:
    return Money(pounds * 100, "GBP")


def change(kind: str, by: Person | None = BOB, **fields: tuple[object, object]) -> Change:
    return Change(id=88, opportunity_id=1, number=12, kind=kind, by=by, at=NOW, fields=dict(fields))


def seen(shown: Any) -> str:
    """The text of a message, a modal or a Home, buttons in brackets; Slack would take it."""
    if isinstance(shown, Message):
        strict.check_blocks(shown.blocks, "message")
        assert not strict.too_long(shown.blocks)
        assert 0 < len(shown.text) <= 4000
        _differ(shown.blocks)
        return reading.of_blocks(shown.blocks)
    strict.check_view(shown, shown["type"])
    assert not strict.view_too_large(shown)
    _differ(shown["blocks"])
    if shown["type"] == "home":
        return reading.of_blocks(shown["blocks"])
    feet = [f"[{shown[foot]['text']}]" for foot in ("submit", "close") if foot in shown]
    head = shown["title"]["text"]
    return "\n".join([head, reading.of_blocks(shown["blocks"]), " ".join(feet)])


def _differ(blocks: list[dict[str, Any]]) -> None:
    """Slack's pages ask for ids that differ in the whole message, not only in their block."""
    ids = [element["action_id"] for _, element in strict.interactive(blocks)]
    assert len(ids) == len(set(ids)), ids


def elements(shown: Any) -> list[dict[str, Any]]:
    blocks = shown.blocks if isinstance(shown, Message) else shown["blocks"]
    return [element for _, element in strict.interactive(blocks)]


def pressed(shown: Any, label: str) -> dict[str, Any]:
    """The button that reads so."""
    found = [one for one in elements(shown) if one["type"] == "button"]
    return next(one for one in found if one["text"]["text"] == label)


def menu(shown: Any) -> list[str]:
    return [
        option["text"]["text"]
        for element in elements(shown)
        if element["type"] == "overflow"
        for option in element["options"]
    ]
