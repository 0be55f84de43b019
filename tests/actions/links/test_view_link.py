from portal.actions.links.view_link import locate_link, view_link
from portal.store import lenders
from tests.actions.door import DAY, Door


def test_a_token_leads_to_its_lender_only(door, database):
    door.send()
    assert locate_link(database, token=door.sms.last_token).lender_id == door.work.lender_id
    assert locate_link(database, token="z" * 26) is None
    assert locate_link(database, token="") is None


def test_the_lenders_choice_of_fact(work, lender, database):
    with work.begin() as tx:
        lenders.save_settings(tx, lender_id=tx.lender_id, settings={"identity_fact": "id_last4"})
    door = Door(work=work, creditor_id=lender.creditor_id)
    door.send()
    assert view_link(database, token=door.sms.last_token, now=door.now).fact == "id_last4"


def test_a_telling_name_is_not_shown(work, database):
    with work.begin() as tx:
        creditor_id = lenders.save_creditor(tx, creditor_ref="y", brand_name="Quick Loans", now=DAY)
    door = Door(work=work, creditor_id=creditor_id)
    door.send()
    assert view_link(database, token=door.sms.last_token, now=door.now).sender == ""
