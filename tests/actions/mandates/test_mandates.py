"""From the consent to the last debit: told beforehand, taken once, stopped by a tap, never under a hold."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.actions.mandates.begin_mandate import NoMandate, SetupPage
from portal.actions.mandates.change_debit import move_debit, stop_debit
from portal.actions.mandates.end_mandate import end_mandate
from portal.actions.payments.receive_payment_event import receive_payment_event
from portal.actions.payments.record_mandate import apply_setup
from portal.actions.payments.record_payment import record_payment
from portal.core.payments import (
    Kind,
    PaymentNotice,
)
from portal.store import accounts, mandates
from portal.store.tables.identity import messages
from tests import build
from tests.actions.chain import a_chain, a_notice
from tests.actions.mandates.rig import (
    a_mandate,
    announce,
    ask,
    debit,
    debits_of,
    find,
    payments_of,
    rows_of,
    told,
    types_of,
)
from tests.actions.payments.test_record_payment import pay, tell


def test_consent_to_the_exact_terms_then_the_way_to_pay_is_kept(chain, gateway):
    asked = ask(chain, gateway)
    assert isinstance(asked, SetupPage)
    mandate = find(chain, asked.mandate_ref)
    assert (mandate.state, mandate.terms["count"]) == ("asked", len(rows_of(chain)))
    assert types_of(chain)[-1] != "mandate.created"
    mandate = a_mandate(chain, gateway)
    assert (mandate.state, mandate.method, mandate.method_ref) == ("active", "card", "pm_1")
    assert types_of(chain)[-1] == "mandate.created"


def test_other_terms_than_shown_are_not_consented_to(chain, gateway):
    assert ask(chain, gateway, terms_hash="0" * 64) == NoMandate(reason="changed")
    assert gateway.pages == []


def test_the_same_form_goes_on_with_the_same_mandate(chain, gateway):
    first, again = (ask(chain, gateway, token="t" * 32) for _ in range(2))
    assert first == again
    assert len({page[0] for page in gateway.pages}) == 1


def test_without_a_plan_there_is_nothing_to_allow(work, lender, gateway):
    bare = a_chain(work, lender)
    assert ask(bare, gateway, terms_hash="x") == NoMandate(reason="no_plan")


def test_a_change_is_a_new_consent_and_the_old_mandate_holds_until_then(chain, gateway):
    first = a_mandate(chain, gateway)
    ask(chain, gateway, payday=25)
    assert find(chain, first.mandate_ref).state == "active"
    second = a_mandate(chain, gateway, method_ref="pm_2", payday=25)
    assert (find(chain, first.mandate_ref).state, second.state) == ("replaced", "active")
    last = build.events_of(chain.work, account_ref=chain.account().account_ref)[-1]
    assert (last.type, last.payload["changed"], last.payload["replaces"]) == (
        "mandate.changed",
        ["terms"],
        first.mandate_ref,
    )


def test_the_provider_tells_that_a_way_is_kept_or_gone(chain, gateway):
    mandate = find(chain, ask(chain, gateway).mandate_ref)

    def notice(kind, **more):
        return PaymentNotice(event_id=f"evt_{kind}", event_type="t", kind=kind, at=chain.now, **more)

    done = notice(Kind.SETUP_DONE, attempt=str(mandate.mandate_id), method_ref="pm_9")
    receive_payment_event(chain.work, source="stripe", notice=done, now=chain.now)
    assert (
        record_payment(chain.work, source="stripe", outside_id=done.event_id, now=chain.now).result
        == "applied"
    )
    assert find(chain, mandate.mandate_ref).method_ref == "pm_9"
    with chain.work.begin() as tx:
        assert (
            apply_setup(tx, notice=notice(Kind.SETUP_FAILED, attempt="nonsense"), now=chain.now) == "ignored"
        )
        assert (
            apply_setup(tx, notice=notice(Kind.METHOD_REMOVED, method_ref="pm_9"), now=chain.now) == "applied"
        )
    assert find(chain, mandate.mandate_ref).end_reason == "method_removed"


def test_each_debit_is_told_in_time_and_once(chain, gateway):
    mandate = a_mandate(chain, gateway)
    assert announce(chain, mandate, days_before=20) == 0
    assert announce(chain, mandate, days_before=5) == 1
    assert announce(chain, mandate, days_before=4) == 0
    first = debits_of(chain)[0]
    assert (first.state, first.debit_on) == ("told", rows_of(chain)[0].due_on)
    assert types_of(chain).count("debit.announced") == 1
    with chain.work.read() as tx:
        templates = (
            tx.execute(select(messages.c.template).where(messages.c.lender_id == tx.lender_id))
            .scalars()
            .all()
        )
    assert templates == ["debit_notice"]


def test_a_late_notice_moves_the_debit_and_a_very_late_one_leaves_it_to_the_debtor(chain, gateway):
    mandate = a_mandate(chain, gateway)
    assert announce(chain, mandate, days_before=1) == 1
    assert debits_of(chain)[0].debit_on == rows_of(chain)[0].due_on + timedelta(days=2)


def test_a_debit_is_taken_on_its_day_and_once(chain, gateway):
    announce(chain, a_mandate(chain, gateway))
    announce(chain, find(chain, _mandate_ref(chain)), days_before=4)
    assert debit(chain, gateway, days=-1).reason == "not_yet"
    assert debit(chain, gateway).kind == "taken"
    assert debit(chain, gateway).reason in {"in_flight", "paid"}
    assert [minor for _, minor, _ in gateway.charged] == [rows_of(chain)[0].amount_minor]
    assert rows_of(chain)[0].state == "paid"
    assert debits_of(chain)[0].state == "done"


def _mandate_ref(chain):
    with chain.work.read() as tx:
        return mandates.find_active_mandate(tx, agreement_id=chain.agreement.agreement_id).mandate_ref


def test_nothing_is_taken_without_a_notice_or_a_mandate(chain, gateway):
    assert debit(chain, gateway).reason == "no_mandate"
    a_mandate(chain, gateway)
    assert debit(chain, gateway).reason == "not_told"
    assert gateway.charged == []


@pytest.mark.parametrize("hold", ["pause", "dispute", "deceased", "moratorium"])
def test_nothing_is_taken_under_a_hold(chain, gateway, hold):
    told(chain, gateway)
    with chain.work.begin() as tx:
        accounts.save_hold(tx, account_id=chain.account_id, kind=hold, now=chain.now)
    assert debit(chain, gateway).reason == "held"
    assert gateway.charged == []


def test_never_more_is_taken_than_is_left_and_was_told(chain, gateway):
    told(chain, gateway)
    payment = payments_of(chain, pay(chain, 1_000))
    tell(chain, a_notice(payment))
    assert debit(chain, gateway).kind == "taken"
    assert gateway.charged[0][1] == rows_of(chain)[0].amount_minor - 1_000


def test_one_debit_is_stopped_until_the_day_before(chain, gateway):
    told(chain, gateway)
    one = debits_of(chain)[0]
    named = {"debit_id": one.debit_id, "debtor_id": chain.debtor_id, "now": chain.now}
    assert stop_debit(chain.work, today=one.debit_on, **named).kind == "too_late"
    assert stop_debit(chain.work, today=one.debit_on - timedelta(days=1), **named).kind == "stopped"
    assert stop_debit(chain.work, today=one.debit_on, **named).kind == "stopped"
    assert debit(chain, gateway).reason == "stopped"
    stranger = named | {"debtor_id": build.a_debtor(chain.work)}
    assert stop_debit(chain.work, today=chain.today, **stranger).kind == "unknown"


def test_one_debit_is_moved_inside_the_grace_days(chain, gateway):
    told(chain, gateway)
    one = debits_of(chain)[0]
    named = {"debit_id": one.debit_id, "debtor_id": chain.debtor_id, "now": chain.now}
    today = one.debit_on - timedelta(days=2)
    late = move_debit(chain.work, day=one.due_on + timedelta(days=60), today=today, **named)
    assert late.kind == "bad_day"
    assert late.window[1] >= one.due_on
    assert move_debit(chain.work, day=late.window[1], today=today, **named).kind == "moved"
    assert debits_of(chain)[0].debit_on == late.window[1]
    assert types_of(chain)[-1] == "debit.changed"


def test_all_of_it_ends_at_once_and_the_provider_lets_go(chain, gateway):
    mandate = told(chain, gateway)
    stranger = build.a_debtor(chain.work)
    named = {"mandate_ref": mandate.mandate_ref, "gateway": gateway, "now": chain.now}
    assert not end_mandate(chain.work, debtor_id=stranger, **named)
    assert end_mandate(chain.work, debtor_id=chain.debtor_id, **named)
    assert end_mandate(chain.work, debtor_id=chain.debtor_id, **named)
    assert find(chain, mandate.mandate_ref).state == "canceled"
    assert debits_of(chain)[0].state == "stopped"
    assert set(gateway.forgotten) == {"pm_1"}
    assert debit(chain, gateway).reason == "no_mandate"


def test_a_new_mandate_tells_a_stopped_debit_anew(chain, gateway):
    told(chain, gateway)
    second = a_mandate(chain, gateway, method_ref="pm_2")
    assert announce(chain, second, days_before=4) == 1
    assert (debits_of(chain)[0].mandate_id, debits_of(chain)[0].state) == (second.mandate_id, "told")
