"""UUIDv7 (RFC 9562): ids that sort by the time they were made, so index pages fill from one end."""

import secrets
import time
from uuid import UUID


def new_id() -> UUID:
    """Make a UUIDv7 of the machine's time in milliseconds and 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    random_bits = secrets.randbits(74)
    high, low = random_bits >> 62, random_bits & (1 << 62) - 1
    return UUID(int=milliseconds << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)
