"""Look-ups follow a new key while the lender is served: nothing is lost in any process, nothing changes its meaning."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.actions.accounts.put_account import put_account
from portal.actions.keys.renew_digests import renew_digests, use_new_digests
from portal.actions.keys.rotate_keys import rotate_keys
from portal.actions.lenders.issue_api_key import issue_api_key
from portal.core.actors import SYSTEM
from portal.core.scopes import SCOPES
from portal.gateways.ids import new_id
from portal.gateways.log_keys import make_key_pairs
from portal.store import debtors, idempotency, keys
from portal.store import gifts as gift_store
from portal.store import work as work_module
from portal.store.gifts import Gift
from portal.store.work import open_database
from tests import build
from tests.actions.accounts.test_put_account import a_good_row as row

PHONE = "+14155550{:03d}"


def rotate(work, database):
    return rotate_keys(
        work, master_key=database.master_key, make_keys=make_key_pairs, actor=SYSTEM, now=build.NOW
    )


def renew(work):
    use_new_digests(work)
    return dict(renew_digests(work))


@pytest.fixture
def another(database_urls):
    """The pool of another process, which has its own copy of the keys."""
    opened = open_database(url=database_urls["app"], master_key=build.MASTER_KEY, new_id=new_id, pool_size=2)
    yield opened
    opened.engine.dispose()


def kept(work):
    """Give the keys of the digests of each column: nothing for the first one, the number of a later one."""
    found = {}
    with work.read() as tx:
        for table, column in keys.digest_columns():
            held = tx.execute(select(column).where(table.c.lender_id == tx.lender_id)).scalars().all()
            found[f"{table.name}.{column.name}"] = {one[:2] if len(one) > 32 else b"" for one in held if one}
    return found


def found_by(work, number):
    with work.read() as tx:
        return (
            debtors.find_id_by_phone(tx, phone=PHONE.format(number)),
            debtors.list_ids_by_name(tx, words=f"Person Number{number}", limit=5),
        )


def a_person(work, number):
    return build.a_debtor(work, full_name=f"Person Number{number}", phone=PHONE.format(number))


def test_a_process_that_writes_meanwhile_loses_nobody(work, database, another, monkeypatch):
    monkeypatch.setattr(keys, "PAGE", 25)
    monkeypatch.setattr(work_module, "CIPHER_SECONDS", 0.02)
    people = {number: a_person(work, number) for number in range(12)}
    elsewhere = another.work(work.lender_id)
    stop, faults, turn = threading.Event(), [], iter(range(100, 999))

    def serve():
        try:
            while not stop.is_set():
                number = next(turn)
                people[number] = a_person(elsewhere, number)
                stop.wait(0.003)
                for one in (number, number % 12, 100):
                    assert found_by(elsewhere, one) == ([people[one]], [people[one]]), one
        except Exception as fault:  # noqa: BLE001 - whatever it is, the test tells it
            faults.append(fault)

    thread = threading.Thread(target=serve)
    thread.start()
    for _ in range(2):
        rotate(work, database)
        stop.wait(0.05)
        assert use_new_digests(work) == 1
        stop.wait(0.05)
        list(renew_digests(work))
    stop.set()
    thread.join()
    assert faults == []
    list(renew_digests(work))
    for number, debtor_id in people.items():
        assert found_by(work, number) == ([debtor_id], [debtor_id])
    newest = max(key.key_id for key in keys_of(work) if key.purpose == "digest").to_bytes(2, "big")
    assert {name: used for name, used in kept(work).items() if used} == {
        "debtors.phone_digest": {newest}, "debtor_words.word_digest": {newest},
    }  # fmt: skip


def keys_of(work):
    with work.read() as tx:
        return keys.list_wrapped(tx)


def test_a_new_key_waits_until_every_process_knows_it(work, database, another):
    elsewhere = another.work(work.lender_id)
    old = a_person(work, 1)
    assert found_by(elsewhere, 1) == ([old], [old])
    done = rotate(work, database)
    a_person(work, 2)
    assert kept(work)["debtors.phone_digest"] == {b""}, "nothing is written with it yet"
    assert found_by(elsewhere, 2)[0] != [], "the other process has its old copy and finds both"
    assert [key.is_in_use for key in keys_of(work) if key.key_id == done.digest_key] == [False]
    assert use_new_digests(work) == 1
    assert use_new_digests(work) == 0
    new = a_person(work, 3)
    another.forget_keys(work.lender_id)
    assert [found_by(elsewhere, number)[0] for number in (1, 3)] == [[old], [new]]
    changed = dict(renew_digests(work))
    assert changed["debtors.phone_digest"] == 2
    assert sum(dict(renew_digests(work)).values()) == 0, "twice is once"
    assert found_by(elsewhere, 1) == ([old], [old])


def test_what_was_told_before_is_still_the_same_after(work, database, another):
    named = {"lines": None, "actor": SYSTEM, "now": build.NOW}
    assert put_account(work, row=row(), **named).kind == "created"
    elsewhere = another.work(work.lender_id)
    assert put_account(elsewhere, row=row(), **named).kind == "unchanged"
    before = len(build.events_of(work))
    for _ in range(2):
        rotate(work, database)
        use_new_digests(work)
        assert put_account(elsewhere, row=row(), **named).kind == "unchanged", (
            "kept and fresh are compared as one"
        )
        list(renew_digests(work))
        assert put_account(elsewhere, row=row(), **named).kind == "unchanged", "the newer key is fetched"
        assert put_account(work, row=row(), **named).kind == "unchanged"
    assert [event.type for event in build.events_of(work)[before:]] == ["keys.rotated"] * 2


def test_a_phone_that_stays_stays_confirmed(work, database):
    named = {"lines": None, "actor": SYSTEM, "now": build.NOW}
    put_account(work, row=row(), **named)
    with work.begin() as tx:
        debtor = debtors.find_debtor_by_source(tx, source_ref=row().person.source_ref)
        debtors.confirm_phone(tx, debtor_id=debtor.debtor_id, now=build.NOW)
    rotate(work, database)
    use_new_digests(work)
    moved = row(email="new@example.org")
    assert put_account(work, row=moved, **named).changed == ("debtor",)
    with work.read() as tx:
        assert debtors.find_debtor(tx, debtor_id=debtor.debtor_id).phone_confirmed_at == build.NOW


def test_codes_and_keys_of_machines_work_across_a_rotation(work, database, lender):
    account_id = build.an_account(work, creditor_id=lender.creditor_id, debtor_id=build.a_debtor(work))
    gift = Gift(
        gift_id=new_id(), account_id=account_id, amount_minor=500, currency="USD", made_at=build.NOW,
        expires_at=build.NOW + timedelta(days=1), ended_at=None,
    )  # fmt: skip
    key = issue_api_key(work, label="A machine", scopes=tuple(SCOPES)[:1], actor=SYSTEM, now=build.NOW)
    machine = {"key": "the same", "api_key_id": key.api_key_id, "request_digest": b"r" * 32}
    with work.begin() as tx:
        gift_store.save_gift(tx, gift, code="ABCD")
        assert idempotency.claim_key(tx, **machine, now=build.NOW) is None
    rotate(work, database)
    for _ in range(2):
        with work.begin() as tx:
            assert gift_store.find_gift(tx, code="ABCD") == gift
            assert idempotency.claim_key(tx, **machine, now=build.NOW) is not None, "never done twice"
        assert renew(work)["gift_codes.code_digest"] in {0, 1}
