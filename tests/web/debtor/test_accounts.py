from datetime import timedelta

from portal.store import accounts, lenders
from tests import build
from tests.web.debtor.conftest import words_of


def test_the_lines_add_up_on_the_page(phone, door):
    phone.enter()
    page = words_of(phone.get(phone.account))
    assert "Today you owe Tamarind $1,416.40" in page
    for words in ("Amount borrowed, still to pay", "$1,200.00", "+ $186.40", "+ $30.00", "Total today"):
        assert words in page.replace("\N{NO-BREAK SPACE}", " ")
    assert "You borrowed $1,500.00 on March 5, 2024" in page
    assert "18% a year" in page
    assert "Counted on December 1, 2026" in page
    assert door.told().count("account.viewed") == 1
    phone.get(phone.account)
    assert door.told().count("account.viewed") == 1


def test_one_account_is_shown_at_once_several_as_a_list(phone, door, lender):
    phone.enter()
    assert phone.get("/me").location == phone.account
    build.an_account(door.work, creditor_id=lender.creditor_id, debtor_id=door.debtor_id, currency="THB")
    page = words_of(phone.get("/me"))
    assert "You have 2 accounts with us" in page
    assert "$1,416.40 to pay" in page
    assert "1,416.40" in page


def test_nothing_open_is_no_dead_end(phone, door):
    phone.enter()
    with door.work.begin() as tx:
        accounts.move_account(tx, account_id=door.account_id, before="open", after="recalled", now=door.now)
    page = words_of(phone.get("/me"))
    assert "Nothing is open" in page
    assert phone.get(phone.account).status_code == 404


def test_an_old_figure_says_so(phone, door, clock):
    clock.move(timedelta(days=2))
    door.wait(days=2)
    phone.enter()
    assert "A newer figure is on its way" in words_of(phone.get(phone.account))


def test_the_first_visit_reads_the_rights_the_second_does_not(phone, door):
    phone.open()
    assert phone.verify().location == "/me/rights"
    page = words_of(phone.get("/me/rights"))
    assert "You have at least 30 days" in page
    assert "Tamarind wrote to you about money" in page
    assert door.told("rights.viewed") == [{"pack": "us-2026-11-24", "language": "en"}]


def test_free_help_shows_numbers_only_when_somebody_checked_them(phone, work):
    phone.enter()
    page = words_of(phone.get("/free-help"))
    assert "National Foundation for Credit Counseling" in page
    assert "1-800-388-2227" not in page
    with work.begin() as tx:
        lenders.save_settings(tx, lender_id=tx.lender_id, settings={"confirmed_facts": ["US.advice"]})
    assert "1-800-388-2227" in words_of(phone.get("/free-help"))


def test_every_page_has_the_help_shelf(phone, door):
    phone.enter()
    for path in ("/me/rights", phone.account, phone.account + "/help", "/free-help", "/me/settings"):
        page = phone.get(path).get_data(as_text=True)
        for way in ("/me/talk", "/free-help", "/cannot-pay", "/something-wrong"):
            assert f'href="{way}"' in page, (path, way)
            assert phone.client.get(way).status_code in (200, 303)


def test_the_lenders_names_stand_in_their_own_order(phone, work, door):
    with work.begin() as tx:
        creditor_id = lenders.save_creditor(tx, creditor_ref="s", brand_name="<b>شركة</b> & Co", now=door.now)
    build.an_account(work, creditor_id=creditor_id, debtor_id=door.debtor_id)
    phone.enter()
    page = phone.get("/me").get_data(as_text=True)
    assert "<bdi>&lt;b&gt;شركة&lt;/b&gt; &amp; Co</bdi>" in page
