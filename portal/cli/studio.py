"""The whole demo on a database of its own, for as long as pictures are taken: nothing of anybody's demo is touched."""

import base64
import os
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from portal.cli.checks import test_server
from portal.cli.database import free_port
from portal.cli.demo import PORTAL, own_processes, stand_ins
from portal.cli.environment import DEMO_LENDER, PORTS, ROOT, migrate
from portal.cli.roles import ROLES, create_database, create_roles, drop_database
from portal.cli.supervisor import ChildError, Supervisor


@dataclass(frozen=True, kw_only=True)
class Studio:
    """Where everything answers while it lasts."""

    urls: Mapping[str, str]
    master_key: bytes


@contextmanager
def open_studio() -> Iterator[Studio]:
    """Start and seed the demo on a throw-away database; stop and drop all of it at the end."""
    name = f"portal_pictures_{secrets.token_hex(4)}"
    with test_server(os.environ) as superuser:
        create_roles(superuser, {role: role for role in ROLES})
        create_database(superuser, name=name)
        try:
            with tempfile.TemporaryDirectory() as logs:
                yield from _run(superuser, name, Path(logs))
        finally:
            drop_database(superuser, name=name)


def _run(superuser: str, name: str, logs: Path) -> Iterator[Studio]:
    place = superuser.rpartition("@")[2].split("/")[0]
    database = {role: f"postgresql://{role}:{role}@{place}/{name}" for role in ROLES}
    ports = {party: free_port() for party in PORTS}
    urls = {party: f"http://127.0.0.1:{port}" for party, port in ports.items()}
    master_key = secrets.token_bytes(32)
    supervisor = Supervisor(
        logs=logs, environ=_environ(database, urls, master_key, logs / "time_stamps"), cwd=ROOT
    )
    try:
        migrate(database["portal_owner"])
        supervisor.start([*stand_ins(ports), *own_processes(ports)])
        if code := supervisor.finish((*PORTAL, "seed")):
            raise ChildError(f"the demo lender could not be made (portal seed ended with code {code})")
        supervisor.wait_until_ready()
        yield Studio(urls=urls, master_key=master_key)
    finally:
        supervisor.stop()


def _environ(
    database: Mapping[str, str], urls: Mapping[str, str], master_key: bytes, stamps: Path
) -> dict[str, str]:
    def secret() -> str:
        return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()

    return {
        **os.environ,
        "PORTAL_ENV": "demo",
        "DATABASE_URL": database["portal_app"],
        "PORTAL_OWNER_DATABASE_URL": database["portal_owner"],
        "PORTAL_BULK_DATABASE_URL": database["portal_bulk"],
        "PORTAL_SECRET_KEY": secrets.token_hex(32),
        "PORTAL_MASTER_KEY": base64.b64encode(master_key).decode(),
        "PORTAL_BASE_URL": urls["web"],
        "PORTAL_PRIVATE_HOSTS": ",".join(
            urls[name].partition("//")[2] for name in ("case_system", "training")
        ),
        "STRIPE_SECRET_KEY": "sk_test_pictures",
        "STRIPE_API_BASE": urls["stripe"],
        "STRIPE_WEBHOOK_SECRET": secret(),
        "STRIPE_WEBHOOK_URL": f"{urls['web']}/hooks/stripe/{DEMO_LENDER}",
        "PORTAL_QR_URL": urls["qr"],
        "PORTAL_QR_KEY": secrets.token_hex(16),
        "PORTAL_QR_WEBHOOK_SECRET": secret(),
        "QR_WEBHOOK_URL": f"{urls['web']}/hooks/qr/{DEMO_LENDER}",
        "PORTAL_FX_RATES": f"{urls['qr']}/rates",
        "PORTAL_SMS_URL": f"{urls['inbox']}/messages",
        "PORTAL_SMS_KEY": secrets.token_hex(16),
        "PORTAL_SMS_CALLBACK": f"{urls['web']}/hooks/sms",
        "INBOX_URL": urls["inbox"],
        "TIME_STAMP_HOME": str(stamps),
        "PORTAL_TIME_STAMP_URL": urls["time_stamps"],
        "PORTAL_TIME_STAMP_ROOTS": str(stamps / "root.pem"),
        "CASE_SYSTEM_URL": urls["case_system"],
        "CASE_SYSTEM_SECRET": secret(),
        "TRAINING_URL": urls["training"],
        "TRAINING_SECRET": secret(),
    }
