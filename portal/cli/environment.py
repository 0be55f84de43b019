"""Where a command of this tree works: in the environment it is given, or in the demo's.

The demo's secrets, ports and time shift are files below .local/demo, readable by their owner only, so that links,
sessions and sealed rows survive a restart, and so that `portal import` finds the demo without being told.
"""

import base64
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg.conninfo import conninfo_to_dict

from portal.cli.database import Server, free_port, keep_secret, prepare, running
from portal.cli.postgres import DatabaseError
from portal.cli.roles import ROLES, Addresses, create_database, create_roles, drop_database, is_superuser
from portal.settings import Settings
from portal.store.schema import upgrade

ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / ".local"
#: The demo's own place, so that a test can run a whole demo beside the developer's.
DEMO_HOME = Path(os.environ.get("PORTAL_DEMO_FOLDER") or LOCAL)
DEMO = DEMO_HOME / "demo"
DEMO_SERVER = DEMO_HOME / "pg"
DATABASE = "portal"
DEMO_LENDER = "northwind"
#: What listens in the demo, and the port that is tried first; the others get any free one.
PORTS = {"web": 8080, "stripe": 0, "inbox": 0, "case_system": 0, "training": 0, "time_stamps": 0, "qr": 0}
WEB_PORTS_TRIED = 20


class NoDemoError(Exception):
    """Neither an environment nor a demo is there to work in."""


def kept_ports() -> dict[str, int]:
    """Read the ports that the demo has used last; empty before its first start."""
    file = DEMO / "ports.json"
    return json.loads(file.read_text()) if file.exists() else {}


def choose_ports() -> dict[str, int]:
    """Choose the demo's ports, the last ones where they are still free, so that links stay the same."""
    kept = kept_ports()
    chosen: dict[str, int] = {}
    for name, first in PORTS.items():
        port = free_port(kept.get(name, first))
        if name == "web" and port != kept.get(name):
            port = next(filter(_is_free, range(first, first + WEB_PORTS_TRIED)), port)
        while port in chosen.values():
            port = free_port()
        chosen[name] = port
    DEMO.mkdir(parents=True, exist_ok=True)
    (DEMO / "ports.json").write_text(json.dumps(chosen))
    return chosen


def _is_free(port: int) -> bool:
    return free_port(port) == port


def _random_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _random_word() -> str:
    return secrets.token_hex(16)


def demo_environment(
    addresses: Addresses, ports: Mapping[str, int], environ: Mapping[str, str]
) -> dict[str, str]:
    """Compose the variables of every process of the demo; real Stripe and SMS keys of the caller go before."""
    urls = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
    own = {
        "PORTAL_ENV": "demo",
        "DATABASE_URL": addresses.app,
        "PORTAL_OWNER_DATABASE_URL": addresses.owner,
        "PORTAL_BULK_DATABASE_URL": addresses.bulk,
        "PORTAL_SECRET_KEY": keep_secret(DEMO / "secret_key"),
        "PORTAL_MASTER_KEY": keep_secret(DEMO / "master_key", _random_key),
        "PORTAL_BASE_URL": urls["web"],
        "PORTAL_PRIVATE_HOSTS": ",".join(_bench_hosts(ports, environ)),
        "PORTAL_TIME_TRAVEL": str(DEMO / "clock"),
    }
    return {**environ, **own, **_told_to_stand_ins(urls), **_in_place_of_real_keys(urls, environ)}


def _bench_hosts(ports: Mapping[str, int], environ: Mapping[str, str]) -> list[str]:
    """List the hosts on this machine that may be sent to: the stand-ins, and a bench that the caller names."""
    named = [one.strip() for one in environ.get("PORTAL_PRIVATE_HOSTS", "").split(",") if one.strip()]
    return [*(f"127.0.0.1:{ports[name]}" for name in ("case_system", "training")), *named]


def _told_to_stand_ins(urls: Mapping[str, str]) -> dict[str, str]:
    """What the outside parties and the seed must know: who listens where, and shared secrets."""
    return {
        "PORTAL_SIMULATOR_DATA": str(DEMO / "stand_ins"),
        "STRIPE_WEBHOOK_URL": f"{urls['web']}/hooks/stripe/{DEMO_LENDER}",
        "QR_WEBHOOK_URL": f"{urls['web']}/hooks/qr/{DEMO_LENDER}",
        "PORTAL_SMS_CALLBACK": f"{urls['web']}/hooks/sms",
        "INBOX_URL": urls["inbox"],
        "TIME_STAMP_HOME": str(DEMO / "time_stamps"),
        "CASE_SYSTEM_URL": urls["case_system"],
        "CASE_SYSTEM_SECRET": "whsec_" + keep_secret(DEMO / "case_system_secret", _random_key),
        "TRAINING_URL": urls["training"],
        "TRAINING_SECRET": "whsec_" + keep_secret(DEMO / "training_secret", _random_key),
    }


def _in_place_of_real_keys(urls: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    stand_ins: dict[str, str] = {}
    if not environ.get("STRIPE_SECRET_KEY"):
        stand_ins |= {
            "STRIPE_SECRET_KEY": "sk_test_demo" + keep_secret(DEMO / "stripe_key", _random_word),
            "STRIPE_WEBHOOK_SECRET": "whsec_" + keep_secret(DEMO / "stripe_webhook_secret", _random_word),
            "STRIPE_API_BASE": urls["stripe"],
        }
    if not environ.get("PORTAL_QR_URL"):
        stand_ins |= {
            "PORTAL_QR_URL": urls["qr"],
            "PORTAL_QR_KEY": keep_secret(DEMO / "qr_key"),
            "PORTAL_QR_WEBHOOK_SECRET": "whsec_" + keep_secret(DEMO / "qr_webhook_secret", _random_word),
        }
    if not environ.get("PORTAL_FX_RATES"):
        stand_ins["PORTAL_FX_RATES"] = f"{urls['qr']}/rates"
    if not environ.get("PORTAL_SMS_URL"):
        stand_ins |= {
            "PORTAL_SMS_URL": f"{urls['inbox']}/messages",
            "PORTAL_SMS_KEY": keep_secret(DEMO / "sms_key"),
        }
    if not environ.get("PORTAL_TIME_STAMP_URL"):
        stand_ins |= {
            "PORTAL_TIME_STAMP_URL": urls["time_stamps"],
            "PORTAL_TIME_STAMP_ROOTS": str(DEMO / "time_stamps" / "root.pem"),
        }
    return stand_ins


def own_server(environ: Mapping[str, str]) -> Server | None:
    """Prepare the demo's own PostgreSQL; None where DATABASE_URL names another one."""
    return None if environ.get("DATABASE_URL") else prepare(DEMO_SERVER, environ)


def addresses_of(server: Server | None, environ: Mapping[str, str], *, is_new: bool = False) -> Addresses:
    """Give the address of the product's database for each role, making roles and database where we may.

    ``is_new`` makes the database of our own server anew, whatever is in it; another server's is never dropped.
    """
    if server is None and environ.get("PORTAL_OWNER_DATABASE_URL"):
        app = environ["DATABASE_URL"]
        bulk = environ.get("PORTAL_BULK_DATABASE_URL", app)
        return Addresses(owner=environ["PORTAL_OWNER_DATABASE_URL"], app=app, bulk=bulk)
    superuser = server.url() if server else environ["DATABASE_URL"]
    try:
        if not is_superuser(superuser):
            raise DatabaseError("DATABASE_URL is not a superuser's: set PORTAL_OWNER_DATABASE_URL too")
    except psycopg.OperationalError as problem:
        raise DatabaseError(f"DATABASE_URL cannot be reached: {problem}") from problem
    passwords = {role: keep_secret(DEMO / f"{role}.password") for role in ROLES}
    create_roles(superuser, passwords)
    if is_new and server:
        drop_database(superuser, name=DATABASE)
    create_database(superuser, name=DATABASE)
    given = conninfo_to_dict(superuser)
    place = f"{given.get('host', '127.0.0.1')}:{given.get('port', 5432)}/{DATABASE}"
    urls = {role: f"postgresql://{role}:{quote(word, safe='')}@{place}" for role, word in passwords.items()}
    return Addresses(owner=urls["portal_owner"], app=urls["portal_app"], bulk=urls["portal_bulk"])


def migrate(owner_url: str) -> None:
    """Take the database of the owner's address to the newest schema."""
    upgrade(owner_url)


@contextmanager
def command_settings() -> Iterator[Settings]:
    """Give a command its settings: those of its environment, else the demo's with its database running.

    In the demo this process's own variables become the demo's, as if `portal demo` had started the command.
    Raises NoDemoError when DATABASE_URL is not set and no demo has been started in this tree yet.
    """
    if os.environ.get("DATABASE_URL"):
        yield Settings.from_environment(os.environ)
        return
    ports = kept_ports()
    if not ports:
        raise NoDemoError("DATABASE_URL is not set, and no demo was started here yet (./portal.sh demo)")
    with running(DEMO_SERVER, os.environ) as server:
        addresses = addresses_of(server, os.environ)
        os.environ.update(demo_environment(addresses, ports, os.environ))
        yield Settings.from_environment(os.environ)
