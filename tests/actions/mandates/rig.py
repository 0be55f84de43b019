"""A provider that keeps ways to pay and debits them, in a dozen lines."""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from portal.actions.mandates.announce_debits import announce_debits
from portal.actions.mandates.begin_mandate import Consent, begin_mandate, offered_terms
from portal.actions.mandates.debit_installment import debit_installment
from portal.actions.payments.record_mandate import record_setup
from portal.core.payments import (
    CheckoutStarted,
    CustomerKept,
    MethodDetached,
    PageWish,
    PaymentState,
)
from portal.store import accounts, agreements, debtors, mandates, payments
from tests import build


@dataclass
class Debits:
    """Answers each debit with what is planned for it, else that it succeeded."""

    name: str = "stripe"
    passes_on: bool = True
    plans: list = field(default_factory=list)
    charged: list = field(default_factory=list)
    forgotten: list = field(default_factory=list)
    pages: list = field(default_factory=list)

    def keep_customer(self, *, debtor_ref):
        return CustomerKept(customer_ref=f"cus_{debtor_ref}")

    def start_setup(self, *, attempt, customer_ref, currency, page):
        self.pages.append((attempt, customer_ref, currency, page))
        return CheckoutStarted(session_id=f"cs_{attempt.hex}", url=f"https://pay.example/{attempt.hex}")

    def find_payment(self, **_known):
        return PaymentState(state="succeeded", method_ref="pm_1", method="card")

    def charge_kept(
        self, *, attempt, amount, customer_ref, method_ref, label, method="card", destination=None
    ):
        self.charged.append((attempt, amount.minor, method_ref))
        plan = self.plans.pop(0) if self.plans else "succeeded"
        if not isinstance(plan, str):
            return plan
        return PaymentState(state=plan, payment_ref=f"pi_{attempt.hex}", method="card", amount=amount)

    def forget_method(self, *, method_ref):
        self.forgotten.append(method_ref)
        return MethodDetached(method_ref=method_ref)


def terms_now(chain, *, now=None, payday=None):
    with chain.work.read() as tx:
        account = accounts.find_account(tx, account_id=chain.account_id)
        debtor = debtors.find_debtor(tx, debtor_id=chain.debtor_id)
        return offered_terms(
            tx, account=account, debtor=debtor, today=(now or chain.now).date(), payday=payday
        )[1]


def ask(chain, gateway, *, now=None, token=None, terms_hash=None, payday=None):
    return begin_mandate(
        chain.work,
        account_id=chain.account_id,
        debtor_id=chain.debtor_id,
        consent=Consent(
            terms_hash=terms_hash or terms_now(chain, now=now, payday=payday).digest,
            language="en",
            payday=payday,
        ),
        gateway=gateway,
        page_for=lambda ref: PageWish(success_url=f"http://x.example/{ref}", cancel_url="http://x.example/"),
        form_token=token or secrets.token_urlsafe(24),
        today=(now or chain.now).date(),
        now=now or chain.now,
    )


def a_mandate(chain, gateway, *, method_ref="pm_1", **more):
    """Consent, and let the provider keep a card."""
    asked = ask(chain, gateway, **more)
    mandate = find(chain, asked.mandate_ref)
    state = PaymentState(state="succeeded", method_ref=method_ref, method="card")
    assert record_setup(chain.work, mandate_id=mandate.mandate_id, state=state, now=chain.now)
    return find(chain, asked.mandate_ref)


def find(chain, mandate_ref):
    with chain.work.read() as tx:
        return mandates.find_mandate(tx, mandate_ref=mandate_ref)


def rows_of(chain):
    with chain.work.read() as tx:
        return agreements.list_installments(tx, agreement_id=chain.agreement.agreement_id)


def debits_of(chain):
    with chain.work.read() as tx:
        return mandates.list_debits(tx, agreement_id=chain.agreement.agreement_id)


def types_of(chain):
    return [row.type for row in build.events_of(chain.work, account_ref=chain.account().account_ref)]


def at(chain, day):
    """Give noon of a day."""
    return chain.now.replace(hour=17) + (day - chain.now.date())


def announce(chain, mandate, *, days_before=11, row=0):
    now = at(chain, rows_of(chain)[row].due_on - timedelta(days=days_before))
    return announce_debits(chain.work, mandate_id=mandate.mandate_id, base_url="https://x.example", now=now)


def debit(chain, gateway, *, row=0, days=0):
    found = rows_of(chain)[row]
    return debit_installment(
        chain.work,
        agreement_id=chain.agreement.agreement_id,
        number=found.number,
        gateway=gateway,
        now=at(chain, found.due_on + timedelta(days=days)),
    )


def told(chain, gateway, **more):
    mandate = a_mandate(chain, gateway, **more)
    assert announce(chain, mandate, days_before=4) == 1
    return mandate


def payments_of(chain, gone):
    with chain.work.read() as tx:
        return payments.find_payment(tx, payment_ref=gone.payment_ref)
