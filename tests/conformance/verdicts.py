"""What a case can come to, and the shape of an adapter."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Case = dict[str, Any]
HIDDEN = (
    "expected",
    "our_value",
    "valid",
    "reproduced",
    "apr_verified",
    "holidays_",
    "agree_with",
    "root_hex",
)


class NotApplicableError(Exception):
    """The product does not do what the case asks, or the case does not say enough; the message is the reason."""


@dataclass(frozen=True)
class Family:
    """A kind of file: how to answer a case from its inputs, and how to compare the answer.

    `answer` gets the case without expected figures; `differs` gets the answer and the whole case and gives
    the difference, or None. `strip` takes them out where `inputs_of` does not do.
    """

    answer: Callable[[Case], Any]
    differs: Callable[[Any, Case], str | None]
    strip: Callable[[Case], Case] | None = None


def inputs_of(case: Case) -> Case:
    """Return the case without anything that tells the expected outcome."""
    return {key: value for key, value in case.items() if not key.startswith(HIDDEN)}


def minor(text: object, places: int = 2) -> int:
    """Return an amount in minor units."""
    return int((Decimal(str(text)) * 10**places).to_integral_exact())
