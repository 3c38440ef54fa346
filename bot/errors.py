"""Why the process can't run: sentences for whoever started it."""


class CannotRun(Exception):
    """The text says what is wrong and what to do; no stack trace is needed."""
