import pytest

from tests.actions.chain import a_chain
from tests.actions.mandates.rig import Debits


@pytest.fixture
def gateway():
    return Debits()


@pytest.fixture
def chain(work, lender):
    made = a_chain(work, lender)
    made.agreement = made.signed()
    return made
