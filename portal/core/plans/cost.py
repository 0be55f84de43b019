"""What a plan's new interest comes to as one yearly rate, everything counted: what a debtor can compare."""

from decimal import Decimal

from portal.core.apr import Transfer, apr_effective_dated
from portal.core.plans.grammar import Plan

_PLACES = Decimal("0.0001")


def apr_of(plan: Plan) -> Decimal | None:
    """Return the effective yearly rate of a plan, Decimal('0.1268') for 12.68 %; None where it bears no interest.

    The sum left after the waiver on the day of the facts against all payments on their days, over 365; rounded half
    even to a hundredth of a percent. It tells flat interest by what it costs: 12 % flat over two years is about 23 %.
    Source: Directive 2008/48/EC annex I.
    """
    if not plan.interest or plan.made_on is None or plan.amount < 1:
        return None
    found = apr_effective_dated(
        advances=(Transfer(plan.made_on, plan.amount),),
        payments=tuple(Transfer(row.due_on, row.amount) for row in plan.schedule),
    )
    return None if found is None else Decimal(repr(found)).quantize(_PLACES)
