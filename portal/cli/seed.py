"""`portal seed`: the demo lender "Northwind Finance", made by the same actions as a real one."""

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import click
import pyotp

from portal.actions.accounts.import_accounts import import_accounts
from portal.actions.accounts.put_account import put_account
from portal.actions.lenders.add_staff import add_staff
from portal.actions.lenders.adopt_bounds import adopt_bounds
from portal.actions.lenders.create_lender import NewCreditor, create_lender
from portal.actions.lenders.issue_api_key import issue_api_key
from portal.actions.links.send_link import send_link
from portal.cli.demo_accounts import FIRST_LINKS, WRITTEN_ON, as_csv, demo_rows, itemized
from portal.cli.demo_guests import COUNSELOR, TRAINER, welcome_guests
from portal.cli.demo_secrets import PASSWORD, demo_api_key, demo_totp
from portal.cli.environment import DEMO_LENDER, NoDemoError, command_settings
from portal.cli.import_ import places_on
from portal.cli.parts import services_of
from portal.core.actors import DEBTOR, SYSTEM
from portal.core.imports.columns import COLUMNS
from portal.core.imports.files import Options
from portal.core.scopes import SCOPES
from portal.gateways.ids import new_id
from portal.gateways.passwords import hash_password
from portal.gateways.tables.opening import open_table
from portal.settings import Settings, SettingsError
from portal.store import accounts, endpoints, events
from portal.store.work import Database, Work, open_database
from portal.web.context import Services

STAFF = (
    ("owner@northwind.example", "Olivia Stone", ("owner",)),
    ("rules@northwind.example", "Ravi Menon", ("rules",)),
    ("approver@northwind.example", "Ana Duarte", ("approver",)),
    ("agent@northwind.example", "Noi Srisuk", ("agent",)),
    ("supervisor@northwind.example", "Lena Vogt", ("supervisor",)),
    ("auditor@northwind.example", "Peter Quist", ("auditor",)),
)
CREDITORS = (
    NewCreditor(
        creditor_ref="tamarind-card", brand_name="Tamarind Card", accent="#7a3b12", phone="+44 20 7946 0018",
        country="GB",
    ),
    NewCreditor(
        creditor_ref="harbor-loans", brand_name="Harbor Personal Loans", accent="#17507a", phone="+1 202 555 0142",
        country="US",
    ),
    NewCreditor(
        creditor_ref="lotus-pay", brand_name="Lotus Pay", accent="#1b6b4a", phone="+66 2 555 0199", country="TH"
    ),
)  # fmt: skip
SETTINGS: dict[str, Any] = {
    "is_demo": True,
    "fx": {"currencies": ["EUR", "USD"], "margin_bp": 150, "locked_minutes": 30, "stale_hours": 26},
    "brand_name": "Northwind Finance",
    "neutral_name": "Northwind",
    "phone": "+44 20 7946 0018",
    "phone_hours": "Mo-Fr 8:00-18:00",
    "time_zone": "Europe/London",
    "language": "en",
    "letterhead": {
        "name": "Northwind Finance Ltd",
        "address": ["12 Harbor Street", "London E1 6AN", "United Kingdom"],
        "email": "papers@northwind.example",
        "web": "northwind.example",
        "collects_for_others": True,
    },
}
CURRENCIES = ("USD", "GBP", "THB", "VND", "BRL", "CNY", "TWD", "EUR")


@dataclass(frozen=True, kw_only=True)
class Outside:
    """Where the demo's outside parties listen, and the secrets shared with them."""

    case_system_url: str | None = None
    case_system_secret: str | None = field(default=None, repr=False)
    training_secret: str | None = field(default=None, repr=False)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Outside":
        """Read what `portal demo` tells its commands."""
        return cls(
            case_system_url=environ.get("CASE_SYSTEM_URL"),
            case_system_secret=environ.get("CASE_SYSTEM_SECRET"),
            training_secret=environ.get("TRAINING_SECRET"),
        )


def seed_demo(services: Services, *, outside: Outside, now: datetime) -> bool:
    """Make the demo lender with its house, accounts and first messages; False when it is there already."""
    settings, database = services.settings, services.database
    made = create_lender(
        database, slug=DEMO_LENDER, name="Northwind Finance", settings=SETTINGS, creditors=CREDITORS, now=now
    )
    if made.kind != "created":
        return False
    work = database.work(made.lender_id)
    _connect_case_system(work, outside, now=now)
    for currency in CURRENCIES:
        adopt_bounds(work, currency=currency, actor=SYSTEM, now=now)
    _open_doors(work, database, settings, outside, now=now)
    _bring_accounts(settings, work, now=now)
    _send_first_links(services, work, now=now)
    return True


def _connect_case_system(work: Work, outside: Outside, *, now: datetime) -> None:
    """Let the demo's case system hear everything; its secret is the one that it was started with."""
    if not outside.case_system_url or not outside.case_system_secret:
        return
    with work.begin() as tx:
        endpoint_id = tx.new_id()
        endpoints.insert_endpoint(
            tx,
            endpoint_id=endpoint_id,
            url=f"{outside.case_system_url}/webhooks",
            patterns=["*"],
            is_ordered=True,
            secret=outside.case_system_secret,
            private_key=None,
            now=now,
        )
        payload = {"id": str(endpoint_id), "changed": ["created"], "patterns": ["*"], "is_ordered": True}
        events.append(tx, type="endpoint.changed", actor=SYSTEM, at=now, payload=payload)


def _open_doors(
    work: Work, database: Database, settings: Settings, outside: Outside, *, now: datetime
) -> None:
    """Create the sign-ins of staff and guests, and one API key."""
    hashed = hash_password(PASSWORD)
    key = settings.master_key
    for email, name, roles in STAFF:
        add_staff(
            work,
            email=email,
            full_name=name,
            roles=roles,
            password_hash=hashed,
            totp_secret=demo_totp(key, email),
            actor=SYSTEM,
            now=now,
        )
    welcome_guests(
        database,
        password_hash=hashed,
        totp_of=lambda login: demo_totp(key, login),
        training_secret=outside.training_secret or _whsec(key),
        now=now,
    )
    issue_api_key(
        work, label="Case system", scopes=tuple(SCOPES), actor=SYSTEM, now=now, secret=demo_api_key(key)
    )


def _whsec(key: bytes) -> str:
    return "whsec_" + base64.b64encode(demo_totp(key, "training").encode()).decode()


def _bring_accounts(settings: Settings, work: Work, *, now: datetime) -> None:
    """Import the file as the case system would, then tell the lines of some accounts one by one."""
    rows = demo_rows(now.date())
    places = places_on(now)
    table = open_table(
        as_csv(rows), name="northwind-accounts.csv", columns=COLUMNS, encoding="utf-8", separator="comma"
    )
    bulk = open_database(
        url=settings.bulk_database_url or settings.database_url,
        master_key=settings.master_key,
        previous_master_key=settings.master_key_previous,
        new_id=new_id,
        pool_size=1,
    )
    try:
        done = import_accounts(
            bulk.work(work.lender_id), table=table, options=Options(), places=places, actor=SYSTEM, now=now
        )
    finally:
        bulk.engine.dispose()
    if done.refused or done.counts["rejected"]:
        raise click.ClickException(f"the demo's accounts were not taken: {done}")
    for row, lines in itemized(rows, places):
        put_account(work, row=row, lines=lines, actor=SYSTEM, now=now)


def _send_first_links(services: Services, work: Work, *, now: datetime) -> None:
    """Send a link to a few debtors, as if each had asked for it: the law's hours do not hold the demo up."""
    for ref in FIRST_LINKS:
        with work.read() as tx:
            account = accounts.find_account(tx, account_ref=ref)
        if account is not None:
            send_link(
                work,
                debtor_id=account.debtor_id,
                now=now,
                sms=services.sms,
                base_url=services.settings.base_url,
                requested_by=DEBTOR,
            )


@click.command()
@click.option("--if-empty", is_flag=True, help="Say nothing when the demo lender is there already.")
@click.option("--links", is_flag=True, help="Only print where to look and how to sign in.")
def command(*, if_empty: bool, links: bool) -> None:
    """Make the demo lender "Northwind Finance" with 200 accounts, or print where to look."""
    try:
        with command_settings() as settings:
            if settings.is_production:
                raise click.ClickException("demo data has no place in production (PORTAL_ENV)")
            services = services_of(settings, pool_size=1)
            try:
                _seed_or_show(services, is_shown=links, is_quiet=if_empty)
            finally:
                services.database.engine.dispose()
    except (NoDemoError, SettingsError) as problem:
        raise click.ClickException(str(problem)) from problem


def _seed_or_show(services: Services, *, is_shown: bool, is_quiet: bool) -> None:
    if is_shown:
        show_links(services.settings, os.environ)
        return
    is_new = seed_demo(services, outside=Outside.from_environment(os.environ), now=services.clock.now())
    if not (is_new or is_quiet):
        click.echo("The demo lender is there already.")


def show_links(settings: Settings, environ: Mapping[str, str]) -> None:
    """Print the pages to open, the demo's sign-ins with their codes of this minute, and the API key."""
    base = settings.base_url
    places = (
        ("A phone's text messages", environ.get("INBOX_URL"), ""),
        ("The lender's console", f"{base}/lender/sign-in?lender={DEMO_LENDER}", STAFF[0][0]),
        ("The counselor's desk", f"{base}/counselor/sign-in", COUNSELOR),
        ("The training provider", f"{base}/trainer/sign-in", TRAINER),
        ("The case system's feed", environ.get("CASE_SYSTEM_URL"), ""),
    )
    for name, address, login in places:
        if address:
            click.echo(f"  {name:<26} {address}" + (f"   {login}" if login else ""))
    click.echo("\n  Whose phones they are, and the birth dates that open their links:")
    for row in demo_rows(WRITTEN_ON):
        if row["account_ref"] in FIRST_LINKS:
            click.echo(
                f"  {row['phone']:<15} {row['date_of_birth']}   {row['language']:<8} {row['full_name']}"
            )
    click.echo(f"\n  Every sign-in has the password {PASSWORD} and a code; those of this minute:")
    for login in (*(one[0] for one in STAFF), COUNSELOR, TRAINER):
        secret = demo_totp(settings.master_key, login)
        click.echo(f"  {login:<32} {pyotp.TOTP(secret).now()}   (secret {secret})")
    click.echo(f"\n  API key: {demo_api_key(settings.master_key)}")
