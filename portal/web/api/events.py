"""The same events as the webhooks tell, in order, for lenders who would rather ask."""

from flask import Blueprint, Response

from portal.actions.evidence.number_events import number_events
from portal.core.events.envelope import build_envelope, write_event_id
from portal.store import leaves, lenders
from portal.web.access import caller
from portal.web.api import views
from portal.web.api.models import EventPage, EventView
from portal.web.api.routes import Query, Route, json_answer, route
from portal.web.context import portal

blueprint = Blueprint("api_events", __name__)

PAGE_MAX = 500
POSITION_MAX = 2**62


@route(
    blueprint,
    Route(
        method="GET",
        path="/events",
        scope="events:read",
        summary="Poll the events after a position of the log",
        answers={200: EventPage},
        problems=(400,),
        queries=(
            Query(
                name="after",
                schema={"type": "integer", "minimum": 0, "maximum": POSITION_MAX, "default": 0},
                about="`next` of the call before; 0 begins at the first event.",
            ),
            Query(
                name="limit",
                schema={"type": "integer", "minimum": 1, "maximum": PAGE_MAX, "default": 100},
                about="At most so many.",
            ),
        ),
    ),
)
def list_events() -> Response:
    """The log is numbered first: a place in it is the only cursor that skips nothing."""
    after = views.number_of("after", default=0, lowest=0, highest=POSITION_MAX)
    limit = views.number_of("limit", default=100, highest=PAGE_MAX)
    work = portal().database.work(caller().lender_id)
    number_events(work)
    with work.read() as tx:
        lender = lenders.find_lender(tx, lender_id=tx.lender_id)
        page = leaves.list_leaves(tx, after=after, limit=limit)
    slug = lender.slug if lender else ""
    shown = [
        EventView(position=leaf.position, id=write_event_id(leaf.event_id), event=_body(leaf, slug))
        for leaf in page
    ]
    return json_answer(EventPage(events=shown, next=page[-1].position if page else after))


def _body(leaf: leaves.Leaf, slug: str) -> dict[str, object]:
    return build_envelope(
        type=leaf.type,
        occurred_at=leaf.occurred_at,
        lender=slug,
        actor=leaf.actor,
        payload=leaf.payload,
        creditor=leaf.creditor_ref,
        account=leaf.account_ref,
        debtor=leaf.debtor_ref,
        sequence=leaf.account_sequence,
    )
