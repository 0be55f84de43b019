"""Letters that come by themselves: closing an account, a step of a course, what a place asks for first; each once."""

import json
from types import SimpleNamespace

import pytest
from sqlalchemy import insert

from portal.actions.contact.stop_messages import stop_messages
from portal.actions.links.send_link import send_link
from portal.actions.training.verify_milestone import Confirmation, Verified, verify_milestone
from portal.core.messages import telling_words
from portal.gateways.clock import FrozenClock
from portal.jobs import letters as jobs
from portal.jobs.house import House
from portal.settings import Settings
from portal.store import letters, messages
from portal.store.tables.agreements import agreement_accounts
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


def notices(chain):
    with chain.work.read() as tx:
        found = messages.list_messages_of(tx, debtor_id=chain.debtor_id, limit=9)
    return [one for one in found if one.template == "letter_ready"]


def close(chain, context):
    paid(chain, chain.account().balance_minor)
    for _ in range(2):
        jobs.issue_closing_letter(context, lender_id=chain.work.lender_id, account_id=chain.account_id.hex)
    assert kinds(chain) == ["paid_in_full"]


def test_a_letter_is_announced_once_by_a_link_that_says_nothing_and_waits_for_the_morning(chain, context):
    close(chain, context)
    (notice,) = notices(chain)
    assert notice.due_at > build.NOW, "half past four at the debtor's place"
    told = [event for event in build.events_of(chain.work) if event.type == "message.queued"][-1]
    assert told.payload["template"] == "letter_ready"
    with chain.work.read() as tx:
        body = messages.load_letter(tx, message_id=notice.message_id).body
    assert telling_words(body) == []
    assert "/l/" in body


def test_who_wants_no_messages_gets_none_and_the_letter_is_there(chain, context):
    stop_messages(chain.work, debtor_id=chain.debtor_id, source="portal", now=build.NOW)
    close(chain, context)
    assert notices(chain) == []
    (told,) = [event for event in build.events_of(chain.work) if event.type == "message.suppressed"]
    assert told.payload["template"] == "letter_ready"


def test_a_plan_over_two_accounts_names_both(chain, context, lender):
    plan = chain.signed()
    other = build.an_account(
        chain.work, creditor_id=lender.creditor_id, debtor_id=chain.debtor_id, account_ref="AC-OTHER"
    )
    with chain.work.begin() as tx:
        values = {"lender_id": tx.lender_id, "agreement_id": plan.agreement_id, "account_id": other}
        tx.execute(insert(agreement_accounts).values(**values))
    close(chain, context)
    with chain.work.read() as tx:
        (letter,) = letters.list_letters(tx, account_id=chain.account_id)
        content, html = letters.load_words(tx, letter_id=letter.letter_id)
    (table,) = [one for one in json.loads(content)["blocks"] if one.get("table") == "plan_accounts"]
    assert [row[0]["words"] for row in table["rows"]] == sorted([chain.account().account_ref, "AC-OTHER"])
    assert "AC-OTHER" in html


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
