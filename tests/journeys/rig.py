"""The whole product as its user meets it: real processes on free ports over a database of its own."""

import base64
import json
import os
import secrets
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from portal.cli.database import free_port
from portal.cli.demo import own_processes, stand_ins
from portal.cli.environment import PORTS
from portal.cli.parts import services_of
from portal.cli.supervisor import Supervisor
from portal.settings import Settings
from tests import build

ROOT = Path(__file__).parents[2]
SLUG = "northwind"
NAMES = tuple(PORTS)
WAIT_SECONDS = 25


@dataclass
class Rig:
    """Everything that runs, with a short way to look into each part."""

    urls: dict
    environ: dict
    logs: Path

    def __post_init__(self):
        self.settings = Settings.from_environment(self.environ)
        self.services = services_of(self.settings, pool_size=2)
        self.database = self.services.database

    @property
    def web(self):
        return self.urls["web"]

    @property
    def work(self):
        return self.database.work(self.lender_id)

    def now(self):
        return datetime.now(UTC)

    def ask(self, party, path):
        """Read JSON from an outside party."""
        with urllib.request.urlopen(self.urls[party] + path, timeout=10) as answer:  # noqa: S310 - our own http
            return json.load(answer)

    def told(self, account_ref):
        """List what the lender's case system has heard about an account, in its order."""
        return self.ask("case_system", f"/api/events?account={account_ref}")

    def hears(self, account_ref, *types):
        """Wait until the case system has heard all these types about an account; gives the last of each."""
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            heard = {event["type"]: event for event in self.told(account_ref)}
            if set(types) <= set(heard):
                return [heard[type_] for type_ in types]
            if time.monotonic() > deadline:
                raise AssertionError(f"not heard: {sorted(set(types) - set(heard))}; heard {sorted(heard)}")
            time.sleep(0.1)

    def texts(self, phone):
        return self.ask("inbox", f"/api/messages?to={phone}".replace("+", "%2B"))

    def text(self, phone, *, after=0):
        """Wait for a text beyond the first `after` ones; gives the newest."""
        deadline = time.monotonic() + WAIT_SECONDS
        while len(found := self.texts(phone)) <= after:
            assert time.monotonic() < deadline, "no text came"
            time.sleep(0.1)
        return found[0]["text"]

    def log_text(self):
        """Give all that the processes have written."""
        return "".join(path.read_text(errors="replace") for path in sorted(self.logs.glob("*.log")))


def _environ(urls, database_urls, home):
    case_system, training = (urls[name].removeprefix("http://") for name in ("case_system", "training"))
    return {
        **{name: os.environ[name] for name in ("PATH", "HOME", "FONTCONFIG_FILE") if name in os.environ},
        "PORTAL_ENV": "demo",
        "DATABASE_URL": database_urls["app"],
        "PORTAL_BULK_DATABASE_URL": database_urls["bulk"],
        "PORTAL_SECRET_KEY": secrets.token_hex(32),
        "PORTAL_MASTER_KEY": base64.b64encode(build.MASTER_KEY).decode(),
        "PORTAL_BASE_URL": urls["web"],
        "PORTAL_PRIVATE_HOSTS": f"{case_system},{training}",
        "STRIPE_SECRET_KEY": "sk_test_journeys",
        "STRIPE_API_BASE": urls["stripe"],
        "STRIPE_WEBHOOK_SECRET": "whsec_journeys",
        "STRIPE_WEBHOOK_URL": f"{urls['web']}/hooks/stripe/{SLUG}",
        "PORTAL_QR_URL": urls["qr"],
        "PORTAL_QR_KEY": "journeys",
        "PORTAL_QR_WEBHOOK_SECRET": "whsec_qr_of_the_journeys",
        "QR_WEBHOOK_URL": f"{urls['web']}/hooks/qr/{SLUG}",
        "PORTAL_SMS_URL": f"{urls['inbox']}/messages",
        "PORTAL_SMS_KEY": "journeys",
        "PORTAL_SMS_CALLBACK": f"{urls['web']}/hooks/sms",
        "INBOX_URL": urls["inbox"],
        "TIME_STAMP_HOME": str(home),
        "PORTAL_TIME_STAMP_URL": urls["time_stamps"],
        "PORTAL_TIME_STAMP_ROOTS": str(home / "root.pem"),
        "CASE_SYSTEM_URL": urls["case_system"],
        "CASE_SYSTEM_SECRET": "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode(),
        "TRAINING_URL": urls["training"],
        "TRAINING_SECRET": "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode(),
    }


@contextmanager
def running(database_urls, logs):
    """Start web, workers and outside parties; stop all of them at the end."""
    ports = {name: free_port() for name in NAMES}
    assert len(set(ports.values())) == len(NAMES)
    urls = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
    environ = _environ(urls, database_urls, logs / "time_stamps")
    supervisor = Supervisor(logs=logs, environ=environ, cwd=ROOT)
    rig = Rig(urls, environ, logs)
    try:
        supervisor.start([*stand_ins(ports), *own_processes(ports)])
        supervisor.wait_until_ready()
        yield rig
    finally:
        supervisor.stop()
        rig.database.engine.dispose()
