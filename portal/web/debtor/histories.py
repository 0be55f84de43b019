"""Everything that happened on a plan: money in and back with what it settled, and dates that moved."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from flask import Blueprint, Response, abort, make_response, render_template

from portal.core.life.state import Move
from portal.core.money import Money
from portal.store import lives, payments
from portal.store.payments import Payment
from portal.web.access import debtor
from portal.web.context import work
from portal.web.debtor.home import load_home

blueprint = Blueprint("debtor_histories", __name__)
SHOWN_MAX = 200


@dataclass(frozen=True, kw_only=True)
class Movement:
    """One line of the history: a payment with the parts that it settled, or a payment that got another date."""

    at: datetime
    payment: Payment | None = None
    move: Move | None = None

    @property
    def amount(self) -> Money:
        """What came in."""
        if self.payment is None:
            raise ValueError("a date that moved has no amount")
        return Money(self.payment.amount_minor, self.payment.currency)

    @property
    def parts(self) -> list[tuple[str, Money]]:
        """What the payment settled, part by part; nothing while it is not certain."""
        if self.payment is None or not self.payment.allocation:
            return []
        names = ("fees", "interest", "plan_interest", "principal", "credit")
        kept = self.payment.allocation
        return [(name, Money(int(kept[name]), self.payment.currency)) for name in names if kept.get(name)]

    @property
    def installments(self) -> list[tuple[int, Money]]:
        """Which payments of the plan it filled, and by how much."""
        if self.payment is None:
            return []
        placed = (self.payment.allocation or {}).get("installments", [])
        return [(int(number), Money(int(part), self.payment.currency)) for number, part in placed]


@blueprint.get("/me/accounts/<uuid:account_id>/history")
@debtor
def show_history(account_id: UUID) -> Response:
    """Show every movement of an account's plan, the newest first."""
    home = load_home(account_id)
    if home is None:
        abort(404)
    with work().read() as tx:
        paid = payments.list_payments(tx, account_id=account_id, limit=SHOWN_MAX)
        kept = lives.load_life(tx, agreement_id=home.agreement.agreement_id)
    moves = kept.life.moves if kept else ()
    movements = [Movement(at=one.started_at, payment=one) for one in paid if one.state not in _UNSEEN]
    movements += [Movement(at=one.at, move=one) for one in moves]
    dates: dict[int, date] = {row.number: row.due_on for row in home.rows}
    page = render_template(
        "debtor/history.html",
        home=home,
        movements=sorted(movements, key=lambda one: one.at, reverse=True),
        dates=dates,
        path=f"/me/accounts/{account_id}",
    )
    return make_response(page)


_UNSEEN = frozenset({"started", "canceled"})
