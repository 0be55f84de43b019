"""The delivery log of a receiver: what was sent, what came back, and sending again."""

import json
from datetime import datetime, time
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, request

from portal.actions.endpoints.replay_deliveries import REPLAY_MAX, Replayed, replay_deliveries, replay_range
from portal.core.events.catalog import CATALOG
from portal.core.events.envelope import build_envelope, write_event_id
from portal.core.states import DELIVERY
from portal.core.typed import clean
from portal.store import delivery_log, event_pages, lenders
from portal.store.event_pages import ToldEvent
from portal.web import access
from portal.web.context import brand, portal, work
from portal.web.forms import Form, Required
from portal.web.htmx import see_other
from portal.web.language import gettext as _
from portal.web.language import lazy_gettext as _l
from portal.web.lender.accounts import read_id
from portal.web.lender.desk import KEEPERS, PAGE_ROWS, actor, show
from portal.web.lender.forms import DayField
from portal.web.lender.webhooks import own_endpoint

blueprint = Blueprint("lender_deliveries", __name__)


class RangeForm(Form):
    """Everything of some days."""

    since = DayField(_l("From, this day included"), [Required(_l("Choose a day"))])
    until = DayField(_l("To, this day included"), [Required(_l("Choose a day"))])


@blueprint.get("/lender/webhooks/<uuid:endpoint_id>")
@access.staff()
def list_deliveries(endpoint_id: UUID) -> Response:
    """List a receiver's deliveries, the newest event first, 50 a page."""
    return log_page(endpoint_id, RangeForm(formdata=None))


def read_wish() -> dict[str, str]:
    """Read the filters of the log; what makes no sense is left out."""
    state, kind = request.args.get("state", ""), request.args.get("event", "")
    return {
        "state": state if state in DELIVERY else "",
        "event": kind if kind in CATALOG else "",
        "account": clean(request.args.get("account", ""))[:120],
    }


def log_page(endpoint_id: UUID, form: RangeForm, *, status: int = 200) -> Response:
    """Render the log of a receiver."""
    endpoint = own_endpoint(endpoint_id)
    wish = read_wish()
    before = read_id(request.args.get("before"))
    with work().read() as tx:
        found = delivery_log.list_deliveries(
            tx,
            endpoint_id=endpoint_id,
            state=wish["state"] or None,
            event_type=wish["event"] or None,
            account_ref=wish["account"] or None,
            before=before,
            limit=PAGE_ROWS + 1,
        )
    rows = found[:PAGE_ROWS]
    path = f"/lender/webhooks/{endpoint_id}"
    kept = {name: value for name, value in wish.items() if value}
    older = ""
    if len(found) > PAGE_ROWS:
        older = f"{path}?" + urlencode({**kept, "before": str(rows[-1].event_id)})
    newest = f"{path}?{urlencode(kept)}" if before else ""
    return show(
        "lender/webhook_log.html",
        status=status,
        endpoint=endpoint,
        rows=rows,
        wish=wish,
        older=older,
        newest=newest,
        types=list(CATALOG),
        form=form,
        path=path,
        replay_max=REPLAY_MAX,
    )


@blueprint.get("/lender/webhooks/<uuid:endpoint_id>/deliveries/<uuid:event_id>")
@access.staff()
def show_delivery(endpoint_id: UUID, event_id: UUID) -> Response:
    """Show one delivery: the body that is sent, its headers, and every attempt."""
    endpoint = own_endpoint(endpoint_id)
    with work().read() as tx:
        event = event_pages.find_event(tx, event_id=event_id)
        attempts = delivery_log.list_attempts(tx, endpoint_id=endpoint_id, event_id=event_id)
        line = next(
            iter(
                one
                for one in delivery_log.list_deliveries(
                    tx, endpoint_id=endpoint_id, before=UUID(int=event_id.int + 1), limit=1
                )
                if one.event_id == event_id
            ),
            None,
        )
        lender = lenders.find_lender(tx, lender_id=tx.lender_id)
    if event is None or line is None or lender is None:
        abort(404)
    return show(
        "lender/webhook_delivery.html",
        endpoint=endpoint,
        event=event,
        line=line,
        attempts=attempts,
        name=write_event_id(event_id),
        body=body_of(event, lender=lender.slug),
        path=f"/lender/webhooks/{endpoint_id}",
    )


def body_of(event: ToldEvent, *, lender: str) -> str:
    """Write the body of an event as it is sent, laid out for reading."""
    envelope = build_envelope(
        type=event.type,
        occurred_at=event.occurred_at,
        lender=lender,
        actor=event.actor,
        payload=event.payload,
        creditor=event.creditor_ref,
        account=event.account_ref,
        debtor=event.debtor_ref,
        sequence=event.account_sequence,
    )
    return json.dumps(envelope, indent=2, ensure_ascii=False)


@blueprint.post("/lender/webhooks/<uuid:endpoint_id>/replay")
@access.staff(*KEEPERS)
def replay(endpoint_id: UUID) -> Response:
    """Send the ticked events, or one, again with the ids that they had."""
    own_endpoint(endpoint_id)
    wished = [read_id(text) for text in request.form.getlist("event")[: PAGE_ROWS * 4]]
    event_ids = [one for one in wished if one is not None]
    done = replay_deliveries(
        work(), endpoint_id=endpoint_id, event_ids=event_ids, actor=actor(), now=portal().clock.now()
    )
    return _led_on(endpoint_id, done)


@blueprint.post("/lender/webhooks/<uuid:endpoint_id>/replay-range")
@access.staff(*KEEPERS)
def replay_days(endpoint_id: UUID) -> Response:
    """Send everything of some days again."""
    own_endpoint(endpoint_id)
    form = RangeForm()
    if not form.validate():
        return log_page(endpoint_id, form, status=422)
    since, until = form.since.day, form.until.day
    if since is None or until is None or until < since:
        form.until.errors = [_("The last day comes before the first one")]
        return log_page(endpoint_id, form, status=422)
    zone = ZoneInfo(brand().time_zone)
    done = replay_range(
        work(),
        endpoint_id=endpoint_id,
        since=datetime.combine(since, time(), tzinfo=zone),
        until=datetime.combine(until, time.max, tzinfo=zone),
        actor=actor(),
        now=portal().clock.now(),
    )
    if done.kind == "too_many":
        form.until.errors = [_("That is more than %(count)s events. Choose fewer days.", count=REPLAY_MAX)]
        return log_page(endpoint_id, form, status=422)
    return _led_on(endpoint_id, done)


def _led_on(endpoint_id: UUID, done: Replayed) -> Response:
    code = "replayed" if done.kind == "replayed" else "replay-nothing"
    return see_other(f"/lender/webhooks/{endpoint_id}?done={code}")
