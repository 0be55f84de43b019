"""The walk over a log in the database: a row altered behind the portal's back is found at its place and named."""

import os
import random

import pytest
from sqlalchemy import create_engine, text

from portal.actions.evidence import seal_log as sealing_action
from portal.actions.evidence.audit_log import audit_log, split_notes
from portal.core.errors import EvidenceError
from portal.gateways.log_keys import is_signed_by
from portal.store import sealing

COUNT = 330


@pytest.fixture
def owner(database_urls, lender):
    """A connection of the schema's owner, who may alter what the app may not, in a transaction that is undone."""
    engine = create_engine(database_urls["owner"].replace("postgresql://", "postgresql+psycopg://", 1))
    yield engine
    engine.dispose()


@pytest.fixture
def grown(log, monkeypatch):
    monkeypatch.setattr(sealing_action, "BATCH_MAX", 150)
    log.tell(COUNT)
    while log.seal():
        pass
    return log


def walk(work, **more):
    return audit_log(work, check=is_signed_by, **more)


def alter(owner, work, statement, **values):
    """Run a statement as the owner, look at the log, and put it back by the second statement."""
    with owner.begin() as connection:
        connection.execute(text(f"SET LOCAL app.lender_id = '{work.lender_id}'"))
        assert connection.execute(text(statement), {"lender": work.lender_id, **values}).rowcount >= 1, (
            statement
        )


EVENT = "WHERE lender_id = :lender AND id = (SELECT event_id FROM leaves WHERE lender_id = :lender AND position = :at)"
PLACE = "WHERE lender_id = :lender AND position = :at"
MUTATIONS = {
    "event type": (f"UPDATE events SET type = type || 'x' {EVENT}", f"UPDATE events SET type = left(type, -1) {EVENT}"),
    "event payload": (
        f"UPDATE events SET payload = payload || '{{\"z\": 1}}' {EVENT}",
        f"UPDATE events SET payload = payload - 'z' {EVENT}",
    ),
    "event time": (
        f"UPDATE events SET occurred_at = occurred_at + interval '1 microsecond' {EVENT}",
        f"UPDATE events SET occurred_at = occurred_at - interval '1 microsecond' {EVENT}",
    ),
    "event debtor": (
        f"UPDATE events SET debtor_ref = 'dbt_x' {EVENT}", f"UPDATE events SET debtor_ref = NULL {EVENT}",
    ),
    "salt": (f"UPDATE sealed_leaves SET salt = set_byte(salt, 3, get_byte(salt, 3) # 1) {PLACE}",) * 2,
    "kept hash": (
        f"UPDATE sealed_leaves SET leaf_hash = set_byte(leaf_hash, 3, get_byte(leaf_hash, 3) # 1) {PLACE}",
    ) * 2,
}  # fmt: skip


def test_a_whole_log_has_no_fault(grown, work):
    found = walk(work)
    assert found.finding is None
    assert found.size >= COUNT
    assert found.heads >= 3


def test_nothing_sealed_yet_is_no_fault(work):
    assert walk(work).size == 0


@pytest.mark.parametrize("how", MUTATIONS)
def test_random_rows_altered_in_the_database_are_found(grown, work, owner, how):
    seed = int(os.environ.get("PORTAL_SEED", "20261202"))
    chance = random.Random(f"{seed}{how}")
    for _ in range(10):
        at = chance.randint(1, COUNT)
        there, back = MUTATIONS[how]
        alter(owner, work, there, at=at)
        finding = walk(work).finding
        alter(owner, work, back, at=at)
        assert finding is not None, f"seed {seed}: {how} at {at}"
        assert finding.index == at - 1, f"seed {seed}: {how} at {at}"
        assert finding.part == ("kept hash" if how == "kept hash" else "event")
    assert walk(work).finding is None


def test_tiles_heads_and_keys_altered_in_the_database_are_named(grown, work, owner):
    flip = "set_byte({0}, 7, get_byte({0}, 7) # 1)"
    for table, column, part in (
        ("tiles", "hashes", "tile"),
        ("tiles", "root", "tile"),
        ("checkpoints", "root", "checkpoint"),
        ("log_keys", "public_key", "checkpoint"),
    ):
        change = f"UPDATE {table} SET {column} = {flip.format(column)} WHERE lender_id = :lender"
        alter(owner, work, change)
        assert walk(work).finding.part == part, (table, column)
        alter(owner, work, change)
    later = "UPDATE checkpoints SET sealed_at = sealed_at + interval '{} s' WHERE lender_id = :lender AND size = 150"
    alter(owner, work, later.format(1))
    finding = walk(work).finding
    assert (finding.part, finding.index) == ("checkpoint", 149)
    alter(owner, work, later.format(-1))
    assert walk(work).finding is None


def test_a_log_that_was_cut_off_contradicts_what_the_lender_was_told(grown, work, owner):
    with work.read() as tx:
        told = [one.note for one in sealing.list_checkpoints(tx, after=0, limit=9)]
    assert walk(work, witnessed=split_notes("".join(told))).finding is None
    for table, column in (("checkpoints", "size"), ("sealed_leaves", "position")):
        alter(owner, work, f"DELETE FROM {table} WHERE lender_id = :lender AND {column} > 300")
    assert walk(work).finding is None, "what is left is whole"
    finding = walk(work, witnessed=told).finding
    assert finding.part == "log"
    assert "shrank" in finding.detail
    alter(owner, work, "DELETE FROM checkpoints WHERE lender_id = :lender AND size > 150")
    finding = walk(work).finding
    assert (finding.part, finding.index) == ("checkpoint", 150)


def test_the_app_itself_may_not_alter_what_is_sealed(grown, work):
    for statement in (
        "UPDATE sealed_leaves SET salt = ''", "DELETE FROM sealed_leaves", "UPDATE tiles SET root = ''",
        "DELETE FROM checkpoints", "UPDATE leaves SET position = position + 1", "DELETE FROM leaves",
        "DELETE FROM log_keys",
        "UPDATE time_stamps SET token = ''",
    ):  # fmt: skip
        with pytest.raises(Exception, match="permission denied"), work.begin() as tx:
            tx.execute(text(statement))


def test_a_file_of_checkpoints_is_read_or_refused(grown, work):
    with work.read() as tx:
        told = [one.note for one in sealing.list_checkpoints(tx, after=0, limit=9)]
    assert split_notes("\n".join(told)) == told
    for text_ in ("", "nonsense\n", told[0][:-30]):
        with pytest.raises(EvidenceError):
            split_notes(text_)
