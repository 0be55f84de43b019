"""Jobs of imports: reading a file that waits, in the bulk role."""

from datetime import UTC, timedelta
from uuid import UUID
from zoneinfo import available_timezones

import structlog
from procrastinate import JobContext

from portal.actions.imports.run_kept_import import run_kept_import
from portal.core.imports.files import Places
from portal.gateways.ids import new_id
from portal.gateways.phones import COUNTRIES, normalize_phone
from portal.jobs.app import app
from portal.jobs.house import House, house_of
from portal.jobs.sweepers import lender_ids
from portal.store import import_files
from portal.store.work import open_database

KEPT_FOR = timedelta(days=7)
log = structlog.get_logger(__name__)


@app.task(name="run_import", queue="imports", pass_context=True)
def run_import(context: JobContext, *, lender_id: int, kept: str) -> None:
    """Import a kept file of a lender."""
    import_kept(house_of(context), lender_id=lender_id, import_id=UUID(kept))


@app.periodic(cron="41 3 * * *")
@app.task(name="forget_old_files", queue="imports", queueing_lock="forget_old_files", pass_context=True)
def forget_old_files(context: JobContext, timestamp: int) -> None:
    """Delete files that were looked at a week ago and never imported: they hold personal data."""
    del timestamp
    house = house_of(context)
    for lender_id in lender_ids(house):
        forget_old_files_of(house, lender_id)


def forget_old_files_of(house: House, lender_id: int) -> int:
    """Delete one lender's old files; gives how many pieces there were."""
    with house.work(lender_id).begin() as tx:
        return import_files.forget_old_files(tx, before=house.clock.now() - KEPT_FOR)


def import_kept(house: House, *, lender_id: int, import_id: UUID) -> None:
    """Import a kept file with connections of the bulk role, which are open for this job only."""
    if house.settings.bulk_database_url is None:
        log.error("imports_not_set_up", lender_id=lender_id)
        return
    bulk = open_database(
        url=house.settings.bulk_database_url,
        master_key=house.settings.master_key,
        previous_master_key=house.settings.master_key_previous,
        new_id=new_id,
        pool_size=1,
    )
    now = house.clock.now()
    places = Places(
        today=now.astimezone(UTC).date(),
        countries=COUNTRIES,
        time_zones=frozenset(available_timezones()),
        normalize_phone=normalize_phone,
    )
    try:
        outcome = run_kept_import(
            house.work(lender_id), bulk.work(lender_id), import_id=import_id, places=places, now=now
        )
    finally:
        bulk.engine.dispose()
    if outcome is not None:
        log.info("import_ended", lender_id=lender_id, state=outcome.state, count=outcome.counts.get("rows"))
