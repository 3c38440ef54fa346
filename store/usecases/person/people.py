"""People as their profiles say, kept so that names are plain text and roles are at hand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from store.errors import Invalid
from store.person.person import Actor, Person, Role
from store.tables.dialect import insert
from store.tables.records import MemberRow, PersonRow
from store.text import fold
from store.usecases.attention import rounds
from store.usecases.task import reminders

FRESH_FOR = timedelta(hours=24)
"""A profile is read anew after that, in case a `user_change` was missed."""

_NAMED = select(PersonRow.user_id, PersonRow.name).where(
    PersonRow.workspace_id == bindparam("team"),
    PersonRow.user_id.in_(bindparam("people", expanding=True)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    workspace_id: str
    user_id: str
    name: str
    tz: str = "UTC"
    locale: str = ""
    """Empty where Slack doesn't say: what was known stays."""
    role: Role = Role.MEMBER
    admin: bool = False
    deactivated: bool = False


def know(session: Session, profile: Profile, now: datetime) -> None:
    """Keeps a profile as just read. What they are to be told in the morning comes in the morning of
    their new zone.
    """
    before = session.scalar(
        select(PersonRow.tz).where(
            PersonRow.workspace_id == profile.workspace_id, PersonRow.user_id == profile.user_id
        )
    )
    values = {
        "name": profile.name[:255],
        "tz": profile.tz,
        "locale": profile.locale,
        "role": profile.role,
        "admin": profile.admin,
        "deactivated": profile.deactivated,
        "read_at": now,
    }
    keys = {"workspace_id": profile.workspace_id, "user_id": profile.user_id}
    news = {name: value for name, value in values.items() if name != "locale" or value}
    session.execute(
        insert(session, PersonRow)
        .values(keys | values)
        .on_conflict_do_update(index_elements=list(keys), set_=news)
    )
    if before not in (None, profile.tz):
        about = (session, profile.workspace_id, profile.user_id, profile.tz, now)
        reminders.follow_zone(*about)
        rounds.follow_zone(*about)


def actor(session: Session, workspace_id: str, user_id: str, now: datetime) -> Actor | None:
    """The person who acts, if their profile is known and not too old."""
    row = session.get(PersonRow, (workspace_id, user_id))
    if row is None or now - row.read_at > FRESH_FOR:
        return None
    return looker(session, workspace_id, user_id)


def looker(session: Session, workspace_id: str, user_id: str) -> Actor:
    """The person to whom something is shown, as last read; a reader, when never."""
    row = session.get(PersonRow, (workspace_id, user_id))
    if row is None:
        return Actor(workspace_id=workspace_id, id=user_id, name=user_id, role=Role.UNKNOWN)
    private = _private(session, workspace_id, user_id)
    return Actor(
        workspace_id=workspace_id,
        id=user_id,
        name=row.name,
        role=Role.OUTSIDER if row.deactivated else row.role,
        admin=row.admin,
        tz=row.tz,
        locale=row.locale or "en_GB",
        private_channels=frozenset(private),
    )


def _private(session: Session, workspace_id: str, user_id: str) -> Iterable[str]:
    """The private channels that somebody is in."""
    return session.scalars(
        select(MemberRow.channel_id).where(
            MemberRow.workspace_id == workspace_id, MemberRow.user_id == user_id
        )
    )


def stale(session: Session, workspace_id: str, user_id: str) -> None:
    """Forces the next use of this profile to read it anew."""
    session.execute(
        update(PersonRow)
        .where(PersonRow.workspace_id == workspace_id, PersonRow.user_id == user_id)
        .values(read_at=datetime.fromisoformat("2000-01-01T00:00:00+00:00"))
    )


def known(session: Session, workspace_id: str, user_id: str) -> bool:
    return session.get(PersonRow, (workspace_id, user_id)) is not None


def names(session: Session, workspace_id: str, ids: Iterable[str | None]) -> dict[str, Person]:
    """The people behind these ids; one whose profile was never read is called by the id."""
    wanted = {user_id for user_id in ids if user_id}
    if not wanted:
        return {}
    rows = session.connection().execute(_NAMED, {"team": workspace_id, "people": sorted(wanted)})
    read = {row.user_id: row.name for row in rows}
    return {user_id: Person(user_id, read.get(user_id, user_id)) for user_id in wanted}


def called(session: Session, workspace_id: str, words: str) -> list[Person]:
    """Who has that name, or that first name if nobody has it in full: Slack makes no mention of
    the deactivated, so they can only be named.
    """
    named = select(PersonRow.user_id, PersonRow.name).where(PersonRow.workspace_id == workspace_id)
    rows = [(Person(*row), fold(row.name)) for row in session.execute(named)]
    wanted = fold(words)
    whole = [person for person, name in rows if name == wanted]
    return whole or [person for person, name in rows if name.split(" ")[0] == wanted]


def must_be_member(session: Session, workspace_id: str, user_id: str, field: str) -> None:
    """Refuses guests, bots, people from elsewhere and the deactivated as owner or assignee."""
    row = session.get(PersonRow, (workspace_id, user_id))
    if row is None or row.deactivated or row.role is not Role.MEMBER:
        raise Invalid({field: "Choose a member of this workspace."})
