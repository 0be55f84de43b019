import pytest

from portal.core.bounds.presets import preset
from portal.store import agreements, cases, payments
from tests import build
from tests.actions.chain import PageGateway
from tests.web.debtor.walk import Walk


@pytest.fixture
def debtor_id(work):
    return build.a_debtor(work)


@pytest.fixture
def account_id(work, lender, debtor_id):
    build.active_bounds(work)
    return build.an_account(work, creditor_id=lender.creditor_id, debtor_id=debtor_id)


@pytest.fixture
def walk(signed_in, debtor_id):
    return Walk(signed_in("debtor", subject_id=debtor_id).client)


@pytest.fixture
def payment_page(app):
    services = app.extensions["portal"]
    gateway = PageGateway()
    app.extensions["portal"] = type(services)(**{**vars(services), "stripe": gateway})
    return gateway


@pytest.mark.parametrize("kind", ["installment", "restructure", "skills"])
def test_from_the_simulator_to_a_signed_plan_and_the_payment_page(
    walk, account_id, work, debtor_id, payment_page, kind
):
    walk.go(f"/me/accounts/{account_id}/plan?kind={kind}")
    assert "You pay $" in walk.text
    assert "In total you pay" in walk.text
    walk.submit(action="/plan", press="/plan/choose")
    assert walk.path.startswith("/me/agreements/")
    assert walk.heading == "Read this first"
    assert "Agreement on a payment plan" in walk.text
    walk.agree_to_records()
    walk.submit(name="Maria Lopez", agreed="1")
    assert walk.heading == "Thank you. Your plan is signed."
    with work.read() as tx:
        (agreement,) = agreements.list_agreements_of(tx, debtor_id=debtor_id)
    assert agreement.state == "active"
    walk.go(f"/me/accounts/{account_id}/pay")
    walk.submit(which="installment")
    assert walk.page.status_code == 303
    assert walk.page.location.startswith("https://pay.example/")
    (asked,) = payment_page.asked
    with work.read() as tx:
        payment = payments.find_payment(tx, payment_id=asked[0])
    walk.go(f"/me/payments/{payment.payment_ref}")
    assert walk.heading == "We are still checking. Please do not pay again."


def test_the_dial_moves_by_its_buttons_its_slider_and_its_box(walk, account_id):
    path = f"/me/accounts/{account_id}/plan"
    walk.go(path + "?kind=installment")
    lowest = walk.tree.find(".//input[@id='amount']").get("value")
    walk.submit(action="/plan", move="5.00")
    raised = walk.tree.find(".//input[@id='amount']").get("value")
    assert float(raised) > float(lowest)
    for _ in range(6):
        before = float(raised)
        walk.submit(action="/plan", move="5.00")
        raised = walk.tree.find(".//input[@id='amount']").get("value")
        assert float(raised) > before, "plus always moves"
    walk.submit(action="/plan", move="-5.00")
    assert float(walk.tree.find(".//input[@id='amount']").get("value")) < float(raised)
    walk.submit(action="/plan", slide="100.00")
    assert 80 <= float(walk.tree.find(".//input[@id='amount']").get("value")) <= 100
    walk.submit(action="/plan", amount="1,20")
    assert walk.page.status_code == 200
    walk.submit(action="/plan", amount="lots")
    assert walk.page.status_code == 422
    assert walk.tree.find(".//input[@id='amount']").get("value") == "lots"
    assert "Choose an amount from" in walk.text


def test_the_page_shows_what_each_payment_costs_in_all(walk, account_id):
    walk.go(f"/me/accounts/{account_id}/plan?kind=installment")
    (curve,) = (one for one in walk.tree.iter("div") if one.get("id") == "curve")
    rows = [[cell.text or "".join(cell.itertext()) for cell in row.iter("td")] for row in curve.iter("tr")]
    totals = [float(row[2].strip("$\u2068\u2069").replace(",", "")) for row in rows if row]
    assert len(totals) >= 3
    assert totals == sorted(totals, reverse=True)
    (picture,) = (one for one in curve.iter() if str(one.tag).endswith("svg"))
    assert picture.get("aria-hidden") == "true"
    assert not [one for one in curve.iter() if one.get("style")]


def test_htmx_gets_the_fragment_and_nothing_is_kept(walk, account_id, work):
    walk.go(f"/me/accounts/{account_id}/plan?kind=installment")
    before = len(build.events_of(work))
    csrf = walk.tree.find(".//input[@name='csrf_token']").get("value")
    answered = walk.client.post(
        f"/me/accounts/{account_id}/plan",
        data={"kind": "installment", "move": "5.00", "csrf_token": csrf},
        headers={"HX-Request": "true"},
    )
    assert answered.get_data(as_text=True).lstrip().startswith('<div id="answer"')
    assert 'id="costs" hx-swap-oob="true"' in answered.get_data(as_text=True)
    assert len(build.events_of(work)) == before


def test_another_rhythm_draws_the_dial_anew_and_keeps_the_amount(walk, account_id):
    walk.go(f"/me/accounts/{account_id}/plan?kind=installment")
    csrf = walk.tree.find(".//input[@name='csrf_token']").get("value")
    scale = walk.tree.find(".//input[@name='scale']").get("value")
    sent = {"kind": "installment", "amount": "100.00", "last": "100.00", "scale": scale, "csrf_token": csrf}

    def answer(**more):
        posted = walk.client.post(
            f"/me/accounts/{account_id}/plan", data={**sent, **more}, headers={"HX-Request": "true"}
        )
        return posted.get_data(as_text=True)

    assert 'id="amount-dial"' not in answer(freq="monthly")
    weekly = answer(freq="weekly")
    assert 'id="amount-dial" hx-swap-oob="true"' in weekly
    assert "Each week I can pay" in weekly


def test_plans_side_by_side_are_firm_and_ordered_by_payment(walk, account_id):
    walk.go(f"/me/accounts/{account_id}/plan?kind=installment")
    walk.submit(action="/offers")
    assert walk.heading == "Your plans, side by side"
    assert walk.text.count("Yours until") >= 2
    assert "recommended" not in walk.text.lower()


def test_asking_for_less_is_answered_at_once_with_the_nearest_plan_and_the_reason(walk, account_id, work):
    walk.go(f"/me/accounts/{account_id}/ask")
    walk.submit(amount="1.00")
    assert walk.path.startswith("/me/asks/")
    assert walk.heading in (
        "Not possible right now. This comes nearest.",
        "A person will look at this for you.",
    )
    types = [row.type for row in build.events_of(work)]
    assert "ask.made" in types


def test_an_ask_inside_the_bounds_is_accepted(walk, account_id):
    walk.go(f"/me/accounts/{account_id}/ask")
    walk.submit(amount="150")
    assert walk.heading == "Yes. That works."


def test_a_budget_is_kept_and_leads_back_to_plans(walk, account_id, work):
    walk.go(f"/me/accounts/{account_id}/budget")
    walk.submit(income="2,400.00", outgoings="2300", cash="50")
    assert walk.page.status_code == 200
    assert "budget.recorded" in [row.type for row in build.events_of(work)]


@pytest.mark.parametrize("kind", ["installment", "restructure", "skills"])
def test_a_budget_that_leaves_little_is_no_dead_end(walk, account_id, kind):
    walk.go(f"/me/accounts/{account_id}/budget")
    walk.submit(income="2,400.00", outgoings="2399", cash="0")
    walk.go(f"/me/accounts/{account_id}/plan?kind={kind}")
    assert walk.page.status_code == 200
    assert "too little for a plan of this kind" in walk.text
    ways = {link.get("href") for link in walk.tree.find(".//main").iter("a")}
    base = f"/me/accounts/{account_id}"
    assert {f"{base}/pause", f"{base}/talk", "/free-help", f"{base}/ask"} <= ways


def test_a_disputed_account_says_that_the_dispute_is_the_reason(walk, account_id):
    walk.go(f"/me/accounts/{account_id}/wrong")
    walk.submit(reason="wrong_amount")
    walk.go(f"/me/accounts/{account_id}/plan?kind=installment")
    assert "You told us that something is not right with this account" in walk.text
    ways = {link.get("href") for link in walk.tree.find(".//main").iter("a")}
    assert f"/me/accounts/{account_id}/wrong" in ways
    assert f"/me/accounts/{account_id}/ask" not in ways


@pytest.mark.parametrize(("amount", "counted"), [("150", 0), ("0", 0), ("1.00", 1)])
def test_only_asks_that_what_is_open_does_not_meet_are_counted(walk, account_id, work, amount, counted):
    walk.go(f"/me/accounts/{account_id}/ask")
    walk.submit(amount=amount)
    assert walk.path.startswith("/me/asks/")
    with work.read() as tx:
        assert cases.find_case_of_account(tx, account_id=account_id).asks_count == counted


@pytest.mark.parametrize(
    "path",
    ["/plan?kind=installment", "/offers", "/ask", "/budget", "/pay"],
)
def test_another_persons_account_does_not_exist(walk, work, lender, path):
    build.active_bounds(work)
    other = build.an_account(work, creditor_id=lender.creditor_id, debtor_id=build.a_debtor(work))
    assert walk.client.get(f"/me/accounts/{other}{path}").status_code == 404


def test_home_shows_the_plan_its_payments_and_papers(walk, account_id, work, debtor_id, payment_page):
    walk.go(f"/me/accounts/{account_id}/plan?kind=installment")
    walk.submit(action="/plan", press="/plan/choose")
    walk.agree_to_records().submit(name="มานี ใจดี", agreed="1")
    walk.go("/me")
    assert walk.path.endswith("/home")
    assert walk.heading.startswith("Your next payment is $")
    assert "0 of" in walk.text
    for path in ("/me/papers", "/me/answers"):
        assert walk.go(path).page.status_code == 200
    walk.go("/me/papers")
    assert "Agreement of" in walk.text


@pytest.mark.parametrize("name", ["", "   "])
def test_a_missing_name_or_tick_keeps_the_page_and_says_what_to_do(walk, account_id, name):
    walk.go(f"/me/accounts/{account_id}/plan?kind=installment")
    walk.submit(action="/plan", press="/plan/choose")
    walk.agree_to_records().submit(name=name)
    assert walk.page.status_code == 422
    assert "Type your name as you would sign it" in walk.text
    assert "Tick the box if you agree" in walk.text


def test_a_kind_without_a_plan_says_why_and_leads_to_what_comes_nearest(work, lender, debtor_id, walk):
    body = preset("USD")
    body["segments"][0]["families"]["skills"]["on"] = False
    build.active_bounds(work, body=body)
    account_id = build.an_account(work, creditor_id=lender.creditor_id, debtor_id=debtor_id)
    walk.go(f"/me/accounts/{account_id}/plan?kind=skills")
    assert "This kind of plan is not open for this account" in walk.text
    assert "What comes nearest" in walk.text
    assert "You pay $" in walk.text
    assert "Look at other plans" in walk.text
