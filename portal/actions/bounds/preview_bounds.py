from dataclasses import dataclass
from datetime import date, datetime

from portal.actions.cases.desk import load_facts
from portal.core.bounds.model import Bounds
from portal.core.bounds.resolve import resolve
from portal.core.negotiation.answer import Answer, answer
from portal.core.negotiation.context import subject_of
from portal.core.packs.limits import limits_of
from portal.core.packs.rules import pack_for
from portal.store import accounts, debtors
from portal.store.accounts import Account
from portal.store.work import Work


@dataclass(frozen=True, kw_only=True)
class BoundsPreview:
    """What a debtor would be offered; kind is shown, unknown (no such account) or other_currency."""

    kind: str
    account: Account | None = None
    segment: str = ""
    answer: Answer | None = None


def preview_bounds(
    work: Work, *, account_ref: str, bounds: Bounds, today: date, now: datetime
) -> BoundsPreview:
    """Ask the engine what one account would be offered by these bounds today; nothing is kept, nobody is told."""
    with work.read() as tx:
        account = accounts.find_account(tx, account_ref=account_ref)
        debtor = debtors.find_debtor(tx, debtor_id=account.debtor_id) if account else None
        if account is None or debtor is None:
            return BoundsPreview(kind="unknown")
        if account.currency != bounds.currency:
            return BoundsPreview(kind="other_currency", account=account)
        facts = load_facts(tx, account, debtor, today=today, now=now)
    pack = limits_of(pack_for(debtor.country))
    rules = resolve(bounds=bounds, subject=subject_of(facts.accounts[0]), pack=pack)
    return BoundsPreview(
        kind="shown",
        account=account,
        segment=rules.id if rules else "",
        answer=answer(facts=facts, bounds=bounds, pack=pack),
    )
