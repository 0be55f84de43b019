from dataclasses import FrozenInstanceError, fields

import pytest

from portal.core.bounds.model import Segment, Value, When


def test_no_rule_can_ask_about_a_person():
    asked = {f.name for f in fields(When)}
    assert asked == {
        "product",
        "balance",
        "debt_age",
        "dpd",
        "risk",
        "secured",
        "stage_of_law",
        "jurisdiction",
    }


def test_values_are_frozen_and_strict_by_default():
    with pytest.raises(FrozenInstanceError):
        Segment().id = "x"
    assert Value().npv_floor == 10_000
    assert Value().disclosure == "private"
