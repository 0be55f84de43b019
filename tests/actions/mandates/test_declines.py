"""A debit that does not go through: tried again twice at most, never after a hard decline, told at the first time."""

from datetime import timedelta

import pytest

from portal.actions.mandates.tell_declined import tell_declined
from portal.core.payments import Kind, PaymentBusy, PaymentDeclined, PaymentRefused, PaymentUnknown
from tests import build
from tests.actions.chain import a_notice
from tests.actions.mandates.rig import debit, debits_of, find, payments_of, rows_of, told, types_of
from tests.actions.payments.test_record_payment import tell


def test_a_soft_decline_is_tried_twice_more_and_the_debtor_told_at_the_first(chain, gateway):
    told(chain, gateway)
    gateway.plans = [PaymentDeclined(code="insufficient_funds", is_final=False)] * 3
    for tries in (1, 2, 3):
        wait = (debits_of(chain)[0].debit_on - rows_of(chain)[0].due_on).days
        assert debit(chain, gateway, days=wait).kind == "declined"
        assert debits_of(chain)[0].tries == tries
    assert debits_of(chain)[0].state == "failed"
    assert debit(chain, gateway, days=30).reason == "stopped"
    assert len(gateway.charged) == 3
    assert [row.type for row in build.events_of(chain.work)].count("payment.failed") == 3
    assert tell_declined(
        chain.work, debtor_id=chain.debtor_id, base_url="https://x.example", now=chain.now
    ).kind in {"queued", "suppressed"}


def test_a_hard_decline_is_never_tried_again_and_ends_a_way_that_is_gone(chain, gateway):
    mandate = told(chain, gateway)
    gateway.plans = [PaymentDeclined(code="stolen_card", is_final=True)]
    assert debit(chain, gateway).kind == "declined"
    assert debits_of(chain)[0].state == "failed"
    assert find(chain, mandate.mandate_ref).state == "canceled"
    assert types_of(chain)[-1] == "mandate.canceled"


def test_no_try_comes_before_the_payday_that_was_told(chain, gateway):
    told(chain, gateway, payday=(rows_of(chain)[0].due_on + timedelta(days=9)).day)
    gateway.plans = [PaymentDeclined(code="insufficient_funds", is_final=False)]
    debit(chain, gateway)
    assert debits_of(chain)[0].debit_on > rows_of(chain)[0].due_on + timedelta(days=9)


def test_a_busy_provider_is_no_try(chain, gateway):
    told(chain, gateway)
    gateway.plans = [PaymentBusy(code="rate_limit")]
    assert debit(chain, gateway).reason == "busy"
    assert debits_of(chain)[0].tries == 0
    assert debit(chain, gateway).kind == "taken"


def test_a_refused_request_ends_this_debit(chain, gateway):
    told(chain, gateway)
    gateway.plans = [PaymentRefused(code="parameter_unknown")]
    assert debit(chain, gateway).kind == "declined"
    assert debits_of(chain)[0].state == "failed"


@pytest.mark.parametrize(("later", "end"), [(Kind.SUCCEEDED, "done"), (Kind.FAILED, "told")])
def test_what_nobody_answered_is_settled_later_and_never_taken_twice(chain, gateway, later, end):
    told(chain, gateway)
    gateway.plans = [PaymentUnknown(code="no_answer")]
    done = debit(chain, gateway)
    assert done.kind == "unknown"
    assert debit(chain, gateway, days=1).reason == "in_flight"
    payment = payments_of(chain, done)
    assert tell(chain, a_notice(payment, later, decline_code="insufficient_funds")) == "applied"
    assert debits_of(chain)[0].state == end
    assert len(gateway.charged) == 1
