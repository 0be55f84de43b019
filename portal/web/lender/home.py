"""Today: what waits for a person, each with a way to it."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response

from portal.store import bounds, complaints, delivery_log, disputes, endpoints, handoffs, paper_counts
from portal.store.handoffs import Handoff
from portal.store.work import Transaction
from portal.web.access import staff
from portal.web.context import portal, work
from portal.web.lender.desk import show

blueprint = Blueprint("lender_home", __name__)
SHOWN_MAX = 5
COUNTED_MAX = 100
MONTHS_SHOWN = 6


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """What waits, counted up to a limit (`is_more` says that there is more)."""

    count: int

    @property
    def is_more(self) -> bool:
        return self.count > COUNTED_MAX

    @property
    def shown(self) -> int:
        return min(self.count, COUNTED_MAX)


@blueprint.get("/lender/")
@staff()
def show_home() -> Response:
    """Show what waits."""
    now = portal().clock.now()
    with work().read() as tx:
        cases = handoffs.list_handoffs(tx, state="waiting", limit=COUNTED_MAX + 1)
        wrong = [
            one
            for state in disputes.OPEN
            for one in disputes.list_disputes(tx, state=state, limit=COUNTED_MAX + 1)
        ]
        unhappy = [
            one
            for state in ("open", "reviewed")
            for one in complaints.list_complaints(tx, state=state, limit=COUNTED_MAX + 1)
        ]
        drafts = bounds.list_waiting_bounds(tx, limit=COUNTED_MAX + 1)
        papers = paper_counts.list_paper_counts(tx, limit=MONTHS_SHOWN)
        places = endpoints.list_endpoints(tx)
        dead = {place.endpoint_id: _count_dead(tx, place.endpoint_id) for place in places}
    troubled = [
        place
        for place in places
        if place.state != "active" or place.failing_since or dead[place.endpoint_id].count
    ]
    return show(
        "lender/home.html",
        cases=cases[:SHOWN_MAX],
        case_count=Waiting(count=len(cases)),
        late_count=sum(1 for one in cases if is_late(one)),
        inbox_count=Waiting(count=len(wrong) + len(unhappy)),
        drafts=drafts[:SHOWN_MAX],
        troubled=troubled,
        dead=dead,
        has_endpoints=bool(places),
        papers=papers,
        now=now,
    )


def _count_dead(tx: Transaction, endpoint_id: UUID) -> Waiting:
    """Count what was given up for a receiver."""
    given_up = delivery_log.list_deliveries(tx, endpoint_id=endpoint_id, state="dead", limit=COUNTED_MAX + 1)
    return Waiting(count=len(given_up))


def is_late(handoff: Handoff) -> bool:
    """Tell whether the promised time of a waiting case has passed."""
    return portal().clock.now() > handoff.answer_due_at
