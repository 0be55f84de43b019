"""The validation notice of the US, in the order of Model Form B-1 (12 CFR 1006.34, appendix B), in our own words.

Itemization date: the day of the last payment, else the day of the transaction (1006.34(b)(3)(iii) and (iv)). The
validation period ends 30 days after the notice is taken to be received: five days after it was sent, without
Saturdays, Sundays and public holidays (1006.34(b)(5)). As far as 1006.34(c) was read from a secondary source, a
lawyer has to look at it before use (jurisdiction pack, `first_contact`).
"""

from datetime import date, timedelta
from typing import Any

from portal.core.calendar import is_business_day
from portal.core.letters.blocks import Block, boxes, day, head, money, pairs, points, say, total, words
from portal.core.letters.frame import Frame, compose
from portal.core.letters.itemized import DebtFacts, split
from portal.core.packs.holidays import holidays_of

RECEIVED_AFTER = 5
PERIOD_DAYS = 30
AUTHORITY_SITE = "cfpb.gov/debt-collection"


def received_on(sent_on: date, *, country: str = "US") -> date:
    """Return when a notice is taken to be received: five days later, not counting weekends and public holidays."""
    on, left = sent_on, RECEIVED_AFTER
    while left:
        on += timedelta(days=1)
        left -= is_business_day(on, holidays_of(country, on.year))
    return on


def period_end(sent_on: date) -> date:
    """Return the last day of the validation period of a notice that is sent on a day."""
    return received_on(sent_on) + timedelta(days=PERIOD_DAYS)


def validation_notice(frame: Frame, facts: DebtFacts, *, answer_at: str) -> dict[str, Any]:
    """Return the notice; `answer_at` is the address where a dispute can be told on a screen."""
    until = day(period_end(frame.made_on))
    creditor = words(frame.creditor.brand)
    blocks: list[Block] = [
        say("us_who", sender=words(frame.sender.name), creditor=creditor),
        head("us_information"),
        *_figures(frame, facts),
        head("us_dispute"),
        points(
            say("us_call", day=until),
            say("us_write", day=until),
            say("us_form"),
            say("us_online", address=words(answer_at)),
        ),
        head("us_else"),
        points(
            say("us_original", day=until),
            say("us_learn", address=words(AUTHORITY_SITE)),
            say("us_options"),
        ),
        head("us_reply"),
        boxes(say("us_box_mine"), say("us_box_amount"), say("us_box_other"), say("us_box_original")),
        pairs(("us_reply_to", words(", ".join((frame.sender.name, *frame.sender.address))))),
    ]
    return compose(frame, kind="validation_notice", title="us_title", blocks=blocks)


def _figures(frame: Frame, facts: DebtFacts) -> list[Block]:
    since = split(facts, facts.last_payment_on or facts.opened_on)
    named = "us_last_payment" if facts.last_payment_on else "us_transaction"

    def amount(minor: int) -> Any:
        return money(minor, frame.currency)

    return [
        say("us_account", creditor=words(frame.creditor.brand), account=words(frame.account_ref)),
        total(
            [
                (named, since.on, amount(since.owed)),
                ("us_interest", None, amount(since.interest)),
                ("us_fees", None, amount(since.fees)),
                ("us_paid", None, amount(-since.less)),
            ],
            "us_now",
            amount(facts.balance),
        ),
    ]
