import time
from uuid import RFC_4122

from portal.gateways.ids import new_id


def test_ids_are_uuid_version_7_with_the_time_first():
    before = time.time_ns() // 1_000_000
    made = new_id()
    after = time.time_ns() // 1_000_000
    assert (made.version, made.variant) == (7, RFC_4122)
    assert before <= made.int >> 80 <= after


def test_ids_differ_and_later_ones_sort_later():
    assert len({new_id() for _ in range(10_000)}) == 10_000
    first = new_id()
    time.sleep(0.003)
    assert first < new_id()


def test_ids_of_one_process_sort_as_they_were_made_even_when_the_clock_steps_back(monkeypatch):
    made = [new_id() for _ in range(5_000)]
    assert made == sorted(made)
    now = time.time_ns()
    monkeypatch.setattr(time, "time_ns", lambda: now - 10**9)
    made.append(new_id())
    assert made[-1] > made[-2]
