"""A debtor allows debits: the exact terms are consented to and kept, then the provider's page keeps the way to pay.

The consent names the hash of the terms that were shown. A running mandate stays in force until the new one is; a
change of anything is a new consent.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from portal.actions.payments.start_payment import STOPPED
from portal.core.mandates import Collectable, MandateTerms, terms_of
from portal.core.packs.rules import pack_for
from portal.core.payments import CheckoutStarted, CustomerKept, PageWish, PaymentTrouble
from portal.store import accounts, agreements, debtors, form_tokens, mandates
from portal.store.accounts import Account
from portal.store.agreements import Agreement
from portal.store.debtors import Debtor, new_ref
from portal.store.mandates import Mandate
from portal.store.rows import known
from portal.store.work import Transaction, Work


class Keeper(Protocol):
    """The part of a payment gateway that this action needs."""

    name: str

    def keep_customer(self, *, debtor_ref: str) -> CustomerKept | PaymentTrouble:
        """Make the provider's record of a debtor."""

    def start_setup(
        self, *, attempt: UUID | str, customer_ref: str, currency: str, page: PageWish
    ) -> CheckoutStarted | PaymentTrouble:
        """Make the provider's page on which a way to pay is kept."""


@dataclass(frozen=True, kw_only=True)
class Consent:
    """What the debtor consented to: the hash of the terms that were shown, in which language, with which payday."""

    terms_hash: str
    language: str
    payday: int | None = None


@dataclass(frozen=True, kw_only=True)
class SetupPage:
    """Send the debtor to the provider's page."""

    mandate_ref: str
    url: str


@dataclass(frozen=True, kw_only=True)
class NoMandate:
    """There is no page to go to. `reason`: unknown, no_plan, held, changed (other terms than shown), trouble."""

    reason: str


def offered_terms(
    tx: Transaction, *, account: Account, debtor: Debtor, today: date, payday: int | None = None
) -> tuple[Agreement, MandateTerms] | None:
    """Give the terms on which an account's running plan could be collected; None without a plan or anything left."""
    agreement = agreements.find_active(tx, account_id=account.account_id)
    if agreement is None:
        return None
    rows = agreements.list_installments(tx, agreement_id=agreement.agreement_id)
    terms = terms_of(
        agreement_ref=agreement.agreement_ref,
        currency=account.currency,
        rows=[Collectable(number=row.number, due_on=row.due_on, left=row.left_minor) for row in rows],
        today=today,
        pack=pack_for(debtor.country),
        payday=payday,
    )
    return None if terms is None else (agreement, terms)


def begin_mandate(
    work: Work,
    *,
    account_id: UUID,
    debtor_id: UUID,
    consent: Consent,
    gateway: Keeper,
    page_for: Callable[[str], PageWish],
    form_token: str,
    today: date,
    now: datetime,
) -> SetupPage | NoMandate:
    """Keep a consent and ask the provider for the page that keeps the way to pay; a repeated form goes on with it."""
    with work.begin() as tx:
        begun = _begin(
            tx, account_id, debtor_id, consent, gateway=gateway.name, token=form_token, today=today, now=now
        )
        if isinstance(begun, NoMandate):
            return begun
        debtor = known(debtors.find_debtor(tx, debtor_id=debtor_id))
        customer_ref = mandates.find_customer_ref(tx, debtor_id=debtor_id, gateway=gateway.name)
    if customer_ref is None:
        kept = gateway.keep_customer(debtor_ref=debtor.debtor_ref)
        if not isinstance(kept, CustomerKept):
            return NoMandate(reason="trouble")
        customer_ref = kept.customer_ref
    started = gateway.start_setup(
        attempt=begun.mandate_id,
        customer_ref=customer_ref,
        currency=str(begun.terms["currency"]),
        page=page_for(begun.mandate_ref),
    )
    if not isinstance(started, CheckoutStarted):
        return NoMandate(reason="trouble")
    with work.begin() as tx:
        mandates.save_words(
            tx, mandate_id=begun.mandate_id, customer_ref=customer_ref, setup_ref=started.session_id
        )
    return SetupPage(mandate_ref=begun.mandate_ref, url=started.url)


def _begin(
    tx: Transaction,
    account_id: UUID,
    debtor_id: UUID,
    consent: Consent,
    *,
    gateway: str,
    token: str,
    today: date,
    now: datetime,
) -> Mandate | NoMandate:
    account = accounts.lock_account(tx, account_id=account_id)
    debtor = debtors.find_debtor(tx, debtor_id=debtor_id)
    if account is None or debtor is None or account.debtor_id != debtor_id:
        return NoMandate(reason="unknown")
    if (first := form_tokens.first_answer(tx, token=token)) is not None:
        return mandates.find_mandate(tx, mandate_ref=first) or NoMandate(reason="unknown")
    if any(hold.kind in STOPPED for hold in accounts.list_holds(tx, account_id=account_id, now=now)):
        return NoMandate(reason="held")
    offer = offered_terms(tx, account=account, debtor=debtor, today=today, payday=consent.payday)
    if offer is None:
        return NoMandate(reason="no_plan")
    agreement, terms = offer
    if terms.digest != consent.terms_hash:
        return NoMandate(reason="changed")
    mandate = _asked(tx, account, agreement, terms, consent, gateway=gateway, now=now)
    form_tokens.use_token(tx, token=token, answer=mandate.mandate_ref, now=now)
    return mandate


def _asked(
    tx: Transaction,
    account: Account,
    agreement: Agreement,
    terms: MandateTerms,
    consent: Consent,
    *,
    gateway: str,
    now: datetime,
) -> Mandate:
    """Keep what was consented to; the mandate in force stays so until the provider kept the way to pay."""
    before = mandates.find_active_mandate(tx, agreement_id=agreement.agreement_id)
    mandate_id = tx.new_id()
    mandate = Mandate(
        mandate_id=mandate_id,
        mandate_ref=new_ref("mnd", mandate_id),
        debtor_id=account.debtor_id,
        account_id=account.account_id,
        agreement_id=agreement.agreement_id,
        state="asked",
        gateway=gateway,
        terms=terms.to_dict(),
        terms_hash=terms.digest,
        language=consent.language,
        consented_at=now,
        replaces_id=before.mandate_id if before else None,
    )
    mandates.save_mandate(tx, mandate)
    return mandate
