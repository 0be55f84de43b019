"""Answers to asks leave on a grid of 50 ms: how long one took tells nothing of the private bounds that it met.

What an answer says may depend on them; when it comes does not. The engine's part takes a few milliseconds, so nearly
all leave on the first line of the grid.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import request

GRID_SECONDS = 0.05
View = TypeVar("View", bound=Callable[..., Any])


def rest_of(elapsed: float, *, grid: float = GRID_SECONDS) -> float:
    """Return the seconds to wait from so many seconds behind the start to the next line of the grid."""
    return -elapsed % grid


def on_the_grid(view: View) -> View:
    """Let the answer to a POST leave on the grid; nothing waits for a page that is only looked at."""

    @wraps(view)
    def paced(*args: Any, **named: Any) -> Any:
        started = time.monotonic()
        try:
            return view(*args, **named)
        finally:
            if request.method == "POST":
                time.sleep(rest_of(time.monotonic() - started))

    return cast("View", paced)
