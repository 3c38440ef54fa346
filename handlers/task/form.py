"""The forms of a task as they were sent: typed answers, or a sentence for each field."""

from datetime import datetime, time

from handlers.form.entered import Answers, Values
from handlers.payload import StaleButton
from handlers.views.inputs import read_contact, read_deal
from handlers.views.task.form import LATER, PICKED
from store.person.person import Actor
from store.task.task import Due, TaskDraft, later_today


def task(values: Values, actor: Actor) -> TaskDraft:
    """A day and an hour are meant as `actor`, in their zone, says them."""
    read = Answers(values)
    draft = TaskDraft(
        title=read.text("title"),
        assignee_id=read.text("assignee_id") or None,
        due=_due(read, actor),
        notes=read.text("notes"),
        number=read_deal(read.text("number")),
        contact_id=read_contact(read.text("contact_id"))[0],
    )
    return read.agreed(draft.checked)


def _due(read: Answers, actor: Actor) -> Due | None:
    day, hour = read.day("due_on"), read.hour("due_hour")
    if day is None:
        if hour is not None:
            read.wrong.setdefault("due_on", "Choose a day for that time.")
        return None
    return Due.of(day, hour, actor.zone)


def snooze(values: Values, hour: str, actor: Actor, now: datetime) -> Due:
    """Until when; a day keeps the hour that the task has."""
    read = Answers(values)
    when = read.text("when") or PICKED
    if when == LATER:
        return later_today(now, actor.zone)
    day = read.required_day("due_on" if when == PICKED else "when")
    return read.agreed(lambda: Due.of(day, _kept(hour), actor.zone))


def _kept(hour: str) -> time | None:
    """What rides with the form is a claim too."""
    try:
        return time.fromisoformat(hour).replace(tzinfo=None) if hour else None
    except ValueError:
        raise StaleButton from None
