"""The switch's door: notices of this lender's secret, dated now, are kept once and applied in any order."""

import itertools
import json
import random
import secrets
from datetime import timedelta
from types import SimpleNamespace

import pytest

from portal.actions.lenders.change_payments import keep_gateway_secret
from portal.actions.payments.record_payment import record_payment
from portal.actions.payments.start_payment import Wish, start_payment
from portal.core.actors import SYSTEM
from portal.core.money import Money
from portal.core.payments import PageWish
from portal.gateways.qr_rail import QrRail
from portal.simulators.qr.app import Switch
from portal.simulators.qr.posting import Courier
from portal.simulators.serving import running
from portal.store import inbox, ledger, payments
from portal.web.app import create_app
from portal.web.context import Services
from tests import build
from tests.actions.chain import a_chain
from tests.gateways.test_qr_rail import pay
from tests.web.conftest import LookingClient

OWN = "of-this-lenders-switch-0123456789"
SEED = 5


@pytest.fixture
def switch(clock):
    made = Switch(key="k", secret=OWN, clock=lambda: clock.now().timestamp())
    with running(made.app) as url:
        made.url = url
        yield made


@pytest.fixture
def app(settings, database, clock, switch):
    rail = QrRail(url=switch.url, key="k")
    made = create_app(Services(settings=settings, database=database, clock=clock, qr=rail))
    made.testing = True
    made.test_client_class = LookingClient
    return made


@pytest.fixture
def own_secret(work):
    assert keep_gateway_secret(work, gateway="qr", secret=OWN, actor=SYSTEM, now=build.NOW)


@pytest.fixture
def story(work, lender, switch, own_secret):
    """A payment that was paid and given back in two parts, with what the switch told of it."""
    chain = a_chain(work, lender, currency="IDR", principal_minor=5_000_000, interest_minor=0, fees_minor=0)
    rail = QrRail(url=switch.url, key="k")
    gone = start_payment(
        work,
        wish=Wish(account_id=chain.account_id, amount=Money(250_000, "IDR"), purpose="part"),
        debtor_id=chain.debtor_id,
        gateway=rail,
        page_for=lambda _ref: PageWish(success_url="http://x.test/", cancel_url="http://x.test/"),
        form_token=secrets.token_urlsafe(24),
        now=chain.now,
    )
    pay(gone.url)
    code = gone.url.rpartition("/")[2]
    for key, part in (("r1", 50_000), ("r2", 30_000)):
        rail.refund(key=key, payment_ref=code, amount=Money(part, "IDR"))
    return SimpleNamespace(chain=chain, ref=gone.payment_ref, notices=list(switch.notices))


def post(client, lender, notice):
    body, header = notice
    headers = {"Switch-Signature": header} if header else {}
    return client.post(f"/hooks/qr/{lender.slug}", data=body, headers=headers).status_code


def kept(work):
    with work.read() as tx:
        return len(inbox.list_kept(tx, limit=1_000))


def apply(chain, notices):
    for body, _header in notices:
        record_payment(chain.work, source="qr", outside_id=json.loads(body)["id"], now=chain.now)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_in_any_order_and_twice_they_end_alike(client, lender, story, order):
    told = [story.notices[place] for place in order]
    assert [post(client, lender, notice) for notice in [*told, *told]] == [200] * 6
    assert kept(story.chain.work) == 3
    apply(story.chain, [*told, *told])
    with story.chain.work.read() as tx:
        payment = payments.find_payment(tx, payment_ref=story.ref)
        books = ledger.book_totals(tx, account_id=story.chain.account_id)
    assert (payment.state, payment.method, payment.refunded_minor) == ("succeeded", "qris", 80_000)
    assert story.chain.account().balance_minor == 5_000_000 - 170_000
    assert sum(books.values()) == 0


def forgeries(notice, switch, count):
    """Make posts that must not be taken: other bytes, secrets, times; of tomorrow; with no or half a signature."""
    dice = random.Random(SEED)
    body, header = notice
    other = Switch(key="k", secret="another-secret-0123456789", clock=switch.clock)
    for _ in range(count):
        place = dice.randrange(len(body))
        flipped = body[:place] + bytes([body[place] ^ dice.randint(1, 127)]) + body[place + 1 :]
        shift = dice.choice([-1, 1]) * dice.randint(301, 10**6)
        moved = Switch(key="k", secret=OWN, clock=lambda shift=shift: switch.clock() + shift)
        ahead = json.dumps(
            {**json.loads(body), "at": int(switch.clock()) + dice.randint(301, 10**6)}
        ).encode()
        yield dice.choice(
            [
                (flipped, header),
                (body[:place], header),
                (body, other.sign(body)),
                (body, moved.sign(body)),
                (ahead, switch.sign(ahead)),
                (body, header.replace("v1=", dice.choice(["v0=", "V1=", ""]))),
                (body, dice.choice(["", "t=", "t=1e9,v1=x", header[: dice.randint(1, 60)]])),
                (b"[]", switch.sign(b"[]")),
            ]
        )


def taken(client, lender, made):
    return [one for one in made if post(client, lender, one) != 400]


def test_forged_and_mutated_notices_are_not_taken(client, lender, work, switch, story):
    assert taken(client, lender, forgeries(story.notices[0], switch, 60)) == []
    assert kept(work) == 0


@pytest.mark.long
def test_twenty_thousand_forged_and_mutated_notices_are_not_taken(client, lender, work, switch, story):
    assert taken(client, lender, forgeries(story.notices[0], switch, 20_000)) == []
    assert kept(work) == 0


def test_the_gate_would_find_one_that_is_taken(client, lender, story):
    assert taken(client, lender, [story.notices[0]]) == [story.notices[0]]


def test_there_is_no_door_without_a_secret_for_others_or_for_too_much(
    client, lender, switch, database, own_secret
):
    body = b"{}"
    notice = (body, switch.sign(body))
    assert post(client, build.a_lender(database), notice) == 404
    big = b" " * (256 * 1024 + 1)
    assert post(client, lender, (big, switch.sign(big))) == 413


def test_an_old_notice_that_is_tried_again_now_is_kept(client, lender, work, switch, story):
    body = json.dumps({**json.loads(story.notices[0][0]), "at": int(switch.clock()) - 3 * 86_400}).encode()
    assert post(client, lender, (body, switch.sign(body))) == 200


def test_the_switch_posts_until_it_is_heard(app, lender, work, switch, clock, own_secret):
    with running(app) as url:
        courier = Courier(f"{url}/hooks/qr/{lender.slug}", sign=switch.sign, retry_s=0.05)
        switch.tell = courier.take
        clock.move(timedelta(days=1))
        courier.start()
        rail = QrRail(url=switch.url, key="k")
        page = PageWish(success_url="http://x.test/", cancel_url="http://x.test/")
        made = rail.start_checkout(attempt="a", amount=Money(100, "IDR"), label="x", page=page)
        pay(made.url)
        courier.stop()
    assert kept(work) == 1


def test_a_courier_that_nobody_hears_gives_up_when_it_is_stopped(switch):
    courier = Courier("http://127.0.0.1:9/", sign=switch.sign, retry_s=60)
    courier.take(b"{}")
    courier.start()
    courier.stop()
    assert not courier._thread.is_alive()
