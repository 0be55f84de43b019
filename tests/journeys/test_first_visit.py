"""From a text message to a signed and paid plan, for each kind of plan."""

import pytest


@pytest.mark.parametrize("kind", ["installment", "restructure", "skills"])
def test_somebody_opens_the_text_signs_a_plan_and_pays(phone, person, kind):
    maria = person()
    maria.gets_a_text()
    hand = phone(maria)
    hand.comes_in()
    hand.wants_to_spread()
    if kind != "installment":
        hand.looks_at(kind)
    hand.moves_the_dial()
    hand.takes_this_plan().goes_on_to_sign().signs()
    assert hand.heading == "Thank you. Your plan is signed.", hand.words
    (signed,) = maria.hears("agreement.signed")
    assert signed["data"]["agreement"]["terms"]["family"] == kind, signed
    hand.pays_the_first_installment()
    (paid,) = maria.hears("payment.succeeded")
    assert paid["data"]["payment"]["amount"]["minor"] > 0
    hand.page.reload()
    hand.sees("Thank you")


def test_the_shortest_way_is_short(phone, person):
    maria = person()
    maria.gets_a_text()
    hand = phone(maria)
    hand.comes_in().wants_to_spread().takes_this_plan().goes_on_to_sign()
    screens = list(hand.screens)
    hand.signs()
    maria.hears("agreement.signed")
    assert len(screens) <= 7, screens
    assert hand.taps <= 10
    assert hand.typed <= 30
