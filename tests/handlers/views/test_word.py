"""What is told directly of a digest that can't be posted: what happened, and what to do."""

from datetime import UTC, datetime

import pytest

from handlers.views import word
from handlers.views.text import Style
from store.workspace import Workspace

STYLE = Style(Workspace(id="T0"), datetime(2026, 11, 23, 10, tzinfo=UTC))


INVITE = "Invite me with `/invite` and resume it with `/pipeline digest`."
ELSEWHERE = "To have it in another channel, write `/pipeline digest` there."
CHOOSE = "so it is paused. Write `/pipeline digest` there to choose another one."


@pytest.mark.parametrize(
    ("why", "said", "do"),
    [
        ("posts", "I can't post in #deals &amp; co, so your digest there is paused.", INVITE),
        ("shared", "People from outside are in #deals &amp; co now, so your digest", ELSEWHERE),
        ("zone", "The time zone Mars/Phobos of your digest in #deals &amp; co is not", CHOOSE),
    ],
)
def test_a_digest_that_is_paused(why: str, said: str, do: str) -> None:
    data = {"say": "digest", "why": why, "channel": "#deals & co", "tz": "Mars/Phobos"}
    told = word.word(STYLE, data).text
    assert told.startswith(said)
    assert told.endswith(do)
