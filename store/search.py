"""Forgiving search: which records say these words, small typing errors aside.

`search_words` says which record has which word. `search_grams` is a workspace's vocabulary, each
word once under each of its trigrams: errors are mended there, where "renewal" stands once though
100,000 deals say it, and the records are then found by whole words.

Work is bounded whatever the data: of a word's records the newest `SCAN` are looked at, of the
vocabulary `READ` rows. What lies beyond is not found; a further, rarer word narrows it down.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import groupby, islice
from typing import Any

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA
from sqlalchemy import Column as C
from sqlalchemy import (
    ColumnElement,
    Index,
    Integer,
    Select,
    SmallInteger,
    String,
    Table,
    and_,
    delete,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from store import tables
from store.dialect import insert
from store.text import fold

WORD_MAX = 32
"""Longer words are told apart by their beginnings."""
ASKED_MAX = 8
"""Of a longer question, the first words are looked for."""
SCAN = 3000
READ = 12_000
BEGUN = 16
"""So many words that begin with what was typed are followed by name; a broader beginning is also
looked for in the newest records."""
NEAR = 8
COMMON = 2000
CHUNK = 1000
LAST = "\U0010ffff"

_SPACELESS = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x3040, 0x30FF),  # Kana
    (0x3400, 0x9FFF),  # Han
    (0x20000, 0x3FFFF),
)


class Kind(StrEnum):
    OPPORTUNITY = "opportunity"
    CONTACT = "contact"


# Beginnings are ranges of the key, so PostgreSQL must sort words by code point, as SQLite does.
_Word = String(WORD_MAX).with_variant(String(WORD_MAX, collation="C"), "postgresql")

_words = Table(
    "search_words",
    tables.Base.metadata,
    C("workspace_id", tables.Team, primary_key=True),
    C("kind", tables.words(Kind), primary_key=True),
    C("ref_id", tables.Id, primary_key=True, autoincrement=False),
    C("word", _Word, primary_key=True),
    Index(None, "workspace_id", "kind", "word", "ref_id"),
    sqlite_with_rowid=False,
)
_grams = Table(
    "search_grams",
    tables.Base.metadata,
    C("workspace_id", tables.Team, primary_key=True),
    C("kind", tables.words(Kind), primary_key=True),
    C("gram", String(3), primary_key=True),  # Empty on the row that lists the word itself.
    C("size", SmallInteger, primary_key=True, autoincrement=False),
    C("word", _Word, primary_key=True),
    sqlite_with_rowid=False,
)


def index(session: Session, workspace_id: str, kind: Kind, ref_id: int, *texts: str) -> None:
    """Find this record by these texts from now on, and by no others; only differences are written.

    What can't be found any more (an archived record) is better forgotten than filtered out.
    """
    wanted = set(_said("\n".join(texts)))
    place = _Place(session, workspace_id, kind)
    mine = place.of(_words), _words.c.ref_id == ref_id
    had = set(session.scalars(select(_words.c.word).where(*mine)))
    if had - wanted:
        session.execute(delete(_words).where(*mine, _words.c.word.in_(had - wanted)))
    place.add([(ref_id, word) for word in wanted - had])


def index_many(
    session: Session, workspace_id: str, kind: Kind, rows: Iterable[tuple[int, str]]
) -> None:
    """`index` for many new records, each an id and its texts on lines of their own."""
    place, left = _Place(session, workspace_id, kind), iter(rows)
    while chunk := list(islice(left, CHUNK)):
        place.add([(ref_id, word) for ref_id, text in chunk for word in _said(text)])


def forget(session: Session, workspace_id: str, kind: Kind, ref_id: int) -> None:
    """Find this record no more. Its words stay in the vocabulary: others may be saying them."""
    place = _Place(session, workspace_id, kind)
    session.execute(delete(_words).where(place.of(_words), _words.c.ref_id == ref_id))


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
    for terms in place.readings(_asked(words)):
        found.update(dict.fromkeys(place.walk(terms, among, limit)))
        if len(found) >= limit:
            break
    return list(found)[:limit]


def best(words: str, texts: Mapping[int, str], *, limit: int) -> list[int]:
    """Ids of the texts that say all the words, in any order: the likest first, then the newest."""
    asked, whole = _asked(words), fold(words)
    scored = []
    for ref_id, text in texts.items():
        if asked and (likeness := _likeness_of_all(asked, _said(text))):
            scored.append((likeness, fuzz.ratio(whole, fold(text)), ref_id))
    return [ref_id for _, _, ref_id in sorted(scored, reverse=True)[:limit]]


def says(words: str, text: str) -> bool:
    """Whether the text says all the words, or words that begin so, without mending anything."""
    said, asked = _said(text), _asked(words)
    return bool(asked) and all(any(word.startswith(one) for word in said) for one in asked)


@dataclass(frozen=True, slots=True)
class _Term:
    """What may stand for one asked word: these words, and whatever begins with `prefix`."""

    words: tuple[str, ...]
    prefix: str = ""
    broad: bool = False
    """More words begin so than are in `words`."""

    def stands_in(self, column: ColumnElement[str]) -> ColumnElement[bool]:
        if not self.prefix:
            return column.in_(self.words)
        begun = _begins(column, self.prefix)
        rest = [word for word in self.words if not word.startswith(self.prefix)]
        return or_(begun, column.in_(rest)) if rest else begun


@dataclass(frozen=True, slots=True)
class _Place:
    """One kind of record of one workspace: nothing here looks beyond it."""

    session: Session
    workspace_id: str
    kind: Kind

    def of(self, table: Any) -> ColumnElement[bool]:
        return and_(table.c.workspace_id == self.workspace_id, table.c.kind == self.kind)

    def add(self, pairs: Sequence[tuple[int, str]]) -> None:
        if not pairs:
            return
        at = {"workspace_id": self.workspace_id, "kind": self.kind}
        rows = [{**at, "ref_id": ref_id, "word": word} for ref_id, word in pairs]
        self.session.execute(insert(self.session, _words).on_conflict_do_nothing(), rows)
        # Sorted, so that two transactions with the same new words don't wait in a circle.
        for word_rows in _slices(sorted(self._unknown({word for _, word in pairs}))):
            grams = [
                {**at, "gram": gram, "size": size, "word": word}
                for word in word_rows
                for gram, size in [("", 0), *((gram, len(word)) for gram in _trigrams(word))]
            ]
            self.session.execute(insert(self.session, _grams).on_conflict_do_nothing(), grams)

    def _unknown(self, words: set[str]) -> set[str]:
        listed = self.of(_grams), _grams.c.gram == "", _grams.c.size == 0
        known: set[str] = set()
        for some in _slices(sorted(words)):
            query = select(_grams.c.word).where(*listed, _grams.c.word.in_(some))
            known.update(self.session.scalars(query))
        return words - known

    def readings(self, asked: Sequence[str]) -> Iterator[list[_Term]]:
        """The question as written, as the beginnings of words, and with errors mended."""
        if not asked:
            return
        begun = self._begun(asked)
        yield [_Term((term.prefix,) * (term.prefix in term.words)) for term in begun]
        if any(term.words != (term.prefix,) for term in begun):
            yield begun
        mended = [replace(term, words=(*term.words, *self._near(term.prefix))) for term in begun]
        if mended != begun:
            yield mended

    def _begun(self, asked: Sequence[str]) -> list[_Term]:
        """For each word the first of those in the vocabulary that begin with it, itself first."""
        listed = self.of(_grams), _grams.c.gram == "", _grams.c.size == 0
        parts = [
            _whole(
                select(literal(at, Integer).label("at"), _grams.c.word)
                .where(*listed, _begins(_grams.c.word, word))
                .order_by(_grams.c.word)
                .limit(BEGUN + 1)
            )
            for at, word in enumerate(asked)
        ]
        found: list[list[str]] = [[] for _ in asked]
        for at, word in self.session.execute(union_all(*parts)):
            found[at].append(word)
        return [
            _Term(tuple(sorted(words)[:BEGUN]), word, broad=len(words) > BEGUN)
            for word, words in zip(asked, found, strict=True)
        ]

    def _near(self, asked: str) -> list[str]:
        """Words of the vocabulary that may be meant, the likest first."""
        slack, grams = _slack(asked), sorted(_trigrams(asked))
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
        shared = union_all(*parts).subquery()
        often = select(shared.c.word).group_by(shared.c.word).order_by(func.count().desc())
        likest = sorted(
            ((_likeness(asked, word), word) for word in self.session.scalars(often.limit(300))),
            reverse=True,
        )
        return [word for like, word in likest if 0 < like < _BEGUN_SO][:NEAR]

    def walk(self, terms: Sequence[_Term], among: Select[Any] | None, limit: int) -> list[int]:
        """Go through the records of the rarest term, keeping those that have the others."""
        if not all(term.words for term in terms):
            return []
        found: dict[int, None] = {}
        counts = self._counts(terms)
        for at in _drivers(terms, counts):
            lane = union_all(*self._lanes(terms[at], counts[at])).subquery()
            kept = [self._has(term, lane.c.ref_id) for term in terms if term is not terms[at]]
            if among is not None:
                kept.append(_one(among.where(among.selected_columns[0] == lane.c.ref_id)))
            query = select(lane.c.ref_id).where(*kept).order_by(lane.c.lane, lane.c.ref_id.desc())
            found.update(dict.fromkeys(self.session.scalars(query.limit(limit))))
        return list(found)

    def _counts(self, terms: Sequence[_Term]) -> Sequence[int]:
        """How many records have each term, as far as `COMMON`."""
        parts = []
        for term in terms:
            some = select(_words.c.ref_id).where(self.of(_words), _words.c.word.in_(term.words))
            parts.append(select(func.count()).select_from(some.limit(COMMON).subquery()))
        return list(self.session.scalars(union_all(*parts)))

    def _lanes(self, term: _Term, count: int) -> Iterator[Select[Any]]:
        """The newest records of each word; of a broad beginning also those among the newest."""
        each = [(word,) for word in term.words] if count >= COMMON else [term.words]
        for at, words in enumerate(each):
            lane = select(literal(at, Integer).label("lane"), _words.c.ref_id)
            having = lane.where(self.of(_words), _words.c.word.in_(words))
            yield _whole(having.order_by(_words.c.ref_id.desc()).limit(SCAN // len(each)))
        if term.broad:
            newest = select(_words.c.ref_id, _words.c.word).where(self.of(_words))
            newest = newest.order_by(_words.c.ref_id.desc(), _words.c.word.desc()).limit(SCAN)
            latest = newest.subquery()
            lane = select(literal(len(each), Integer).label("lane"), latest.c.ref_id)
            yield lane.where(_begins(latest.c.word, term.prefix))

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


def _one(query: Select[Any]) -> ColumnElement[bool]:
    """Whether there is one. Not EXISTS: PostgreSQL may turn that into a join of whole tables,
    where a look-up for each of a few thousand rows is cheaper and bounded.
    """
    return query.limit(1).scalar_subquery().is_not(None)


def _whole(query: Select[Any]) -> Select[Any]:
    """A query with a limit of its own inside a union; SQLite wants it wrapped."""
    return select(query.subquery())


def _begins(column: ColumnElement[str], prefix: str) -> ColumnElement[bool]:
    return and_(column >= prefix, column < prefix + LAST)


def _slices(rows: Sequence[str]) -> Iterator[Sequence[str]]:
    return (rows[at : at + CHUNK] for at in range(0, len(rows), CHUNK))


_BEGUN_SO = 0.9


def _slack(asked: str) -> int:
    """How many typing errors are forgiven in a word of this length."""
    return (len(asked) >= 4) + (len(asked) >= 8)


@lru_cache(maxsize=20_000)
def _likeness(asked: str, word: str) -> float:
    """1 the word itself, 0.9 it begins so, less with errors (swapped letters are one), 0 unlike."""
    if word.startswith(asked):
        return 1.0 if word == asked else _BEGUN_SO
    if not (slack := _slack(asked)) or len(word) < len(asked) - slack:
        return 0.0
    edits = OSA.distance(asked, word, score_cutoff=slack)
    if edits <= slack:
        return 0.8 - edits / 10
    lengths = range(len(asked) - 1, min(len(asked) + 2, len(word)))
    begun = len(asked) >= 5 and any(
        OSA.distance(asked, word[:length], score_cutoff=1) <= 1 for length in lengths
    )
    return 0.5 if begun else 0.0


def _likeness_of_all(asked: Sequence[str], said: Sequence[str]) -> float:
    each = [max((_likeness(one, word) for word in said), default=0.0) for one in asked]
    return sum(each) if all(each) else 0.0


def _trigrams(word: str) -> set[str]:
    """With its two first and two last letters, which survive an error further in."""
    if len(word) < 3:
        return set()
    return {f"^{word[:2]}", f"{word[-2:]}$", *(word[at : at + 3] for at in range(len(word) - 2))}


def _said(text: str) -> list[str]:
    return _split(text, said=True)


def _asked(words: str) -> list[str]:
    return _split(words, said=False)[:ASKED_MAX]


def _split(text: str, *, said: bool) -> list[str]:
    """Its words, each once. A script without spaces goes by pairs of letters, of which any part of
    it consists; its last letter is listed too, so that a single letter is always a beginning.
    """
    letters = (ch for ch in fold(text).casefold() if _sort(ch) != "nothing")
    found: dict[str, None] = {}
    for sort, run in groupby(letters, _sort):
        word = "".join(run)
        if sort == "letter":
            found[word[:WORD_MAX]] = None
        elif sort == "symbol":
            found.update(dict.fromkeys(word))
        elif sort == "spaceless":
            found.update(dict.fromkeys(word[at : at + 2] for at in range(max(1, len(word) - 1))))
            if said:
                found[word[-1]] = None
    return list(found)


@lru_cache(maxsize=10_000)
def _sort(ch: str) -> str:
    """Letters make words, emoji are words, apostrophes and joiners are nothing, the rest parts."""
    category = unicodedata.category(ch)
    if category == "Cf" or ch in "'’ʼ`\ufe0f":
        return "nothing"
    if any(low <= ord(ch) <= high for low, high in _SPACELESS):
        return "spaceless"
    if category[0] in "LN" or category in ("Mn", "Mc"):
        return "letter"
    return "symbol" if category == "So" or "🏻" <= ch <= "🏿" else "gap"
