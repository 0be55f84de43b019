"""What the product is told by its environment: read once, by the top floor, frozen.

``VARIABLES`` is the whole list; docs/settings.md has one heading for each (a house test compares the two).
"""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

ENVIRONMENTS = ("production", "demo", "test")
#: Keys that everybody can read here: only PORTAL_ENV=test falls back on them, and production refuses them.
TEST_SECRET_KEY = "test-only-secret-key-that-production-refuses"  # noqa: S105 - known to everybody
TEST_MASTER_KEY = base64.b64encode(b"test-only-master-key-32-bytes-ok").decode()


class SettingsError(ValueError):
    """The environment does not describe a product that could start; the message lists every problem."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """All settings of one process; secrets are left out of its repr."""

    environment: str
    database_url: str = field(repr=False)
    owner_database_url: str | None = field(repr=False)
    bulk_database_url: str | None = field(repr=False)
    secret_key: str = field(repr=False)
    master_key: bytes = field(repr=False)
    master_key_previous: bytes | None = field(repr=False)
    base_url: str
    stripe_secret_key: str | None = field(repr=False)
    stripe_api_base: str
    stripe_webhook_secret: str | None = field(repr=False)
    stripe_api_version: str | None
    qr_url: str | None
    qr_key: str | None = field(repr=False)
    qr_webhook_secret: str | None = field(repr=False)
    sms_gateway_url: str | None
    sms_gateway_key: str | None = field(repr=False)
    mail_url: str | None = field(repr=False)
    mail_from: str
    drop_folder: str | None
    private_hosts: tuple[str, ...]
    content_length_max: int
    connections_max: int
    proxies: int
    cookie_secure: bool
    debug: bool
    demo_logins: bool
    time_travel_file: str | None
    time_stamp_url: str | None
    time_stamp_roots: str | None
    fx_rates: str | None
    log_level: str
    fontconfig_file: str | None

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Read and check every variable; raises SettingsError naming all that are missing or malformed."""
        environment = environ.get("PORTAL_ENV") or "production"
        values: dict[str, Any] = {}
        problems: list[str] = []
        for variable in VARIABLES:
            text = environ.get(variable.name) or variable.default_for(environment, environ)
            if text is None:
                values[variable.field] = None
                if variable.is_required:
                    problems.append(f"{variable.name} is not set")
                continue
            try:
                values[variable.field] = variable.read(text)
            except ValueError as problem:
                problems.append(f"{variable.name} {problem}")
        if problems:
            raise SettingsError("; ".join(problems))
        return cls(**values)

    @property
    def is_production(self) -> bool:
        """True unless this is the demo or a test run."""
        return self.environment == "production"


@dataclass(frozen=True, kw_only=True, slots=True)
class Variable:
    """One environment variable: its field in Settings, how it is read, what holds when it is not set."""

    name: str
    field: str
    read: Callable[[str], Any]
    default: str | None = None
    demo: str | None = None
    test: str | None = None
    is_required: bool = False

    def default_for(self, environment: str, environ: Mapping[str, str]) -> str | None:
        """Give the text that stands for a variable that is not set."""
        if self.name == "PORTAL_COOKIE_SECURE":
            return "1" if environ.get("PORTAL_BASE_URL", "").startswith("https:") else "0"
        own = {"demo": self.demo, "test": self.test}.get(environment)
        return self.default if own is None else own


def _text(text: str) -> str:
    return text.strip()


def _environment(text: str) -> str:
    if text not in ENVIRONMENTS:
        message = f"must be one of {', '.join(ENVIRONMENTS)}"
        raise ValueError(message)
    return text


def _database(text: str) -> str:
    if not text.startswith(("postgresql://", "postgres://")):
        message = "must be a postgresql:// address"
        raise ValueError(message)
    return "postgresql://" + text.split("://", 1)[1]


def _address(text: str) -> str:
    if not text.startswith(("https://", "http://")):
        message = "must start with https:// or http://"
        raise ValueError(message)
    return text.rstrip("/")


def _mail_server(text: str) -> str:
    if not text.startswith(("smtp://", "smtps://")):
        message = "must start with smtp:// or smtps://"
        raise ValueError(message)
    return text


def _key(text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != 32:
        message = "must be 32 bytes in base64"
        raise ValueError(message)
    return key


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        message = "must be a whole number, 0 or more"
        raise ValueError(message)
    return int(text)


def _switch(text: str) -> bool:
    if text not in ("0", "1"):
        message = "must be 0 or 1"
        raise ValueError(message)
    return text == "1"


def _hosts(text: str) -> tuple[str, ...]:
    return tuple(sorted({host.strip().lower() for host in text.split(",") if host.strip()}))


def _api_version(text: str) -> str:
    if not re.fullmatch(r"20\d\d-\d\d-\d\d(\.[a-z]+)?", text):
        message = "must be a version such as 2026-10-28.endive"
        raise ValueError(message)
    return text


def _level(text: str) -> str:
    if text not in ("debug", "info", "warning", "error"):
        message = "must be debug, info, warning or error"
        raise ValueError(message)
    return text


VARIABLES = (
    Variable(name="PORTAL_ENV", field="environment", read=_environment, default="production"),
    Variable(name="DATABASE_URL", field="database_url", read=_database, is_required=True),
    Variable(name="PORTAL_OWNER_DATABASE_URL", field="owner_database_url", read=_database),
    Variable(name="PORTAL_BULK_DATABASE_URL", field="bulk_database_url", read=_database),
    Variable(
        name="PORTAL_SECRET_KEY", field="secret_key", read=_text, test=TEST_SECRET_KEY, is_required=True
    ),
    Variable(name="PORTAL_MASTER_KEY", field="master_key", read=_key, test=TEST_MASTER_KEY, is_required=True),
    Variable(name="PORTAL_MASTER_KEY_PREVIOUS", field="master_key_previous", read=_key),
    Variable(
        name="PORTAL_BASE_URL", field="base_url", read=_address, test="http://localhost", is_required=True
    ),
    Variable(name="STRIPE_SECRET_KEY", field="stripe_secret_key", read=_text),
    Variable(
        name="STRIPE_API_BASE", field="stripe_api_base", read=_address, default="https://api.stripe.com"
    ),
    Variable(name="STRIPE_WEBHOOK_SECRET", field="stripe_webhook_secret", read=_text),
    Variable(name="STRIPE_API_VERSION", field="stripe_api_version", read=_api_version),
    Variable(name="PORTAL_QR_URL", field="qr_url", read=_address),
    Variable(name="PORTAL_QR_KEY", field="qr_key", read=_text),
    Variable(name="PORTAL_QR_WEBHOOK_SECRET", field="qr_webhook_secret", read=_text),
    Variable(name="PORTAL_SMS_URL", field="sms_gateway_url", read=_address),
    Variable(name="PORTAL_SMS_KEY", field="sms_gateway_key", read=_text),
    Variable(name="PORTAL_MAIL_URL", field="mail_url", read=_mail_server),
    Variable(name="PORTAL_MAIL_FROM", field="mail_from", read=_text, default="portal@localhost"),
    Variable(name="PORTAL_TIME_STAMP_URL", field="time_stamp_url", read=_address),
    Variable(name="PORTAL_TIME_STAMP_ROOTS", field="time_stamp_roots", read=_text),
    Variable(name="PORTAL_FX_RATES", field="fx_rates", read=_text),
    Variable(name="PORTAL_DROP_FOLDER", field="drop_folder", read=_text),
    Variable(name="PORTAL_PRIVATE_HOSTS", field="private_hosts", read=_hosts, default=","),
    Variable(name="PORTAL_CONTENT_LENGTH_MAX", field="content_length_max", read=_whole, default="16777216"),
    Variable(name="PORTAL_CONNECTIONS_MAX", field="connections_max", read=_whole, default="2000"),
    Variable(name="PORTAL_PROXIES", field="proxies", read=_whole, default="0"),
    Variable(name="PORTAL_COOKIE_SECURE", field="cookie_secure", read=_switch),
    Variable(name="PORTAL_DEBUG", field="debug", read=_switch, default="0"),
    Variable(name="PORTAL_DEMO_LOGINS", field="demo_logins", read=_switch, default="0", demo="1", test="1"),
    Variable(name="PORTAL_TIME_TRAVEL", field="time_travel_file", read=_text),
    Variable(name="PORTAL_LOG_LEVEL", field="log_level", read=_level, default="info"),
    Variable(name="FONTCONFIG_FILE", field="fontconfig_file", read=_text),
)
