"""Puts the product together: settings in, the services of one process out."""

from portal.gateways.clock import clock_of
from portal.gateways.ids import new_id
from portal.gateways.sms import HttpSmsGateway
from portal.gateways.stripe import StripeGateway
from portal.settings import Settings
from portal.store.work import open_database
from portal.web.context import Services


def services_of(settings: Settings, *, pool_size: int = 8) -> Services:
    """Open the pool and the gateways that the settings name; a gateway that is not set up is None."""
    sms, stripe = None, None
    if settings.sms_gateway_url:
        sms = HttpSmsGateway(url=settings.sms_gateway_url, key=settings.sms_gateway_key or "")
    if settings.stripe_secret_key:
        stripe = StripeGateway(secret_key=settings.stripe_secret_key, api_base=settings.stripe_api_base)
    return Services(
        settings=settings,
        database=open_database(
            url=settings.database_url, master_key=settings.master_key, new_id=new_id, pool_size=pool_size
        ),
        clock=clock_of(settings.time_travel_file),
        sms=sms,
        stripe=stripe,
    )
