"""Logs: one JSON line an event, from a short list of keys, so that personal data has no way in.

A line names what happened by a fixed word (``log.info("delivery_failed", lender_id=7, attempt=2)``); facts go into
the keys of ``KEYS``. Any other key is dropped and only counted. Of an exception its class and places are kept, never
its message, which may quote a row. Of other libraries' lines the unformatted template is kept, never its arguments.
"""

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any, TextIO

import structlog

_KEYS = (
    "event level at process logger template where error trace dropped request_id endpoint method status seconds"
    " lender_id account_ref case_ref creditor_ref debtor_ref agreement_ref payment_ref event_id event_type"
    " delivery_id endpoint_id inbox_id job queue attempt count rows reason pid port release exit_code"
)
KEYS = frozenset(_KEYS.split())
TEXT_MAX = 300
WORD = re.compile(r"[a-z][a-z0-9_.]{0,60}\Z")
_LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}
Line = MutableMapping[str, Any]


def configure_logs(*, level: str, process: str, stream: TextIO | None = None) -> None:
    """Send this process's own lines and those of its libraries to a stream (stderr unless given)."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            lambda _logger, _method, line: {"process": process, **line},
            name_exception,
            keep_known_keys,
            structlog.processors.JSONRenderer(default=str, ensure_ascii=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=structlog.PrintLoggerFactory(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers[:] = [LibraryHandler()]
    root.setLevel(max(_LEVELS[level], logging.WARNING))


def name_exception(_logger: object, _method: str, line: Line) -> Line:
    """Put an exception's class and places where its message would have been."""
    info = line.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    elif isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    if info and info[0] is not None:
        line["error"] = info[0].__name__
        line["trace"] = _places(info[2])
    return line


def _places(trace: TracebackType | None) -> str:
    frames = traceback.extract_tb(trace)[-12:]
    return " ".join(f"{_short(frame.filename)}:{frame.lineno}:{frame.name}" for frame in frames)


def _short(filename: str) -> str:
    return "/".join(filename.split("/")[-3:])


def keep_known_keys(_logger: object, _method: str, line: Line) -> Line:
    """Drop every key that is not on the list, cut long texts, and refuse free text as the event's name."""
    kept: Line = {}
    for key, value in line.items():
        if key in KEYS:
            is_plain = value is None or isinstance(value, bool | int | float)
            limit = None if key == "trace" else TEXT_MAX
            kept[key] = value if is_plain else str(value)[:limit]
    if len(kept) < len(line):
        kept["dropped"] = len(line) - len(kept)
    if not WORD.match(str(line.get("event", ""))):
        kept["event"] = "unnamed"
    return kept


class LibraryHandler(logging.Handler):
    """Takes the lines of other libraries: their template, logger and place, without what was filled in."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line for a record."""
        facts: dict[str, Any] = {"logger": record.name, "where": f"{_short(record.pathname)}:{record.lineno}"}
        if record.args:
            facts["template"] = str(record.msg)
        if record.exc_info:
            facts["exc_info"] = record.exc_info
        method = "error" if record.levelno >= logging.ERROR else "warning"
        getattr(structlog.get_logger(), method)("library_line", **facts)
