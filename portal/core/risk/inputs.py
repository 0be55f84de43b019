"""What a repayment model may look at, and nothing else.

Not used, in no form: age, sex, marital state, nationality, language, religion, health, address below region, device,
mood, name. Signs that somebody needs care protect; they never price. A test walks the source for other names.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields


@dataclass(frozen=True, kw_only=True, slots=True)
class Inputs:
    """The inputs of one payment of one case besides its burden; 0 is the ordinary case of each.

    Shares lie between 0 and 1, flags are 0 or 1. `stage` is how far the plan has run (share of its payments),
    `payday_gap` days between pay day and due day over 30, `balance_band` and `dpd_band` logs of balance over 2,400
    and days past due over 360 (0 there), `vest_years` the years until a waiver is final, `evidence` 0 to 3 over 3,
    `unemployment` percentage points above the long-run mean.
    """

    first_payment: float = 0.0
    stage: float = 0.0
    auto_pay: float = 0.0
    payday_gap: float = 0.0
    weekly: float = 0.0
    kept_share: float = 0.0
    broken_plans: float = 0.0
    contact: float = 0.0
    balance_band: float = 0.0
    dpd_band: float = 0.0
    down_share: float = 0.0
    waiver_share: float = 0.0
    vest_years: float = 0.0
    evidence: float = 0.0
    training: float = 0.0
    december: float = 0.0
    unemployment: float = 0.0


INPUTS = tuple(f.name for f in fields(Inputs))
PLAIN = Inputs()


def row_of(inputs: Inputs) -> Mapping[str, float]:
    """Return the inputs by name."""
    return {name: getattr(inputs, name) for name in INPUTS}
