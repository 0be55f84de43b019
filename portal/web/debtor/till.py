"""What can be paid on an account today, and by which ways: what every page on the way to a payment shows."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import abort

from portal.actions.payments.place_money import open_dues
from portal.core.fx import rules_of
from portal.core.money import Money
from portal.core.payables import Payable, least_payment, payable
from portal.core.payment_methods import Method, by_rail, has_page, picked_for
from portal.store import accounts, agreements, debtors, lenders, payments
from portal.store.accounts import Account
from portal.store.payments import Payment
from portal.web.context import portal, visitor, work
from portal.web.debtor.today import today_of_visitor


@dataclass(frozen=True, kw_only=True)
class Till:
    """What can be paid on an account today, and what is on its way already."""

    account: Account
    payable: Payable
    on_its_way: Payment | None
    today: date
    country: str
    picked: tuple[str, ...]
    currencies: tuple[str, ...]
    rails: frozenset[str]

    def money(self, minor: int) -> Money:
        """Give an amount in the account's currency."""
        return Money(minor, self.account.currency)

    @property
    def saving(self) -> Money | None:
        """What paying all today saves; None where it saves nothing."""
        return self.money(self.payable.saving) if self.payable.saving else None

    @property
    def waiting(self) -> Money | None:
        """What is on its way."""
        return self.money(self.on_its_way.amount_minor) if self.on_its_way else None

    def ways(self, currency: str) -> tuple[Method, ...]:
        """Give the ways of rails beside Stripe that can be chosen here for a payment in a currency."""
        return by_rail(country=self.country, currency=currency, picked=self.picked, rails=self.rails)

    @property
    def has_page(self) -> bool:
        """Tell whether the partner's page with its own ways to pay can be chosen."""
        return "stripe" in self.rails and has_page(self.picked)


def open_till(account_id: UUID) -> Till:
    """Load what the visitor can pay on an own account today; anybody else's does not exist."""
    today = today_of_visitor(portal().clock.now())
    with work().read() as tx:
        account = accounts.find_account(tx, account_id=account_id)
        if account is None or account.debtor_id != visitor().subject_id:
            abort(404)
        agreement = agreements.find_active(tx, account_id=account_id)
        rows = agreements.list_installments(tx, agreement_id=agreement.agreement_id) if agreement else []
        lender = lenders.find_lender(tx, lender_id=tx.lender_id)
        in_flight = payments.list_in_flight(tx, account_id=account_id)
        person = debtors.find_debtor(tx, debtor_id=account.debtor_id)
    settings = lender.settings if lender else {}
    country = person.country if person else ""
    return Till(
        account=account,
        payable=payable(
            balance=account.balance_minor,
            dues=open_dues(rows),
            starts_on=agreement.signed_at.date() if agreement and agreement.signed_at else None,
            today=today,
            least=least_payment(settings, account.currency),
        ),
        on_its_way=in_flight[0] if in_flight else None,
        today=today,
        country=country,
        picked=picked_for(settings, country),
        currencies=tuple(one for one in rules_of(settings).currencies if one != account.currency)
        if portal().fx_rates is not None
        else (),
        rails=frozenset(portal().rails),
    )
