"""`python -m portal.jobs.deliveries`: tells lenders what happened. Run as many as you like, on any machine."""

import argparse
import os
import signal
import threading
from collections.abc import Mapping, Sequence

from portal.gateways.address_guard import AddressGuard
from portal.gateways.clock import clock_of
from portal.gateways.ids import new_id
from portal.gateways.logs import configure_logs
from portal.gateways.webhooks import Limits, WebhookSender
from portal.jobs.delivery.loop import DeliveryLoop, LoopSettings
from portal.jobs.delivery.sweeper import sweep_until
from portal.settings import Settings
from portal.store.work import Database, open_database


def main(arguments: Sequence[str] | None = None, environ: Mapping[str, str] | None = None) -> int:
    """Deliver until SIGTERM or SIGINT; what is being posted then may still finish."""
    options = _parser().parse_args(arguments)
    settings = Settings.from_environment(os.environ if environ is None else environ)
    configure_logs(level=settings.log_level, process="deliveries")
    clock = clock_of(settings.time_travel_file)
    database = _open(settings)
    sender = WebhookSender(
        guard=AddressGuard(open_hosts=settings.private_hosts),
        limits=Limits(connect=options.connect_seconds, read=options.read_seconds),
    )
    loop = DeliveryLoop(
        database=database,
        sender=sender,
        now=clock.now,
        settings=LoopSettings(
            lease_seconds=options.lease_seconds,
            hint_seconds=options.hint_seconds,
            grace_seconds=options.grace_seconds,
        ),
    )
    stopping = threading.Event()
    sweeper = threading.Thread(
        target=sweep_until,
        args=(database,),
        kwargs={"now": clock.now, "stopping": stopping, "every_seconds": options.sweep_seconds},
        daemon=True,
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: loop.stop())
    sweeper.start()
    loop.run()
    stopping.set()
    sweeper.join(2)
    database.engine.dispose()
    return 0


def _open(settings: Settings) -> Database:
    return open_database(
        url=settings.database_url,
        master_key=settings.master_key,
        previous_master_key=settings.master_key_previous,
        new_id=new_id,
        pool_size=2,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="portal deliver", description="Tell lenders what happened.")
    for name, default, meaning in (
        ("connect", 5.0, "for a connection to a receiver"),
        ("read", 15.0, "for a receiver's whole answer"),
        ("lease", 90.0, "that a claim lasts; more than an attempt can take"),
        ("hint", 2.0, "after which another loop may help with a lender"),
        ("grace", 20.0, "that posts may still take when the loop is told to stop"),
        ("sweep", 60.0, "between two looks for lost hints"),
    ):
        parser.add_argument(f"--{name}-seconds", type=float, default=default, help=f"seconds {meaning}")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
