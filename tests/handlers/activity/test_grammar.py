"""What `/activity` means, whatever stands behind it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.grammar.grammar import activity
from handlers.grammar.requests import (
    ActivitiesOf,
    ActivityRequest,
    Help,
    LatestActivities,
    LogActivity,
)
from handlers.ids import Command
from store.activity import ActivityKind
from store.errors import Refusal

CALL, EMAIL = ActivityKind.CALL, ActivityKind.EMAIL


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        ("", LatestActivities()),
        ("  ", LatestActivities()),
        ("help", Help(Command.ACTIVITY)),
        ("12", ActivitiesOf(12)),
        ("#12", ActivitiesOf(12)),
        ("١٢", ActivitiesOf(12)),
        ("new", LogActivity()),
        ("NEW  Call:  met at the fair", LogActivity(None, CALL, "met at the fair")),
        ("new 12", LogActivity(12)),
        ("new #12 sent the deck", LogActivity(12, None, "sent the deck")),
        ("12 Call: wants 3 seats", LogActivity(12, CALL, "wants 3 seats")),
        ("12 e-mail : hello", LogActivity(12, EMAIL, "hello")),
        ("12 E-Mail: hello", LogActivity(12, EMAIL, "hello")),
        ("12 mail:hello", LogActivity(12, EMAIL, "hello")),
        ("12 other: x", LogActivity(12, ActivityKind.OTHER, "x")),
        ("12 at 15:00 we met", LogActivity(12, None, "at 15:00 we met")),
        ("12 Jane: wants more", LogActivity(12, None, "Jane: wants more")),
        ("12 call:", LogActivity(12, CALL, "")),
        ("12 <@U1|bob> &amp; <!channel>", LogActivity(12, None, "@bob & @channel")),
        ("new 99999999999999999999 seats", LogActivity(None, None, "99999999999999999999 seats")),
    ],
)
def test_what_it_means(text: str, request_: ActivityRequest) -> None:
    assert activity(text) == request_


@pytest.mark.parametrize("text", ["jane", "Call: wants 3 seats", "help me", "12x", "9" * 17])
def test_what_it_can_not_read_gets_the_right_form(text: str) -> None:
    right = r"^Write `/activity`, `/activity 12` or `/activity 12 Call: wants 3 seats`\.$"
    with pytest.raises(Refusal, match=right):
        activity(text)


@given(words=st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1))
def test_no_word_of_what_happened_is_lost(words: str) -> None:
    said = activity(f"new I wrote {words.replace('&', '&amp;').replace('<', '&lt;')}")
    assert said == LogActivity(None, None, f"I wrote {words}")
