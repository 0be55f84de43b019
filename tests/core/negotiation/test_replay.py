"""I7: an answer made again from its record is equal byte by byte, in another process with another hash seed too."""

import json
import os
import subprocess
import sys

import pytest

from portal.core.errors import NegotiationError
from portal.core.negotiation.answer import Ask, History, answer
from portal.core.negotiation.audit import chained
from portal.core.negotiation.replay import record_of, replay
from tests.core.negotiation.helpers import BOUNDS, DOCUMENT, random_facts

PROGRAM = """
import json, sys
from portal.core.negotiation.replay import replay
print(replay(json.load(sys.stdin)).found_hash)
"""


def a_record(seed):
    facts = random_facts(seed)
    history = History(asks=1, firm=answer(facts=facts, bounds=BOUNDS).offers)
    ask = Ask(pay_minor=facts.balance_minor // 45, waiver_bp=3_000)
    found = answer(facts=facts, bounds=BOUNDS, ask=ask, history=history)
    record = record_of(facts=facts, document=DOCUMENT, found=found, history=history, ask=ask)
    return json.loads(json.dumps(record))


@pytest.mark.parametrize("seed", range(4))
def test_a_record_replays_byte_by_byte(seed):
    done = replay(a_record(seed))
    assert done.is_equal
    assert done.differences == ()


def test_two_processes_with_two_hash_seeds_agree():
    record = a_record(1)
    hashes = set()
    for hash_seed in ("1", "2"):
        env = {**os.environ, "PYTHONHASHSEED": hash_seed}
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM],
            input=json.dumps(record),
            capture_output=True,
            text=True,
            env=env,
            check=True,
        )
        hashes.add(done.stdout.strip())
    assert hashes == {replay(record).expected_hash}


def test_a_changed_record_is_seen():
    record = a_record(2)
    record["answer"]["offers"][0]["plan"]["total"] += 1
    done = replay(record)
    assert not done.is_equal
    assert done.differences == ("offers",)
    with pytest.raises(NegotiationError):
        replay({"facts": record["facts"]})


def test_rows_of_a_case_are_chained_by_their_hashes():
    facts = random_facts(3)
    one = answer(facts=facts, bounds=BOUNDS).audit
    other = chained(answer(facts=facts, bounds=BOUNDS, ask=Ask(pay_minor=9_000)).audit, one.hash)
    assert other.prev_hash == one.hash
    assert len({one.hash, other.hash, chained(other, "").hash}) == 3
