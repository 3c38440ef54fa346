"""Import: mistakes are told at once, nothing is half-done, nobody sees more than before."""

import tracemalloc
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
from sqlalchemy import text as sql

from bot import manifest
from bot.errors import CannotRun
from bot.person.everybody import learn
from bot.settings import GivenSettings
from bot.transfer.sheets import BadFile
from bot.transfer.transfer import CannotImport, check, export, one_workspace, take_in
from store.database import Store
from store.opportunity.opportunity import OpportunityDraft
from store.usecases import workspaces
from store.usecases.opportunity import finding, opportunities
from store.usecases.person import people
from store.usecases.transfer import imports
from tests.bot.transfer.sheets import ALICE, NOW, identity, plan, rows, staffed, taken, written
from tests.slack.server import StrictSlack


def test_a_file_of_another_crm_is_read_as_people_write(store: Store, tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "Deal Name;Account Name;Contact name;E-Mail;Amount;Deal stage;Close date;Owner;Region\r\n"
        "Acme renewal;Acme Ltd;Jane Doe;j@acme.com;£12k;Quoting;30 Nov 2026;alice johnson;EMEA\r\n"
        "Beta pilot;Acme Ltd;Jane Doe;j@acme.com;1.2m EUR;Closed Won;2026-11-02;@Bob Stone;"
        '"a;b"\r\n'
        ";;;;;;;;\r\n"
        "Gamma;;;;;;;U1;\r\n",
    )
    asked = plan(store, path)
    made = take_in(check(asked))
    assert made == imports.Counted(1, 0, 3)
    assert asked.sheet.unread == {"Region"}
    first, second, third = rows(store, tmp_path / "out.csv")
    assert (first["Number"], first["Value"], first["Currency"]) == ("1", "12000.00", "GBP")
    assert (first["Contact"], first["Company"], first["Status"]) == (
        "Jane Doe",
        "Acme Ltd",
        "Quoting",
    )
    assert (first["Probability"], first["Expected close"]) == ("50", "2026-11-30")
    assert (second["Status"], second["Final value"], second["Final currency"]) == (
        "Won",
        "1200000.00",
        "EUR",
    )
    assert (second["Closed on"], second["Owner"]) == ("2026-11-02", "Bob Stone")
    assert (third["Status"], third["Owner ID"], third["Value"]) == ("Lead", "U1", "")


def test_contacts_alone_are_read_and_none_is_made_twice(store: Store, tmp_path: Path) -> None:
    path = written(
        tmp_path, "First name,Last name,Company,Email\nJane,Doe,Acme,j@acme.com\nJohn,Roe,,\n"
    )
    assert taken(store, path) == imports.Counted(2, 0, 0)
    again = written(
        tmp_path, "Name,Company,Email\nJANE DOE,acme,\nJane Doe,Acme,k@x.com\n", "b.csv"
    )
    assert taken(store, again).contacts == 1
    names = [row["E-mail"] for row in rows(store, tmp_path / "out.csv", "contacts")]
    assert names == ["j@acme.com", "", "k@x.com"]


def test_all_mistakes_are_told_by_line_and_nothing_is_kept(store: Store, tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "Name,Value,Stage,Owner,Expected close,E-mail,Probability,Post card in\n"
        "Good,12,Lead,Alice Johnson,,,,\n"
        ",12 apples,Leads,Nobody,31 Feb,jane,120,#nowhere\n"
        '"two\nlines",,,Gone Girl,,,,\n'
        "More,,,Nobody,,,,,,cells\n",
    )
    with pytest.raises(CannotImport) as refused:
        taken(store, path)
    told = str(refused.value)
    for part in (
        "Line 3, Name: Write a name",
        "Line 3, Value: Write an amount like 12k",
        "Line 3, Stage: Write Lead, Pitching, Quoting, Closing, Won, Lost, Paused.",
        "Line 3, Owner: 'Nobody' is not a member of this workspace.",
        "Line 4, Owner: 'Gone Girl' has left this workspace.",
        "Line 3, Expected close: Write a date like 30 Nov",
        "Line 3, E-mail: Write an e-mail address",
        "Line 3, Probability: Write a whole number",
        "Line 3, Post card in: Dealthread knows no #nowhere.",
        "Line 6, There are more cells than columns.",
    ):
        assert part in told
    assert rows(store, tmp_path / "out.csv") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "one of them Name"),
        ("a,b\n1,2\n", "one of them Name"),
        ("Name,Deal name,Value\nx,y,1\n", "Two columns are both Name"),
        ("Name,Value\n", "has no records"),
        ('Name,Value\nx\x00y,"unclosed\n', "Name its owner here"),
    ],
)
def test_a_file_that_is_none_is_refused(
    store: Store, tmp_path: Path, text: str, words: str
) -> None:
    with pytest.raises(CannotRun, match=words):
        taken(store, written(tmp_path, text))


def test_another_encoding_is_refused_with_what_to_do(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "latin.csv"
    path.write_bytes("Name,Owner\nMüller,U1\n".encode("latin-1"))
    with pytest.raises(BadFile, match="CSV UTF-8"):
        taken(store, path)
    path.write_bytes("Name,Owner\nMüller,U1\n".encode("utf-16"))
    assert taken(store, path).opportunities == 1
    with pytest.raises(BadFile, match="can't be read: No such file"):
        taken(store, tmp_path / "none.csv")


def test_an_owner_can_be_given_for_all_and_former_colleagues_own_what_is_closed(
    store: Store, tmp_path: Path
) -> None:
    path = written(tmp_path, "Name,Status,Owner\nOld,Lost,Gone Girl\nNew,Lead,\n")
    with pytest.raises(CannotImport, match="Line 3, Owner: Name its owner here, or give --owner"):
        taken(store, path)
    with pytest.raises(CannotRun, match="--owner Carol"):
        taken(store, path, owner="Carol")
    taken(store, path, owner="bob stone")
    assert [row["Owner"] for row in rows(store, tmp_path / "o.csv")] == ["Gone Girl", "Bob Stone"]


def test_a_private_deal_stays_private(store: Store, tmp_path: Path) -> None:
    taken(
        store,
        written(
            tmp_path, "Name,Owner,Post card in\nSecret,U1,#vip\nOpen,U1,\nMine,U1,direct message\n"
        ),
    )
    bob = replace(ALICE, id="U2", name="Bob Stone")
    seen = store.read_now(finding.matching, bob.viewer, "secret")
    assert seen == {}
    assert len(store.read_now(finding.matching, bob.viewer, "open")) == 1
    assert store.read_now(finding.matching, bob.viewer, "mine") == {}
    assert len(store.read_now(finding.matching, ALICE.viewer, "mine")) == 1


def test_amounts_of_programs_are_read_in_every_locale(
    migrated_sqlite_url: str, tmp_path: Path
) -> None:
    store = staffed(migrated_sqlite_url, currency="EUR", locale="de_DE")
    path = written(
        tmp_path, 'Name,Owner,Value\na,U1,12500.50\nb,U1,"12.500,50"\nc,U1,12.500\nd,U1,12\n'
    )
    taken(store, path)
    said = [row["Value"] for row in rows(store, tmp_path / "out.csv")]
    assert said == ["12500.50", "12500.50", "12500.00", "12.00"]
    store.close()


def test_the_same_file_is_not_taken_in_twice_by_mistake(store: Store, tmp_path: Path) -> None:
    path = written(tmp_path, "Name,Owner\nOnce,U1\n")
    taken(store, path)
    with pytest.raises(CannotRun, match="imported already"):
        taken(store, path)
    taken(store, path, again=True)
    assert [row["Number"] for row in rows(store, tmp_path / "out.csv")] == ["1", "2"]


def test_a_database_that_is_held_says_how_far_it_came(
    migrated_sqlite_url: str, tmp_path: Path
) -> None:
    store, other = staffed(migrated_sqlite_url), Store(migrated_sqlite_url)
    path = written(tmp_path, "Name,Owner\nOnce,U1\n")
    with other.writer.begin(), pytest.raises(CannotRun, match="after 0 of 1 records"):
        taken(store, path)
    assert taken(store, path).opportunities == 1
    other.close()
    store.close()


def test_records_outlast_the_installation(store: Store, tmp_path: Path) -> None:
    taken(store, written(tmp_path, "Name,Owner\nOnce,U1\n"))
    store.write_now(workspaces.uninstall, "T1", NOW)
    assert one_workspace(store, None) == "T1"
    assert len(rows(store, tmp_path / "out.csv")) == 1


def test_an_interrupted_import_goes_on_where_it_was(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.transfer.transfer.CHUNK", 10)
    path = written(tmp_path, "Name,Owner\n" + "".join(f"Deal {n},U1\n" for n in range(1, 36)))
    asked = plan(store, path)
    checked = check(asked)
    for at, chunk in enumerate((10, 20)):
        records = list(islice(checked.records(), at * 10, chunk))
        store.write_now(imports.save, "T1", records, mark=asked.mark, done=chunk, now=NOW)
    assert taken(store, path).opportunities == 15
    names = [row["Name"] for row in rows(store, tmp_path / "out.csv")]
    assert names == [f"Deal {n}" for n in range(1, 36)]


def test_what_was_imported_is_found_listed_and_counted_and_posts_nothing(
    store: Store, tmp_path: Path
) -> None:
    taken(store, written(tmp_path, "Name,Contact,Value,Owner\nAcme renewal,Jane Doe,12k,U1\n"))
    assert list(store.read_now(finding.matching, ALICE.viewer, "jane renewl").values())
    listed = store.read_now(opportunities.mine, by=ALICE, now=NOW)
    assert [(one.number, one.name) for one in listed.rows] == [(1, "Acme renewal")]
    assert store.read_now(lambda s: s.scalar(sql("SELECT count(*) FROM outbox"))) == 0
    made = store.write_now(opportunities.create, OpportunityDraft(name="Next"), by=ALICE, now=NOW)
    assert made.opportunity.number == 2


def test_the_workspace_is_the_only_one_or_the_one_that_is_named(
    store: Store, tmp_path: Path
) -> None:
    assert one_workspace(store, None) == "T1"
    store.write_now(workspaces.install, identity("T2", "Beta"), NOW)
    assert one_workspace(store, "beta") == "T2"
    for said in (None, "Gamma"):
        with pytest.raises(CannotRun, match=r"T1 \(Acme\), T2 \(Beta\)"):
            one_workspace(store, said)
    taken(store, written(tmp_path, "Name,Owner\nMine,U1\n"))
    assert export(store, "T2", tmp_path / "two.csv", None) == 0


def test_a_hundred_thousand_lines_take_little_memory(
    migrated_sqlite_url: str, tmp_path: Path
) -> None:
    """A tenth of that here: what is kept must not grow with the file."""
    store = staffed(migrated_sqlite_url)
    lines = (f"Deal {n} of Acme,Jane {n % 997},12k,U1\n" for n in range(10_000))
    path = written(tmp_path, "Name,Contact,Value,Owner\n" + "".join(lines))
    tracemalloc.start()
    taken(store, path)
    export(store, "T1", tmp_path / "out.csv", None)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 40_000_000
    assert store.read_now(pipeline_total) == 10_000
    store.close()


def pipeline_total(session: object) -> int:
    return session.scalar(sql("SELECT count(*) FROM opportunities WHERE shelf = 'open'"))


async def test_everybody_is_learnt_however_many_pages_that_takes(store: Store) -> None:
    """Slack gives twenty pages a minute, and says how long to wait for the next."""
    async with StrictSlack.from_manifest(manifest.load(), rate=float("inf")) as slack:
        alice = slack.person("Alice Johnson")
        slack.faults.next("users.list", status=429, retry_after=1)
        environment = slack.environment(sockets=False)
        settings = GivenSettings(**{name.lower(): value for name, value in environment.items()})
        await learn(settings, store, slack.team.id, NOW)
        assert await store.read(people.known, slack.team.id, alice.id)
        assert len(slack.calls("users.list")) == 2
