"""Promise 8: however many guesses, few are looked at; and nobody can tell a wrong answer from an unknown fact."""

import statistics
import time
from datetime import date, timedelta
from functools import partial

import pytest

from portal.actions.links.view_link import view_link
from portal.store.tables.debtors import debtors
from portal.store.tables.identity import links
from tests.actions.door import Door

BIRTH_DATES = [(date(1926, 1, 1) + timedelta(days=day)).isoformat() for day in range(36_500)]


def guess(door, answers):
    session = door.enter()
    return [door.answer(session, text).kind for text in answers]


def test_a_sample_of_guesses_on_one_link(door):
    kinds = guess(door, BIRTH_DATES[:300])
    assert kinds.count("mismatch") + 1 == len(door.told("identity.failed")) == 5
    assert set(kinds[5:]) == {"locked"}


@pytest.mark.long
@pytest.mark.fault
def test_every_birth_date_of_a_century_on_one_link(door):
    kinds = guess(door, [text for text in BIRTH_DATES if text != "1986-11-17"])
    assert "verified" not in kinds
    assert len(door.told("identity.failed")) == 5


@pytest.mark.long
@pytest.mark.fault
def test_a_hundred_over_all_links_for_ever(door):
    evaluated = 0
    for number in range(30):
        door.wait(hours=1)
        evaluated += guess(door, BIRTH_DATES[number * 6 : number * 6 + 6]).count("mismatch")
    assert len(door.told("identity.failed")) == 100
    assert evaluated <= 100


def timed(act):
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def distance(one, other):
    """Give the Kolmogorov-Smirnov distance of two samples."""
    points = sorted(one + other)
    return max(
        abs(sum(x <= p for x in one) / len(one) - sum(x <= p for x in other) / len(other)) for p in points
    )


@pytest.mark.long
@pytest.mark.fault
def test_wrong_and_unknown_take_the_same_time(work, lender):
    known = Door(work=work, creditor_id=lender.creditor_id)
    unknown = Door(work=work, creditor_id=lender.creditor_id, person={"birth_date": None, "id_last4": None})
    samples = {id(known): [], id(unknown): []}
    tries = 4
    for _ in range(250):
        sessions = {}
        for door in (known, unknown):
            door.wait(hours=1)
            sessions[id(door)] = door.enter()
            forget_wrong_answers(door)
        for number in range(tries):
            for door in (known, unknown) if number % 2 else (unknown, known):
                samples[id(door)].append(timed(partial(door.answer, sessions[id(door)], "1990-01-01")))
    one, other = samples.values()
    assert len(one) == len(other) == 1000
    assert distance(one, other) < 1.63 * (2 / 1000) ** 0.5  # p > 0.01


def forget_wrong_answers(door):
    with door.work.begin() as tx:
        tx.execute(
            debtors.update()
            .where(debtors.c.lender_id == tx.lender_id, debtors.c.debtor_id == door.debtor_id)
            .values(identity_tries=0)
        )


@pytest.mark.long
@pytest.mark.fault
def test_dead_links_take_the_same_time(door, database):
    door.send()
    expired = door.sms.last_token
    door.send()
    revoked = door.sms.last_token
    with door.work.begin() as tx:
        tx.execute(
            links.update()
            .where(links.c.lender_id == tx.lender_id, links.c.link_id == door.link_of(revoked).link_id)
            .values(state="revoked")
        )
    door.wait(hours=73)
    times = {"expired": [], "revoked": [], "unknown": []}
    tokens = {"expired": expired, "revoked": revoked, "unknown": "d" * 26}
    for _ in range(400):
        for name, token in tokens.items():
            times[name].append(timed(partial(view_link, database, token=token, now=door.now)))
    medians = {name: statistics.median(sample) for name, sample in times.items()}
    spread = statistics.quantiles(times["expired"], n=20)[-1]
    assert max(medians.values()) - min(medians.values()) < spread
