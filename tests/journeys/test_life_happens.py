"""What happens when a plan does not fit, the message is for somebody else, or the link has run out."""

from datetime import timedelta

from sqlalchemy import update

from portal.store.tables.identity import links


def comes_to_the_account(phone, person):
    maria = person()
    maria.gets_a_text()
    hand = phone(maria)
    hand.comes_in()
    return maria, hand


def test_maria_asks_for_less_gets_the_nearest_plan_and_signs_it(phone, person):
    maria, hand = comes_to_the_account(phone, person)
    hand.wants_to_spread().tap("main a[href$='/ask']").fits()
    hand.touch("#amount").type("#amount", "10").tap("form[action$='/ask'] button.btn").fits()
    assert "nearest" in hand.heading
    asked, countered = maria.hears("ask.made", "offer.countered")
    assert countered["data"]["sequence"] > asked["data"]["sequence"]
    hand.tap("main a[href^='/me/offers/']").fits()
    hand.tap("form[action$='/agreement'] button.btn").goes_on_to_sign().signs()
    assert hand.heading == "Thank you. Your plan is signed."
    maria.hears("agreement.signed")


def test_maria_asks_for_far_less_and_is_never_at_a_dead_end(phone, person):
    maria, hand = comes_to_the_account(phone, person)
    hand.wants_to_spread().tap("main a[href$='/ask']")
    hand.touch("#amount").type("#amount", "1").tap("form[action$='/ask'] button.btn").fits()
    maria.hears("ask.made")
    assert hand.page.locator("main a[href^='/me/offers/']").count() >= 1
    hand.tap("main a[href$='/talk']").fits()
    hand.type("#words", "I can pay again when I have work.").tap("form[action$='/talk'] button.btn").fits()
    maria.hears("case.handed_off")


def test_maria_loses_her_job_and_pauses(phone, person):
    maria, hand = comes_to_the_account(phone, person)
    hand.tap("#help a[href='/cannot-pay']").fits()
    hand.tap("main form[action$='/pause'] button").fits()
    assert hand.heading.startswith("Paused until")
    maria.hears("pause.started")


def test_the_amount_is_wrong_and_messages_stop(phone, person):
    maria, hand = comes_to_the_account(phone, person)
    hand.tap("main a[href$='/wrong']").fits()
    hand.touch("label.choice >> nth=0").type("#words", "I paid this in March.")
    hand.tap("form[action$='/wrong'] button.btn").fits()
    assert hand.heading == "Thank you. We look into it."
    maria.hears("dispute.opened")


def test_the_message_is_for_somebody_else(phone, person, rig):
    maria = person()
    link = maria.gets_a_text()
    hand = phone(maria)
    hand.opens_messages().follows_the_link()
    assert maria.full_name.split()[0] not in hand.words
    hand.tap("main form button[name=not_me]").fits()
    assert hand.path == "/thank-you"
    assert hand.page.goto(link).status == 404
    hand.fits()


def test_the_link_has_run_out_and_a_new_one_comes(phone, person, rig):
    maria = person()
    link = maria.gets_a_text()
    with rig.work.begin() as tx:
        tx.execute(
            update(links)
            .where(links.c.lender_id == tx.lender_id, links.c.debtor_id == maria.debtor_id)
            .values(expires_at=rig.now() - timedelta(minutes=1))
        )
    hand = phone(maria)
    hand.opens_messages().follows_the_link()
    assert hand.heading == "This link is no longer active"
    hand.tap("main form button").fits()
    assert hand.path == "/link-sent"
    fresh = maria.link_in(rig.text(maria.phone, after=1))
    assert fresh != link
    hand.comes_in()
    assert "Today you owe" in hand.heading
