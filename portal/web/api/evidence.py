"""The lender's log as an outsider checks it: its keys, its signed heads, proofs that need no trust in the portal."""

import base64

from flask import Blueprint, Response, request

from portal.core.errors import EventError, EvidenceError
from portal.core.events.envelope import read_event_id
from portal.core.evidence.documents import write_growth, write_proof
from portal.store import log_keys, proofs, sealing, time_stamps
from portal.store.sealing import Checkpoint
from portal.store.time_stamps import TimeStamp
from portal.store.work import Work
from portal.web.access import caller
from portal.web.api import views
from portal.web.api.models import CheckpointPage, CheckpointView, LogKeys, LogKeyView, TimeStampView
from portal.web.api.problems import RefusedError, not_found, refuse_field
from portal.web.api.routes import Query, Route, json_answer, route
from portal.web.context import portal

blueprint = Blueprint("api_evidence", __name__)
_GROUPS = [f"[0-9a-f]{{{count}}}" for count in (8, 4, 4, 4, 12)]

PAGE_MAX = 200
SIZE_MAX = 2**62
_SIZE = {"type": "integer", "minimum": 0, "maximum": SIZE_MAX}


def _work() -> Work:
    return portal().database.work(caller().lender_id)


@route(
    blueprint,
    Route(
        method="GET",
        path="/evidence/keys",
        scope="evidence:read",
        summary="The public keys of the log",
        answers={200: LogKeys},
    ),
)
def list_log_keys() -> Response:
    """All that ever signed: a retired key verifies for ever what it signed."""
    with _work().read() as tx:
        kept = log_keys.list_log_keys(tx)
        public = log_keys.list_public_keys(tx)
        origin = log_keys.log_origin(tx)
    shown = [
        LogKeyView(
            line=key.write(),
            algorithm=one.algorithm,  # type: ignore[arg-type]
            key_id=key.key_id.hex(),
            created_at=one.created_at,
            retired_at=one.retired_at,
        )
        for one, key in zip(kept, public, strict=True)
    ]
    return json_answer(LogKeys(origin=origin, keys=shown))


@route(
    blueprint,
    Route(
        method="GET",
        path="/evidence/checkpoints",
        scope="evidence:read",
        summary="The signed heads of the log after a size",
        answers={200: CheckpointPage},
        problems=(400,),
        queries=(
            Query(name="after", schema=_SIZE | {"default": 0}, about="`next` of the call before."),
            Query(
                name="limit",
                schema={"type": "integer", "minimum": 1, "maximum": PAGE_MAX, "default": 50},
                about="At most so many.",
            ),
        ),
    ),
)
def list_checkpoints() -> Response:
    """Keep them: what you kept, the log can never take back."""
    after = views.number_of("after", default=0, lowest=0, highest=SIZE_MAX)
    limit = views.number_of("limit", default=50, highest=PAGE_MAX)
    with _work().read() as tx:
        page = sealing.list_checkpoints(tx, after=after, limit=limit)
        stamps = time_stamps.list_time_stamps(tx, sizes=[one.size for one in page])
    shown = [_view(one, stamps.get(one.size)) for one in page]
    return json_answer(CheckpointPage(checkpoints=shown, next=page[-1].size if len(page) == limit else None))


def _view(one: Checkpoint, stamp: TimeStamp | None) -> CheckpointView:
    shown = None
    if stamp is not None:
        token = base64.b64encode(stamp.token).decode()
        shown = TimeStampView(authority=stamp.authority, stamped_at=stamp.stamped_at, token=token)
    return CheckpointView(
        size=one.size, root=one.root.hex(), sealed_at=one.sealed_at, note=one.note, time_stamp=shown
    )


@route(
    blueprint,
    Route(
        method="GET",
        path="/evidence/proofs",
        scope="evidence:read",
        summary="The proof that an event is in the log",
        answers={200: None},
        problems=(400, 404),
        queries=(
            Query(
                name="event",
                schema={"type": "string", "pattern": f"^(evt_)?{'-'.join(_GROUPS)}$"},
                about="The event's id: `webhook-id`, or `id` of the feed.",
                required=True,
            ),
        ),
    ),
)
def prove_event() -> Response:
    """A file for `portal evidence verify`; docs/evidence.md says how to check it without us."""
    try:
        event_id = read_event_id(request.args.get("event", ""))
    except EventError:
        raise refuse_field(
            "event", "malformed", "This is no event's id.", "Send evt_….", status=400
        ) from None
    with _work().read() as tx:
        proof = proofs.prove_event(tx, event_id=event_id)
        is_known = proof is not None or sealing.is_told(tx, event_id=event_id)
    if not is_known:
        raise not_found("event")
    if proof is None:
        raise RefusedError(404, "This event is not sealed yet", detail="Ask again in a minute or two.")
    return Response(write_proof(proof), mimetype="application/json")


@route(
    blueprint,
    Route(
        method="GET",
        path="/evidence/consistency",
        scope="evidence:read",
        summary="The proof that the log only grew between two signed heads",
        answers={200: None},
        problems=(400, 404),
        queries=(
            Query(name="old", schema=_SIZE, about="The size of the earlier checkpoint."),
            Query(name="new", schema=_SIZE, about="The size of the later checkpoint."),
        ),
    ),
)
def prove_growth() -> Response:
    """A file for `portal evidence verify`."""
    old = views.number_of("old", default=0, lowest=0, highest=SIZE_MAX)
    new = views.number_of("new", default=0, lowest=0, highest=SIZE_MAX)
    try:
        with _work().read() as tx:
            growth = proofs.prove_growth(tx, old_size=old, new_size=new)
    except EvidenceError as fault:
        raise RefusedError(404, "There is no such proof", detail=f"{fault}.") from None
    return Response(write_growth(growth), mimetype="application/json")
