"""`dealthread import` and `export`: a workspace's records from and to a file."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from sqlalchemy.orm import Session

from bot.errors import CannotRun
from bot.transfer.sheets import MORE, BadFile, Cells, Sheet, is_json, writer, writing
from handlers.transfer.columns import Kind
from handlers.transfer.sheet import READERS
from store.database import Store
from store.errors import Busy, Invalid
from store.text import fold
from store.transfer import (
    ACTIVITY_COLUMNS,
    COMMENT_COLUMNS,
    CONTACT_COLUMNS,
    HISTORY_COLUMNS,
    OPPORTUNITY_COLUMNS,
    TASK_COLUMNS,
    ImportedContact,
    ImportedOpportunity,
    Known,
    Owner,
)
from store.usecases import workspaces
from store.usecases.transfer import exports, imports
from store.usecases.transfer.imports import CHUNK, Counted

COLUMNS = {
    "opportunities": ("opportunity", OPPORTUNITY_COLUMNS),
    "contacts": ("contact", CONTACT_COLUMNS),
    "history": ("history", HISTORY_COLUMNS),
    "activities": ("activity", ACTIVITY_COLUMNS),
    "tasks": ("task", TASK_COLUMNS),
    "comments": ("comment", COMMENT_COLUMNS),
}
EVERYTHING = ("contact", "opportunity", "history", "activity", "task", "comment")
LINES_SHOWN = 8

Record = ImportedContact | ImportedOpportunity
Learn = Callable[[], bool]


class CannotImport(CannotRun):
    """What is wrong with the lines of the file, all of it; nothing was kept."""


def one_workspace(store: Store, said: str | None) -> str:
    """The workspace meant: the only one, or the one of that id or name."""
    found = store.read_now(workspaces.everybody)
    if not found:
        raise CannotRun(
            "There is no workspace yet. Start `dealthread run` once, so that it gets to know yours."
        )
    wanted = fold(said or "")
    fit = [one for one in found if not said or one.workspace_id == said or fold(one.name) == wanted]
    if len(fit) == 1:
        return fit[0].workspace_id
    listed = ", ".join(sorted(f"{one.workspace_id} ({one.name})" for one in found))
    raise CannotRun(f"Say which workspace is meant, by --workspace: {listed}.")


def export(store: Store, workspace_id: str, path: Path, what: str | None) -> int:
    """Writes them to the file, or to standard output for `-`; how many records."""
    as_json = is_json(path)
    kind, columns = COLUMNS[what or "opportunities"]
    kinds = EVERYTHING if as_json and what is None else (kind,)
    workspace = store.read_now(workspaces.load, workspace_id)
    with writing(path) as file:
        write = writer(file, columns, as_json=as_json)
        return store.read_now(exports.each, workspace, kinds, write)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be imported, and how."""

    store: Store
    workspace_id: str
    sheet: Sheet
    now: datetime
    owner: str | None = None
    learn: Learn | None = None
    """Asks Slack for the people of the workspace, when the file names some who aren't known."""
    again: bool = False

    @property
    def mark(self) -> str:
        """The same file is known again by what is in it."""
        with self.sheet.path.open("rb") as file:
            return f"import:{hashlib.file_digest(file, 'sha256').hexdigest()[:40]}"


@dataclass(frozen=True, slots=True)
class Checked:
    """A file of which every line can be taken in."""

    plan: Plan
    known: Known
    counted: Counted

    def records(self) -> Iterator[Record]:
        for _, kind, cells in self.plan.sheet.records():
            yield _read(kind, cells, self.known, self.plan.now)


def _read(kind: Kind, cells: Cells, known: Known, now: datetime) -> Record:
    if MORE in cells:
        raise Invalid({"": "There are more cells than columns. Look at its quotation marks."})
    return READERS[kind](cells, known, now)


def check(plan: Plan) -> Checked:
    """Reads every line, and refuses with all that is wrong at once; nothing is kept yet."""
    known, counted = _known(plan), Counted()
    wrong: dict[str, list[int]] = {}
    for line, kind, cells in plan.sheet.records():
        try:
            _read(kind, cells, known, plan.now)
        except Invalid as error:
            for column, sentence in error.fields.items():
                said = f"{column}: {sentence}" if column else sentence
                wrong.setdefault(said, []).append(line)
        counted += Counted(kind is Kind.CONTACT, 0, kind is Kind.OPPORTUNITY)
    if wrong:
        told = [f"  - {_lines(lines)}, {said}" for said, lines in wrong.items()]
        raise CannotImport(
            "\n".join([f"Nothing was imported. {plan.sheet.path} needs a look:", *told])
        )
    if not counted.contacts + counted.opportunities:
        raise BadFile(f"{plan.sheet.path} has no records.")
    return Checked(plan, known, counted)


def _known(plan: Plan) -> Known:
    """What lines are read by; people whom the file names and nobody met are looked up in Slack."""
    known = plan.store.read_now(imports.known, plan.workspace_id)
    if plan.learn is not None:
        named = {plan.owner} if plan.owner else set[str]()
        for _, _, cells in plan.sheet.records():
            named.add(cells.get("owner_id") or cells.get("owner", ""))
        if not all(_found(known, one) for one in named if one) and plan.learn():
            known = plan.store.read_now(imports.known, plan.workspace_id)
    if plan.owner is None:
        return known
    ids = [one.id for one in _found(known, plan.owner) if not one.former]
    if len(ids) != 1:
        raise CannotRun(f"--owner {plan.owner}: write a member's name as in Slack, or their ID.")
    return replace(known, default_owner=ids[0])


def _found(known: Known, said: str) -> list[Owner]:
    return list(known.members.get(said) or known.members.get(fold(said.lstrip("@")), ()))


def _lines(lines: list[int]) -> str:
    if len(lines) == 1:
        return f"Line {lines[0]}"
    shown = ", ".join(str(line) for line in lines[:LINES_SHOWN])
    more = f" and {len(lines) - LINES_SHOWN:,} more" if len(lines) > LINES_SHOWN else ""
    return f"Lines {shown}{more}"


def take_in(checked: Checked) -> Counted:
    """Keeps the records, chunk by chunk; run again after an interruption, it goes on where it was.
    The same file is not taken in twice unless told to.
    """
    plan, mark = checked.plan, checked.plan.mark
    total = checked.counted.contacts + checked.counted.opportunities
    done = 0 if plan.again else plan.store.read_now(imports.progress, plan.workspace_id, mark)
    if done >= total:
        raise CannotRun(
            "This file was imported already, in the last two days. To have its records twice, "
            "add --again."
        )
    records, made = islice(checked.records(), done, None), Counted()
    while chunk := list(islice(records, CHUNK)):
        try:
            made += plan.store.write_now(
                imports.save,
                plan.workspace_id,
                chunk,
                mark=mark,
                done=done + len(chunk),
                now=plan.now,
            )
        except Busy as error:
            raise CannotRun(
                f"The database went away, or others had it for too long, after {done:,} of "
                f"{total:,} records. Run the same command again: it goes on from there."
            ) from error
        done += len(chunk)
    plan.store.write_now(_finish)
    return made


def _finish(session: Session) -> None:
    imports.finish(session, sqlite=session.get_bind().dialect.name == "sqlite")
