from datetime import timedelta

import pytest

from portal.actions.lenders.change_payments import (
    choose_methods,
    keep_gateway_secret,
    set_least_payment,
)
from portal.core.actors import SYSTEM, staff_actor
from portal.store import gateway_secrets, lenders
from portal.store.tables.payments import gateway_secrets as rows
from tests import build

BY = staff_actor("stf_1")
FIRST, SECOND = "whsec_first_secret_0123456789", "whsec_second_secret_012345678"


def settings_of(work):
    with work.read() as tx:
        return lenders.find_lender(tx, lender_id=work.lender_id).settings


def changes(work):
    return [row.payload for row in build.events_of(work) if row.type == "settings.changed"]


def test_ways_are_chosen_by_country_and_told(work, now):
    assert choose_methods(work, country="TH", methods=["promptpay"], actor=BY, now=now)
    assert choose_methods(work, country="MY", methods=["fpx", "card"], actor=BY, now=now)
    assert settings_of(work)["payment_methods"] == {"TH": ["promptpay"], "MY": ["fpx", "card"]}
    assert choose_methods(work, country="TH", methods=[], actor=BY, now=now)
    assert settings_of(work)["payment_methods"] == {"MY": ["fpx", "card"]}
    assert changes(work)[0] == {"part": "payment_methods", "country": "th", "values": ["promptpay"]}


def test_a_way_that_nobody_knows_is_not_chosen(work, now):
    assert not choose_methods(work, country="TH", methods=["gold"], actor=BY, now=now)
    assert changes(work) == []


def test_the_least_amount_is_set_and_given_back_to_the_house(work, now):
    assert set_least_payment(work, currency="THB", least_minor=5_000, actor=BY, now=now)
    assert settings_of(work)["payment_least"] == {"THB": 5_000}
    assert not set_least_payment(work, currency="THB", least_minor=0, actor=BY, now=now)
    assert set_least_payment(work, currency="THB", least_minor=None, actor=BY, now=now)
    assert settings_of(work)["payment_least"] == {}


def in_force(work, now):
    with work.read() as tx:
        return gateway_secrets.secrets_in_force(tx, gateway="stripe", now=now)


def test_a_secret_is_sealed_rotated_with_a_day_of_overlap_and_never_told(work, now):
    assert in_force(work, now) == ()
    assert keep_gateway_secret(work, gateway="stripe", secret=FIRST, actor=BY, now=now)
    assert keep_gateway_secret(work, gateway="stripe", secret=SECOND, actor=SYSTEM, now=now)
    assert in_force(work, now) == (SECOND, FIRST)
    assert in_force(work, now + timedelta(hours=24)) == (SECOND,)
    with work.read() as tx:
        kept = tx.execute(rows.select().where(rows.c.lender_id == tx.lender_id)).one()
    assert SECOND.encode() not in bytes(kept.secret)
    assert "whsec" not in str(changes(work))


@pytest.mark.parametrize(
    "secret", ["", "whsec_", "sk_live_0123456789012345", "whsec_" + "x" * 200, "whsec_ü" * 5]
)
def test_what_is_no_secret_is_not_kept(work, now, secret):
    assert not keep_gateway_secret(work, gateway="stripe", secret=secret, actor=BY, now=now)
    assert in_force(work, now) == ()
