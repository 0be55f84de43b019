"""The packs hold what the reference says, word for word; skipped where the reference is not here."""

from pathlib import Path

import pytest

from portal.core.packs.rules import HOUSE, PACKS, pack_for

REFERENCE = Path(__file__).parents[4] / "shared" / "reference" / "jurisdictions.yaml"
APART = {"name", "currency", "languages", "language", "contact_hours", "contact_frequency", "advice", "complaints",
         "states", "countries"}  # fmt: skip


@pytest.fixture(scope="module")
def reference():
    if not REFERENCE.exists():
        pytest.skip("the reference is not here")
    yaml = pytest.importorskip("yaml")
    return yaml.safe_load(REFERENCE.read_text(encoding="utf-8"))


def places(reference):
    for code, row in reference.items():
        if isinstance(row, dict) and "name" in row and code in (*PACKS, "UK"):
            yield code, row
            yield from row.get("countries", {}).items()


def test_facts_and_their_status_are_those_of_the_reference(reference):
    seen = 0
    for code, row in places(reference):
        pack = pack_for(code)
        for name, fact in row.items():
            if name in APART:
                continue
            kept = pack.facts[name]
            assert kept.status == (fact.get("st", "U") if isinstance(fact, dict) else "U"), (code, name)
            if (
                isinstance(fact, dict)
                and isinstance(fact.get("v"), (int, str))
                and "none" not in str(fact["v"])
            ):
                assert kept.value == fact["v"], (code, name)
                assert kept.unit == fact.get("unit", "")
            seen += 1
    assert seen > 200


def test_hours_advisers_and_complaints_bodies_too(reference):
    for code, row in places(reference):
        pack = pack_for(code)
        hours = (row.get("contact_hours") or {}).get("v")
        assert (pack.contact_hours is None) == (hours is None)
        if hours and hours["mon_fri"]:
            assert [f"{at:%H:%M}" for at in pack.contact_hours.mon_fri] == hours["mon_fri"]
        for kind in ("advice", "complaints"):
            for kept, body in zip(getattr(pack, kind), row.get(kind, ()), strict=False):
                assert (kept.name, kept.status, kept.phone, kept.web) == (
                    body["name"], body["st"], body.get("phone"), body.get("web"),
                )  # fmt: skip


def test_the_house_floor_is_the_references(reference):
    house = reference["house"]
    assert [f"{at:%H:%M}" for at in HOUSE.contact_hours.mon_fri] == house["contact_hours"]["mon_fri"]
    assert HOUSE.messages_per_7_days == house["contact_frequency"]["messages_per_7_days"]
