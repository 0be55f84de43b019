"""Declared state tables: one place that says which state may follow which, for each noun that lives.

The database repeats the list of states as a CHECK constraint and every change is a compare-and-set
(`UPDATE … WHERE state = expected`), so a transition that is not declared here cannot happen.
"""

from collections.abc import Mapping
from types import MappingProxyType

from portal.core.errors import IllegalTransitionError

StateTable = Mapping[str, frozenset[str]]


def _table(**moves: str) -> StateTable:
    return MappingProxyType({state: frozenset(following.split()) for state, following in moves.items()})


ACCOUNT = _table(open="settled closed recalled", settled="open closed", recalled="open closed", closed="open")
CASE = _table(
    open="agreed handed_off closed", handed_off="open agreed closed", agreed="open closed", closed="open"
)
OFFER = _table(firm="accepted expired replaced", accepted="firm", expired="", replaced="")
AGREEMENT = _table(
    prepared="active expired",
    active="withdrawn amended broken completed",
    broken="active amended",
    withdrawn="",
    amended="active",
    completed="active",
    expired="",
)
INSTALLMENT = _table(
    upcoming="due paid missed moved",
    due="paid missed moved upcoming",
    missed="paid due moved upcoming",
    paid="due upcoming",
    moved="",
)
PAYMENT = _table(
    started="pending succeeded failed unknown canceled",
    pending="succeeded failed unknown canceled",
    unknown="pending succeeded failed canceled",
    succeeded="refunded disputed returned",
    disputed="succeeded returned",
    failed="succeeded pending canceled",
    canceled="succeeded pending failed",
    refunded="succeeded disputed",
    returned="succeeded disputed",
)
MANDATE = _table(asked="active lapsed", active="canceled replaced", canceled="", replaced="", lapsed="")
DEBIT = _table(
    told="taking stopped", taking="done told failed", failed="told taking", stopped="told", done=""
)
REFUND = _table(
    asked="approved declined",
    approved="sent done failed",
    sent="done failed",
    declined="",
    done="failed",
    failed="",
)
UNMATCHED_STEP = _table(asked="approved declined", approved="done failed", declined="", done="", failed="")
APPROVAL = _table(waiting="approved declined", approved="", declined="")
DISPUTE = _table(
    open="answered escalated closed", answered="escalated closed", escalated="answered closed", closed=""
)
COMPLAINT = _table(
    open="reviewed answered closed", reviewed="answered closed", answered="closed", closed="open"
)
HANDOFF = _table(waiting="answered closed", answered="closed", closed="")
ENROLLMENT = _table(chosen="enrolled ended", enrolled="completed ended", completed="", ended="chosen")
MILESTONE = _table(waiting="verified missed", missed="verified", verified="")
DELIVERY = _table(due="sending delivered dead", sending="due delivered dead", delivered="due", dead="due")
BOUNDS = _table(
    draft="simulated retired",
    simulated="draft approved",
    approved="active draft retired",
    active="retired",
    retired="",
)
LINK = _table(
    made="opened expired locked revoked",
    opened="used expired locked revoked",
    used="expired locked revoked",
    expired="",
    locked="",
    revoked="",
)
GRANT = _table(offered="active expired revoked", active="expired revoked", expired="", revoked="")
PROPOSAL = _table(shown="accepted declined expired", accepted="", declined="", expired="")
MESSAGE = _table(
    queued="sent suppressed failed unknown",
    unknown="sent failed delivered",
    sent="delivered failed",
    delivered="",
    suppressed="",
    failed="queued",
)
ENDPOINT = _table(active="disabled", disabled="active")

STATE_TABLES: Mapping[str, StateTable] = MappingProxyType(
    {
        "account": ACCOUNT,
        "case": CASE,
        "offer": OFFER,
        "agreement": AGREEMENT,
        "installment": INSTALLMENT,
        "payment": PAYMENT,
        "mandate": MANDATE,
        "debit": DEBIT,
        "refund": REFUND,
        "approval": APPROVAL,
        "unmatched_step": UNMATCHED_STEP,
        "dispute": DISPUTE,
        "complaint": COMPLAINT,
        "handoff": HANDOFF,
        "enrollment": ENROLLMENT,
        "milestone": MILESTONE,
        "delivery": DELIVERY,
        "bounds": BOUNDS,
        "link": LINK,
        "grant": GRANT,
        "proposal": PROPOSAL,
        "message": MESSAGE,
        "endpoint": ENDPOINT,
    }
)


def check_move(*, noun: str, before: str, after: str) -> None:
    """Check that `noun` may go from state `before` to state `after`.

    Raises IllegalTransitionError when the step is not declared in `STATE_TABLES`.
    """
    if after not in STATE_TABLES[noun].get(before, frozenset()):
        raise IllegalTransitionError(f"{noun} may not go from {before} to {after}")
