from portal.core.events import catalog
from portal.core.holds import ADJUSTMENT_REASONS, CAUSES, RECALL_REASONS


def test_every_code_can_be_told():
    for cause in CAUSES:
        catalog.validate("account.held", {"cause": cause})
    for reason in RECALL_REASONS:
        catalog.validate("account.recalled", {"reason": reason})
    money = {"minor": 1, "currency": "USD"}
    for reason in ADJUSTMENT_REASONS:
        catalog.validate("account.balance_changed", {"before": money, "after": money, "reason": reason})
