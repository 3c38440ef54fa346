"""A digest at its worst: whatever the data, Slack takes it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.views.blocks import MESSAGE_BLOCKS, MESSAGE_CHARACTERS, characters
from handlers.views.digest.digest import digest
from handlers.views.text import Style
from store.board import Closes, Filter, StageTotal, Sum
from store.digest.content import Changed, Content, Deals, Expected, Group, Tasks, When
from store.digest.digest import Part
from store.digest.news import News
from store.money import COMMON, MAX_MINOR, Money
from store.opportunity.context import DealRef
from store.opportunity.opportunity import NAME_MAX
from store.opportunity.status import STAGES, Health, Status
from store.person.person import Person
from store.workspace import Workspace
from tests.handlers.views.digest.test_digest import CARD, DEAL, FULL, LATE, drawn, group, says
from tests.handlers.views.seen import LINK, NASTY, STYLE, WORST, elements, gbp, seen

NOW = STYLE.now
AWFUL = replace(
    WORST, card=replace(CARD, permalink=LINK + "x" * (499 - len(LINK))), health=Health.RED
)
CURRENCIES = [*COMMON, "KWD", "BHD", "IQD", "IRR", "VND", "IDR", "LBP", "AED", "SAR", "EGP"]


def texts(most: int) -> st.SearchStrategy[str]:
    """Names as people have them, and as nobody should: marks, mentions, right-to-left, emoji."""
    nasty = st.sampled_from([NASTY, "&" * most, "<!channel>" * most, "ש" * most, "👩‍👩‍👧" * most])
    return (st.text(min_size=1, max_size=most) | nasty).map(lambda text: text[:most] or "x")


amounts = st.builds(Money, st.integers(0, MAX_MINOR), st.sampled_from(CURRENCIES))
days = st.dates(date(1999, 1, 1), date(2199, 12, 31))
deals = st.builds(
    lambda name, value, link, status, note: replace(
        AWFUL,
        name=name,
        value=value,
        final_value=value,
        status=status,
        lost_reason=note[:100],
        lost_note=note,
        card=replace(CARD, permalink=link),
    ),
    texts(NAME_MAX),
    amounts | st.none(),
    st.sampled_from([LINK, LINK + "y" * (500 - len(LINK)), None]),
    st.sampled_from(Status),
    texts(1_000),
)
sides = st.none() | amounts | days | st.sampled_from(Status)
rows = st.lists(st.builds(Changed, deals, sides, sides), max_size=3).map(tuple)
totals = st.integers(3, 10**6)
many = st.lists(amounts, max_size=40, unique_by=lambda one: one.currency).map(tuple)
sums = many.map(lambda them: tuple(Sum(one, one) for one in them))
groups = st.lists(
    st.builds(Group, news=st.sampled_from(News), total=totals, sums=many, rows=rows),
    max_size=12,
    unique_by=lambda one: one.news,
).map(tuple)
stages = st.tuples(
    *(st.builds(StageTotal, st.just(stage), totals, totals, sums) for stage in STAGES)
)
whens = st.builds(
    Expected,
    when=st.just(When.MONTH),
    month=days,
    count=totals,
    unpriced=totals,
    sums=sums,
    won=many,
)
some = st.builds(Deals, total=totals, rows=st.lists(deals, max_size=4).map(tuple), sums=sums)
tasks = st.builds(
    Tasks,
    total=totals,
    rows=st.lists(
        st.builds(
            lambda title, deal: replace(
                LATE,
                title=title,
                assignee=Person("U1", deal[:255]),
                deal=DealRef(1, 2, deal, Status.LEAD),
                permalink=AWFUL.card and AWFUL.card.permalink,
            ),
            texts(200),
            texts(NAME_MAX),
        ),
        max_size=4,
    ).map(tuple),
)
contents = st.builds(
    Content,
    digest_id=st.integers(1, 2**53),
    workspace=st.sampled_from(
        [
            STYLE.workspace,
            Workspace(
                id="T1",
                locale="ar_EG",
                currency="KWD",
                labels=dict.fromkeys(Status, "&<>*_`~" * 3 + "abc"),
            ),
        ]
    ),
    filter=st.just(Filter("U" * 15, tuple(Status), 2**53, Closes.QUARTER, attention=True)),
    owner=st.builds(Person, st.just("U1"), texts(255)),
    contact=st.none(),
    parts=st.just(tuple(Part)),
    since=st.datetimes(datetime(1999, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    until=st.just(NOW),
    late_for=st.just(NOW - timedelta(hours=11)),
    groups=groups,
    totals=stages,
    paused=totals,
    forecast=st.lists(whens, max_size=9).map(tuple),
    closing=some,
    attention=some,
    tasks=tasks,
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(contents)
def test_whatever_there_is_slack_takes_it(one: Content) -> None:
    shown = digest(Style(one.workspace, NOW), one, preview=True)
    assert seen(shown)
    assert len(shown.blocks) <= MESSAGE_BLOCKS
    assert characters(shown.blocks) <= MESSAGE_CHARACTERS
    assert len(shown.text) <= 150
    for element in elements(shown):
        assert len(element.get("value", "")) <= 2_000


def test_the_worst_of_everything_still_says_how_many() -> None:
    everything = tuple(
        group(news, *(AWFUL,) * 3, old=gbp(1), new=gbp(2), total=99, sums=(gbp(1),) * 40)
        for news in News
    )
    about = FULL | {
        "groups": everything,
        "closing": Deals(total=99, rows=(AWFUL,) * 4),
        "attention": Deals(total=99, rows=(AWFUL,) * 4),
    }
    shown = drawn(**about)
    assert characters(shown.blocks) <= MESSAGE_CHARACTERS
    read = seen(shown)
    assert read.count("more]") + read.count("[Show 99]") == len(News) + 2
    assert "<!channel>" not in str(shown.payload)


def test_fewer_are_named_where_all_would_be_too_much() -> None:
    one = group(News.FORWARD, *(DEAL,) * 3, old=Status.LEAD, new=Status.QUOTING, total=9)
    assert says(one).count("•") == 3
    long = replace(AWFUL, status=Status.QUOTING)
    groups = tuple(group(news, *(long,) * 3, old=gbp(1), new=gbp(2), total=9) for news in News)
    assert 0 < says(*groups).count("•") < 36
