"""How the strict Slack says no."""


class Refused(Exception):
    """A Web API call that Slack answers with `ok: false`."""

    def __init__(self, error: str, *messages: str, **extra: object) -> None:
        super().__init__(error, *messages)
        self.error = error
        self.extra = extra
        if messages:
            self.extra["response_metadata"] = {"messages": [f"[ERROR] {m}" for m in messages]}

    def body(self) -> dict[str, object]:
        return {"ok": False, "error": self.error, **self.extra}


class Invalid(ValueError):
    """Blocks or a view that break a rule: the rule and the JSON pointer to where."""

    def __init__(self, rule: str, where: str) -> None:
        super().__init__(f"{rule} [json-pointer:{where}]")
