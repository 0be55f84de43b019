"""A code says an amount; it is paid once, ends at a tap, and leads to nobody's name."""

import secrets
from datetime import timedelta

import pytest

from portal.actions.gifts.make_gift import end_gift, make_gift
from portal.actions.gifts.pay_gift import look_at_gift, pay_gift
from portal.actions.payments.start_payment import GoTo, NoPage
from portal.core.gifts import read_code
from portal.core.money import Money
from portal.core.payments import PageWish
from portal.store import accounts, gifts, payments
from portal.store.tables.gifts import gift_codes
from tests import build
from tests.actions.chain import PageGateway, a_chain, a_notice
from tests.actions.payments.test_record_payment import tell

PAGE = PageWish(success_url="http://x.example/", cancel_url="http://x.example/")


@pytest.fixture
def chain(work, lender):
    return a_chain(work, lender)


def make(chain, minor=5_000, *, token=None, debtor_id=None, now=None):
    return make_gift(
        chain.work,
        account_id=chain.account_id,
        debtor_id=debtor_id or chain.debtor_id,
        amount=Money(minor, "USD"),
        form_token=token or secrets.token_urlsafe(24),
        now=now or chain.now,
    )


def pay(chain, code, *, now=None):
    return pay_gift(
        chain.work,
        code=code,
        gateway=PageGateway(),
        page=PAGE,
        form_token=secrets.token_urlsafe(24),
        now=now or chain.now,
    )


def open_gifts(chain):
    with chain.work.read() as tx:
        return gifts.list_open_gifts(tx, account_id=chain.account_id, now=chain.now)


def test_a_code_says_an_amount_and_ends_when_it_is_paid(chain):
    code = make(chain).code
    assert read_code(code) == (chain.work.lender_id, code)
    assert look_at_gift(chain.work, code=code, now=chain.now).amount == Money(5_000, "USD")
    gone = pay(chain, code)
    assert isinstance(gone, GoTo)
    with chain.work.read() as tx:
        payment = payments.find_payment(tx, payment_ref=gone.payment_ref)
    assert (payment.channel, payment.purpose) == ("link", "gift")
    assert tell(chain, a_notice(payment)) == "applied"
    assert chain.account().balance_minor == 141_640 - 5_000
    assert look_at_gift(chain.work, code=code, now=chain.now) is None
    assert pay(chain, code) == NoPage(reason="unknown")


def test_a_code_is_kept_as_a_keyed_digest_and_never_told(chain):
    code = make(chain).code
    with chain.work.read() as tx:
        row = tx.execute(gift_codes.select().where(gift_codes.c.lender_id == tx.lender_id)).one()
        assert bytes(row.code_digest) == tx.digest("gift_code", code)
    told = [row for row in build.events_of(chain.work) if row.type == "gift.changed"]
    assert len(told) == 1
    assert code not in str(told)


@pytest.mark.parametrize(("minor", "reason"), [(0, "amount"), (141_641, "amount")])
def test_an_amount_that_cannot_be_is_refused(chain, minor, reason):
    assert make(chain, minor).reason == reason


def test_no_more_than_five_codes_and_a_form_makes_one(chain):
    assert make(chain, token="t" * 32).code
    assert make(chain, token="t" * 32).reason == "again"
    for _ in range(4):
        assert make(chain).code
    assert make(chain).reason == "too_many"


def test_only_ones_own_account(chain):
    assert make(chain, debtor_id=build.a_debtor(chain.work)).reason == "unknown"


def test_a_code_ends_at_a_tap_and_by_itself_after_thirty_days(chain):
    first, second = make(chain).code, make(chain).code
    one = open_gifts(chain)[0]
    named = {"account_id": chain.account_id, "gift_id": one.gift_id, "now": chain.now}
    assert not end_gift(chain.work, debtor_id=build.a_debtor(chain.work), **named)
    assert end_gift(chain.work, debtor_id=chain.debtor_id, **named)
    assert end_gift(chain.work, debtor_id=chain.debtor_id, **named)
    assert look_at_gift(chain.work, code=first, now=chain.now) is None
    assert look_at_gift(chain.work, code=second, now=chain.now) is not None
    assert look_at_gift(chain.work, code=second, now=chain.now + timedelta(days=30)) is None


def test_never_more_than_is_owed(chain):
    code = make(chain, 141_640).code
    with chain.work.begin() as tx:
        accounts.save_balance(
            tx,
            account_id=chain.account_id,
            principal_minor=900,
            interest_minor=0,
            fees_minor=0,
            now=chain.now,
        )
    assert look_at_gift(chain.work, code=code, now=chain.now).amount.minor == 900
