"""Staff take a re-age back, as long as nothing was paid since."""

from datetime import datetime
from uuid import UUID

from portal.actions.life.act_on_plans import catch_up
from portal.actions.life.re_age_accounts import un_age
from portal.core.actors import Actor
from portal.store import accounts, lives, re_ages
from portal.store.work import Work


def undo_re_age(work: Work, *, account_id: UUID, actor: Actor, now: datetime) -> str:
    """Let an account be as late as it was before its plan re-aged it; the plan goes on and does not re-age it again.

    Gives undone, nothing (no re-age stands), or paid_since: then the account has earned it, and it stays.
    """
    with work.begin() as tx:
        locked = accounts.lock_account(tx, account_id=account_id)
        found = re_ages.find_standing(tx, account_id=account_id) if locked else None
        kept = lives.load_life(tx, agreement_id=found.agreement_id) if found else None
        if found is None or kept is None:
            return "nothing"
        if re_ages.has_paid_since(tx, account_id=account_id, since=found.re_aged_at):
            return "paid_since"
        if kept.agreement_state in {"active", "broken"}:
            catch_up(tx, kept, now=now)
        un_age(tx, kept, cause="staff", actor=actor, now=now)
    return "undone"
