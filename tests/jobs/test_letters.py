"""Letters that come by themselves: closing an account, a step of a course, what a place asks for first; each once."""

from types import SimpleNamespace

import pytest

from portal.actions.links.send_link import send_link
from portal.actions.training.verify_milestone import Confirmation, Verified, verify_milestone
from portal.gateways.clock import FrozenClock
from portal.jobs import letters as jobs
from portal.jobs.house import House
from portal.settings import Settings
from portal.store import letters
from tests import build
from tests.actions.chain import a_chain
from tests.actions.letters.test_issue_letter import give_letterhead, paid
from tests.fakes import SmsFake
from tests.guests import a_learner, a_trainer
from tests.jobs.killing import environment
from tests.store.test_jobs import waiting


@pytest.fixture
def context(database, database_urls):
    settings = Settings.from_environment(environment(database_urls))
    house = House(settings=settings, database=database, clock=FrozenClock(build.NOW))
    return SimpleNamespace(additional_context={"house": house})


@pytest.fixture
def chain(work, lender):
    return a_chain(work, lender)


def waiting_jobs(urls, task, **args):
    """Count the jobs of a task that carry these arguments."""
    return sum(args.items() <= row[3].items() for row in waiting(urls, task))


def kinds(chain):
    with chain.work.read() as tx:
        return [one.kind for one in letters.list_letters(tx, account_id=chain.account_id)]


def test_the_last_payment_brings_the_letter_once(chain, context, database_urls):
    named = {"lender_id": chain.work.lender_id, "account_id": chain.account_id.hex}
    jobs.issue_closing_letter(context, **named)
    assert kinds(chain) == []
    paid(chain, chain.account().balance_minor)
    assert waiting_jobs(database_urls, "issue_closing_letter", **named) == 1
    for _ in range(2):
        jobs.issue_closing_letter(context, **named)
    assert kinds(chain) == ["paid_in_full"]
    with chain.work.read() as tx:
        (letter,) = letters.list_letters(tx, account_id=chain.account_id)
    assert waiting_jobs(database_urls, "print_letter", letter_ref=letter.letter_ref) == 1


def test_a_part_of_the_debt_brings_none(chain, database_urls):
    paid(chain, 1_000)
    assert waiting_jobs(database_urls, "issue_closing_letter", account_id=chain.account_id.hex) == 0


def test_the_first_message_brings_what_the_place_asks_for(chain, context, database_urls):
    send_link(
        chain.work, debtor_id=chain.debtor_id, now=chain.now, sms=SmsFake(), base_url="https://portal.example"
    )
    named = {"lender_id": chain.work.lender_id, "debtor_id": chain.debtor_id.hex}
    assert waiting_jobs(database_urls, "issue_first_letters", **named) == 1
    jobs.issue_first_letters(context, **named)
    assert kinds(chain) == [], "the letterhead is not complete"
    give_letterhead(chain.work)
    for _ in range(2):
        jobs.issue_first_letters(context, **named)
    assert kinds(chain) == ["validation_notice"]
    with chain.work.read() as tx:
        assert letters.list_letters(tx, account_id=chain.account_id)[0].print_asked_at is None


def test_a_confirmed_step_brings_its_letter_once(work, lender, database, context, database_urls):
    trainer = a_trainer(database)
    learner = a_learner(work, lender, trainer)
    step = learner.plan.milestones[0].kind
    said = Confirmation(code=learner.code, milestone=step, on=build.NOW.date(), evidence="provider_portal")
    assert verify_milestone(
        database, provider_id=trainer.house_id, confirmation=said, now=build.NOW
    ) == Verified(was_verified=False)
    named = {"account_id": learner.chain.account_id.hex, "milestone": step}
    assert waiting_jobs(database_urls, "issue_milestone_letter", **named) == 1
    for _ in range(2):
        jobs.issue_milestone_letter(context, lender_id=work.lender_id, **named)
    assert kinds(learner.chain) == ["milestone"]


def test_a_step_of_nobody_brings_none(chain, context):
    jobs.issue_milestone_letter(
        context, lender_id=chain.work.lender_id, account_id=chain.account_id.hex, milestone="certified"
    )
    assert kinds(chain) == []
