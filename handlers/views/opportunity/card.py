"""The card: the one message that shows an opportunity, in every state that it can be in."""

from slack_sdk.models.blocks import ButtonElement, Option

from handlers.activity.ids import LogFor
from handlers.ids import Action, Choice, NewTask, Press, Ref, Verb
from handlers.views.attention.attention import returning, step_overdue
from handlers.views.blocks import Json, Message, actions, button, context, menu, option, section
from handlers.views.text import DOT, Style, clip, counted, due_words, link
from store.opportunity.opportunity import Opportunity
from store.opportunity.status import STAGES, Health, Status

_NAME = 400
_OTHER = 200


def card(style: Style, opp: Opportunity, *, old_thread: str | None = None) -> Message:
    """`old_thread` is the permalink of a thread that a deleted card left behind."""
    choices = menu(f"{Action.OPPORTUNITY_MENU}:{opp.number}", _choices(style, opp))
    blocks = [section(f"{title(style, opp)}\n{people(style, opp)}", choices)]
    blocks.append(context(state(style, opp)))
    if opp.status.is_stage and not opp.archived_at:
        blocks.append(context(next_step(style, opp)))
    if old_thread:
        blocks.append(context(f"What was said before is in {link(old_thread, 'its old thread')}."))
    blocks += _buttons(style, opp)
    return Message(headline(style, opp), blocks)


def moved(style: Style, opp: Opportunity) -> Message:
    """What is left of a card that stood in direct messages: where it stands now."""
    place = opp.card.channel_id if opp.card else ""
    owner = style.person(opp.owner or opp.creator)
    where = f"<#{place}>" if place.startswith(("C", "G")) else owner
    said = f"The card of *{clip(opp.name, _NAME)}* #{opp.number} has moved to {where}."
    return Message(said, [section(said)])


def linked(opp: Opportunity, most: int) -> str:
    """Its name in so many characters, a link to its card once that has an address."""
    name = clip(opp.name, most)
    return link(opp.card.permalink, name) if opp.card and opp.card.permalink else name


def details(opp: Opportunity) -> ButtonElement:
    """Opens its page."""
    return button(
        "Details",
        f"{Action.OPPORTUNITY_OPEN}:{opp.number}",
        Ref(opp.number),
        spoken=f"Details of {opp.name}",
    )


def title(style: Style, opp: Opportunity) -> str:
    """`*Acme renewal* #12 · £12,000`."""
    value = f"{DOT}{style.money(opp.value)}" if opp.value else ""
    return f"*{clip(opp.name, _NAME)}* #{opp.number}{value}"


def headline(style: Style, opp: Opportunity) -> str:
    """The same for a notification, with where it stands."""
    parts = [f"{clip(opp.name, _NAME)} #{opp.number}"]
    parts += [style.money(opp.value)] if opp.value else []
    return DOT.join([*parts, "Archived" if opp.archived_at else style.named(opp.status)])


def people(style: Style, opp: Opportunity) -> str:
    """Whom it is with, and whose it is."""
    contact = clip(opp.contact.title, _OTHER) if opp.contact else "No contact"
    return f"{contact}{DOT}{style.person(opp.owner) if opp.owner else 'No owner'}"


def state(style: Style, opp: Opportunity, *, brief: bool = False) -> str:
    """One line: where it stands, since when, and what is expected of it; `brief` in rows of lists,
    without who and what else was said.
    """
    if opp.archived_at:
        by = f" by {style.person(opp.archived_by)}" if opp.archived_by else ""
        return f"Archived on {style.day(style.local(opp.archived_at))}{by}"
    if opp.status is Status.WON:
        return _won(style, opp)
    if opp.status is Status.LOST:
        return _lost(style, opp, brief=brief)
    if opp.status is Status.PAUSED:
        return _paused(style, opp, brief=brief)
    since = style.day(style.local(opp.stage_since))
    parts = [f"{style.dot(opp.health)} {style.named(opp.status)} since {since}"]
    parts += closes(style, opp)
    parts += [f"weighted {style.money(opp.weighted)}"] if opp.weighted else []
    return DOT.join(parts)


def next_step(style: Style, opp: Opportunity) -> str:
    """`Next: Send the quote, Fri 28 Nov, Bob`."""
    return f"Next: {step_words(style, opp)}" if opp.next_step else "No next step"


def step_words(style: Style, opp: Opportunity) -> str:
    """The open task that is due first; `overdue since Fri 20 Nov`, when it is."""
    step = opp.next_step
    if step is None:
        return ""
    late = "overdue since " if step_overdue(style, opp) else ""
    due = f", {late}{due_words(style, step.due)}" if step.due else ""
    return f"{clip(step.title, _OTHER)}{due}, {style.person(step.assignee)}"


def closes(style: Style, opp: Opportunity) -> list[str]:
    """Said so that it stays true on a card that nobody touches for a week."""
    if not opp.expected_close:
        return []
    day = style.day(opp.expected_close)
    return [f"overdue since {day}" if opp.overdue else f"closes {day}"]


def _won(style: Style, opp: Opportunity) -> str:
    price = opp.final_value or opp.value
    paid = f" for {style.money(price)}" if price else ""
    days = _days_open(style, opp)
    after = f" after {counted(days, 'day')}" if days > 0 else ""
    return f"{style.named(Status.WON)} on {_closed_on(style, opp)}{paid}{after}"


def _days_open(style: Style, opp: Opportunity) -> int:
    """From its making to its closing, by the calendar of the workspace."""
    closed_on = opp.closed_on or style.local(opp.status_since)
    return (closed_on - style.local(opp.created_at)).days


def _lost(style: Style, opp: Opportunity, *, brief: bool) -> str:
    why = f": {clip(opp.lost_reason, 80)}" if opp.lost_reason else ""
    said = "" if brief else " ".join(opp.lost_note.split())
    note = f". {clip(said, 300)}" if said else ""
    return f"{style.named(Status.LOST)} on {_closed_on(style, opp)}{why}{note}"


def _closed_on(style: Style, opp: Opportunity) -> str:
    return style.day(opp.closed_on or style.local(opp.status_since))


def _paused(style: Style, opp: Opportunity, *, brief: bool) -> str:
    """What comes back within days has a colour, and its day of the week."""
    soon = returning(style, opp)
    dot = f"{style.dot(Health.AMBER)} " if soon else ""
    until = " without a date"
    if opp.paused_until:
        until = f" until {(style.weekday if soon else style.day)(opp.paused_until)}"
    by = f", by {style.person(opp.status_by)}" if opp.status_by and not brief else ""
    return f"{dot}{style.named(Status.PAUSED)} in {style.named(opp.stage)}{until}{by}"


def _buttons(style: Style, opp: Opportunity) -> list[Json]:
    details = button("Details", Action.OPPORTUNITY_OPEN, Ref(opp.number))
    if opp.archived_at:
        return [actions(details)]
    if opp.status.is_closed:
        return [actions(reopen(opp), *take(opp), details)]
    if opp.status is Status.PAUSED:
        lost = press(opp, Status.LOST, style.label(Status.LOST), spoken="Mark it lost")
        return [actions(resume(opp), lost, *take(opp), details)]
    stages = [_stage(style, opp, to) for to in (*STAGES, Status.WON)]
    return [
        actions(*stages),
        actions(log_activity(opp.number), add_task(opp.number), *take(opp), details),
    ]


def log_activity(number: int | None = None, contact_id: int | None = None) -> ButtonElement:
    """**Log activity**, with its context."""
    return button("Log activity", Action.ACTIVITY_LOG, LogFor(number, contact_id))


def add_task(number: int) -> ButtonElement:
    return button("Add task", Action.TASK_NEW, NewTask(number))


def add_step(number: int) -> ButtonElement:
    """The same, offered where an open deal has no task."""
    return button("Add next step", Action.TASK_NEW, NewTask(number))


def _stage(style: Style, opp: Opportunity, to: Status) -> ButtonElement:
    label = style.label(to)
    if to is opp.status:
        return press(opp, to, f"✓ {label}", spoken=f"{label}, where it is now")
    spoken = "Mark it won" if to is Status.WON else f"Move it to {label}"
    return press(opp, to, label, spoken=spoken)


def press(opp: Opportunity, to: Status, label: str, *, spoken: str | None = None) -> ButtonElement:
    """A status button; it carries the status that it was drawn from."""
    payload = Press(opp.number, to, seen=opp.status)
    return button(label, f"{Action.STATUS_PRESS}:{to}", payload, spoken=spoken)


def take(opp: Opportunity) -> list[ButtonElement]:
    """**Take it**, while it is nobody's."""
    if opp.owner or opp.archived_at:
        return []
    return [button("Take it", Action.OPPORTUNITY_TAKE, Ref(opp.number), spoken="Become its owner")]


def resume(opp: Opportunity) -> ButtonElement:
    """What a menu offers too; a stage button it is not, since it asks no stage."""
    choice = Choice(Verb.RESUME, opp.number, opp.status)
    return button("Resume", f"{Action.OPPORTUNITY_MENU}:resume", choice)


def reopen(opp: Opportunity) -> ButtonElement:
    choice = Choice(Verb.REOPEN, opp.number, opp.status)
    return button("Reopen", f"{Action.OPPORTUNITY_MENU}:reopen", choice)


def _choices(style: Style, opp: Opportunity) -> list[Option]:
    if opp.archived_at:
        return []
    verbs = [Verb.EDIT]
    if not opp.status.is_closed:
        verbs.append(Verb.CLOSE_DATE)
    if opp.status.is_stage:
        verbs += [Verb.PAUSE, Verb.LOST]
    return [*undo_choice(style, opp), *(choice(style, opp, verb) for verb in verbs)]


def undo_choice(style: Style, opp: Opportunity) -> list[Option]:
    """**Undo last change**, while it is offered."""
    if not undoable(style, opp) or not opp.undo:
        return []
    payload = Choice(Verb.UNDO, opp.number, history_id=opp.undo.history_id)
    return [option("Undo last change", payload.dump())]


def undoable(style: Style, opp: Opportunity) -> bool:
    return opp.undo is not None and style.now < opp.undo.until


def choice(style: Style, opp: Opportunity, verb: Verb, *, to: Status | None = None) -> Option:
    """One entry of a ⋯ menu; `to` is the stage that Verb.MOVE leads to."""
    labels = {
        Verb.MOVE: f"Move to {style.label(to)}" if to else "",
        Verb.WON: f"{style.label(Status.WON)}…",
        Verb.RESUME: "Resume",
        Verb.REOPEN: "Reopen",
        Verb.EDIT: "Edit",
        Verb.CLOSE_DATE: "Change close date",
        Verb.PAUSE: "Pause",
        Verb.LOST: style.label(Status.LOST),
        Verb.STATUS: "Change status",
        Verb.TASK: "Add task",
        Verb.DETAILS: "Details",
        Verb.SUMMARY: "Send me a summary",
        Verb.ARCHIVE: "Archive",
        Verb.RESTORE: "Restore",
    }
    return option(labels[verb], Choice(verb, opp.number, opp.status, to).dump())
