"""Edits in the database: only what was changed is saved, and nobody's work is lost."""

from typing import Any

import pytest

from store.errors import Conflict, Gone, Invalid
from store.money import Money
from store.opportunity.status import Status
from store.usecases.opportunity import edits, opportunities, reversing, status
from store.usecases.opportunity.edits import Edit
from store.usecases.opportunity.status import Changed, Win
from tests.store.crm import Crm


def edited(crm: Crm, number: int, since: int, told: int = 0, **fields: Any) -> Changed:
    by = fields.pop("by", None)
    new = fields.pop("new_contact", "")
    edit = Edit(fields=fields, since=since, told=told, new_contact=new)
    return crm.do(edits.edit, number, edit, by=by)


def since(crm: Crm, number: int) -> int:
    return crm.look(number).last_change


def test_only_what_differs_is_saved_in_one_line(crm: Crm) -> None:
    number = crm.opened(value=Money(100, "GBP"), notes="One")
    made = edited(
        crm,
        number,
        since(crm, number),
        name="Acme renewal",
        value=Money(200, "GBP"),
        notes="One",
        owner_id=crm.bob.id,
        expected_close=None,
        contact_id=None,
        status=Status.LEAD,
        probability=10,
    )
    assert made.change
    assert set(made.change.fields) == {"value", "owner_id"}
    assert made.opportunity.owner
    assert made.opportunity.owner.name == "Bob"
    assert crm.kinds() == ["created", "edited"]


def test_nothing_changed_leaves_no_line(crm: Crm) -> None:
    number = crm.opened()
    made = edited(crm, number, since(crm, number), name=" Acme renewal", notes="")
    assert made.change is None
    assert crm.kinds() == ["created"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "\u200b"),
        ("name", "x" * 151),
        ("notes", "x" * 3001),
        ("probability", -1),
        ("probability", 101),
        ("status", Status.WON),
        ("owner_id", "U0NOBODY"),
        ("contact_id", 999),
    ],
)
def test_what_can_not_be_is_refused_on_its_field(crm: Crm, field: str, value: Any) -> None:
    number = crm.opened()
    with pytest.raises(Invalid) as wrong:
        edited(crm, number, since(crm, number), **{field: value})
    assert {"contact": "contact_id"}.get(*wrong.value.fields, *wrong.value.fields) == field


def test_different_fields_of_two_people_are_both_kept(crm: Crm) -> None:
    number = crm.opened()
    start = since(crm, number)
    edited(crm, number, start, name="Theirs", notes="", by=crm.bob)
    now = edited(crm, number, start, name="Acme renewal", notes="Mine").opportunity
    assert (now.name, now.notes) == ("Theirs", "Mine")


def test_the_same_field_is_told_before_it_is_replaced(crm: Crm) -> None:
    number = crm.opened()
    start = since(crm, number)
    edited(crm, number, start, name="Theirs", notes="Also theirs", by=crm.bob)
    mine = {"name": "Mine", "notes": ""}
    with pytest.raises(Conflict) as told:
        edited(crm, number, start, **mine)
    assert told.value.changed == {"name": "Bob"}
    assert told.value.mine == {"name"}
    assert crm.look(number).name == "Theirs"
    now = edited(crm, number, start, told=since(crm, number), **mine).opportunity
    assert (now.name, now.notes) == ("Mine", "Also theirs")


def test_the_same_value_by_two_people_is_no_conflict(crm: Crm) -> None:
    number = crm.opened()
    start = since(crm, number)
    edited(crm, number, start, name="Ours", by=crm.bob)
    assert edited(crm, number, start, name="Ours").change is None


def test_a_stage_is_a_move_with_its_probability_unless_one_is_written(crm: Crm) -> None:
    number = crm.opened(value=Money(1000, "GBP"))
    crm.turn(days=3)
    made = edited(crm, number, since(crm, number), status=Status.QUOTING, probability=10)
    assert (made.opportunity.stage, made.opportunity.probability) == (Status.QUOTING, 50)
    assert made.change
    assert (made.change.kind, made.change.days_before) == ("moved", 3)
    made = edited(crm, number, since(crm, number), status=Status.CLOSING, probability=95)
    assert made.opportunity.probability == 95
    assert made.opportunity.weighted == Money(950, "GBP")


def test_a_stage_is_not_chosen_for_what_is_closed(crm: Crm) -> None:
    number = crm.opened()
    start = since(crm, number)
    win = Win(final_value=None, closed_on=crm.now.date())
    crm.do(status.win, number, win, seen=None, by=crm.bob)
    now = edited(crm, number, start, status=Status.LEAD, name="Renamed").opportunity
    assert (now.status, now.name) == (Status.WON, "Renamed")
    with pytest.raises(Conflict, match=r"Somebody changed this"):
        edited(crm, number, start, status=Status.QUOTING)
    with pytest.raises(Conflict, match="isn't open any more"):
        edited(crm, number, start, told=since(crm, number), status=Status.QUOTING)


def test_what_is_archived_is_not_edited(crm: Crm) -> None:
    number = crm.opened()
    start = since(crm, number)
    crm.do(opportunities.archive, number)
    with pytest.raises(Gone):
        edited(crm, number, start, name="Late")


def test_another_name_is_found_and_so_is_the_old_one_after_undo(crm: Crm) -> None:
    number = crm.opened("Acme renewal")
    made = edited(crm, number, since(crm, number), name="Zenith", new_contact="Ada Lovelace")
    assert crm.do(opportunities.find, "ada").total == 1
    assert crm.do(opportunities.find, "acme").total == 0
    assert made.change
    crm.do(reversing.undo, number, made.change.id)
    assert crm.do(opportunities.find, "acme").total == 1
    assert crm.do(opportunities.find, "zenith").total == 0
    assert crm.look(number).contact is None


def test_a_deal_in_direct_messages_goes_to_its_new_owner_and_back(crm: Crm) -> None:
    number = crm.opened(by=crm.bob, channel_id=None)
    start = crm.look(number, by=crm.bob).last_change
    made = edited(crm, number, start, owner_id=crm.carol.id, by=crm.bob)
    assert made.change
    now = crm.look(number, by=crm.carol)
    assert now.audience == crm.carol.id
    assert now.card
    assert (now.card.channel_id, now.card.ts) == (crm.carol.id, None)
    crm.do(reversing.undo, number, made.change.id, by=crm.carol)
    assert crm.look(number, by=crm.bob).audience == crm.bob.id


def test_an_owner_can_be_taken_away(crm: Crm) -> None:
    number = crm.opened()
    assert edited(crm, number, since(crm, number), owner_id=None).opportunity.owner is None
