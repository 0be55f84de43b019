from portal.core.events import catalog
from portal.core.holds import ADJUSTMENT_REASONS, CAUSES, RECALL_REASONS, Freeze, freeze_of, stops


def test_every_code_can_be_told():
    for cause in CAUSES:
        catalog.validate("account.held", {"cause": cause})
    for reason in RECALL_REASONS:
        catalog.validate("account.recalled", {"reason": reason})
    money = {"minor": 1, "currency": "USD"}
    for reason in ADJUSTMENT_REASONS:
        catalog.validate("account.balance_changed", {"before": money, "after": money, "reason": reason})


def test_each_kind_says_what_it_freezes():
    assert freeze_of("deceased") == freeze_of("anything new") == Freeze()
    assert not freeze_of("pause").interest
    assert freeze_of("pause", pause_stops_interest=True).interest
    assert not freeze_of("complaint").dates
    assert stops(freeze_of("pause")) == ["contact", "payments"]
    assert stops(freeze_of("complaint")) == ["contact"]
