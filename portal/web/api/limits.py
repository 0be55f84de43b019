"""So many calls a minute for each key, told in the headers of every answer (RateLimit-*)."""

from dataclasses import dataclass

from flask import Response

from portal.store import api_windows
from portal.web.access import key_room
from portal.web.api.problems import RefusedError
from portal.web.context import portal

CALLS_A_MINUTE = 600


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """This call in its window: how many there were, and in how many seconds the next window begins."""

    number: int
    seconds_left: int


def count() -> Call:
    """Count this call of the key."""
    now = portal().clock.now()
    start = now.replace(second=0, microsecond=0)
    room, api_key_id = key_room()
    with room.begin() as tx:
        number = api_windows.count_call(tx, api_key_id=api_key_id, window_started_at=start)
    return Call(number=number, seconds_left=60 - now.second)


def check(call: Call) -> None:
    """Refuse what is over the limit; raises RefusedError (429)."""
    if call.number > CALLS_A_MINUTE:
        raise RefusedError(
            429,
            "Too many calls",
            detail=f"This key may call {CALLS_A_MINUTE} times a minute.",
            retry_after=call.seconds_left,
        )


def tell(response: Response, call: Call) -> Response:
    """Say in the headers what is left."""
    response.headers["RateLimit-Limit"] = str(CALLS_A_MINUTE)
    response.headers["RateLimit-Remaining"] = str(max(CALLS_A_MINUTE - call.number, 0))
    response.headers["RateLimit-Reset"] = str(call.seconds_left)
    return response
