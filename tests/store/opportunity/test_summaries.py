"""**Send me a summary**: sent to whoever asks, each time, as far as they may see it then."""

import pytest

from store.activity import ActivityDraft
from store.errors import NotAllowed, NotFound
from store.opportunity.status import Status
from store.opportunity.summary import Summary
from store.opportunity.timeline import Part, mark
from store.person.person import Actor, Role
from store.usecases.activity import activities
from store.usecases.card import channels
from store.usecases.card.channels import Channel
from store.usecases.opportunity import status, summaries
from store.usecases.person import people
from store.usecases.person.people import Profile
from store.usecases.task import tasks
from tests.store.crm import TEAM, Crm, actor
from tests.store.doing import due, made, words
from tests.store.opportunity.test_timelines import said

VIP = Channel(workspace_id=TEAM, id="C0VIP", name="vip", kind=channels.PRIVATE, bot_in=True)


def shown(crm: Crm, number: int, to: Actor) -> Summary | None:
    about = (TEAM, number, to.id, crm.now)
    return crm.store.read_now(summaries.to_show, *about)


def test_it_has_everything_oldest_first(crm: Crm) -> None:
    number = crm.opened()
    crm.turn(minutes=1)
    crm.do(activities.log, ActivityDraft(what="Wants 3 seats", number=number))
    crm.turn(minutes=1)
    crm.do(status.move, number, Status.QUOTING, seen=None, by=crm.bob)
    later, soon = made(crm, "Later", number=number), made(crm, number=number, due=due(24))
    crm.do(tasks.done, made(crm, "Done already", number=number).id)
    found = shown(crm, crm.look(number).id, crm.carol)
    assert found
    assert [mark(row).part for row in found.rows] == [Part.CHANGE, Part.ACTIVITY, Part.CHANGE]
    assert [task.id for task in found.tasks][:2] == [soon.id, later.id]
    assert (found.total, found.tasks_total) == (3, 3)
    assert found.opportunity.status is Status.QUOTING


def test_comments_are_in_it(crm: Crm) -> None:
    number = crm.opened()
    said(crm, "Sounds good")
    found = shown(crm, crm.look(number).id, crm.carol)
    assert found
    assert mark(found.rows[-1]).part is Part.COMMENT


def test_each_request_is_a_word_to_whoever_asks(crm: Crm) -> None:
    number = crm.opened()
    for _ in range(2):
        crm.turn(seconds=1)
        crm.do(summaries.ask, number, by=crm.bob)
    crm.do(summaries.ask, number, by=actor("Carol", role=Role.UNKNOWN))
    assert len(words(crm, crm.bob, "summary")) == 2
    assert len(words(crm, crm.carol, "summary")) == 1
    assert words(crm, crm.alice) == []


def test_only_what_one_sees_can_be_asked_for_and_is_sent(crm: Crm) -> None:
    inside = actor("Alice", private_channels=frozenset({VIP.id}))
    crm.store.write_now(channels.know, VIP, crm.now, [inside.id, crm.bob.id])
    number = crm.opened(by=inside, channel_id=VIP.id)
    with pytest.raises(NotFound):
        crm.do(summaries.ask, number, by=crm.carol)
    with pytest.raises(NotAllowed):
        crm.do(summaries.ask, number, by=actor("Gus", role=Role.GUEST))
    deal = crm.look(number, by=inside).id
    assert shown(crm, deal, crm.bob)
    assert shown(crm, deal, crm.carol) is None
    crm.store.write_now(channels.left, TEAM, VIP.id, crm.bob.id)
    assert shown(crm, deal, crm.bob) is None
    gone = Profile(workspace_id=TEAM, user_id=inside.id, name="Alice", deactivated=True)
    crm.store.write_now(people.know, gone, crm.now)
    assert shown(crm, deal, inside) is None
