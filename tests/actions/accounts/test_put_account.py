import pytest

from portal.actions.accounts.put_account import plain_lines, put_account
from portal.actions.keys.renew_digests import renew_digests, use_new_digests
from portal.actions.keys.rotate_keys import rotate_keys
from portal.core.actors import LENDER_API
from portal.core.imports.cells import Rules
from portal.core.imports.rows import RowReader
from portal.gateways.log_keys import make_key_pairs
from portal.store import accounts, debtors
from portal.store.accounts import Line
from tests import build
from tests.actions.accounts.files import PLACES, a_row, send
from tests.actions.chain import Chain

RULES = Rules(
    today=PLACES.today,
    countries=PLACES.countries,
    time_zones=PLACES.time_zones,
    normalize_phone=PLACES.normalize_phone,
)


def a_good_row(**changes):
    return RowReader(positions={}, width=0, rules=RULES).read_named(a_row(1, **changes))


def put(work, *, lines=None, **changes):
    return put_account(work, row=a_good_row(**changes), lines=lines, actor=LENDER_API, now=build.NOW)


def types(work):
    return [event.type for event in build.events_of(work, account_ref="AC-1")]


def test_each_account_is_told_when_it_is_created_and_changed(work):
    assert put(work).kind == "created"
    assert put(work).kind == "unchanged"
    assert put(work, product="card").changed == ("product",)
    assert put(work, product="card", fees="31.00").changed == ("fees_minor", "lines")
    assert put(work, product="card", fees="31.00", email="m@example.com").changed == ("debtor",)
    assert types(work) == [
        "account.created", "account.updated", "account.updated", "account.balance_changed", "account.updated",
    ]  # fmt: skip
    created = build.events_of(work, account_ref="AC-1")[0].payload
    assert created["product"] == "credit_card_loan"
    assert created["balance"] == {"minor": 141_640, "currency": "USD"}


def test_a_row_of_a_file_and_a_put_say_the_same(work, bulk):
    put(work)
    assert send(bulk, a_row(1)).counts["unchanged"] == 1


def test_a_row_of_a_file_stays_the_same_under_new_keys(work, bulk, database):
    send(bulk, a_row(1), a_row(2))
    with work.begin() as tx:
        person = debtors.find_debtor_by_source(tx, source_ref="P-1")
        debtors.confirm_phone(tx, debtor_id=person.debtor_id, now=build.NOW)
    rotate_keys(
        work, master_key=database.master_key, make_keys=make_key_pairs, actor=LENDER_API, now=build.NOW
    )
    use_new_digests(work)
    for one in (work, bulk):
        one.refresh_keys()
    assert send(bulk, a_row(1), a_row(2)).counts["unchanged"] == 2
    assert send(bulk, a_row(1, email="m@example.com")).counts["updated"] == 1
    list(renew_digests(work))
    assert send(bulk, a_row(1, email="m@example.com"), a_row(2)).counts["unchanged"] == 2
    with work.read() as tx:
        assert debtors.find_debtor(tx, debtor_id=person.debtor_id).phone_confirmed_at == build.NOW


def test_a_signed_plan_keeps_figures_and_lets_the_phone_change(work):
    put(work)
    build.active_bounds(work)
    with work.read() as tx:
        account = accounts.find_account(tx, account_ref="AC-1")
    Chain(work=work, account_id=account.account_id, debtor_id=account.debtor_id).signed(payment_minor=10_000)
    assert put(work, fees="99.00").kind == "plan_active"
    assert put(work, status="closed").kind == "plan_active"
    assert put(work, phone="+12015550188").changed == ("debtor",)


@pytest.mark.parametrize(
    ("changes", "kind"),
    [({"currency": "THB"}, "currency_changed"), ({"debtor_ref": "P-2"}, "debtor_changed")],
)
def test_contradictions_change_nothing(work, changes, kind):
    put(work)
    assert put(work, **changes).kind == kind
    assert types(work) == ["account.created"]


def test_lines_sum_to_the_balance_or_are_refused(work):
    line = Line(position=1, kind="principal", label_key="original", on_date=None, amount_minor=141_640)
    assert put(work, lines=[line]).kind == "created"
    assert put(work, lines=[line]).kind == "unchanged"
    assert put(work, lines=[]).kind == "lines_differ"
    assert put(work, lines=list(plain_lines(a_good_row()))).changed == ("lines",)


def test_a_recalled_account_opens_again_by_put(work):
    put(work)
    with work.begin() as tx:
        account = accounts.find_account(tx, account_ref="AC-1")
        accounts.move_account(
            tx, account_id=account.account_id, before="open", after="recalled", now=build.NOW
        )
    assert put(work).changed == ("state",)
