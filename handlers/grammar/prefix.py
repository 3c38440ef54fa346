"""Commands as this installation calls them: with the prefix `acme-`, /opp is /acme-opp in Slack."""

import re
from dataclasses import replace
from typing import Any

from handlers.answer import Answer
from handlers.ids import Command
from handlers.views.blocks import Message

_OURS = re.compile(rf"`/({'|'.join(name.removeprefix('/') for name in Command)})\b")
"""Only sentences of ours have back-ticks: in what people typed they were replaced."""

_MARKED = re.compile(r"`(/[^`]+)`")


def prefixed(answer: Answer, prefix: str) -> Answer:
    """The answer, its sentences naming the commands that can be typed."""
    if not prefix:
        return answer
    said = answer.say and named(answer.say, prefix)
    errors = answer.errors and {at: _named(one, prefix) for at, one in answer.errors.items()}
    return replace(answer, say=said, errors=errors, view=everywhere(answer.view, prefix))


def named(message: Message, prefix: str) -> Message:
    """The same of a message."""
    if not prefix:
        return message
    return Message(_named(message.text, prefix), everywhere(message.blocks, prefix))


def everywhere(value: Any, prefix: str) -> Any:
    """Blocks, with their texts changed and nothing else: what stands in fields stays."""
    if not prefix:
        return value
    if isinstance(value, list):
        return [everywhere(one, prefix) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _named(inner, prefix)
        if key == "text" and isinstance(inner, str)
        else everywhere(inner, prefix)
        for key, inner in value.items()
    }


def unmarked(text: str) -> str:
    """Where Slack sets nothing as a command, as in the errors of a form: without the marks."""
    return _MARKED.sub(r"\1", text)


def _named(text: str, prefix: str) -> str:
    return _OURS.sub(rf"`/{prefix}\1", text)
