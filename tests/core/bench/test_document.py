from portal.core.bench.document import BAND_Q, bench_bounds
from portal.core.bounds.lint import lint
from portal.core.bounds.presets import CURRENCIES, preset


def test_the_stages_open_by_evidence_only():
    (segment,) = bench_bounds().segments
    assert not any(one.code == "CALENDAR_OPENS_LAST_STAGE" for one in lint(bench_bounds()))
    assert segment.policy.band_q == (9900, 9900, 9200)
    assert segment.policy.open_share == 7500


def test_what_is_measured_is_what_ships():
    for currency in CURRENCIES:
        for segment in preset(currency)["segments"]:
            assert tuple(segment["policy"]["band_q"]) == BAND_Q
            assert segment["policy"]["open_share"] == "0.75"
            assert segment["value"]["alpha"] == "0.50"


def test_one_stage_stays_at_the_open_share():
    (segment,) = bench_bounds(stages=1, open_share="0.85").segments
    assert segment.authority.debtor.stage == 0
    assert len(segment.policy.stage_by) == 2
