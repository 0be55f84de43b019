from portal.core.bench.baselines import BASELINES
from portal.core.bench.document import bench_bounds
from portal.core.bench.engine import engine_under
from portal.core.bench.twins import gaps, twin_gap
from tests.core.bench.crowds import first, other


def test_stubbornness_buys_nothing_from_the_engine():
    for crowd in (first(14), other(14)):
        assert gaps(crowd.debtors, crowd.fields, engine_under(bench_bounds())) == (0.0, 0.0)


def test_stubbornness_pays_with_agents_that_concede():
    crowd = first(14)
    mean, apart = gaps(crowd.debtors, crowd.fields, BASELINES["linear"])
    assert mean > 0.02
    assert apart > 0.2


def test_a_menu_that_never_changes_has_no_gap():
    debtor, field = first(14).debtors[0], first(14).fields[0]
    assert twin_gap(debtor, field, BASELINES["static menu"]) == 0.0
