from portal.actions.links.clear_wrong_party import clear_wrong_party
from portal.actions.links.report_wrong_party import report_wrong_party
from portal.core.actors import staff_actor


def test_staff_can_take_it_back(door):
    door.send()
    report_wrong_party(door.work, token=door.sms.last_token, now=door.now)

    def clear():
        return clear_wrong_party(
            door.work, debtor_id=door.debtor_id, actor=staff_actor("stf_1"), now=door.now
        )

    assert clear()
    assert not clear()
    assert door.told("contact.wrong_party")[-1]["is_reversed"]
    assert door.send().kind == "sent"
    assert door.open() is not None
