"""Modules of listeners that are loaded when one of them is first asked for, or when there is time:
no start waits for what hardly anybody uses in its first second.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handlers.answer import Answer
    from handlers.listening import Heard, Listener


class Later:
    """Stands for such a module; each of its names is a listener."""

    def __init__(self, name: str) -> None:
        self._name = f"handlers.{name}"

    def load(self) -> None:
        """Loads it now. Refuses, as any import does, a module that is not there."""
        import_module(self._name)

    def __getattr__(self, listener: str) -> "Listener":
        async def listen(heard: "Heard") -> "Answer":
            answer: Answer = await getattr(import_module(self._name), listener)(heard)
            return answer

        listen.__qualname__ = f"{self._name}.{listener}"
        return listen
