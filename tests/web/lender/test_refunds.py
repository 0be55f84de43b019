import pytest

from portal.store import payments, refunds
from tests.actions.chain import Chain, a_notice
from tests.actions.payments.test_record_payment import pay, payment_of, tell


@pytest.fixture
def payment(world):
    chain = Chain(work=world.work, account_id=world.account_id, debtor_id=world.debtor_id)
    made = payment_of(chain, pay(chain, 6_000))
    tell(chain, a_notice(made))
    return payment_of(chain, made)


def asked(world):
    with world.work.read() as tx:
        return refunds.list_refunds(tx, state="asked")


def test_one_asks_and_another_approves(world, desk, app, payment):
    path = f"/lender/payments/{payment.payment_ref}/refund"
    agent = desk("agent", "approver")
    assert agent.post(path, page=path, amount="20.00", why="goodwill").status_code == 303
    one = asked(world)[0]
    decide = f"/lender/refunds/{one.refund_ref}/decide"
    own = agent.post(decide, page="/lender/refunds", decision="approved")
    assert own.status_code == 422
    assert "Somebody else has to decide" in own.get_data(as_text=True)
    other = world.sign_in(app.test_client(), "approver")
    assert "$20.00" in other.text("/lender/refunds")
    assert other.post(decide, page="/lender/refunds", decision="approved").status_code == 303
    with world.work.read() as tx:
        assert refunds.list_refunds(tx, state="approved")[0].amount_minor == 2_000


def test_empty_is_all_and_too_much_is_explained(world, desk, payment):
    path = f"/lender/payments/{payment.payment_ref}/refund"
    console = desk("agent")
    wrong = console.post(path, page=path, amount="60.01", why="goodwill")
    assert wrong.status_code == 422
    assert "At most $60.00 can go back" in wrong.get_data(as_text=True)
    assert console.post(path, page=path, amount="", why="requested").status_code == 303
    assert asked(world)[0].amount_minor == 6_000
    assert "Nothing of this payment can go back" in console.text(path)


def test_an_auditor_looks_only(desk, payment):
    console = desk("auditor")
    assert "No refund waits" in console.text("/lender/refunds")
    assert console.get(f"/lender/payments/{payment.payment_ref}/refund").status_code == 403


def test_a_strange_decision_is_refused(desk, payment):
    approver = desk("approver")
    path = "/lender/refunds/rfn_nobody/decide"
    assert approver.post(path, page="/lender/refunds", decision="maybe").status_code == 400
    assert approver.post(path, page="/lender/refunds", decision="approved").status_code == 404


def test_the_account_leads_to_the_refund(world, desk, payment):
    text = desk("agent").text(f"/lender/accounts/{world.account_id}")
    assert f"/lender/payments/{payment.payment_ref}/refund" in text
    with world.work.read() as tx:
        assert payments.find_payment(tx, payment_ref=payment.payment_ref).state == "succeeded"
