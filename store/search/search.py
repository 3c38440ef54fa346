"""Forgiving search: which records say these words, small typing errors aside.

`search_words` says which record has which word. `search_grams` is a workspace's vocabulary, each
word once under each of its trigrams: errors are mended there, where "renewal" stands once though
100,000 deals say it, and the records are then found by whole words.

Work is bounded whatever the data: of a word's records the newest `SCAN` are looked at, of the
vocabulary `READ` rows. What lies beyond is not found; a further, rarer word narrows it down.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from store.search.likeness import (
    BEGINS,
    GRAM,
    WORD_MAX,
    forgiven,
    likeness,
    question,
    split,
    trigrams,
)
from store.tables import columns
from store.tables.dialect import insert

SCAN = 1500
READ = 12_000
ENOUGH = 100
"""So many found as written, and nothing misspelt is looked for."""
BEGUN = 16
"""So many words that begin with what was typed are followed by name; a broader beginning is also
looked for in the newest records."""
NEAR = 8
COMMON = 1500
CHUNK = 500
LAST = "\U0010ffff"


class Kind(StrEnum):
    OPPORTUNITY = "opportunity"
    CONTACT = "contact"


# Beginnings are ranges of the key, so PostgreSQL must sort words by code point, as SQLite does.
_Word = sa.String(WORD_MAX).with_variant(sa.String(WORD_MAX, collation="C"), "postgresql")

_words = sa.Table(
    "search_words",
    columns.Base.metadata,
    sa.Column("workspace_id", columns.Team, primary_key=True),
    sa.Column("kind", columns.words(Kind), primary_key=True),
    sa.Column("ref_id", columns.Id, primary_key=True, autoincrement=False),
    sa.Column("word", _Word, primary_key=True),
    sa.Index(None, "workspace_id", "kind", "word", "ref_id"),
    sqlite_with_rowid=False,
)
_grams = sa.Table(
    "search_grams",
    columns.Base.metadata,
    sa.Column("workspace_id", columns.Team, primary_key=True),
    sa.Column("kind", columns.words(Kind), primary_key=True),
    # Empty where the word itself is listed.
    sa.Column("gram", sa.String(GRAM), primary_key=True),
    sa.Column("size", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("word", _Word, primary_key=True),
    sqlite_with_rowid=False,
)


def index(session: Session, workspace_id: str, kind: Kind, ref_id: int, *texts: str) -> None:
    """Find this record by these texts from now on, and by no others; only differences are written.

    What can't be found any more (an archived record) is better forgotten than filtered out.
    """
    wanted = set(split("\n".join(texts), said=True))
    place = _Place(session, workspace_id, kind)
    mine = place.of(_words), _words.c.ref_id == ref_id
    had = set(session.scalars(select(_words.c.word).where(*mine)))
    if had - wanted:
        session.execute(sa.delete(_words).where(*mine, _words.c.word.in_(had - wanted)))
    place.add([(ref_id, word) for word in wanted - had])


def index_many(
    session: Session, workspace_id: str, kind: Kind, rows: Iterable[tuple[int, str]]
) -> None:
    """`index` for many new records, each an id and its texts on lines of their own."""
    place, left = _Place(session, workspace_id, kind), iter(rows)
    while chunk := list(islice(left, CHUNK)):
        place.add([(ref_id, word) for ref_id, text in chunk for word in split(text, said=True)])


def forget(session: Session, workspace_id: str, kind: Kind, ref_id: int) -> None:
    """Find this record no more. Its words stay in the vocabulary: others may be saying them."""
    place = _Place(session, workspace_id, kind)
    session.execute(sa.delete(_words).where(place.of(_words), _words.c.ref_id == ref_id))


def candidates(
    session: Session,
    workspace_id: str,
    kind: Kind,
    words: str,
    *,
    among: Select[Any] | None = None,
    limit: int = 200,
) -> list[int]:
    """Ids of records that say all the words, as written first, then begun, then misspelt; each
    newest first.

    `among` selects the ids that may be found (visible, open): it is asked per record within the
    search, so that what it leaves out takes no places among the `limit`.
    """
    place = _Place(session, workspace_id, kind)
    found: dict[int, None] = {}
    for terms in place.readings(question(words)):
        found.update(dict.fromkeys(place.walk(terms, among, limit)))
        if len(found) >= min(limit, ENOUGH):
            break
    return list(found)[:limit]


@dataclass(frozen=True, slots=True)
class _Term:
    """What may stand for one asked word: these words, and whatever begins with `prefix`."""

    words: tuple[str, ...]
    prefix: str = ""
    broad: bool = False
    """More words begin so than are in `words`."""

    def stands_in(self, column: ColumnElement[str]) -> ColumnElement[bool]:
        named = column.in_(self.words)
        return sa.or_(named, _begins(column, self.prefix)) if self.prefix else named


@dataclass(frozen=True, slots=True)
class _Place:
    """One kind of record of one workspace: nothing here looks beyond it."""

    session: Session
    workspace_id: str
    kind: Kind

    def of(self, table: Any) -> ColumnElement[bool]:
        return sa.and_(table.c.workspace_id == self.workspace_id, table.c.kind == self.kind)

    def add(self, pairs: Sequence[tuple[int, str]]) -> None:
        if not pairs:
            return
        at = {"workspace_id": self.workspace_id, "kind": self.kind}
        rows = [{**at, "ref_id": ref_id, "word": word} for ref_id, word in pairs]
        self.session.execute(insert(self.session, _words).on_conflict_do_nothing(), rows)
        words = {word for _, word in pairs}
        words.difference_update(self.session.scalars(self._listed.where(_grams.c.word.in_(words))))
        grams = [
            {**at, "gram": gram, "size": len(word) if gram else 0, "word": word}
            for word in sorted(words)  # In order, so that two writers don't wait in a circle.
            for gram in ("", *trigrams(word))
        ]
        if grams:
            self.session.execute(insert(self.session, _grams).on_conflict_do_nothing(), grams)

    @property
    def _listed(self) -> Select[str]:
        """The vocabulary, each word once."""
        return select(_grams.c.word).where(self.of(_grams), _grams.c.gram == "", _grams.c.size == 0)

    def readings(self, asked: Sequence[str]) -> Iterator[list[_Term]]:
        """The question as written, as the beginnings of words, and with errors mended."""
        if not asked:
            return
        begun = [self._begun(word) for word in asked]
        yield [_Term((term.prefix,) * (term.prefix in term.words)) for term in begun]
        if any(term.words != (term.prefix,) for term in begun):
            yield begun
        near: dict[str, list[str]] = {}
        for term in sorted(begun, key=lambda term: len(term.words)):
            near[term.prefix] = self._near(term.prefix)
            if not term.words and not near[term.prefix]:
                return  # Nobody says anything like this word: no need to mend the others.
        if any(near.values()):
            yield [replace(term, words=(*term.words, *near[term.prefix])) for term in begun]

    def _begun(self, asked: str) -> _Term:
        """The first words of the vocabulary that begin so, itself before all."""
        begun = self._listed.where(_begins(_grams.c.word, asked)).order_by(_grams.c.word)
        words = tuple(self.session.scalars(begun.limit(BEGUN + 1)))
        return _Term(words[:BEGUN], asked, broad=len(words) > BEGUN)

    def _near(self, asked: str) -> list[str]:
        """Words of the vocabulary that may be meant, the likest first."""
        slack, grams = forgiven(asked), sorted(trigrams(asked))
        if not slack:
            return []
        size = _grams.c.size.between(len(asked) - slack, len(asked) + slack + 1)
        parts = [
            _whole(
                select(_grams.c.word)
                .where(self.of(_grams), _grams.c.gram == gram, size)
                .limit(READ // len(grams))
            )
            for gram in grams
        ]
        shared = sa.union_all(*parts).subquery()
        often = select(shared.c.word).group_by(shared.c.word).order_by(sa.func.count().desc())
        words = self.session.scalars(often.limit(300))
        likest = sorted(((likeness(asked, word), word) for word in words), reverse=True)
        return [word for like, word in likest if 0 < like < BEGINS][:NEAR]

    def walk(self, terms: Sequence[_Term], among: Select[Any] | None, limit: int) -> list[int]:
        """Go through the records of the rarest term, keeping those that have the others."""
        if not all(term.words for term in terms):
            return []
        found: dict[int, None] = {}
        counts = self._counts(terms)
        for at in _drivers(terms, counts):
            lane = sa.union_all(*self._lanes(terms[at], counts[at])).subquery()
            kept: ColumnElement[bool] = sa.true()
            for other in sorted(set(range(len(terms))) - {at}, key=counts.__getitem__):
                kept = _then(kept, self._has(terms[other], lane.c.ref_id))
            if among is not None:
                seen = among.where(among.selected_columns[0] == lane.c.ref_id)
                kept = _then(kept, _one(seen))
            # Not sorted again: a union keeps the order of its parts, and so it stops when full.
            query = select(lane.c.ref_id).where(kept).limit(limit)
            found.update(dict.fromkeys(self.session.scalars(query)))
        return list(found)

    def _counts(self, terms: Sequence[_Term]) -> Sequence[int]:
        """How many records have each term, as far as `COMMON`."""
        counts = []
        for at, term in enumerate(terms):
            some = select(_words.c.ref_id).where(self.of(_words), _words.c.word.in_(term.words))
            count = select(sa.func.count()).select_from(some.limit(COMMON).subquery())
            counts.append(count.scalar_subquery().label(f"term_{at}"))
        return self.session.execute(select(*counts)).one()

    def _lanes(self, term: _Term, count: int) -> Iterator[Select[Any]]:
        """Its records, if they are few; else the newest of each word; of a broad beginning also
        those among the newest records of all.
        """
        lane = select(_words.c.ref_id).where(self.of(_words))
        if count < COMMON:
            # The sum keeps SQLite from walking all records in this order to save the sorting.
            few = lane.where(_words.c.word.in_(term.words)).order_by((_words.c.ref_id + 0).desc())
            yield _whole(few.limit(COMMON))
        else:
            newest = lane.order_by(_words.c.ref_id.desc()).limit(SCAN // len(term.words))
            for word in term.words:
                yield _whole(newest.where(_words.c.word == word))
        if term.broad:
            every = select(_words.c.ref_id, _words.c.word).where(self.of(_words))
            latest = every.order_by(_words.c.ref_id.desc()).limit(SCAN).subquery()
            yield select(latest.c.ref_id).where(_begins(latest.c.word, term.prefix))

    def _has(self, term: _Term, ref_id: ColumnElement[int]) -> ColumnElement[bool]:
        other = _words.alias()
        return _one(
            select(other.c.ref_id).where(
                self.of(other), other.c.ref_id == ref_id, term.stands_in(other.c.word)
            )
        )


def _drivers(terms: Sequence[_Term], counts: Sequence[int]) -> list[int]:
    """Which term to go by: the rarest; when even that is common, by a broad beginning as well,
    since the few words that it was followed by may lie where the newest records don't reach.
    """
    ranked = sorted(range(len(terms)), key=lambda at: (terms[at].broad, counts[at]))
    first, rest = ranked[0], ranked[1:]
    broad = [at for at in rest if terms[at].broad and counts[first] >= COMMON]
    return [first, *broad[:1]]


def _then(first: ColumnElement[bool], second: ColumnElement[bool]) -> ColumnElement[bool]:
    """Both, the second only looked at where the first holds: the databases may choose otherwise."""
    return sa.case((first, second), else_=sa.false())


def _one(query: Select[Any]) -> ColumnElement[bool]:
    """Whether there is one. Not EXISTS: PostgreSQL may turn that into a join of whole tables,
    where a look-up for each of a few thousand rows is cheaper and bounded.
    """
    return query.limit(1).scalar_subquery().is_not(None)


def _whole(query: Select[Any]) -> Select[Any]:
    """A query with a limit of its own inside a union; SQLite wants it wrapped."""
    return select(query.subquery())


def _begins(column: ColumnElement[str], prefix: str) -> ColumnElement[bool]:
    return sa.and_(column >= prefix, column < prefix + LAST)
