import re
from datetime import timedelta

from portal.store import accounts, debtors, re_ages
from tests import build
from tests.actions.life.living import a_living


def refs(text):
    return re.findall(r"<bdi>(AC-[\w-]+)</bdi></a>", text)


def more(world, count, **changes):
    for _ in range(count):
        build.an_account(
            world.work, creditor_id=world.lender.creditor_id, debtor_id=world.debtor_id, **changes
        )


def test_pages_hold_still_while_accounts_come_in(world, desk):
    more(world, 70)
    console = desk("agent")
    first = console.text("/lender/accounts")
    later = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    before = refs(console.text(later))
    more(world, 3)
    after = refs(console.text(later))
    assert len(refs(first)) == 50
    assert after[: len(before)] == before
    assert not set(refs(first)) & set(after)
    assert len(before) == 21


def test_people_are_found_by_reference_name_and_phone_and_stay_closed(world, desk):
    other = build.a_debtor(world.work, full_name="Somchai Jaidee", phone="+12015550111")
    build.an_account(
        world.work, creditor_id=world.lender.creditor_id, debtor_id=other, account_ref="ZZ-1", days_past_due=0
    )
    console = desk("agent")
    for words in ("ZZ", "ZZ-1", "somchai", "Jaidee Somchai", "(201) 555-0111", "+1 201 555 0111"):
        text = console.text(f"/lender/accounts?q={words.replace('+', '%2B')}")
        assert "ZZ-1" in text, words
        assert world.account.account_ref not in text, words
        assert "Somchai" not in text.replace('value="somchai"', "").replace('value="Jaidee Somchai"', "")
    assert "No account fits" in console.text("/lender/accounts?q=nobody")
    assert "No account fits" in console.text("/lender/accounts?q=%25")


def test_filters(world, desk):
    build.an_account(
        world.work,
        creditor_id=world.lender.creditor_id,
        debtor_id=world.debtor_id,
        account_ref="NOT-LATE",
        days_past_due=0,
    )
    console = desk("agent")
    assert "NOT-LATE" not in console.text("/lender/accounts?only=past_due")
    assert "No account fits" in console.text("/lender/accounts?only=held")
    assert "No account fits" in console.text("/lender/accounts?only=plan")
    with world.work.begin() as tx:
        accounts.save_hold(tx, account_id=world.account_id, kind="adviser", now=world.now)
    assert world.account.account_ref in console.text("/lender/accounts?only=held")
    assert "NOT-LATE" in console.text(f"/lender/accounts?creditor={world.lender.creditor_id}")
    assert console.get("/lender/accounts?only=x&creditor=y&after=z").status_code == 200


def test_the_person_opens_with_a_reason_for_ten_minutes(world, desk, clock):
    path = f"/lender/accounts/{world.account_id}"
    console = desk("agent")
    with world.work.read() as tx:
        person = debtors.load_person(tx, debtor_id=world.debtor_id)
    assert person.full_name not in console.text(path)
    assert console.post(f"{path}/reveal", look__why="curious").status_code == 422
    assert console.post(f"{path}/reveal", look__why="call_back").status_code == 303
    text = console.text(path)
    assert person.full_name in text
    assert person.phone in text
    told = [row for row in build.events_of(world.work) if row.type == "data.revealed"]
    assert [row.payload["reason"] for row in told] == ["call_back"]
    clock.move(timedelta(minutes=11))
    assert person.full_name not in console.text(path)


def test_holds_releases_and_recalls(world, desk):
    path = f"/lender/accounts/{world.account_id}"
    console = desk("supervisor")
    day = (world.now + timedelta(days=30)).date().isoformat()
    assert console.post(f"{path}/hold", hold__cause="adviser", hold__until=day).status_code == 303
    assert "An adviser is helping" in console.text(path)
    past = console.post(f"{path}/hold", hold__cause="dispute", hold__until="2020-01-01")
    assert "Choose a day after today" in past.get_data(as_text=True)
    odd = console.post(f"{path}/hold", hold__cause="dispute", hold__until="soon")
    assert (odd.status_code, 'value="soon"' in odd.get_data(as_text=True)) == (422, True)
    assert console.post(f"{path}/release", cause="adviser").location.endswith("done=released")
    assert console.post(f"{path}/release", cause="mood").status_code == 400
    world.dispute()
    refused = console.post(f"{path}/recall", recall__why="sold")
    assert "Something is disputed. Tick this" in refused.get_data(as_text=True)
    assert console.post(f"{path}/recall", recall__why="sold", recall__is_forced="1").status_code == 303
    assert "Recalled" in console.text(path)


def test_adjustments(world, desk):
    path = f"/lender/accounts/{world.account_id}"
    console = desk("owner")
    values = {"adjust__part": "fees", "adjust__direction": "less", "adjust__why": "fee_waived"}
    for amount in ("", "0", "-5", "lots", "1e9", "999999"):
        response = console.post(f"{path}/adjust", adjust__amount=amount, **values)
        assert response.status_code == 422, amount
    assert console.post(f"{path}/adjust", adjust__amount="10.00", **values).status_code == 303
    with world.work.read() as tx:
        assert accounts.find_account(tx, account_id=world.account_id).fees_minor == 2_000


def test_a_link_waits_for_the_hours_of_contact(world, desk):
    path = f"/lender/accounts/{world.account_id}"
    console = desk("agent")
    assert console.post(f"{path}/link").location.endswith("done=link-queued")
    assert "waits until the rules of contact" in console.text(f"{path}?done=link-queued")


def test_the_timeline_is_read_page_by_page(world, desk):
    path = f"/lender/accounts/{world.account_id}"
    console = desk("agent")
    for _ in range(30):
        console.post(f"{path}/hold", hold__cause="adviser")
        console.post(f"{path}/release", cause="adviser")
    text = console.text(f"{path}/events")
    ids = re.findall(r"evt_[0-9a-f-]{36}", text)
    more_path = re.search(r'rel="prev" href="([^"]+)"', text)[1]
    older = re.findall(r"evt_[0-9a-f-]{36}", console.text(more_path))
    assert len(ids) == 50
    assert ids == sorted(ids, reverse=True)
    assert len(older) == 10
    assert max(older) < min(ids)


def test_a_re_age_is_shown_and_taken_back_by_who_keeps_the_balance(world, desk):
    plan = a_living(world.work, world.lender, family="restructure")
    now = plan.after(plan.rows[0])
    with world.work.begin() as tx:
        re_ages.save_re_age(
            tx,
            account_id=plan.chain.account_id,
            agreement_id=plan.agreement_id,
            delinquent_since=plan.chain.account().delinquent_since,
            now=now - timedelta(days=90),
        )
    path = f"/lender/accounts/{plan.chain.account_id}"
    assert "Counted as up to date since" in desk("agent").text(path)
    assert "Count it as late again" not in desk("agent").text(path)
    keeper = desk("supervisor")
    assert "Nothing is past due" in keeper.text(path)
    assert "re_age_undone" in keeper.post(f"{path}/re-age/undo").location
    assert "days past due" in keeper.text(path)
    assert "re_age_none" in keeper.post(f"{path}/re-age/undo").location
