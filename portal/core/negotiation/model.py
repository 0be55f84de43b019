"""The repayment model as the engine needs it: a few numbers, versioned by their id."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Model:
    """How likely a plan is kept: dH_t = h12 * [(t/12)^shape - ((t-1)/12)^shape] * burden factor * e^log_hazard.

    The burden factor is (max(b_std, .05)/reference)^eps_between * (max(b, .05)/b_std)^eps_within, b = payment /
    affordable amount, capped at 3. `log_hazard` is x'beta of the case (0 for the prior). Source of the prior:
    43 % of debt-management plans complete at 48 months at b = .8; HAMP for the shape (ENGINE.md 2.3).
    """

    model_id: str = "literature prior v1"
    h12: float = 0.26
    shape: float = 0.85
    eps_between: float = 0.5
    eps_within: float = 1.0
    reference: float = 0.8
    log_hazard: float = 0.0


PRIOR = Model()
WORTH = 0.775  # wbar: what settling is worth to a debtor, share of the balance (prior)
STRESS = 0.15  # weight of the squared burden in the debtor's cost
MONTHLY_DISCOUNT = 1.02  # the debtor's 2 % a month
LIFT = 0.35  # keeps the debtor's side of the Nash product above zero for slightly losing plans
BURDEN_MIN, BURDEN_MAX = 0.05, 3.0
