from concurrent.futures import ThreadPoolExecutor

from portal.gateways.ids import new_id
from tests import build


def test_a_first_draft_comes_from_the_ready_made_bounds(desk):
    started = desk.start(currency="THB")
    assert started.kind == "started"
    assert (started.draft.name, started.draft.version, started.draft.state) == ("standard-thb", 1, "draft")
    assert desk.told() == [], "a draft binds nobody"


def test_the_next_one_counts_on_and_keeps_the_rules_of_its_source(desk, work):
    active = build.active_bounds(work)
    again = desk.start(source_id=active.bounds_id).draft
    assert (again.name, again.version) == (active.name, 2)
    assert again.body["segments"] == active.body["segments"]
    fresh = desk.start().draft
    assert (fresh.name, fresh.version) == (active.name, 3), "ready-made rules under the name in force"


def test_nothing_comes_from_nothing(desk):
    assert desk.start(currency="XXX").kind == "no_source"
    assert desk.start(source_id=new_id()).kind == "no_source"


def test_parallel_drafts_get_different_numbers(desk):
    with ThreadPoolExecutor(4) as pool:
        versions = [done.draft.version for done in pool.map(lambda _: desk.start(), range(4))]
    assert sorted(versions) == [1, 2, 3, 4]
