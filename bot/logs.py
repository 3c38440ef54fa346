"""Logs: one line each, for people or (`LOG_FORMAT=json`) for machines."""

import logging
import sys
from typing import Any

QUIET = ("apscheduler", "alembic", "slack_bolt", "slack_sdk", "aiohttp.access")
"""Libraries whose news is ours to tell, or nobody's; slack_sdk would print payloads."""


def configure(level: str, form: str) -> None:
    import structlog  # noqa: PLC0415 - loaded when something runs.

    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    shown: Any
    if form == "json":
        shared.append(structlog.processors.format_exc_info)
        shown = structlog.processors.JSONRenderer(ensure_ascii=False)
    else:
        shown = structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, shown],
        )
    )
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
