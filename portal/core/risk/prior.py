"""The literature prior, version 1: what a lender starts with, and how far data may move it.

Sources
    h12 = .26 at burden .8: just under 43 % of the 2008 cohort of debt-management plans completed at 48 months.
    shape = .85: 60+ days late at 6 / 12 / 24 months after a modification 9.0 / 16.5 / 26.4 % (HAMP Tier 1).
    eps_between = .5: elasticity of the hazard to the burden between debtors, .56 (se .03) on 4,070 public consumer
        loans, .46 with controls.
    eps_within ~ N(1, .6) in [0, 2.5]: between plans of one debtor. Upper end 2.36 = ln .78 / ln .90, "10 % lower
        payment, 22 % fewer defaults" (450,000 mortgage modifications, JPMorgan Chase Institute 2017); lower end 0:
        payment cuts without effect in a card trial (Dobbie and Song 2020).
    weights: normal, mean 0, standard deviation .5 in units of `inputs`: no effect is assumed before data show one.
"""

from dataclasses import dataclass

from portal.core.risk.hazard import Model
from portal.core.risk.inputs import INPUTS

PRIOR = Model()
WEIGHT_SD = 0.5
EPS_SD = 0.6
EPS_LOW, EPS_HIGH = 0.0, 2.5
LEVEL_SD = 0.5  # of ln h12


@dataclass(frozen=True, slots=True)
class Belief:
    """A normal prior over one coefficient."""

    name: str
    mean: float
    sd: float
    low: float = float("-inf")
    high: float = float("inf")


def beliefs() -> tuple[Belief, ...]:
    """Return the priors of all coefficients in the learner's order: level, elasticity within, then the inputs."""
    return (
        Belief("level", 0.0, LEVEL_SD),
        Belief("eps_within", PRIOR.eps_within, EPS_SD, EPS_LOW, EPS_HIGH),
        *(Belief(name, 0.0, WEIGHT_SD) for name in INPUTS),
    )
