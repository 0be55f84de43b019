from portal.actions.bounds.preview_bounds import preview_bounds
from portal.core.bounds.presets import preset
from portal.core.bounds.schema import parse_bounds
from portal.store import accounts
from tests import build


def test_a_preview_shows_what_a_debtor_would_be_offered(work, lender, now):
    debtor_id = build.a_debtor(work)
    account_id = build.an_account(work, creditor_id=lender.creditor_id, debtor_id=debtor_id)
    with work.read() as tx:
        ref = accounts.find_account(tx, account_id=account_id).account_ref
    draft = parse_bounds(preset("USD"))
    shown = preview_bounds(work, account_ref=ref, bounds=draft, today=now.date(), now=now)
    assert (shown.kind, shown.segment, shown.answer.kind) == ("shown", "late", "menu")
    assert shown.answer.offers
    asked = {"today": now.date(), "now": now}
    assert preview_bounds(work, account_ref="nobody", bounds=draft, **asked).kind == "unknown"
    baht = parse_bounds(preset("THB"))
    assert preview_bounds(work, account_ref=ref, bounds=baht, **asked).kind == "other_currency"
    assert build.events_of(work) == []
