"""Two workspaces in one database, each full of what the other may not see."""

from dataclasses import replace
from datetime import UTC, datetime, time

from sqlalchemy.orm import Session

from store.activity import ActivityDraft
from store.board import Query
from store.comment import Reply
from store.contact import ContactDraft
from store.digest.digest import DigestDraft, Schedule
from store.money import Money
from store.opportunity.opportunity import OpportunityDraft
from store.person.person import Actor, Role
from store.settings.channels import ChannelSettings, Told
from store.task.task import TaskDraft
from store.usecases import contacts, workspaces
from store.usecases.activity import activities
from store.usecases.attention import words as attention_words
from store.usecases.card import cards, channels
from store.usecases.card.channels import Channel
from store.usecases.comment import comments
from store.usecases.digest import digests
from store.usecases.opportunity import opportunities
from store.usecases.person import people
from store.usecases.person.people import Profile
from store.usecases.pipeline import boards
from store.usecases.settings import channels as channel_settings
from store.usecases.settings import settings
from store.usecases.task import tasks
from store.usecases.workspaces import Identity

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINE, THEIRS = "T0MINE", "T0THEIRS"
WORD, SIGN = "Quagga", "Xyzzy"
"""All of the other workspace says both; nobody here searches for the second one."""
POUNDS = Money(500_00, "GBP")
FIELDS = ("name", "contact_id", "value")
OF_ALL = {
    "attention.attention.due": "the clock is the same for all",
    "comment.catching_up.listening": "says itself which ones",
    "comment.catching_up.release": "a copy that stops does so everywhere",
    "comment.catching_up.unread": "the doctor asks for all",
    "digest.sending.skip_late": "the clock is the same for all",
    "digest.turns.decide_due": "the clock is the same for all",
    "transfer.imports.finish": "it looks after the database itself",
    "installations": "an installation that begins has no workspace yet",
    "once.forget": "keys of all workspaces grow old",
    "task.reminders.remind_due": "the clock is the same for all",
    "attention.rounds.put_right": "the clock is the same for all",
    "opportunity.status.return_due": "the clock is the same for all",
    "delivery.waiting.pending": "only whether there is anything",
    "workspaces.everybody": "export says which workspaces there are to whoever has the database",
    "workspaces.identities": "the gate asks who we are, everywhere",
    "workspaces.install": "says itself which one",
    "workspaces.drop_tokens": "says itself which ones",
}
"""What is for no single workspace, and why."""


def actor(team: str, letter: str = "A") -> Actor:
    name = f"{letter} {WORD} {SIGN}" if team == THEIRS else letter
    who = {"workspace_id": team, "id": f"U0{team}{letter}", "name": name}
    return Actor(**who, role=Role.MEMBER, admin=True, private_channels=frozenset({f"C0{team}VIP"}))


def fill(session: Session, team: str, count: int) -> None:
    """A workspace with people, channels, contacts, deals, comments, boards, digests, an outbox."""
    word = f"{WORD} {SIGN}" if team == THEIRS else "Zebra"
    said = {"name": word, "app_id": "A0", "bot_id": f"B0{team}", "bot_user_id": f"U0{team}BOT"}
    workspaces.install(session, Identity(workspace_id=team, **said), NOW)
    for letter in "AB":
        who = actor(team, letter)
        people.know(session, Profile(workspace_id=team, user_id=who.id, name=who.name), NOW)
    for name, kind in (("DEALS", channels.PUBLIC), ("VIP", channels.PRIVATE)):
        about = {"id": f"C0{team}{name}", "name": word, "kind": kind, "bot_in": True}
        known = Channel(workspace_id=team, **about)
        channels.know(session, known, NOW, [actor(team).id] if kind == channels.PRIVATE else None)
    by = actor(team)
    loud = ChannelSettings(loud_wins=True, also=frozenset(Told))
    channel_settings.save(session, f"C0{team}DEALS", loud, was=None, by=by)
    settings.save_reasons(session, word, was=None, by=by, now=NOW)
    for number in range(count):
        made = contacts.create(session, ContactDraft(name=f"{word} {number}"), by=by, now=NOW)
        where = f"C0{team}{'VIP' if number % 2 else 'DEALS'}"
        draft = OpportunityDraft(name=f"{word} {number}", contact_id=made.id, value=POUNDS)
        draft = OpportunityDraft(**{f: getattr(draft, f) for f in FIELDS} | {"channel_id": where})
        deal = opportunities.create(session, draft, by=by, now=NOW).opportunity
        task = TaskDraft(title=f"{word} {number}", number=deal.number, contact_id=made.id)
        tasks.create(session, task, by=by, now=NOW)
        cards.posted(session, team, deal.id, channel_id=where, ts=f"1.{number:06}", permalink=None)
        reply = {"channel_id": where, "ts": f"1.1{number:05}", "thread_ts": f"1.{number:06}"}
        comments.said(session, team, Reply(by_id=actor(team, "B").id, text=word, **reply))
        done = ActivityDraft(what=word, number=deal.number)
        logged = activities.log(session, done, by=by, now=NOW).activity
        activities.edit(
            session, logged.id, replace(done, what=f"{word}!"), version=1, by=by, now=NOW
        )
    activities.log(session, ActivityDraft(what=word, new_contact=f"{word} A"), by=by, now=NOW)
    tasks.create(session, TaskDraft(title=word), by=by, now=NOW)
    attention_words.stop(session, 1, "2026-11-23", by=by, now=NOW)
    boards.post(session, Query(), f"C0{team}DEALS", by=by, now=NOW)
    for hour, place in enumerate(("DEALS", "VIP")):
        when = Schedule(at=time(hour), days=(hour + 1,))
        made = digests.add(session, DigestDraft(schedule=when), f"C0{team}{place}", by=by, now=NOW)
        digests.send_now(session, made.id, by=by, now=NOW)
