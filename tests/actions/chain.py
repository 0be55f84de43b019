"""The way from an account to a signed agreement and a payment, in the few words that the tests need."""

import json
import secrets
from dataclasses import dataclass
from uuid import UUID

from portal.actions.agreements.consent_to_records import Consent, consent_to_records
from portal.actions.agreements.prepare_agreement import Text, prepare_agreement
from portal.actions.agreements.sign_agreement import Signature, sign_agreement
from portal.actions.agreements.view_agreement import view_agreement
from portal.actions.cases.choose_plan import Trail, Wish, choose_plan
from portal.core.agreements.records import reading_code
from portal.core.agreements.signing_log import LABELS
from portal.core.agreements.terms import signature_digest
from portal.core.money import Money
from portal.core.payments import (
    CheckoutStarted,
    CustomerKept,
    Kind,
    MethodDetached,
    PaymentNotice,
    PaymentState,
)
from portal.store import accounts, agreements, rebates
from tests import build


@dataclass
class Chain:
    work: object
    account_id: UUID
    debtor_id: UUID
    now: object = build.NOW

    @property
    def today(self):
        return self.now.date()

    def account(self):
        with self.work.read() as tx:
            return accounts.find_account(tx, account_id=self.account_id)

    def choose(self, *, family="", payment_minor=None, token=None, **more):
        return choose_plan(
            self.work,
            account_id=self.account_id,
            debtor_id=self.debtor_id,
            wish=Wish(family=family, payment_minor=payment_minor, **more),
            trail=Trail(moves=3, lowest_minor=payment_minor),
            form_token=token or secrets.token_urlsafe(24),
            today=self.today,
            now=self.now,
        )

    def prepare(self, offer_ref, *, language="en"):
        return prepare_agreement(
            self.work,
            offer_ref=offer_ref,
            debtor_id=self.debtor_id,
            text=Text(
                language=language,
                labels={name: name for name in LABELS} | {"direction": "ltr"},
                render=lambda terms: f"<article>{json.dumps(terms, sort_keys=True)}</article>",
            ),
            today=self.today,
            now=self.now,
        )

    def sign(self, agreement, *, consents=True, **changes):
        if consents:
            self.consent(agreement.agreement_ref)
        shown = signature_digest(terms_hash=agreement.terms_hash, html_hash=agreement.html_hash)
        plain = {
            "typed_name": "Maria Lopez",
            "has_agreed": True,
            "shown_hash": shown,
            "address": "127.0.0.1",
            "device": "test",
        }
        return sign_agreement(
            self.work,
            agreement_ref=agreement.agreement_ref,
            debtor_id=self.debtor_id,
            signature=Signature(**plain | changes),
            needs_code=False,
            form_token=secrets.token_urlsafe(24),
            today=self.today,
            now=self.now,
        )

    def consent(self, agreement_ref):
        named = {"agreement_ref": agreement_ref, "debtor_id": self.debtor_id, "now": self.now}
        view_agreement(self.work, form="page", **named)
        consent = Consent(text="You may do this electronically.", code=reading_code(agreement_ref))
        return consent_to_records(self.work, consent=consent, **named)

    def signed(self, *, interest_minor=0, **wish):
        """Sign a plan; with `interest_minor` each of its payments bears so much interest of its own."""
        agreement = self.prepare(self.choose(**wish).offer_ref).agreement
        self.sign(agreement)
        if interest_minor:
            with self.work.begin() as tx:
                for row in agreements.list_installments(tx, agreement_id=agreement.agreement_id):
                    rebates.change_interest(
                        tx, agreement_id=row.agreement_id, number=row.number, by_minor=interest_minor
                    )
        return agreement


def a_chain(work, lender, *, country="US", **account):
    debtor_id = build.a_debtor(work, country=country)
    build.active_bounds(work)
    account_id = build.an_account(work, creditor_id=lender.creditor_id, debtor_id=debtor_id, **account)
    return Chain(work=work, account_id=account_id, debtor_id=debtor_id)


class PageGateway:
    """A payment gateway whose page always opens."""

    name = "stripe"
    passes_on = True

    def __init__(self):
        self.asked = []
        self.destinations = []
        self.closed = []

    def start_checkout(self, *, attempt, amount, label, page, destination=None):
        self.destinations.append(destination)
        self.asked.append((attempt, amount, label, page))
        return CheckoutStarted(session_id=f"cs_{attempt.hex}", url=f"https://pay.example/{attempt.hex}")

    def find_payment(self, **_known):
        return PaymentState(state="started")

    def keep_customer(self, *, debtor_ref):
        return CustomerKept(customer_ref=f"cus_{debtor_ref}")

    def start_setup(self, *, attempt, customer_ref, currency, page):
        return CheckoutStarted(session_id=f"cs_{attempt.hex}", url=f"https://pay.example/{attempt.hex}")

    def forget_method(self, *, method_ref):
        return MethodDetached(method_ref=method_ref)

    def close_checkout(self, *, session_ref):
        self.closed.append(session_ref)
        return PaymentState(state="canceled", session_ref=session_ref)


def a_notice(payment, kind=Kind.SUCCEEDED, *, amount=None, at=build.NOW, **more):
    return PaymentNotice(
        event_id=f"evt_{secrets.token_hex(8)}",
        event_type="test",
        kind=kind,
        at=at,
        attempt=str(payment.payment_id),
        payment_ref=f"pi_{payment.payment_id.hex}",
        method="card",
        amount=Money(payment.amount_minor if amount is None else amount, payment.currency),
        **more,
    )
