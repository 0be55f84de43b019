from portal.core.bounds.lint import lint
from portal.core.bounds.model import Limit
from portal.core.bounds.resolve import PackLimits
from portal.core.bounds.schema import parse_bounds
from tests.core.bounds.documents import an_example, segment_of


def codes(document, **options):
    return {(one.code, one.path) for one in lint(parse_bounds(document), **options)}


def test_the_example_draws_the_warnings_that_the_specification_names():
    found = {code for code, _ in codes(an_example())}
    assert found == {"REWARD_FOR_WAITING", "CALENDAR_OPENS_LAST_STAGE", "WEEKLY_SHUT_OUT"}


def test_waiting_is_no_reward_where_the_delay_costs_as_much():
    document = an_example()
    segment_of(document)["families"]["lump"]["waiver_ladder"] = [
        {"dpd": 31, "max": "0.30"},
        {"dpd": 396, "max": "0.41"},
    ]
    assert "REWARD_FOR_WAITING" not in {code for code, _ in codes(document)}


def test_what_the_law_bars_is_named():
    pack = PackLimits(
        pack_id="CN@1", limits=(Limit(family="installment", field="n_max", value=48),), barred=("lump",)
    )
    found = codes(an_example(), pack=pack)
    assert ("LOOSER_THAN_PACK", "$.segments[0].families.installment.n_max") in found
    assert ("LOOSER_THAN_PACK", "$.segments[0].families.lump.on") in found


def test_overlaps_and_segments_that_nobody_reaches():
    document = an_example()
    first = segment_of(document)
    inside = {**first, "id": "s2", "when": {**first["when"], "dpd": [100, 200]}}
    beside = {**first, "id": "s3", "when": {**first["when"], "dpd": [31, 60], "product": ["rent"]}}
    document["segments"] += [inside, beside]
    found = codes(document)
    assert ("OVERLAP", "$.segments[1].when") in found
    assert ("NEVER_REACHED", "$.segments[1]") in found
    assert not any(path.startswith("$.segments[2]") and code == "OVERLAP" for code, path in found)


def test_a_smallest_installment_that_shuts_the_portfolio_out():
    found = codes(an_example(), surpluses=(1_000, 1_500, 9_000))
    assert ("INSTALLMENT_ABOVE_SURPLUS", "$.segments[0].families.installment.installment_min") in found
    assert "INSTALLMENT_ABOVE_SURPLUS" not in {
        code for code, _ in codes(an_example(), surpluses=(9_000,) * 9)
    }


def test_a_segment_without_any_family_is_an_error():
    document = an_example()
    segment_of(document)["families"] = {"parts": {"on": True}}
    assert "WAIVER_UNUSED" in {code for code, _ in codes(document)}
    segment_of(document)["families"] = {}
    assert [one.severity for one in lint(parse_bounds(document)) if one.code == "NO_FAMILY"] == ["error"]


def with_families(**changes):
    document = an_example()
    for name, rule in changes.items():
        segment_of(document)["families"][name] |= rule
    return document


def test_ends_that_cross_are_errors():
    document = with_families(
        installment={"installment_min": 9_000, "installment_max": 8_000},
        restructure={"rate_min": "0.09", "rate_max": "0.05"},
    )
    found = [one for one in lint(parse_bounds(document)) if one.code == "CONTRADICTION"]
    assert {one.severity for one in found} == {"error"}
    assert [one.path.rpartition(".")[2] for one in found] == ["installment_min", "rate_min"]


def test_interest_that_nobody_bears_is_named():
    names = {code for code, _ in codes(with_families(installment={"method": ["flat"]}))}
    assert "METHOD_UNUSED" in names
    strict = {"rate_max": "0.10", "capitalize_arrears": False, "waive_fees_max": "0.50"}
    assert "INTEREST_SHUT_OUT" in {code for code, _ in codes(with_families(restructure=strict))}
    whole = {**strict, "waive_fees_max": "1.00", "waive_interest_max": "1.00"}
    assert "INTEREST_SHUT_OUT" not in {code for code, _ in codes(with_families(restructure=whole))}


def test_a_pay_calendar_that_ends_early_or_keeps_another_rhythm_is_named():
    def with_days(*days):
        document = an_example()
        segment_of(document)["common"]["due_on"] = {"monthly": list(days)}
        return {code for code, _ in codes(document)}

    assert {"DAYS_RUN_OUT", "DAYS_OFF_RHYTHM"} <= with_days("2027-01-10", "2027-01-17", "2027-01-24")
    assert "DAYS_OFF_RHYTHM" not in with_days("2027-01-29", "2027-02-26", "2027-03-31")
    assert not with_days() & {"DAYS_RUN_OUT", "DAYS_OFF_RHYTHM"}
