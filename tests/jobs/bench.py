"""A test bench for the delivery loop: a lender, its endpoints, events as actions write them, and a loop."""

import secrets
from contextlib import contextmanager
from datetime import timedelta

from portal.core.actors import LENDER_API, SYSTEM
from portal.gateways.address_guard import AddressGuard
from portal.gateways.webhook_signatures import write_secret
from portal.gateways.webhooks import Limits, WebhookSender
from portal.jobs.delivery.loop import DeliveryLoop, LoopSettings
from portal.store import deliveries, delivery_log, endpoints, events
from tests import build

SECRET = write_secret(b"bench-secret-of-thirty-two-bytes")
LIMITS = Limits(connect=0.5, read=0.5)


def an_endpoint(
    work, url, *, patterns=("*",), is_ordered=True, secret=SECRET, private_key=None, now=build.NOW
):
    with work.begin() as tx:
        endpoint_id = tx.new_id()
        endpoints.insert_endpoint(
            tx,
            endpoint_id=endpoint_id,
            url=url,
            patterns=list(patterns),
            is_ordered=is_ordered,
            secret=secret,
            private_key=private_key,
            now=now,
        )
    return endpoint_id


def an_account(work, lender):
    debtor_id = build.a_debtor(work)
    account_ref = f"AC-{secrets.token_hex(6)}"
    build.an_account(
        work, creditor_id=lender.creditor_id, debtor_id=_id_of(debtor_id), account_ref=account_ref
    )
    return account_ref


def _id_of(made):
    return getattr(made, "debtor_id", made)


def tell(work, account_ref, *, number=1, now=build.NOW):
    """Write one event as an action does; gives its id."""
    with work.begin() as tx:
        return events.append(
            tx,
            type="payment.succeeded",
            actor=SYSTEM,
            at=now,
            payload={"id": f"pay_{number}"},
            account_ref=account_ref,
            creditor_ref="tamarind",
            debtor_ref="dbt_1",
        )


def tell_house(work, *, number=1, now=build.NOW):
    """Write one event that belongs to no account; gives its id."""
    with work.begin() as tx:
        return events.append(
            tx, type="bounds.published", actor=LENDER_API, at=now, payload={"version": number}
        )


@contextmanager
def a_loop(database, clock, *hosts, limits=LIMITS, resolve=None, **settings):
    options = {} if resolve is None else {"resolve": resolve}
    loop = DeliveryLoop(
        database=database,
        sender=WebhookSender(guard=AddressGuard(open_hosts=hosts, **options), limits=limits),
        now=clock.now,
        settings=LoopSettings(**{"poll_seconds": 0.01, **settings}),
    )
    try:
        yield loop
    finally:
        loop.stop()
        loop.close()


def log_of(work, endpoint_id, **wanted):
    with work.read() as tx:
        return delivery_log.list_deliveries(tx, endpoint_id=endpoint_id, limit=200, **wanted)


def states(work, endpoint_id):
    found = {}
    for line in log_of(work, endpoint_id):
        found[line.state] = found.get(line.state, 0) + 1
    return found


def attempts_of(work, endpoint_id, event_id):
    with work.read() as tx:
        return delivery_log.list_attempts(tx, endpoint_id=endpoint_id, event_id=event_id)


def endpoint(work, endpoint_id):
    with work.read() as tx:
        return endpoints.find_endpoint(tx, endpoint_id)


def next_due(work, clock):
    with work.read() as tx:
        return deliveries.find_next_due(tx, now=clock.now())


def ids(receiver):
    return [webhook_id for webhook_id, _ in receiver.got]


def numbers(receiver, account_ref):
    return [
        event["data"]["sequence"] for _, event in receiver.got if event["data"].get("account") == account_ref
    ]


def pass_time(clock, **distance):
    clock.move(timedelta(**distance))
