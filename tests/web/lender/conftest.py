import pytest

from tests import build
from tests.web.lender.world import World


@pytest.fixture
def world(work, lender):
    return World(work=work, lender=lender)


@pytest.fixture
def desk(world, client):
    """Sign in to the console in some roles: desk("agent")."""

    def sign_in(*roles):
        return world.sign_in(client, *roles)

    return sign_in


@pytest.fixture
def other_world(database):
    """Another lender's world: none of its ids exist here."""
    lender = build.a_lender(database)
    return World(work=database.work(lender.lender_id), lender=lender)
