from concurrent.futures import ThreadPoolExecutor

from portal.gateways.ids import new_id
from portal.store import bounds
from tests import build


def test_it_takes_the_place_of_the_one_before(desk, work):
    former = build.active_bounds(work)
    fresh = desk.approved(source_id=former.bounds_id)
    assert desk.activate(fresh.bounds_id) == "activated"
    with work.read() as tx:
        assert bounds.find_active_bounds(tx, currency="USD").bounds_id == fresh.bounds_id
    assert desk.version(former.bounds_id).state == "retired"
    told = dict(desk.told())
    assert told["bounds.published"]["replaces"] == former.version
    assert told["bounds.published"]["approval"] == told["approval.requested"]["id"]
    assert told["bounds.retired"]["replaced_by"] == fresh.version


def test_other_currencies_stay_as_they_are(desk, work):
    pounds = build.active_bounds(work, currency="GBP")
    desk.activate(desk.approved().bounds_id)
    assert desk.version(pounds.bounds_id).state == "active"


def test_only_what_is_approved_comes_into_force(desk):
    draft = desk.start().draft
    assert desk.activate(draft.bounds_id) == "not_approved"
    desk.ask(draft.bounds_id)
    assert desk.activate(draft.bounds_id) == "not_approved"
    assert desk.activate(new_id()) == "unknown"


def test_parallel_activations_leave_one_in_force(desk, work):
    build.active_bounds(work)
    waiting = [desk.approved() for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda one: desk.activate(one.bounds_id), waiting))
    assert done == ["activated"] * 3
    with work.read() as tx:
        assert len(bounds.list_active_bounds(tx, currency="USD")) == 1
    told = [type_ for type_, _ in desk.told()]
    assert told.count("bounds.published") == told.count("bounds.retired") == 3
