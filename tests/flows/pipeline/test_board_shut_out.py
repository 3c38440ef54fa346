"""A board whose channel takes no posts any more."""

from tests.flows.conftest import Office
from tests.slack.reading import text


async def test_its_maker_is_told_once_what_to_do(work: Office) -> None:
    await work.now_set_up()
    await work.bob.command("/pipeline", work.deals)
    board = await work.slack.heard(work.deals, "Pipeline")
    await work.alice.archive(work.deals)
    work.clock.turn(11)
    await work.bob.command("/opp new Acme renewal", work.random)
    await work.bob.sees("New opportunity")
    assert await work.bob.submit() == {}
    told = await work.slack.heard(work.bob, "your board there is no longer updated")
    assert "I can't post in #deals" in text(told)
    assert "post it again with /pipeline" in text(told)
    assert "Acme" not in text(board)
    work.clock.turn(30)
    await work.bob.command("/opp 1 quoting", work.random)
    await work.slack.settled()
    assert sum("no longer updated" in one for one in work.bob.reads(work.bob.dm)) == 1
