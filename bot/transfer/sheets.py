"""Files of records: CSV and JSON lines, read and written one record at a time."""

import csv
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from bot.errors import CannotRun
from handlers.transfer.columns import Header, Kind, header
from store.errors import Invalid

JSON_LINES = frozenset({".jsonl", ".ndjson", ".json"})
_DANGEROUS = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
"""What a spreadsheet would run as a formula (owasp.org, CSV Injection), quoted or not."""
_CELL_MAX = 2**20

NOT_TAKEN_IN = {
    "history": "history",
    "activity": "activities",
    "task": "tasks",
    "comment": "comments",
}
"""Records of an export that are for reading elsewhere: here they have people and threads."""

Cells = dict[str, str]
MORE = ""
"""Stands for what a line has beyond the columns of the header."""


class BadFile(CannotRun):
    """The file can't be read as what it should be; the text says what would do."""


def is_json(path: Path) -> bool:
    return path.suffix.lower() in JSON_LINES


def defused(text: str) -> str:
    """A cell that no spreadsheet takes for a formula; `fused` takes it back."""
    return f"'{text}" if _DANGEROUS.match(text) else text


def fused(text: str) -> str:
    return text[1:] if text.startswith("'") and _DANGEROUS.match(text) else text


@contextmanager
def writing(path: Path) -> Iterator[IO[str]]:
    """The file as a whole or not at all, for its owner's eyes only: customers are in it."""
    if str(path) == "-":
        yield sys.stdout
        return
    part = path.with_name(f"{path.name}.part")
    try:
        # A spreadsheet takes CSV for UTF-8 by the mark at its beginning.
        encoding = "utf-8" if is_json(path) else "utf-8-sig"
        opened = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(opened, "w", encoding=encoding, newline="") as file:
            yield file
        part.replace(path)
    except OSError as error:
        raise BadFile(f"{path} can't be written: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)


def writer(
    file: IO[str], columns: Mapping[str, str], *, as_json: bool
) -> Callable[[str, Mapping[str, str]], None]:
    """Writes a record at a time; a CSV file has one kind of record, and their labels on top."""
    if as_json:
        return lambda kind, record: _write_json(file, kind, record)
    rows = csv.writer(file)
    rows.writerow(columns.values())
    return lambda _, record: rows.writerow([defused(record[name]) for name in columns])


def _write_json(file: IO[str], kind: str, record: Mapping[str, str]) -> None:
    said = {name: value for name, value in record.items() if value}
    file.write(json.dumps({"record": kind, **said}, ensure_ascii=False) + "\n")


class Sheet:
    """A file to be read, more than once: its records, each with its line, kind and cells."""

    def __init__(self, path: Path, kind: Kind | None = None) -> None:
        self.path = path
        self.kind = kind
        self.unread: set[str] = set()
        self.encoding = self._encoding()

    def _encoding(self) -> str:
        try:
            with self.path.open("rb") as file:
                start = file.read(2)
        except OSError as error:
            raise BadFile(f"{self.path} can't be read: {error.strerror}.") from error
        return "utf-16" if start in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"

    def records(self) -> Iterator[tuple[int, Kind, Cells]]:
        """Raises BadFile where the rest can't be read either."""
        try:
            with self.path.open(encoding=self.encoding, newline="") as file:
                yield from self._json(file) if is_json(self.path) else self._csv(file)
        except UnicodeError:
            raise BadFile(
                f"{self.path} isn't UTF-8. Save it as “CSV UTF-8”, as spreadsheets call it."
            ) from None
        except csv.Error as error:
            raise BadFile(f"{self.path} is no CSV file that can be read: {error}.") from None

    def _csv(self, file: IO[str]) -> Iterator[tuple[int, Kind, Cells]]:
        csv.field_size_limit(_CELL_MAX)
        first = file.readline()
        rows = csv.reader(_again(first, file), delimiter=_delimiter(first))
        named = self._header(next(rows, []))
        at = rows.line_num + 1
        for row in rows:
            if any(cell.strip() for cell in row):
                yield at, named.kind, self._cells(named, row)
            at = rows.line_num + 1

    def _header(self, names: Sequence[str]) -> Header:
        try:
            found = header(names, self.kind)
        except Invalid as error:
            raise BadFile(f"{self.path}: {error}") from None
        self.unread.update(found.unread)
        return found

    def _cells(self, named: Header, row: Sequence[str]) -> Cells:
        if extra := [cell for cell in row[len(named.fields) :] if cell.strip()]:
            return {MORE: extra[0]}
        return named.cells([fused(cell) for cell in row])

    def _json(self, file: IO[str]) -> Iterator[tuple[int, Kind, Cells]]:
        headers: dict[tuple[str, ...], Header] = {}
        for at, text in enumerate(file, start=1):
            if not text.strip():
                continue
            said = _object(text)
            if said is None:
                raise BadFile(f"{self.path}, line {at}: this is no JSON object.")
            kind = said.pop("record", None)
            if kind in NOT_TAKEN_IN:
                self.unread.add(NOT_TAKEN_IN[kind])
                continue
            names = tuple(said)
            if (kind, *names) not in headers:
                wanted = Kind(kind) if kind in set(Kind) else self.kind
                headers[kind, *names] = header(names, wanted)
            named = headers[kind, *names]
            self.unread.update(named.unread)
            yield at, named.kind, named.cells([_text(value) for value in said.values()])


def _again(first: str, rest: IO[str]) -> Iterator[str]:
    yield first
    yield from rest


def _delimiter(first: str) -> str:
    """The one that stands most often in the header: German spreadsheets write semicolons."""
    return max(",;\t", key=first.count)


def _object(text: str) -> dict[str, Any] | None:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
