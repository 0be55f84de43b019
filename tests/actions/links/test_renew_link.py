from portal.actions.links.renew_link import renew_link
from portal.actions.links.report_wrong_party import report_wrong_party
from portal.core.actors import SYSTEM
from tests.actions.door import BASE


def renew(door, token):
    renew_link(door.work, token=token, now=door.now, sms=door.sms, base_url=BASE)


def test_a_fresh_link_goes_to_the_number_on_file(door):
    door.send()
    old = door.sms.last_token
    door.wait(hours=100)
    renew(door, old)
    assert door.sms.sent[-1][0] == "+12015550105"
    assert door.sms.last_token != old
    assert door.open() is not None
    told = door.told("link.renewed")[0]
    assert set(told) == {"id", "replaces", "channel", "expires_at"}


def test_at_most_three_in_an_hour(door):
    door.send(requested_by=SYSTEM)
    old = door.sms.last_token
    for _ in range(6):
        renew(door, old)
    assert len(door.sms.sent) == 1 + 3
    door.wait(minutes=61)
    renew(door, old)
    assert len(door.sms.sent) == 1 + 4


def test_nothing_happens_for_what_nobody_made_or_a_wrong_number(door):
    renew(door, "c" * 26)
    assert door.sms.sent == []
    door.send()
    token = door.sms.last_token
    report_wrong_party(door.work, token=token, now=door.now)
    renew(door, token)
    assert len(door.sms.sent) == 1
    assert "link.renewed" not in door.told()
