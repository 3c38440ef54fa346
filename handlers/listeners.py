"""The table of contents: everything that is listened to, and by whom."""

import re
from typing import TYPE_CHECKING

from slack_bolt.async_app import AsyncApp

from handlers.ids import Action, Callback, Command, Shortcut, pattern
from handlers.later import Later
from handlers.listening import Kind, Listener, answered, stale_button
from handlers.services import Services

if TYPE_CHECKING:
    from handlers import contact, figures, pipeline, workspace
    from handlers.activity import activity
    from handlers.activity import index as activity_index
    from handlers.attention import attention
    from handlers.digest import digest
    from handlers.digest import opening as digest_opening
    from handlers.opportunity import opening, opportunity, status
    from handlers.person import home, owner
    from handlers.settings import settings
    from handlers.slack import mention, message, shortcut, slack
    from handlers.task import doing as task_doing
    from handlers.task import index as task_index
    from handlers.task import task
else:
    activity = Later("activity.activity")
    activity_index = Later("activity.index")
    attention = Later("attention.attention")
    contact = Later("contact")
    digest = Later("digest.digest")
    digest_opening = Later("digest.opening")
    figures = Later("figures")
    opening = Later("opportunity.opening")
    opportunity = Later("opportunity.opportunity")
    status = Later("opportunity.status")
    home = Later("person.home")
    owner = Later("person.owner")
    pipeline = Later("pipeline")
    settings = Later("settings.settings")
    mention = Later("slack.mention")
    message = Later("slack.message")
    shortcut = Later("slack.shortcut")
    slack = Later("slack.slack")
    task_doing = Later("task.doing")
    task_index = Later("task.index")
    task = Later("task.task")
    workspace = Later("workspace")

COMMANDS: dict[Command, Listener] = {
    Command.DEALTHREAD: workspace.command,
    Command.OPP: opportunity.command,
    Command.CONTACT: contact.command,
    Command.PIPELINE: pipeline.command,
    Command.TASK: task_index.command,
    Command.ACTIVITY: activity.command,
}

PRESSES: dict[Action, Listener] = {
    Action.STATUS_PRESS: status.press,
    Action.STATUS_UNDO: status.undo,
    Action.STATUS_CHOOSE: status.choose,
    Action.OPPORTUNITY_OPEN: opportunity.open_page,
    Action.OPPORTUNITY_MENU: opportunity.menu,
    Action.OPPORTUNITY_EDIT: opportunity.edit,
    Action.OPPORTUNITY_NEW: opportunity.new,
    Action.OPPORTUNITY_TAB: opportunity.tab,
    Action.OPPORTUNITY_TAKE: owner.take,
    Action.MINE_PAGE: opportunity.turn,
    Action.CONTACT_OPEN: contact.open_page,
    Action.CONTACT_NEW: contact.new,
    Action.CONTACT_EDIT: contact.edit,
    Action.CONTACT_MENU: contact.menu,
    Action.CONTACT_TAB: contact.tab,
    Action.CONTACT_PAGE: contact.turn,
    Action.BOARD_OWNER: pipeline.owner,
    Action.BOARD_SORT: pipeline.sort,
    Action.BOARD_FILTER: pipeline.filter_form,
    Action.BOARD_REFRESH: pipeline.refresh,
    Action.BOARD_TURN: pipeline.turn,
    Action.BOARD_POST: pipeline.post,
    Action.DIGEST_OPEN: digest_opening.open_form,
    Action.DIGEST_NEW: digest_opening.new,
    Action.DIGEST_MENU: digest.menu,
    Action.DIGEST_SCHEDULE: digest_opening.redraw,
    Action.FIGURES_OPEN: figures.open_page,
    Action.FIGURES_SPAN: figures.span,
    Action.TASK_NEW: task.new,
    Action.TASK_OPEN: task.open_page,
    Action.TASK_DONE: task_doing.done,
    Action.TASK_REOPEN: task_doing.reopen,
    Action.TASK_SNOOZE: task_doing.snooze,
    Action.TASK_EDIT: task.edit,
    Action.TASK_STOP: task_doing.stop,
    Action.TASK_MENU: task_doing.menu,
    Action.TASK_LIST: task_index.turn,
    Action.TASK_FILTER: task_index.filter_form,
    Action.ACTIVITY_LOG: activity.log,
    Action.ACTIVITY_MENU: activity.menu,
    Action.ACTIVITY_PERSON: activity_index.person,
    Action.ACTIVITY_KIND: activity_index.kind,
    Action.ACTIVITY_PERIOD: activity_index.period,
    Action.ACTIVITY_FILTER: activity_index.filter_,
    Action.ACTIVITY_TURN: activity_index.turn,
    Action.ATTENTION_SNOOZE: attention.snooze,
    Action.ATTENTION_STOP: attention.stop,
    Action.WORKSPACE_SETUP: workspace.set_up,
    Action.WORKSPACE_SETTINGS: settings.open_page,
    Action.WORKSPACE_HELP: workspace.help_,
    Action.SETTINGS_EDIT: settings.edit,
    Action.SETTINGS_RESET: settings.ask_reset,
    Action.SETTINGS_CHANNEL: settings.channel,
    Action.HANDOVER_ASK: owner.ask_handover,
    Action.FORM_CONTACT: contact.chosen,
    Action.FORM_DEAL: opportunity.nothing,
    Action.FORM_ZONE: digest_opening.redraw,
    Action.FORM_CHANNEL: opening.redraw,
}

SUGGESTIONS: dict[Action, Listener] = {
    Action.FORM_CONTACT: contact.options,
    Action.FORM_DEAL: opportunity.options,
    Action.FORM_ZONE: digest_opening.zones,
}

SHORTCUTS: dict[Shortcut, Listener] = {
    Shortcut.OPPORTUNITY: shortcut.opportunity,
    Shortcut.CONTACT: contact.blank,
    Shortcut.TASK: shortcut.new_task,
    Shortcut.ACTIVITY: shortcut.log_activity,
    Shortcut.MESSAGE_OPPORTUNITY: shortcut.opportunity_of_message,
    Shortcut.MESSAGE_TASK: shortcut.task_of_message,
    Shortcut.MESSAGE_ACTIVITY: shortcut.activity_of_message,
}

FORMS: dict[Callback, Listener] = {
    Callback.OPPORTUNITY_CREATE: opening.created,
    Callback.OPPORTUNITY_SAVE: opening.edited,
    Callback.OPPORTUNITY_PAGE: opportunity.nothing,
    Callback.OPPORTUNITY_RESCHEDULE: opportunity.rescheduled,
    Callback.OPPORTUNITY_ARCHIVE: opportunity.archived,
    Callback.STATUS_CHANGE: status.chosen,
    Callback.STATUS_WIN: status.win,
    Callback.STATUS_LOSE: status.lose,
    Callback.STATUS_PAUSE: status.pause,
    Callback.STATUS_REOPEN: status.reopened,
    Callback.CONTACT_CREATE: contact.created,
    Callback.CONTACT_SAVE: contact.saved,
    Callback.CONTACT_PAGE: opportunity.nothing,
    Callback.CONTACT_ARCHIVE: contact.archived,
    Callback.BOARD_FILTER: pipeline.filtered,
    Callback.DIGEST_CREATE: digest.created,
    Callback.DIGEST_SAVE: digest.saved,
    Callback.DIGEST_DELETE: digest.deleted,
    Callback.FIGURES_PAGE: opportunity.nothing,
    Callback.TASK_CREATE: task.created,
    Callback.TASK_SAVE: task.saved,
    Callback.TASK_SNOOZE: task_doing.snoozed,
    Callback.TASK_PAGE: opportunity.nothing,
    Callback.TASK_FILTER: task_index.filtered,
    Callback.ACTIVITY_LOG: activity.logged,
    Callback.ACTIVITY_SAVE: activity.edited,
    Callback.ACTIVITY_DELETE: activity.deleted,
    Callback.ACTIVITY_FILTER: activity_index.filtered,
    Callback.ATTENTION_SNOOZE: attention.snoozed,
    Callback.WORKSPACE_SAVE: workspace.saved,
    Callback.SETTINGS_PAGE: opportunity.nothing,
    Callback.SETTINGS_GENERAL: settings.general_saved,
    Callback.SETTINGS_STAGES: settings.stages_saved,
    Callback.SETTINGS_REASONS: settings.reasons_saved,
    Callback.SETTINGS_ARCHIVING: settings.archiving_saved,
    Callback.SETTINGS_RESET: settings.reset,
    Callback.SETTINGS_CHANNEL: settings.channel_saved,
    Callback.HANDOVER_DO: owner.handed_over,
    Callback.NOTICE: opportunity.nothing,
}

EVENTS: dict[str, Listener] = {
    "app_home_opened": home.opened,
    "app_mention": mention.mentioned,
    "message": message.heard,
    "user_change": slack.person_changed,
    "member_joined_channel": slack.member_joined,
    "member_left_channel": slack.member_left,
    "channel_left": slack.channel_left,
    "group_left": slack.channel_left,
    "channel_id_changed": slack.channel_renumbered,
    "channel_rename": slack.channel_changed,
    "group_rename": slack.channel_changed,
    "channel_shared": slack.channel_changed,
    "channel_unshared": slack.channel_changed,
    "app_uninstalled": slack.uninstalled,
    "tokens_revoked": slack.token_revoked,
}

ANYTHING = re.compile(".*")


def load() -> None:
    """Loads all of them, when there is time: else the first of each would be a little slower."""
    for module in [one for one in globals().values() if isinstance(one, Later)]:
        module.load()


def register(app: AsyncApp, services: Services) -> None:
    """Tells Bolt who listens to what. What nobody listens to is answered too: a button of another
    version with a sentence, an event with "ok", so that Slack does not count it as a failure.
    """
    for command, listener in COMMANDS.items():
        name = f"/{services.prefix}{command.removeprefix('/')}"
        app.command(name)(answered(Kind.COMMAND, listener, services))
    for action, listener in PRESSES.items():
        app.action(pattern(action))(answered(Kind.PRESS, listener, services))
    for action, listener in SUGGESTIONS.items():
        app.options(pattern(action))(answered(Kind.SUGGESTION, listener, services))
    for name, listener in SHORTCUTS.items():
        app.shortcut(name)(answered(Kind.SHORTCUT, listener, services))
    for callback, listener in FORMS.items():
        app.view(callback)(answered(Kind.SUBMISSION, listener, services))
    for event, listener in EVENTS.items():
        app.event(event)(answered(Kind.EVENT, listener, services))
    app.action(ANYTHING)(answered(Kind.PRESS, stale_button, services))
    app.shortcut(ANYTHING)(answered(Kind.SHORTCUT, stale_button, services))
    app.view(ANYTHING)(answered(Kind.SUBMISSION, stale_button, services))
    app.event(ANYTHING)(answered(Kind.EVENT, opportunity.nothing, services))
