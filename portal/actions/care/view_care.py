from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal.actions.accounts.view_balance import BalanceView, load_balance
from portal.actions.care.find_pause_room import PAUSE, find_pause_room
from portal.core.care import CareRules, PauseRoom, care_rules
from portal.core.packs.model import Pack
from portal.core.packs.rules import pack_for
from portal.store import debtors, handoffs, lenders
from portal.store.accounts import Hold
from portal.store.handoffs import Handoff
from portal.store.work import Work


@dataclass(frozen=True, kw_only=True)
class CareView:
    """What the help pages of one account show: what is owed, what runs already, and the lender's promised times."""

    balance: BalanceView
    rules: CareRules
    pack: Pack
    pause: Hold | None
    room: PauseRoom
    handoff: Handoff | None

    @property
    def promise_hours(self) -> int:
        """The hours within which a person answers."""
        return int(self.rules.handoff_answer.total_seconds() // 3600)


def view_care(work: Work, *, debtor_id: UUID, account_id: UUID, now: datetime) -> CareView | None:
    """Read what help there is for one account of a person; None when the account is not theirs. Nothing is written."""
    with work.read() as tx:
        balance = load_balance(tx, debtor_id=debtor_id, account_id=account_id, now=now)
        debtor = debtors.find_debtor(tx, debtor_id=debtor_id)
        lender = lenders.find_lender(tx, lender_id=tx.lender_id)
        if balance is None or debtor is None or lender is None:
            return None
        pack = pack_for(debtor.country)
        rules = care_rules(lender.settings)
        waiting = [
            one
            for one in handoffs.list_handoffs_of(tx, debtor_id=debtor_id)
            if one.account_id == account_id and one.state == "waiting"
        ]
        return CareView(
            balance=balance,
            rules=rules,
            pack=pack,
            pause=balance.hold(PAUSE),
            room=find_pause_room(tx, account=balance.account, debtor=debtor, now=now),
            handoff=waiting[0] if waiting else None,
        )
