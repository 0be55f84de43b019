from dataclasses import FrozenInstanceError
from datetime import date

import pytest

from portal.core.replay.happenings import Paid, Rhythm


def test_what_happened_cannot_be_altered():
    paid = Paid(date(2027, 1, 1), 100)
    with pytest.raises(FrozenInstanceError):
        paid.amount = 200
    assert Rhythm(days=7) == Rhythm(days=7) != Rhythm(months=1)
