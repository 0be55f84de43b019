"""The gateways that the settings name; one that is not set up is None."""

from portal.gateways.fx_rates import FxRates, file_rates, http_rates
from portal.gateways.mail import Mail, SmtpMail
from portal.gateways.qr_rail import QrRail
from portal.gateways.sms import HttpSmsGateway, SmsGateway
from portal.gateways.stripe import StripeGateway
from portal.gateways.time_stamps import TimeStampAuthority
from portal.settings import Settings


def sms_of(settings: Settings) -> SmsGateway | None:
    """Make the gateway that sends texts."""
    if not settings.sms_gateway_url:
        return None
    return HttpSmsGateway(url=settings.sms_gateway_url, key=settings.sms_gateway_key or "")


def stripe_of(settings: Settings) -> StripeGateway | None:
    """Make the gateway that takes payments."""
    if not settings.stripe_secret_key:
        return None
    return StripeGateway(
        secret_key=settings.stripe_secret_key,
        api_base=settings.stripe_api_base,
        api_version=settings.stripe_api_version,
    )


def qr_of(settings: Settings) -> QrRail | None:
    """Make the gateway of the QR switch, which carries what Stripe lacks."""
    if not (settings.qr_url and settings.qr_key):
        return None
    return QrRail(url=settings.qr_url, key=settings.qr_key)


def mail_of(settings: Settings) -> Mail | None:
    """Make the gateway that sends mail."""
    return SmtpMail(url=settings.mail_url, sender=settings.mail_from) if settings.mail_url else None


def time_stamps_of(settings: Settings) -> TimeStampAuthority | None:
    """Make the gateway that asks for time stamps; its roots must be named with it."""
    if not (settings.time_stamp_url and settings.time_stamp_roots):
        return None
    return TimeStampAuthority(url=settings.time_stamp_url, roots_file=settings.time_stamp_roots)


def fx_rates_of(settings: Settings) -> FxRates | None:
    """Make the provider of exchange rates: an address, or a file that something else keeps fresh."""
    if not settings.fx_rates:
        return None
    is_address = settings.fx_rates.startswith(("https://", "http://"))
    return http_rates(settings.fx_rates) if is_address else file_rates(settings.fx_rates)
