"""Committed events are sealed: once, in order, whoever is interrupted, and the lender hears the signed head."""

import threading
from datetime import timedelta

import pytest

from portal.actions.evidence import seal_log as sealing_action
from portal.actions.evidence.seal_log import seal_log
from portal.core.evidence import tiles
from portal.core.evidence.audit import hash_event
from portal.core.evidence.checkpoint import LogKey, origin_of, read_head
from portal.core.evidence.tree import root
from portal.core.evidence.verify import check_note
from portal.gateways.log_keys import is_signed_by, make_key_pairs
from portal.store import log_keys, sealing
from tests import build


def sealed_hashes(work, size):
    with work.read() as tx:
        found = sealing.load_events(tx, positions=range(1, size + 1))
    assert sorted(found) == list(range(1, size + 1))
    assert all(hash_event(event, kept.salt) == kept.leaf_hash for event, kept in found.values())
    return [found[position][1].leaf_hash for position in range(1, size + 1)]


def newest(work):
    with work.read() as tx:
        return sealing.find_newest_checkpoint(tx)


def keys_of(work, lender):
    with work.read() as tx:
        name = origin_of(lender.slug)
        return [
            LogKey(name=name, algorithm=one.algorithm, public=one.public_key)
            for one in log_keys.list_log_keys(tx)
        ]


def test_a_checkpoint_is_signed_by_both_and_told(log, work, lender):
    log.tell(3)
    sealed = log.seal()
    assert (sealed.size, sealed.added) == (3, 3)
    kept = newest(work)
    assert kept.root == root(sealed_hashes(work, 3))
    head, faults = check_note(kept.note, keys=keys_of(work, lender), check=is_signed_by)
    assert faults == ()
    assert (head.origin, head.size, head.root, head.at) == (
        f"portal/{lender.slug}/events",
        3,
        kept.root,
        log.now,
    )
    told = build.events_of(work)[-1]
    assert told.type == "evidence.checkpointed"
    assert told.payload["signed"] == kept.note
    assert told.payload["signed_by"] == ["ed25519", "ml-dsa-65"]
    assert told.payload["root"] == kept.root.hex()


def test_a_told_checkpoint_waits_for_the_next_other_event(log, work):
    log.tell()
    assert log.seal().size == 1
    assert log.seal() is None
    log.tell()
    assert log.seal().size == 3
    assert build.events_of(work)[-1].payload["previous_size"] == 1


def test_within_a_minute_only_a_thousand_events_are_due(log, work, monkeypatch):
    monkeypatch.setattr(sealing_action, "WAITING_MAX", 10)
    log.tell()
    log.seal()
    log.tell(8)
    soon = log.now + timedelta(seconds=59)
    assert seal_log(work, make_keys=make_key_pairs, now=soon) is None
    log.tell(1)
    assert seal_log(work, make_keys=make_key_pairs, now=soon).size == 11
    log.tell(1)
    assert seal_log(work, make_keys=make_key_pairs, now=soon - timedelta(days=3)).size == 13, (
        "a clock set back"
    )


def test_tiles_grow_with_the_log_and_proofs_come_from_them(log, work, monkeypatch):
    monkeypatch.setattr(sealing_action, "BATCH_MAX", 300)
    log.tell(700)
    while log.seal():
        pass
    size = newest(work).size
    hashes = sealed_hashes(work, size)
    assert size == 702, "two checkpoints were told meanwhile"
    with work.read() as tx:
        assert sealing.count_tiles(tx, level=0) == 2
        assert sealing.find_tile(tx, level=0, number=1).root == root(hashes[256:512])
        for index in (0, 255, 256, 511, 512, 701):
            spans = tiles.inclusion_spans(index=index, size=size)
            nodes = sealing.load_nodes(tx, [node for span in spans for node in span])
            assert tiles.proof(spans, nodes)
        heads = sealing.list_checkpoints(tx, after=0, limit=10)
    assert [one.size for one in heads] == [300, 600, 702]
    assert [one.root for one in heads] == [root(hashes[: one.size]) for one in heads]
    assert [read_head(one.note.partition("\n\n")[0] + "\n").size for one in heads] == [300, 600, 702]


def test_a_seal_that_dies_leaves_nothing_and_the_next_goes_on(log, work, monkeypatch):
    log.tell(5)
    with monkeypatch.context() as broken:
        broken.setattr(sealing, "save_checkpoint", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            log.seal()
    assert newest(work) is None
    with work.read() as tx:
        assert sealing.list_sealed(tx, after=0, limit=9) == []
        assert log_keys.list_log_keys(tx) == []
    assert log.seal().size == 5


def test_many_sealers_at_once_seal_each_event_once(log, work):
    log.tell(40)
    log.now += timedelta(minutes=2)
    answers = []

    def run():
        answers.append(seal_log(work, make_keys=make_key_pairs, now=log.now))

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.added for one in answers if one) == [40]
    assert newest(work).size == 40
    assert len(sealed_hashes(work, 40)) == 40
