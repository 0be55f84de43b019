"""A lender's keys are changed while it is served: nothing becomes unreadable, no proof stops holding."""

import secrets
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.actions.evidence.seal_log import seal_log
from portal.actions.keys.reseal_rows import reseal_rows, reseal_shared, rewrap_keys
from portal.actions.keys.rotate_keys import rotate_keys
from portal.core.actors import SYSTEM
from portal.core.evidence.documents import write_proof
from portal.core.evidence.files import verify_file
from portal.gateways.ids import new_id
from portal.gateways.log_keys import is_signed_by, make_key_pairs
from portal.store import debtors, keys, log_keys, proofs
from portal.store.cipher import MasterKey, UnsealError, key_of
from portal.store.work import open_database
from tests import build
from tests.house.town import Town


def rotate(work, database):
    return rotate_keys(
        work, master_key=database.master_key, make_keys=make_key_pairs, actor=SYSTEM, now=build.NOW
    )


@pytest.fixture
def another(database_urls):
    """The pool of another process, which has its own copy of the keys."""
    opened = open_database(url=database_urls["app"], master_key=build.MASTER_KEY, new_id=new_id, pool_size=2)
    yield opened
    opened.engine.dispose()


def name_of(work, debtor_id):
    with work.read() as tx:
        return debtors.load_person(tx, debtor_id=debtor_id).full_name


def sealed_by(work):
    """Give the numbers of the keys that sealed the lender's values, by column."""
    found = {}
    with work.read() as tx:
        for table, column in keys.sealed_columns():
            rows = tx.execute(select(column).where(table.c.lender_id == tx.lender_id, column.is_not(None)))
            if used := {key_of(value) for value in rows.scalars()}:
                found[f"{table.name}.{column.name}"] = used
    return found


def test_old_and_new_values_open_in_every_process_at_once(work, database, another):
    old = build.a_debtor(work, full_name="Maria Lopez")
    elsewhere = another.work(work.lender_id)
    assert name_of(elsewhere, old) == "Maria Lopez"
    done = rotate(work, database)
    new = build.a_debtor(work, full_name="John Smith")
    assert sealed_by(work)["debtors.full_name"] == {1, done.data_key}
    assert [name_of(elsewhere, one) for one in (old, new)] == ["Maria Lopez", "John Smith"]
    told = build.events_of(work)[-1]
    assert (told.type, told.payload["data_key"]) == ("keys.rotated", done.data_key)


def test_every_kind_of_sealed_value_comes_under_the_newest_key_and_opens(database):
    town = Town(database)
    before = sealed_by(town.work)
    assert len(before) >= 12, "the town has something behind most columns"
    done = rotate(town.work, database)
    changed = dict(reseal_rows(town.work))
    assert {name for name, count in changed.items() if count} >= set(before) - {"log_keys.seed"}
    assert all(used == {done.data_key} for used in sealed_by(town.work).values())
    assert sum(dict(reseal_rows(town.work)).values()) == 0, "twice is once"
    with town.work.read() as tx:
        for table, column in keys.sealed_columns():
            own = [one for one in table.primary_key.columns if one.name != "lender_id"]
            for row in tx.execute(select(*own, column).where(table.c.lender_id == tx.lender_id)).all():
                if row[-1] is not None:
                    tx.unseal(
                        column=f"{table.name}.{column.name}", row=keys.row_label(row[:-1]), sealed=row[-1]
                    )


def test_values_that_change_meanwhile_are_not_lost(work, database, monkeypatch):
    monkeypatch.setattr(keys, "PAGE", 3)
    people = [build.a_debtor(work, full_name=f"Person {number}") for number in range(20)]
    rotate(work, database)
    stop, faults = threading.Event(), []

    def serve():
        turn = 0
        while not stop.is_set():
            turn += 1
            person = people[turn % len(people)]
            try:
                assert name_of(work, person).startswith("Person")
                with work.begin() as tx:
                    debtors.save_language(
                        tx, debtor_id=person, language=("en", "es")[turn % 2], now=build.NOW
                    )
            except Exception as fault:  # noqa: BLE001 - whatever it is, the test tells it
                faults.append(fault)

    thread = threading.Thread(target=serve)
    thread.start()
    list(reseal_rows(work))
    stop.set()
    thread.join()
    assert faults == []
    assert sealed_by(work)["debtors.full_name"] == {3}, "the digest key took the number after it"
    assert [name_of(work, person) for person in people] == [f"Person {number}" for number in range(20)]


def test_old_proofs_hold_after_three_rotations_and_new_keys_sign(work, database):
    now, made = build.NOW, []
    build.a_debtor(work)
    for _ in range(4):
        rotate(work, database)
        now += timedelta(minutes=2)
        seal_log(work, make_keys=make_key_pairs, now=now)
        with work.read() as tx:
            event_id = build.events_of(work)[0].id
            made.append(write_proof(proofs.prove_event(tx, event_id=event_id)))
    with work.read() as tx:
        trusted = log_keys.list_public_keys(tx)
        assert len(log_keys.load_signing_keys(tx)) == 2
    assert len(trusted) == 8
    for content in made:
        assert verify_file(content, check=is_signed_by, trusted=trusted).faults == ()


def test_the_master_key_is_changed_and_the_old_one_is_not_needed_any_more(work, database, database_urls):
    debtor_id = build.a_debtor(work, full_name="Maria Lopez")
    material = secrets.token_bytes(32)

    def opened(key, previous=None):
        return open_database(
            url=database_urls["app"], master_key=key, previous_master_key=previous, new_id=new_id, pool_size=1
        )

    both, alone, stranger = (
        opened(material, build.MASTER_KEY),
        opened(material),
        opened(secrets.token_bytes(32)),
    )
    try:
        assert name_of(both.work(work.lender_id), debtor_id) == "Maria Lopez"
        assert rewrap_keys(both.work(work.lender_id), both) == 2
        assert name_of(alone.work(work.lender_id), debtor_id) == "Maria Lopez"
        with pytest.raises(UnsealError):
            name_of(stranger.work(work.lender_id), debtor_id)
        back = opened(build.MASTER_KEY, material)
        assert rewrap_keys(back.work(work.lender_id), back) == 2, "put back for the other tests"
        back.engine.dispose()
    finally:
        for one in (both, alone, stranger):
            one.engine.dispose()


def test_shared_values_come_under_the_current_master_key(database):
    Town(database)
    assert reseal_shared(database) >= 1


def test_a_wrapped_key_opens_in_its_place_only():
    master, other = MasterKey(b"a" * 32), MasterKey(b"b" * 32)
    key = master.new_key(lender_id=7, key_id=1, purpose="seal")
    assert key.algorithm.startswith("HPKE-MLKEM768X25519")
    opened = master.unwrap(key, lender_id=7)
    assert len(opened) == 32
    assert MasterKey(b"b" * 32, previous=b"a" * 32).unwrap(key, lender_id=7) == opened
    for lender_id, one in ((8, master), (7, other)):
        with pytest.raises(UnsealError):
            one.unwrap(key, lender_id=lender_id)
    for at in (0, 600, len(key.wrapped) - 1):
        flipped = key.wrapped[:at] + bytes([key.wrapped[at] ^ 1]) + key.wrapped[at + 1 :]
        with pytest.raises(UnsealError):
            master.unwrap(type(key)(key.key_id, key.purpose, key.algorithm, flipped), lender_id=7)
