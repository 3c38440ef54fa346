"""The settings of a workspace: what may be said, who may, and what is drawn anew for it."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from sqlalchemy import update

from handlers.grammar.grammar import opp, thread
from handlers.grammar.requests import ChangeStatus, MoveTo
from handlers.grammar.words import Context
from store.errors import Conflict, Invalid, NotAllowed
from store.opportunity.status import STAGES, Health, Status
from store.outbox import claims, leases, outbox
from store.person.person import Role
from store.settings.settings import Group, Stage, checked_reasons, checked_stages, mark, stages_of
from store.tables.machinery import OutboxRow
from store.usecases import workspaces
from store.usecases.opportunity import opportunities, status
from store.usecases.opportunity.status import Loss
from store.usecases.settings import settings
from store.usecases.settings.settings import Settings
from store.usecases.workspaces import SetUp
from store.workspace import LOST_REASONS, Archiving, Workspace
from tests.store.crm import DEALS, TEAM, Crm, actor

LEAD, PITCHING, QUOTING, CLOSING = STAGES
FIRST = stages_of(Workspace(id=TEAM))


def stages(**changed: Stage) -> dict[Status, Stage]:
    return FIRST | {Status(name): stage for name, stage in changed.items()}


def labelled(**labels: str) -> dict[Status, Stage]:
    return {s: replace(one, label=labels.get(s.value, one.label)) for s, one in FIRST.items()}


def saved(crm: Crm, said: Mapping[Status, Stage], was: str | None = None) -> Settings:
    return crm.do(settings.save_stages, said, was=was)


def all_shown(crm: Crm) -> None:
    """Everything that waits is delivered."""
    jobs = True
    while jobs:
        jobs = crm.store.write_now(claims.claim, "A", crm.now, 100).jobs
        for job in jobs:
            where = {"ts": f"1.{job.id}", "channel_id": DEALS}
            crm.store.write_now(leases.done, job, "A", crm.now, **where)
        crm.turn(seconds=15)


def to_draw(crm: Crm) -> set[str]:
    """The keys of what is to be shown now."""
    jobs = crm.store.write_now(claims.claim, "A", crm.now, 100).jobs
    return {job.key for job in jobs}


def test_labels_are_what_everything_is_called_by(crm: Crm) -> None:
    number = crm.opened(stage=QUOTING)
    made = saved(crm, labelled(quoting=" Angebot\u202e "))
    assert made.workspace.label(QUOTING) == "Angebot"
    assert made.touched[Group.STAGES].by.name == "Alice"
    with pytest.raises(Conflict, match="it to Angebot"):
        crm.do(status.move, number, QUOTING, seen=LEAD)
    with pytest.raises(Invalid, match="Choose Lead, Pitching, Angebot or Closing"):
        crm.do(status.move, number, Status.WON, seen=None)


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("", "Write a label, like Quoting."),
        ("\u200b", "Write a label, like Quoting."),
        ("...", "Write a label, like Quoting."),
        ("x" * 25, "Write a label of at most 24 characters."),
        ("LÉAD", "Another stage has that label."),
        ("lead.", "Another stage has that label."),
        ("Won", "Commands use that word for something else. Choose another."),
        ("Closed lost", "Commands use that word for something else. Choose another."),
        ("pitch", "Commands use that word for something else. Choose another."),
        ("Task force", "Commands use that word for something else. Choose another."),
    ],
)
def test_a_label_means_one_thing(label: str, said: str) -> None:
    with pytest.raises(Invalid) as wrong:
        checked_stages(labelled(quoting=label))
    assert wrong.value.fields == {"label_quoting": said}


def test_all_that_is_wrong_with_stages_is_told_at_once() -> None:
    bad = stages(lead=Stage("", -1, 0), closing=Stage("Closing", 101, 366))
    with pytest.raises(Invalid) as wrong:
        checked_stages(bad)
    names = {"label_lead", "probability_lead", "days_lead", "probability_closing", "days_closing"}
    assert wrong.value.fields.keys() == names


@pytest.mark.parametrize(
    "label",
    ["Angebot", "In Verhandlung", "Erstgespräch.", "Open", "New", "Wow!", "move it", "🔥 Hot"],
)
def test_commands_and_mentions_take_each_label_and_the_key(crm: Crm, label: str) -> None:
    made = saved(crm, labelled(pitching=label)).workspace
    context = Context(today=crm.now.date(), currency="GBP", locale="en_GB", labels=made.labels)
    for words in (label, label.upper(), label.lower(), f"to {label}", "pitching", "pitch"):
        assert opp(f"12 {words}", context) == ChangeStatus(12, PITCHING)
        assert thread(words, context) == MoveTo(PITCHING)


def test_a_probability_is_for_what_enters_from_now_on(crm: Crm) -> None:
    there, comes = crm.opened(stage=QUOTING), crm.opened()
    saved(crm, stages(quoting=Stage("Quoting", 66, 10)))
    crm.do(status.move, comes, QUOTING, seen=LEAD)
    assert (crm.look(there).probability, crm.look(comes).probability) == (50, 66)
    assert crm.look(crm.opened(stage=QUOTING)).probability == 66


def test_expected_days_colour_at_once(crm: Crm) -> None:
    number = crm.opened(stage=QUOTING)
    crm.turn(days=6)
    assert crm.look(number).health is Health.GREEN
    saved(crm, stages(quoting=Stage("Quoting", 50, 5)))
    assert crm.look(number).health is Health.AMBER
    saved(crm, stages(quoting=Stage("Quoting", 50, 2)))
    assert crm.look(number).health is Health.RED


def with_a_board(crm: Crm) -> dict[str, int]:
    """A card in Lead, one in Quoting, one paused, one lost, a board, and two Homes, all shown."""
    numbers = {"lead": crm.opened(), "quoting": crm.opened(stage=QUOTING)}
    numbers |= {"paused": crm.opened(), "lost": crm.opened()}
    crm.do(status.pause, numbers["paused"], None, seen=None)
    crm.do(status.lose, numbers["lost"], Loss(reason="Price"), seen=None)
    for who in (crm.alice, crm.bob):
        crm.store.write_now(outbox.open_home, TEAM, who.id, crm.now)
    crm.store.write_now(outbox.want, TEAM, outbox.BOARD, 1, crm.now, channel_id=DEALS)
    crm.turn(minutes=20)
    all_shown(crm)
    crm.store.write_now(
        lambda session: session.execute(update(OutboxRow).values(due_at=None, state=outbox.IDLE))
    )
    return {name: crm.look(number).id for name, number in numbers.items()}


HOMES = {"home:U0ALICE", "home:U0BOB"}


def test_only_what_looks_different_is_drawn_anew(crm: Crm) -> None:
    ids = with_a_board(crm)
    saved(crm, stages(quoting=Stage("Quoting", 60, 10)))
    assert to_draw(crm) == set()
    saved(crm, FIRST)
    crm.do(settings.save_reasons, "Price", was=None)
    crm.do(settings.save_archiving, Archiving.ADMINS, was=None)
    assert to_draw(crm) == set()
    saved(crm, stages(quoting=Stage("Quoting", 50, 12)))
    assert to_draw(crm) == HOMES | {"board:1", f"card:{ids['quoting']}"}


def test_a_label_is_drawn_on_all_that_say_it(crm: Crm) -> None:
    ids = with_a_board(crm)
    saved(crm, labelled(lead="Neu"))
    cards = {f"card:{ids[name]}" for name in ("lead", "quoting", "paused")}
    assert to_draw(crm) == HOMES | {"board:1"} | cards
    all_shown(crm)
    saved(crm, labelled(lead="Neu"))
    assert to_draw(crm) == set()


def test_reasons_are_one_a_line_and_other_stays(crm: Crm) -> None:
    number = crm.opened()
    crm.do(status.lose, number, Loss(reason="Price"), seen=None)
    made = crm.do(settings.save_reasons, " Too dear \n\n No budget \n other\n", was=None)
    assert made.workspace.lost_reasons == ("Too dear", "No budget", "Other")
    assert crm.look(number).lost_reason == "Price"
    other = crm.opened()
    with pytest.raises(Invalid, match="Choose a reason"):
        crm.do(status.lose, other, Loss(reason="Price"), seen=None)
    with pytest.raises(Invalid, match="since the reason is Other"):
        crm.do(status.lose, other, Loss(reason="Other"), seen=None)
    lost = crm.do(status.lose, other, Loss(reason="No budget"), seen=None)
    assert lost.opportunity.lost_reason == "No budget"


@pytest.mark.parametrize(
    ("said", "reasons"),
    [
        ("Too dear, No budget,other, ", ("Too dear", "No budget", "Other")),
        ("Too dear, for them\nNo budget", ("Too dear, for them", "No budget", "Other")),
    ],
)
def test_commas_part_what_is_on_one_line(said: str, reasons: tuple[str, ...]) -> None:
    assert checked_reasons(said) == reasons


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("", "Write at least one reason"),
        ("Other\n other ", "Write at least one reason"),
        ("\n".join(f"Reason {n}" for n in range(20)), "Write at most 19 reasons"),
        ("Price\nprïce", "prïce is there twice"),
        ("x" * 76, "at most 75 characters"),
    ],
)
def test_reasons_that_cannot_be(said: str, why: str) -> None:
    with pytest.raises(Invalid, match=why) as wrong:
        checked_reasons(said)
    assert wrong.value.fields.keys() == {"reasons"}


@pytest.mark.parametrize(
    ("who", "may", "refusal"),
    [
        (Archiving.INVOLVED, {"Alice", "Bob"}, "Only Bob (owner) or an admin can archive this."),
        (Archiving.MEMBERS, {"Alice", "Bob", "Carol"}, ""),
        (Archiving.ADMINS, {"Alice"}, "Only an admin of this workspace can archive this."),
    ],
)
def test_who_may_archive(crm: Crm, who: Archiving, may: set[str], refusal: str) -> None:
    crm.do(settings.save_archiving, who, was=None)
    for one in (crm.alice, crm.bob, crm.carol):
        number = crm.opened(by=crm.bob)
        if one.name in may:
            assert crm.do(opportunities.to_archive, number, by=one).number == number
            crm.do(opportunities.archive, number, by=one)
            crm.do(opportunities.restore, number, by=one)
            continue
        for use_case in (opportunities.to_archive, opportunities.archive):
            with pytest.raises(NotAllowed) as told:
                crm.do(use_case, number, by=one)
            assert told.value.sentence == refusal
    guest = actor("Gus", role=Role.GUEST)
    with pytest.raises(NotAllowed):
        crm.do(opportunities.archive, crm.opened(), by=guest)


def test_only_admins_see_and_change(crm: Crm) -> None:
    with pytest.raises(NotAllowed, match="Only an admin"):
        crm.store.read_now(settings.look, by=crm.bob)
    said = SetUp(deals_channel=None, currency="EUR", tz="Europe/Berlin")
    for use_case, what in (
        (settings.save_general, said),
        (settings.save_stages, labelled(lead="Neu")),
        (settings.save_reasons, "Rain"),
        (settings.save_archiving, Archiving.MEMBERS),
    ):
        with pytest.raises(NotAllowed, match="Only an admin"):
            crm.do(use_case, what, was=None, by=crm.bob)
    with pytest.raises(NotAllowed, match="Only an admin"):
        crm.do(settings.reset, Group.STAGES, by=crm.bob)
    ours = crm.store.read_now(workspaces.load, TEAM)
    assert (ours.currency, ours.labels, ours.lost_reasons) == ("GBP", {}, LOST_REASONS)


def test_nobodys_change_is_replaced_unknowingly(crm: Crm) -> None:
    was = mark(crm.store.read_now(workspaces.load, TEAM), Group.STAGES)
    dave = actor("Dave", admin=True)
    crm.do(settings.save_stages, labelled(lead="Neu"), was=was)
    with pytest.raises(Conflict, match="Alice changed these settings at 10:00"):
        crm.do(settings.save_stages, labelled(lead="Neuer"), was=was, by=dave)
    # Other groups are nobody's business here.
    crm.do(settings.save_archiving, Archiving.MEMBERS, was=None, by=dave)
    now = mark(crm.store.read_now(workspaces.load, TEAM), Group.STAGES)
    made = crm.do(settings.save_stages, labelled(lead="Neuer"), was=now, by=dave)
    assert made.workspace.label(LEAD) == "Neuer"
    assert made.workspace.archiving is Archiving.MEMBERS


def test_a_reset_is_as_at_first(crm: Crm) -> None:
    saved(crm, stages(lead=Stage("Neu", 5, 3)))
    crm.do(settings.save_reasons, "Rain", was=None)
    crm.do(settings.save_archiving, Archiving.ADMINS, was=None)
    for group in Group:
        made = crm.do(settings.reset, group)
    assert stages_of(made.workspace) == FIRST
    assert made.workspace.lost_reasons == LOST_REASONS
    assert made.workspace.archiving is Archiving.INVOLVED
    others = crm.store.read_now(workspaces.load, "T0OTHERS")
    assert stages_of(others) == FIRST


def test_settings_of_others_stay_theirs(crm: Crm) -> None:
    saved(crm, labelled(lead="Neu"))
    assert crm.store.read_now(workspaces.load, "T0OTHERS").label(LEAD) == "Lead"
    assert crm.store.read_now(settings.look, by=crm.eve).workspace.label(LEAD) == "Lead"
