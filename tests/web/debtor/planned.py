"""A visitor who has signed a plan, and the days after it."""

from tests import build
from tests.actions.chain import Chain
from tests.actions.life.living import Living


def a_planned(door, clock):
    """Sign a plan for the person at the door; gives it with the clock that its days go by."""
    build.active_bounds(door.work)
    chain = Chain(work=door.work, account_id=door.account_id, debtor_id=door.debtor_id, now=clock.now())
    agreement = chain.signed()
    return Living(chain, agreement.agreement_id, agreement.agreement_ref)


def go_on(plan, door, clock, moment):
    """Let the days pass until a moment, for the person and the house, and the plan act on it."""
    door.wait(seconds=(moment - clock.at).total_seconds())
    clock.at = moment
    plan.act(moment)
    plan.chain.now = moment
