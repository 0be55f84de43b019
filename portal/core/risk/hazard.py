"""How likely a plan is broken: a discrete-time hazard per payment, monotone in the burden.

dH_t = h12 * [(t/12)^shape - ((t-1)/12)^shape] * burden factor * e^log_hazard, t in months since signing; the chance to
keep the payments up to t is S_t = exp(-sum dH). With a complementary log-log link the log hazard of a payment is
linear in these terms, so `learn` fits them by a generalized linear model.
"""

from dataclasses import dataclass, replace
from math import exp

from portal.core.errors import RiskError
from portal.core.risk.inputs import INPUTS, Inputs, row_of

BURDEN_MIN, BURDEN_MAX = 0.05, 3.0
LOG_STEPS = 16  # a case's log hazard moves in steps of 1/16, so that cases share their tables
LOG_MAX = 1.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Model:
    """The repayment model as the engine needs it: a few numbers, versioned by their id.

    The burden factor is (max(b_std, .05)/reference)^eps_between * (max(b, .05)/b_std)^eps_within, b = payment /
    affordable amount, capped at 3; b_std is the burden of the segment's standard plan. `weights` are pairs (input,
    weight) over the names of `INPUTS`; `log_hazard` is their sum for one case (0 for the prior). Raises `RiskError`
    for a negative elasticity: a larger payment never counts as safer.
    """

    model_id: str = "literature prior v1"
    h12: float = 0.26
    shape: float = 0.85
    eps_between: float = 0.5
    eps_within: float = 1.0
    reference: float = 0.8
    log_hazard: float = 0.0
    weights: tuple[tuple[str, float], ...] = ()

    def __post_init__(self) -> None:
        """Refuse elasticities below 0 and inputs outside the allowed list."""
        if min(self.eps_between, self.eps_within, self.h12, self.shape) < 0:
            raise RiskError("hazard must not fall where the burden rises")
        if not {name for name, _ in self.weights} <= set(INPUTS):
            raise RiskError("a model uses the allowed inputs only")

    def yearly(self, burden: float, standard: float) -> float:
        """Return the hazard summed over the first year at a burden, b_std given; never falls as the burden rises."""
        between = float((standard / self.reference) ** self.eps_between)
        base = self.h12 * between * exp(self.log_hazard)
        return base * float((burden / standard) ** self.eps_within)

    def clock(self, years: float) -> float:
        """Return the share of the first year's hazard that has passed after some years."""
        return float(years**self.shape)

    def survival(self, *, burden: float, months: float, standard: float = 0.8) -> float:
        """Return the chance that a level plan is kept for some months."""
        met = min(max(burden, BURDEN_MIN), BURDEN_MAX)
        return exp(-self.yearly(met, max(standard, BURDEN_MIN)) * self.clock(months / 12))

    def for_case(self, inputs: Inputs) -> "Model":
        """Return the model with the log hazard of a case: the weighted sum of its inputs in steps of 1/16."""
        if not self.weights:
            return self
        row = row_of(inputs)
        total = sum(weight * row[name] for name, weight in self.weights)
        met = min(max(total, -LOG_MAX), LOG_MAX)
        return replace(self, log_hazard=round(met * LOG_STEPS) / LOG_STEPS)
