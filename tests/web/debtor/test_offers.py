"""An offer on its way to an agreement: where a second person has to agree, that is said, with a time."""

from portal.core.bounds.presets import preset
from tests import build
from tests.actions.chain import Chain
from tests.web.debtor.conftest import words_of


def test_a_plan_that_waits_for_a_second_person_says_so_and_by_when(phone, door, clock):
    body = preset("USD")
    for segment in body["segments"]:
        segment["approval"] = [{"when": {"amount_over": 100_000}, "by": "agent"}]
    build.active_bounds(door.work, body=body)
    offer_ref = Chain(door.work, door.account_id, door.debtor_id, now=clock.now()).choose().offer_ref
    phone.enter()
    page = f"/me/offers/{offer_ref}"
    assert "needs the yes of a second person. When you go on" in words_of(phone.get(page))
    assert phone.post(page + "/agreement", page=page).location == page
    said = words_of(phone.get(page))
    assert "You hear by" in said
    assert "Read the agreement" not in said
