"""What a benchmark found, as a table: nothing fails by it, for a machine may be busy."""

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter


def tell(line: str = "") -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def percentile(took: Sequence[float], percent: float) -> float:
    """The smallest of the values that so many percent of them don't exceed."""
    return sorted(took)[max(0, math.ceil(len(took) * percent / 100) - 1)]


def timed(run: Callable[[], object], times: int, *, warm: int = 3) -> list[float]:
    """Seconds of each run, after some that don't count."""
    took = []
    for _ in range(warm + times):
        started = perf_counter()
        run()
        took.append(perf_counter() - started)
    return took[warm:]


def typical(run: Callable[[], object], times: int, *, warm: int = 3) -> float:
    return median(timed(run, times, warm=warm))


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


@dataclass(slots=True)
class Table:
    """Rows of: what was measured, what came out, what was promised, whether that holds."""

    title: str
    rows: list[tuple[str, str, str, str]] = field(default_factory=list)

    def note(self, what: str, found: str) -> None:
        self.rows.append((what, found, "", ""))

    def at_most(self, what: str, found: float, limit: float, shown: Callable[[float], str]) -> None:
        verdict = "PASS" if found <= limit else "MISS"
        self.rows.append((what, shown(found), f"≤ {shown(limit)}", verdict))

    def exactly(self, what: str, found: int, wanted: int) -> None:
        verdict = "PASS" if found == wanted else "MISS"
        self.rows.append((what, f"{found:,}", f"= {wanted:,}", verdict))

    def show(self) -> None:
        if not self.rows:
            return
        widths = [max(len(row[at]) for row in self.rows) for at in range(4)]
        tell(f"\n\n{self.title}")
        for row in self.rows:
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            tell(f"  {'  '.join(cells).rstrip()}")


def times_as(ratio: float) -> str:
    return f"{ratio:.2f} ×"


def count(number: float) -> str:
    return f"{number:,.0f}"
