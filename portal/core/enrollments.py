"""What a learner code looks like, and until when a step of a course counts."""

import re
from datetime import date, datetime, timedelta

STEPS = ("enrolled", "attended", "certified", "placed", "retained_90d")
"""What a provider can confirm of a learner, in the order of a course."""

REVIEW_DAYS = 7
"""A step is looked at a week after it was due (`plans.skills.review_by`)."""

_CODE = re.compile(r"[abcdefghjkmnpqrstuvwxyz2-9]{20,40}")


def is_code(text: str) -> bool:
    """Tell whether a text can be a learner code at all."""
    return _CODE.fullmatch(text) is not None


def read_code(text: str) -> str:
    """Return a typed learner code in the one form that is compared: lower case, nothing between its signs."""
    return re.sub(r"[\s\-]+", "", text).lower()


def shown_code(code: str) -> str:
    """Return a learner code in groups of four, as people copy it."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def is_in_time(*, on: date, due_by: date) -> bool:
    """Tell whether a step reached on a day still counts: until seven days after it was due."""
    return on <= due_by + timedelta(days=REVIEW_DAYS)


def is_to_come(*, on: date, now: datetime) -> bool:
    """Tell whether a day has begun nowhere on earth yet."""
    return on > (now + timedelta(hours=14)).date()
