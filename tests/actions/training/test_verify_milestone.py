import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from portal.actions.training.end_course import report_leaving, stop_course
from portal.actions.training.miss_milestone import miss_milestone
from portal.actions.training.verify_milestone import (
    UNKNOWN,
    Confirmation,
    Letter,
    NotVerified,
    Verified,
    verify_milestone,
)
from portal.store import agreements, ledger
from tests import build
from tests.guests import a_learner, a_trainer


@pytest.fixture
def trainer(database):
    return a_trainer(database)


@pytest.fixture
def learner(work, lender, trainer):
    return a_learner(work, lender, trainer)


@pytest.fixture
def confirm(database, trainer, learner):
    def act(milestone, *, code=None, on=None, now=build.NOW, provider_id=None, letter=None):
        said = Confirmation(
            code=code or learner.code,
            milestone=milestone,
            on=on or now.date(),
            evidence="provider_portal",
            letter=letter,
        )
        return verify_milestone(
            database, provider_id=provider_id or trainer.house_id, confirmation=said, now=now
        )

    return act


def rows_of(learner):
    with learner.work.read() as tx:
        return agreements.list_installments(tx, agreement_id=learner.agreement.agreement_id)


def totals_of(learner):
    with learner.work.read() as tx:
        return ledger.book_totals(tx, account_id=learner.chain.account_id)


def told(learner):
    return [
        row.type for row in build.events_of(learner.work, account_ref=learner.chain.account().account_ref)
    ]


def test_each_confirmed_step_lowers_what_is_left_by_exactly_its_worth(learner, confirm):
    start, owed = sum(row.amount_minor for row in rows_of(learner)), learner.chain.account().balance_minor
    worth = 0
    for kind in dict.fromkeys(step.kind for step in learner.plan.milestones):
        assert confirm(kind) == Verified(was_verified=False)
        worth += learner.worth(kind)
        rows = rows_of(learner)
        assert sum(row.amount_minor for row in rows) == start - worth
        # What new terms take off stays owed until the plan is paid.
        left = learner.chain.account().balance_minor - learner.plan.waived.total
        assert sum(row.principal_minor for row in rows) == left
    assert worth > 0
    books = totals_of(learner)
    assert sum(books.values()) == 0
    assert books["waived"] == owed - learner.chain.account().balance_minor > 0
    assert learner.state() == "completed"
    types = told(learner)
    assert types.count("training.enrolled") == types.count("training.ended") == 1
    assert "waiver.vested" in types
    assert types.count("training.reward_vested") == sum(1 for one in learner.plan.milestones if one.worth)


def test_a_repeated_confirmation_changes_nothing(learner, confirm):
    kind = learner.plan.milestones[0].kind
    confirm(kind)
    before, types = rows_of(learner), told(learner)
    assert confirm(kind) == Verified(was_verified=True)
    assert (rows_of(learner), told(learner)) == (before, types)


@pytest.mark.parametrize("same_id", [True, False])
def test_parallel_confirmations_end_in_one_reward(learner, confirm, same_id):
    kind = next(one.kind for one in learner.plan.milestones if one.worth)
    start = sum(row.amount_minor for row in rows_of(learner))

    def once(_):
        outside_id = "msg_1" if same_id else f"msg_{secrets.token_hex(6)}"
        return confirm(kind, letter=Letter(outside_id=outside_id, body=b"{}"))

    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(once, range(12)))
    assert sorted(one.was_verified for one in done) == [False] + [True] * 11
    assert sum(row.amount_minor for row in rows_of(learner)) == start - learner.worth(kind)
    assert told(learner).count("training.milestone_verified") == 1


def test_a_later_step_also_says_that_the_learner_has_started(learner, confirm):
    confirm(learner.plan.milestones[-1].kind)
    assert learner.state() == "enrolled"
    assert told(learner).count("training.enrolled") == 1


def test_a_code_of_nobody_and_of_another_provider_answer_alike(database, learner, confirm):
    other = a_trainer(database)
    assert confirm("enrolled", provider_id=other.house_id) == UNKNOWN
    for code in ("a" * 26, "", "x", "\x00", "' OR 1=1", "é" * 26):
        assert confirm("enrolled", code=code or "-") == UNKNOWN
    assert learner.state() == "chosen"


def test_steps_that_are_none_come_too_late_or_have_not_come_are_refused(learner, confirm):
    step = learner.plan.milestones[0]
    late = step.due_by + timedelta(days=8)
    assert confirm("graduated") == NotVerified(reason="no_step")
    assert confirm(step.kind, on=late) == NotVerified(reason="to_come")
    day = build.NOW.replace(year=late.year, month=late.month, day=late.day)
    assert confirm(step.kind, on=late, now=day) == NotVerified(reason="late")
    assert confirm(step.kind, on=step.due_by, now=day) == Verified(was_verified=False)


def test_a_missed_step_changes_nothing_that_is_owed_and_can_still_be_proved(learner, confirm):
    rows, step = rows_of(learner), learner.plan.milestones[0]
    after = build.NOW + (step.due_by - build.NOW.date()) + timedelta(days=8)
    while miss_milestone(learner.work, now=after):
        pass
    assert {one.state for one in learner.steps() if one.kind == step.kind} == {"missed"}
    assert rows_of(learner) == rows
    assert told(learner).count("training.milestone_missed") == 1
    assert confirm(step.kind, on=step.due_by, now=after) == Verified(was_verified=False)


@pytest.mark.parametrize("who", ["debtor", "provider"])
def test_leaving_keeps_what_was_taken_off_and_nothing_is_added(database, learner, trainer, confirm, who):
    kind = learner.plan.milestones[0].kind
    confirm(kind)
    rows = rows_of(learner)
    if who == "debtor":
        named = {"agreement_ref": learner.agreement.agreement_ref, "now": build.NOW}
        assert stop_course(learner.work, debtor_id=learner.chain.debtor_id, **named)
        assert stop_course(learner.work, debtor_id=learner.chain.debtor_id, **named)
        assert not stop_course(learner.work, debtor_id=build.a_debtor(learner.work), **named)
    else:
        assert report_leaving(database, provider_id=trainer.house_id, code=learner.code, now=build.NOW)
        assert not report_leaving(
            database, provider_id=a_trainer(database).house_id, code=learner.code, now=build.NOW
        )
    assert learner.state() == "ended"
    assert rows_of(learner) == rows
    assert confirm(learner.plan.milestones[-1].kind) == NotVerified(reason="ended")
    assert told(learner).count("training.ended") == 1
