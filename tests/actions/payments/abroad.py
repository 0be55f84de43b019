"""A payment in another currency, from its price to the money, in one call."""

import secrets
from types import SimpleNamespace

from portal.actions.payments.start_payment import Wish, start_payment
from portal.core import fx
from portal.core.fx import FxRules
from portal.core.money import Money
from portal.core.payments import PageWish
from tests.actions.chain import PageGateway, a_notice
from tests.actions.payments.test_fx import RatesFake
from tests.actions.payments.test_record_payment import payment_of, tell


def paid_abroad(chain, minor=10_000, *, margin_bp=150):
    """Pay so many minor units of the debt in euros; gives the payment."""
    rate = RatesFake().find_rate(base="USD", other="EUR")
    price = fx.quote(Money(minor, "USD"), rate=rate, rules=FxRules(margin_bp=margin_bp), now=chain.now)
    gone = start_payment(
        chain.work,
        wish=Wish(account_id=chain.account_id, amount=price.debt, purpose="part", fx=price),
        debtor_id=chain.debtor_id,
        gateway=PageGateway(),
        page_for=lambda _ref: PageWish(success_url="https://x.example/", cancel_url="https://x.example/"),
        form_token=secrets.token_urlsafe(24),
        now=chain.now,
    )
    charged = SimpleNamespace(
        payment_id=payment_of(chain, gone).payment_id,
        currency=price.pay.currency,
        amount_minor=price.pay.minor,
    )
    assert tell(chain, a_notice(charged)) == "applied"
    return payment_of(chain, gone)
