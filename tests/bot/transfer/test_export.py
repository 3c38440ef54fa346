"""Export: what goes out comes back, all of it, and harms no spreadsheet."""

import json
import stat
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from bot.transfer.sheets import defused, fused
from bot.transfer.transfer import check, export, take_in
from store.contact import ContactDraft
from store.database import Store
from store.money import Money
from store.opportunity.opportunity import OpportunityDraft
from store.opportunity.status import Status
from store.usecases import contacts
from store.usecases.opportunity import edits, opportunities, status
from store.usecases.opportunity.edits import Edit
from store.usecases.transfer import imports
from tests.bot.transfer.sheets import ALICE, NASTY, NOW, plan, rows, staffed


def lived_in(store: Store) -> None:
    """Deals in every status, seen by different people, with names that spoil files."""
    for at, name in enumerate(NASTY):
        contact = ContactDraft(name=f"{name} Ltd", company="Acme", email=f"a{at}@acme.com")
        made = store.write_now(contacts.create, contact, by=ALICE, now=NOW)
        draft = OpportunityDraft(
            name=name,
            contact_id=made.id,
            value=Money(1_250_000 + at, "KWD" if at == 3 else "GBP"),
            expected_close=date(2026, 11, 30),
            notes='two\nlines, "quoted"\n=and=more',
            channel_id=["C1", "G1"][at % 2],
            stage=Status.QUOTING,
        )
        store.write_now(opportunities.create, draft, by=ALICE, now=NOW + timedelta(minutes=at))
    later = {"by": replace(ALICE, private_channels=frozenset({"G1"})), "now": NOW + timedelta(1)}
    seen = {"seen": None, **later}
    won = status.Win(final_value=Money(5, "EUR"), closed_on=date(2026, 11, 20))
    store.write_now(status.win, 1, won, **seen)
    store.write_now(status.lose, 2, status.Loss(reason="Other", note="They\nwent"), **seen)
    store.write_now(status.pause, 3, date(2027, 1, 12), **seen)
    store.write_now(opportunities.archive, 4, **later)
    store.write_now(opportunities.create, OpportunityDraft(name="Bare"), **later)


def exported(store: Store, path: Path) -> list[dict[str, str]]:
    export(store, "T1", path, None)
    said = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [one for one in said if one["record"] != "history"]


def test_json_lines_come_back_as_they_went(
    store: Store, tmp_path: Path, sqlite_url: str, migrated_sqlite: Path
) -> None:
    lived_in(store)
    first = exported(store, tmp_path / "first.jsonl")
    assert len(first) == 2 * len(NASTY) + 1
    other = another(tmp_path, migrated_sqlite)
    made = check(plan(other, tmp_path / "first.jsonl", now=NOW + timedelta(days=2)))
    assert take_in(made) == imports.Counted(len(NASTY), 0, len(NASTY) + 1)
    assert exported(other, tmp_path / "second.jsonl") == first
    other.close()


def test_csv_files_come_back_as_they_went(
    store: Store, tmp_path: Path, migrated_sqlite: Path
) -> None:
    lived_in(store)
    other = another(tmp_path, migrated_sqlite)
    for of in ("contacts", "opportunities"):
        path = tmp_path / f"{of}.csv"
        export(store, "T1", path, of)
        take_in(check(plan(other, path, now=NOW + timedelta(days=2))))
    for of in ("contacts", "opportunities"):
        export(other, "T1", tmp_path / "again.csv", of)
        assert (tmp_path / "again.csv").read_bytes() == (tmp_path / f"{of}.csv").read_bytes()
    other.close()


def another(tmp_path: Path, template: Path) -> Store:
    path = tmp_path / "other.db"
    path.write_bytes(template.read_bytes())
    return staffed(f"sqlite:///{path}")


def test_no_cell_is_a_formula_and_the_file_is_its_owners(store: Store, tmp_path: Path) -> None:
    lived_in(store)
    path = tmp_path / "deals.csv"
    for row in rows(store, path):
        for cell in row.values():
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for name in [*NASTY, "\tx", "\rx", "＝1", "'", "'a", ""]:
        assert fused(defused(name)) == name


def test_history_is_exported_line_by_line(store: Store, tmp_path: Path) -> None:
    lived_in(store)
    said = rows(store, tmp_path / "history.csv", "history")
    assert {
        "Number": "1",
        "Who": "Alice Johnson",
        "What": "won",
        "Field": "status",
        "Old": "Quoting",
        "New": "Won",
    }.items() <= find(said, Number="1", Field="status").items()
    assert find(said, Number="1", Field="final_value")["New"] == "0.05 EUR"


def test_a_number_in_the_history_is_no_contact(store: Store, tmp_path: Path) -> None:
    """A probability of 1 stays one, though a deal was given the contact that is kept as 1."""
    made = store.write_now(contacts.create, ContactDraft(name="Jane Doe"), by=ALICE, now=NOW)
    store.write_now(opportunities.create, OpportunityDraft(name="Acme"), by=ALICE, now=NOW)
    fields = {"contact_id": made.id, "probability": made.id, "name": str(ALICE.id)}
    said = Edit(fields=fields, since=9)
    store.write_now(edits.edit, 1, said, by=ALICE, now=NOW)
    found = rows(store, tmp_path / "history.csv", "history")
    assert find(found, Field="contact_id")["New"] == "Jane Doe"
    assert find(found, Field="probability")["New"] == str(made.id)
    assert find(found, Field="name")["New"] == ALICE.id


def find(rows: list[dict[str, str]], **wanted: str) -> Mapping[str, str]:
    return next(row for row in rows if wanted.items() <= row.items())
