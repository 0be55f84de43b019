"""What a job can ask for: the services of the worker's process."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from procrastinate import JobContext

from portal.gateways.chosen import fx_rates_of, mail_of, qr_of, sms_of, stripe_of, time_stamps_of
from portal.gateways.clock import Clock, clock_of
from portal.gateways.fx_rates import FxRates
from portal.gateways.ids import new_id
from portal.gateways.mail import Mail
from portal.gateways.time_stamps import TimeStampAuthority
from portal.settings import Settings
from portal.store.work import Database, Work, open_database


@dataclass(frozen=True, kw_only=True)
class House:
    """The parts that every job shares; a gateway that is not set up is None."""

    settings: Settings
    database: Database
    clock: Clock
    sms: Any = None
    stripe: Any = None
    qr: Any = None
    mail: Mail | None = None
    time_stamps: TimeStampAuthority | None = None
    fx_rates: FxRates | None = None

    @property
    def rails(self) -> Mapping[str, Any]:
        """The payment gateways that are set up, by the name that payments keep."""
        return {rail.name: rail for rail in (self.stripe, self.qr) if rail is not None}

    def work(self, lender_id: int) -> Work:
        """Give the unit of work of the lender that a job names."""
        return self.database.work(lender_id)


def open_house(settings: Settings, *, pool_size: int) -> House:
    """Open the pool and the gateways that the settings name."""
    return House(
        settings=settings,
        database=open_database(
            url=settings.database_url,
            master_key=settings.master_key,
            previous_master_key=settings.master_key_previous,
            new_id=new_id,
            pool_size=pool_size,
        ),
        clock=clock_of(settings.time_travel_file),
        sms=sms_of(settings),
        stripe=stripe_of(settings),
        qr=qr_of(settings),
        mail=mail_of(settings),
        time_stamps=time_stamps_of(settings),
        fx_rates=fx_rates_of(settings),
    )


def house_of(context: JobContext) -> House:
    """Give the house that the worker put into a job's context."""
    house = context.additional_context["house"]
    if not isinstance(house, House):
        raise TypeError("the worker has no house")
    return house
