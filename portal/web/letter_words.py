"""The names of letters, and what is said of one that does not stand any more."""

from collections.abc import Mapping

from flask_babel import LazyString

from portal.web.language import lazy_gettext as _l

LETTERS: Mapping[str, LazyString] = {
    "receipt": _l("Receipt"),
    "statement": _l("Statement of your account"),
    "payoff_quote": _l("What it takes to pay everything"),
    "paid_in_full": _l("Confirmation that everything is paid"),
    "settled": _l("Confirmation of your settlement"),
    "milestone": _l("Confirmation of a step of your course"),
    "validation_notice": _l("Notice about what you owe"),
    "itemization": _l("What the claim consists of"),
}
STANDINGS: Mapping[str, LazyString] = {
    "superseded": _l("A newer letter about the same has taken its place."),
    "withdrawn": _l("It does not stand any more, because the money went back."),
    "ended": _l("Its time is over. You can ask for a new one."),
}
#: Why a letter cannot be made now.
REASONS: Mapping[str, LazyString] = {
    "not_yet": _l("It can be made when the money has arrived for good."),
    "nothing_owed": _l("Nothing is left to pay, so there is nothing to quote."),
    "not_here": _l("There is no such letter for this account."),
    "incomplete": _l("A part of the letterhead is missing. A person has to fill it in first."),
}
