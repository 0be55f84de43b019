"""What the product refuses to start with in production, and the facts about the database that it asks for."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from portal.settings import TEST_MASTER_KEY, TEST_SECRET_KEY, Settings, SettingsError
from portal.store.schema import newest_revision
from portal.store.tables import tenant_tables

SECRET_LENGTH_MIN = 32
CONNECTIONS_MIN = 1000  # a web server's own default is near 100: 200 slow clients would shut everybody out
KNOWN_WORDS = ("change", "secret", "default", "example", "password", "test", "demo", "dev")


class RefusedError(Exception):
    """The product does not start this way; the message names every reason."""


@dataclass(frozen=True, kw_only=True)
class DatabaseFacts:
    """What a starting process must know about its database."""

    revision: str | None
    newest_revision: str
    unforced_tables: tuple[str, ...]
    owned_tables: tuple[str, ...]
    is_above_row_security: bool
    demo_lenders: tuple[str, ...]


def refusals(settings: Settings, facts: DatabaseFacts) -> list[str]:
    """Tell why this process must not start; empty when it may. Only production refuses."""
    if not settings.is_production:
        return []
    return [*_refused_settings(settings), *_refused_database(facts)]


def _refused_settings(settings: Settings) -> list[str]:
    checks = {
        "PORTAL_SECRET_KEY is weak: 32 random characters or more are needed": _is_weak(settings.secret_key),
        "PORTAL_MASTER_KEY is weak: 32 random bytes are needed": _is_weak_master(settings.master_key),
        "PORTAL_BASE_URL is not https": not settings.base_url.startswith("https://"),
        "PORTAL_DEBUG is on": settings.debug,
        "PORTAL_DEMO_LOGINS is on": settings.demo_logins,
        "PORTAL_TIME_TRAVEL is on": settings.time_travel_file is not None,
        "PORTAL_COOKIE_SECURE is off": not settings.cookie_secure,
        "PORTAL_CONTENT_LENGTH_MAX is not set to a limit": settings.content_length_max == 0,
        f"PORTAL_CONNECTIONS_MAX is below {CONNECTIONS_MIN}": settings.connections_max < CONNECTIONS_MIN,
        "PORTAL_SMS_URL leads to a sink on this machine": _is_local(settings.sms_gateway_url),
        "STRIPE_API_BASE leads to a stand-in on this machine": _is_local(settings.stripe_api_base),
    }
    return [reason for reason, is_so in checks.items() if is_so]


def _refused_database(facts: DatabaseFacts) -> list[str]:
    checks = {
        f"the schema is {facts.revision}, this release needs {facts.newest_revision}": (
            facts.revision != facts.newest_revision
        ),
        f"row security is not forced on {_some(facts.unforced_tables)}": bool(facts.unforced_tables),
        f"the role of DATABASE_URL owns {_some(facts.owned_tables)}": bool(facts.owned_tables),
        "the role of DATABASE_URL is a superuser or bypasses row security": facts.is_above_row_security,
        f"demo data is in the database: {_some(facts.demo_lenders)}": bool(facts.demo_lenders),
    }
    return [reason for reason, is_so in checks.items() if is_so]


def _some(names: tuple[str, ...]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def _is_weak(key: str) -> bool:
    if key == TEST_SECRET_KEY or len(key) < SECRET_LENGTH_MIN or len(set(key)) < 12:
        return True
    return any(key.lower().count(word) and len(key) < 2 * SECRET_LENGTH_MIN for word in KNOWN_WORDS)


def _is_weak_master(key: bytes) -> bool:
    # 32 random bytes have fewer than 16 different values about once in 10^20 keys.
    return key == base64.b64decode(TEST_MASTER_KEY) or len(set(key)) < 16 or key.isascii()


def _is_local(address: str | None) -> bool:
    if address is None:
        return False
    host = address.split("://", 1)[1].split("/", 1)[0].rsplit("@", 1)[-1]
    return host.startswith(("localhost", "127.", "[::1]", "0.0.0.0"))  # noqa: S104 - recognized, not bound


def read_facts(engine: Engine) -> DatabaseFacts:
    """Ask the database, as the role that the product will use; raises SQLAlchemyError when it cannot be asked."""
    with engine.connect() as connection:
        has_version = connection.scalar(text("SELECT to_regclass('alembic_version') IS NOT NULL"))
        has_lenders = connection.scalar(text("SELECT to_regclass('lenders') IS NOT NULL"))
        forced = connection.scalars(
            text(
                "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relrowsecurity AND relforcerowsecurity"
            )
        ).all()
        owned = connection.scalars(
            text(
                "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p', 'v')"
                " AND pg_get_userbyid(relowner) = current_user ORDER BY relname"
            )
        ).all()
        above = connection.scalar(
            text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        )
        version, demo = None, list[str]()
        if has_version:
            version = connection.scalar(text("SELECT version_num FROM alembic_version"))
        if has_lenders:
            demo += connection.scalars(
                text("SELECT slug FROM lenders WHERE settings ->> 'is_demo' = 'true' ORDER BY slug LIMIT 5")
            ).all()
    return DatabaseFacts(
        revision=version,
        newest_revision=newest_revision(),
        unforced_tables=tuple(sorted(set(tenant_tables) - set(forced))) if has_version else (),
        owned_tables=tuple(owned) if not above else (),
        is_above_row_security=bool(above),
        demo_lenders=tuple(demo),
    )


def check(settings: Settings) -> list[str]:
    """Read the facts and tell the refusals; a database out of reach is one of them in production."""
    if not settings.is_production:
        return []
    engine = create_engine(settings.database_url.replace("postgresql://", "postgresql+psycopg://", 1))
    try:
        return refusals(settings, read_facts(engine))
    except SQLAlchemyError as problem:
        return [f"the database of DATABASE_URL cannot be asked ({type(problem).__name__})"]
    finally:
        engine.dispose()


def safe_settings(environ: Mapping[str, str]) -> Settings:
    """Read the settings and refuse what is unsafe or incomplete; raises RefusedError naming every reason."""
    try:
        settings = Settings.from_environment(environ)
    except SettingsError as problem:
        raise RefusedError(str(problem)) from problem
    if reasons := check(settings):
        raise RefusedError("; ".join(reasons))
    return settings
