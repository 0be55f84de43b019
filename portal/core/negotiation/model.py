"""What scores are made of besides the plan: the repayment model in force and the debtor's proxy utility."""

from portal.core.risk.hazard import BURDEN_MAX, BURDEN_MIN, Model
from portal.core.risk.prior import PRIOR

WORTH = 0.775  # wbar: what settling is worth to a debtor, share of the balance (prior)
STRESS = 0.15  # weight of the squared burden in the debtor's cost
MONTHLY_DISCOUNT = 1.02  # the debtor's 2 % a month
LIFT = 0.35  # keeps the debtor's side of the Nash product above zero for slightly losing plans

__all__ = ["BURDEN_MAX", "BURDEN_MIN", "LIFT", "MONTHLY_DISCOUNT", "PRIOR", "STRESS", "WORTH", "Model"]
