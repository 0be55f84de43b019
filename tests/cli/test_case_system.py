"""The write-back walks the log with a cursor of its own; whatever dies in between, each event is written once."""

import pytest

from portal.cli.case_system import catch_up
from portal.gateways.case_systems.shapes import CaseSystemError
from tests.web.lender.world import World


class Core:
    """A case system that takes each reference once and can be away."""

    def __init__(self):
        self.booked, self.tries, self.is_away_after = {}, 0, None

    def find_loan(self, account_ref):
        return f"core-{account_ref}"

    def write_payment(self, core_id, payment):
        self.tries += 1
        if payment.reference in self.booked:
            return False
        self.booked[payment.reference] = (core_id, payment)
        if self.is_away_after is not None and len(self.booked) >= self.is_away_after:
            raise CaseSystemError("it was booked, but the answer was lost")
        return True

    def write_plan(self, core_id, plan):
        return self.write_payment(core_id, plan)


@pytest.fixture
def world(work, lender):
    return World(work=work, lender=lender)


def test_every_payment_is_written_once_though_answers_are_lost(world, work, tmp_path):
    references = {world.payment() for _ in range(3)}
    core, place = Core(), tmp_path / "cursor"
    core.is_away_after = 2
    with pytest.raises(CaseSystemError):
        catch_up(work, core, place)
    stopped_at = int(place.read_text())
    core.is_away_after = None
    catch_up(work, core, place)
    assert references <= set(core.booked)
    assert int(place.read_text()) > stopped_at
    tries = core.tries
    assert catch_up(work, core, place) == 0
    assert core.tries == tries
    assert list(tmp_path.iterdir()) == [place]
