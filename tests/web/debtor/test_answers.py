"""What a person at the lender answered is read by the one who asked, and by nobody else."""

import pytest

from portal.actions.care.answer_complaint import answer_complaint
from portal.actions.care.answer_dispute import answer_dispute
from portal.actions.cases.answer_case import answer_case
from portal.actions.cases.make_offer import StaffAnswer
from portal.core.actors import staff_actor
from portal.gateways.ids import new_id
from tests import build
from tests.web.lender.world import World

STAFF = staff_actor("stf_1")


@pytest.fixture
def world(work, lender):
    return World(work=work, lender=lender)


def test_words_of_a_case_a_dispute_and_a_complaint(world, work, signed_in):
    common = {"actor": STAFF, "base_url": "https://pay.example", "now": world.now}
    answer_case(
        work,
        handoff_id=world.hand_off().handoff_id,
        answer=StaffAnswer(kind="ask_more", reason="papers_needed", words="Which month do you mean?"),
        role="agent",
        staff_id=new_id(),
        **common,
    )
    answer_dispute(
        work, dispute_ref=world.dispute(), outcome="confirmed", words="We looked at <May>.", **common
    )
    complaint = world.complaint()
    waiting = signed_in("debtor", subject_id=world.debtor_id).client.get("/me/answers").get_data(as_text=True)
    assert "Somebody looks into it" in waiting
    assert "Paused until answered" not in waiting, "a complaint pauses nothing"
    answer_complaint(work, complaint_ref=complaint, outcome="upheld", words="We are sorry.", **common)
    client = signed_in("debtor", subject_id=world.debtor_id).client
    text = client.get("/me/answers").get_data(as_text=True)
    for words in ("Which month do you mean?", "We looked at &lt;May&gt;.", "We are sorry."):
        assert words in text
    other = signed_in("debtor", subject_id=build.a_debtor(work)).client
    assert "We are sorry." not in other.get("/me/answers").get_data(as_text=True)


def test_a_complaint_is_settled_or_open_again_by_a_tap(world, work, signed_in):
    complaint = world.complaint()
    answer_complaint(
        work, complaint_ref=complaint, outcome="upheld", words="We are sorry.", actor=STAFF,
        base_url="https://pay.example", now=world.now,
    )  # fmt: skip
    visit = signed_in("debtor", subject_id=world.debtor_id)
    page = visit.client.get("/me/answers").get_data(as_text=True)
    assert f'action="/me/complaints/{complaint}"' in page
    csrf = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    done = visit.client.post(f"/me/complaints/{complaint}", data={"csrf_token": csrf, "content": "no"})
    assert done.status_code == 303
    assert "Somebody looks into it" in visit.client.get("/me/answers").get_data(as_text=True)
