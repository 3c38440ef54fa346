"""Home: one person's day, their pipeline, what needs them, what was done last."""

from itertools import groupby
from operator import itemgetter
from typing import Any

from handlers.ids import Action, NewFor, NewTask, TaskId, Words
from handlers.task.ids import TaskList
from handlers.views.activity.activity import brief
from handlers.views.attention.attention import why
from handlers.views.blocks import Json, actions, button, context, header, section, tab
from handlers.views.digest.lists import at_home
from handlers.views.opportunity.card import details, linked, log_activity
from handlers.views.opportunity.lists import contact_row
from handlers.views.pipeline.query import open_board
from handlers.views.pipeline.totals import headline, stage_lines
from handlers.views.tabs import packed
from handlers.views.task.lists import HEADINGS
from handlers.views.task.task import when_in
from handlers.views.text import DAY_AND_CLOCK, DOT, Style, clip, instant, link
from store.board import Filter, Query
from store.opportunity.opportunity import Opportunity
from store.person.home import Home
from store.person.person import FOR_MEMBERS
from store.task.task import Task

_NAME, _TITLE, _OTHER = 60, 150, 60


def home(style: Style, shown: Home) -> Json:
    """The same row of buttons on top, whatever there is below."""
    if shown.is_empty:
        return tab(_greeting(shown))
    return tab(
        [
            actions(*_news()),
            *_today(style, shown),
            *_pipeline(style, shown),
            *_attention(style, shown),
            *_latest(style, shown),
            *_contacts(shown),
            *_digests(style, shown),
            context(f"As of {instant(style.now)}"),
        ]
    )


def outside() -> Json:
    """For guests, and people from other organisations."""
    return tab([section(FOR_MEMBERS)])


def _news() -> list[Any]:
    return [
        button("New opportunity", Action.OPPORTUNITY_NEW, NewFor()),
        button("New contact", Action.CONTACT_NEW, Words()),
        button("New task", Action.TASK_NEW, NewTask()),
        log_activity(),
        button("Figures", Action.FIGURES_OPEN),
    ]


def _greeting(shown: Home) -> list[Json]:
    """Nothing is there yet: what will be, and what starts it."""
    text = (
        f"*Hello {clip(shown.viewer.name, _OTHER)}.* Dealthread keeps your deals in Slack.\n"
        "Your tasks, your pipeline and what needs attention are listed here."
    )
    deal, contact, *_ = _news()
    buttons = [deal, contact, button("Help", Action.WORKSPACE_HELP)]
    if shown.viewer.admin and not shown.workspace.set_up:
        setup = button("Set up", Action.WORKSPACE_SETUP, style="primary")
        buttons = [setup, deal, buttons[-1]]
    return [section(text), actions(*buttons)]


def _today(style: Style, shown: Home) -> list[Json]:
    page, counts = shown.today, shown.today.counts or {}
    blocks: list[Json] = [header("Today")]
    for bucket, group in groupby(page.rows, key=itemgetter(0)):
        blocks.append(section(f"*{HEADINGS[bucket]}* {counts.get(bucket, 0):,}"))
        blocks += [_task(style, shown, task) for _, task in group]
    if not page.rows:
        blocks.append(section("Nothing is due today."))
    mine = TaskList(whose=shown.viewer.id)
    more = sum(counts.values()) - len(page.rows)
    label = f"and {more:,} more" if more > 0 else "All my tasks"
    return [*blocks, actions(button(label, f"{Action.TASK_LIST}:mine", mine))]


def _task(style: Style, shown: Home, task: Task) -> Json:
    title = clip(task.title, _TITLE)
    title = link(task.permalink, title) if task.permalink else title
    below = [when_in(style, task.due, shown.viewer.zone)] if task.due else []
    if task.deal:
        name = clip(task.deal.name, _OTHER)
        below.append(f"{name} #{task.deal.number}")
    elif task.contact:
        below.append(clip(task.contact.title, _OTHER))
    done = button(
        "Done",
        f"{Action.TASK_DONE}:{task.id}",
        TaskId(task.id),
        spoken=f"Done: {task.title}",
    )
    return section("\n".join([f"*{title}*", *([DOT.join(below)] if below else [])]), done)


def _pipeline(style: Style, shown: Home) -> list[Json]:
    blocks = [header("My pipeline")]
    if not (shown.open or shown.paused):
        return [*blocks, section("You have no open deals. They are listed here by stage.")]
    mine = Query(filter=Filter(owner=shown.viewer.id))
    blocks.append(context(headline(style, shown.totals, shown.paused)))
    blocks.append(section(stage_lines(style, shown.totals)))
    return [*blocks, actions(open_board("Open board", mine, "mine"))]


def _attention(style: Style, shown: Home) -> list[Json]:
    if not shown.attention:
        return []
    blocks = [header("Needs attention"), *(_pressing(style, opp) for opp in shown.attention)]
    more = shown.attention_total - len(shown.attention)
    if more > 0:
        query = Query(filter=Filter(owner=shown.viewer.id, attention=True))
        blocks.append(actions(open_board(f"and {more:,} more", query, "all")))
    return blocks


def _pressing(style: Style, opp: Opportunity) -> Json:
    """A deal of theirs, and why it is here."""
    value = f"{DOT}{style.money(opp.value)}" if opp.value else ""
    said = f"*{linked(opp, _NAME)}* #{opp.number}{value}\n{why(style, opp)}"
    return section(said, details(opp))


def _latest(style: Style, shown: Home) -> list[Json]:
    if not shown.latest:
        return []
    lines = [
        f"{instant(one.at, DAY_AND_CLOCK, one.permalink)}  {brief(style, one)}"
        for one in shown.latest
    ]
    return [header("Latest"), *packed(lines)]


def _digests(style: Style, shown: Home) -> list[Json]:
    if not shown.digests:
        return []
    more = shown.digests_total - len(shown.digests)
    others = f"and {more:,} more. " if more > 0 else ""
    return [
        header("Digests"),
        *(at_home(style, digest) for digest in shown.digests),
        context(f"{others}Write `/pipeline digest` in a channel to see or add its own."),
    ]


def _contacts(shown: Home) -> list[Json]:
    if not shown.contacts:
        return []
    return [header("Contacts"), *(contact_row(contact) for contact in shown.contacts)]
