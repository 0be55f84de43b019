"""The side of a posting where the money is: in its own currency, or charged in another against the position."""

from portal.core.fx import deal_of, money_legs
from portal.store.ledger import Entry
from portal.store.payments import Payment


def money_sides(payment: Payment, *, book: str, before: int, after: int) -> tuple[Entry, ...]:
    """Return the sides by which a payment that settled `before` minor units of debt settles `after`; see `core/fx`."""
    deal = deal_of(payment.quote)
    if deal is None:
        return (Entry(book=book, amount_minor=after - before),)
    legs = money_legs(deal, book=book, before=before, after=after, worth_now=worth_of(payment))
    return tuple(Entry(book=leg.book, amount_minor=leg.minor, currency=leg.currency) for leg in legs)


def book_in(payment: Payment) -> str:
    """Return the book in which money that comes in lies: ours, or that of what goes straight to the creditor."""
    return "direct" if destination_of(payment) else "cash"


def book_back(payment: Payment) -> str:
    """Return the book out of which a refund is paid. What a bank takes back always comes out of our own cash."""
    return "direct" if destination_of(payment) else "refunds"


def destination_of(payment: Payment) -> str | None:
    """Return the account at the provider to which a payment's money goes by itself; None where it comes to us."""
    return (payment.quote or {}).get("destination")


def worth_of(payment: Payment) -> int:
    """Return what a charge in another currency is worth in the debt's: by the market once it is known."""
    deal = deal_of(payment.quote)
    known = (payment.allocation or {}).get("worth")
    return int(known) if known is not None else deal.worth_minor if deal else payment.amount_minor


def stays(payment: Payment) -> int:
    """Return the minor units of debt that a payment settles after all that went back."""
    return payment.amount_minor - payment.refunded_minor - payment.returned_minor
