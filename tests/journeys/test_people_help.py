"""People on the other side: an agent answers, a counselor proposes, a school confirms, a webhook goes out again."""

import secrets

from portal.actions.cases.propose_plan import propose_plan
from portal.cli.demo_guests import COUNSELOR, TRAINER
from portal.core.negotiation.ask import Ask
from portal.store import handoffs


def asks_until_a_person_looks(holder):
    """More asks than the rules answer by themselves."""
    for _ in range(6):
        propose_plan(
            holder.rig.work,
            account_id=holder.account_id,
            debtor_id=holder.debtor_id,
            ask=Ask(pay_minor=1_500),
            words="My hours were cut",
            form_token=secrets.token_urlsafe(24),
            today=holder.rig.now().date(),
            now=holder.rig.now(),
        )


def case_of(holder):
    """The question that waits for a person; other stories of this house leave theirs in the same queue."""
    with holder.rig.work.read() as tx:
        return handoffs.list_handoffs_of(tx, debtor_id=holder.debtor_id)[0].handoff_id


def test_an_agent_answers_a_case_and_the_debtor_takes_the_offer(phone, person, desk):
    maria = person()
    asks_until_a_person_looks(maria)
    maria.hears("case.handed_off")
    agent = desk("lender", "agent@northwind.example").go("/lender/cases")
    agent.go(f"/lender/cases/{case_of(maria)}")
    assert "My hours were cut" in agent.words
    agent.fill("#pay", "30").page.locator("#counter button[hx-get]").click()
    agent.page.wait_for_selector("button[name=do][value=counter]")
    agent.fill("#words", "We found a plan for you.").press("button[name=do][value=counter]")
    (answered,) = maria.hears("case.answered")
    assert answered["data"]["actor"]["kind"] == "staff"
    maria.gets_a_text()
    hand = phone(maria)
    hand.comes_in().go("/me/answers").fits()
    hand.sees("We found a plan for you.")
    hand.tap("main a[href^='/me/offers/']").fits()
    hand.tap("form[action$='/agreement'] button.btn").goes_on_to_sign().signs()
    maria.hears("agreement.signed")


def test_a_counselor_proposes_and_the_debtor_signs(phone, person, desk):
    maria = person()
    maria.gets_a_text()
    hand = phone(maria)
    hand.comes_in().go("/me/helpers/new").fits()
    for scope in hand.page.locator("input[name=scope]").all():
        scope.check()
    hand.fill_days("90").tap("form[action='/me/helpers/new'] button.btn").fits()
    code = hand.page.locator("main strong").first.inner_text()
    robin = desk("counselor", COUNSELOR).go("/counselor/add")
    robin.fill("#code", code).press("form[action='/counselor/add'] button.btn")
    robin.go(robin.address_of(r"/accounts/[0-9a-f-]+/propose$"))
    robin.fill("#amount", "90").press("button[name=move][value=propose]")
    (proposed,) = maria.hears("counselor.proposed")
    assert proposed["data"]["actor"]["kind"] == "counselor"
    assert robin.page.locator("form[action$='/sign']").count() == 0
    hand.go("/me/helpers").fits()
    hand.tap("main a[href^='/me/offers/']").fits()
    hand.tap("form[action$='/agreement'] button.btn").goes_on_to_sign().signs()
    maria.hears("agreement.signed")
    hand.go("/me/helpers").tap("form[action$='/stop'] button").fits()
    hand.sees("Ended before")
    assert robin.page.goto(robin.page.url).status == 404


def test_a_school_confirms_a_step_and_the_plan_gets_lower(phone, person, desk, rig):
    maria = person()
    maria.gets_a_text()
    hand = phone(maria)
    hand.comes_in().wants_to_spread().looks_at("skills").takes_this_plan().goes_on_to_sign().signs()
    (signed,) = maria.hears("agreement.signed")
    hand.go(f"{maria.account}/course").fits()
    code = hand.page.locator("#code-t ~ p strong").first.inner_text().replace(" ", "")
    sam = desk("trainer", TRAINER).go(f"/trainer/learners/{code}")
    for hidden in ("Tamarind", "Maria", "$"):
        assert hidden not in sam.words
    sam.press("form[action$='/steps/enrolled'] button.btn")
    verified, _ = maria.hears("training.milestone_verified", "training.reward_vested")
    assert verified["data"]["actor"]["kind"] == "provider"
    hand.go(f"{maria.account}/course").fits()
    assert "off so far" in hand.heading
    assert signed["data"]["agreement"]["terms"]["milestones"] >= 3


def test_a_signed_call_of_the_school_confirms_too(phone, person, rig):
    maria = person()
    maria.gets_a_text()
    hand = phone(maria)
    hand.comes_in().wants_to_spread().looks_at("skills").takes_this_plan().goes_on_to_sign().signs()
    hand.go(f"{maria.account}/course")
    code = hand.page.locator("#code-t ~ p strong").first.inner_text().replace(" ", "")
    hand.page.goto(rig.urls["training"])
    hand.type("#code", code).tap("form:has(#code) button.btn")
    hand.tap(f"section:has-text('{code}') button[value=enrolled]")
    maria.hears("training.milestone_verified")


def test_a_delivery_goes_out_again_from_the_console(person, desk, rig):
    maria = person()
    maria.gets_a_text()
    asks_until_a_person_looks(maria)
    maria.hears("case.handed_off")
    owner = desk("lender", "owner@northwind.example").go("/lender/webhooks")
    owner.go(owner.address_of(r"^/lender/webhooks/[0-9a-f-]{36}$"))
    owner.go(owner.page.url.removeprefix(rig.web) + f"?account={maria.account_ref}&state=delivered")
    before = rig.ask("case_system", "/_control/state")["duplicates"]
    owner.page.locator("input[name=event]").first.check()
    owner.press("form#again button")
    for _ in range(100):
        if rig.ask("case_system", "/_control/state")["duplicates"] > before:
            break
        owner.page.wait_for_timeout(100)
    state = rig.ask("case_system", "/_control/state")
    assert state["duplicates"] > before
    assert state["refused"] == 0
