"""A counselor at the desk, and a client who let them in."""

from types import SimpleNamespace

import pytest

from tests import build
from tests.guests import a_client, a_counselor
from tests.web.debtor.walk import Walk


@pytest.fixture
def debtor_id(work):
    return build.a_debtor(work)


@pytest.fixture
def account_id(work, lender, debtor_id):
    build.active_bounds(work)
    return build.an_account(work, creditor_id=lender.creditor_id, debtor_id=debtor_id)


@pytest.fixture
def counselor(database):
    return a_counselor(database)


@pytest.fixture
def desk(signed_in, counselor):
    return Walk(signed_in("counselor", subject_id=counselor.guest_id).client)


@pytest.fixture
def client_of(database, work, lender, counselor, debtor_id, account_id):
    """Let the counselor in under some scopes; gives the grant's reference and the address of the client's page."""

    def let_in(*scopes, **more):
        grant_ref = a_client(
            database, work, counselor, debtor_id, scopes=scopes or ("view", "budget", "propose"), **more
        )
        return SimpleNamespace(ref=grant_ref, path=f"/counselor/clients/{lender.slug}/{grant_ref}")

    return let_in
