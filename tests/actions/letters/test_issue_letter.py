"""Letters about a real account: made once, told once, replaced by what is newer, checked by anybody."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest

from portal.actions.evidence.check_paper import check_code
from portal.actions.letters import gather
from portal.actions.letters.gather import CLOSINGS, Wish
from portal.actions.letters.issue_letter import Asked, Issued, NotIssued, issue_letter
from portal.actions.letters.print_letter import ask_for_print, print_letter
from portal.core.actors import DEBTOR
from portal.store import accounts, documents, ledger, lenders, letters, payments
from tests import build
from tests.actions.chain import a_chain, a_notice
from tests.actions.life.living import a_living
from tests.actions.life.test_consequences import signed_otherwise
from tests.actions.payments.test_record_payment import pay, tell
from tests.fakes import PressFake

HEAD = {"address": ["12 Harbor Street", "London"], "authority": ["BfJ", "Bonn"], "collects_for_others": True,
        "creditors": {"tamarind": {"name": "Tamarind Bank", "address": ["Ring 1", "Berlin"]}}}  # fmt: skip


@pytest.fixture
def chain(work, lender):
    return a_chain(work, lender)


def issue(
    chain, kind, *, now=None, language=None, debtor_id=None, only_first=False, is_printed=False, **wish
):
    return issue_letter(
        chain.work,
        wish=Wish(kind=kind, account_id=chain.account_id, **wish),
        asked=Asked(
            by=DEBTOR,
            base_url="https://portal.example/",
            debtor_id=debtor_id,
            language=language,
            only_first=only_first,
            is_printed=is_printed,
        ),
        now=now or chain.now,
    )


def give_letterhead(work, **head):
    with work.begin() as tx:
        lenders.save_settings(tx, lender_id=tx.lender_id, settings={"letterhead": HEAD | head})


def paid(chain, amount, **more):
    done = pay(chain, amount)
    with chain.work.read() as tx:
        payment = payments.find_payment(tx, payment_ref=done.payment_ref)
    tell(chain, a_notice(payment, **more))
    with chain.work.read() as tx:
        return payments.find_payment(tx, payment_id=payment.payment_id)


def words(work, letter):
    with work.read() as tx:
        content, html = letters.load_words(tx, letter_id=letter.letter_id)
    return json.loads(content), html


def told(chain, type_="letter.issued"):
    return [row for row in build.events_of(chain.work) if row.type == type_]


def figures(letter):
    return {row[0]: row[1].get("minor", row[1]) for one in letter["blocks"] for row in one.get("pairs", ())}


def test_a_receipt_tells_where_the_money_went_and_is_made_once(chain):
    payment = paid(chain, 10_000)
    first = issue(chain, "receipt", payment_ref=payment.payment_ref)
    again = issue(chain, "receipt", payment_ref=payment.payment_ref)
    assert (first.was_issued, again.was_issued) == (False, True)
    assert first.letter.letter_ref == again.letter.letter_ref
    letter, html = words(chain.work, first.letter)
    assert figures(letter)["receipt_number"] == {"words": payment.receipt_number}
    assert figures(letter)["receipt_balance"] == chain.account().balance_minor
    assert "Maria Lopez" in html
    (event,) = told(chain)
    assert event.payload == {
        "id": first.letter.letter_ref,
        "kind": "receipt",
        "digest": sha256(html.encode()).hexdigest(),
        "data_digest": first.letter.content_hash,
        "payment": payment.payment_ref,
    }
    assert "Lopez" not in json.dumps(event.payload)


def test_parallel_wishes_end_in_one_letter(chain):
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: issue(chain, "statement"), range(6)))
    assert len({one.letter.letter_id for one in made}) == 1
    assert len(told(chain)) == 1


def test_somebody_elses_account_and_payment_do_not_exist(chain, work, lender):
    other = a_chain(work, lender)
    payment = paid(other, 1_000)
    assert issue(chain, "statement", debtor_id=other.debtor_id) == NotIssued(reason="unknown")
    assert issue(chain, "receipt", payment_ref=payment.payment_ref) == NotIssued(reason="unknown")
    assert issue(chain, "receipt", payment_ref="pay_0") == NotIssued(reason="unknown")
    assert issue(replace(chain, account_id=chain.debtor_id), "statement") == NotIssued(reason="unknown")


def test_a_payment_that_has_not_come_has_no_receipt(chain):
    done = pay(chain, 1_000)
    assert issue(chain, "receipt", payment_ref=done.payment_ref) == NotIssued(reason="not_yet")


def test_a_quote_of_today_replaces_the_one_of_yesterday(chain, database):
    first = issue(chain, "payoff_quote").letter
    second = issue(chain, "payoff_quote", now=chain.now + timedelta(days=1)).letter
    assert (first.valid_until, second.valid_until) == (
        chain.today + timedelta(days=7), chain.today + timedelta(days=8)
    )  # fmt: skip
    letter, _html = words(chain.work, second)
    assert figures(letter)["payoff_until_amount"] == chain.account().balance_minor

    def answer(one, days=0):
        code = one.letter_ref[-12:]
        return check_code(database, code=code, today=chain.today + timedelta(days=days)).kind

    assert (answer(first), answer(second), answer(second, days=9)) == ("superseded", "genuine", "ended")


def test_with_a_plan_each_day_of_the_quote_has_its_amount(chain):
    chain.signed(interest_minor=3_000)
    letter, _html = words(chain.work, issue(chain, "payoff_quote").letter)
    (table,) = [one for one in letter["blocks"] if "table" in one]
    amounts = [row[1]["minor"] for row in table["rows"]]
    assert amounts == sorted(amounts)
    assert amounts[0] < amounts[-1]


def test_a_statement_covers_the_days_that_are_asked_for(chain):
    paid(chain, 10_000)
    letter, _html = words(chain.work, issue(chain, "statement").letter)
    (table,) = [one for one in letter["blocks"] if "table" in one]
    assert [row[1]["term"] for row in table["rows"]] == ["cause_payment"]
    assert figures(letter)["statement_closing"] == chain.account().balance_minor
    older = issue(chain, "statement", until=chain.today - timedelta(days=5))
    assert "statement_nothing" in json.dumps(words(chain.work, older.letter)[0])
    assert gather.STATEMENT_DAYS == 90


def test_all_paid_without_a_plan_is_confirmed_when_the_money_is_final(chain, database):
    assert issue(chain, CLOSINGS) == NotIssued(reason="not_yet")
    balance = chain.account().balance_minor
    paid(chain, balance)
    assert issue(chain, "settled") == NotIssued(reason="not_this")
    assert issue(chain, "payoff_quote") == NotIssued(reason="nothing_owed")
    done = issue(chain, CLOSINGS)
    letter, _html = words(chain.work, done.letter)
    assert (letter["kind"], figures(letter)["ending_paid"]) == ("paid_in_full", balance)
    assert issue(chain, "paid_in_full").letter.letter_id == done.letter.letter_id
    with chain.work.begin() as tx:
        accounts.move_account(tx, account_id=chain.account_id, before="settled", after="open", now=chain.now)
    code = done.letter.letter_ref[-12:]
    assert check_code(database, code=code, today=chain.today).kind == "withdrawn"


def test_a_debit_that_the_bank_may_take_back_waits(chain):
    payment = paid(chain, chain.account().balance_minor)
    with chain.work.begin() as tx:
        payments.save_gateway_words(tx, payment_id=payment.payment_id, method="sepa_debit")
    assert issue(chain, CLOSINGS) == NotIssued(reason="not_yet")
    assert isinstance(issue(chain, CLOSINGS, now=chain.now + timedelta(days=15)), Issued)


def test_a_settlement_says_what_was_forgiven(work, lender):
    plan = a_living(work, lender)
    signed_otherwise(plan, tranches=[[5_000, 2_000]])
    total = sum(row.amount_minor for row in plan.rows)
    plan.pay(total)
    letter, _html = words(work, issue(plan.chain, CLOSINGS).letter)
    assert letter["kind"] == "settled"
    with work.read() as tx:
        forgiven = ledger.book_totals(tx, account_id=plan.chain.account_id)["waived"]
    assert figures(letter)["settled_waived"] == forgiven > 0
    assert figures(letter)["ending_agreement"]["words"] == plan.agreement_ref[-12:].upper()


@pytest.mark.parametrize(
    ("country", "kind", "missing"),
    [("US", "validation_notice", ("address",)), ("DE", "itemization", ("address", "authority", "creditor"))],
)
def test_what_a_place_asks_for_waits_for_the_letterhead(work, lender, country, kind, missing):
    debtor_id = build.a_debtor(work, country=country, language="de" if country == "DE" else "en")
    account_id = build.an_account(work, creditor_id=lender.creditor_id, debtor_id=debtor_id)
    chain = replace(a_chain(work, lender), account_id=account_id, debtor_id=debtor_id)
    assert issue(chain, kind) == NotIssued(reason="not_here"), "it does not collect for others"
    give_letterhead(work, address=[], authority=[], creditors={})
    assert issue(chain, kind) == NotIssued(reason="incomplete", missing=missing)
    give_letterhead(work)
    letter, _html = words(work, issue(chain, kind).letter)
    assert letter["kind"] == kind
    assert letter["language"] == ("de" if country == "DE" else "en")
    (figures_, *_more) = [one for one in letter["blocks"] if "sum" in one]
    assert sum(row[2]["minor"] for row in figures_["sum"]) == chain.account().balance_minor


def test_in_france_every_later_letter_recalls_the_first(work, lender):
    debtor_id = build.a_debtor(work, country="FR", language="fr")
    account_id = build.an_account(work, creditor_id=lender.creditor_id, debtor_id=debtor_id)
    chain = replace(a_chain(work, lender), account_id=account_id, debtor_id=debtor_id)
    give_letterhead(work)
    first = issue(chain, "itemization").letter
    assert first.language == "fr"
    later, _html = words(work, issue(chain, "statement").letter)
    assert later["blocks"][0]["with"] == {
        "number": {"words": first.letter_ref[-12:].upper()}, "day": {"day": chain.today.isoformat()}
    }  # fmt: skip


def test_a_law_of_another_place_makes_no_letter(chain):
    give_letterhead(chain.work)
    assert issue(chain, "itemization") == NotIssued(reason="not_here")


def test_the_first_letter_stays_the_only_one(chain):
    give_letterhead(chain.work)
    first = issue(chain, "validation_notice", only_first=True).letter
    paid(chain, 1_000)
    assert issue(chain, "validation_notice", only_first=True).letter == first
    assert issue(chain, "validation_notice").letter.letter_id != first.letter_id


def test_the_language_is_the_debtors_unless_another_is_asked_for(work, lender):
    chain = replace(a_chain(work, lender), debtor_id=build.a_debtor(work, language="th"))
    account_id = build.an_account(work, creditor_id=lender.creditor_id, debtor_id=chain.debtor_id)
    chain = replace(chain, account_id=account_id)
    assert issue(chain, "statement").letter.language == "th"
    assert issue(chain, "statement", language="ar").letter.language == "ar"


def test_a_pdf_is_printed_sealed_and_told_once(chain, database):
    letter = issue(chain, "statement", is_printed=True).letter
    assert ask_for_print(chain.work, letter_ref=letter.letter_ref, now=chain.now).was_wanted
    assert ask_for_print(chain.work, letter_ref="ltr_0", now=chain.now).letter is None
    other = build.a_debtor(chain.work)
    foreign = ask_for_print(chain.work, letter_ref=letter.letter_ref, debtor_id=other, now=chain.now)
    assert foreign.letter is None
    press = PressFake()
    named = {"letter_ref": letter.letter_ref, "press": press, "now": chain.now}
    assert print_letter(chain.work, **named)
    assert not print_letter(chain.work, **named)
    (printed,) = press.printed
    content, html = words(chain.work, letter)
    assert (printed.article, json.loads(printed.letter_json)) == (html, content)
    assert printed.title == "Statement of your account"
    with chain.work.read() as tx:
        kept = letters.find_letter(tx, letter_id=letter.letter_id)
        pdf = documents.find_document(tx, document_id=kept.document_id)
        seal = documents.find_document(tx, document_id=kept.seal_id)
    (event,) = told(chain, "letter.printed")
    assert event.payload["digest"] == pdf.content_hash
    assert (pdf.kind, seal.kind) == ("letter", "letter_seal")
    for code in (letter.letter_ref, pdf.document_ref):
        answer = check_code(database, code=code[-12:], today=chain.today)
        assert (answer.kind, answer.paper) == ("genuine", "statement")


def test_another_lender_sees_nothing(chain, database):
    letter = issue(chain, "statement").letter
    stranger = database.work(build.a_lender(database).lender_id)
    with stranger.read() as tx:
        assert letters.find_letter(tx, letter_ref=letter.letter_ref) is None
        assert letters.list_letters(tx, account_id=chain.account_id) == []
