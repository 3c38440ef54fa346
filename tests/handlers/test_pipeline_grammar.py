"""What `/pipeline` understands, and the right form of what it does not."""

import pytest

from handlers.grammar import pipeline
from handlers.ids import Command
from handlers.requests import Digests, Help, MyPipeline, PipelineRequest, Post
from store.errors import Refusal

FORMS = "Write `/pipeline`, `/pipeline me`, `/pipeline digest` or `/pipeline help`."
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
        ("digest help", DIGEST),
        ("digest weekly monday 9:00", DIGEST),
        ("digests &lt;!channel&gt;", DIGEST),
    ],
)
def test_refuses_with_the_right_form(text: str, sentence: str) -> None:
    with pytest.raises(Refusal) as refused:
        pipeline(text)
    assert refused.value.sentence == sentence
