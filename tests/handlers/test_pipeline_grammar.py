"""What `/pipeline` understands, and the right form of what it does not."""

import pytest

from handlers.grammar.grammar import pipeline
from handlers.grammar.requests import Digests, Help, MyPipeline, PipelineRequest, Post, Stats
from handlers.ids import Command
from store.errors import Refusal
from store.figures import Span

FORMS = (
    "Write `/pipeline`, `/pipeline me`, `/pipeline digest`, `/pipeline stats` or `/pipeline help`."
)
STATS = (
    "Write `/pipeline stats` and a period: this month, last month, this quarter, last quarter, "
    "this year, last year, last 90 days or all time."
)
DIGEST = (
    "Write `/pipeline digest`, and nothing after it: it lists this channel's digests, "
    "with buttons to add, edit, pause and send them."
)


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        ("", Post()),
        ("me", MyPipeline()),
        ("digest", Digests()),
        (" Digests ", Digests()),
        ("stats", Stats(Span.THIS_QUARTER)),
        (" Stats  Last   Quarter", Stats(Span.LAST_QUARTER)),
        ("stats of the last 90 days", Stats(Span.LAST_90_DAYS)),
        ("figures all time", Stats(Span.ALL_TIME)),
        ("help", Help(Command.PIPELINE)),
    ],
)
def test_means(text: str, request_: PipelineRequest) -> None:
    assert pipeline(text) == request_


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("you", FORMS),
        ("digester", FORMS),
        ("x" * 3000, FORMS),
        ("stats last decade", STATS),
        ("stats help", STATS),
        ("digest help", DIGEST),
        ("digest weekly monday 9:00", DIGEST),
        ("digests &lt;!channel&gt;", DIGEST),
    ],
)
def test_refuses_with_the_right_form(text: str, sentence: str) -> None:
    with pytest.raises(Refusal) as refused:
        pipeline(text)
    assert refused.value.sentence == sentence
