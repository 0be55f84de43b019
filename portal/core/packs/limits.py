"""What a pack adds to a lender's bounds: limits that nothing loosens (ENGINE.md 3.1, "pack intersection")."""

from portal.core.bounds.model import Limit
from portal.core.bounds.resolve import PackLimits
from portal.core.packs.model import Pack
from portal.core.packs.rules import plan_months_max


def limits_of(pack: Pack) -> PackLimits:
    """Return the limits of a pack: the longest plan that the law allows, where it says one."""
    months = plan_months_max(pack)
    if months is None:
        return PackLimits(pack_id=pack.ref)
    longest = tuple(
        Limit(family=family, field="months_max", value=months) for family in ("installment", "restructure")
    )
    return PackLimits(pack_id=pack.ref, limits=longest)
