"""An activity: its message in the thread of its deal, and what is said after it was logged."""

from typing import Any

from slack_sdk.models.blocks import Option

from handlers.activity.ids import ActivityChoice
from handlers.ids import Action, ContactId, Ref, Verb
from handlers.views.blocks import Json, Message, button, context, menu, option, section
from handlers.views.confirm import said
from handlers.views.opportunity.card import add_step
from handlers.views.task.task import from_message
from handlers.views.text import DAY_AND_CLOCK, DOT, Style, clip, instant, parts
from store.activity import Activity, ActivityKind

NOUNS = {
    ActivityKind.CALL: "a call",
    ActivityKind.EMAIL: "an email",
    ActivityKind.MEETING: "a meeting",
    ActivityKind.NOTE: "a note",
    ActivityKind.OTHER: "an activity",
}
_PART, _PARTS = 2_600, 3
"""What may be 3,000 characters is 15,000 when all of them are &: then the end is left out."""
_LINE = 300
_OTHER = 200
_NAME, _SHORT = 60, 150
"""A name, and what was done, on a line that also says what it is about."""


def message(style: Style, activity: Activity) -> Message:
    """In the thread: what was done, by whom and when; struck through once it was deleted."""
    if activity.deleted_at:
        struck = deleted(style, activity)
        return Message(struck, [section(struck)])
    first, *more = parts(activity.what, _PART, _PARTS)
    head = f"*{activity.kind.label}*{DOT}{style.person(activity.by)}"
    choices = menu(f"{Action.ACTIVITY_MENU}:{activity.id}", doings(activity))
    return Message(
        sentence(style, activity),
        [
            section(f"{head}\n{first}", choices),
            *(section(part) for part in more),
            context(_about(activity)),
        ],
    )


def _about(activity: Activity) -> str:
    """When, with whom, and the message that it was made from."""
    facts = [instant(activity.at, DAY_AND_CLOCK)]
    facts += [f"with {clip(activity.contact.title, _OTHER)}"] if activity.contact else []
    facts += [f"from {from_message(activity.source)}"] if activity.source else []
    facts += ["edited"] if activity.edited_at else []
    return DOT.join(facts)


def sentence(style: Style, activity: Activity) -> str:
    """`Alice logged a call: Wants 3 more seats`, on one line."""
    what = clip(" ".join(activity.what.split()), _LINE)
    return f"{style.person(activity.by)} logged {NOUNS[activity.kind]}: {what}"


def brief(style: Style, activity: Activity) -> str:
    """The same, with what it is about, where that is not in sight."""
    what = clip(" ".join(activity.what.split()), _SHORT)
    about = ""
    if activity.deal:
        about = f" on *{clip(activity.deal.name, _NAME)}* #{activity.deal.number}"
    elif activity.contact:
        about = f" with {clip(activity.contact.title, _NAME)}"
    return f"{style.person(activity.by)} logged {NOUNS[activity.kind]}{about}: {what}"


def deleted(style: Style, activity: Activity) -> str:
    """Struck through, with who deleted it."""
    return f"~{sentence(style, activity)}~ deleted by {style.person(activity.deleted_by)}"


def doings(activity: Activity, *, details: bool = False) -> list[Option]:
    """What its menu offers; `details` are those of its deal, where that is not in sight."""
    labels = [("Edit", Verb.EDIT), ("Delete", Verb.DELETE)]
    choices = [option(label, ActivityChoice(verb, activity.id).dump()) for label, verb in labels]
    return [*opening(activity), *choices] if details else choices


def opening(activity: Activity) -> list[Option]:
    """**Details**, of its deal, if it has one."""
    if activity.deal is None:
        return []
    choice = ActivityChoice(Verb.DETAILS, activity.id, activity.deal.number)
    return [option("Details", choice.dump())]


def about(activity: Activity) -> str:
    """`a call on *Acme renewal*`, `a call with *Jane Doe, Acme Ltd*`, `a call`."""
    if activity.deal:
        return f"{NOUNS[activity.kind]} on *{clip(activity.deal.name, 400)}*"
    if activity.contact:
        return f"{NOUNS[activity.kind]} with *{clip(activity.contact.title, 400)}*"
    return NOUNS[activity.kind]


def logged(activity: Activity, *, stepless: bool) -> Message:
    """The private confirmation; `stepless` when its deal is open and has no next step."""
    step = [add_step(activity.deal.number)] if stepless and activity.deal else []
    return said(f"Logged {about(activity)}.", *step, *_details(activity))


def saved(activity: Activity) -> Message:
    return said(f"Saved {about(activity)}.", *_details(activity))


def gone(activity: Activity) -> Message:
    return said(f"Deleted {about(activity)}.")


def _details(activity: Activity) -> list[Any]:
    if activity.deal:
        return [button("Details", Action.OPPORTUNITY_OPEN, Ref(activity.deal.number))]
    if activity.contact:
        return [button("Details", Action.CONTACT_OPEN, ContactId(activity.contact.id))]
    return []


def preview(style: Style, activity: Activity) -> Json:
    """What is asked about: enough of it to know which one it is."""
    about = f"*{activity.kind.label}*{DOT}{style.person(activity.by)}"
    about += f"{DOT}{instant(activity.at, DAY_AND_CLOCK)}"
    return section(f"{about}\n{clip(activity.what, 1_000)}")
