"""A lender's machine with a key that may do everything, over the app with both database roles."""

import secrets

import pytest

from portal.actions.guests.issue_guest_key import issue_guest_key
from portal.actions.lenders.issue_api_key import issue_api_key
from portal.core.actors import SYSTEM
from portal.core.scopes import GUEST_SCOPES, SCOPES
from portal.settings import Settings
from tests import build


@pytest.fixture
def settings(database_urls):
    return Settings.from_environment(
        {
            "PORTAL_ENV": "test",
            "DATABASE_URL": database_urls["app"],
            "PORTAL_BULK_DATABASE_URL": database_urls["bulk"],
        }
    )


@pytest.fixture
def app(app):
    yield app
    opened = app.extensions.get("portal_bulk")
    if opened is not None:
        opened.engine.dispose()


class Machine:
    """Calls the API with its key; every POST has a fresh idempotency key unless it is told one."""

    def __init__(self, client, secret):
        self.client = client
        self.headers = {"Authorization": f"Bearer {secret}"}

    def get(self, path, **headers):
        return self.client.get(f"/api/v1{path}", headers=self.headers | headers)

    def put(self, path, body, **headers):
        return self.client.put(f"/api/v1{path}", json=body, headers=self.headers | headers)

    def post(self, path, body=None, *, key=None, **more):
        headers = self.headers | {"Idempotency-Key": key or secrets.token_hex(8)}
        if "data" in more:
            return self.client.post(f"/api/v1{path}", headers=headers, **more)
        return self.client.post(f"/api/v1{path}", json=body or {}, headers=headers)


@pytest.fixture
def key(work, now):
    return issue_api_key(work, label="case system", scopes=tuple(SCOPES), actor=SYSTEM, now=now)


@pytest.fixture
def machine(client, key):
    return Machine(client, key.secret)


def a_guests_key(database, guest, audience, *scopes):
    return issue_guest_key(
        database,
        audience=audience,
        house_id=guest.house_id,
        guest_id=guest.guest_id,
        label="ours",
        scopes=scopes or tuple(GUEST_SCOPES[audience]),
        now=build.NOW,
    )


def a_guests_machine(client, database, guest, audience, *scopes):
    return Machine(client, a_guests_key(database, guest, audience, *scopes).secret)


def an_account_body(**changes):
    usd = {"currency": "USD"}
    body = {
        "creditor": "tamarind",
        "product": "card",
        "currency": "USD",
        "principal": {"minor": 100_000, **usd},
        "interest": {"minor": 5_000, **usd},
        "fees": {"minor": 0, **usd},
        "annual_rate_percent": "14.07",
        "opened_on": "2024-03-05",
        "delinquent_since": "2026-08-01",
        "status": "arrears",
        "debtor": {
            "ref": f"P-{secrets.token_hex(4)}",
            "full_name": "Megan Smith",
            "date_of_birth": "1986-11-17",
            "id_last4": "0056",
            "phone": "+12015550105",
            "language": "en",
            "country": "US",
            "time_zone": "America/New_York",
        },
    }
    return body | changes
