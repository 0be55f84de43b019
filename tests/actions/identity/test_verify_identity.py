from concurrent.futures import ThreadPoolExecutor

import pytest

from portal.core.identity import TRIES_PER_DEBTOR
from portal.store import lenders
from portal.store.tables.debtors import debtors as rows
from tests import build
from tests.actions.door import Door


def test_the_right_answer_lets_in_with_a_new_session(door):
    session = door.enter()
    outcome = door.answer(session)
    assert (outcome.kind, outcome.is_first) == ("verified", True)
    fresh = door.session(outcome.session_token)
    assert (fresh.kind, fresh.subject_id) == ("debtor", door.debtor_id)
    assert fresh.session_id != session.session_id
    assert "birth_date" in fresh.state["factors"]
    assert door.link(session.link_id).state == "used"
    assert door.told("identity.verified") == [
        {"method": "birth_date", "link": f"lnk_{session.link_id.hex}", "device": "new", "reason_codes": []}
    ]
    assert door.debtor().phone_confirmed_at == door.now


def test_five_wrong_answers_lock_the_link_for_good(door):
    session = door.enter()
    outcomes = [door.answer(session, f"1990-01-0{day}") for day in range(1, 6)]
    assert [outcome.kind for outcome in outcomes] == ["mismatch"] * 4 + ["locked"]
    assert [outcome.tries_left for outcome in outcomes[:4]] == [4, 3, 2, 1]
    assert door.answer(session).kind == "locked"
    assert door.link(session.link_id).state == "locked"
    assert len(door.told("identity.failed")) == 5
    assert [event["locked"] for event in door.told("identity.locked")] == ["link"]


def test_a_fresh_link_opens_the_door_again(door):
    session = door.enter()
    for day in range(1, 6):
        door.answer(session, f"1990-01-0{day}")
    door.wait(minutes=14)
    assert door.answer(door.enter()).kind == "verified"


@pytest.mark.parametrize("answers", [["1990-01-01"] * 50, ["1990-01-01"] * 49 + ["1986-11-17"]])
def test_fifty_parallel_tries_are_five(door, answers):
    session = door.enter()
    with ThreadPoolExecutor(16) as pool:
        outcomes = [outcome.kind for outcome in pool.map(lambda text: door.answer(session, text), answers)]
    assert outcomes.count("mismatch") <= 4
    assert outcomes.count("verified") <= 1
    evaluated = len(door.told("identity.failed")) + outcomes.count("verified")
    assert evaluated <= 5
    assert door.link(session.link_id).tries == min(5, evaluated)


def test_the_right_answer_twice_at_once_gives_one_session(door):
    session = door.enter()
    with ThreadPoolExecutor(8) as pool:
        kinds = list(pool.map(lambda _: door.answer(session).kind, range(8)))
    assert kinds.count("verified") == 1
    assert set(kinds) == {"verified", "locked"}


def test_a_hundred_wrong_answers_are_the_end_over_all_links(door):
    with door.work.begin() as tx:
        tx.execute(
            rows.update()
            .where(rows.c.lender_id == tx.lender_id, rows.c.debtor_id == door.debtor_id)
            .values(identity_tries=TRIES_PER_DEBTOR - 2)
        )
    session = door.enter()
    kinds = [door.answer(session, "1990-01-01").kind for _ in range(3)]
    assert kinds == ["mismatch", "mismatch", "locked"]
    assert door.told("identity.locked")[0]["locked"] == "account"
    assert door.answer(door.enter()).kind == "locked"
    assert len(door.told("identity.failed")) == 2


def test_right_answers_cost_nothing(door):
    device = None
    for _ in range(3):
        outcome = door.answer(door.enter(), device=device)
        assert outcome.kind == "verified"
        device = outcome.device_token
        door.wait(hours=2)
    with door.work.read() as tx:
        tries = tx.execute(
            rows.select().where(rows.c.lender_id == tx.lender_id, rows.c.debtor_id == door.debtor_id)
        ).one()
    assert tries.identity_tries == 0


def test_wrong_and_unknown_are_answered_alike(work, lender):
    known = Door(work=work, creditor_id=lender.creditor_id)
    unknown = Door(work=work, creditor_id=lender.creditor_id, person={"birth_date": None, "id_last4": None})
    outcomes = [door.answer(door.enter(), "1990-01-01") for door in (known, unknown)]
    assert outcomes[0] == outcomes[1]
    assert [event["reason"] for event in known.told("identity.failed")] == ["fact_differs"] * 2


def test_the_last_four_of_an_id(work, lender):
    with work.begin() as tx:
        lenders.save_settings(tx, lender_id=tx.lender_id, settings={"identity_fact": "id_last4"})
    door = Door(work=work, creditor_id=lender.creditor_id)
    session = door.enter()
    assert door.answer(session, "1986-11-17").kind == "mismatch"
    assert door.answer(session, "0056").kind == "verified"


def test_another_phone_than_before_asks_for_a_code(door):
    first = door.answer(door.enter())
    door.wait(hours=2)
    session = door.enter()
    assert door.answer(session).kind == "code_needed"
    assert door.session_state(session)["reasons"] == ["new_device"]
    door.wait(hours=2)
    again = door.answer(door.enter(), device=first.device_token)
    assert again.kind == "verified"
    assert again.device_token == first.device_token
    assert door.told("identity.verified")[-1]["device"] == "known"


def test_a_number_not_confirmed_lately_asks_for_a_code(door):
    first = door.answer(door.enter())
    door.wait(days=61)
    assert door.answer(door.enter(), device=first.device_token).kind == "code_needed"


def test_the_lender_can_ask_always(work, lender):
    with work.begin() as tx:
        lenders.save_settings(tx, lender_id=tx.lender_id, settings={"identity_code": "always"})
    door = Door(work=work, creditor_id=lender.creditor_id)
    assert door.answer(door.enter()).kind == "code_needed"
    assert "identity.verified" not in door.told()


def test_no_personal_data_in_events(door):
    session = door.enter()
    door.answer(session, "1990-01-01")
    door.answer(session)
    told = str([row.payload for row in build.events_of(door.work)])
    for canary in ("Maria", "1986", "1990", "0056", "+1201", "lantern"):
        assert canary not in told
