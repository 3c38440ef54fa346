"""Pictures are drawn by a program of their own: within a time, a size, whatever words they hold."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.figures.painter import CannotDraw, Painter
from tests.handlers.views.test_figures import SHOWN, STYLE, view

ODD = [
    ["$\\frac{1}{2}$ 📈 \\alpha_2^3", "Lead"],
    ["עניין ראשון", "Pitching"],
    ["見積もり", "Quoting"],
    ["العرض" * 9, "Closing"],
]


def _png(drawn: bytes) -> tuple[int, int]:
    assert drawn[:8] == b"\x89PNG\r\n\x1a\n"
    return int.from_bytes(drawn[16:20], "big"), int.from_bytes(drawn[20:24], "big")


async def test_a_picture_is_an_upright_png_of_moderate_size() -> None:
    painter = Painter()
    drawn = await painter.draw(view.drawing(STYLE, SHOWN))
    wide, high = _png(drawn)
    assert 1_000 < wide < high < 1_600
    assert len(drawn) <= 200_000
    painter.close()


async def test_odd_words_and_numbers_break_nothing() -> None:
    said: dict[str, Any] = {
        "title": ["Figures $", "Figures"],
        "months": [[[name, "01/26"], 10**9, 0] for name, _ in ODD * 3],
        "stages": [
            [names, days, 10**7, 0] for names, days in zip(ODD, (None, 0, 9, 10**6), strict=True)
        ],
    }
    painter = Painter()
    _png(await painter.draw(said))
    nothing = said | {"months": [], "stages": []}
    _png(await painter.draw(nothing))
    painter.close()


@pytest.mark.parametrize(
    "program",
    ["import time; time.sleep(60)", "raise SystemExit(3)", "print('no picture')", "1 / 0"],
)
async def test_what_does_not_draw_in_time_is_given_up(tmp_path: Path, program: str) -> None:
    file = tmp_path / "program.py"
    file.write_text(program, "utf-8")
    painter = Painter(file, patience=1.0)
    with pytest.raises(CannotDraw):
        await painter.draw({})
    painter.close()


async def test_the_program_gets_nothing_of_our_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-secret")
    file, told = tmp_path / "program.py", tmp_path / "told.json"
    told_by = f"import json, os; open({str(told)!r}, 'w').write(json.dumps(dict(os.environ)))"
    file.write_text(told_by, "utf-8")
    painter = Painter(file)
    with pytest.raises(CannotDraw):
        await painter.draw({})
    painter.close()
    assert "xoxb-secret" not in told.read_text("utf-8")
    assert json.loads(told.read_text("utf-8"))["MPLCONFIGDIR"]


def test_the_bot_itself_does_not_load_the_library() -> None:
    import bot.app  # noqa: F401, PLC0415 - what it imports is looked at.

    assert "bot.figures.picture" not in sys.modules
