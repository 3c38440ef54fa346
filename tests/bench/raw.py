"""What a use case sends to the database, and how long the same takes without us."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import event

from store.database import Store
from tests.bench.report import typical


def statements(store: Store, run: Callable[[], object]) -> list[tuple[str, Any]]:
    """What it sends to the database."""
    sent: list[tuple[str, Any]] = []

    def heard(_c: Any, _cursor: Any, statement: str, given: Any, *_rest: Any) -> None:
        sent.append((statement, given))

    event.listen(store.reader, "before_cursor_execute", heard)
    run()
    event.remove(store.reader, "before_cursor_execute", heard)
    return sent


def by_hand(store: Store, sent: Sequence[tuple[str, Any]], times: int) -> float:
    """Seconds of the same statements, with the same parameters, through the driver alone."""
    connection = store.reader.raw_connection()

    def run() -> None:
        cursor = connection.cursor()
        for statement, given in sent:
            cursor.execute(statement, given)
            cursor.fetchall()
        connection.rollback()

    took = typical(run, times)
    connection.close()
    return took
