import pytest

from tests.actions.bounds.desk import RulesDesk


@pytest.fixture
def desk(work):
    return RulesDesk(work)
