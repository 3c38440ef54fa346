"""Every command, action, callback and option list, and the payload that rides with each.

Ids are `noun.verb` and never change once shipped. Slack wants action ids unique within a message,
so an id may carry `:suffix` to tell twins apart; the data is always in the payload.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from handlers.payload import Payload
from store.opportunity.status import Status
from store.opportunity.timeline import Part


class Command(StrEnum):
    DEALTHREAD = "/dealthread"
    OPP = "/opp"
    CONTACT = "/contact"
    PIPELINE = "/pipeline"
    TASK = "/task"
    ACTIVITY = "/activity"


class Shortcut(StrEnum):
    """From anywhere, or on a message; Slack sends which one by its callback id."""

    OPPORTUNITY = "opportunity.shortcut"
    CONTACT = "contact.shortcut"
    TASK = "task.shortcut"
    ACTIVITY = "activity.shortcut"
    MESSAGE_OPPORTUNITY = "opportunity.message"
    MESSAGE_TASK = "task.message"
    MESSAGE_ACTIVITY = "activity.message"


class Action(StrEnum):
    STATUS_PRESS = "status.press"  # Press: a status button, and "Do it anyway"
    STATUS_UNDO = "status.undo"  # Undo
    STATUS_CHOOSE = "status.choose"  # Ref: "Change status" on the page
    OPPORTUNITY_OPEN = "opportunity.open"  # Ref: "Details"
    OPPORTUNITY_MENU = "opportunity.menu"  # overflow of Choice: the card's, board row's, page's
    OPPORTUNITY_EDIT = "opportunity.edit"  # Ref
    OPPORTUNITY_NEW = "opportunity.new"  # NewFor
    OPPORTUNITY_TAB = "opportunity.tab"  # Tab
    OPPORTUNITY_TAKE = "opportunity.take"  # Ref: "Take it", while nobody owns it
    CONTACT_OPEN = "contact.open"  # ContactId
    CONTACT_NEW = "contact.new"  # Words
    CONTACT_EDIT = "contact.edit"  # ContactId
    CONTACT_MENU = "contact.menu"  # overflow of ContactChoice
    CONTACT_TAB = "contact.tab"  # ContactTab
    CONTACT_PAGE = "contact.page"  # ListPage: Previous and Next of the contact list
    MINE_PAGE = "opportunity.page"  # ListPage: Previous and Next of my, or the found, opportunities
    BOARD_OWNER = "board.owner"  # users or static select on the board
    BOARD_SORT = "board.sort"  # static select, option value is a Sort
    BOARD_FILTER = "board.filter"  # BoardState
    BOARD_REFRESH = "board.refresh"  # BoardState
    BOARD_TURN = "board.turn"  # BoardState: Previous and Next, the page it leads to
    BOARD_POST = "board.post"  # BoardState: "Post it here"
    DIGEST_OPEN = "digest.open"  # DigestId: "Edit", "Settings"
    DIGEST_NEW = "digest.new"  # NewDigest: "Add digest"
    DIGEST_MENU = "digest.menu"  # overflow of DigestChoice: a row's of the list
    DIGEST_SCHEDULE = "digest.schedule"  # a field of its form that says when it comes
    FIGURES_OPEN = "figures.open"  # no payload: "Figures" in Home
    FIGURES_SPAN = "figures.span"  # static select, option value is a Span
    TASK_NEW = "task.new"  # NewTask: "Add task", "Add next step"
    TASK_OPEN = "task.open"  # TaskId: "Details"
    TASK_DONE = "task.done"  # TaskId
    TASK_REOPEN = "task.reopen"  # TaskId
    TASK_SNOOZE = "task.snooze"  # TaskId
    TASK_EDIT = "task.edit"  # TaskId
    TASK_STOP = "task.stop"  # TaskId: no more reminders
    TASK_MENU = "task.menu"  # overflow of TaskChoice: a row's
    TASK_LIST = "task.list"  # TaskList: Previous, Next, the selects above a list
    TASK_FILTER = "task.filter"  # TaskList
    ACTIVITY_LOG = "activity.log"  # LogFor
    ACTIVITY_MENU = "activity.menu"  # overflow of ActivityChoice: its message's, its row's
    ACTIVITY_PERSON = "activity.person"  # static select of the index
    ACTIVITY_KIND = "activity.kind"  # static select, option value is an ActivityKind
    ACTIVITY_PERIOD = "activity.period"  # static select, option value is a Period
    ACTIVITY_FILTER = "activity.filter"  # ActivityList
    ACTIVITY_TURN = "activity.turn"  # ActivityList: Newest and Older, the page it leads to
    ATTENTION_SNOOZE = "attention.snooze"  # static select of Snoozing
    ATTENTION_STOP = "attention.stop"  # Stopping
    WORKSPACE_SETUP = "workspace.setup"  # no payload: "Set up"
    WORKSPACE_SETTINGS = "workspace.settings"  # no payload: "Settings"
    WORKSPACE_HELP = "workspace.help"  # no payload: "Help"
    SETTINGS_EDIT = "settings.edit"  # SettingsGroup
    SETTINGS_RESET = "settings.reset"  # SettingsGroup: "Reset"
    SETTINGS_CHANNEL = "settings.channel"  # ChannelId, or the select of channels on the page
    HANDOVER_ASK = "handover.ask"  # Giver: "Hand over"
    FORM_CONTACT = "form.contact"  # the external select of contacts, here and in the board's filter
    FORM_DEAL = "form.deal"  # the external select of opportunities
    FORM_ZONE = "form.zone"  # the external select of time zones
    FORM_CHANNEL = "form.channel"  # where the card goes; the form then says who will see it


class Callback(StrEnum):
    OPPORTUNITY_CREATE = "opportunity.create"  # Origin
    OPPORTUNITY_SAVE = "opportunity.save"  # Editing
    OPPORTUNITY_PAGE = "opportunity.page"  # Ref
    OPPORTUNITY_RESCHEDULE = "opportunity.reschedule"  # Asking
    OPPORTUNITY_ARCHIVE = "opportunity.archive"  # Asking
    STATUS_CHANGE = "status.change"  # Asking: a stage or "Won…" chosen in a form
    STATUS_WIN = "status.win"  # Asking
    STATUS_LOSE = "status.lose"  # Asking
    STATUS_PAUSE = "status.pause"  # Asking
    STATUS_REOPEN = "status.reopen"  # Asking
    CONTACT_CREATE = "contact.create"  # Origin
    CONTACT_SAVE = "contact.save"  # EditingContact
    CONTACT_PAGE = "contact.page"  # ContactId
    CONTACT_ARCHIVE = "contact.archive"  # EditingContact
    BOARD_FILTER = "board.filter"  # BoardState
    DIGEST_CREATE = "digest.create"  # EditingDigest
    DIGEST_SAVE = "digest.save"  # EditingDigest
    DIGEST_DELETE = "digest.delete"  # DeletingDigest
    FIGURES_PAGE = "figures.page"  # no payload
    TASK_CREATE = "task.create"  # TaskOrigin
    TASK_SAVE = "task.save"  # EditingTask
    TASK_SNOOZE = "task.snooze"  # SnoozingTask
    TASK_PAGE = "task.page"  # TaskId
    TASK_FILTER = "task.filter"  # TaskOrigin
    ACTIVITY_LOG = "activity.log"  # Logging
    ACTIVITY_SAVE = "activity.save"  # EditingActivity
    ACTIVITY_DELETE = "activity.delete"  # EditingActivity
    ACTIVITY_FILTER = "activity.filter"  # ActivityList
    ATTENTION_SNOOZE = "attention.snooze"  # SnoozingUntil
    WORKSPACE_SAVE = "workspace.save"  # Origin
    SETTINGS_PAGE = "settings.page"  # no payload
    SETTINGS_GENERAL = "settings.general"  # EditingSettings
    SETTINGS_STAGES = "settings.stages"  # EditingSettings
    SETTINGS_REASONS = "settings.reasons"  # EditingSettings
    SETTINGS_ARCHIVING = "settings.archiving"  # EditingSettings
    SETTINGS_RESET = "settings.reset"  # EditingSettings
    SETTINGS_CHANNEL = "settings.channel"  # EditingChannel
    HANDOVER_DO = "handover.do"  # HandingOver
    NOTICE = "notice"  # a modal that only says something


class Verb(StrEnum):
    """What a menu offers."""

    UNDO = "undo"
    EDIT = "edit"
    CLOSE_DATE = "close"
    PAUSE = "pause"
    RESUME = "resume"
    LOST = "lost"
    WON = "won"
    REOPEN = "reopen"
    MOVE = "move"
    STATUS = "status"
    TASK = "task"
    DETAILS = "details"
    POST_CARD = "post"
    SUMMARY = "summary"
    ARCHIVE = "archive"
    RESTORE = "restore"
    DELETE = "delete"


class View(StrEnum):
    """The tabs of the pages."""

    OVERVIEW = "overview"
    TIMELINE = "timeline"
    OPPORTUNITIES = "opportunities"
    TASKS = "tasks"
    ACTIVITIES = "activities"


@dataclass(frozen=True, slots=True)
class Ref(Payload):
    number: int


@dataclass(frozen=True, slots=True)
class Press(Payload):
    """`seen` is the status that the button was drawn from; None is "Do it anyway"."""

    number: int
    to: Status
    seen: Status | None = None


@dataclass(frozen=True, slots=True)
class Undo(Payload):
    number: int
    history_id: int


@dataclass(frozen=True, slots=True)
class Choice(Payload):
    """An option of an opportunity's menu; `to` for MOVE, `history_id` for UNDO."""

    verb: Verb
    number: int
    seen: Status | None = None
    to: Status | None = None
    history_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewFor(Payload):
    """Opens the form with this contact chosen, or this name filled in."""

    contact_id: int | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class NewTask(Payload):
    """Opens the form of a task with this opportunity, or this contact, chosen."""

    number: int | None = None
    contact_id: int | None = None


@dataclass(frozen=True, slots=True)
class TaskId(Payload):
    id: int


@dataclass(frozen=True, slots=True)
class Tab(Payload):
    """On the timeline: `only` one kind of row, `at` (microseconds since 1970), `part` and `id` of
    the row that its page starts below.
    """

    number: int
    tab: View
    only: Part | None = None
    at: int | None = None
    part: Part | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class ContactId(Payload):
    id: int


@dataclass(frozen=True, slots=True)
class ContactTab(Payload):
    """`after` is where a page of opportunities starts, or the activity that a page of those starts
    below, which was done at `at` (microseconds since 1970).
    """

    id: int
    tab: View
    after: int | None = None
    at: int | None = None


@dataclass(frozen=True, slots=True)
class ContactChoice(Payload):
    verb: Verb
    id: int


@dataclass(frozen=True, slots=True)
class Words(Payload):
    words: str | None = None


@dataclass(frozen=True, slots=True)
class ListPage(Payload):
    """A page of a private list: the words it was found by (None: my own), and where it starts."""

    words: str | None
    offset: int


@dataclass(frozen=True, slots=True)
class Origin(Payload):
    """Where a form was opened: its answer goes back to that channel. `told` is what the person was
    warned of, so that they are warned once; `page` the contact's page that it was opened on.
    """

    channel_id: str | None = None
    told: str | None = None
    page: str | None = None
    contact_id: int | None = None


@dataclass(frozen=True, slots=True)
class Asking(Payload):
    """A question about one opportunity; `seen` as in Press, `page` when asked from its page."""

    number: int
    seen: Status | None = None
    channel_id: str | None = None
    page: str | None = None


@dataclass(frozen=True, slots=True)
class Editing(Payload):
    """An edit form: the newest line of history when it was filled, so that only changed fields are
    saved; `told` is the newest that the person was told of since.
    """

    number: int
    history_id: int
    channel_id: str | None = None
    page: str | None = None
    told: int | None = None


@dataclass(frozen=True, slots=True)
class EditingContact(Payload):
    """`was` are marks of the fields as the form was filled, in their order, `version` the newest
    that the person knows of, `told` whom they were warned of.
    """

    id: int
    version: int
    page: str | None = None
    told: str | None = None
    was: str = ""


class Note(StrEnum):
    """Why a board is shown to one person where it was to be posted."""

    DIRECT = "direct"
    ABSENT = "absent"
    SHARED = "shared"


@dataclass(frozen=True, slots=True)
class BoardState(Payload):
    """A board and the page meant: `board_id` of a posted one, `query` as `dump_query` makes it;
    `channel_id` is where its filter was asked for, `can_post` that a copy offers **Post it here**,
    `note` why it was shown privately, `beside` that it leaves the message that opens it in place.
    """

    board_id: int | None
    query: str
    channel_id: str | None = None
    can_post: bool | None = None
    note: Note | None = None
    beside: bool | None = None


def pattern(action: Action) -> re.Pattern[str]:
    """Matches the id with or without its `:suffix`."""
    return re.compile(rf"^{re.escape(action)}(:.*)?$")
