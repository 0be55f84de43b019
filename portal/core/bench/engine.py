"""The product's engine as a player: it is asked only through `answer(facts, bounds, history, ask)`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portal.core.bench.check import outside
from portal.core.bench.field import Field
from portal.core.bench.people import Debtor, Wish
from portal.core.bounds.model import Bounds
from portal.core.negotiation.answer import Answer, Ask, History, Offer, answer
from portal.core.negotiation.model import PRIOR, Model


@dataclass(slots=True)
class Engine:
    """One negotiation of the engine: the menu at first, then documents and asks; `faults` counts bad offers."""

    field: Field
    debtor: Debtor
    bounds: Bounds
    model: Model = PRIOR
    firm: tuple[Offer, ...] = ()
    asks: int = 0
    faults: int = 0
    last: Answer | None = None

    def offers(self, number: int, wish: Wish | None) -> Sequence[int]:
        """Return the rows of the answer's offers; what was offered before stays firm."""
        facts = self.debtor.facts if number == 1 else self.debtor.with_documents()
        ask = None if wish is None else Ask(pay_minor=wish.pay, total_minor=wish.total)
        history = History(asks=self.asks, firm=self.firm)
        said = answer(facts=facts, bounds=self.bounds, history=history, ask=ask, model=self.model)
        self.asks += ask is not None
        self.last, self.firm = said, said.offers
        plans = [offer.plan for offer in said.offers if offer.plan.family != "breathing_space"]
        case = self.field.case
        self.faults += sum(bool(outside(plan, case.rules, case.days_past_due)) for plan in plans)
        return [self.field.row_of(plan) for plan in plans]


def engine_under(
    bounds: Bounds, *, model: Model = PRIOR, told: bool = False
) -> Callable[[Field, Debtor], Engine]:
    """Return the engine as a policy under some bounds; `told` lets it know how each debtor really breaks."""

    def sit(field: Field, debtor: Debtor) -> Engine:
        return Engine(field, debtor, bounds, debtor.world if told else model)

    return sit
