"""The timeline of an opportunity: a tab of its page, with what was done, said and changed."""

from typing import Any

from handlers.ids import Action, Tab, View
from handlers.views.activity.activity import deleted, sentence
from handlers.views.blocks import Json, actions, button, context, section
from handlers.views.opportunity.card import add_step, log_activity
from handlers.views.opportunity.line import step
from handlers.views.tabs import packed, tabs
from handlers.views.text import DAY_AND_CLOCK, DOT, Style, clip, counted, instant, link, listed
from store.activity import Activity
from store.comment import Comment, File
from store.opportunity.opportunity import Opportunity
from store.opportunity.timeline import Part, Row, Timeline

_TEXT = 300
_FILES = 3
_TOGGLES = {
    None: "All",
    Part.ACTIVITY: "Activities",
    Part.COMMENT: "Comments",
    Part.CHANGE: "Changes",
}
_NOTHING = {
    None: "Nothing yet. Activities, comments and changes are listed here.",
    Part.ACTIVITY: "No activities yet. Calls, emails, meetings and notes are listed here.",
    Part.COMMENT: "No comments yet. Replies in its thread are listed here.",
    Part.CHANGE: "No changes yet. Each change of this opportunity is listed here.",
}


def timeline(style: Style, opp: Opportunity, shown: Timeline) -> list[Json]:
    """A row a line, each leading to its message in the thread."""
    spent = [
        f"{style.named(stage)} {counted(days, 'day')}"
        for stage, days in shown.spent
        if days or stage is opp.stage
    ]
    blocks = [_toggles(opp.number, shown)]
    blocks += [context(f"Time in each stage: {DOT.join(spent)}")] if spent else []
    blocks += packed(row(style, one) for one in shown.rows) or [section(_NOTHING[shown.only])]
    feet = _feet(opp, shown)
    return [*blocks, actions(*feet)] if feet else blocks


def _toggles(number: int, shown: Timeline) -> Json:
    return tabs(
        [
            (
                label,
                f"{Action.OPPORTUNITY_TAB}:{only or 'all'}",
                Tab(number, View.TIMELINE, only),
                only is shown.only,
            )
            for only, label in _TOGGLES.items()
        ]
    )


def _feet(opp: Opportunity, shown: Timeline) -> list[Any]:
    here = opp.number, View.TIMELINE, shown.only
    feet: list[Any] = []
    if not shown.first:
        feet.append(button("Newest", f"{Action.OPPORTUNITY_TAB}:newest", Tab(*here)))
    if shown.older:
        older = Tab(*here, shown.older.micros, shown.older.part, shown.older.id)
        feet.append(button("Older", f"{Action.OPPORTUNITY_TAB}:older", older))
    if opp.archived_at:
        return feet
    stepless = opp.status.is_stage and opp.next_step is None
    return [*feet, log_activity(opp.number), *([add_step(opp.number)] if stepless else [])]


def row(style: Style, one: Row) -> str:
    """`21 Nov 14:02  Alice: Pitching → Quoting (after 12 days)`, the time a link to its message."""
    when = instant(one.at, DAY_AND_CLOCK, one.permalink)
    return f"{when}  {_said(style, one)}"


def _said(style: Style, one: Row) -> str:
    match one:
        case Activity():
            return deleted(style, one) if one.deleted_at else sentence(style, one)
        case Comment():
            return _comment(style, one)
        case _:
            return step(style, one)


def _comment(style: Style, comment: Comment) -> str:
    by = style.person(comment.by)
    if comment.deleted_at:
        return f"{by} deleted a comment"
    words = clip(" ".join(comment.text.split()), _TEXT)
    said = [f'wrote: "{words}"'] if words else []
    said += [f"added {_files(comment.files)}"] if comment.files else []
    return f"{by} {listed(said or ['wrote nothing'])}"


def _files(files: tuple[File, ...]) -> str:
    names = [_file(file) for file in files[:_FILES]]
    more = len(files) - len(names)
    return listed([*names, *([f"{more} more"] if more else [])])


def _file(file: File) -> str:
    return link(file.link, clip(file.name, 60) or "a file")
