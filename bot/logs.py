"""Logs: one line each, for people or (`LOG_FORMAT=json`) for machines."""

import logging

QUIET = ("apscheduler", "alembic", "slack_bolt", "slack_sdk", "aiohttp.access")
"""Libraries whose news is ours to tell, or nobody's; slack_sdk would print payloads."""


def configure(level: str, form: str) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(_for_machines() if form == "json" else _for_people())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _for_people() -> logging.Formatter:
    return logging.Formatter("{asctime} {levelname:<8} {message} [{name}]", style="{")


def _for_machines() -> logging.Formatter:
    # Loaded for those who ask for it: it takes a fifth of the start.
    import structlog  # noqa: PLC0415

    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(),
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
