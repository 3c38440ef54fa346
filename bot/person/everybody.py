"""The people of a workspace, all at once: an import may name any of them as owner."""

import asyncio
from datetime import datetime

from slack_sdk.errors import SlackApiError
from sqlalchemy.orm import Session

from bot.errors import CannotRun
from bot.install.installed import Installed
from bot.person.directory import profile
from bot.settings import Settings
from bot.slack import FAILURES, Slack, Trouble, reason, retry_after, trouble
from store.database import Store
from store.usecases.person import people
from store.usecases.person.people import Profile

PAGE = 200
"""People on one page, as Slack recommends (docs.slack.dev/reference/methods/users.list)."""


async def learn(settings: Settings, store: Store, workspace_id: str, now: datetime) -> None:
    """Reads everybody's profile from Slack and keeps it."""
    token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else None
    key = settings.secret_key.get_secret_value() if settings.secret_key else None
    installed = Installed(store, lambda: now, token, key)
    slack = Slack(settings.slack_api_url, installed.token, installed.ready)
    try:
        await installed.start(slack)
        if workspace_id in installed.workspace_ids:
            await _learn(slack, store, workspace_id, now)
    except FAILURES as error:
        raise CannotRun(
            f"The file names people who aren't known yet, and Slack can't be asked for them "
            f"({reason(error)}). Try again, or write their IDs in a column Owner ID."
        ) from error
    finally:
        await slack.close()


async def _learn(slack: Slack, store: Store, workspace_id: str, now: datetime) -> None:
    cursor = ""
    while True:
        try:
            answer = await slack.client(workspace_id).users_list(
                limit=PAGE, cursor=cursor, include_locale=True
            )
        except SlackApiError as error:
            if trouble(error) is not Trouble.WAIT:
                raise
            # Twenty pages a minute: more people than those are on take several.
            await asyncio.sleep(retry_after(error))
            continue
        found = [profile(workspace_id, user) for user in answer["members"]]
        await store.write(_keep, found, now)
        cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return


def _keep(session: Session, profiles: list[Profile], now: datetime) -> None:
    for one in profiles:
        people.know(session, one, now)
