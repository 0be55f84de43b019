"""Letters at the desk: issued, read by who may, the letterhead kept, and checked by anybody."""

from portal.actions.letters.print_letter import print_letter
from portal.store import lenders, letters
from tests.fakes import PressFake


def path_of(world):
    return f"/lender/accounts/{world.account_id}"


def newest(world):
    with world.work.read() as tx:
        return letters.list_letters(tx, account_id=world.account_id)[0]


def settings_of(world):
    with world.work.read() as tx:
        return lenders.find_lender(tx, lender_id=world.work.lender_id).settings


def issue(console, world, kind, **more):
    return console.post(f"{path_of(world)}/letters", page=path_of(world), kind=kind, **more)


def test_an_agent_issues_and_a_supervisor_reads(world, desk):
    done = issue(desk("agent"), world, "statement")
    assert (done.status_code, "done=letter-issued" in done.headers["Location"]) == (303, True)
    letter = newest(world)
    supervisor = desk("supervisor")
    assert "Statement of your account" in supervisor.text(path_of(world))
    assert "Maria Lopez" in supervisor.text(f"{path_of(world)}/letters/{letter.letter_ref}")
    pdf = f"{path_of(world)}/letters/{letter.letter_ref}/letter.pdf"
    assert supervisor.client.get(pdf).status_code == 404
    print_letter(world.work, letter_ref=letter.letter_ref, press=PressFake(), now=world.now)
    assert supervisor.client.get(pdf).mimetype == "application/pdf"
    assert supervisor.client.get(f"{path_of(world)}/letters/ltr_0").status_code == 404


def test_an_agent_opens_the_person_before_a_letter_that_names_them(world, desk):
    agent = desk("agent")
    issue(agent, world, "statement")
    shown = agent.client.get(f"{path_of(world)}/letters/{newest(world).letter_ref}")
    assert shown.status_code == 303
    assert "Maria" not in agent.text(shown.headers["Location"])


def test_what_cannot_be_made_is_said(world, desk):
    agent = desk("agent")
    refused = {"validation_notice": "not_here", "settled": "not_yet", "receipt": "unknown"}
    for kind, code in refused.items():
        assert f"done=letter-{code}" in issue(agent, world, kind).headers["Location"]


def test_the_letterhead_is_kept_and_makes_the_notice(world, desk):
    owner = desk("owner")
    done = owner.post(
        "/lender/letterhead",
        name="Northwind Ltd",
        address="12 Harbor Street\nLondon",
        collects_for_others="1",
        **{"name-0": "Tamarind Bank", "address-0": "Ring 1\nBerlin"},
    )
    assert done.status_code == 303
    kept = settings_of(world)["letterhead"]
    assert (kept["address"], kept["collects_for_others"]) == (["12 Harbor Street", "London"], True)
    assert kept["creditors"]["tamarind"] == {"name": "Tamarind Bank", "address": ["Ring 1", "Berlin"]}
    assert "Northwind Ltd" in owner.text("/lender/letterhead")
    assert "letter-issued" in issue(owner, world, "validation_notice").headers["Location"]


def test_too_long_an_address_is_explained_and_an_agent_changes_nothing(world, desk):
    done = desk("owner").post("/lender/letterhead", name="N", address="x" * 1_001)
    assert done.status_code == 422
    assert desk("agent").client.get("/lender/letterhead").status_code == 403
    assert "letterhead" not in settings_of(world)
