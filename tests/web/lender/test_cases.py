import re

from portal.store import complaints, disputes, handoffs, offers
from tests import build
from tests.web.lender.world import ASK, LATER


def plan_ids(text):
    return {
        name: re.search(rf'name="{name}" value="(\w+)"', text) for name in ("accept_plan", "counter_plan")
    }


def case_of(world, handoff):
    with world.work.read() as tx:
        return handoffs.find_handoff(tx, handoff_id=handoff.handoff_id)


def test_the_queue_goes_by_the_promised_time_and_flags_what_is_late(world, desk, clock):
    world.hand_off()
    console = desk("agent")
    assert "Waiting" in console.text("/lender/cases")
    clock.move(LATER)
    console = desk("agent")
    world.now = clock.now()
    console = world.sign_in(console.client, "agent")
    assert "Late" in console.text("/lender/cases")
    assert "Late" in console.text("/lender/")


def test_one_page_says_all_that_an_answer_needs(world, desk):
    handoff = world.hand_off(ask=ASK, words="I lost hours")
    text = desk("agent").text(f"/lender/cases/{handoff.handoff_id}")
    assert "I lost hours" in text
    assert "$15.00" in text
    assert "$1,416.40" in text
    assert all(plan_ids(text).values()) or plan_ids(text)["accept_plan"]


def test_accepting_makes_a_firm_offer(world, desk):
    handoff = world.hand_off(ask=ASK)
    path = f"/lender/cases/{handoff.handoff_id}"
    console = desk("agent")
    found = plan_ids(console.text(path))["accept_plan"][1]
    done = console.post(f"{path}/answer", do="accept", reason="within_authority", accept_plan=found)
    assert done.location.endswith("done=answered")
    answer = case_of(world, handoff).answer
    with world.work.read() as tx:
        assert offers.find_offer(tx, offer_ref=answer["offer"]).plan_id == found
    assert "Accepted what was asked" in console.text(path)
    again = console.post(f"{path}/answer", do="accept", reason="within_authority", accept_plan=found)
    assert "Somebody answered this case" in again.get_data(as_text=True)


def test_another_payment_is_looked_for_and_offered(world, desk):
    handoff = world.hand_off(ask=ASK)
    path = f"/lender/cases/{handoff.handoff_id}"
    console = desk("supervisor")
    text = console.text(f"{path}?pay=90.00")
    found = plan_ids(text)["counter_plan"][1]
    assert 'value="90.00"' in text
    fragment = console.get(f"{path}?pay=90.00", headers={"HX-Request": "true"}).get_data(as_text=True)
    assert fragment.strip().startswith('<section class="panel" id="counter"')
    other = console.post(f"{path}/answer", do="counter", reason="goodwill", counter_plan="abc", pay="90.00")
    assert "The plan is another one by now" in other.get_data(as_text=True)
    done = console.post(f"{path}/answer", do="counter", reason="goodwill", counter_plan=found, pay="90.00")
    assert done.status_code == 303
    assert case_of(world, handoff).answer["kind"] == "counter"


def test_a_no_and_a_question_need_words_and_keep_what_was_typed(world, desk):
    handoff = world.hand_off(ask=ASK)
    path = f"/lender/cases/{handoff.handoff_id}"
    console = desk("agent")
    for do in ("decline", "ask_more"):
        refused = console.post(f"{path}/answer", do=do, reason="papers_needed", pay="12")
        page = refused.get_data(as_text=True)
        assert refused.status_code == 422
        assert "Write what the debtor shall read" in page
        assert '<option value="papers_needed" selected>' in page
    done = console.post(f"{path}/answer", do="ask_more", reason="papers_needed", words="Which month?")
    assert done.status_code == 303
    assert "Which month?" in console.text(path)
    assert console.post(f"{path}/answer", do="perhaps", reason="goodwill").status_code == 400


def test_a_late_answer_is_told_as_late(world, desk, clock):
    handoff = world.hand_off()
    clock.move(LATER)
    world.now = clock.now()
    console = desk("agent")
    path = f"/lender/cases/{handoff.handoff_id}"
    done = console.post(f"{path}/answer", do="close", reason="answered_by_phone")
    assert done.location.endswith("done=answered-late")
    (told,) = [row for row in build.events_of(world.work) if row.type == "case.answered"]
    assert told.payload["is_late"] is True


def test_a_dispute_is_answered_in_words(world, desk):
    ref = world.dispute()
    path = f"/lender/inbox/disputes/{ref}"
    console = desk("agent")
    assert "I paid in May" in console.text(path)
    refused = console.post(f"{path}/answer", words="We looked")
    assert "Choose what you found" in refused.get_data(as_text=True)
    assert "We looked" in refused.get_data(as_text=True)
    assert "Write your answer" in console.post(f"{path}/answer", outcome="confirmed").get_data(as_text=True)
    assert console.post(f"{path}/answer", outcome="confirmed", words="We looked").status_code == 303
    assert "We looked" in console.text(path)
    with world.work.read() as tx:
        assert disputes.find_dispute(tx, dispute_ref=ref).state == "closed"
    assert console.post(f"{path}/answer", outcome="confirmed", words="Again").status_code == 422
    assert "Nothing is disputed" in console.text("/lender/inbox")


def test_a_complaint_is_taken_up_and_answered(world, desk):
    ref = world.complaint()
    path = f"/lender/inbox/complaints/{ref}"
    console = desk("supervisor")
    assert console.post(f"{path}/review").location.endswith("done=reviewed")
    assert "Taken up" in console.text("/lender/inbox")
    assert console.post(f"{path}/answer", outcome="upheld", words="Sorry").status_code == 303
    with world.work.read() as tx:
        assert complaints.find_complaint(tx, complaint_ref=ref).state == "answered"


def test_beyond_an_agents_authority_a_colleague_decides_and_the_debtor_sees_that_it_waits(
    world, desk, client
):
    handoff = world.hand_off(ask=ASK)
    path = f"/lender/cases/{handoff.handoff_id}"
    agent = desk("agent")
    text = agent.text(f"{path}?pay=20.00")
    found = re.search(r'name="beyond_plan" value="(\w+)"', text)[1]
    done = agent.post(f"{path}/answer", do="beyond", reason="hardship", pay="20.00", beyond_plan=found)
    assert done.location.endswith("done=answered-waits")
    listed = agent.text("/lender/approvals")
    assert "Yours: somebody else decides" in listed
    assert 'name="decision"' not in listed
    ref = case_of(world, handoff).answer["offer"]
    with world.work.read() as tx:
        offer = offers.find_offer(tx, offer_ref=ref)
    assert "Offers to approve" in agent.text("/lender/")
    other = desk("agent")
    refused = other.post(f"/lender/approvals/{ref}", page="/lender/approvals", decision="approved")
    assert (refused.status_code, offer.approval) == (422, "waiting")
    boss = desk("supervisor")
    decided = boss.post(f"/lender/approvals/{ref}", page="/lender/approvals", decision="approved")
    assert decided.location.endswith("done=offer-approved")
    with world.work.read() as tx:
        assert offers.find_offer(tx, offer_ref=ref).approval == "approved"
