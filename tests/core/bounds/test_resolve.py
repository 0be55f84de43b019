from dataclasses import replace

from portal.core.bounds.model import Limit
from portal.core.bounds.resolve import PackLimits, Subject, intersect, resolve, tighten
from portal.core.bounds.schema import parse_bounds
from tests.core.bounds.documents import an_example

BOUNDS = parse_bounds(an_example())
CARD = Subject(
    product="card",
    balance=300_000,
    debt_age=400,
    dpd=100,
    risk="A",
    secured=False,
    stage_of_law="pre",
    jurisdiction="GB",
)


def test_a_segment_covers_what_it_says_and_its_ends():
    assert resolve(bounds=BOUNDS, subject=CARD).id == "s1"
    for change in (
        {"dpd": 30},
        {"balance": 9_999},
        {"risk": "D"},
        {"secured": True},
        {"stage_of_law": "post"},
    ):
        assert resolve(bounds=BOUNDS, subject=replace(CARD, **change)) is None
    for change in ({"dpd": 31}, {"balance": 10_000}, {"balance": 2_500_000}, {"product": "loan"}):
        assert resolve(bounds=BOUNDS, subject=replace(CARD, **change)) is not None


def test_the_highest_priority_wins_then_the_first():
    document = an_example()
    first = document["segments"][0]
    document["segments"] = [{**first, "id": "low", "priority": 1}, {**first, "id": "a"}, {**first, "id": "b"}]
    assert resolve(bounds=parse_bounds(document), subject=CARD).id == "a"


def test_caps_and_the_pack_only_tighten():
    document = an_example()
    document["caps"] = [
        {
            "id": "c1",
            "when": {"product": ["card"]},
            "limits": {"installment": {"n_max": 24, "installment_min": 500}},
        },
        {"id": "c2", "when": {"product": ["loan"]}, "limits": {"lump": {"on": False}}},
    ]
    pack = PackLimits(
        pack_id="X@1",
        limits=(
            Limit(family="*", field="months_max", value=48),
            Limit(family="parts", field="k", value=(1, 4)),
        ),
        barred=("index",),
    )
    families = resolve(bounds=parse_bounds(document), subject=CARD, pack=pack).families
    assert families.installment.n_max == 24
    assert families.installment.installment_min == 1500
    assert (families.installment.months_max, families.restructure.months_max) == (48, 48)
    assert families.parts.k == (2, 4)
    assert families.lump.on
    assert not families.index.on


def test_a_looser_limit_changes_nothing():
    segment = BOUNDS.segments[0]
    loose = (
        Limit(family="installment", field="n_max", value=600),
        Limit(family="lump", field="on", value=True),
    )
    assert tighten(segment, loose) == segment


def test_rules_for_several_accounts_are_no_looser_than_either():
    document = an_example()
    families = document["segments"][0]["families"]
    families["installment"] |= {"n_max": 24, "installment_min": 2_000}
    families["restructure"] |= {"waive_principal_max": "0.10"}
    families["lump"] |= {"waiver_ladder": []}
    both = intersect(BOUNDS.segments[0], parse_bounds(document).segments[0]).families
    assert (both.installment.n_max, both.installment.installment_min) == (24, 2_000)
    assert both.restructure.waive_principal_max == 1000
    assert both.lump.waiver_ladder == ()
