import pytest

from tests.actions.door import Door


@pytest.fixture
def door(work, lender):
    return Door(work=work, creditor_id=lender.creditor_id)
