from datetime import time

import pytest

from portal.core.packs import rules
from portal.core.packs.model import Body, Fact, Pack
from portal.core.packs.rules import PACKS, contact_window, pack_for


def test_every_place_of_the_reference_has_a_pack():
    codes = "US GB EU DE FR ES CN HK TW TH VN ID MY PH SG IN BR MX AU"
    assert sorted(PACKS) == sorted(codes.split())
    assert pack_for("UK") is pack_for("GB")
    assert pack_for("ZW") is rules.HOUSE


@pytest.mark.parametrize("code", sorted(PACKS))
def test_the_stricter_of_pack_and_house_holds(code):
    pack = PACKS[code]
    for kind in ("mon_fri", "sat", "sun", "holiday"):
        window = contact_window(pack, kind)
        house = rules.HOUSE.contact_hours.of(kind)
        if house is None:
            assert window is None
        elif window is not None:
            assert house[0] <= window[0] < window[1] <= house[1]
    assert rules.cooling_off_days(pack) >= 14
    assert rules.dispute_window_days(pack) >= 30
    assert rules.retention_years(pack) >= 7
    assert rules.messages_per_day(pack) == 1
    assert rules.messages_per_7_days(pack) <= 3


def test_hours_are_cut_at_both_ends():
    assert contact_window(pack_for("IN"), "mon_fri") == (time(9), time(19))
    assert contact_window(pack_for("TH"), "sat") == (time(10), time(16))
    assert contact_window(pack_for("ID"), "sun") is None


def test_general_knowledge_waits_for_a_named_officer():
    brazil = pack_for("BR")
    assert brazil.facts["cooling_off"].status == "G"
    assert brazil.fact("cooling_off") is None
    assert brazil.number("cooling_off", unit="days", confirmed=frozenset({"BR.cooling_off"})) == 7
    assert rules.plan_months_max(brazil) == 60  # status S: enforced as shipped
    assert rules.plan_months_max(pack_for("CN")) is None
    assert rules.plan_months_max(pack_for("CN"), confirmed=frozenset({"CN.plan_limits"})) == 60
    assert rules.plan_months_max(pack_for("US")) is None


def test_what_is_unknown_never_fills_anything_in():
    assert pack_for("GB").fact("retention", confirmed=frozenset({"GB.retention"})) is None


def test_a_number_that_nobody_checked_is_not_shown():
    us, thailand = pack_for("US"), pack_for("TH")
    assert not rules.can_show_number(us.advice[0], us)
    assert rules.can_show_number(us.advice[0], us, confirmed=frozenset({"US.advice"}))
    assert rules.can_show_number(thailand.advice[1], thailand)
    assert rules.adviser_hold_days(pack_for("GB")) == 30
    assert rules.breathing_space_days(us) == 30


def test_only_the_us_asks_for_consent_to_records():
    assert [code for code in PACKS if rules.needs_record_consent(PACKS[code])] == ["US"]


def test_vietnam_blocks_agencies_by_a_fact_that_was_read():
    assert pack_for("VN").fact("hard_block").status == "V"


def test_every_fact_and_body_says_how_sure_it_is():
    for pack in PACKS.values():
        assert isinstance(pack, Pack)
        assert all(isinstance(fact, Fact) and fact.status in "VSGU" for fact in pack.facts.values())
        assert all(isinstance(one, Body) for one in (*pack.advice, *pack.complaints))
        assert pack.ref.startswith(pack.code.lower())
