"""A rail that Stripe lacks, behind the same actions: attempt, code, payment, notice, refund, against a real server."""

import json
import secrets
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest

from portal.actions.payments.receive_payment_event import receive_payment_event
from portal.actions.payments.record_payment import record_payment, record_state
from portal.actions.payments.settle_unknown import settle_unknown
from portal.actions.payments.start_payment import GoTo, Wish, start_payment
from portal.core.fx import FxRules, why_not
from portal.core.money import Money
from portal.core.payments import (
    Kind,
    NoticeRefused,
    PageWish,
    PaymentAbsent,
    PaymentRefused,
    PaymentState,
    PaymentUnknown,
)
from portal.gateways.fx_rates import http_rates
from portal.gateways.qr_rail import QrRail
from portal.simulators.journal import Journal
from portal.simulators.qr.app import Switch
from portal.simulators.serving import running
from portal.store import ledger, payments
from tests.actions.chain import a_chain

KEY, SECRET = "qr-key", "qr-secret"
PAGE = PageWish(success_url="http://x.test/", cancel_url="http://x.test/")


class Stay(urllib.request.HTTPRedirectHandler):
    """Stay at the switch: where the page leads back to is not asked."""

    def redirect_request(self, *_args, **_more):
        return None


OPENER = urllib.request.build_opener(Stay, urllib.request.ProxyHandler({}))


@pytest.fixture(scope="module")
def switch():
    made = Switch(key=KEY, secret=SECRET)
    with running(made.app) as url:
        made.url = url
        yield made


@pytest.fixture
def rail(switch):
    return QrRail(url=switch.url, key=KEY)


@pytest.fixture
def chain(work, lender):
    return a_chain(work, lender, currency="IDR", principal_minor=5_000_000, interest_minor=0, fees_minor=0)


def pay(url):
    posted = urllib.request.Request(url, data=b"", method="POST")  # noqa: S310 - our own
    with pytest.raises(urllib.error.HTTPError) as gone:
        OPENER.open(posted, timeout=5)
    assert gone.value.code == 303
    gone.value.close()


def start(chain, rail, minor=250_000):
    return start_payment(
        chain.work,
        wish=Wish(account_id=chain.account_id, amount=Money(minor, "IDR"), purpose="part"),
        debtor_id=chain.debtor_id,
        gateway=rail,
        page_for=lambda _ref: PAGE,
        form_token=secrets.token_urlsafe(24),
        now=chain.now,
    )


def attempt_of(chain, gone):
    with chain.work.read() as tx:
        return payments.find_payment(tx, payment_ref=gone.payment_ref)


def read(rail, post, **more):
    given = {"raw_body": post[0], "signature_header": post[1], "secret": SECRET, "now": datetime.now(UTC)}
    return rail.read_event(**given | more)


def test_a_payment_by_code_goes_the_way_of_every_payment(switch, rail, chain):
    gone = start(chain, rail)
    assert isinstance(gone, GoTo)
    pay(gone.url)
    notice = read(rail, switch.notices[-1])
    assert (notice.kind, notice.amount) == (Kind.SUCCEEDED, Money(250_000, "IDR"))
    receive_payment_event(chain.work, source="qr", notice=notice, now=chain.now)
    done = record_payment(chain.work, source="qr", outside_id=notice.event_id, now=chain.now)
    assert done.result == "applied"
    payment = attempt_of(chain, gone)
    assert (payment.state, payment.gateway, payment.method) == ("succeeded", "qr", "qris")
    back = rail.refund(key="r1", payment_ref=payment.gateway_ref, amount=Money(50_000, "IDR"))
    assert back == rail.refund(key="r1", payment_ref=payment.gateway_ref, amount=Money(50_000, "IDR"))
    told = read(rail, switch.notices[-1])
    receive_payment_event(chain.work, source="qr", notice=told, now=chain.now)
    record_payment(chain.work, source="qr", outside_id=told.event_id, now=chain.now)
    assert attempt_of(chain, gone).refunded_minor == 50_000
    assert chain.account().balance_minor == 5_000_000 - 200_000
    with chain.work.read() as tx:
        assert sum(ledger.book_totals(tx, account_id=chain.account_id).values()) == 0


def test_a_lost_notice_is_settled_by_asking(rail, chain):
    gone = start(chain, rail)
    pay(gone.url)
    assert settle_unknown(chain.work, gateway=rail, now=chain.now + timedelta(minutes=10)) == 1
    assert attempt_of(chain, gone).state == "succeeded"


def test_an_older_code_is_canceled_when_a_new_one_is_made(rail, chain):
    first = start(chain, rail)
    start(chain, rail, 300_000)
    state = rail.find_payment(attempt=attempt_of(chain, first).payment_id)
    assert isinstance(state, PaymentState)
    assert state.state == "canceled"
    assert record_state(
        chain.work, payment_id=attempt_of(chain, first).payment_id, state=state, now=chain.now
    )


def test_the_same_attempt_is_one_code_and_another_amount_is_refused(rail):
    def make(minor):
        return rail.start_checkout(attempt="a-1", amount=Money(minor, "IDR"), label="x", page=PAGE)

    assert make(100) == make(100)
    assert make(200) == PaymentRefused(code="other_amount")


@pytest.mark.parametrize(
    ("ask", "answer"),
    [
        (lambda rail: rail.find_payment(session_ref="qr_none"), PaymentAbsent()),
        (lambda rail: rail.close_checkout(session_ref="qr_none"), PaymentRefused(code="not_open")),
        (
            lambda rail: rail.start_checkout(attempt="b", amount=Money(1, "USD"), label="x", page=PAGE),
            PaymentRefused(code="currency"),
        ),
        (
            lambda rail: rail.refund(key="k", payment_ref="qr_none", amount=Money(1, "IDR")),
            PaymentRefused(code="not_paid"),
        ),
    ],
)
def test_every_trouble_is_a_value(rail, ask, answer):
    assert ask(rail) == answer


def test_a_wrong_key_is_refused_and_silence_is_unknown(switch):
    wrong = QrRail(url=switch.url, key="other")
    assert wrong.find_payment(session_ref="x") == PaymentRefused(code="unauthorized")
    silent = QrRail(url="http://127.0.0.1:9", key=KEY)
    assert silent.find_payment(session_ref="x") == PaymentUnknown(code="no_answer")


def test_forged_stale_and_future_notices_are_refused(switch, rail, chain):
    pay(start(chain, rail).url)
    body, header = switch.notices[-1]
    day = timedelta(days=1)
    assert read(rail, (body + b" ", header)) == NoticeRefused(reason="signature")
    assert read(rail, (body, header), secret="other") == NoticeRefused(reason="signature")
    for bad in (None, "", "t=,v1=", "t=x,v1=y", header.replace("v1", "v0")):
        assert read(rail, (body, bad)) == NoticeRefused(reason="signature")
    for now in (datetime.now(UTC) - day, datetime.now(UTC) + day):
        assert read(rail, (body, header), now=now) == NoticeRefused(reason="stale")
    ahead = body.replace(b'"at": ', b'"at": 9')
    assert read(rail, (ahead, switch.sign(ahead))) == NoticeRefused(reason="future")
    late = json.dumps({**json.loads(body), "at": 1}).encode()
    assert read(rail, (late, switch.sign(late))).kind is Kind.SUCCEEDED


def test_any_of_several_secrets_serves_while_they_rotate(switch, rail, chain):
    pay(start(chain, rail).url)
    assert read(rail, switch.notices[-1], secret=("newer", SECRET)).kind is Kind.SUCCEEDED
    assert read(rail, switch.notices[-1], secret=("newer", "other")) == NoticeRefused(reason="signature")


def test_a_notice_speaks_for_payments_of_its_own_rail_only(switch, rail, chain):
    gone = start(chain, rail)
    pay(gone.url)
    notice = read(rail, switch.notices[-1])
    receive_payment_event(chain.work, source="stripe", notice=notice, now=chain.now)
    done = record_payment(chain.work, source="stripe", outside_id=notice.event_id, now=chain.now)
    assert (done.result, attempt_of(chain, gone).state) == ("ignored", "started")


def test_the_switchs_acquirer_publishes_rates_that_serve(switch):
    rates = http_rates(f"{switch.url}/rates")
    found = rates.find_rate(base="GBP", other="EUR")
    assert why_not(found, rules=FxRules(), now=datetime.now(UTC)) is None
    assert rates.find_rate(base="USD", other="VND").value > 20_000


def test_codes_survive_a_restart_of_the_switch(tmp_path):
    journal = Journal(tmp_path / "qr.jsonl")
    code = {"id": "qr_1", "reference": "r", "state": "open"}
    Switch(key=KEY, secret=SECRET, journal=journal)._save(code)
    assert Switch(key=KEY, secret=SECRET, journal=journal).codes == {"qr_1": code}
