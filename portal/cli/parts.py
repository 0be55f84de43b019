"""Puts the product together: settings in, the services of one process out."""

from portal.gateways.chosen import fx_rates_of, qr_of, sms_of, stripe_of
from portal.gateways.clock import clock_of
from portal.gateways.ids import new_id
from portal.settings import Settings
from portal.store.work import open_database
from portal.web.context import Services


def services_of(settings: Settings, *, pool_size: int = 8) -> Services:
    """Open the pool and the gateways that the settings name; a gateway that is not set up is None."""
    return Services(
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
        fx_rates=fx_rates_of(settings),
    )
