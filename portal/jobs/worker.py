"""`python -m portal.jobs.worker`: runs background jobs, each queue in a lane of its own. Run as many as you like."""

import asyncio
import importlib
import os
import pkgutil
import signal
import threading
from collections.abc import Iterable, Mapping

import portal.jobs
from portal.gateways.logs import configure_logs
from portal.jobs.app import QUEUES, app, connector_of
from portal.jobs.house import House, open_house
from portal.settings import Settings

GRACE_SECONDS = 10.0
END_SECONDS_MAX = 15.0
"""Seconds from the wish to stop to the end, whatever still hangs: an unfinished job is taken up by the next worker."""
PROGRAMS = frozenset({"app", "deliveries", "house", "worker"})
"""Modules of this folder that hold no tasks."""


def load_tasks() -> frozenset[str]:
    """Import every module of this folder that may hold tasks; gives the queues that have one."""
    for module in pkgutil.iter_modules(portal.jobs.__path__):
        if not module.ispkg and module.name not in PROGRAMS:
            importlib.import_module(f"portal.jobs.{module.name}")
    return frozenset(task.queue for task in app.tasks.values() if task.queue in QUEUES)


async def run_lanes(house: House, queues: Iterable[str], *, wait: bool = True) -> None:
    """Run a worker for each queue, until cancelled, or until all are empty when `wait` is False.

    A queue that has no task yet keeps its jobs: they are not taken to fail.
    """
    lanes = [
        app.run_worker_async(
            queues=[queue],
            name=queue,
            concurrency=QUEUES[queue],
            wait=wait,
            delete_jobs="successful",
            install_signal_handlers=False,
            shutdown_graceful_timeout=GRACE_SECONDS,
            fetch_job_polling_interval=2.0,
            additional_context={"house": house},
        )
        for queue in sorted(queues)
    ]
    await asyncio.gather(*lanes)


async def serve(house: House) -> None:
    """Run every lane until SIGTERM or SIGINT; jobs in work get `GRACE_SECONDS` to end."""
    queues = load_tasks()
    size = sum(QUEUES[queue] for queue in queues) + 2 * len(queues)
    with app.replace_connector(connector_of(house.settings.database_url, pool_size=size)):
        async with app.open_async():
            lanes = asyncio.ensure_future(run_lanes(house, queues))
            for number in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(number, _end, lanes)
            try:
                await lanes
            except asyncio.CancelledError:
                return


def _end(lanes: asyncio.Future[None]) -> None:
    """End in order, or else by force: a thread that waits for a database that is gone would hold the process."""
    lanes.cancel()
    force = threading.Timer(END_SECONDS_MAX, os._exit, args=(1,))
    force.daemon = True
    force.start()


def main(environ: Mapping[str, str] | None = None) -> int:
    """Work until told to stop."""
    settings = Settings.from_environment(os.environ if environ is None else environ)
    configure_logs(level=settings.log_level, process="jobs")
    house = open_house(settings, pool_size=sum(QUEUES.values()))
    try:
        asyncio.run(serve(house))
    finally:
        house.database.engine.dispose()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
