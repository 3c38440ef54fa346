"""What Northwind Sales had closed before: a year of deals, as an import brings them."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.demo.workspace import ALICE, BOB, CAROL
from store.money import Money
from store.opportunity.status import Status
from store.transfer import Closing, ImportedOpportunity, Since

COUNT = 110
_LAST, _APART = 4, 3
"""The last of them was closed so many days ago, and each so many days after the one before."""
_WHAT = ("pilot", "renewal", "licences", "support plan", "extension", "audit", "migration")
_WHOM = (
    "Contoso",
    "Aperture",
    "Fabrikam",
    "Octan",
    "Monarch",
    "Massive",
    "Rekall",
    "Sirius",
    "Vault",
)
_OWNERS = (ALICE, BOB, CAROL, BOB, ALICE)
_REASONS = ("Price", "No decision", "Competitor", "Price", "Timing", "Not a fit", "No decision")
_WON = (True, False, True, False, False, True, False, True, False)
"""Which ones were won: four of nine, again and again."""


def deals(today: date, zone: ZoneInfo) -> list[ImportedOpportunity]:
    """The oldest first."""
    return [_deal(at, today, zone) for at in reversed(range(COUNT))]


def _deal(at: int, today: date, zone: ZoneInfo) -> ImportedOpportunity:
    closed = today - timedelta(days=_LAST + at * _APART + at % 3)
    won, took = _WON[at % len(_WON)], 12 + at * 29 % 71
    value = Money((3_000 + at * 1_730 % 34_000) // 50 * 5_000, "EUR" if at % 9 == 0 else "GBP")
    made = _at(closed - timedelta(days=took), zone)
    reason = "" if won else _REASONS[at % len(_REASONS)]
    return ImportedOpportunity(
        name=f"{_WHOM[at % len(_WHOM)]} {_WHAT[at % len(_WHAT)]}",
        notes="",
        contact=None,
        value=value,
        status=Status.WON if won else Status.LOST,
        stage=Status.CLOSING if won else Status.QUOTING,
        probability=80 if won else 50,
        owner_id=_OWNERS[at % len(_OWNERS)].id,
        expected_close=None,
        spot=None,
        closing=Closing(closed_on=closed, final_value=value if won else None, lost_reason=reason),
        since=Since(
            created_at=made, stage_since=made, status_since=_at(closed, zone), archived_at=None
        ),
    )


def _at(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(11), zone)
