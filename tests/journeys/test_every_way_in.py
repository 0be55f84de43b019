"""The same way with JavaScript off, in Thai with the Buddhist year, and in Arabic from right to left."""


def walks_to_a_paid_plan(hand, holder, *, year=None, kind="installment"):
    hand.comes_in(year=year)
    hand.wants_to_spread()
    if kind != "installment":
        hand.looks_at(kind)
    hand.moves_the_dial()
    hand.takes_this_plan().goes_on_to_sign().signs()
    assert hand.path.endswith("/done"), hand.words
    holder.hears("agreement.signed")
    hand.pays_the_first_installment()
    holder.hears("payment.succeeded")


def test_javascript_is_off(phone, person):
    maria = person()
    maria.gets_a_text()
    hand = phone(maria, scripts=False)
    walks_to_a_paid_plan(hand, maria)
    hand.go(hand.path)
    hand.sees("Thank you")


def test_mani_reads_thai_and_counts_buddhist_years(phone, person, rig):
    mani = person("th")
    mani.gets_a_text()
    hand = phone(mani)
    walks_to_a_paid_plan(hand, mani, year=2529, kind="restructure")
    assert hand.page.locator("html").get_attribute("lang") == "th"
    (signed,) = mani.hears("agreement.signed")
    assert signed["data"]["agreement"]["terms"]["total"]["currency"] == "THB", signed


def test_layla_reads_arabic_from_right_to_left(phone, person):
    layla = person("ar")
    layla.gets_a_text()
    hand = phone(layla)
    walks_to_a_paid_plan(hand, layla, kind="skills")
    assert hand.page.locator("html").get_attribute("dir") == "rtl"
    assert hand.page.locator("html").get_attribute("lang") == "ar"
