import re
from datetime import UTC, datetime, timedelta

import pytest

from portal.actions.contact.stop_messages import stop_messages
from portal.actions.links.send_link import send_link
from portal.core.actors import DEBTOR, SYSTEM
from portal.gateways.ids import new_id
from portal.store import accounts, debtors, directory, lenders, messages
from portal.store.tables.identity import links
from tests import build
from tests.actions.door import BASE, DAY, Door


def test_a_link_goes_to_the_number_on_file(door):
    sent = door.send()
    to, text, key = door.sms.sent[0]
    assert (sent.kind, sent.segments, to) == ("sent", 1, "+12015550105")
    assert re.search(rf"{BASE}/l/[a-z2-7]{{26}} ", text)
    assert "lantern" in text
    assert "STOP" in text
    assert "Maria" not in text
    assert key.startswith(f"{door.work.lender_id}.msg_")
    assert door.told() == ["message.queued", "link.sent", "message.sent"]
    assert door.told("message.sent")[0]["segments"] == 1
    assert door.message(sent.message_id).state == "sent"


def test_only_the_digest_of_the_token_is_kept(door, database):
    sent = door.send()
    token = door.sms.last_token
    with door.work.read() as tx:
        row = tx.execute(links.select().where(links.c.lender_id == tx.lender_id)).one()
    assert token.encode() not in b"".join(str(value).encode() for value in row)
    assert row.expires_at - row.made_at == timedelta(hours=72)
    with database.shared().read() as shared:
        entry = directory.find_entry(shared, kind="link", secret=token)
    assert (entry.lender_id, entry.subject_id) == (door.work.lender_id, sent.link_id)


def test_at_night_the_lenders_link_waits_and_lives_from_the_morning(door):
    night = datetime(2026, 12, 2, 3, 0, tzinfo=UTC)
    sent = door.send(now=night, requested_by=SYSTEM)
    morning = datetime(2026, 12, 2, 14, 0, tzinfo=UTC)
    assert (sent.kind, sent.reason, sent.due_at, door.sms.sent) == ("queued", "quiet_hours", morning, [])
    assert door.told("message.queued")[0]["not_before"] == "2026-12-02T14:00:00.000Z"
    assert door.link(sent.link_id).expires_at == morning + timedelta(hours=72)
    assert "link.sent" not in door.told()


def test_what_the_person_asks_for_comes_at_night(door):
    assert door.send(now=datetime(2026, 12, 2, 3, 0, tzinfo=UTC), requested_by=DEBTOR).kind == "sent"


def test_one_a_day(door):
    assert door.send(requested_by=SYSTEM).kind == "sent"
    again = door.send(requested_by=SYSTEM)
    assert (again.kind, again.reason) == ("queued", "too_many")


def test_without_a_gateway_the_job_finds_it(door):
    sent = door.send(sms=None, requested_by=SYSTEM)
    with door.work.read() as tx:
        assert messages.list_due(tx, state="queued", now=DAY, limit=9) == [sent.message_id]


def test_nobody_is_written_to_who_said_stop(door):
    stop_messages(door.work, debtor_id=door.debtor_id, source="reply", now=DAY)
    sent = door.send(requested_by=SYSTEM)
    assert (sent.kind, sent.reason, door.sms.sent) == ("suppressed", "stopped", [])
    assert door.told("message.suppressed")[0]["rule"] == "us-2026-11-24"
    assert door.send(requested_by=DEBTOR).kind == "sent"


def test_a_hold_on_every_account_keeps_the_lender_quiet(door, lender):
    with door.work.begin() as tx:
        accounts.save_hold(tx, account_id=door.account_id, kind="dispute", now=DAY)
    assert door.send(requested_by=SYSTEM).reason == "held"
    build.an_account(door.work, creditor_id=lender.creditor_id, debtor_id=door.debtor_id)
    assert door.send(requested_by=SYSTEM).kind == "sent"


def test_a_wrong_number_gets_nothing_whoever_asks(door):
    with door.work.begin() as tx:
        debtors.mark_wrong_party(tx, debtor_id=door.debtor_id, now=DAY)
    assert door.send(requested_by=DEBTOR).reason == "wrong_party"


def test_a_number_that_nobody_confirmed_lately_is_flagged(door):
    with door.work.begin() as tx:
        debtors.confirm_phone(tx, debtor_id=door.debtor_id, now=DAY - timedelta(days=61))
    assert door.send().is_number_stale


@pytest.mark.parametrize(("hours", "life"), [(24, 24), (720, 720), (2, 24)])
def test_the_lender_sets_the_life(work, lender, hours, life):
    door = Door(work=work, creditor_id=lender.creditor_id)
    with work.begin() as tx:
        lenders.save_settings(tx, lender_id=tx.lender_id, settings={"link_hours": hours})
    sent = door.send()
    assert door.link(sent.link_id).expires_at == DAY + timedelta(hours=life)


def test_no_number_and_nobody(work, lender):
    door = Door(work=work, creditor_id=lender.creditor_id, person={"phone": None})
    assert door.send().kind == "no_number"
    assert send_link(work, debtor_id=new_id(), now=DAY, sms=None, base_url=BASE).kind == "unknown"
    assert door.told() == []


def test_a_brand_that_would_tell_is_not_in_the_text(work, lender):
    with work.begin() as tx:
        creditor_id = lenders.save_creditor(tx, creditor_ref="x", brand_name="Acme Debt Collectors", now=DAY)
    door = Door(work=work, creditor_id=creditor_id)
    door.send()
    assert "Acme" not in door.sms.last_text


def test_a_carrier_that_refuses_is_told(door):
    door.sms.state = "failed"
    assert door.send().kind == "failed"
    assert door.told("message.failed")[0]["reason"] == "refused"
    assert "link.sent" not in door.told()


def test_who_was_here_lately_is_left_in_peace_unless_they_ask(door):
    door.answer(door.enter())
    assert door.send(requested_by=SYSTEM).reason == "acted_lately"
    assert door.send(requested_by=SYSTEM, at_request=True).kind == "sent"
