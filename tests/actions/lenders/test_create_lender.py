import secrets

from portal.actions.lenders.create_lender import NewCreditor, create_lender
from portal.store import lenders
from tests import build


def create(database, slug):
    brand = NewCreditor(creditor_ref="lotus", brand_name="Lotus Pay", accent="#1b6b4a")
    return create_lender(
        database, slug=slug, name="North", settings={"phone": "1"}, creditors=[brand], now=build.NOW
    )


def test_a_lender_has_its_keys_its_creditors_and_an_event(database):
    slug = f"north-{secrets.token_hex(4)}"
    made = create(database, slug)
    assert made.kind == "created"
    work = database.work(made.lender_id)
    with work.read() as tx:
        assert [one.creditor_id for one in lenders.list_creditors(tx)] == list(made.creditor_ids)
    assert [event.type for event in build.events_of(work)] == ["switch.changed"]
    assert create(database, slug).kind == "slug_taken"
