"""UUIDv7 (RFC 9562): ids that sort by the time they were made, so index pages fill from one end."""

import secrets
import threading
import time
from uuid import UUID

RANDOM_BITS = 74
STEP_BITS = 40
_lock = threading.Lock()
_last = 0


def new_id() -> UUID:
    """Make a UUIDv7 of the machine's time in milliseconds and 74 random bits, above every one made here before.

    Within a millisecond, or when the clock steps back, the last one grows by a random step (RFC 9562, 6.2, method 2):
    what one transaction tells keeps its order.
    """
    global _last  # noqa: PLW0603 - the one memory of this process
    milliseconds = time.time_ns() // 1_000_000
    with _lock:
        fresh = milliseconds << RANDOM_BITS | secrets.randbits(RANDOM_BITS - 1)
        _last = number = (
            fresh if milliseconds > _last >> RANDOM_BITS else _last + 1 + secrets.randbits(STEP_BITS)
        )
    time_part, high, low = number >> RANDOM_BITS, number >> 62 & 0xFFF, number & (1 << 62) - 1
    return UUID(int=time_part << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)
